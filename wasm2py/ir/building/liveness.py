"""Which Wasm locals are live at each label.

Live ranges decide what is one web: two assignments to a local belong together only if both reach a use.  The analysis
runs backwards over the structured code, repeated until the sets at loop headers no longer grow.

An instruction that may throw leads to the innermost handler around it, and a handler to the labels that it branches to
and, unless it takes everything, to the handler around it.
"""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.wasm.module import Catch, Instruction

_GET, _SET, _OPEN, _LOOP, _IF, _ELSE, _END, _BR, _BR_IF, _EXIT, _CATCHES, _THROW = range(12)

FUNCTION = -1
"""Stands for the function's own label, where others have the index of the instruction that opens them."""

OPENING = frozenset(("block", "loop", "if", "try_table"))
"""Instructions that have an ``end``."""

TERMINATORS = frozenset(
    (
        *("br", "br_table", "return", "unreachable", "return_call", "return_call_indirect", "return_call_ref"),
        *("throw", "throw_ref"),
    )
)
"""Instructions after which code is dead."""

THROWING = frozenset(("call", "call_indirect", "call_ref", "throw", "throw_ref"))
"""Instructions from which control may go to a handler of this function; a call in tail position has left it."""

_CONDITIONAL_BRANCHES = frozenset(("br_if", "br_on_null", "br_on_non_null"))
_CAST_BRANCHES = frozenset(("br_on_cast", "br_on_cast_fail"))

_RELEVANT = frozenset(("local.get", "local.set", "local.tee", "else", "end", "br", "br_table")).union(
    OPENING, TERMINATORS, THROWING, _CONDITIONAL_BRANCHES, _CAST_BRANCHES
)
"""Instructions that matter to liveness in code that is not dead."""


@dataclass(slots=True)
class Liveness:
    """Sets of locals as bit sets.

    :ivar after: by index of the ``block``, ``loop`` or ``if`` instruction: live behind its ``end``
    :ivar header: by index of the ``loop`` instruction: live at its label
    :ivar assigned: by index of the ``loop`` instruction: assigned somewhere in its body
    :ivar handler: by index of the ``try_table`` instruction: live at its handler
    :ivar entry: live at the start of the function
    """

    after: dict[int, int]
    header: dict[int, int]
    assigned: dict[int, int]
    handler: dict[int, int]
    entry: int


def analyse(body: list[Instruction]) -> Liveness:
    """Compute the sets for a valid function body."""
    events, assigned, catching = _events(body)
    after: dict[int, int] = {FUNCTION: 0}
    header = dict.fromkeys(assigned, 0)
    handler: dict[int, int] = {FUNCTION: 0}
    events.reverse()
    while True:
        entry, changed = _backwards(events, after, header, handler, catching)
        if not changed:
            return Liveness(after, header, assigned, handler, entry)


_Catching = dict[int, tuple[list[int], int]]
"""By index of the ``try_table`` instruction: what its handler branches to, and the ``try_table`` around it that gets
other exceptions, :data:`FUNCTION` if there is none."""


def _events(body: list[Instruction]) -> tuple[list[tuple[int, int]], dict[int, int], _Catching]:
    """What matters to liveness, in order, without dead code; the locals that each loop assigns; the handlers."""
    events: list[tuple[int, int]] = []
    emit = events.append
    opened = [FUNCTION]
    loops: list[int] = []
    assigned: dict[int, int] = {}
    tries = [FUNCTION]
    catching: _Catching = {}
    dead = 0  # depth of nesting inside dead code, 0 in live code
    for index, (op, _, imm) in enumerate(body):
        name = op.name
        if dead:
            if name in OPENING:
                dead += 1
            elif name == "end":
                dead -= 1
            elif name != "else" or dead > 1:
                continue
            else:
                dead = 0
            if dead:
                continue
        if name not in _RELEVANT:
            continue
        if name in THROWING:
            emit((_THROW, tries[-1]))
        if name == "local.get":
            emit((_GET, 1 << imm))  # type: ignore[operator]  # the immediate is an int for these
        elif name == "local.set" or name == "local.tee":
            bit: int = 1 << imm  # type: ignore[operator]  # an int for these
            emit((_SET, bit))
            for loop in loops:
                assigned[loop] |= bit
        elif name == "end":
            start = opened.pop()
            emit((_END, start))
            if loops and loops[-1] == start:
                loops.pop()
            if start in catching:
                emit((_CATCHES, start))
                tries.pop()
        elif name == "block":
            opened.append(index)
            emit((_OPEN, index))
        elif name == "try_table":
            catches: tuple[Catch, ...] = imm[1]  # type: ignore[index]  # a block type and catches
            labels = dict.fromkeys(opened[-1 - catch.label] for catch in catches)
            everything = any(catch.tag is None for catch in catches)
            catching[index] = (list(labels), FUNCTION if everything else tries[-1])
            tries.append(index)
            opened.append(index)
            emit((_OPEN, index))
        elif name == "loop":
            opened.append(index)
            loops.append(index)
            assigned[index] = 0
            emit((_LOOP, index))
        elif name == "if":
            opened.append(index)
            emit((_IF, index))
        elif name == "else":
            emit((_ELSE, opened[-1]))
        elif name in _CONDITIONAL_BRANCHES:
            emit((_BR_IF, opened[-1 - imm]))  # type: ignore[operator]  # a depth
        elif name in _CAST_BRANCHES:
            emit((_BR_IF, opened[-1 - imm[0]]))  # type: ignore[index]  # depth and types
        elif name == "br":
            emit((_BR, opened[-1 - imm]))  # type: ignore[operator]  # a depth
            dead = 1
        elif name == "br_table":
            for depth in set(imm):  # type: ignore[call-overload]  # depths
                emit((_BR_IF, opened[-1 - depth]))
            emit((_EXIT, 0))  # reached first on the way back
            dead = 1
        elif name in TERMINATORS:
            emit((_EXIT, 0))
            dead = 1
    return events, assigned, catching


def _backwards(
    events: list[tuple[int, int]],
    after: dict[int, int],
    header: dict[int, int],
    handler: dict[int, int],
    catching: _Catching,
) -> tuple[int, bool]:
    """One pass over the reversed events; returns the set at entry, and whether a loop's set has changed."""
    live = 0
    changed = False
    orelse: dict[int, int] = {}
    for kind, what in events:
        if kind == _GET:
            live |= what
        elif kind == _SET:
            live &= ~what
        elif kind == _END:
            after[what] = live
        elif kind == _BR_IF:
            live |= header[what] if what in header else after[what]
        elif kind == _BR:
            live = header[what] if what in header else after[what]
        elif kind == _EXIT:
            live = 0
        elif kind == _THROW:
            live |= handler[what]
        elif kind == _CATCHES:  # on the way back, behind those around it
            labels, outer = catching[what]
            caught = handler[outer]
            for label in labels:
                caught |= header[label] if label in header else after[label]
            handler[what] = caught
        elif kind == _IF:
            live |= orelse.pop(what) if what in orelse else after[what]
        elif kind == _ELSE:
            orelse[what] = live
            live = after[what]
        elif kind == _LOOP and header[what] != live:
            header[what] = live
            changed = True
    return live, changed
