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

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, statements


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
    for statement in loop.body[:position]:
        if isinstance(statement, n.Assign):
            variable = statement.var.find()
            if variable in carried and counts[variable] == 1:
                step = _step(statement.value, variable)
                if step:
                    found.append(Induction(variable, step))
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


def _step(value: n.Expr, variable: n.Variable) -> int:
    """The constant that an assigned value adds to the variable; 0 for none."""
    if isinstance(value, n.Wrap):
        value = value.x
    if not isinstance(value, n.Binary) or value.op not in "+-" or not isinstance(value.b, n.Const):
        return 0
    if not isinstance(value.a, n.Get) or value.a.var.find() is not variable:
        return 0
    return value.b.value if value.op == "+" else -value.b.value


def _assignments(body: list[n.Stmt]) -> Counter[n.Variable]:
    """How many statements assign to each variable, nested ones included."""
    return Counter(variable for s in statements(body) for variable in assigned(s))
