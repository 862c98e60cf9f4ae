"""Whole modules through decoder and validator, from bytes or from the text format by wasmtime's encoder."""

from __future__ import annotations

from wasmtime import wat2wasm

from wasm2py.decode import decode_body, decode_module
from wasm2py.features import OPEN, Gate
from wasm2py.validate import Context, validate_function, validate_module


def validate(binary: bytes, gate: Gate = OPEN) -> Context:
    """Decode and validate a module with all its bodies."""
    module = decode_module(binary, gate)
    context = validate_module(module, gate)
    for index in range(len(module.codes)):
        validate_function(context, index, decode_body(module, index, gate))
    return context


def encode(text: str) -> bytes:
    """The binary of a module in the text format; the encoder does not validate."""
    return bytes(wat2wasm(text))
