"""Function bodies and constant expressions (spec, section 3.4; the algorithm is that of section 7.6).

Most instructions have a fixed signature: one slice comparison against the top of the operand stack covers them, and
anything else (too few operands, unreachable code) falls back to popping one by one.  The others have handlers, found by
opcode in the tables of :mod:`control`, :mod:`references` and :mod:`storage`.
"""

from __future__ import annotations

from collections.abc import Sequence

from wasm2py.errors import Invalid
from wasm2py.validate import control, references, storage
from wasm2py.validate.context import Context
from wasm2py.validate.handlers import Handlers, handles
from wasm2py.validate.operands import Operands
from wasm2py.wasm.module import Expression, Instruction
from wasm2py.wasm.opcodes import BY_NAME, OPCODES, Opcode
from wasm2py.wasm.types import ValType

_NO_CHECKS = ("-", "zero", "i32", "i64", "f32", "f64", "v128")
"""Kinds of immediates that are right whatever they hold."""

_LOCAL_GET, _GLOBAL_GET = BY_NAME["local.get"], BY_NAME["global.get"]
_SHUFFLE_LANES = 32


def _signature(op: Opcode) -> tuple[int, list[ValType], list[ValType]]:
    """Number of operands, operand types and result types of an instruction that has them in the table."""
    params: list[ValType] = [type_ for type_ in op.params or () if not isinstance(type_, str)]
    results: list[ValType] = [type_ for type_ in op.results or () if not isinstance(type_, str)]
    return len(params), params, results


_FIXED = {op: _signature(op) for op in OPCODES.values() if op.params is not None and op.immediate in _NO_CHECKS}
_LANES: Handlers = {}


@handles(_LANES, *(op.name for op in OPCODES.values() if op.immediate in ("lane", "shuffle")))
def _lane(state: Operands, op: Opcode, imm: int | tuple[int, ...]) -> None:
    lane, lanes = (imm, op.size) if isinstance(imm, int) else (max(imm), _SHUFFLE_LANES)
    if lane >= lanes:
        state.fail("invalid lane index")
    _, params, results = _signature(op)
    state.apply(params, results)


_HANDLERS: Handlers = {
    **control.HANDLERS,
    **references.HANDLERS,
    **storage.HANDLERS,
    **_LANES,
}

_CONSTANT_NAMES = """
end i32.const i64.const f32.const f64.const v128.const global.get ref.null ref.func
i32.add i32.sub i32.mul i64.add i64.sub i64.mul
ref.i31 struct.new struct.new_default array.new array.new_default array.new_fixed any.convert_extern extern.convert_any
struct.new_desc struct.new_default_desc
"""
_CONSTANT = frozenset(map(BY_NAME.__getitem__, _CONSTANT_NAMES.split()))
"""The instructions of constant expressions, extended ones included (spec, section 3.4, "Constant Expressions")."""

_EXTENDED = frozenset(op for op in _CONSTANT if op.name[3:] in (".add", ".sub", ".mul"))


def rules() -> frozenset[Opcode]:
    """The opcodes that validation knows, for the check that every row of the table has a rule."""
    return frozenset(_FIXED) | frozenset(_HANDLERS)


def validate_function(context: Context, index: int, body: Sequence[Instruction]) -> None:
    """Validate a function body (spec, section 3.5, "Functions").

    :param context: of the validated module
    :param index: of the body in ``Module.codes``
    :param body: its instructions, with the final ``end``
    :raises Invalid: with the offset of the instruction at fault
    :raises Unsupported: for what the context's gate refuses
    """
    module = context.module
    code = module.codes[index]
    params, results = context.signature(module.funcs[module.imported_funcs + index], code.start)
    state = Operands(context, params, results)
    for count, type_ in code.locals:
        context.check_value(type_, code.start)
        state.declare_locals(count, type_)
    _run(state, body, code.start)


def validate_constant(context: Context, expression: Expression, type_: ValType, offset: int) -> None:
    """Validate a constant expression that has to give a value of ``type_`` (spec, section 3.4, "Constant Expressions").

    :param offset: for errors where the expression is empty
    :raises Invalid: with the offset of the instruction at fault
    """
    globals_ = context.globals
    if context.gate:
        _ask_gate(context, expression)
    for op, place, imm in expression:
        if op not in _CONSTANT:
            raise Invalid(f"constant expression required: {op.name}", place)
        if op is _GLOBAL_GET and isinstance(imm, int) and imm < len(globals_) and globals_[imm].mutable:
            raise Invalid(f"constant expression required: global {imm} is mutable", place)
    _run(Operands(context, [], [type_]), expression, offset)


def _ask_gate(context: Context, expression: Expression) -> None:
    """Ask the gate about what is constant since a proposal: arithmetic, and globals of the module itself."""
    imported = context.module.imported_globals
    for op, offset, imm in expression:
        if op in _EXTENDED:
            context.gate.require("extended-const", f"{op.name} in a constant expression", offset)
        if op is _GLOBAL_GET and isinstance(imm, int) and imm >= imported:
            context.gate.require("gc", f"global {imm}, not imported, in a constant expression", offset)


def _run(state: Operands, body: Sequence[Instruction], start: int) -> None:
    """Apply the rule of each instruction to the state."""
    stack = state.stack
    locals_ = state.locals
    local_count = len(locals_)
    untracked = not state.tracked
    fixed = _FIXED.get
    handlers = _HANDLERS
    state.offset = start
    for op, offset, imm in body:
        signature = fixed(op)
        if signature is not None:
            arity, params, results = signature
            base = len(stack) - arity
            if base >= state.height and stack[base:] == params:
                stack[base:] = results
            else:
                state.offset = offset
                state.apply(params, results)
        elif op is _LOCAL_GET and untracked and imm < local_count:  # type: ignore[operator]  # the index of a local
            stack.append(locals_[imm])  # type: ignore[call-overload]  # likewise
        else:
            state.offset = offset
            handlers[op](state, op, imm)
    if len(state.frames) != 1:
        state.fail("END opcode expected")
