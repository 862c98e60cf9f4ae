"""Instructions and expressions (spec, section 5.4): bytes to lists of :class:`Instruction`.

The loop below runs once per instruction of a module, so it handles the frequent forms in place: immediates that are one
LEB128 byte, and memory accesses with small alignment and offset.  Everything else goes through
:data:`IMMEDIATE_READERS`.  Structured instructions stay flat; only their balance is checked, on an explicit stack.
"""

from __future__ import annotations

from functools import cache, partial

from wasm2py.decode.immediates import IMMEDIATE_READERS
from wasm2py.decode.reader import Reader
from wasm2py.errors import Malformed
from wasm2py.features import Gate
from wasm2py.wasm.module import Expression, Instruction, MemArg
from wasm2py.wasm.opcodes import OPCODES, Opcode

_instruction = partial(tuple.__new__, Instruction)
"""An instruction from a tuple; half the time of the named tuple's own constructor."""

_NONE, _INDEX, _CONST, _MEMARG, _BLOCK, _SEPARATOR, _OTHER, _PREFIX, _CLOSED = range(9)
"""What the loop does behind an opcode byte."""

_ACTIONS = {
    "-": _NONE,
    "local": _INDEX,
    "global": _INDEX,
    "func": _INDEX,
    "label": _INDEX,
    "type": _INDEX,
    "table": _INDEX,
    "memory": _INDEX,
    "i32": _CONST,
    "i64": _CONST,
    "memarg": _MEMARG,
    "block": _BLOCK,
    "catches": _BLOCK,
}
"""Action by kind of immediate; :data:`_OTHER` for the rest."""

_SEPARATORS = ("else", "end", "catch", "catch_all", "delegate")
"""Instructions that end a block, or a part of it."""

_FOLLOWS = {"else": ("if",), "catch": ("try", "catch"), "catch_all": ("try", "catch"), "delegate": ("try",)}
"""What the innermost open part of a block must have begun with, for each separator but ``end``."""

_USES_DATA = {"data", "data_memory", "type_data"}
"""Kinds of immediates with a data index: code that has them needs a data count section (spec, section 5.5.15)."""

_PREFIXES = sorted({code >> 16 for code in OPCODES if code >> 16})

_ILLEGAL = Opcode(-1, "illegal", "-", 0, None, None, ())


def _action(op: Opcode, closed: frozenset[str]) -> int:
    if op is _ILLEGAL:
        return _PREFIX
    if not closed.isdisjoint(op.features):
        return _CLOSED
    if op.immediate == "memory" and closed:
        return _OTHER  # its reader asks the gate
    return _SEPARATOR if op.name in _SEPARATORS else _ACTIONS.get(op.immediate, _OTHER)


@cache
def _dispatch(closed: frozenset[str]) -> tuple[tuple[Opcode, int], ...]:
    """Instruction and action for each byte, where the proposals ``closed`` are disabled."""
    ops = [OPCODES.get(byte, _ILLEGAL) for byte in range(256)]
    return tuple([(op, _action(op, closed)) for op in ops])


def _refuse(gate: Gate, op: Opcode, offset: int) -> None:
    """Ask the gate about every proposal that an instruction needs."""
    for feature in op.features:
        gate.require(feature, op.name, offset)


_SMALL_ALIGN = 5
_MEMARGS = tuple([tuple([MemArg(align, offset, 0) for offset in range(0x80)]) for align in range(_SMALL_ALIGN)])


def _read_prefixed(reader: Reader, byte: int) -> Opcode:
    """The instruction behind a prefix byte, or the error that ``byte`` is neither prefix nor opcode."""
    start = reader.position - 1
    if byte not in _PREFIXES:
        raise Malformed(f"illegal opcode {byte:02x}", start)
    number = reader.u32()
    op = OPCODES.get(byte << 16 | number) if number <= 0xFFFF else None
    if op is None:
        raise Malformed(f"illegal opcode {byte:02x} {number}", start)
    if reader.gate:
        _refuse(reader.gate, op, start)
    return op


def _separate(blocks: list[str], name: str, offset: int) -> None:
    """Keep track of the innermost block at an instruction that ends it, or a part of it."""
    if name != "end":
        if blocks[-1] not in _FOLLOWS[name]:
            raise Malformed(f"END opcode expected, not {name}", offset)
        blocks[-1] = name
    if name == "end" or name == "delegate":
        del blocks[-1]


def read_instructions(reader: Reader, has_data_count: bool = True) -> list[Instruction]:
    """The instructions up to and including the ``end`` that closes the expression (spec, section 5.4.10).

    :param has_data_count: whether instructions may name data segments
    :raises Malformed: for unknown opcodes, bad immediates, unbalanced blocks, a missing ``end``
    :raises Unsupported: for what the reader's gate refuses
    """
    instructions: list[Instruction] = []
    append = instructions.append
    data, end, position = reader.data, reader.end, reader.position
    dispatch, memargs, make = _dispatch(reader.gate.closed), _MEMARGS, _instruction
    blocks = ["expression"]
    imm: object
    # The cases in place may read one or two bytes past the end: the checks of `position` find that.
    try:
        while position < end:
            start = position
            op, action = dispatch[data[position]]
            position += 1
            if action == _INDEX:
                imm = data[position]
                if imm < 0x80:
                    position += 1
                else:
                    reader.position = position
                    imm = reader.u32()
                    position = reader.position
            elif action == _NONE:
                imm = None
            elif action == _CONST:
                imm = data[position]
                if imm < 0x80:
                    position += 1
                    if imm >= 0x40:
                        imm -= 0x80
                else:
                    reader.position = position
                    imm = IMMEDIATE_READERS[op.immediate](reader)
                    position = reader.position
            elif action == _MEMARG and data[position] < _SMALL_ALIGN and data[position + 1] < 0x80:
                imm = memargs[data[position]][data[position + 1]]
                position += 2
            elif action == _SEPARATOR and op.name == "end":
                del blocks[-1]
                imm = None
                if not blocks:
                    append(make((op, start, imm)))
                    reader.position = position
                    return instructions
            else:
                reader.position = position
                if action == _PREFIX:
                    op = _read_prefixed(reader, data[start])
                    if not has_data_count and op.immediate in _USES_DATA:
                        raise Malformed("data count section required", start)
                elif action == _CLOSED:
                    _refuse(reader.gate, op, start)
                elif action == _SEPARATOR:
                    _separate(blocks, op.name, start)
                elif action == _BLOCK:
                    blocks.append(op.name)
                imm = IMMEDIATE_READERS[op.immediate](reader)
                position = reader.position
            append(make((op, start, imm)))
    except IndexError:
        raise reader.unexpected_end() from None
    if position > end:
        raise reader.unexpected_end()
    raise Malformed("END opcode expected", end)


def read_expression(reader: Reader) -> Expression:
    """A constant expression with its ``end`` (spec, section 5.4.10); that it is constant is for validation.

    :raises Malformed: as :func:`read_instructions`
    :raises Unsupported: as :func:`read_instructions`
    """
    return tuple(read_instructions(reader))
