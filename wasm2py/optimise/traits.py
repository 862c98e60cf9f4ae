"""What functions have that passes are about: where there is nothing for a pass, it need not look.

Most passes go over all statements and expressions of a function, and most functions have nothing for most passes.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import all_evaluated, statements

LOOPS = "loops"
ROUNDING = "numbers that are rounded to f32"
HELPERS = "calls of the runtime's helpers"
SELECTS = "choices between values, or truth values as numbers"
IDLE_MASKS = "masks that keep all bits"
ITEMS = "aligned accesses to items of several bytes, or pointers that are divided by the size of one"
"""The only one that a pass may add: fast versions of loops are for items that turn out to be aligned."""

_OF_KINDS: dict[type, str] = {
    n.Loop: LOOPS,
    n.Round: ROUNDING,
    n.Apply: HELPERS,
    n.Select: SELECTS,
    n.BoolInt: SELECTS,
}


def find_traits(function: n.Function) -> set[str]:
    """The traits of a function that has been analysed."""
    everything = statements(function.body)
    inside = all_evaluated(everything)
    kinds = {s.__class__ for s in everything}.union([x.__class__ for x in inside])
    found = {trait for kind, trait in _OF_KINDS.items() if kind in kinds}
    if any(x.__class__ is n.Binary and x.idle for x in inside):
        found.add(IDLE_MASKS)
    if any(x.__class__ is n.Load and _is_item(x) for x in inside) or any(map(_has_items, everything)):
        found.add(ITEMS)
    return found


def _is_item(access: n.Load | n.Store) -> bool:
    return access.aligned and access.item not in "BV"


def _has_items(s: n.Stmt) -> bool:
    """Whether a statement itself accesses an item, or passes a pointer on as the index of one."""
    if isinstance(s, n.Store):
        return _is_item(s)
    return isinstance(s, (n.Call, n.TailCall)) and any(isinstance(x, n.Binary) and x.op == ">>" for x in s.args)
