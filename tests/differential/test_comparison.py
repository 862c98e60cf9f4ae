"""The comparison itself: it must see every kind of difference, and none where there is none."""

import re

import pytest
import wasmtime

from tests.differential import comparison
from tests.differential.comparison import VARIANTS, Tally, differences
from tests.differential.reduction import reduce
from wasm2py.decode import decode_body, decode_module
from wasm2py.options import Options
from wasm2py.transpile import Transpiled, transpile

MODULE = """(module
  (import "env" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (global (export "g") (mut i32) (i32.const 5))
  (func (export "adds") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "logs") (call $log (i32.const 2)))
  (func (export "stores") (i32.store (i32.const 8) (i32.const 3)))
  (func (export "sets") (global.set 0 (i32.const 4)))
  (func (export "divides") (drop (i32.div_u (i32.const 1) (i32.const 0)))))"""


def compared_with(monkeypatch: pytest.MonkeyPatch, other: str) -> list[str]:
    """The differences where the generated code is that of another module."""

    def transpile_other(_data: bytes, options: Options) -> Transpiled:
        return transpile(bytes(wasmtime.wat2wasm(other)), options)

    monkeypatch.setattr(comparison, "transpile", transpile_other)
    return list(differences(bytes(wasmtime.wat2wasm(MODULE)), 0, VARIANTS[:1], Tally()))


def test_the_same_module_differs_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compared_with(monkeypatch, MODULE) == []


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("(local.get 0) (i32.const 1)", "(local.get 0) (i32.const 9)", r"adds\(.*\): result \d+ instead of \d+"),
        ("(i32.const 2)", "(i32.const 9)", r"logs\(\): log .*9.* instead of .*2"),
        ("(i32.const 3)", "(i32.const 9)", r"stores\(\): state "),
        ("(i32.const 8)", "(i32.const 9)", r"stores\(\): state "),
        ("(i32.const 4)", "(i32.const 9)", r"sets\(\): state \(.* 9\) instead of \(.* 4\)"),
        ("(i32.const 0)))", "(i32.const 9)))", r"divides\(\): result None instead of 'integer divide by zero'"),
        ("(drop (i32.div_u", "(unreachable) (drop (i32.div_u", "result 'unreachable' instead of 'integer divide"),
        ('"memory") 1', '"memory") 2', "instantiation.*: state "),
        ('"g") (mut i32) (i32.const 5', '"g") (mut i32) (i32.const 9', "instantiation.*: state "),
    ],
)
def test_what_differs_is_named(monkeypatch: pytest.MonkeyPatch, old: str, new: str, text: str) -> None:
    assert old in MODULE
    (found,) = compared_with(monkeypatch, MODULE.replace(old, new))
    assert re.search(text, found)


def test_reduction_keeps_what_matters() -> None:
    data = wasmtime.wat2wasm(
        """(module (func (export "f") (param i32) (result i32) (local i64)
             (local.set 1 (i64.mul (i64.const 3) (local.get 1)))
             (block (br_if 0 (local.get 0)) (local.set 0 (i32.popcnt (i32.sub (local.get 0) (i32.const 7)))))
             (i32.add (local.get 0) (i32.const 1))))"""
    )

    def names(binary: bytes) -> list[str]:
        return [i.op.name for i in decode_body(decode_module(binary), 0)]

    reduced = names(reduce(bytes(data), lambda binary: "i32.popcnt" in names(binary)))
    assert "i32.popcnt" in reduced
    assert len(reduced) <= 5
