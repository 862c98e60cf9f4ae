"""Masks that keep every bit of what they are applied to are left out.

::

    c = load.B p               becomes        c = load.B p
    s = s + (c & 255)                         s = s + c

Compilers keep a byte in a variable of 32 bits and do not know any more, in the next turn of a loop, that it is one.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import evaluated, replace_operands, replace_parts, statements


def drop_idle_masks(function: n.Function) -> None:
    """Run the pass."""
    for s in statements(function.body):
        for x in evaluated(s):
            if x.__class__ is n.Binary and x.idle:
                replace_operands(s, _without)
                break


def _without(x: n.Expr) -> n.Expr:
    """An expression without idle masks."""
    replace_parts(x, _without)
    return x.a if isinstance(x, n.Binary) and x.idle else x
