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

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, lists, operands, statements
from wasm2py.optimise.facts import is_pure


@dataclass(slots=True)
class Step:
    """A variable that each turn changes by ``amount``, a constant or a variable that the loop does not change.

    :ivar position: of ``statement`` in the order of the loop
    """

    variable: n.Variable
    statement: n.Assign
    position: int
    amount: n.Const | n.Get

    def exact(self) -> bool:
        """Whether no step leaves the variable's range."""
        assert isinstance(self.statement.value, n.Wrap)
        return self.statement.value.mode == n.NOTHING


@dataclass(slots=True)
class Counted:
    """A loop whose only way out is a test at the end of a turn, after a number of turns that is known at its start.

    :ivar turns: the statements of a turn, without the test
    :ivar behind: what follows the test, once
    :ivar condition: of going on
    :ivar order: all statements of a turn in the order of the text, and whether each is run in any case
    :ivar changed: variables that it assigns
    :ivar sums: variables that each turn assigns once, with a sum
    :ivar main: the step of the variable that is tested
    :ivar monotonic: the tested variable goes from where it starts to the bound without wrapping around
    :ivar trips: number of turns, in values before the loop; wrong unless it is positive and ``remainder`` is zero
    """

    loop: n.Loop
    turns: list[n.Stmt]
    behind: list[n.Stmt]
    condition: n.Expr
    changed: set[n.Variable]
    order: list[tuple[n.Stmt, bool]] = field(default_factory=list)
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


@dataclass(slots=True)
class Sum:
    """A variable that is assigned a sum in each turn, and by nothing else in the loop."""

    statement: n.Assign
    position: int


def find_counted(loop: n.Loop) -> Counted | None:
    """What is known of a loop whose turns are plain: assignments, stores and choices, then a test.

    How often it runs is for :func:`wasm2py.optimise.trips.find_trips` to find.
    """
    if loop.label.uses != 1:
        return None
    position = next((i for i, s in enumerate(loop.body) if _goes_on(s, loop.label)), None)
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
    for index, (s, always) in enumerate(counted.order):
        if not always or not isinstance(s, n.Assign) or counts[s.var] != 1:
            continue
        amount = _amount(s, counts)
        if amount is not None:
            counted.steps[s.var] = Step(s.var, s, index, amount)
        elif _is_sum(s.value):
            counted.sums[s.var] = Sum(s, index)
    return counted


def _note_order(body: list[n.Stmt], always: bool, order: list[tuple[n.Stmt, bool]]) -> set[n.Label]:
    """Note the statements of a list in the order of the text; returns the labels that it may branch to."""
    jumps: set[n.Label] = set()
    for s in body:
        order.append((s, always and not jumps))
        if isinstance(s, n.Br):
            jumps.add(s.label)
        elif isinstance(s, n.Block):
            jumps |= _note_order(s.body, always and not jumps, order) - {s.label}
        else:
            for inner in lists(s):
                jumps |= _note_order(inner, False, order)
    return jumps


def _goes_on(s: n.Stmt, label: n.Label) -> bool:
    """Whether a statement is the conditional branch back to the start."""
    if not isinstance(s, n.If) or s.orelse or len(s.then) != 1:
        return False
    jump = s.then[0]
    return isinstance(jump, n.Br) and jump.label is label


def _plain(s: n.Stmt, labels: int) -> bool:
    """Whether a statement has nothing in it but assignments, stores and choices.

    :param labels: bit set of the blocks around it in the loop, which it may leave
    """
    if isinstance(s, n.If):
        return is_pure(s.condition) and all(_plain(each, labels) for each in (*s.then, *s.orelse))
    if isinstance(s, n.Block):
        labels |= 1 << s.label.index
        return not s.label.results and all(_plain(each, labels) for each in s.body)
    if isinstance(s, n.Br):
        return bool(labels >> s.label.index & 1)
    if not isinstance(s, (n.Assign, n.AssignMany, n.Round, n.Store)) or (isinstance(s, n.Store) and s.item == "V"):
        return False
    return all(map(is_pure, operands(s)))


def _amount(s: n.Assign, counts: Counter[n.Variable]) -> n.Const | n.Get | None:
    """What an assignment adds to its own variable."""
    if not isinstance(s.value, n.Wrap):
        return None
    x = s.value.x
    if not isinstance(x, n.Binary) or x.op not in "+-" or not isinstance(x.a, n.Get) or x.a.var is not s.var:
        return None
    if isinstance(x.b, n.Const):
        if not x.b.value:
            return None
        return x.b if x.op == "+" else n.Const(x.b.bits, -x.b.value)
    if isinstance(x.b, n.Get) and x.op == "+" and not counts[x.b.var]:
        return x.b
    return None


def _is_sum(x: n.Expr) -> bool:
    """Whether a value is one that addresses are made of."""
    if not isinstance(x, n.Wrap) or not isinstance(x.x, (n.Get, n.Binary)):
        return False
    return not any(isinstance(each, n.Load) for each in expressions(x.x))
