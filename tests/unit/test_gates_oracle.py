"""What wasmtime refuses without a proposal, we refuse without it: the valid modules of the official suite.

The reverse does not hold: wasmtime looks at what a module means, and lets some forms pass that a proposal introduced.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests import spec_data
from wasm2py.decode import decode_body, decode_module
from wasm2py.errors import ModuleError
from wasm2py.features import Gate, select
from wasm2py.validate import validate_function, validate_module

wasmtime = pytest.importorskip("wasmtime", reason="wasmtime is not installed")

SWITCHES = {
    "multi-value": ("multi_value",),
    "bulk-memory": ("bulk_memory",),
    "simd": ("simd", "relaxed_simd"),
    "multi-memory": ("multi_memory",),
    "tail-call": ("tail_call",),
    "memory64": ("memory64",),
    "relaxed-simd": ("relaxed_simd",),
    "gc": ("gc",),
    "exceptions": ("exceptions",),
    "threads": ("threads",),
    "wide-arithmetic": ("wide_arithmetic",),
    "custom-page-sizes": ("custom_page_sizes",),
}
"""Attributes of wasmtime's configuration, without ``wasm_``, that switch a proposal and what builds upon it."""


def engine(*without: str) -> Any:
    config = wasmtime.Config()
    for name in {name for names in SWITCHES.values() for name in names}:
        if not hasattr(wasmtime.Config, f"wasm_{name}"):
            pytest.skip(f"this wasmtime has no switch for {name}")
        setattr(config, f"wasm_{name}", name not in without)
    for name in dir(wasmtime.Config):
        if name.startswith("wasm_component_model"):
            setattr(config, name, False)  # it needs some of the proposals
    return wasmtime.Engine(config)


def wasmtime_accepts(engine: Any, data: bytes) -> bool:
    try:
        wasmtime.Module.validate(engine, data)
    except wasmtime.WasmtimeError:
        return False
    return True


def we_accept(data: bytes, gate: Gate) -> bool:
    try:
        module = decode_module(data, gate)
        context = validate_module(module, gate)
        for index in range(len(module.codes)):
            validate_function(context, index, decode_body(module, index, gate))
    except ModuleError:
        return False
    return True


@cache
def modules() -> list[bytes]:
    """The suite's modules that wasmtime accepts with everything switched on."""
    everything = engine()
    found = {
        spec_data.wasm_bytes(command): None
        for name in spec_data.file_names()
        for command in spec_data.load(name)
        if command["type"] in ("module", "module_definition") and spec_data.has_wasm(command)
    }
    return [data for data in found if wasmtime_accepts(everything, data)]


@pytest.mark.skipif(spec_data.spec_dir() is None, reason=spec_data.MISSING)
@pytest.mark.parametrize("feature", SWITCHES)
def test_we_refuse_what_wasmtime_refuses(feature: str) -> None:
    without, gate = engine(*SWITCHES[feature]), select((), (feature,))
    refused = [data for data in modules() if not wasmtime_accepts(without, data)]
    assert refused
    assert not [data for data in refused if we_accept(data, gate)]
