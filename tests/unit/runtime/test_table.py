"""Tables: elements, callables by type, bulk operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runtime_support import Function, Table, Trap, functype, table
from runtime_support.promotion import promoted
from runtime_support.tail_calls import TailCall, tail_caller

T = functype("", "i32")
U = functype("i32", "")
one, two = Function(T, lambda: 1, "one"), Function(T, lambda: 2, "two")
taker = Function(U, lambda x: None, "taker")


def _outcomes(functions: list[Callable[..., Any]]) -> list[object]:
    """What a ``call_indirect`` through each element gives."""
    outcomes: list[object] = []
    for function in functions:
        try:
            outcomes.append(function())
        except Trap as trap:
            outcomes.append(trap.code)
    return outcomes


NULL, OTHER = "uninitialized element", "indirect call type mismatch"


PROMOTED = pytest.mark.parametrize("promoted", [0, 5, 256])


@PROMOTED
def test_callables_follow_every_change_in_place(promoted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_PROMOTED", promoted)
    t = Table("funcref", 4, 8)
    functions = t.callables(T)
    steps: list[tuple[Callable[[], Any], list[object]]] = [
        (lambda: None, [NULL] * 4),
        (lambda: t.init(1, [one, two, taker], 0, 3), [NULL, 1, 2, OTHER]),
        (lambda: t.set(0, two), [2, 1, 2, OTHER]),
        (lambda: t.copy(1, 0, 3), [2, 2, 1, 2]),
        (lambda: t.copy(0, 1, 3), [2, 1, 2, 2]),
        (lambda: t.fill(2, None, 2), [2, 1, NULL, NULL]),
        (lambda: t.grow(one, 2), [2, 1, NULL, NULL, 1, 1]),
        (lambda: t.__setitem__(5, taker), [2, 1, NULL, NULL, 1, OTHER]),
        (lambda: Table("funcref", 1, None, one).copy(0, 0, 1, t), [2, 1, NULL, NULL, 1, OTHER]),
    ]
    for step, expected in steps:
        step()
        assert t.callables(T) is functions
        assert _outcomes(functions) == expected
    with pytest.raises(IndexError, match="^list "):
        functions[6]
    assert [t.get(0), t.get(1), t.get(2), t.size] == [two, one, None, 6]


@PROMOTED
def test_callables_follow_raw_functions_that_change(promoted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_PROMOTED", promoted)
    changing = Function(T, lambda: 3, "changing")
    t = Table("funcref", 3, None, changing)
    functions = t.callables(T)
    assert _outcomes(functions) == [3, 3, 3]
    changing.raw = lambda: 4
    t.refresh({changing})
    t.set(2, one)
    assert _outcomes(functions) == [4, 4, 1]


def test_a_function_is_promoted_once_and_keeps_what_tail_calls_need() -> None:
    def last(count: int) -> Any:
        return TailCall(promoted(counter), (count - 1,)) if count else 7

    counter = Function(T, tail_caller(last), "counter")
    assert promoted(counter) is promoted(counter)
    assert promoted(counter)(100_000) == 7
    assert promoted(one)() == 1


def test_growth_has_limits() -> None:
    t = Table("externref", 1, 3, "a")
    assert t.grow("b", 2) == 1
    assert t.elements == ["a", "b", "b"]
    assert t.grow("c", 1) == -1
    assert t.grow("c", 0) == 3
    assert t.type == ("externref", 3, 3)
    assert Table("externref", 0).grow(None, 2**32 - 1) == -1


def test_tables_do_not_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MemoryError, match="cannot allocate a table of 4294967295 elements: the limit is 10000000"):
        Table("funcref", 2**32 - 1)
    monkeypatch.setattr(table, "_SLOTS", 10)
    t = Table("funcref", 4)
    t.callables(T)
    with pytest.raises(MemoryError, match="too many function types are called through a table of 4 elements"):
        t.callables(U)
    assert t.grow(None, 2) == -1
    assert t.grow(None, 1) == 4


@pytest.mark.parametrize(
    "operation",
    [
        lambda t: t.get(2),
        lambda t: t.set(2, None),
        lambda t: t.fill(1, None, 2),
        lambda t: t.fill(3, None, 0),
        lambda t: t.copy(1, 0, 2),
        lambda t: t.copy(0, 1, 2),
        lambda t: t.copy(0, 0, 1, Table("funcref", 0)),
        lambda t: t.init(1, [None, None], 0, 2),
        lambda t: t.init(0, [None, None], 1, 2),
        lambda t: t.init(0, [], 1, 0),
    ],
)
def test_operations_check_before_they_write(operation: Any) -> None:
    t = Table("funcref", 2, None, one)
    with pytest.raises(Trap, match="^out of bounds table access$"):
        operation(t)
    assert t.elements == [one, one]


def test_host_access() -> None:
    t = Table("funcref", 2)
    t[1] = one
    assert (t[0], t[1], len(t)) == (None, one, 2)
    for index in (2, -1):
        with pytest.raises(IndexError, match="outside a table of 2 elements"):
            t[index]
    with pytest.raises(TypeError, match="funcref expected: a Function or None, not int"):
        t[0] = 5
    with pytest.raises(ValueError, match="no table has limits of 3 to 2 elements"):
        Table("funcref", 3, 2)
