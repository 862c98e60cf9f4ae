"""Loops that count, whatever else they do, become ``for`` over a range.

::

    i = 0                                     for i in range(n):
    loop                                        s = s + f(i)
      s = s + f(i)              becomes
      i = i + 1
      if i != n: br loop

Nothing is tested for it, and there is no second version: a loop stays as it is unless the range certainly has as many
items as the loop has turns.  That is so where the analysis of ranges has found that the counter meets the bound; where
it is tested before each turn whether it is less; and where it goes up from zero by one, or goes by one and does
nothing else: then it may wrap around, as one that starts at the bound does.

A counter that no turn reads leaves the range to another variable that steps.  What is read behind the loop takes its
last step there.  The tree keeps step and test (see :class:`~wasm2py.ir.nodes.Counting`), for where Python's loops nest
too deeply.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.ir.operators import canonical
from wasm2py.ir.ranges.induction import Step, find_steps
from wasm2py.ir.walk import assigned, duplicate, lists, operands, read, reads, statements, uses
from wasm2py.optimise.facts import bare, copied
from wasm2py.optimise.loops.trips import comparisons
from wasm2py.optimise.loops.turns import Turns, find_turns
from wasm2py.wasm.types import I64

MIN_TURNS = 8
"""Setting up a range takes as long as it saves in so many turns."""

MIN_MOST = 16
"""Where there may be fewer turns, and it is known how many there are at most, there should be at most so many."""

MAX_LOOPS = 20
"""Loops nested deeper stay as they are: each is searched with all that it contains, and Python has no more of them."""


def range_loops(function: n.Function) -> None:
    """Run the pass."""
    _Pass(function).lists(function.body, [], [])


@dataclass(slots=True)
class _Pass:
    """Goes over a function in the order of its text.

    :ivar number: of the statement at hand in that order
    :ivar places: the statements that read each variable, by their numbers; found when they are asked for first
    """

    function: n.Function
    number: int = 0
    places: dict[n.Variable, list[int]] | None = None

    def lists(self, body: list[n.Stmt], before: list[n.Stmt], around: list[n.Loop]) -> None:
        """Go through a list.

        :param before: some statements that run before it
        :param around: the loops around it
        """
        for position, s in enumerate(body):
            self.number += 1
            if isinstance(s, n.Loop) and len(around) < MAX_LOOPS:
                if not s.rare:
                    s.counting = self.counting(s, _near(before, body, position), around)
                self.lists(s.body, [], [*around, s])
            else:
                near = _near(before, body, position) if isinstance(s, n.Block) else []
                for inner in lists(s):
                    self.lists(inner, near, around)

    def counting(self, loop: n.Loop, before: list[n.Stmt], around: list[n.Loop]) -> n.Counting | None:
        """How a loop is ``for``, if it can be."""
        turns = find_turns(loop)
        if turns is None:
            return None
        compared = [(bare(side), op, bound) for side, op, bound in comparisons(turns.condition)]
        assigned_ = {s.var for s in turns.body if isinstance(s, n.Assign)}
        tests = [
            (counter.var, op, bound)
            for counter, op, bound in compared
            if isinstance(counter, n.Get) and counter.var in assigned_ and isinstance(_inside(bound), (n.Get, n.Const))
        ]
        if not tests or self.short(turns.body):
            return None
        search = _Search(loop, turns, before, around, self.ahead)
        for variable, op, bound in tests:
            found = search.counted(variable, op, bound)
            if found is not None:
                return found
        return None

    def ahead(self, variable: n.Variable) -> int:
        """How often a variable is read in what is still to come."""
        if self.places is None:
            self.places = {}
            self.note(self.function.body, 0)
        places = self.places.get(variable, [])
        return len(places) - bisect_right(places, self.number)

    def note(self, body: list[n.Stmt], number: int) -> int:
        """Note what is read behind the statement of a number, in a list; returns the number of its last statement."""
        assert self.places is not None
        for s in body:
            number += 1
            for variable in read(operands(s)):
                self.places.setdefault(variable, []).append(number)
            for inner in lists(s):
                number = self.note(inner, number)
        return number

    def short(self, body: list[n.Stmt]) -> bool:
        """Whether turns are likely to be few: of a search, or where a function recurses, which is at leaves mostly."""
        turns = statements(body)
        calls = [s for s in turns if isinstance(s, n.Call)]
        if calls:
            return any(s.callee == self.function.index for s in calls)
        if any(isinstance(s, n.Loop) for s in turns):
            return False
        inside = {s.label for s in turns if isinstance(s, n.Block)}
        return any(isinstance(s, n.Return) or (isinstance(s, n.Br) and s.label not in inside) for s in turns)


def _near(before: list[n.Stmt], body: list[n.Stmt], position: int) -> list[n.Stmt]:
    """The statements shortly before one of a list."""
    return [*before, *body[max(position - n.NEAR, 0) : position]][-n.NEAR :]


def _inside(x: n.Expr) -> n.Expr:
    """An expression without its wraps."""
    while isinstance(x, n.Wrap):
        x = x.x
    return x


@dataclass(slots=True)
class _Counter:
    """A variable that each turn changes by ``amount``.

    :ivar step: the statement that does so
    :ivar position: of that in a turn
    :ivar exact: it needs no wrap
    :ivar bits: of its wrap
    :ivar copy: the statement that copies the variable for all that a turn needs of it before the step, if there is one
    :ivar early: whether a turn reads the variable before the step
    :ivar late: whether a turn reads it behind the step
    :ivar start: the statement before the loop that assigns it a constant, where that is known
    :ivar kept: whether its value is needed behind the loop
    """

    variable: n.Variable
    amount: int
    step: n.Assign
    position: int
    exact: bool
    bits: int
    copy: n.Assign | None
    early: bool
    late: bool
    start: n.Assign | None
    kept: bool

    @property
    def first(self) -> n.Expr:
        """What it starts from."""
        value = None if self.start is None else bare(self.start.value)
        return value if isinstance(value, n.Const) else n.Get(self.variable)

    @property
    def natural(self) -> bool:
        """Whether what a turn reads is the number of turns before it, even if that is all there are."""
        first = self.first
        upwards = self.amount == 1 and isinstance(first, n.Const) and not first.value
        return upwards and not self.variable.signed and (not self.late or self.copy is not None)

    @property
    def used(self) -> bool:
        """Whether it is needed for anything but the number of turns."""
        return self.early or self.late or self.kept


class _Search:
    """Looks for the range that a loop is over."""

    def __init__(
        self,
        loop: n.Loop,
        turns: Turns,
        before: list[n.Stmt],
        around: list[n.Loop],
        ahead: Callable[[n.Variable], int],
    ) -> None:
        self.loop = loop
        self.turns = turns
        self.body = turns.body
        self.before = before
        self.around = around
        self.ahead = ahead
        self.here = uses(self.body) + reads([turns.condition])
        counts = Counter(variable for s in statements(self.body) for variable in assigned(s))
        self.changed = set(counts)
        self.steps = {step.variable: step for step in find_steps(self.body, counts)}

    def counted(self, variable: n.Variable, op: str, bound: n.Expr) -> n.Counting | None:
        """How the loop is ``for``, if it goes on while ``variable op bound``."""
        limit = _inside(bound)
        if variable not in self.steps or variable.modular or (isinstance(limit, n.Get) and limit.var in self.changed):
            return None
        main = self.counter(self.steps[variable])
        tested = self.turns.tested
        met = _stays_below(main, op, bound) if tested else self.loop.proven and main.exact
        stop = _stop(main, op, bound) if met else None
        turns = _distance(main, stop) if stop is not None else _until(main, bound, tested) if op == "!=" else None
        if turns is None or not self.worth(turns):
            return None
        if main.used:
            if stop is None and main.natural:
                stop = turns
            return self.ranged(main, stop, []) if stop is not None else None
        for step in self.steps.values():
            other = self.counter(step)
            if other.exact and (other.early or other.late) and not (tested and other.kept):
                found = self.ranged(other, _sum(other.first, turns, other.amount), [main])
                if found is not None:
                    return found
        return self.counting(None, n.Steps(n.Const(64, 0), turns, n.Const(64, 1)), [main.step], [main], [])

    def worth(self, turns: n.Expr) -> bool:
        """Whether a number of turns is worth a range."""
        if isinstance(turns, n.Const):
            return turns.value >= MIN_TURNS
        return self.loop.most is None or self.loop.most >= MIN_MOST

    def ranged(self, counter: _Counter, stop: n.Expr, idle: list[_Counter]) -> n.Counting | None:
        """A range of what a variable is where turns read it, if that is either before its step or behind it.

        :param stop: where it is when the loop ends
        :param idle: what else need not be counted
        """
        first, amount = counter.first, counter.amount
        omitted = [counter.step, *[each.step for each in idle]]
        behind: list[n.Stmt] = []
        target = counter.variable
        passive = self.body[counter.position + 1 :]
        if counter.copy is not None:
            target = counter.copy.var
            passive = self.body[: self.body.index(counter.copy)]
            if uses(passive)[target]:
                return None
            omitted.append(counter.copy)
            if counter.late or counter.kept:
                omitted.remove(counter.step)
        elif counter.late:
            if counter.early:
                return None
            passive = self.body[: counter.position]
            first, stop = _sum(first, n.Const(64, 1), amount), _sum(stop, n.Const(64, 1), amount)
        elif counter.kept and self.turns.tested:  # where there was no turn, it is not before the bound
            behind = [n.If(duplicate(self.turns.condition), [counter.step], [])]
        elif counter.kept:
            behind = [counter.step]
        if self.kept(target) and not all(isinstance(s, (n.Assign, n.AssignMany)) for s in passive):
            return None  # where the loop is left there, the variable is not yet, or no more, what it is in the range
        return self.counting(target, n.Steps(first, stop, n.Const(64, amount)), omitted, [counter, *idle], behind)

    def counting(
        self,
        variable: n.Variable | None,
        steps: n.Steps,
        idle: list[n.Assign],
        counters: list[_Counter],
        behind: list[n.Stmt],
    ) -> n.Counting:
        """The annotation; a start that nothing reads any more is left out."""
        read = reads([steps])
        starts = [
            each.start for each in counters if each.start is not None and not each.kept and not read[each.variable]
        ]
        turns = [s for s in self.body if s not in idle]
        return n.Counting(variable, steps, turns, starts, [*behind, *self.turns.rest], idle)

    def counter(self, step: Step) -> _Counter:
        """A variable that steps."""
        variable, statement = step.variable, step.path[-1]
        position = self.body.index(statement)
        copy = step.path[0] if len(step.path) == 2 and copied(step.path[0]) is variable else None
        early = uses(self.body[:position])[variable]
        assert isinstance(statement.value, n.Wrap)
        return _Counter(
            variable,
            step.amount,
            statement,
            position,
            exact=all(isinstance(s.value, n.Wrap) and s.value.mode == n.NOTHING for s in step.path),
            bits=statement.value.bits,
            copy=copy if early == 1 else None,
            early=early > 0,
            late=uses(self.body[position + 1 :])[variable] > 0,
            start=self.start(variable),
            kept=self.kept(variable),
        )

    def kept(self, variable: n.Variable) -> bool:
        """Whether a value is needed behind the loop."""
        if any(variable in each.carried for each in self.around):
            return True
        # What passes have made, or merged with that, may be carried by loops without being listed there.
        if self.around and not any(variable in assigned(s) for s in self.before):
            return True
        return self.ahead(variable) > self.here[variable]

    def start(self, variable: n.Variable) -> n.Assign | None:
        """The statement shortly before the loop that assigns a variable a constant, for the loop alone."""
        for s in reversed(self.before):
            if lists(s) or reads(operands(s))[variable]:
                return None
            if variable in assigned(s):
                return s if isinstance(s, n.Assign) and isinstance(bare(s.value), n.Const) else None
        return None


def _stays_below(counter: _Counter, op: str, bound: n.Expr) -> bool:
    """Whether a counter that goes on while it is before a bound comes to it, or behind it, without wrapping around."""
    if op in ("<", ">"):
        return counter.exact or abs(counter.amount) == 1
    x = bare(bound)
    if op not in ("<=", ">=") or not isinstance(x, n.Const) or not (counter.exact or abs(counter.amount) == 1):
        return False
    low, high = canonical(64 if counter.variable.type is I64 else 32, counter.variable.signed)
    return low < x.value < high


def _stop(counter: _Counter, op: str, bound: n.Expr) -> n.Expr | None:
    """The end of the range of a counter that does not wrap around."""
    x = bare(bound)
    if op == "!=" or op == ("<" if counter.amount > 0 else ">"):
        return x if isinstance(x, n.Const) else duplicate(bound)
    if op == ("<=" if counter.amount > 0 else ">=") and isinstance(x, n.Const):
        return n.Const(64, x.value + (1 if counter.amount > 0 else -1))
    return None


def _distance(counter: _Counter, stop: n.Expr) -> n.Expr:
    """How many items the range of a counter has."""
    first, size = counter.first, abs(counter.amount)
    distance = _minus(stop, first) if counter.amount > 0 else _minus(first, stop)
    if isinstance(distance, n.Const):
        return n.Const(64, -(-distance.value // size))
    return distance if size == 1 else n.Binary("//", 64, _sum(distance, n.Const(64, 1), size - 1), n.Const(64, size))


def _until(counter: _Counter, bound: n.Expr, tested: bool) -> n.Expr | None:
    """The number of turns until a counter that goes by one is at the bound.

    If it starts there, there are none where it is ``tested`` first, and all there are otherwise.
    """
    bits = counter.bits
    if abs(counter.amount) != 1 or bits != (64 if counter.variable.type is I64 else 32):
        return None
    limit = _inside(bound)
    if isinstance(limit, n.Get) and limit.var.type is not counter.variable.type:
        return None
    distance = _minus(limit, counter.first) if counter.amount > 0 else _minus(counter.first, limit)
    every = n.Const(64, 1 << bits)
    if isinstance(distance, n.Const):
        return n.Const(64, distance.value % every.value or (0 if tested else every.value))
    if not isinstance(distance, n.Get) or distance.var.signed or distance.var.modular:
        distance = n.Binary("&", 64, distance, n.Const(64, every.value - 1))
    return distance if tested else n.Logic("or", distance, every)  # of numbers, as Python has it


def _minus(a: n.Expr, b: n.Expr) -> n.Expr:
    """The exact difference."""
    if isinstance(b, n.Const):
        return _sum(a, n.Const(64, 1), -b.value)
    return n.Binary("-", 64, a, b)


def _sum(x: n.Expr, count: n.Expr, amount: int) -> n.Expr:
    """The exact sum with a number of times an amount."""
    if isinstance(count, n.Const):
        constant = count.value * amount
        if isinstance(x, n.Const):
            return n.Const(64, x.value + constant)
        return n.Binary("+", 64, x, n.Const(64, constant)) if constant else x
    product = count if abs(amount) == 1 else n.Binary("*", 64, count, n.Const(64, abs(amount)))
    if amount < 0:
        return n.Binary("-", 64, x, product)
    return product if isinstance(x, n.Const) and not x.value else n.Binary("+", 64, x, product)
