"""Loops that count a variable up to a bound with an inequality test, as LLVM writes them.

::

    loop                      the analysis of ranges learns nothing from `i != bound`, but a variable that starts
      …                       below the bound and goes up by one (or by a power of two that divides both) cannot
      i = i + 1               pass it
      if i != bound: br loop
"""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.ir import nodes as n


@dataclass(frozen=True, slots=True)
class Induction:
    """``variable`` goes up by ``step`` until it equals ``bound``, which the loop does not change."""

    variable: n.Variable
    step: int
    bound: n.Expr


def find_induction(loop: n.Loop) -> Induction | None:
    """The induction variable that ends a loop, if its only back edge tests one."""
    if loop.label.uses != 1:
        return None
    for position, statement in enumerate(loop.body):
        if isinstance(statement, n.If) and not statement.orelse and len(statement.then) == 1:
            jump = statement.then[0]
            if isinstance(jump, n.Br) and jump.label is loop.label:
                return _tested(loop, position, statement.condition)
    return None


def _tested(loop: n.Loop, position: int, condition: n.Expr) -> Induction | None:
    """The variable that the continue condition compares with its bound."""
    if not isinstance(condition, n.Compare) or condition.op != "!=":
        return None
    left, right = condition.a, condition.b
    if not isinstance(left, n.Wrap) or not isinstance(right, n.Wrap):
        return None
    for side, bound in ((left.x, right), (right.x, left)):
        if not isinstance(side, n.Get) or not isinstance(bound.x, (n.Get, n.Const)):
            continue
        variable = side.var.find()
        step = _step(loop.body[:position], variable)
        if step is None or not _assigned_once(loop.body, variable):
            continue
        if isinstance(bound.x, n.Get) and _assignments(loop.body, bound.x.var.find()):
            continue
        return Induction(variable, step, bound.x)
    return None


def _step(body: list[n.Stmt], variable: n.Variable) -> int | None:
    """The positive constant that a statement of ``body`` itself adds to the variable."""
    for statement in body:
        if isinstance(statement, n.Assign) and statement.var.find() is variable:
            value = statement.value.x if isinstance(statement.value, n.Wrap) else statement.value
            if not isinstance(value, n.Binary) or value.op != "+":
                return None
            if not isinstance(value.a, n.Get) or value.a.var.find() is not variable:
                return None
            return value.b.value if isinstance(value.b, n.Const) and value.b.value > 0 else None
    return None


def _assigned_once(body: list[n.Stmt], variable: n.Variable) -> bool:
    return _assignments(body, variable) == 1


def _assignments(body: list[n.Stmt], variable: n.Variable) -> int:
    """How many statements assign to a variable, nested ones included."""
    count = 0
    lists = [body]
    while lists:
        for s in lists.pop():
            if isinstance(s, (n.Assign, n.Round)):
                count += s.var.find() is variable
            elif isinstance(s, n.AssignMany):
                count += any(v.find() is variable for v in s.vars)
            elif isinstance(s, n.Call):
                count += any(v.find() is variable for v in s.results)
            elif isinstance(s, (n.Block, n.Loop)):
                lists.append(s.body)
            elif isinstance(s, n.If):
                lists += (s.then, s.orelse)
            elif isinstance(s, n.Switch):
                lists += s.arms
    return count
