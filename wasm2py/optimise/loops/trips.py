"""How often a counted loop runs, as an expression in values before it."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.optimise.loops.counting import Counted
from wasm2py.optimise.loops.linear import Total, sum_of


def find_trips(counted: Counted) -> bool:
    """Find the step that is tested and the number of turns."""
    return any(
        _until_equal(counted, *pair) if pair[1] == "!=" else _until_past(counted, *pair)
        for pair in comparisons(counted.condition)
    )


def comparisons(condition: n.Expr) -> list[tuple[n.Expr, str, n.Expr]]:
    """A condition as a comparison of integers, from both sides, if it is one."""
    if isinstance(condition, n.Wrap):
        return [(condition, "!=", n.Const(32, 0))]
    if isinstance(condition, n.Compare) and condition.ranges[0] is not None:
        return [(condition.a, condition.op, condition.b), (condition.b, _MIRRORED[condition.op], condition.a)]
    return []


def _until_equal(counted: Counted, side: n.Expr, _op: str, bound: n.Expr) -> bool:
    """The number of turns until a sum is congruent to something that does not change."""
    total = Total(counted)
    x = side.x if isinstance(side, n.Wrap) else side
    if not total.add(x, 1, 0) or total.step is None or total.factor != 1 or not counted.unchanged(bound):
        return False
    start = sum_of(total.terms, total.constant)
    exact = all(not isinstance(each, n.Wrap) or each.mode == n.NOTHING for each in (side, bound))
    amount = total.step.amount
    rising = not isinstance(amount, n.Const) or amount.value > 0
    distance = _minus(bound, start) if rising else _minus(start, bound)
    if not exact or len(total.terms) > 1:
        bits = side.bits if isinstance(side, n.Wrap) else 32
        distance = n.Binary("&", 64, distance, n.Const(64, (1 << bits) - 1))
    counted.main = total.step
    counted.monotonic = exact and len(total.terms) == 1 and not total.constant
    size = n.Const(32, abs(amount.value)) if isinstance(amount, n.Const) else amount
    if isinstance(size, n.Const) and size.value == 1:
        counted.trips = distance
    else:
        counted.trips = n.Binary("//", 64, distance, size)
        counted.remainder = n.Binary("%", 64, distance, size)
    return True


def _until_past(counted: Counted, side: n.Expr, op: str, bound: n.Expr) -> bool:
    """The number of turns until a variable has passed something that does not change."""
    for x in (side, bound):
        if isinstance(x, n.Wrap) and x.mode != n.NOTHING:
            return False
    variable = side.x if isinstance(side, n.Wrap) else side
    if not isinstance(variable, n.Get) or variable.var not in counted.steps or not counted.unchanged(bound):
        return False
    step = counted.steps[variable.var]
    rising = not isinstance(step.amount, n.Const) or step.amount.value > 0
    if op not in (("<", "<=") if rising else (">", ">=")) or not step.exact:
        return False
    distance = _minus(bound, variable) if rising else _minus(variable, bound)
    if op in ("<=", ">="):
        distance = n.Binary("+", 64, distance, n.Const(32, 1))
    counted.main = step
    size = n.Const(32, abs(step.amount.value)) if isinstance(step.amount, n.Const) else step.amount
    if isinstance(size, n.Const) and size.value == 1:
        counted.trips = distance
    else:
        rounded = n.Binary("-", 64, n.Binary("+", 64, distance, size), n.Const(32, 1))
        counted.trips = n.Binary("//", 64, rounded, size)
    return True


_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _minus(a: n.Expr, b: n.Expr) -> n.Expr:
    return a if isinstance(b, n.Const) and not b.value else n.Binary("-", 64, a, b)
