"""What the builder asks of a value: which form it has, what it is made of, what it may do."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.operators import SUMS
from wasm2py.ir.walk import expressions


def naturally_signed(value: n.Expr) -> bool:
    """Whether a value comes as a signed number, and would have to be made unsigned."""
    if isinstance(value, n.Binary):
        return value.op == ">>" and isinstance(value.a, n.Wrap) and value.a.form == "s"
    if isinstance(value, n.Load):
        return value.signed
    return isinstance(value, (n.Extend, n.Divide)) or (isinstance(value, n.Wrap) and value.form == "s")


def need_precise(value: n.Expr, *, sums: bool = True) -> None:
    """A use needs a value in form: it cannot be a number that is only congruent.

    :param sums: the use needs the range of a sum to be known, too, as addresses do
    """
    if isinstance(value, n.Get):
        value.var.find().precise = True
    elif isinstance(value, n.Select) or (sums and isinstance(value, n.Binary) and value.op in "+-"):
        need_precise(value.a, sums=sums)
        need_precise(value.b, sums=sums)


def sum_variables(value: n.Expr) -> list[n.Variable]:
    """The variables that a sum, product, shifted number, choice or copy is made of."""
    found: list[n.Variable] = []
    pending = [value]
    while pending:
        x = pending.pop()
        if isinstance(x, n.Get):
            found.append(x.var.find())
        elif isinstance(x, n.Binary) and x.op in SUMS:
            pending += (x.a, x.b) if x.op != "<<" else (x.a,)
        elif isinstance(x, n.Select):
            pending += x.a, x.b
    return found


def modular_gain(value: n.Expr) -> int:
    """Whether a result had better not be brought into form: 1 if so, -1 if it is in form, and callers know it."""
    if isinstance(value, n.Select):
        gains = modular_gain(value.a), modular_gain(value.b)
        return (sum(gains) > 0) - (sum(gains) < 0)
    if isinstance(value, n.Binary) and value.op in ("*", "<<"):
        return 1
    computed = naturally_signed(value) or (isinstance(value, n.Binary) and value.op in "+-")
    return 0 if computed else -1


def only_loads(value: n.Expr) -> bool:
    """Whether nothing but loads can trap in an expression: they all do so in the same way."""
    return all(
        isinstance(x, _NO_OTHER_TRAP) and not (isinstance(x, n.Binary) and x.op in "//%") for x in expressions(value)
    )


_NO_OTHER_TRAP = (
    n.Load, n.Const, n.FloatConst, n.VectorConst, n.Get, n.GlobalGet, n.Wrap, n.Extend, n.Negate, n.Binary, n.Compare,
    n.Not, n.Logic, n.BoolInt, n.Select, n.Lane,
)  # fmt: skip


def may_signal(value: n.Expr) -> bool:
    """Whether an f32 may be a signalling NaN."""
    if isinstance(value, n.Select):
        return may_signal(value.a) or may_signal(value.b)
    if isinstance(value, n.FloatConst):
        return value.pattern & 0x7FC00000 == 0x7F800000 and value.pattern & 0x3FFFFF != 0
    if isinstance(value, n.Apply):
        return value.noisy
    return isinstance(value, (n.Get, n.GlobalGet, n.Load, n.Negate, n.Method, n.Member, n.Item))
