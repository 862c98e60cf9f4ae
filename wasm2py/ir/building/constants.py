"""Parameters that are always the same number, and calls of table elements that are known by that.

::

    local.get 2                                   i32.const 7        (the parameter, in all calls)
    call_indirect (type $compare)     becomes     call $by_age       (what the table has there)
"""

from __future__ import annotations

from typing import Any

from wasm2py.ir.closed import Closed
from wasm2py.ir.conventions import Conventions
from wasm2py.wasm.module import Instruction, Module
from wasm2py.wasm.opcodes import BY_NAME, Opcode
from wasm2py.wasm.types import I64

_GET = BY_NAME["local.get"]
_DIRECT = {BY_NAME[f"{call}_indirect"]: BY_NAME[call] for call in ("call", "return_call")}
_CONSTANTS = (BY_NAME["i32.const"], BY_NAME["i64.const"])


def with_constants(module: Module, index: int, body: list[Instruction], conventions: Conventions) -> list[Instruction]:
    """The instructions of function ``module.codes[index]`` with what is known of its parameters."""
    closed = conventions.closed
    assert closed is not None
    known = _parameters(module, module.imported_funcs + index, body, conventions)
    if not known and _DIRECT.keys().isdisjoint([op for op, _, _ in body]):
        return body
    changed: list[Instruction] = []
    imm: Any  # what the opcode's row says
    for instruction in body:
        op, offset, imm = instruction
        if op is _GET and imm in known:
            instruction = Instruction(known[imm][0], offset, known[imm][1])
        elif op in _DIRECT and changed and changed[-1].op in _CONSTANTS:
            callee = _element(module, closed, imm, changed[-1].imm)
            if callee is not None:
                changed[-1] = Instruction(_DIRECT[op], offset, callee)
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


def _element(module: Module, closed: Closed, called: tuple[int, int], index: Any) -> int | None:
    """The function that an indirect call with a constant index calls; ``None`` where it is unknown or traps.

    :param called: type and table
    """
    type_index, table = called
    bits = 64 if module.tables[table].limits.index64 else 32
    callee = closed.elements.get((table, index % (1 << bits)))
    if callee is None or closed.canonical[module.funcs[callee]] != closed.canonical[type_index]:
        return None
    return callee
