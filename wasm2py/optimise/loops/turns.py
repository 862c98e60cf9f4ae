"""Where loops with one way back to the start test whether they go on: behind a turn or before it.

::

    loop             loop              loop             block B
      …                if not c: br X    if c:            loop
      if c: br loop    …                   …                if not c: br B
      rest             br loop             br loop          …
                                         rest               br loop
                                                        rest
"""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.ir.structuring.structure import negate
from wasm2py.optimise.loops.counting import find_test


@dataclass(slots=True)
class Turns:
    """A loop taken apart.

    :ivar body: the statements of a turn
    :ivar condition: of going on
    :ivar rest: the statements behind the loop
    :ivar tested: whether the test comes before each turn, so that there may be none
    """

    body: list[n.Stmt]
    condition: n.Expr
    rest: list[n.Stmt]
    tested: bool


def find_turns(loop: n.Loop) -> Turns | None:
    """The turns of a loop, if it has one of these forms."""
    position = find_test(loop)
    if position is not None:
        test = loop.body[position]
        assert isinstance(test, n.If)
        return Turns(loop.body[:position], test.condition, loop.body[position + 1 :], tested=False)
    if loop.label.uses != 1:
        return None
    first = loop.body[0]
    if isinstance(first, n.Block) and first.label.uses == 1:
        found = _tested(loop, first.body)
        if found is not None and found.rest and isinstance(jump := found.rest[0], n.Br) and jump.label is first.label:
            return Turns(found.body, found.condition, loop.body[1:], tested=True)
        return None
    return _tested(loop, loop.body)


def _tested(loop: n.Loop, body: list[n.Stmt]) -> Turns | None:
    """A list that begins with the test."""
    test = body[0] if body else None
    if not isinstance(test, n.If) or test.orelse or not test.then:
        return None
    if _repeats(test.then, loop):
        return Turns(test.then[:-1], test.condition, body[1:], tested=True)
    if _repeats(body, loop) and len(test.then) == 1 and isinstance(test.then[0], n.Br):
        return Turns(body[1:-1], negate(test.condition), test.then, tested=True)
    return None


def _repeats(body: list[n.Stmt], loop: n.Loop) -> bool:
    """Whether a list ends with the branch to the start of a loop."""
    last = body[-1]
    return isinstance(last, n.Br) and last.label is loop.label
