"""The checker finds broken trees; the road makes none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import spec_data
from tests.unit.ir.oracle import binary
from tests.unit.ir.stages import functions_after
from wasm2py.errors import InternalError, Invalid, Malformed, Unsupported
from wasm2py.ir import nodes as n
from wasm2py.ir.check import STAGES, check
from wasm2py.ir.dump import dump
from wasm2py.wasm.types import F64, I32

LOOP = binary(
    """(module (func (param i32) (result i32)
    (loop $again (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $again (local.get 0)))
    (local.get 0)))"""
)


@pytest.mark.parametrize("stage", STAGES)
def test_accepts_what_is_right(stage: str) -> None:
    (function,) = functions_after(LOOP, stage)
    check(function, stage)


def first(function: n.Function, kind: type[n.Stmt]) -> n.Stmt:
    """The first statement of a kind, outermost first."""
    pending = list(function.body)
    while pending:
        s = pending.pop(0)
        if isinstance(s, kind):
            return s
        pending += getattr(s, "body", []) + getattr(s, "then", []) + getattr(s, "orelse", [])
    raise AssertionError(kind)


def foreign_branch(function: n.Function) -> None:
    function.body.insert(0, n.If(n.Const(32, 1), [n.Br(n.Label(99, "block", []))], []))


def statement_behind_branch(function: n.Function) -> None:
    loop = first(function, n.Loop)
    assert isinstance(loop, n.Loop)
    loop.body.append(n.Unreachable())


def falling_loop(function: n.Function) -> None:
    loop = first(function, n.Loop)
    assert isinstance(loop, n.Loop)
    loop.body.pop()


def wrong_count(function: n.Function) -> None:
    loop = first(function, n.Loop)
    assert isinstance(loop, n.Loop)
    loop.label.uses += 1


def shared_list(function: n.Function) -> None:
    function.body.insert(0, n.If(n.Const(32, 1), function.body, []))


def stranger(function: n.Function) -> None:
    function.body.insert(0, n.Eval(n.Get(n.Variable(1000, I32, None))))


def double_index(function: n.Function) -> None:
    function.variables.append(n.Variable(function.params[0].index, I32, None))


def signed_float(function: n.Function) -> None:
    function.variables.append(n.Variable(1000, F64, None, signed=True))


def missing_result(function: n.Function) -> None:
    function.body[-1] = n.Return([])


def python_too_early(function: n.Function) -> None:
    function.body.insert(0, n.While(None, [n.Break()]))


BREAKS: dict[Callable[[n.Function], None], str] = {
    foreign_branch: "label 99, which is not around it",
    statement_behind_branch: "a statement follows Br",
    falling_loop: "control falls out of the end of loop",
    wrong_count: "branches, but counts",
    shared_list: "occurs twice",
    stranger: "variable 1000 does not belong",
    double_index: "share an index",
    signed_float: "type f64 is kept in signed form",
    missing_result: "0 values are returned, of 1",
    python_too_early: "While is out of place",
}


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_finds(damage: Callable[[n.Function], None]) -> None:
    (function,) = functions_after(LOOP, "ranges")
    damage(function)
    with pytest.raises(InternalError, match=BREAKS[damage]):
        check(function, "ranges")


def test_finds_a_variable_that_is_not_resolved() -> None:
    (function,) = functions_after(LOOP, "ranges")
    old = n.Variable(1000, I32, None, parent=function.params[0])
    function.body.insert(0, n.Eval(n.Get(old)))
    with pytest.raises(InternalError, match="not resolved to its web"):
        check(function, "ranges")


def nested(statement: Callable[[list[n.Stmt]], n.Stmt], depth: int) -> list[n.Stmt]:
    body: list[n.Stmt] = [n.Eval(n.Const(32, 0))]
    for _ in range(depth):
        body = [statement(body)]
    return body


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ([n.If(n.Const(32, 1), [n.Break()], [])], "Break outside of a loop"),
        ([n.If(n.Const(32, 1), [n.Br(n.Label(1, "block", []))], [])], "Br is out of place"),
        (nested(lambda body: n.While(None, body), 21), "21 nested loops"),
        (nested(lambda body: n.If(n.Const(32, 1), body, []), 100), "too deeply nested"),
    ],
    ids=["break", "branch", "loops", "suites"],
)
def test_finds_what_python_refuses(statements: list[n.Stmt], message: str) -> None:
    (function,) = functions_after(LOOP, "structure")
    function.body[:0] = statements
    with pytest.raises(InternalError, match=message):
        check(function, "structure")


@spec_data.each_file(only=lambda name: "/" not in name)
def test_invariants_hold_in_the_official_suite(name: str) -> None:
    for command in spec_data.load(name):
        if not spec_data.has_wasm(command):
            continue
        try:
            functions = functions_after(spec_data.wasm_bytes(command), "structure")
        except (Malformed, Invalid, Unsupported):
            continue
        for function in functions:
            assert dump(function).startswith(f"func {function.index} (")


def test_the_dump_is_stable() -> None:
    texts = {dump(function) for _ in range(3) for function in functions_after(LOOP, "structure")}
    assert len(texts) == 1


def test_the_dump_goes_deeper_than_the_stack() -> None:
    (function,) = functions_after(LOOP, "structure")
    function.body[:0] = nested(lambda body: n.If(n.Const(32, 1), body, []), 5000)
    assert dump(function).count("if 1\n") == 5000


def test_no_check_in_the_road() -> None:
    """Users do not pay for it."""
    package = Path(check.__code__.co_filename).parent.parent
    importing = [path.name for path in package.rglob("*.py") if "ir.check" in path.read_text(encoding="utf-8")]
    assert importing == []
