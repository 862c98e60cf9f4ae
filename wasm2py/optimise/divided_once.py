"""Pointers of unknown alignment that several accesses in a row are off are divided once, where the first of them is.

::

                                                r, q = p & 3, p // 4
    x = i32.load offset=4 p        becomes      x = items4[r][q]
    i32.store offset=8 p y                      items8[r][q] = y

All that is reached by way of the first access, before the pointer changes, takes part, in arms and loops, too.  What is
kept are numbers, so memory may grow meanwhile.  A pair of variables serves all rows of a pointer: wherever one starts,
it holds what the pointer is then.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, lists, operands
from wasm2py.optimise.divisions import DIVISION, LOCALS, SAVED, TURNS, Key, Pair, divisible, division, use_pair

_MOST = 32
"""So many rows are known at a time, which bounds what every branch takes; another one replaces the oldest."""

_CAUGHT = 1 / 8
"""How often a handler is taken to run."""

_RAREST = 1e-9
"""Nothing is taken to run less often, however deep its nest is: numbers near zero would become zero."""

_LEAVING = (n.Br, n.Return, n.TailCall, n.Unreachable, n.Throw, n.ThrowRef, n.Reraise)


def divide_once(function: n.Function) -> None:
    """Run the pass."""
    search = _Search()
    search.note(function.body, 0)
    search.body(function.body, 1, {})
    pairs: dict[Key, Pair] = {}
    before: dict[int, list[n.Stmt]] = defaultdict(list)
    changed: dict[int, list[n.Stmt]] = {}
    for row in search.rows:
        if row.uses * SAVED > DIVISION + LOCALS:
            pair = pairs.get(row.key)
            if pair is None:
                pair = pairs[row.key] = function.temporary(), function.temporary()
            use_pair(row.accesses, pair)
            before[id(row.first)] += division(row.key, pair)
            changed[id(row.body)] = row.body
    for body in changed.values():
        body[:] = [each for s in body for each in (*before.get(id(s), ()), s)]


@dataclass(slots=True)
class _Row:
    """Accesses that are off the same value of a pointer.

    :ivar first: the statement with the first one
    :ivar body: the list that it is in
    :ivar weight: how often that statement is taken to run
    :ivar uses: how many accesses are taken to run for each time that it does
    """

    key: Key
    first: n.Stmt
    body: list[n.Stmt]
    weight: float
    accesses: list[n.Load | n.Store] = field(default_factory=list)
    uses: float = 0


_Known = dict[Key, _Row]
"""The rows that an access belongs to."""


def _meet(one: _Known | None, other: _Known | None) -> _Known | None:
    """What is known where two ways meet; ``None`` where control does not come from."""
    if one is None or other is None:
        return other if one is None else one
    return {key: row for key, row in one.items() if other.get(key) is row}


@dataclass(slots=True)
class _Search:
    """The way through a function.

    :ivar rows: in the order of their starts
    :ivar arrived: for labels of blocks, what is known at all branches to them
    :ivar numbers: by the identity of loops and the like, the numbers of the first statement in it and the one behind it
    :ivar changes: by variable, the numbers of the statements that assign it
    """

    rows: list[_Row] = field(default_factory=list)
    arrived: dict[n.Label, _Known | None] = field(default_factory=dict)
    numbers: dict[int, tuple[int, int]] = field(default_factory=dict)
    changes: dict[n.Variable, list[int]] = field(default_factory=lambda: defaultdict(list))

    def note(self, body: list[n.Stmt], number: int) -> int:
        """Number the statements of a list, from the given number on; returns the next one."""
        for s in body:
            start = number
            for variable in assigned(s):
                self.changes[variable].append(number)
            number += 1
            for inner in lists(s):
                number = self.note(inner, number)
            if isinstance(s, (n.Loop, n.For, n.Try)):
                self.numbers[id(s)] = start, number
        return number

    def unchanged(self, known: _Known, s: n.Stmt) -> _Known:
        """What is known wherever control is in a statement, if it was before."""
        start, end = self.numbers[id(s)]

        def changes(variable: n.Variable) -> bool:
            numbers = self.changes.get(variable, [])
            return bisect_left(numbers, start) != bisect_left(numbers, end)

        return {key: row for key, row in known.items() if not changes(key[0])}

    def body(self, body: list[n.Stmt], weight: float, known: _Known, *, starts: bool = True) -> _Known | None:
        """Go through a list.

        :param weight: how often it is taken to run
        :param known: at its start; is changed
        :param starts: whether rows may start in it: what runs again, or is in the tree of a loop and once more in its
            turns, only takes part in others
        :returns: what is known at its end, if control comes there
        """
        weight = max(weight, _RAREST)
        for s in body:
            self.accesses(s, body if starts else None, weight, known)
            for variable in assigned(s):
                for key in [key for key in known if key[0] is variable]:
                    del known[key]
            after: _Known | None = known
            if isinstance(s, n.Block):
                after = self.body(s.body, weight, known, starts=starts)
                after = _meet(after, self.arrived.pop(s.label, None))
            elif isinstance(s, n.If):
                then = self.body(s.then, weight / 2, dict(known), starts=starts)
                after = _meet(then, self.body(s.orelse, weight / 2, known, starts=starts))
            elif isinstance(s, n.Switch):
                for arm in s.arms:
                    self.body(arm, weight / len(s.arms), dict(known), starts=starts)
                after = None
            elif isinstance(s, n.Loop):
                after = self.body(s.body, weight * TURNS, self.unchanged(known, s), starts=s.counting is None)
            elif isinstance(s, n.For):
                after = self.unchanged(known, s)
                self.body(s.body, weight * TURNS, dict(after))
            elif isinstance(s, n.Try):
                caught = self.unchanged(known, s)
                after = self.body(s.body, weight, known, starts=starts)
                after = _meet(after, self.body(s.handler, weight * _CAUGHT, caught, starts=starts))
            elif isinstance(s, n.Retry):
                after = self.body(s.body, weight, known, starts=False)
            elif isinstance(s, _LEAVING):
                if isinstance(s, n.Br) and s.label.kind != "loop":
                    self.arrived[s.label] = _meet(self.arrived.get(s.label), dict(known))
                after = None
            if after is None:
                return None
            known = after
        return known

    def accesses(self, s: n.Stmt, body: list[n.Stmt] | None, weight: float, known: _Known) -> None:
        """Note the accesses of a statement itself; they start rows if it is known which list it is in."""
        found: list[n.Load | n.Store] = [s] if isinstance(s, n.Store) else []
        found += [x for operand in operands(s) for x in expressions(operand) if isinstance(x, n.Load)]
        for x in found:
            key = divisible(x)
            if key is None:
                continue
            row = known.get(key)
            if row is None:
                if body is None:
                    continue
                if len(known) == _MOST:
                    del known[next(iter(known))]
                row = known[key] = _Row(key, s, body, weight)
                self.rows.append(row)
            row.accesses.append(x)
            row.uses += weight / row.weight
