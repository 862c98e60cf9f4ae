"""Loops that count: what steps in them, and in which order their statements stand.

::

    loop
      …                               steps: p by 8, i by -1
      p = p + 8
      i = i - 1
      if i: br loop
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, lists, operands, statements
from wasm2py.optimise.facts import is_pure

_FOREVER = 1 << 30
"""Later than any position."""


@dataclass(slots=True)
class Step:
    """A variable that each turn changes by ``amount``, a constant or a variable that the loop does not change.

    :ivar position: of ``statement`` in the order of the loop
    :ivar exact: no step leaves the variable's range
    :ivar bits: of the wrap that brings it back
    """

    variable: n.Variable
    statement: n.Assign
    position: int
    amount: n.Const | n.Get
    exact: bool
    bits: int


@dataclass(slots=True)
class Counted:
    """A loop whose only way out is a test at the end of a turn, after a number of turns that is known at its start.

    :ivar turns: the statements of a turn, without the test
    :ivar behind: what follows the test, once
    :ivar condition: of going on
    :ivar order: all statements of a turn in the order of the text, and whether each is run in any case
    :ivar changed: variables that it assigns
    :ivar sums: variables that are assigned in one place, a sum
    :ivar main: the step of the variable that is tested
    :ivar monotonic: the tested variable goes from where it starts to the bound without wrapping around
    :ivar trips: number of turns, in values before the loop; wrong unless it is positive and ``remainder`` is zero
    """

    loop: n.Loop
    turns: list[n.Stmt]
    behind: list[n.Stmt]
    condition: n.Expr
    changed: set[n.Variable]
    order: list[Place] = field(default_factory=list)
    steps: dict[n.Variable, Step] = field(default_factory=dict)
    sums: dict[n.Variable, Sum] = field(default_factory=dict)
    main: Step | None = None
    trips: n.Expr = field(default_factory=lambda: n.Const(32, 0))
    remainder: n.Expr | None = None
    monotonic: bool = False

    def unchanged(self, x: n.Expr) -> bool:
        """Whether an expression has the same value before the loop and in each turn."""
        return not any(
            isinstance(each, n.Load) or (isinstance(each, n.Get) and each.var in self.changed)
            for each in expressions(x)
        )


class Place(NamedTuple):
    """A statement in the order of a loop.

    :ivar always: each turn runs it
    :ivar end: the statements that only run after it are those behind it up to this position
    """

    statement: n.Stmt
    always: bool
    end: int


@dataclass(slots=True)
class Sum:
    """A variable that is assigned a sum, and by nothing else in the loop; it is known up to position ``end``."""

    statement: n.Assign
    position: int
    end: int


def find_counted(loop: n.Loop) -> Counted | None:
    """What is known of a loop whose turns are plain: assignments, stores and choices, then a test.

    How often it runs is for :func:`wasm2py.optimise.loops.trips.find_trips` to find.
    """
    position = find_test(loop)
    if position is None:
        return None
    test = loop.body[position]
    assert isinstance(test, n.If)
    turns = loop.body[:position]
    if not all(_plain(s, 0) for s in turns):
        return None
    counts = Counter(variable for s in statements(turns) for variable in assigned(s))
    counted = Counted(loop, turns, loop.body[position + 1 :], test.condition, set(counts))
    _note_order(turns, True, counted.order)
    made: dict[n.Variable, tuple[n.Expr, int]] = {}
    for index, (s, always, end) in enumerate(counted.order):
        if not isinstance(s, n.Assign) or counts[s.var] != 1:
            continue
        step = _Change(s.var, index, made, counts).step(s) if always else None
        if step is not None:
            counted.steps[s.var] = step
        elif _is_sum(s.value):
            counted.sums[s.var] = Sum(s, index, end)
        if always:
            made[s.var] = (s.value, index)
    return counted


def find_test(loop: n.Loop) -> int | None:
    """Where in its list a loop ends with a conditional branch back to the start, if it has no other branch to there."""
    if loop.label.uses != 1:
        return None
    return next((i for i, s in enumerate(loop.body) if isinstance(s, n.If) and _goes_on(s, loop.label)), None)


def _note_order(body: list[n.Stmt], always: bool, order: list[Place]) -> set[n.Label]:
    """Note the statements of a list in the order of the text; returns the labels that it may branch to."""
    jumps: set[n.Label] = set()
    start = len(order)
    for s in body:
        order.append(Place(s, always and not jumps, _FOREVER))
        if isinstance(s, n.Br):
            jumps.add(s.label)
        elif isinstance(s, n.Block):
            jumps |= _note_order(s.body, always and not jumps, order) - {s.label}
        else:
            for inner in lists(s):
                jumps |= _note_order(inner, False, order)
    for position in range(start, len(order)):
        s, whenever, end = order[position]
        if not whenever and end == _FOREVER:
            order[position] = Place(s, False, len(order) - 1)
    return jumps


def _goes_on(s: n.If, label: n.Label) -> bool:
    """Whether a choice is the conditional branch back to the start."""
    if s.orelse or len(s.then) != 1:
        return False
    jump = s.then[0]
    return isinstance(jump, n.Br) and jump.label is label


def _plain(s: n.Stmt, labels: int) -> bool:
    """Whether a statement has nothing in it but assignments, stores and choices.

    :param labels: bit set of the blocks around it in the loop, which it may leave
    """
    if isinstance(s, n.If):
        return is_pure(s.condition) and all(_plain(each, labels) for each in (*s.then, *s.orelse))
    if isinstance(s, n.Switch):
        return is_pure(s.index) and all(_plain(each, labels) for arm in s.arms for each in arm)
    if isinstance(s, n.Block):
        labels |= 1 << s.label.index
        return not s.label.results and all(_plain(each, labels) for each in s.body)
    if isinstance(s, n.Br):
        return bool(labels >> s.label.index & 1)
    if not isinstance(s, (n.Assign, n.AssignMany, n.Round, n.Store)):
        return False
    return all(map(is_pure, operands(s)))


@dataclass(slots=True)
class _Change:
    """Follows the value of an assignment back to what the variable was at the start of the turn.

    :ivar position: of the assignment, then of what is looked at
    :ivar made: variables that each turn assigns once, their values and where
    :ivar counts: how often each variable is assigned in the loop
    """

    variable: n.Variable
    position: int
    made: dict[n.Variable, tuple[n.Expr, int]]
    counts: Counter[n.Variable]
    constant: int = 0
    amount: n.Get | None = None
    bits: int = 0
    exact: bool = True

    def step(self, s: n.Assign) -> Step | None:
        """The assignment as a step, if it is one."""
        position = self.position
        if not self.follow(s.value):
            return None
        if self.amount is None:
            amount: n.Const | n.Get = n.Const(self.bits, self.constant)
        else:
            amount = self.amount
        if bool(self.constant) == (self.amount is not None):
            return None
        return Step(self.variable, s, position, amount, self.exact, self.bits)

    def follow(self, x: n.Expr) -> bool:
        """Whether a value is what the variable was, plus constants and at most one variable."""
        while not isinstance(x, n.Get) or x.var is not self.variable:
            if isinstance(x, n.Wrap):
                if self.bits not in (0, x.bits):
                    return False
                self.bits = x.bits
                self.exact &= x.mode == n.NOTHING
                x = x.x
            elif isinstance(x, n.Get):
                value, position = self.made.get(x.var, (x, self.position))
                if position >= self.position or x.var.type is not self.variable.type:
                    return False
                x, self.position = value, position
            elif not isinstance(x, n.Binary) or not self.add(x):
                return False
            else:
                x = x.a
        return True

    def add(self, x: n.Binary) -> bool:
        """Take in what is added to the first operand."""
        if isinstance(x.b, n.Const) and x.op in "+-":
            self.constant += x.b.value if x.op == "+" else -x.b.value
            return True
        if isinstance(x.b, n.Get) and x.op == "+" and not self.counts[x.b.var] and self.amount is None:
            self.amount = x.b
            return True
        return False


def _is_sum(x: n.Expr) -> bool:
    """Whether a value is one that addresses are made of."""
    if not isinstance(x, n.Wrap) or not isinstance(x.x, (n.Get, n.Binary)):
        return False
    return not any(isinstance(each, n.Load) for each in expressions(x.x))
