"""Parameters that are always the same number, and calls of table elements that are known by that.

::

    local.get 2                                   i32.const 7        (the parameter, in all calls)
    call_indirect (type $compare)     becomes     call $by_age       (what the table has there)
"""

from __future__ import annotations

from wasm2py.ir.building.immediates import index_of, pair_of
from wasm2py.ir.closed import Closed
from wasm2py.ir.conventions import Conventions
from wasm2py.wasm.module import Instruction, Module
from wasm2py.wasm.opcodes import BY_NAME, Opcode
from wasm2py.wasm.types import I64

_DIRECT = {"call_indirect": BY_NAME["call"], "return_call_indirect": BY_NAME["return_call"]}
_CONSTANTS = {"i32.const", "i64.const"}


def with_constants(module: Module, index: int, body: list[Instruction], conventions: Conventions) -> list[Instruction]:
    """The instructions of function ``module.codes[index]`` with what is known of its parameters."""
    closed = conventions.closed
    if closed is None or conventions.constants is None:
        return body
    known = _parameters(module, module.imported_funcs + index, body, conventions)
    changed: list[Instruction] = []
    for instruction in body:
        name = instruction.op.name
        if name == "local.get" and instruction.imm in known:
            op, value = known[instruction.imm]
            changed.append(Instruction(op, instruction.offset, value))
            continue
        if name in _DIRECT and changed and changed[-1].op.name in _CONSTANTS:
            callee = _element(module, closed, instruction, changed[-1])
            if callee is not None:
                changed[-1] = Instruction(_DIRECT[name], instruction.offset, callee)
                continue
        changed.append(instruction)
    return changed


def _parameters(
    module: Module, function: int, body: list[Instruction], conventions: Conventions
) -> dict[object, tuple[Opcode, int]]:
    """The parameters that are known and never change, each as the instruction that pushes it."""
    known: dict[object, tuple[Opcode, int]] = {}
    for number, type_ in enumerate(module.func_type(module.funcs[function]).params):
        value = conventions.constant(("param", function, number))
        if value is not None:
            bits = 64 if type_ is I64 else 32
            signed = value - (1 << bits) if value >> bits - 1 else value
            known[number] = BY_NAME[f"i{bits}.const"], signed
    if known:
        for op, _, imm in body:
            if op.name == "local.set" or op.name == "local.tee":
                known.pop(imm, None)
            elif op.name == "return_call" and imm == function:
                return {}  # it assigns its parameters
    return known


def _element(module: Module, closed: Closed, call: Instruction, index: Instruction) -> int | None:
    """The function that an indirect call with a constant index calls; ``None`` where it is unknown or traps."""
    type_index, table = pair_of(call)
    bits = 64 if module.tables[table].limits.index64 else 32
    callee = closed.elements.get((table, index_of(index) % (1 << bits)))
    if callee is None or closed.canonical[module.funcs[callee]] != closed.canonical[type_index]:
        return None
    return callee
