"""Addresses of 64 bits: whatever the address, an access does what it does on wasmtime."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from wasmtime import Engine, Instance, Store, TrapCode
from wasmtime import Module as WasmtimeModule
from wasmtime import Trap as WasmtimeTrap

from runtime_support import Trap
from tests.transpiled import code_of
from tests.unit.validate.modules import encode
from wasm2py.options import Options

BINARY = encode("""(module
  (memory i64 1 3)
  (table $t i64 4 funcref)
  (type $v (func (result i32)))
  (func $seven (result i32) i32.const 7)
  (elem (table $t) (i64.const 1) func $seven)
  (func (export "byte") (param i64) (result i32) (i32.load8_u (local.get 0)))
  (func (export "byte at a large offset") (param i64) (result i32)
    (i32.load8_u offset=0xffffffffffffffff (local.get 0)))
  (func (export "word") (param i64) (result i32) (i32.load (local.get 0)))
  (func (export "word at a large offset") (param i64) (result i32)
    (i32.load offset=0xfffffffffffffff0 (local.get 0)))
  (func (export "aligned") (param i64) (result i64) (i64.load (i64.and (local.get 0) (i64.const -8))))
  (func (export "sum") (param i64) (result i64) (i64.load8_u (i64.add (local.get 0) (i64.const 0x8000000000000000))))
  (func (export "items") (param i64) (result i64)
    (i64.load (i64.add (i64.shl (local.get 0) (i64.const 3)) (i64.const 0xfffffffffffffff8))))
  (func (export "f32") (param i64) (result f32) (f32.load (local.get 0)))
  (func (export "store") (param i64) (i32.store (local.get 0) (i32.const 5)))
  (func (export "store byte") (param i64) (i32.store8 (local.get 0) (i32.const 5)))
  (func (export "fill") (param i64) (memory.fill (local.get 0) (i32.const 1) (i64.const 3)))
  (func (export "fill much") (param i64) (memory.fill (i64.const 1) (i32.const 1) (local.get 0)))
  (func (export "copy") (param i64) (memory.copy (i64.const 1) (local.get 0) (i64.const 3)))
  (func (export "copy much") (param i64) (memory.copy (i64.const 1) (i64.const 1) (local.get 0)))
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "size") (param i64) (result i64) (memory.size))
  (func (export "call") (param i64) (result i32) (call_indirect $t (type $v) (local.get 0)))
)""")

EXPORTS = [
    *("byte", "byte at a large offset", "word", "word at a large offset", "aligned", "sum", "items", "f32"),
    *("store", "store byte", "fill", "fill much", "copy", "copy much", "grow", "size", "call"),
]

ADDRESSES = [0, 1, 8, 16, 65528, 65533, 65536, 2**31, 2**32, 2**32 + 8, 2**61, 2**62 + 8, 2**63 - 1]
ADDRESSES += [2**63, 2**63 + 8, 2**64 - 8, 2**64 - 1]

CODES = {
    TrapCode.MEMORY_OUT_OF_BOUNDS: "out of bounds memory access",
    TrapCode.TABLE_OUT_OF_BOUNDS: "undefined element",
    TrapCode.INDIRECT_CALL_TO_NULL: "uninitialized element",
}


def calls() -> Iterator[tuple[str, int]]:
    for name in EXPORTS:
        for address in ADDRESSES:
            yield name, address


@cache
def expected() -> list[Any]:
    store = Store(Engine())
    exports = Instance(store, WasmtimeModule(store.engine, BINARY), []).exports(store)
    results: list[Any] = []
    for name, address in calls():
        try:
            results.append(exports[name](store, address if address < 2**63 else address - 2**64))  # type: ignore[operator]  # all of these are functions
        except WasmtimeTrap as trap:
            results.append(CODES[trap.trap_code])  # type: ignore[index]  # every trap of these has a code
    return results


@pytest.mark.parametrize("target", ["auto", "pypy"])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_every_address(level: int, target: str) -> None:
    namespace: dict[str, Any] = {"__name__": "memory64"}
    exec(code_of(BINARY, Options(optimise=level, target=target, format="none")), namespace)
    exports = namespace["instantiate"]().exports
    for (name, address), result in zip(calls(), expected(), strict=True):
        try:
            given = exports[name](address)
        except Trap as trap:
            given = trap.code
        assert (name, address, given) == (name, address, result)
