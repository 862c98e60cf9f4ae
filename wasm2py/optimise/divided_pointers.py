"""Pointers of unknown alignment that a small loop carries are divided where they are assigned, not where they are used.

::

    loop                              r, q = p & 3, p // 4
      i32.store p x                   loop
      x = i32.load offset=4 p           items[r][q] = x
      p = i32.load p         becomes    x = items4[r][q]
      br_if loop p                      p = items[r][q]
                                        r, q = p & 3, p // 4
                                        br_if loop p

Only innermost loops, those without calls: elsewhere most pointers are looked at once on the path that is taken, and
every call of the function pays for its locals.  What is kept are numbers, so memory may grow meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, lists, operands, statements
from wasm2py.optimise.divisions import COPY, DIVISION, LOCALS, SAVED, TURNS, Key, divisible, division, use_pair
from wasm2py.optimise.facts import copied

MOST = 60
"""Statements of a loop that is small."""

_RARE = 1 / 8
"""How often a turn is taken to leave the loop at a place where it can."""

_BARRED = frozenset((n.Loop, n.For, n.Try, n.Retry, n.Call))
"""What such a loop does not have in it."""

_LEAVING = (n.Return, n.TailCall, n.Unreachable, n.Throw, n.ThrowRef, n.Reraise)


def divide_pointers(function: n.Function) -> None:
    """Run the pass."""
    _Search(function).body(function.body)


@dataclass(slots=True)
class _Search:
    """The way to the innermost loops of a function."""

    function: n.Function

    def body(self, body: list[n.Stmt]) -> tuple[int, bool]:
        """Go through a list; returns the number of its statements, and whether it has some that no loop may have."""
        size, barred = len(body), False
        loops = []
        for s in body:
            inside, fits = 0, True
            for inner in lists(s):
                count, bar = self.body(inner)
                inside += count
                fits &= not bar
            size += inside
            barred |= not fits or s.__class__ in _BARRED
            if isinstance(s, n.Loop) and fits and s.counting is None and not s.rare and inside <= MOST:
                loops.append(s)
        for loop in loops:
            _divide(self.function, body, loop)
        return size, barred


def _divide(function: n.Function, around: list[n.Stmt], loop: n.Loop) -> None:
    """Divide the pointers of a loop that are worth it."""
    turn = _Turn(loop)
    turn.body(loop.body, 1, frozenset())
    pairs = {key: (function.temporary(), function.temporary()) for key in turn.chosen()}
    for key, accesses in turn.accesses.items():
        if key in pairs:
            use_pair(accesses, pairs[key])
    start = next(i for i, s in enumerate(around) if s is loop)
    for key, pair in pairs.items():
        variable, width = key
        if variable in turn.exposed:
            around[start:start] = division(key, pair)
            start += 2
        for each in turn.assignments[variable]:
            source = each.source and pairs.get((each.source, width))
            made: list[n.Stmt] = [*map(n.Assign, pair, map(n.Get, source))] if source else division(key, pair)
            position = next(i for i, s in enumerate(each.body) if s is each.statement)
            each.body[position + 1 : position + 1] = made
        if variable in turn.exposed and turn.assignments[variable]:
            loop.carried += pair


@dataclass(frozen=True, slots=True)
class _Assignment:
    """A statement that assigns a pointer.

    :ivar body: the list that it is in
    :ivar source: the pointer that it copies, if it does
    :ivar weight: how often it is taken to run in a turn
    """

    statement: n.Stmt
    body: list[n.Stmt]
    source: n.Variable | None
    weight: float


_Flow = tuple[float, frozenset[n.Variable]] | None
"""How often control is taken to come to a place in a turn, and what is assigned by then; ``None`` if it never comes."""


def _either(one: _Flow, other: _Flow) -> _Flow:
    """Where two ways meet."""
    if one is None or other is None:
        return one or other
    return one[0] + other[0], one[1] & other[1]


@dataclass(slots=True)
class _Turn:
    """What a turn of a loop does with pointers.

    :ivar inside: the labels of the loop and of blocks in it
    :ivar arrived: for labels of blocks, how often a branch to them is taken to run, and what is assigned by then
    :ivar uses: how often a turn is taken to access what a pointer points to
    :ivar exposed: variables that may be read before the turn assigns them
    """

    loop: n.Loop
    inside: set[n.Label] = field(init=False)
    arrived: dict[n.Label, _Flow] = field(default_factory=dict)
    accesses: dict[Key, list[n.Load | n.Store]] = field(default_factory=lambda: defaultdict(list))
    uses: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    assignments: dict[n.Variable, list[_Assignment]] = field(default_factory=lambda: defaultdict(list))
    exposed: set[n.Variable] = field(default_factory=set)

    def __post_init__(self) -> None:
        blocks = (s.label for s in statements(self.loop.body) if isinstance(s, n.Block))
        self.inside = {self.loop.label, *blocks}

    def body(self, body: list[n.Stmt], weight: float, known: frozenset[n.Variable]) -> _Flow:
        """Go through a list.

        :param weight: how often it is taken to run in a turn
        :param known: what the turn has assigned by then
        :returns: the same of its end
        """
        for position, s in enumerate(body):
            self.reads(s, weight, known)
            targets = assigned(s)
            for variable in targets:
                source = copied(s) if isinstance(s, n.Assign) else None
                self.assignments[variable].append(_Assignment(s, body, source, weight))
            if targets:
                known = known.union(targets)
            flow: _Flow = (weight, known)
            if isinstance(s, n.Block):
                flow = _either(self.body(s.body, weight, known), self.arrived.pop(s.label, None))
            elif isinstance(s, n.If):
                shares = self.shares(s, body[position + 1 :])
                then = self.body(s.then, weight * shares[0], known)
                flow = _either(then, self.body(s.orelse, weight * shares[1], known))
            elif isinstance(s, n.Switch):
                for arm in s.arms:
                    self.body(arm, weight / len(s.arms), known)
                flow = None
            elif isinstance(s, n.Br):
                if s.label in self.inside:
                    self.arrived[s.label] = _either(flow, self.arrived.get(s.label))
                flow = None
            if flow is None or isinstance(s, _LEAVING):
                return None
            weight, known = flow
        return weight, known

    def shares(self, s: n.If, rest: list[n.Stmt]) -> tuple[float, float]:
        """How often the arms are taken: one that leaves the loop, seldom."""
        then, orelse = self.leaves(s.then), self.leaves(s.orelse or rest)
        if then == orelse:
            return 1 / 2, 1 / 2
        return (_RARE, 1 - _RARE) if then else (1 - _RARE, _RARE)

    def leaves(self, body: list[n.Stmt]) -> bool:
        """Whether a list always ends outside of the loop."""
        if not body or not isinstance(body[-1], (n.Br, *_LEAVING)):
            return False
        return not any(isinstance(s, n.Br) and s.label in self.inside for s in statements(body))

    def reads(self, s: n.Stmt, weight: float, known: frozenset[n.Variable]) -> None:
        """Note what a statement itself reads and accesses."""
        if isinstance(s, n.Store):
            self.access(s, weight)
        for operand in operands(s):
            for x in expressions(operand):
                if isinstance(x, n.Get):
                    if x.var not in known:
                        self.exposed.add(x.var)
                elif isinstance(x, n.Load):
                    self.access(x, weight)

    def access(self, x: n.Load | n.Store, weight: float) -> None:
        """Note an access."""
        key = divisible(x)
        if key is not None:
            self.accesses[key].append(x)
            self.uses[key] += weight

    def chosen(self) -> list[Key]:
        """The pointers that are worth it: without those that are not, what is copied from them has to be divided."""
        chosen = dict.fromkeys(self.accesses)
        while chosen:
            gains = {key: self.gain(key, chosen) for key in chosen}
            worst = min(gains, key=lambda key: gains[key])
            if gains[worst] > 0:
                break
            del chosen[worst]
        return list(chosen)

    def gain(self, key: Key, chosen: dict[Key, None]) -> float:
        """What is saved by dividing a pointer where it is assigned, among others."""
        variable, width = key
        gain = self.uses[key] * SAVED
        for each in self.assignments[variable]:
            gain -= each.weight * (COPY if each.source and (each.source, width) in chosen else DIVISION)
        return gain * TURNS - LOCALS - (DIVISION if variable in self.exposed else 0)
