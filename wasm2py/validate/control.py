"""Control instructions: blocks, branches, calls, exceptions (spec, section 3.4, "Control Instructions", and 7.6).

Those of the legacy exception handling proposal are at the end.
"""

from __future__ import annotations

from wasm2py.validate.context import Signature
from wasm2py.validate.handlers import Handlers, handles
from wasm2py.validate.operands import Operands
from wasm2py.validate.references import pop_descriptor
from wasm2py.wasm.module import BlockType, Catch
from wasm2py.wasm.opcodes import BY_NAME, Opcode
from wasm2py.wasm.types import FUNCREF, I32, RefType, ValType, ref_type

HANDLERS: Handlers = {}

_IF = BY_NAME["if"]
_EXNREF = ref_type("exn")
_EXN = ref_type("exn", nullable=False)
_CONDITION: list[ValType] = [I32]
_CATCHES = (BY_NAME["catch"], BY_NAME["catch_all"])


@handles(HANDLERS, "unreachable")
def _unreachable(state: Operands, op: Opcode, imm: None) -> None:
    state.set_unreachable()


@handles(HANDLERS, "block", "loop", "if", "try")
def _block(state: Operands, op: Opcode, imm: BlockType) -> None:
    params, results = state.block_signature(imm)
    if op is _IF:
        state.pop_type(I32)
    if params:
        state.pop_types(params)
    state.enter(op, params, results)


@handles(HANDLERS, "else")
def _else(state: Operands, op: Opcode, imm: None) -> None:
    if state.frames[-1].op is not _IF:
        state.fail("else found outside of an if")
    frame = state.leave()
    state.enter(op, frame.params, frame.results)


@handles(HANDLERS, "end")
def _end(state: Operands, op: Opcode, imm: None) -> None:
    frame = state.leave()
    if frame.op is _IF:
        state.check_all(frame.params, frame.results)  # a missing else passes the parameters on
    if frame.results:
        state.push_types(frame.results)


@handles(HANDLERS, "br")
def _br(state: Operands, op: Opcode, imm: int) -> None:
    state.pop_types(state.label(imm))
    state.set_unreachable()


@handles(HANDLERS, "br_if")
def _br_if(state: Operands, op: Opcode, imm: int) -> None:
    state.pop_types(_CONDITION)
    types = state.label(imm)
    if types:
        state.apply(types, types)


@handles(HANDLERS, "br_table")
def _br_table(state: Operands, op: Opcode, imm: tuple[int, ...]) -> None:
    state.pop_type(I32)
    default = state.label(imm[-1])
    arity = len(default)
    checked = {id(default)}
    for depth in imm:
        types = state.label(depth)
        if id(types) in checked:
            continue
        if len(types) != arity:
            state.fail(f"type mismatch: labels take {arity} and {len(types)} operands")
        checked.add(id(types))
        _peek_types(state, types)
    state.pop_types(default)
    state.set_unreachable()


def _peek_types(state: Operands, types: list[ValType]) -> None:
    """Check the operands on top of the stack against ``types``, leaving them as they are."""
    operands = state.stack[max(state.height, len(state.stack) - len(types)) :]
    state.pop_types(types)
    state.stack += operands


@handles(HANDLERS, "return")
def _return(state: Operands, op: Opcode, imm: None) -> None:
    state.pop_types(state.results)
    state.set_unreachable()


def _function(state: Operands, index: int) -> Signature:
    funcs = state.context.module.funcs
    if index >= len(funcs):
        state.fail(f"unknown function {index}")
    return state.context.signature(funcs[index], state.offset)


def _tail(state: Operands, signature: Signature) -> None:
    """A call in tail position: its results must do as results of this function (spec, section 3.4)."""
    params, results = signature
    state.check_all(results, state.results)
    state.pop_types(params)
    state.set_unreachable()


@handles(HANDLERS, "call")
def _call(state: Operands, op: Opcode, imm: int) -> None:
    params, results = _function(state, imm)
    state.apply(params, results)


@handles(HANDLERS, "return_call")
def _return_call(state: Operands, op: Opcode, imm: int) -> None:
    _tail(state, _function(state, imm))


def _indirect(state: Operands, imm: tuple[int, int]) -> Signature:
    type_index, table = imm
    context = state.context
    tables = context.module.tables
    if table >= len(tables):
        state.fail(f"unknown table {table}")
    if not context.matches(tables[table].element, FUNCREF):
        state.mismatch("a table of functions", f"a table of {tables[table].element}")
    signature = context.signature(type_index, state.offset)
    state.pop_type(context.table_addresses[table])
    return signature


@handles(HANDLERS, "call_indirect")
def _call_indirect(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    params, results = _indirect(state, imm)
    state.apply(params, results)


@handles(HANDLERS, "return_call_indirect")
def _return_call_indirect(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    _tail(state, _indirect(state, imm))


def _by_reference(state: Operands, index: int) -> Signature:
    signature = state.context.signature(index, state.offset)
    state.pop_type(ref_type(index))
    return signature


@handles(HANDLERS, "call_ref")
def _call_ref(state: Operands, op: Opcode, imm: int) -> None:
    params, results = _by_reference(state, imm)
    state.apply(params, results)


@handles(HANDLERS, "return_call_ref")
def _return_call_ref(state: Operands, op: Opcode, imm: int) -> None:
    _tail(state, _by_reference(state, imm))


@handles(HANDLERS, "br_on_null")
def _br_on_null(state: Operands, op: Opcode, imm: int) -> None:
    operand = state.pop_reference()
    types = state.label(imm)
    state.apply(types, types)
    state.stack.append(ref_type(operand.heap, nullable=False))


def _label_with_reference(state: Operands, depth: int) -> tuple[list[ValType], RefType]:
    """The types of a label split into those below the last one, and the last one, which must be a reference."""
    types = state.label(depth)
    if not types or not isinstance(types[-1], RefType):
        state.fail("type mismatch: the label takes no reference as its last operand")
    return types[:-1], types[-1]


def _check(state: Operands, actual: RefType, expected: RefType) -> None:
    if not state.context.matches(actual, expected):
        state.mismatch(expected, actual)


@handles(HANDLERS, "br_on_non_null")
def _br_on_non_null(state: Operands, op: Opcode, imm: int) -> None:
    below, last = _label_with_reference(state, imm)
    _check(state, ref_type(state.pop_reference().heap, nullable=False), last)
    state.apply(below, below)


@handles(HANDLERS, "br_on_cast", "br_on_cast_fail", "br_on_cast_desc_eq", "br_on_cast_desc_eq_fail")
def _br_on_cast(state: Operands, op: Opcode, imm: tuple[int, RefType, RefType]) -> None:
    depth, source, target = imm
    context = state.context
    context.check_value(source, state.offset)
    context.check_value(target, state.offset)
    if not context.matches(target, source):
        if context.types.top(target.heap) != context.types.top(source.heap):
            state.mismatch(source, target)
        context.gate.require("custom-descriptors", f"{op.name} to a type that does not match its source", state.offset)
    below, last = _label_with_reference(state, depth)
    failed = ref_type(source.heap, nullable=source.nullable and not target.nullable)
    taken, passed = (failed, target) if op.name.endswith("_fail") else (target, failed)
    _check(state, taken, last)
    if op.feature == "custom-descriptors":
        pop_descriptor(state, target.heap)
    state.pop_type(source)
    state.apply(below, below)
    state.stack.append(passed)


def _tag_params(state: Operands, index: int) -> list[ValType]:
    tags = state.context.module.tags
    if index >= len(tags):
        state.fail(f"unknown tag {index}")
    return state.context.signature(tags[index].type_index, state.offset)[0]


@handles(HANDLERS, "throw")
def _throw(state: Operands, op: Opcode, imm: int) -> None:
    state.pop_types(_tag_params(state, imm))
    state.set_unreachable()


@handles(HANDLERS, "throw_ref")
def _throw_ref(state: Operands, op: Opcode, imm: None) -> None:
    state.pop_type(_EXNREF)
    state.set_unreachable()


@handles(HANDLERS, "try_table")
def _try_table(state: Operands, op: Opcode, imm: tuple[BlockType, tuple[Catch, ...]]) -> None:
    type_, catches = imm
    for kind, tag, depth in catches:  # labels count from outside the try_table itself
        caught = [] if tag is None else _tag_params(state, tag)
        if kind.endswith("_ref"):
            caught = [*caught, _EXN]
        state.check_all(caught, state.label(depth))
    _block(state, op, type_)


@handles(HANDLERS, "catch")
def _catch(state: Operands, op: Opcode, imm: int) -> None:
    state.enter(op, _tag_params(state, imm), state.leave().results)


@handles(HANDLERS, "catch_all")
def _catch_all(state: Operands, op: Opcode, imm: None) -> None:
    state.enter(op, [], state.leave().results)


@handles(HANDLERS, "delegate")
def _delegate(state: Operands, op: Opcode, imm: int) -> None:
    frame = state.leave()
    state.label(imm)  # counts from outside of the try
    state.push_types(frame.results)


@handles(HANDLERS, "rethrow")
def _rethrow(state: Operands, op: Opcode, imm: int) -> None:
    state.label(imm)
    if state.frames[-1 - imm].op not in _CATCHES:
        state.fail(f"invalid rethrow label {imm}: no catch of it is around")
    state.set_unreachable()
