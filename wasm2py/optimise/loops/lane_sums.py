"""Sums of lanes, found in what the builder has made of them (:mod:`wasm2py.ir.building.lanes`)."""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.ir.building.vector_facts import ALL, ones
from wasm2py.optimise.facts import key


@dataclass(slots=True)
class LaneSum:
    """``a + b`` or ``a - b``, lane by lane.

    :ivar lent: a difference
    :ivar small: it is one only if the lanes of ``b`` have no top bits
    """

    width: int
    a: n.Expr
    b: n.Expr
    lent: bool
    small: bool


def find_lane_sum(x: n.Expr) -> LaneSum | None:
    """The sum that an expression is.

    ``(a & rest) + (b & rest) ^ (a ^ b) & signs``, or ``(a & rest) + b ^ a & signs`` if ``b`` is small; a difference is
    ``(a | signs) - (b & rest) ^ (a ^ b) & signs ^ signs``.
    """
    if not isinstance(x, n.Binary) or x.op != "^":
        return None
    lent = isinstance(x.b, n.VectorConst)
    inner = x.a if lent else x
    if not isinstance(inner, n.Binary) or inner.op != "^":
        return None
    rest, top = inner.a, inner.b
    if not isinstance(rest, n.Binary) or not isinstance(top, n.Binary) or not isinstance(top.b, n.VectorConst):
        return None
    signs = top.b.value
    width = next((width for width in (8, 16, 32, 64) if signs == ones(width) << width - 1), 0)
    if not width or top.op != "&" or rest.op != ("-" if lent else "+"):
        return None
    if lent and (not isinstance(x.b, n.VectorConst) or x.b.value != signs):
        return None
    a = _without(rest.a, "|" if lent else "&", signs if lent else ALL ^ signs)
    b = _without(rest.b, "&", ALL ^ signs)
    if a is None:
        return None
    if isinstance(top.a, n.Binary) and top.a.op == "^":
        same = b is not None and (key(top.a.a), key(top.a.b)) == (key(a), key(b))
        return LaneSum(width, a, b, lent, False) if b is not None and same else None
    return LaneSum(width, a, rest.b, False, True) if not lent and key(top.a) == key(a) else None


def _without(x: n.Expr, op: str, value: int) -> n.Expr | None:
    """The other operand of an operation with a constant."""
    if isinstance(x, n.Binary) and x.op == op and isinstance(x.b, n.VectorConst) and x.b.value == value:
        return x.a
    return None
