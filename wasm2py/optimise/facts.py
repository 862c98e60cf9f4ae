"""What passes ask about expressions."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import expressions
from wasm2py.wasm.types import NumType


def is_pure(x: n.Expr) -> bool:
    """Whether evaluating an expression changes nothing: it may be done earlier, or again."""
    for each in expressions(x):
        if each.__class__ not in _PURE and not (each.__class__ is n.Apply and isinstance(each.type, NumType)):
            return False
    return True


_PURE = frozenset((
    n.Const, n.FloatConst, n.Get, n.GlobalGet, n.Binary, n.Divide, n.Negate, n.Extend, n.Compare, n.Not, n.Logic,
    n.BoolInt, n.Select, n.Pick, n.Wrap, n.Load, n.VectorConst, n.Lane,
))  # fmt: skip


def may_divide(x: n.Expr) -> bool:
    """Whether a node may trap, other than by access to memory: it divides, or is a helper."""
    return isinstance(x, (n.Divide, n.Apply)) or (isinstance(x, n.Binary) and x.op in ("/", "//", "%"))


def bare(x: n.Expr) -> n.Expr:
    """An expression without wraps that do nothing."""
    while x.__class__ is n.Wrap and (x.mode == n.NOTHING or x.form == "m"):
        x = x.x
    return x


def copied(s: n.Assign) -> n.Variable | None:
    """The variable that a statement copies as it is."""
    return source(s.var, s.value)


def source(target: n.Variable, value: n.Expr) -> n.Variable | None:
    """The variable that one would be a copy of, as it is, if it were assigned a value."""
    x = bare(value)
    return x.var if isinstance(x, n.Get) and x.var.signed == target.signed else None


def sum_terms(x: n.Expr) -> list[n.Expr]:
    """The terms of a sum, in order; wraps inside of it that do nothing are looked through."""
    terms: list[n.Expr] = []
    pending = [x]
    while pending:
        x = pending.pop()
        if x.__class__ is n.Wrap and (x.mode == n.NOTHING or x.form == "m"):
            pending.append(x.x)
        elif x.__class__ is n.Binary and x.op == "+":
            pending += x.b, x.a
        else:
            terms.append(x)
    return terms


def key(x: n.Expr) -> object:
    """Equal for expressions that are the same, of what occurs in addresses."""
    if isinstance(x, n.Get):
        return x.var
    if isinstance(x, n.Const):
        return x.value
    if isinstance(x, n.Wrap):
        return (x.form, x.mode, key(x.x))
    if isinstance(x, n.Binary):
        return (x.op, key(x.a), key(x.b))
    if isinstance(x, n.GlobalGet):
        return ("global", x.index)
    return id(x)
