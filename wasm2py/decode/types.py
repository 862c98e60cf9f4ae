"""Types in the binary format (spec, section 5.3) and the type section's recursive groups."""

from __future__ import annotations

from wasm2py.decode.reader import Reader
from wasm2py.errors import Malformed
from wasm2py.wasm.limits import MAX_FIELDS, MAX_PARAMS, MAX_RESULTS
from wasm2py.wasm.module import BlockType, Module
from wasm2py.wasm.types import (
    ABSTRACT_HEAP_TYPES,
    F32,
    F64,
    FUNCREF,
    HEAP_TYPE_FEATURES,
    I32,
    I64,
    V128,
    ArrayType,
    CompositeType,
    Exact,
    FieldType,
    FuncType,
    GlobalType,
    HeapType,
    Limits,
    MemoryType,
    PackedType,
    RefType,
    StructType,
    SubType,
    TableType,
    TagType,
    ValType,
    ref_type,
)

_REF_NULL, _REF = 0x63, 0x64
_EXACT = 0x62
_FUNCREF = 0x70
_ARRAY, _STRUCT, _FUNC = 0x5E, 0x5F, 0x60
_SUB, _SUB_FINAL, _REC = 0x50, 0x4F, 0x4E
_DESCRIBES, _DESCRIPTOR = 0x4C, 0x4D

_REF_SHORTHANDS: dict[int, RefType] = {byte: ref_type(name) for byte, name in ABSTRACT_HEAP_TYPES.items()}
_ONE_BYTE: dict[int, ValType] = {0x7F: I32, 0x7E: I64, 0x7D: F32, 0x7C: F64, 0x7B: V128, **_REF_SHORTHANDS}
_PACKED: dict[int, PackedType] = {0x78: "i8", 0x77: "i16"}

_EMPTY_BLOCK = 0x40
_ONE_BYTE_BLOCKS: dict[int, BlockType] = {
    _EMPTY_BLOCK: BlockType(None, None),
    **{byte: BlockType(None, result) for byte, result in _ONE_BYTE.items()},
}

_HAS_MAXIMUM, _SHARED, _INDEX64, _PAGE_SIZE = 1, 2, 4, 8
_LIMITS_FEATURES = {
    _SHARED: ("threads", "shared limits"),
    _INDEX64: ("memory64", "limits with 64-bit addresses"),
    _PAGE_SIZE: ("custom-page-sizes", "page size"),
}
_MAX_PAGE_SIZE_LOG2 = 64


def _ask_gate(reader: Reader, type_: ValType, offset: int) -> None:
    """Ask the gate about a value type of one byte."""
    if isinstance(type_, RefType):
        reader.gate.require(HEAP_TYPE_FEATURES[str(type_.heap)], f"type {type_}", offset)
    elif type_ is V128:
        reader.gate.require("simd", f"type {type_}", offset)


def read_heap_type(reader: Reader) -> HeapType:
    """A heap type (spec, section 5.3.3, and custom-descriptors): an abstract one, a type index, or exactly that."""
    start = reader.position
    byte = reader.peek()
    name = ABSTRACT_HEAP_TYPES.get(byte)
    if name is not None:
        reader.gate.require(HEAP_TYPE_FEATURES[name], f"heap type {name}", start)
        reader.position += 1
        return name
    if byte == _EXACT:
        reader.gate.require("custom-descriptors", "exact heap type", start)
        reader.position += 1
        return Exact(reader.u32())  # unsigned: an abstract heap type cannot be exact
    index = reader.s33()
    if index < 0:
        raise Malformed("malformed heap type", start)
    reader.gate.require("function-references", f"heap type {index}", start)
    return index


def read_ref_type(reader: Reader) -> RefType:
    """A reference type (spec, section 5.3.4)."""
    start = reader.position
    byte = reader.u8()
    if byte in (_REF_NULL, _REF):
        reader.gate.require("function-references", "reference type of two parts", start)
        return ref_type(read_heap_type(reader), byte == _REF_NULL)
    shorthand = _REF_SHORTHANDS.get(byte)
    if shorthand is None:
        raise Malformed("malformed reference type", start)
    _ask_gate(reader, shorthand, start)
    return shorthand


def read_val_type(reader: Reader) -> ValType:
    """A value type (spec, section 5.3.5)."""
    byte = reader.peek()
    one_byte = _ONE_BYTE.get(byte)
    if one_byte is not None:
        if reader.gate:
            _ask_gate(reader, one_byte, reader.position)
        reader.position += 1
        return one_byte
    if byte in (_REF_NULL, _REF):
        return read_ref_type(reader)
    raise Malformed("malformed value type", reader.position)


def read_block_type(reader: Reader) -> BlockType:
    """A block type (spec, section 5.4.2)."""
    start = reader.position
    byte = reader.peek()
    one_byte = _ONE_BYTE_BLOCKS.get(byte)
    if one_byte is not None:
        if reader.gate and one_byte.result is not None:
            _ask_gate(reader, one_byte.result, start)
        reader.position += 1
        return one_byte
    if byte in (_REF_NULL, _REF):
        return BlockType(None, read_ref_type(reader))
    index = reader.s33()
    if index < 0:
        raise Malformed("malformed block type", start)
    reader.gate.require("multi-value", "block type with a type index", start)
    return BlockType(index, None)


def _read_val_types(reader: Reader, what: str, limit: int) -> tuple[ValType, ...]:
    start = reader.position
    count = reader.count()
    if count > limit:
        raise Malformed(f"too many {what}: {count}, the limit is {limit}", start)
    return tuple([read_val_type(reader) for _ in range(count)])


def _read_mutability(reader: Reader) -> bool:
    byte = reader.u8()
    if byte > 1:
        raise Malformed("malformed mutability", reader.position - 1)
    return byte == 1


def _read_field_type(reader: Reader) -> FieldType:
    byte = reader.peek()
    storage: ValType | PackedType
    if byte in _PACKED:
        reader.position += 1
        storage = _PACKED[byte]
    elif byte in _ONE_BYTE or byte in (_REF_NULL, _REF):
        storage = read_val_type(reader)
    else:
        raise Malformed("malformed storage type", reader.position)
    return FieldType(storage, _read_mutability(reader))


def _read_composite_type(reader: Reader) -> CompositeType:
    start = reader.position
    byte = reader.u8()
    if byte == _FUNC:
        params = _read_val_types(reader, "parameters", MAX_PARAMS)
        results = _read_val_types(reader, "results", MAX_RESULTS)
        if len(results) > 1:
            reader.gate.require("multi-value", "function type with several results", start)
        return FuncType(params, results)
    if byte in (_STRUCT, _ARRAY):
        reader.gate.require("gc", "structure type" if byte == _STRUCT else "array type", start)
    if byte == _STRUCT:
        count = reader.count()
        if count > MAX_FIELDS:
            raise Malformed(f"too many fields: {count}, the limit is {MAX_FIELDS}", start)
        return StructType(tuple([_read_field_type(reader) for _ in range(count)]))
    if byte == _ARRAY:
        return ArrayType(_read_field_type(reader))
    raise Malformed("malformed definition type", start)


def _read_clause(reader: Reader, byte: int, what: str) -> int | None:
    """The type index behind ``byte``, where that comes next (custom-descriptors)."""
    if reader.peek() != byte:
        return None
    reader.gate.require("custom-descriptors", what, reader.position)
    reader.position += 1
    return reader.u32()


def _read_sub_type(reader: Reader) -> SubType:
    byte = reader.peek()
    supertypes: tuple[int, ...] = ()
    if byte in (_SUB, _SUB_FINAL):
        reader.gate.require("gc", "sub type", reader.position)
        reader.position += 1
        supertypes = tuple([reader.u32() for _ in range(reader.count())])
    describes = _read_clause(reader, _DESCRIBES, "type that describes another")
    descriptor = _read_clause(reader, _DESCRIPTOR, "type with a descriptor")
    return SubType(_read_composite_type(reader), supertypes, byte != _SUB, describes, descriptor)


def read_rec_type(reader: Reader, module: Module) -> None:
    """Add an entry of the type section to the module: a recursive group, or a single type (spec, section 5.3.8)."""
    count = 1
    if reader.peek() == _REC:
        reader.gate.require("gc", "recursive type", reader.position)
        reader.position += 1
        count = reader.count()
    module.rec_groups.append((len(module.types), count))
    for _ in range(count):
        module.type_offsets.append(reader.position)
        module.types.append(_read_sub_type(reader))


def _read_limits(reader: Reader, allowed: int) -> Limits:
    """Limits (spec, section 5.3.9); ``allowed`` are the flags that the type at hand may have.

    The bits of threads (shared) and of custom page sizes are added to those of the core specification.
    """
    start = reader.position
    flags = reader.u8()
    if flags & ~allowed:
        raise Malformed("malformed limits flags", start)
    for flag, (feature, what) in _LIMITS_FEATURES.items():
        if flags & flag:
            reader.gate.require(feature, what, start)
    minimum = reader.size("limits")
    maximum = reader.size("limits") if flags & _HAS_MAXIMUM else None
    page_size_log2 = 16
    if flags & _PAGE_SIZE:
        start = reader.position
        page_size_log2 = reader.u32()
        if page_size_log2 > _MAX_PAGE_SIZE_LOG2:
            raise Malformed("invalid custom page size", start)
    return Limits(minimum, maximum, bool(flags & _INDEX64), bool(flags & _SHARED), page_size_log2)


def read_memory_type(reader: Reader) -> MemoryType:
    """A memory type (spec, section 5.3.12)."""
    return MemoryType(_read_limits(reader, _HAS_MAXIMUM | _SHARED | _INDEX64 | _PAGE_SIZE))


def read_table_type(reader: Reader) -> TableType:
    """A table type (spec, section 5.3.13)."""
    if reader.peek() == _FUNCREF:  # WebAssembly 1.0 has it here only: read_ref_type asks the gate
        reader.position += 1
        element = FUNCREF
    else:
        element = read_ref_type(reader)
    return TableType(element, _read_limits(reader, _HAS_MAXIMUM | _INDEX64))


def read_global_type(reader: Reader) -> GlobalType:
    """A global type (spec, section 5.3.11)."""
    return GlobalType(read_val_type(reader), _read_mutability(reader))


def read_tag_type(reader: Reader) -> TagType:
    """A tag type (spec, section 5.3.10)."""
    reader.zero()
    return TagType(reader.u32())
