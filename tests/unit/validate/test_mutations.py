"""Valid modules with a few bytes changed: accepted exactly when wasmtime accepts them."""

import random

from wasmtime import Config, Engine, Module, WasmtimeError

from tests import spec_data
from tests.unit.validate.modules import validate
from wasm2py.errors import Invalid, Malformed, Unsupported
from wasm2py.features import select

MUTANTS = 100
"""For each file of the suite."""

MAX_SIZE = 3000
"""Mutants of large modules take long, and small ones have the same rules."""

OTHER_PROPOSALS = ("legacy/", "proposals/custom-descriptors/")
"""wasmtime does not know these."""

KNOWN = select((), ("custom-descriptors",))
"""Refuses what only we accept."""

CONFUSABLE = bytes.fromhex(
    "000102030405060b0c0d0e1a1b2021225f606364696a6b6c6d6e6f707173747b7c7d7e7fd0d1d2d3d4d5d6fbfcfd"
)
"""Bytes that mean something in many places: types, and frequent opcodes."""


def engine() -> Engine:
    config = Config()
    config.wasm_custom_page_sizes = True
    config.wasm_exceptions = True
    config.wasm_function_references = True
    config.wasm_gc = True
    config.wasm_memory64 = True
    config.wasm_multi_memory = True
    config.wasm_relaxed_simd = True
    config.wasm_tail_call = True
    config.wasm_threads = True
    config.wasm_wide_arithmetic = True
    return Engine(config)


def mutant(module: bytes, choose: random.Random) -> bytes:
    """A copy with one to three bytes changed or swapped, behind the preamble."""
    copy = bytearray(module)
    for _ in range(choose.choice((1, 1, 1, 2, 3))):
        place, other = (choose.randrange(8, len(copy)) for _ in range(2))
        how = choose.choice(("confusable", "any", "step", "swap"))
        if how == "confusable":
            copy[place] = choose.choice(CONFUSABLE)
        elif how == "any":
            copy[place] = choose.randrange(256)
        elif how == "step":
            copy[place] = (copy[place] + choose.choice((-1, 1))) & 0xFF
        else:
            copy[place], copy[other] = copy[other], copy[place]
    return bytes(copy)


def we_accept(module: bytes) -> bool | None:
    """Our verdict; ``None`` for proposals that are wasmtime's business, or ours, alone."""
    try:
        validate(module, KNOWN)
    except Unsupported:
        return None
    except (Malformed, Invalid):
        return False
    return True


def wasmtime_accepts(oracle: Engine, module: bytes) -> bool:
    try:
        Module.validate(oracle, module)
    except WasmtimeError:
        return False
    return True


@spec_data.each_file(only=lambda name: not name.startswith(OTHER_PROPOSALS))
def test_mutants_of(name: str) -> None:
    choose = random.Random(name)
    oracle = engine()
    originals = [
        module
        for command in spec_data.load(name)
        if command["type"] == "module" and spec_data.has_wasm(command)
        if 8 < len(module := spec_data.wasm_bytes(command)) <= MAX_SIZE
    ]
    if not originals:
        return
    for original in originals:
        assert wasmtime_accepts(oracle, original)
    for _ in range(MUTANTS):
        module = mutant(choose.choice(originals), choose)
        verdict = we_accept(module)
        assert verdict is None or verdict is wasmtime_accepts(oracle, module), module.hex()
