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
    kinds = {*map(type, everything), *map(type, inside)}
    found = {trait for kind, trait in _OF_KINDS.items() if kind in kinds}
    if n.Binary in kinds and any(x.idle for x in inside if x.__class__ is n.Binary):
        found.add(IDLE_MASKS)
    if _has_items(everything, inside):
        found.add(ITEMS)
    return found


def _has_items(everything: list[n.Stmt], inside: list[n.Expr]) -> bool:
    """Whether there are accesses to items, or calls that a pointer is passed on to as the index of one."""
    for x in inside:
        if x.__class__ is n.Load and _is_item(x):
            return True
    for s in everything:
        if s.__class__ is n.Store:
            if _is_item(s):
                return True
        elif isinstance(s, (n.Call, n.TailCall)) and any(isinstance(x, n.Binary) and x.op == ">>" for x in s.args):
            return True
    return False


def _is_item(access: n.Load | n.Store) -> bool:
    return access.aligned and access.item not in "BV"
