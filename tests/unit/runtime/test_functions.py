"""Calls across the boundary: conversion of values, traps, host functions."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import pytest

from runtime_support import Function, FuncType, Global, Trap, f32_from_bits, f32_to_bits, functype


def echo(*types: str) -> Function:
    """A function that returns its arguments, raw."""
    return Function(functype(" ".join(types), " ".join(types)), lambda *x: x[0] if len(x) == 1 else x or None, "echo")


def generated(source: str) -> Any:
    """Code that counts as generated, with ``f`` in it."""
    namespace: dict[str, Any] = {"__wasm2py__": 1}
    exec(source, namespace)
    return namespace


@pytest.mark.parametrize(
    ("type", "value", "raw", "result"),
    [
        ("i32", -1, 2**32 - 1, -1),
        ("i32", 2**32 - 1, 2**32 - 1, -1),
        ("i32", -(2**31), 2**31, -(2**31)),
        ("i32", 2**31 - 1, 2**31 - 1, 2**31 - 1),
        ("i32", True, 1, 1),
        ("i64", -1, 2**64 - 1, -1),
        ("i64", 2**64 - 1, 2**64 - 1, -1),
        ("i64", -(2**63), 2**63, -(2**63)),
        ("f32", 0.1, 0.10000000149011612, 0.10000000149011612),
        ("f32", 16777217, 16777216.0, 16777216.0),
        ("f32", 1e300, math.inf, math.inf),
        ("f64", 3, 3.0, 3.0),
        ("f64", 0.1, 0.1, 0.1),
        ("v128", bytes(range(16)), 0x0F0E0D0C0B0A09080706050403020100, bytes(range(16))),
        ("v128", -1, 2**128 - 1, b"\xff" * 16),
        ("v128", 2**127, 2**127, bytes(15) + b"\x80"),
        ("externref", "any", "any", "any"),
        ("externref", None, None, None),
        ("funcref", None, None, None),
    ],
)
def test_values_cross_the_boundary(type: str, value: Any, raw: Any, result: Any) -> None:
    seen = []
    function = Function(functype(type, type), lambda x: seen.append(x) or x, "f")
    returned = function(value)
    assert seen == [raw]
    assert (returned, returned.__class__) == (result, result.__class__)
    cell = Global(type, value, mutable=True)
    assert cell.raw == raw
    assert cell.value == result
    host = Function.from_host(functype(type, type), lambda x: (seen.append(x), value)[1], "h")
    assert host.raw(raw) == raw
    assert seen[1] == result


@pytest.mark.parametrize(
    ("type", "value", "error", "message"),
    [
        ("i32", 2**32, OverflowError, "i32 expected: 4294967296 is outside -2147483648 .. 4294967295"),
        ("i32", -(2**31) - 1, OverflowError, "i32 expected"),
        pytest.param("i32", 10**5000, OverflowError, "an int of 16610 bits is outside", id="huge"),
        ("i64", 2**64, OverflowError, "i64 expected"),
        ("i64", -(2**63) - 1, OverflowError, "i64 expected"),
        ("i32", 1.0, TypeError, "i32 expected: int, not float"),
        ("i32", "1", TypeError, "i32 expected: int, not str"),
        ("i64", None, TypeError, "i64 expected: int, not NoneType"),
        ("f32", "1", TypeError, "f32 expected: float or int, not str"),
        ("f64", None, TypeError, "f64 expected: float or int, not NoneType"),
        ("f64", 10**400, OverflowError, "too large"),
        ("f32", 10**400, OverflowError, "too large"),
        ("v128", bytes(15), OverflowError, "v128 expected: 16 bytes, not 15"),
        ("v128", 2**128, OverflowError, "v128 expected"),
        ("v128", 1.0, TypeError, "v128 expected: int, not float"),
        ("funcref", "f", TypeError, "funcref expected: a Function or None, not str"),
    ],
)
def test_other_values_are_refused(type: str, value: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        echo(type)(value)


def test_signalling_nans_cross_the_boundary() -> None:
    assert f32_to_bits(echo("f32")(f32_from_bits(0xFFA00001))) == 0xFFA00001


@pytest.mark.parametrize("count", range(6))
def test_every_number_of_parameters(count: int) -> None:
    function = echo(*["i32"] * count)
    expected: Any = tuple(range(-count, 0))
    assert function(*expected) == (None if count == 0 else expected[0] if count == 1 else expected)
    with pytest.raises(TypeError, match=rf"^echo\(\) takes .*, {count + 1} given$"):
        function(*range(count + 1))
    if count:
        with pytest.raises(TypeError, match=rf"^echo\(\) takes .*, {count - 1} given$"):
            function(*range(count - 1))


def test_function_types_are_interned() -> None:
    add = functype("i32 i32", "i32")
    assert functype("i32  i32", " i32") is add
    assert functype("i32 i32", "i64") is not add
    assert str(add) == "(i32, i32) -> (i32)"
    assert repr(functype("", "f64 i32")) == "functype('', 'f64 i32')"
    assert copy.deepcopy(add) is pickle.loads(pickle.dumps(add)) is add
    assert isinstance(add, FuncType)
    with pytest.raises(ValueError, match="unknown value type 'i33'"):
        functype("i33", "")
    with pytest.raises(AttributeError, match="no attribute 'arity'"):
        add.arity  # noqa: B018 - that is what is asked


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("b = bytearray(1); b[x]", "out of bounds memory access"),
        ("m = memoryview(bytearray(4)).cast('I'); m[x]", "out of bounds memory access"),
        ("m = memoryview(bytearray(4)).cast('I'); m[x] = 1", "out of bounds memory access"),
        ("from struct import unpack_from; unpack_from('I', bytearray(4), x)", "out of bounds memory access"),
        ("l = [1]; l[x]", "undefined element"),
        ("x // 0", "integer divide by zero"),
        ("x % 0", "integer divide by zero"),
        ("f(x)", "call stack exhausted"),
    ],
)
def test_exceptions_of_generated_code_are_traps(body: str, code: str) -> None:
    namespace = generated(f"def f(x):\n    {body}")
    with pytest.raises(Trap) as caught:
        Function(functype("i32", ""), namespace["f"], "f")(5)
    assert caught.value.code == str(caught.value) == code
    assert caught.traceback[-1].name == "f"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("error", [IndexError("list index"), ZeroDivisionError(), KeyError("x"), Trap("unreachable")])
def test_exceptions_of_host_functions_pass_through(error: Exception) -> None:
    def fail() -> None:
        raise error

    host = Function.from_host(functype("", ""), fail, "fail")
    namespace = generated("def f():\n    host()")
    namespace["host"] = host.raw
    for function in (host, Function(functype("", ""), namespace["f"], "f")):
        with pytest.raises(type(error)) as caught:
            function()
        assert caught.value is error


def test_exceptions_of_builtins_as_host_functions_pass_through() -> None:
    namespace = generated("def f():\n    host()")
    namespace["host"] = Function.from_host(functype("", ""), [].pop, "pop").raw
    with pytest.raises(IndexError, match="pop from empty list"):
        Function(functype("", ""), namespace["f"], "f")()


def test_results_of_host_functions_are_checked() -> None:
    def host(results: str, value: object) -> Any:
        return Function.from_host(functype("", results), lambda: value, "h").raw()

    assert host("", "dropped") is None
    assert host("i32 f32", [-1, 0.1]) == (2**32 - 1, 0.10000000149011612)
    with pytest.raises(TypeError, match="i32 expected: int, not str"):
        host("i32", "1")
    with pytest.raises(TypeError, match=r"^h must return a tuple \(i32, i32\), not 3 values$"):
        host("i32 i32", (1, 2, 3))
    with pytest.raises(TypeError, match=r"^h must return a tuple \(i32, i32\), not int$"):
        host("i32 i32", 1)


def test_globals() -> None:
    fixed = Global("i64", -2)
    assert (fixed.value, fixed.raw, fixed.type) == (-2, 2**64 - 2, ("i64", False))
    with pytest.raises(AttributeError, match="immutable"):
        fixed.value = 1
    own = Global("f32", 0, mutable=True)
    own.value = 0.1
    assert own.raw == own.value == 0.10000000149011612
    with pytest.raises(TypeError, match="f32 expected"):
        own.value = "x"


def test_globals_in_variables_of_generated_code() -> None:
    variable = [5]
    cell = Global.cell("i32", True, lambda: variable[0], lambda raw: variable.__setitem__(0, raw))
    assert (cell.value, cell.type) == (5, ("i32", True))
    cell.value = -1
    assert (variable, cell.value, cell.raw) == ([2**32 - 1], -1, 2**32 - 1)
    variable[0] = 7
    assert cell.raw == 7
    fixed = Global.cell("i32", False, lambda: 3)
    with pytest.raises(AttributeError, match="immutable"):
        fixed.value = 1
    assert repr(cell) == "<Global mut i32 7>"
