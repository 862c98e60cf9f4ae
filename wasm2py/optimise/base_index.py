"""The base of several aligned accesses is divided once.

::

    p = g0 - 32                               p = g0 - 32
    i32.store offset=4  p  a    becomes       q = p >> 2
    i32.store offset=8  p  b                  items[q + 1] = a
                                              items[q + 2] = b

It pays from the second access on: the shift costs as much as an access.  A base qualifies if it has one assignment in
the function, behind which the quotient is computed, or is a parameter that is never assigned.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, lists, operands, parts
from wasm2py.optimise.addresses import in_items, new_variable, quotient, scale_address

WORTH = 2
"""Accesses that a base needs; one in a loop below its assignment counts as many."""


def share_bases(function: n.Function) -> None:
    """Run the pass."""
    found = _Accesses()
    found.collect(function.body, 0)
    for base in sorted(found.accesses, key=lambda v: v.index):
        if base in function.params and base not in found.assigned:
            place, depth = function.body, 0
            position = 0
        elif base not in function.params and found.assigned.get(base) is not None:
            definition = found.assigned[base]
            assert definition is not None
            place, depth = definition.body, definition.depth
            position = 1 + next(i for i, s in enumerate(place) if s is definition.statement)
        else:
            continue
        for width, accesses in sorted(found.accesses[base].items()):
            if sum(WORTH if inner > depth else 1 for _, inner in accesses) < WORTH:
                continue
            shift = width.bit_length() - 1
            index = new_variable(function)
            place.insert(position, n.Assign(index, quotient(base, shift)))
            for access, _ in accesses:
                scale_address(access, index, shift)


@dataclass(frozen=True, slots=True)
class _Definition:
    """The one statement that assigns a variable, its list, and in how many loops it is."""

    statement: n.Stmt
    body: list[n.Stmt]
    depth: int


@dataclass(slots=True)
class _Accesses:
    """Aligned accesses by base and width, each with the number of loops around it."""

    accesses: dict[n.Variable, dict[int, list[tuple[n.Load | n.Store, int]]]] = field(default_factory=dict)
    assigned: dict[n.Variable, _Definition | None] = field(default_factory=dict)

    def collect(self, body: list[n.Stmt], depth: int) -> None:
        """Go through a list inside of ``depth`` loops."""
        for s in body:
            for variable in assigned(s):
                self.assigned[variable] = None if variable in self.assigned else _Definition(s, body, depth)
            if isinstance(s, n.Store):
                self.access(s, depth)
            for x in operands(s):
                self.expression(x, depth)
            for inner in lists(s):
                self.collect(inner, depth + isinstance(s, n.Loop))

    def expression(self, x: n.Expr, depth: int) -> None:
        if isinstance(x, n.Load):
            self.access(x, depth)
        for part in parts(x):
            self.expression(part, depth)

    def access(self, x: n.Load | n.Store, depth: int) -> None:
        if x.item in "BV" or not x.aligned or x.indexed or x.offset % x.width:
            return
        base = in_items(x.address, x.width.bit_length() - 1)
        if base is not None:
            self.accesses.setdefault(base[0], {}).setdefault(x.width, []).append((x, depth))
