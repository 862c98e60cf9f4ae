"""Conversions of numbers that Python makes by itself, or that change nothing.

::

    x = f64_convert(i) * 0.5           becomes        x = i * 0.5
    store.d p = f64_convert(i)                        store.d p = i
    y = y + f64_promote(r)                            y = y + r, where r has been rounded to f32, or computed

Python converts an integer beside a float as ``i / 1`` does, and so does the store to a view of floats.  What arithmetic
has made is no signalling NaN, which is all that a promotion would change.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import evaluated, replace_operands, replace_parts, statements


def drop_conversions(function: n.Function) -> None:
    """Run the pass."""
    for s in statements(function.body):
        if any(x.__class__ is n.Apply for x in evaluated(s)):
            replace_operands(s, _without)
            if isinstance(s, n.Store) and s.item in "df" and not s.exact:
                s.value = _integer(s.value) or s.value


def _without(x: n.Expr) -> n.Expr:
    """An expression with fewer conversions."""
    replace_parts(x, _without)
    if isinstance(x, n.Apply) and x.helper == "f64_promote":
        promoted = x.args[0]
        if isinstance(promoted, n.Get) and not promoted.var.noisy:
            return promoted
    elif isinstance(x, n.Binary) and not x.bits and x.op in ("+", "-", "*"):
        a, b = _integer(x.a), _integer(x.b)
        if a is not None and b is None:
            x.a = a
        elif b is not None and a is None:
            x.b = b
    return x


def _integer(x: n.Expr) -> n.Expr | None:
    """The integer that a float is converted from without a helper."""
    return x.args[0] if isinstance(x, n.Apply) and x.helper == "f64_convert" else None
