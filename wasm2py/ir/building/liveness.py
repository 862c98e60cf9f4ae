"""Which Wasm locals are live at each label.

Live ranges decide what is one web: two assignments to a local belong together only if both reach a use.  The analysis
runs backwards over the structured code, repeated until the sets at loop headers no longer grow.  It sees events of
control only: what lies between two of them is one set of locals that are read, and one of those that are assigned.

An instruction that may throw leads to the innermost handler around it, and a handler to the labels that it branches to
and, unless it takes everything, to the handler around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wasm2py.wasm.module import Catch, Instruction
from wasm2py.wasm.opcodes import BY_NAME

_GET, _SET, _BLOCK, _TRY, _LOOP, _IF, _ELSE, _END, _BR, _BR_IF, _BR_CAST, _BR_TABLE, _EXIT, _CALL, _THROW, _CATCHES = (
    range(16)
)

_NAMES = {
    _GET: "local.get",
    _SET: "local.set local.tee",
    _BLOCK: "block",
    _TRY: "try_table",
    _LOOP: "loop",
    _IF: "if",
    _ELSE: "else",
    _END: "end",
    _BR: "br",
    _BR_IF: "br_if br_on_null br_on_non_null",
    _BR_CAST: "br_on_cast br_on_cast_fail br_on_cast_desc_eq br_on_cast_desc_eq_fail",
    _BR_TABLE: "br_table",
    _EXIT: "return unreachable return_call return_call_indirect return_call_ref",
    _CALL: "call call_indirect call_ref",
    _THROW: "throw throw_ref",
}
"""The instructions that matter to liveness.  Calls in tail position have left the handlers of the function."""

_KINDS = {BY_NAME[name]: kind for kind, names in _NAMES.items() for name in names.split()}

FUNCTION = -1
"""Stands for the function's own label, where others have the index of the instruction that opens them."""

OPENING = frozenset(("block", "loop", "if", "try_table"))
"""Instructions that have an ``end``."""


@dataclass(slots=True)
class Liveness:
    """Sets of locals as bit sets.

    :ivar label: by index of the ``block``, ``loop`` or ``if`` instruction: live where branches to it lead
    :ivar assigned: by index of the ``loop`` instruction: assigned somewhere in its body
    :ivar handler: by index of the ``try_table`` instruction: live at its handler
    :ivar entry: live at the start of the function
    """

    label: dict[int, int]
    assigned: dict[int, int]
    handler: dict[int, int]
    entry: int


def analyse(body: list[Instruction]) -> Liveness:
    """Compute the sets for a valid function body."""
    events, assigned, catching = _events(body)
    label = dict.fromkeys(assigned, 0)
    handler: dict[int, int] = {FUNCTION: 0}
    events.reverse()
    while True:
        entry, changed = _backwards(events, label, handler, catching)
        if not changed:
            return Liveness(label, assigned, handler, entry)


_Event = tuple[int, int, int, int]
"""Its kind; the index of the instruction that it is about; and of the code between the event before and this one, the
locals that are read before they are assigned there, and the complement of those that are assigned."""

_Catching = dict[int, tuple[list[int], int]]
"""By index of the ``try_table`` instruction: what its handler branches to, and the ``try_table`` around it that gets
other exceptions, :data:`FUNCTION` if there is none."""


def _events(body: list[Instruction]) -> tuple[list[_Event], dict[int, int], _Catching]:
    """What matters to liveness, in order, without dead code; the locals that each loop assigns; the handlers."""
    events: list[_Event] = []
    opened = [FUNCTION]
    loops: list[int] = []
    assigned: dict[int, int] = {}
    tries = [FUNCTION]
    catching: _Catching = {}
    dead = 0  # depth of nesting inside dead code, 0 in live code
    read = changed = 0

    def emit(kind: int, index: int) -> None:
        nonlocal read, changed
        events.append((kind, index, read, ~changed))
        if loops:
            assigned[loops[-1]] |= changed
        read = changed = 0

    kind_of = _KINDS.get
    imm: Any  # what the opcode's row says
    for index, (op, _, imm) in enumerate(body):
        kind = kind_of(op)
        if kind is None:
            continue
        if dead:
            if _BLOCK <= kind <= _IF:
                dead += 1
            elif kind == _END:
                dead -= 1
            elif kind == _ELSE and dead == 1:
                dead = 0
            if dead:
                continue
        if kind == _GET:
            if not changed >> imm & 1:
                read |= 1 << imm
        elif kind == _SET:
            changed |= 1 << imm
        elif kind == _END:
            start = opened.pop()
            if loops and loops[-1] == start:
                loops.pop()
                assigned[start] |= changed
                if loops:
                    assigned[loops[-1]] |= assigned[start]
            else:
                emit(_END, start)
            if start in catching:
                emit(_CATCHES, start)
                tries.pop()
        elif kind == _BLOCK:
            opened.append(index)
        elif kind == _BR_IF:
            emit(_BR_IF, opened[-1 - imm])
        elif kind == _CALL:
            if len(tries) > 1:
                emit(_CALL, tries[-1])
        elif kind == _IF:
            opened.append(index)
            emit(_IF, index)
        elif kind == _ELSE:
            emit(_ELSE, opened[-1])
        elif kind == _LOOP:
            opened.append(index)
            emit(_LOOP, index)
            loops.append(index)
            assigned[index] = 0
        elif kind == _TRY:
            catches: tuple[Catch, ...] = imm[1]
            labels = dict.fromkeys(opened[-1 - catch.label] for catch in catches)
            everything = any(catch.tag is None for catch in catches)
            catching[index] = (list(labels), FUNCTION if everything else tries[-1])
            tries.append(index)
            opened.append(index)
        elif kind == _BR_CAST:
            emit(_BR_IF, opened[-1 - imm[0]])
        elif kind == _BR:
            emit(_BR, opened[-1 - imm])
            dead = 1
        elif kind == _BR_TABLE:
            for depth in set(imm):
                emit(_BR_IF, opened[-1 - depth])
            emit(_EXIT, FUNCTION)  # reached first on the way back
            dead = 1
        else:
            if kind == _THROW:
                emit(_CALL, tries[-1])
            emit(_EXIT, FUNCTION)
            dead = 1
    return events, assigned, catching


def _backwards(
    events: list[_Event], label: dict[int, int], handler: dict[int, int], catching: _Catching
) -> tuple[int, bool]:
    """One pass over the reversed events; returns the set at entry, and whether a loop's set has changed."""
    live = 0
    changed = False
    orelse: dict[int, int] = {}
    for kind, what, read, kept in events:
        if kind == _END:
            label[what] = live
        elif kind == _BR_IF:
            live |= label[what]
        elif kind == _BR:
            live = label[what]
        elif kind == _EXIT:
            live = 0
        elif kind == _IF:
            live |= orelse.pop(what) if what in orelse else label[what]
        elif kind == _ELSE:
            orelse[what] = live
            live = label[what]
        elif kind == _CALL:
            live |= handler[what]
        elif kind == _CATCHES:  # on the way back, behind those around it
            labels, outer = catching[what]
            caught = handler[outer]
            for each in labels:
                caught |= label[each]
            handler[what] = caught
        elif label[what] != live:  # the start of a loop
            label[what] = live
            changed = True
        live = live & kept | read
    return live, changed
