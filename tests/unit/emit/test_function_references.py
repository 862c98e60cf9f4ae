"""Typed function references in generated code, where the official suite does not look."""

from __future__ import annotations

from typing import Any

import pytest

from runtime_support import Exports, Function, LinkError, Trap, functype
from tests.transpiled import code_of
from tests.unit.emit.packages import Load, load
from tests.unit.validate.modules import encode
from wasm2py.options import Options

__all__ = ["load"]  # a fixture

BINARY = encode("""(module
  (type $unary (func (param i32) (result i32)))
  (type $maker (func (result (ref $unary))))
  (import "host" "twice" (func $twice (type $unary)))
  (import "host" "make" (func $make (type $maker)))
  (global $calls (export "calls") (mut i32) (i32.const 0))
  (global $last (export "last") (mut (ref null $unary)) (ref.null $unary))
  (table $table (export "table") 2 (ref $unary) (ref.func $negate))
  (func $negate (type $unary) (i32.sub (i32.const 0) (local.get 0)))
  (func $count (result i32) (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls))
  (func (export "apply") (param (ref null $unary) i32) (result i32) (call_ref $unary (local.get 1) (local.get 0)))
  (func (export "count first") (param (ref null $unary)) (result i32) (call_ref $unary (call $count) (local.get 0)))
  (func (export "divide first") (param (ref null $unary) i32) (result i32)
    (call_ref $unary (i32.div_u (i32.const 1) (local.get 1)) (local.get 0)))
  (func (export "made") (param i32) (result i32) (call_ref $unary (local.get 0) (call $make)))
  (func (export "tail") (param (ref null $unary) i32) (result i32) (return_call_ref $unary (local.get 1) (local.get 0)))
  (func (export "direct") (param i32) (result i32) (call_ref $unary (local.get 0) (ref.func $twice)))
  (func (export "or else") (param (ref null $unary) i32) (result i32)
    (block $null (result i32)
      (br_on_null $null (local.get 1) (local.get 0))
      (global.set $last)
      (drop)
      (call_ref $unary (i32.const 7) (global.get $last))))
  (func (export "if any") (param (ref null $unary) i32) (result i32)
    (block $some (result i32 (ref $unary))
      (br_on_non_null $some (local.get 1) (local.get 0))
      (return (i32.add (i32.const 1))))
    (call_ref $unary))
  (func (export "checked") (param (ref null $unary)) (result i32)
    (drop (ref.as_non_null (local.get 0))) (i32.const 1))
  (elem declare func $twice)
)""")


@pytest.fixture(params=[(0, "auto"), (1, "auto"), (2, "pypy")])
def exports(request: pytest.FixtureRequest) -> Exports:
    level, target = request.param
    namespace: dict[str, Any] = {"__name__": "references"}
    exec(code_of(BINARY, Options(optimise=level, target=target, format="none")), namespace)
    unary = functype("i32", "i32")
    made = Function.from_host(unary, lambda x: x + 100)
    exports: Exports = namespace["instantiate"]({"host": {"twice": lambda x: 2 * x, "make": lambda: made}}).exports
    return exports


def test_calls(exports: Exports) -> None:
    negate = exports.table[0]
    assert exports.apply(negate, 5) == exports.tail(negate, 5) == -5
    assert exports["made"](1) == 101
    assert exports.direct(4) == 8
    assert exports["or else"](negate, 3) == -7
    assert exports.last.value is negate
    assert exports["or else"](None, 3) == 3
    assert exports["if any"](negate, 3) == -3
    assert exports["if any"](None, 3) == 4
    assert exports.checked(negate) == 1


def test_null(exports: Exports) -> None:
    for name in ("apply", "tail"):
        with pytest.raises(Trap, match="^null function reference$"):
            exports[name](None, 5)
    with pytest.raises(Trap, match="^null reference$"):
        exports.checked(None)


def test_arguments_are_evaluated_before_the_reference_is_called(exports: Exports) -> None:
    with pytest.raises(Trap, match="^null function reference$"):
        exports["count first"](None)
    assert exports.calls.value == 1
    with pytest.raises(Trap, match="^integer divide by zero$"):
        exports["divide first"](None, 0)


def test_the_host_passes_functions_of_the_right_type(exports: Exports) -> None:
    assert exports.apply(Function.from_host(functype("i32", "i32"), lambda x: x * x), 9) == 81
    with pytest.raises(TypeError, match=r"a Function of type \(i32\) -> \(i32\) or None, not one of type \(i64\)"):
        exports.apply(Function.from_host(functype("i64", ""), print), 9)
    with pytest.raises(TypeError, match="a Function of type"):
        exports.table[1] = None


def test_the_host_raises_errors_of_its_own(exports: Exports) -> None:
    def fail(x: int) -> int:
        return x.nothing  # type: ignore[attr-defined, no-any-return]  # that is what is asked

    with pytest.raises(AttributeError, match="'int' object has no attribute 'nothing'"):
        exports.apply(Function.from_host(functype("i32", "i32"), fail), 9)


RECURSIVE = """(module
  (type $self (func (param (ref null {mentioned})) (result i32)))
  (type $other (func (param (ref null $self)) (result i32)))
  (func ({direction} "f") (type {mentioned}) {body}))"""


def test_recursive_types_are_told_apart_from_those_that_mention_them() -> None:
    def module(type_: str, *, imported: bool) -> Any:
        direction, body = ('import "m"', "") if imported else ("export", "i32.const 1")
        text = RECURSIVE.replace("{mentioned}", "$self", 1).format(direction=direction, body=body, mentioned=type_)
        namespace: dict[str, Any] = {"__name__": "recursive"}
        exec(code_of(encode(text), Options(format="none")), namespace)
        return namespace["instantiate"]

    given = module("$self", imported=False)()
    module("$self", imported=True)({"m": given})
    with pytest.raises(LinkError):
        module("$other", imported=True)({"m": given})


def test_parts_load_functions_that_are_called_by_reference(load: Load) -> None:
    package = load("""(module
      (type $nullary (func (result i32)))
      (table $t 1 (ref null $nullary))
      (elem (table $t) (i32.const 0) (ref null $nullary) (ref.func $one))
      (func $one (type $nullary) i32.const 1)
      (func (export "by reference") (result i32) (call_ref $nullary (table.get $t (i32.const 0))))
      (func (export "by index") (result i32) (call_indirect $t (type $nullary) (i32.const 0))))""")
    exports = package.instantiate().exports
    assert exports["by reference"]() == exports["by index"]() == 1
