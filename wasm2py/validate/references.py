"""References, structures, arrays, casts, and ``select`` (spec, section 3.4)."""

from __future__ import annotations

from wasm2py.validate.context import is_defaultable, unpacked
from wasm2py.validate.handlers import Handlers, handles
from wasm2py.validate.operands import Operands
from wasm2py.validate.storage import check_data, element_type
from wasm2py.validate.subtyping import BOTTOM
from wasm2py.wasm.opcodes import BY_NAME, Opcode
from wasm2py.wasm.types import EXTERNREF, I32, Exact, FieldType, HeapType, RefType, ValType, defined, ref_type

HANDLERS: Handlers = {}

_ANYREF = ref_type("any")
_ARRAYREF = ref_type("array")
_EQREF = ref_type("eq")
_I31REF = ref_type("i31")
_I31 = ref_type("i31", nullable=False)

_DEFAULT = {BY_NAME[name] for name in ("struct.new_default", "struct.new_default_desc")}
_DESCRIBED = {BY_NAME[name] for name in ("struct.new_desc", "struct.new_default_desc")}


@handles(HANDLERS, "drop")
def _drop(state: Operands, op: Opcode, imm: None) -> None:
    state.pop()


@handles(HANDLERS, "select")
def _select(state: Operands, op: Opcode, imm: None) -> None:
    state.pop_type(I32)
    second = state.pop()
    first = state.pop()
    if isinstance(first, RefType) or isinstance(second, RefType):
        state.fail("type mismatch: select without a type on references")
    if first is not second and first is not BOTTOM and second is not BOTTOM:
        state.mismatch(first, second)
    state.stack.append(second if first is BOTTOM else first)


@handles(HANDLERS, "select_t")
def _select_t(state: Operands, op: Opcode, imm: tuple[ValType, ...]) -> None:
    if len(imm) != 1:
        state.fail("invalid result arity")
    type_ = imm[0]
    state.context.check_value(type_, state.offset)
    state.apply([type_, type_, I32], [type_])


def _check_heap(state: Operands, heap: HeapType) -> None:
    state.context.check_heap(heap, state.offset)


@handles(HANDLERS, "ref.null")
def _ref_null(state: Operands, op: Opcode, imm: HeapType) -> None:
    _check_heap(state, imm)
    state.stack.append(ref_type(imm))


@handles(HANDLERS, "ref.func")
def _ref_func(state: Operands, op: Opcode, imm: int) -> None:
    funcs = state.context.module.funcs
    if imm >= len(funcs):
        state.fail(f"unknown function {imm}")
    if imm not in state.context.declared:
        state.fail("undeclared function reference")
    loose = imm in state.context.loose
    state.stack.append(ref_type(funcs[imm], nullable=False) if loose else state.context.exact(funcs[imm]))


@handles(HANDLERS, "ref.is_null")
def _ref_is_null(state: Operands, op: Opcode, imm: None) -> None:
    state.pop_reference()
    state.stack.append(I32)


@handles(HANDLERS, "ref.as_non_null")
def _ref_as_non_null(state: Operands, op: Opcode, imm: None) -> None:
    state.stack.append(ref_type(state.pop_reference().heap, nullable=False))


@handles(HANDLERS, "ref.eq")
def _ref_eq(state: Operands, op: Opcode, imm: None) -> None:
    state.apply([_EQREF, _EQREF], [I32])


@handles(HANDLERS, "ref.i31")
def _ref_i31(state: Operands, op: Opcode, imm: None) -> None:
    state.apply([I32], [_I31])


@handles(HANDLERS, "i31.get_s", "i31.get_u")
def _i31_get(state: Operands, op: Opcode, imm: None) -> None:
    state.apply([_I31REF], [I32])


@handles(HANDLERS, "any.convert_extern")
def _any_convert_extern(state: Operands, op: Opcode, imm: None) -> None:
    _convert(state, EXTERNREF, _ANYREF)


@handles(HANDLERS, "extern.convert_any")
def _extern_convert_any(state: Operands, op: Opcode, imm: None) -> None:
    _convert(state, _ANYREF, EXTERNREF)


def _convert(state: Operands, source: RefType, target: RefType) -> None:
    """A conversion between the host's and our own references keeps nullability."""
    operand = state.pop_type(source)
    nullable = isinstance(operand, RefType) and operand.nullable
    state.stack.append(ref_type(target.heap, nullable))


def _tested(state: Operands, op: Opcode, heap: HeapType) -> RefType:
    """Pop the operand of a test or cast, anything in the hierarchy of its type; the type that is tested for."""
    _check_heap(state, heap)
    state.pop_type(ref_type(state.context.types.top(heap)))
    return ref_type(heap, nullable=op.name.endswith("_null"))


@handles(HANDLERS, "ref.test", "ref.test_null")
def _ref_test(state: Operands, op: Opcode, imm: HeapType) -> None:
    _tested(state, op, imm)
    state.stack.append(I32)


@handles(HANDLERS, "ref.cast", "ref.cast_null")
def _ref_cast(state: Operands, op: Opcode, imm: HeapType) -> None:
    state.stack.append(_tested(state, op, imm))


def _push_new(state: Operands, type_index: int) -> None:
    state.stack.append(state.context.exact(type_index))


@handles(HANDLERS, "struct.new", "struct.new_desc", "struct.new_default", "struct.new_default_desc")
def _struct_new(state: Operands, op: Opcode, imm: int) -> None:
    fields, defaultable = state.context.struct_operands(imm, state.offset)
    default = op in _DEFAULT
    if default and not defaultable:
        state.fail("type mismatch: a field has no default value")
    descriptor = state.context.module.types[imm].descriptor
    if op in _DESCRIBED:
        if descriptor is None:
            state.fail("type without descriptor requires non-descriptor allocation")
        state.pop_type(ref_type(Exact(descriptor)))
    elif descriptor is not None:
        state.fail("type with descriptor requires descriptor allocation")
    if not default:
        state.pop_types(fields)
    _push_new(state, imm)


@handles(HANDLERS, "ref.get_desc")
def _ref_get_desc(state: Operands, op: Opcode, imm: int) -> None:
    _check_heap(state, imm)
    descriptor = state.context.module.types[imm].descriptor
    if descriptor is None:
        state.fail(f"type without descriptor {imm}")
    operand = state.pop_type(ref_type(imm))
    exact = state.context.matches(operand, ref_type(Exact(imm)))
    state.stack.append(ref_type(Exact(descriptor) if exact else descriptor, nullable=False))


def pop_descriptor(state: Operands, target: HeapType) -> None:
    """Pop the descriptor that a cast to ``target`` compares with; it is exact where the target is."""
    index = defined(target)
    descriptor = None if index is None else state.context.module.types[index].descriptor
    if descriptor is None:
        state.fail(f"type {target} does not have a descriptor")
    state.pop_type(ref_type(Exact(descriptor) if isinstance(target, Exact) else descriptor))


@handles(HANDLERS, "ref.cast_desc_eq", "ref.cast_desc_eq_null")
def _ref_cast_desc_eq(state: Operands, op: Opcode, imm: HeapType) -> None:
    _check_heap(state, imm)
    pop_descriptor(state, imm)
    state.stack.append(_tested(state, op, imm))


def _field(state: Operands, imm: tuple[int, int]) -> FieldType:
    type_index, field = imm
    fields = state.context.struct(type_index, state.offset)
    if field >= len(fields):
        state.fail(f"unknown field {field}")
    return fields[field]


def _check_sign(state: Operands, op: Opcode, field: FieldType) -> None:
    """``get_s`` and ``get_u`` are for packed fields, ``get`` for all others."""
    if isinstance(field.type, str) == op.name.endswith(".get"):
        state.fail(f"type mismatch: {op.name} on a field of type {field.type}")


@handles(HANDLERS, "struct.get", "struct.get_s", "struct.get_u")
def _struct_get(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    field = _field(state, imm)
    _check_sign(state, op, field)
    state.apply([ref_type(imm[0])], [unpacked(field)])


@handles(HANDLERS, "struct.set")
def _struct_set(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    field = _field(state, imm)
    if not field.mutable:
        state.fail("immutable field")
    state.pop_types([ref_type(imm[0]), unpacked(field)])


def _element(state: Operands, type_index: int) -> FieldType:
    return state.context.array(type_index, state.offset)


def _mutable_element(state: Operands, type_index: int) -> FieldType:
    field = _element(state, type_index)
    if not field.mutable:
        state.fail("immutable array")
    return field


@handles(HANDLERS, "array.new")
def _array_new(state: Operands, op: Opcode, imm: int) -> None:
    state.pop_types([unpacked(_element(state, imm)), I32])
    _push_new(state, imm)


@handles(HANDLERS, "array.new_default")
def _array_new_default(state: Operands, op: Opcode, imm: int) -> None:
    if not is_defaultable(unpacked(_element(state, imm))):
        state.fail("type mismatch: the element type has no default value")
    state.pop_type(I32)
    _push_new(state, imm)


@handles(HANDLERS, "array.new_fixed")
def _array_new_fixed(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    type_index, count = imm
    element = unpacked(_element(state, type_index))
    there = min(count, len(state.stack) - state.height)  # count may be any u32
    state.pop_types([element] * there)
    if there < count:
        state.pop_type(element)  # right only in unreachable code, where it stands for all that are missing
    _push_new(state, type_index)


def _check_bytes(state: Operands, field: FieldType) -> None:
    if isinstance(field.type, RefType):
        state.fail("array type is not numeric or vector")


@handles(HANDLERS, "array.new_data")
def _array_new_data(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    type_index, segment = imm
    _check_bytes(state, _element(state, type_index))
    check_data(state, segment)
    state.pop_types([I32, I32])
    _push_new(state, type_index)


def _check_segment(state: Operands, segment: int, field: FieldType) -> None:
    lower = element_type(state, segment)
    if isinstance(field.type, str) or not state.context.matches(lower, field.type):
        state.mismatch(field.type, lower)


@handles(HANDLERS, "array.new_elem")
def _array_new_elem(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    type_index, segment = imm
    _check_segment(state, segment, _element(state, type_index))
    state.pop_types([I32, I32])
    _push_new(state, type_index)


@handles(HANDLERS, "array.get", "array.get_s", "array.get_u")
def _array_get(state: Operands, op: Opcode, imm: int) -> None:
    field = _element(state, imm)
    _check_sign(state, op, field)
    state.apply([ref_type(imm), I32], [unpacked(field)])


@handles(HANDLERS, "array.set")
def _array_set(state: Operands, op: Opcode, imm: int) -> None:
    field = _mutable_element(state, imm)
    state.pop_types([ref_type(imm), I32, unpacked(field)])


@handles(HANDLERS, "array.len")
def _array_len(state: Operands, op: Opcode, imm: None) -> None:
    state.apply([_ARRAYREF], [I32])


@handles(HANDLERS, "array.fill")
def _array_fill(state: Operands, op: Opcode, imm: int) -> None:
    field = _mutable_element(state, imm)
    state.pop_types([ref_type(imm), I32, unpacked(field), I32])


@handles(HANDLERS, "array.copy")
def _array_copy(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    destination, source = imm
    field = _mutable_element(state, destination)
    if not state.context.types.storage_matches(_element(state, source).type, field.type):
        state.fail("array types do not match")
    state.pop_types([ref_type(destination), I32, ref_type(source), I32, I32])


@handles(HANDLERS, "array.init_data")
def _array_init_data(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    type_index, segment = imm
    _check_bytes(state, _mutable_element(state, type_index))
    check_data(state, segment)
    state.pop_types([ref_type(type_index), I32, I32, I32])


@handles(HANDLERS, "array.init_elem")
def _array_init_elem(state: Operands, op: Opcode, imm: tuple[int, int]) -> None:
    type_index, segment = imm
    _check_segment(state, segment, _mutable_element(state, type_index))
    state.pop_types([ref_type(type_index), I32, I32, I32])
