"""Which variables are alive together, so that they can't be one.

A variable clashes with all that are alive where it is assigned, but for the one that it is a copy of: both have the
same value then.  The analysis runs backwards over the tree before structuring, repeated until what is alive at the
starts of loops no longer grows, or given up where that takes long.

Every statement inside of a ``Try`` may lead to its handler, and every one inside of a ``Retry`` to its start.  A loop
that may become ``for`` is looked at as the tree has it, but what the range assigns, in another place, is alive in all
of the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wasm2py.ir import nodes as n
from wasm2py.ir.bitsets import members
from wasm2py.ir.walk import assigned, lists, operands, read

_ROW, _LEAVE, _BR, _CHOICE, _ARM, _CHOICE_END, _BLOCK_END, _LOOP, _LOOP_END, _FOR, _FOR_END = range(11)
_TRY, _HANDLER, _TRY_END, _RETRY, _RETRY_END, _HOLD, _HOLD_END = range(11, 18)


MAX_PASSES = 12
"""Passes over a function after which what lives is not worth finding out."""


@dataclass(frozen=True, slots=True)
class Lives:
    """Variables by number, and sets of them as bit sets.

    :ivar variables: by number
    :ivar mentioned: those that the tree reads or assigns, and the parameters
    :ivar clashes: by number, the variables that are alive where it is assigned, perhaps with itself
    :ivar copies: in no particular order
    :ivar again: lists that have statements of the tree once more
    """

    variables: list[n.Variable]
    mentioned: int
    clashes: list[int]
    copies: list[Copy]
    again: list[list[n.Stmt]]


@dataclass(frozen=True, slots=True)
class Copy:
    """An assignment of a variable to another, both by number.

    :ivar loops: how many loops are around it
    :ivar body: the list that it stands in
    """

    target: int
    source: int
    loops: int
    body: list[n.Stmt]


def find_lives(
    function: n.Function, variables: list[n.Variable], source: Callable[[n.Variable, n.Expr], n.Variable | None]
) -> Lives | None:
    """Find out which variables of an analysed function are alive together, if that takes a few passes only.

    :param variables: those that this is about
    :param source: the variable that an assignment copies, if it does so
    """
    events = _Events(variables, source)
    events.body(function.body)
    order = events.found[::-1]
    alive = dict.fromkeys(events.starts, 0)
    clashes = [0] * len(variables)
    if alive:
        _backwards(order, alive, None)
    for _ in range(MAX_PASSES):
        entry, changed = _backwards(order, alive, clashes)
        if not changed:
            break
    else:
        return None
    params = 0
    for param in function.params:
        params |= events.sets.get(param, 0)
    for number in members(params):
        clashes[number] |= entry | params
    return Lives(variables, params | events.mentioned, clashes, events.copies, events.again)


def _number(one: int) -> int:
    """The member of a set that has one."""
    return one.bit_length() - 1


# ---------------------------------------------------------------------------------------------------------- the events

_Step = tuple[int, int, int]
"""A statement without others inside: what it reads, what it assigns, and what that is a copy of."""

_Event = tuple[int, int, int, "list[_Step] | tuple[()]"]
"""Its kind, the number of a label, and what is read.

Statements in a row without others inside are one event, with what they assign in the place of a label, what they read
before they assign it, and at last the statements.
"""


_START_OF_ARM: _Event = (_ARM, 0, 0, ())
_END_OF_CHOICE: _Event = (_CHOICE_END, 0, 0, ())


class _Events:
    """What matters of a tree, in order.

    :ivar sets: by variable that this is about, the set that has it alone
    :ivar source: the variable that an assignment copies
    :ivar starts: the numbers of what control goes back to: of labels, or below zero where there is none
    :ivar loops: how many are around what is looked at
    """

    def __init__(self, variables: list[n.Variable], source: Callable[[n.Variable, n.Expr], n.Variable | None]) -> None:
        self.sets = {variable: 1 << number for number, variable in enumerate(variables)}
        self.source = source
        self.found: list[_Event] = []
        self.starts: list[int] = []
        self.mentioned = 0
        self.copies: list[Copy] = []
        self.again: list[list[n.Stmt]] = []
        self.loops = 0

    def body(self, body: list[n.Stmt]) -> None:
        """Find the events of a list of statements."""
        row: list[_Step] = []
        before = after = 0
        for s in body:
            control = _CONTROL.get(s.__class__)
            if control is None:
                step = reads, assigns, _ = self.step(s, body)
                if reads or assigns:
                    row.append(step)
                    before |= reads & ~after
                    after |= assigns
            else:
                if row:
                    self.row(row, before, after)
                    row = []
                    before = after = 0
                control(self, s)
        if row:
            self.row(row, before, after)

    def row(self, steps: list[_Step], before: int, after: int) -> None:
        """Statements in a row, with what they read before they assign it, and what they assign."""
        self.mentioned |= before | after
        self.found.append((_ROW, after, before, steps))

    def step(self, s: n.Stmt, body: list[n.Stmt]) -> _Step:
        """A statement without others inside, of a list."""
        reads = self.reads(operands(s))
        if isinstance(s, n.Assign):
            copies = reads and s.value.__class__ in _TRANSPARENT and self.copy(s.var, s.value, body)
            return reads, self.sets.get(s.var, 0), reads if copies else 0
        assigns = 0
        for variable in assigned(s):
            assigns |= self.sets.get(variable, 0)
        if isinstance(s, n.AssignMany):
            for variable, value in zip(s.vars, s.values, strict=True):
                self.copy(variable, value, body)
        return reads, assigns, 0

    def copy(self, target: n.Variable, value: n.Expr, body: list[n.Stmt]) -> bool:
        """Note an assignment of a variable to another; returns whether it is one."""
        source = self.source(target, value)
        if source not in self.sets or target not in self.sets:
            return False
        self.copies.append(Copy(_number(self.sets[target]), _number(self.sets[source]), self.loops, body))
        return True

    def reads(self, evaluated: Sequence[n.Expr]) -> int:
        """What expressions read."""
        reads = 0
        sets = self.sets
        for variable in read(evaluated):
            if variable in sets:
                reads |= sets[variable]
        return reads

    def mark(self, kind: int, label: int = 0, reads: int = 0) -> None:
        """An event of control."""
        self.mentioned |= reads
        self.found.append((kind, label, reads, ()))

    def start(self, label: n.Label | None = None) -> int:
        """The number of what control goes back to."""
        number = -1 - len(self.starts) if label is None else label.index
        self.starts.append(number)
        return number

    def on_leave(self, s: n.Stmt) -> None:
        self.mark(_LEAVE, reads=self.reads(operands(s)))

    def on_branch(self, s: n.Br) -> None:
        self.mark(_BR, s.label.index)

    def on_choice(self, s: n.Stmt) -> None:
        self.mark(_CHOICE, reads=self.reads(operands(s)))
        for arm in lists(s):
            self.found.append(_START_OF_ARM)
            self.body(arm)
        self.found.append(_END_OF_CHOICE)

    def on_block(self, s: n.Block) -> None:
        self.body(s.body)
        self.mark(_BLOCK_END, s.label.index)

    def on_loop(self, s: n.Loop) -> None:
        counting = s.counting
        if counting is None:
            self.loop(s)
            return
        held = 0 if counting.var is None else self.sets.get(counting.var, 0)
        for each in counting.idle:
            held |= self.sets.get(each.var, 0)
        self.again += [counting.turns, counting.rest]
        reads = self.reads([counting.steps])
        self.row([(reads, 0, 0)], reads, 0)
        self.mark(_HOLD)
        self.loop(s)
        self.mark(_HOLD_END, reads=held)

    def loop(self, s: n.Loop) -> None:
        """A loop as the tree has it."""
        self.mark(_LOOP, self.start(s.label))
        self.loops += 1
        self.body(s.body)
        self.loops -= 1
        self.mark(_LOOP_END)

    def on_for(self, s: n.For) -> None:
        start = self.start()
        reads, assigns, _ = self.step(s, [])
        self.row([(reads, 0, 0)], reads, 0)
        self.mark(_FOR, start)
        self.row([(0, assigns, 0)], 0, assigns)
        self.loops += 1
        self.body(s.body)
        self.loops -= 1
        self.mark(_FOR_END, start)

    def on_try(self, s: n.Try) -> None:
        self.mark(_TRY)
        self.body(s.body)
        self.mark(_HANDLER)
        self.body(s.handler)
        self.mark(_TRY_END)

    def on_retry(self, s: n.Retry) -> None:
        start = self.start()
        self.mark(_RETRY, start)
        self.body(s.body)
        self.mark(_RETRY_END, start)


_TRANSPARENT = (n.Get, n.Wrap)
"""What an expression that is a variable may be made of."""

_CONTROL: dict[type, Callable[[_Events, Any], None]] = {
    n.If: _Events.on_choice,
    n.Switch: _Events.on_choice,
    n.Block: _Events.on_block,
    n.Loop: _Events.on_loop,
    n.For: _Events.on_for,
    n.Try: _Events.on_try,
    n.Retry: _Events.on_retry,
    n.Br: _Events.on_branch,
    **dict.fromkeys((n.Return, n.TailCall, n.Unreachable, n.Throw, n.ThrowRef, n.Reraise), _Events.on_leave),
}


# ------------------------------------------------------------------------------------------------------- the way back


def _backwards(events: list[_Event], alive: dict[int, int], clashes: list[int] | None) -> tuple[int, bool]:
    """One pass over the reversed events; returns what is alive at entry, and whether more is at a start than before.

    :param alive: by number, what is alive at starts and, as they are reached, at other labels
    :param clashes: is completed, if it is given
    """
    live = 0
    changed = False
    behind: list[int] = []
    choices: list[int] = []
    thrown = [0]
    """What is alive at each statement, since an exception may lead to where it is read; from the outside in."""
    for kind, label, reads, steps in events:
        if kind == _ROW:
            if clashes is not None:
                _clash(steps, live, thrown[-1], clashes)
            live = live & ~label | reads | thrown[-1]
        elif kind == _ARM:
            choices[-1] |= live
            live = behind[-1]
        elif kind == _CHOICE_END:
            behind.append(live)
            choices.append(0)
        elif kind == _CHOICE:
            behind.pop()
            live = choices.pop() | reads | thrown[-1]
        elif kind == _BR:
            live = alive[label]
        elif kind == _LEAVE:
            live = reads | thrown[-1]
        elif kind == _BLOCK_END:
            alive[label] = live
        elif kind == _LOOP_END:
            live = 0
        elif kind == _FOR_END:
            behind.append(live)
            live = alive[label]
        elif kind == _TRY_END:
            behind.append(live)
        elif kind == _HANDLER:
            thrown.append(live | thrown[-1])
            live = behind.pop()
        elif kind == _TRY:
            thrown.pop()
        elif kind == _RETRY_END:
            thrown.append(alive[label] | thrown[-1])
        elif kind == _HOLD_END:
            thrown.append(reads | thrown[-1])
        elif kind == _HOLD:
            thrown.pop()
        else:  # the start of what may run once more
            if kind == _FOR:
                live |= behind.pop()
            elif kind == _RETRY:
                thrown.pop()
            changed |= bool(live & ~alive[label])
            alive[label] = live
    return live, changed


def _clash(steps: Sequence[_Step], live: int, thrown: int, clashes: list[int]) -> None:
    """Note what is alive where variables are assigned, in statements in a row."""
    for reads, assigns, copy in reversed(steps):
        if assigns:
            live |= thrown
            if assigns & assigns - 1:
                for number in members(assigns):
                    clashes[number] |= live | assigns
            else:
                clashes[_number(assigns)] |= live & ~copy
            live &= ~assigns
        live |= reads
