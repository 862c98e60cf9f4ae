"""What is known of the contents of memories on a path, which is forgotten where something may have changed it.

Nothing is assumed about memory: a store changes whatever it may reach, a call changes everything.  Two accesses are
known to be apart where their addresses are the same variable, or none, plus constants that are apart.  That needs no
proof that the sums do not wrap around: an access that has not trapped ends within the address space, so that its
address is known from what it is congruent to.
"""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.optimise.facts import bare

Access = n.Load | n.Store

MOST = 32
"""Facts that are kept on a path, so that a store takes limited time."""


@dataclass(slots=True, eq=False)
class Place:
    """Where an access goes.

    :ivar base: a memory, and the variable that the address is a sum with, if it is one
    :ivar distance: what the address is beyond the variable
    :ivar exact: it is not only congruent to that: where such a place is accessed again, it does not trap
    """

    base: tuple[int, n.Variable | None]
    distance: int
    exact: bool


def place_of(access: Access) -> Place | None:
    """The place of an access, if its address has the shape of one."""
    wrap = access.address
    if not isinstance(wrap, n.Wrap):
        return None
    x = bare(wrap.x)
    distance = 0
    if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.b, n.Const):
        distance = x.b.value
        x = bare(x.a)
    if isinstance(x, n.Get):
        v = x.var
        exact = not distance or (wrap.mode == n.NOTHING and not v.signed and not v.modular)
        return Place((access.memory, v), distance + access.offset, exact)
    if isinstance(x, n.Const):
        return Place((access.memory, None), (x.value + distance) % (1 << wrap.bits) + access.offset, True)
    return None


@dataclass(slots=True, eq=False)
class Fact:
    """What an access has shown to be at a place.

    :ivar modulus: how many addresses there are
    :ivar value: what holds it; ``None`` where the access itself does
    :ivar statement: what the access belongs to, and ``body`` the list that this is in
    """

    place: Place
    modulus: int
    access: Access
    value: n.Variable | n.Const | None
    statement: n.Stmt
    body: list[n.Stmt]

    def overlaps(self, place: Place, width: int) -> bool:
        """Whether an access may reach what this is about."""
        if self.place.base != place.base:
            return True
        ahead = place.distance - self.place.distance
        return ahead % self.modulus < self.access.width or -ahead % self.modulus < width


Key = tuple[tuple[int, n.Variable | None], int, object]
"""A base, a distance, and the width of what was stored or the form of what was loaded."""

Contents = dict[Key, Fact]
"""Facts, the oldest first."""


def form(load: n.Load) -> object:
    """Equal for loads that make the same of the same bytes."""
    return load.item, load.signed, load.exact, load.type


def remember(contents: Contents, key: Key, fact: Fact) -> None:
    """Add a fact."""
    if len(contents) >= MOST:
        del contents[next(iter(contents))]
    contents[key] = fact


def overwrite(contents: Contents, place: Place | None, width: int) -> None:
    """Something is stored."""
    if place is None:
        contents.clear()
    elif contents:
        for key in [key for key, fact in contents.items() if fact.overlaps(place, width)]:
            del contents[key]


def reassign(contents: Contents, variable: n.Variable) -> None:
    """A variable gets another value."""
    for key in [key for key, fact in contents.items() if fact.value is variable or key[0][1] is variable]:
        del contents[key]


def join(one: Contents | None, other: Contents | None) -> Contents | None:
    """What is known where two paths meet; ``None`` is a path that does not get there."""
    if one is None:
        return other
    if other is None or one == other:
        return one
    return {key: fact for key, fact in one.items() if other.get(key) is fact}
