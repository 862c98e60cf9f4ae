"""Of two variables that count alike, one that only the code behind a loop reads is not counted.

::

    loop                                  t = p
      items[p] = f(i)                     loop
      p = p + 1                             items[p] = f(i)
      n = n + 1                 becomes     p = p + 1
      if c: br out                          if c: n = n + (p - t); br out
      br loop                               br loop

Compilers count where an array goes on, and indices are counted beside that (``scaled-index``).  A step costs about as
much as an access, with a test of its own where it may wrap around.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

from wasm2py.ir import nodes as n
from wasm2py.ir.ranges.induction import Step, find_steps
from wasm2py.ir.walk import assigned, lists, operands, reads, statements, uses
from wasm2py.optimise.facts import copied

MOST_EXITS = 3
"""What is counted behind the loop is written once for each way out of it."""

MAX_LOOPS = 20
"""Loops nested deeper stay as they are: each is searched with all that it contains."""


_Uses = Callable[[], Counter[n.Variable]]
"""How often each variable is read in the function, before the pass changes anything; counted when it is asked first."""


def drop_parallel_counters(function: n.Function) -> None:
    """Run the pass."""
    if not any(isinstance(s, n.Try) for s in statements(function.body)):
        _lists(function, function.body, cache(lambda: uses(function.body)), 0)


def _lists(function: n.Function, body: list[n.Stmt], used: _Uses, depth: int) -> None:
    """Go through a list.

    :param depth: how many loops are around it
    """
    for s in list(body):
        inside = depth
        if isinstance(s, n.Loop):
            if depth == MAX_LOOPS:
                continue
            _loop(function, body, s, used)
            inside += 1
        for inner in lists(s):
            _lists(function, inner, used, inside)


def _loop(function: n.Function, body: list[n.Stmt], loop: n.Loop, used: _Uses) -> None:
    """Drop what one loop counts twice.

    :param body: the list that it is in
    """
    if len([s for s in loop.body if s.__class__ is n.Assign]) < 2:  # each counter takes one
        return
    inside = statements(loop.body)
    changes = Counter(variable for s in inside for variable in assigned(s))
    steps = [step for step in find_steps(loop.body, changes) if len(step.path) == 1]
    if len(steps) < 2:
        return
    here = reads([operand for s in inside for operand in operands(s)])
    exits = _exits(loop, inside)
    if len(exits) > MOST_EXITS:
        return
    for step in steps:
        if here[step.variable] > 1 or used()[step.variable] == 1:
            continue  # a turn needs it, or nothing does
        value = step.path[0].value
        if isinstance(value, n.Wrap) and value.mode not in _FROM_ANYTHING:
            continue
        other = next((each for each in steps if here[each.variable] > 1 and _alike(step, each, loop.body)), None)
        if other is not None:
            start = _start(function, body, loop, other.variable, changes)
            for way in exits:
                way.insert(len(way) - 1, n.Assign(step.variable, _behind(step, other, start)))
            loop.body.remove(step.path[0])
            loop.carried = [variable for variable in loop.carried if variable.find() is not step.variable]


def _exits(loop: n.Loop, inside: list[n.Stmt]) -> list[list[n.Stmt]]:
    """The lists whose last statement leaves a loop, other than by leaving the function."""
    labels = {loop.label, *(s.label for s in inside if isinstance(s, (n.Block, n.Loop)))}
    found = []
    pending = [loop.body]
    while pending:
        body = pending.pop()
        for s in body:
            if isinstance(s, n.Br) and s.label not in labels:
                found.append(body)
            pending += lists(s)
    return found


def _alike(step: Step, other: Step, body: list[n.Stmt]) -> bool:
    """Whether a variable has stepped as often as another wherever the loop is left, and as far or several times so."""
    value = other.path[0].value
    if isinstance(value, n.Wrap) and value.mode != n.NOTHING:
        return False
    if other.variable.type is not step.variable.type or step.amount % other.amount:
        return False
    first, second = sorted((body.index(step.path[0]), body.index(other.path[0])))
    return not any(isinstance(s, (n.Br, n.Return, n.TailCall)) for s in statements(body[first:second]))


def _start(
    function: n.Function, body: list[n.Stmt], loop: n.Loop, variable: n.Variable, changes: Counter[n.Variable]
) -> n.Variable:
    """A variable that holds what another one is before the loop."""
    position = next(i for i, s in enumerate(body) if s is loop)
    before = body[position - 1] if position else None
    if isinstance(before, n.Assign) and before.var is variable:
        source = copied(before)
        if source is not None and source is not variable and not changes[source]:
            return source
    start = function.temporary(variable.type)
    start.signed = variable.signed
    body.insert(position, n.Assign(start, n.Get(variable)))
    return start


def _behind(step: Step, other: Step, start: n.Variable) -> n.Expr:
    """What a variable is where the loop is left."""
    turns: n.Expr = n.Binary("-", 64, n.Get(other.variable), n.Get(start))
    times = step.amount // other.amount
    if times != 1:
        turns = n.Binary("*", 64, turns, n.Const(64, times))
    total = n.Binary("+", 64, n.Get(step.variable), turns)
    value = step.path[0].value
    if not isinstance(value, n.Wrap):
        return total
    far = 1 << value.bits + abs(times).bit_length() + 1
    return n.Wrap(value.bits, value.form, total, _FROM_ANYTHING[value.mode], value.var, (-far, far))


_FROM_ANYTHING = {
    n.NOTHING: n.NOTHING,
    n.MASK: n.MASK,
    n.TO_UNSIGNED: n.MASK,
    n.TO_SIGNED: n.WRAP_SIGNED,
    n.WRAP_SIGNED: n.WRAP_SIGNED,
}
"""What brings any sum into the form that a wrap brings a single step into."""
