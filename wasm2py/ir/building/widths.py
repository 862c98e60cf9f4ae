"""The widths of types, as the builder's layers take them."""

from __future__ import annotations

from wasm2py.wasm.types import I32, I64, NumType, ValType


def bits_of(type_: ValType) -> int:
    """Width of a number type."""
    assert isinstance(type_, NumType)
    return type_.bits


def int_type(bits: int) -> NumType:
    """The integer type of a width."""
    return I32 if bits == 32 else I64
