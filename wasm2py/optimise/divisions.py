"""Pointers of unknown alignment in lowest bits and quotient, so that an access only indexes: what two passes share."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.views import VIEWED
from wasm2py.optimise.addresses import is_pointer
from wasm2py.optimise.facts import bare

# What things cost; the unit is about 2 ns.
DIVISION = 5
SAVED = 4
COPY = 1
LOCALS = 2

TURNS = 4
"""How many turns a loop is taken to make."""

Key = tuple[n.Variable, int]
"""A pointer, and the width of what it points to."""

Pair = tuple[n.Variable, n.Variable]
"""The variables of the lowest bits and of the quotient."""


def divisible(x: n.Load | n.Store) -> Key | None:
    """What an access divides, if it is a pointer that can be divided elsewhere."""
    if x.aligned or x.indexed or x.item in "BV" or (x.offset >= VIEWED and x.offset % x.width):
        return None
    address = bare(x.address)
    return (address.var, x.width) if isinstance(address, n.Get) and is_pointer(address.var) else None


def division(key: Key, pair: Pair) -> list[n.Stmt]:
    """Divide a pointer."""
    variable, width = key
    rest = n.Binary("&", 32, n.Get(variable), n.Const(32, width - 1))
    quotient = n.Binary("//", 32, n.Get(variable), n.Const(32, width))  # faster than a shift, for numbers of one digit
    return [n.Assign(pair[0], rest), n.Assign(pair[1], quotient)]


def use_pair(accesses: list[n.Load | n.Store], pair: Pair) -> None:
    """Let accesses index by a pair of variables."""
    for access in accesses:
        access.address = n.Divided(*map(n.Get, pair))
