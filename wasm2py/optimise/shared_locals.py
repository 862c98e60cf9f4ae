"""Variables that are never alive together share one Python local, where a function has many.

::

    a = load p                        p = load p
    b = a * a              becomes    p = p * p
    return b + b                      return p + p

A call pays for each local of the function, even where control never comes near it: the frame is made for all of them,
and cleared at its end.  Where there are few that is little, and names that stand for one thing are easier to read.
What is copied shares the local of its copy if it can, the copies in the deepest loops first, and those copies go.

No value stays longer in a local than it would otherwise: another variable can only replace it earlier.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.bitsets import members
from wasm2py.ir.lives import Lives, find_lives

_FEW = 16
"""So many variables keep locals of their own."""

_MOST = 4096
"""In a function of more, all do: a set of them for each statement would take too much memory."""


def share_locals(function: n.Function) -> None:
    """Run the pass."""
    if not _FEW < len(function.variables) <= _MOST:
        return
    variables = list(dict.fromkeys((*function.params, *function.variables)))
    lives = find_lives(function, variables, lambda _target, value: _origin(value))
    if lives is None or lives.mentioned.bit_count() <= _FEW:
        return
    shared = _Shared(lives)
    for copy in sorted(lives.copies, key=lambda copy: -copy.loops):
        shared.unite(copy.target, copy.source)
    shared.fill(members(lives.mentioned))
    for number, home in enumerate(shared.homes):
        if home != number:
            lives.variables[number].home = lives.variables[home]
    idle = {id(copy.body): copy.body for copy in lives.copies if shared.homes[copy.target] == shared.homes[copy.source]}
    for body in [*idle.values(), *lives.again] if idle else []:
        body[:] = [s for s in map(_without_copies, body) if s is not None]


class _Shared:
    """Which variables share a local: it has the number of the first of them.

    :ivar homes: by variable, the number of its local
    :ivar members: by local, the set of its variables
    :ivar clashes: by local, the variables that clash with one of them
    """

    def __init__(self, lives: Lives) -> None:
        self.homes = list(range(len(lives.variables)))
        self.members = [1 << number for number in self.homes]
        self.clashes = lives.clashes.copy()

    def unite(self, one: int, other: int) -> None:
        """Let the locals of two variables be one, if none of their variables clash."""
        one, other = sorted((self.homes[one], self.homes[other]))
        if one != other and self.room([one], other) is not None:
            self.join(one, other)

    def fill(self, variables: list[int]) -> None:
        """Let each variable share the first local that has room for it."""
        found: list[int] = []
        for number in variables:
            if self.homes[number] == number:
                home = self.room(found, number)
                if home is None:
                    found.append(number)
                else:
                    self.join(home, number)

    def room(self, homes: list[int], other: int) -> int | None:
        """The first of some locals whose variables do not clash with those of another."""
        all_members, all_clashes = self.members, self.clashes
        members_, clashes = all_members[other], all_clashes[other]
        for home in homes:
            if not (all_clashes[home] & members_ or clashes & all_members[home]):
                return home
        return None

    def join(self, home: int, other: int) -> None:
        """Move the variables of a local to one with a lower number."""
        for number in members(self.members[other]):
            self.homes[number] = home
        self.members[home] |= self.members[other]
        self.clashes[home] |= self.clashes[other]


def _without_copies(s: n.Stmt) -> n.Stmt | None:
    """A statement without assignments of locals to themselves."""
    if isinstance(s, n.Assign):
        return None if _stays(s.var, s.value) else s
    if isinstance(s, n.AssignMany):
        pairs = [(v, x) for v, x in zip(s.vars, s.values, strict=True) if not _stays(v, x)]
        if len(pairs) < 2:
            return n.Assign(*pairs[0]) if pairs else None
        s.vars = [v for v, _ in pairs]
        s.values = [x for _, x in pairs]
    return s


def _origin(value: n.Expr) -> n.Variable | None:
    """The variable that an expression is, if it is nothing but that."""
    while isinstance(value, n.Wrap) and value.mode == n.NOTHING:
        value = value.x
    return value.var if isinstance(value, n.Get) else None


def _stays(variable: n.Variable, value: n.Expr) -> bool:
    """Whether an assignment would leave a local as it is."""
    source = _origin(value)
    return source is not None and (source.home or source) is (variable.home or variable)
