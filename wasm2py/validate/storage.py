"""Instructions on locals, globals, tables and memories, with their segments (spec, section 3.4)."""

from __future__ import annotations

from wasm2py.validate.handlers import Handlers, handles
from wasm2py.validate.operands import Operands
from wasm2py.wasm.module import MemArg
from wasm2py.wasm.opcodes import OPCODES, Opcode, SigType
from wasm2py.wasm.types import I32, I64, GlobalType, NumType, RefType, ValType

HANDLERS: Handlers = {}


def _typed(types: tuple[SigType, ...], address: NumType) -> list[ValType]:
    return [address if isinstance(type_, str) else type_ for type_ in types]


_ON_MEMORY = {
    address: {
        op: (
            _typed(op.params, address),
            _typed(op.results, address),
            op.size.bit_length() - 1,
            op.feature == "threads",
            16 // op.size if op.immediate == "memarg_lane" else 0,
        )
        for op in OPCODES.values()
        if op.params is not None and op.results is not None and op.immediate in ("memarg", "memarg_lane", "memory")
    }
    for address in (I32, I64)
}
"""By address type and opcode: parameters, results, largest alignment, whether atomic, number of lanes."""


@handles(HANDLERS, *(op.name for op in _ON_MEMORY[I32] if op.immediate == "memarg"))
def _access(state: Operands, op: Opcode, imm: MemArg) -> None:
    align, offset, memory = imm
    addresses = state.context.addresses
    if memory >= len(addresses):
        state.fail(f"unknown memory {memory}")
    address = addresses[memory]
    params, results, natural, atomic, _ = _ON_MEMORY[address][op]
    if align > natural:
        state.fail("alignment must not be larger than natural")
    if atomic and align != natural:
        state.fail("alignment of atomic instructions must be natural")
    if address is I32 and offset >> 32:
        state.fail("offset out of range")
    stack = state.stack
    base = len(stack) - len(params)
    if base >= state.height and stack[base:] == params:
        stack[base:] = results
    else:
        state.apply(params, results)


@handles(HANDLERS, *(op.name for op in _ON_MEMORY[I32] if op.immediate == "memarg_lane"))
def _access_lane(state: Operands, op: Opcode, imm: tuple[MemArg, int]) -> None:
    access, lane = imm
    if lane >= _ON_MEMORY[I32][op][4]:
        state.fail("invalid lane index")
    _access(state, op, access)


@handles(HANDLERS, *(op.name for op in _ON_MEMORY[I32] if op.immediate == "memory"))
def _whole_memory(state: Operands, op: Opcode, imm: int) -> None:
    params, results, *_ = _ON_MEMORY[_address(state, imm)][op]
    state.apply(params, results)


def _address(state: Operands, memory: int) -> NumType:
    addresses = state.context.addresses
    if memory >= len(addresses):
        state.fail(f"unknown memory {memory}")
    return addresses[memory]


def _narrower(left: NumType, right: NumType) -> NumType:
    """The address type that a length between two memories or tables has."""
    return I64 if left is I64 and right is I64 else I32


@handles(HANDLERS, "memory.copy")
def _memory_copy(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    destination, source = _address(state, imm[0]), _address(state, imm[1])
    state.pop_types([destination, source, _narrower(destination, source)])


def check_data(state: Operands, segment: int) -> None:
    """Check that a data segment exists."""
    if segment >= state.context.data_count:
        state.fail(f"unknown data segment {segment}")


def element_type(state: Operands, segment: int) -> RefType:
    """The type of an element segment, which must exist."""
    elements = state.context.module.elements
    if segment >= len(elements):
        state.fail(f"unknown elem segment {segment}")
    return elements[segment].type


@handles(HANDLERS, "memory.init")
def _memory_init(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    segment, memory = imm
    address = _address(state, memory)
    check_data(state, segment)
    state.pop_types([address, I32, I32])


@handles(HANDLERS, "data.drop")
def _data_drop(state: Operands, op: Opcode, imm: int) -> None:
    check_data(state, imm)


@handles(HANDLERS, "elem.drop")
def _elem_drop(state: Operands, op: Opcode, imm: int) -> None:
    element_type(state, imm)


def _table(state: Operands, index: int) -> tuple[RefType, NumType]:
    """Element type and address type of a table."""
    tables = state.context.module.tables
    if index >= len(tables):
        state.fail(f"unknown table {index}")
    return tables[index].element, state.context.table_addresses[index]


@handles(HANDLERS, "table.get")
def _table_get(state: Operands, op: Opcode, imm: int) -> None:
    element, address = _table(state, imm)
    state.apply([address], [element])


@handles(HANDLERS, "table.set")
def _table_set(state: Operands, op: Opcode, imm: int) -> None:
    element, address = _table(state, imm)
    state.pop_types([address, element])


@handles(HANDLERS, "table.size")
def _table_size(state: Operands, op: Opcode, imm: int) -> None:
    _, address = _table(state, imm)
    state.stack.append(address)


@handles(HANDLERS, "table.grow")
def _table_grow(state: Operands, op: Opcode, imm: int) -> None:
    element, address = _table(state, imm)
    state.apply([element, address], [address])


@handles(HANDLERS, "table.fill")
def _table_fill(state: Operands, op: Opcode, imm: int) -> None:
    element, address = _table(state, imm)
    state.pop_types([address, element, address])


@handles(HANDLERS, "table.copy")
def _table_copy(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    element, destination = _table(state, imm[0])
    copied, source = _table(state, imm[1])
    _check_elements(state, copied, element)
    state.pop_types([destination, source, _narrower(destination, source)])


@handles(HANDLERS, "table.init")
def _table_init(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    segment, table = imm
    element, address = _table(state, table)
    _check_elements(state, element_type(state, segment), element)
    state.pop_types([address, I32, I32])


def _check_elements(state: Operands, lower: RefType, upper: RefType) -> None:
    if not state.context.matches(lower, upper):
        state.mismatch(upper, lower)


def _local(state: Operands, index: int) -> ValType:
    if index >= len(state.locals):
        state.fail(f"unknown local {index}")
    return state.locals[index]


@handles(HANDLERS, "local.get")
def _local_get(state: Operands, op: Opcode, imm: int) -> None:
    type_ = _local(state, imm)
    if state.tracked and not state.is_initialised(imm):
        state.fail(f"uninitialized local {imm}")
    state.stack.append(type_)


@handles(HANDLERS, "local.set")
def _local_set(state: Operands, op: Opcode, imm: int) -> None:
    state.pop_type(_local(state, imm))
    state.assign(imm)


@handles(HANDLERS, "local.tee")
def _local_tee(state: Operands, op: Opcode, imm: int) -> None:
    type_ = _local(state, imm)
    state.pop_type(type_)
    state.assign(imm)
    state.stack.append(type_)


def _global(state: Operands, index: int) -> GlobalType:
    globals_ = state.context.globals
    if index >= len(globals_):
        state.fail(f"unknown global {index}")
    return globals_[index]


@handles(HANDLERS, "global.get")
def _global_get(state: Operands, op: Opcode, imm: int) -> None:
    state.stack.append(_global(state, imm).type)


@handles(HANDLERS, "global.set")
def _global_set(state: Operands, op: Opcode, imm: int) -> None:
    type_ = _global(state, imm)
    if not type_.mutable:
        state.fail("immutable global")
    state.pop_type(type_.type)
