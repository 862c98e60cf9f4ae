"""Where views of memory may start: what an address adds to a base need not be added where a view starts there.

``items[(p >> 2) + 5]`` is ``items20[p >> 2]``, where ``items20`` starts at byte 20 of memory.  Offsets never wrap
around in Wasm, so past the end of the view is past the end of memory; but ``p`` itself must not be negative.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n

VIEWED = 64
"""Views start below this byte: enough for most structures, and few enough views to bind."""


def natural(x: n.Expr) -> bool:
    """Whether an expression is certainly not negative."""
    if isinstance(x, n.Get):
        return not x.var.signed and not x.var.modular
    if isinstance(x, n.Const):
        return x.value >= 0
    if isinstance(x, n.Wrap):
        return x.form == "u" or natural(x.x)
    return isinstance(x, n.Binary) and x.op in ("+", "*", "<<", ">>") and natural(x.a) and natural(x.b)
