"""Counters: variables that a turn of a loop changes by a bounded amount, if at all.

::

    loop                       each assignment runs at most once a turn, so in one turn no variable of the group
      if c: words += 1         {length, next} can exceed the largest of them by more than the sum of all that is
      next = length + 1        added; where the number of turns is limited, so is the group
      length = next   or  0
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, lists
from wasm2py.wasm.types import I64


@dataclass(slots=True)
class Group:
    """Variables that are assigned from each other in a loop.

    :ivar up: sum of all positive changes in one turn
    :ivar down: sum of all negative changes
    :ivar resets: intervals of other values that are assigned
    :ivar sources: variables from outside of the loop whose values are assigned
    """

    variables: set[n.Variable] = field(default_factory=set)
    up: int = 0
    down: int = 0
    resets: list[tuple[int, int]] = field(default_factory=list)
    sources: set[n.Variable] = field(default_factory=set)
    broken: bool = False

    def merge(self, other: Group) -> None:
        """Become one group with another."""
        self.variables |= other.variables
        self.up += other.up
        self.down += other.down
        self.resets += other.resets
        self.sources |= other.sources
        self.broken |= other.broken


def find_groups(loop: n.Loop) -> list[Group]:
    """The groups of a loop that some carried variable belongs to."""
    groups: dict[n.Variable, Group] = {}
    assignments = _assignments(loop)
    for variable, _ in assignments:
        groups.setdefault(variable, Group({variable}))
    for variable, value in assignments:
        group = groups[variable]
        if value is None:
            group.broken = True
        else:
            _assign(groups, variable, value)
    carried = {v.find() for v in loop.carried if n.is_int(v.type)}
    found: list[Group] = []
    for group in groups.values():
        if not group.broken and group.variables & carried and not any(group is known for known in found):
            found.append(group)
    return found


def _assignments(loop: n.Loop) -> list[tuple[n.Variable, n.Expr | None]]:
    """All assignments in a loop; ``None`` stands for a value that nothing is known about, or an inner loop's."""
    found: list[tuple[n.Variable, n.Expr | None]] = []
    work = [(loop.body, False)]
    while work:
        body, repeated = work.pop()
        for s in body:
            if isinstance(s, n.Assign) and not repeated and n.is_int(s.var.type):
                found.append((s.var.find(), s.value))
            else:
                found += [(variable, None) for variable in assigned(s)]
            work += [(inner, repeated or isinstance(s, n.Loop)) for inner in lists(s)]
    return found


def _assign(groups: dict[n.Variable, Group], variable: n.Variable, value: n.Expr) -> None:
    """Take one assignment into account."""
    group = groups[variable]
    value = _plain(value)
    if isinstance(value, n.Select):
        _assign(groups, variable, value.a)
        _assign(groups, variable, value.b)
        return
    interval = _interval(value)
    if interval is not None:
        if interval[0] < 0 and not variable.signed:  # kept as a large number
            group.broken |= not isinstance(value, n.Const)
            modulus = 1 << (64 if variable.type is I64 else 32)
            interval = (interval[0] % modulus, interval[1] % modulus)
        group.resets.append(interval)
        return
    change = (0, 0)
    if isinstance(value, n.Binary) and value.op in "+-":
        base, delta = _plain(value.a), _interval(_plain(value.b))
        if delta is None and value.op == "+":
            base, delta = _plain(value.b), _interval(base)
        if delta is None:
            group.broken = True
            return
        change = delta if value.op == "+" else (-delta[1], -delta[0])
        value = base
    if not isinstance(value, n.Get) or value.var.find().signed != variable.signed:
        group.broken = True
        return
    source = value.var.find()
    group.up += max(0, change[1])
    group.down += min(0, change[0])
    if source not in groups:
        if change != (0, 0):
            group.broken = True  # not worth the trouble
        group.sources.add(source)
    elif groups[source] is not group:
        group.merge(groups[source])
        for member in groups[source].variables:
            groups[member] = group


def _plain(x: n.Expr) -> n.Expr:
    return _plain(x.x) if isinstance(x, n.Wrap) and x.form in "vm" else x


def _interval(x: n.Expr) -> tuple[int, int] | None:
    """The range of an expression that depends on no variable, where it is small."""
    if isinstance(x, n.Const):
        half = 1 << x.bits - 1
        value = (x.value + half) % (2 * half) - half
        return (value, value)
    if isinstance(x, n.BoolInt):
        return (0, 1)
    if isinstance(x, n.Load) and x.item in "BH":
        bits = 8 * x.width
        return (-1 << bits - 1, (1 << bits - 1) - 1) if x.signed else (0, (1 << bits) - 1)
    return None
