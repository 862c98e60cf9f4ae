"""Memories with pages of one byte against wasmtime: accesses of every width at the end, and growth byte by byte."""

from __future__ import annotations

from functools import cache

import pytest

from runtime_support import LinkError, Memory
from tests.unit.ir.oracle import Generated, Native, binary
from wasm2py.options import Options

VARIANTS = [(level, target) for level in (0, 1, 2) for target in ("auto", "pypy")]
LOADS = ["i32.load8_u", "i32.load16_s", "i32.load", "i64.load", "i64.load32_u", "f32.load", "f64.load"]
STORES = {"i32.store8": "i32", "i32.store16": "i32", "i32.store": "i32", "i64.store": "i64"}


@cache
def module(memory: str, address: str) -> bytes:
    functions = [
        f'(func (export "{op}") (param {address}) (result {op[:3]}) ({op} (local.get 0)))'
        f'(func (export "aligned {op}") (param {address}) (result {op[:3]})'
        f"  ({op} ({address}.and (local.get 0) ({address}.const -8))))"
        for op in LOADS
    ]
    functions += [
        f'(func (export "{op}") (param {address}) ({op} offset=3 (local.get 0) ({type_}.const 0x11223344)))'
        for op, type_ in STORES.items()
    ]
    return binary(f"""(module (memory (export "memory") {memory} (pagesize 1)) (data ({address}.const 1) "abcdefgh")
        (func (export "grow") (param {address}) (result {address}) (memory.grow (local.get 0)))
        (func (export "size") (param {address}) (result {address}) (memory.size))
        (func (export "fill") (param {address})
            (memory.fill (local.get 0) (i32.const 7) ({address}.const 4)))
        (func (export "vector") (param {address}) (result i64)
            (i64x2.extract_lane 1 (v128.load (local.get 0))))
        (func (export "vector store") (param {address})
            (v128.store ({address}.and (local.get 0) ({address}.const -16)) (v128.const i64x2 -1 -1)))
        {" ".join(functions)})""")


@pytest.mark.parametrize(("level", "target"), VARIANTS)
@pytest.mark.parametrize(("memory", "address"), [("13 40", "i32"), ("i64 13", "i64")])
def test_every_address_at_the_end(memory: str, address: str, level: int, target: str) -> None:
    data = module(memory, address)
    ours = Generated(data, Options(optimise=level, target=target, format="none"))
    theirs = Native(data, "wasm_custom_page_sizes")
    names = [*LOADS, *[f"aligned {op}" for op in LOADS], *STORES, "fill", "vector", "vector store", "size"]
    trapped = 0
    for grown in (0, 1, 2, 9, 15, 0, 1):
        assert ours.call("grow", grown) == theirs.call("grow", grown)
        for name in names:
            for place in (*range(44), -1, -8):
                outcome = ours.call(name, place)
                assert (name, place, repr(outcome)) == (name, place, repr(theirs.call(name, place)))  # NaNs, too
                trapped += outcome[0] == "trap"
        assert ours.memory() == theirs.memory()
    assert trapped > 1000


@pytest.mark.parametrize(
    ("declared", "given", "type_"),
    [
        ("1", Memory(1, page_size=1), "(1, None, 'i32', 1)"),
        ("1 (pagesize 1)", Memory(1), "(1, None)"),
        ("1 (pagesize 1)", Memory(1, address_type="i64", page_size=1), "(1, None, 'i64', 1)"),
    ],
)
def test_imports_must_have_the_declared_page_size(declared: str, given: Memory, type_: str) -> None:
    importer = binary(f'(module (import "m" "x" (memory {declared})) (export "memory" (memory 0)))')
    assert str(given.type) == type_
    with pytest.raises(LinkError, match="incompatible import type"):
        Generated(importer, Options(format="none"), {"m": {"x": given}})


def test_an_imported_memory_with_small_pages() -> None:
    importer = binary("""(module (import "m" "x" (memory i64 2 (pagesize 1)))
        (func (export "last") (result i32) (i32.load8_u (i64.sub (memory.size) (i64.const 1)))))""")
    given = Memory(2, address_type="i64", page_size=1)
    ours = Generated(importer, Options(format="none"), {"m": {"x": given}})
    given.grow(3)
    given[4] = 77
    assert ours.call("last") == ("result", 77)
