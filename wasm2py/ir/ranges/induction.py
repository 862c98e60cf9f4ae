"""Variables that a loop changes by a constant in each turn, and the test that ends it.

::

    loop                      intervals alone learn nothing from `i != bound`, but a variable that starts below the
      …                       bound and goes up by one (or by a power of two that divides both) cannot pass it;
      p = p + 8               that limits the number of turns, and with it where `p` can get
      i = i + 1
      if i != bound: br loop
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, statements
from wasm2py.wasm.types import I64


@dataclass(frozen=True, slots=True)
class Induction:
    """A variable that changes by ``step`` in each turn.

    :ivar op: how it is compared with ``bound`` to go on, ``!=`` or ``<`` or ``>``; empty where it is not
    :ivar bound: a constant or variable that the loop does not change
    """

    variable: n.Variable
    step: int
    op: str = ""
    bound: n.Expr | None = None


def find_inductions(loop: n.Loop) -> list[Induction]:
    """The induction variables of a loop with one back edge; the one that ends it, if any, is the first."""
    if loop.label.uses != 1:
        return []
    for position, statement in enumerate(loop.body):
        if isinstance(statement, n.If) and not statement.orelse and len(statement.then) == 1:
            jump = statement.then[0]
            if isinstance(jump, n.Br) and jump.label is loop.label:
                return _inductions(loop, position, statement.condition)
    return []


def _inductions(loop: n.Loop, position: int, condition: n.Expr) -> list[Induction]:
    """The variables that the statements before the back edge step once."""
    counts = _assignments(loop.body)
    carried = {v.find() for v in loop.carried}
    found: list[Induction] = []
    for step in find_steps(loop.body[:position], counts):
        if step.variable in carried:
            found.append(Induction(step.variable, step.amount))
    main = _tested(condition, found, counts)
    return found if main is None else [main, *(i for i in found if i.variable is not main.variable)]


def _tested(condition: n.Expr, found: list[Induction], counts: Counter[n.Variable]) -> Induction | None:
    """The induction variable that the continue condition compares with something constant."""
    zero: n.Expr = n.Const(32, 0)
    if isinstance(condition, n.Wrap):
        pairs = [(condition.x, "!=", zero)]
    elif isinstance(condition, n.Compare) and isinstance(condition.a, n.Wrap) and isinstance(condition.b, n.Wrap):
        a, b = condition.a.x, condition.b.x
        pairs = [(a, condition.op, b), (b, _MIRRORED.get(condition.op, ""), a)]
    else:
        return None
    for side, op, bound in pairs:
        if not isinstance(side, n.Get) or not isinstance(bound, (n.Get, n.Const)):
            continue
        if isinstance(bound, n.Get) and counts[bound.var.find()]:
            continue
        for induction in found:
            up = induction.step > 0
            variable = induction.variable
            if variable is not side.var.find() or op not in ("!=", "<" if up else ">"):
                continue
            if op == "!=" or _same_form(condition, variable, bound):
                return Induction(induction.variable, induction.step, op, bound)
    return None


def _same_form(condition: n.Expr, variable: n.Variable, bound: n.Get | n.Const) -> bool:
    """Whether a comparison by size takes both sides as they are kept: otherwise it orders them differently."""
    assert isinstance(condition, n.Compare)
    assert isinstance(condition.a, n.Wrap)
    signed = condition.a.form == "s"
    return variable.signed == signed and (isinstance(bound, n.Const) or bound.var.find().signed == signed)


_MIRRORED = {"!=": "!=", "<": ">", ">": "<"}


class Step(NamedTuple):
    """A variable that each turn changes by ``amount``.

    :ivar path: the assignments that lead from what it was to what it becomes, which is the last of them
    """

    variable: n.Variable
    amount: int
    path: tuple[n.Assign, ...]


def find_steps(body: list[n.Stmt], counts: Counter[n.Variable]) -> list[Step]:
    """The variables that a list of statements changes by a constant.

    :param counts: how often each variable is assigned in it
    """
    found: list[Step] = []
    sums: dict[n.Variable, Step] = {}
    """Variables that are the sum of what another one was before its step and a constant, as steps of the latter."""
    for s in body:
        if isinstance(s, n.Assign) and counts[variable := s.var.find()] == 1:
            made = _sum(s, sums)
            if made is None or made.variable.type is not variable.type:
                continue
            if made.variable is not variable:
                sums[variable] = made
            elif made.amount:
                found.append(made)
    return found


def _sum(s: n.Assign, sums: dict[n.Variable, Step]) -> Step | None:
    """What is assigned as the sum of a variable and a constant, if it is one."""
    x, constant = s.value, 0
    if isinstance(x, n.Wrap):
        if x.mode != n.NOTHING and x.bits != (64 if s.var.type is I64 else 32):
            return None
        x = x.x
    if isinstance(x, n.Binary) and x.op in "+-" and isinstance(x.b, n.Const):
        constant = x.b.value if x.op == "+" else -x.b.value
        x = x.a
    if not isinstance(x, n.Get):
        return None
    variable = x.var.find()
    before = sums.get(variable) or Step(variable, 0, ())
    return Step(before.variable, before.amount + constant, (*before.path, s))


def _assignments(body: list[n.Stmt]) -> Counter[n.Variable]:
    """How many statements assign to each variable, nested ones included."""
    return Counter(variable for s in statements(body) for variable in assigned(s))
