"""Immediates of instructions (spec, section 5.4): one reader for each kind that the opcode table names."""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.decode.reader import Reader
from wasm2py.decode.types import read_block_type, read_heap_type, read_val_type
from wasm2py.errors import Malformed
from wasm2py.wasm.module import BlockType, Catch, MemArg
from wasm2py.wasm.types import RefType, ValType, ref_type

_HAS_MEMORY = 0x40
"""Bit of a memory access's alignment: a memory index follows."""

_CATCH_KINDS = ("catch", "catch_ref", "catch_all", "catch_all_ref")


def _nothing(reader: Reader) -> None:
    return None


def _bits(size: int) -> Callable[[Reader], int]:
    return lambda reader: int.from_bytes(reader.take(size), "little")


def _memory(reader: Reader) -> int:
    return reader.index("multi-memory", "memory index")


def _table(reader: Reader) -> int:
    return reader.index("reference-types", "table index")


def _pair(first: Callable[[Reader], int], second: Callable[[Reader], int]) -> Callable[[Reader], tuple[int, int]]:
    return lambda reader: (first(reader), second(reader))


_indices = _pair(Reader.u32, Reader.u32)


def _labels(reader: Reader) -> tuple[int, ...]:
    labels = [reader.u32() for _ in range(reader.count())]
    labels.append(reader.u32())
    return tuple(labels)


def _val_types(reader: Reader) -> tuple[ValType, ...]:
    return tuple([read_val_type(reader) for _ in range(reader.count())])


def _cast(reader: Reader) -> tuple[int, RefType, RefType]:
    start = reader.position
    flags = reader.u8()
    if flags > 3:
        raise Malformed("malformed cast flags", start)
    label = reader.u32()
    source = ref_type(read_heap_type(reader), bool(flags & 1))
    return label, source, ref_type(read_heap_type(reader), bool(flags & 2))


def _catches(reader: Reader) -> tuple[BlockType, tuple[Catch, ...]]:
    block_type = read_block_type(reader)
    clauses = []
    for _ in range(reader.count()):
        byte = reader.u8()
        if byte >= len(_CATCH_KINDS):
            raise Malformed("malformed catch clause", reader.position - 1)
        kind = _CATCH_KINDS[byte]
        tag = None if "all" in kind else reader.u32()
        clauses.append(Catch(kind, tag, reader.u32()))
    return block_type, tuple(clauses)


def _memarg(reader: Reader) -> MemArg:
    start = reader.position
    flags = reader.u32()
    if flags >= 2 * _HAS_MEMORY:
        raise Malformed("malformed memop flags", start)
    memory = 0
    if flags & _HAS_MEMORY:
        reader.gate.require("multi-memory", "memory index of an access", start)
        memory = reader.u32()
    return MemArg(flags & ~_HAS_MEMORY, reader.size("offset of an access"), memory)


def _memarg_lane(reader: Reader) -> tuple[MemArg, int]:
    return _memarg(reader), reader.u8()


def _shuffle(reader: Reader) -> tuple[int, ...]:
    return tuple(reader.take(16))


IMMEDIATE_READERS: dict[str, Callable[[Reader], object]] = {
    "-": _nothing,
    "zero": Reader.zero,
    "i32": Reader.s32,
    "i64": Reader.s64,
    "f32": _bits(4),
    "f64": _bits(8),
    "v128": _bits(16),
    "block": read_block_type,
    "label": Reader.u32,
    "labels": _labels,
    "func": Reader.u32,
    "type": Reader.u32,
    "local": Reader.u32,
    "global": Reader.u32,
    "table": Reader.u32,
    "memory": _memory,
    "data": Reader.u32,
    "element": Reader.u32,
    "tag": Reader.u32,
    "type_table": _pair(Reader.u32, _table),
    "data_memory": _pair(Reader.u32, _memory),
    "memory_memory": _pair(_memory, _memory),
    "element_table": _pair(Reader.u32, _table),
    "table_table": _pair(_table, _table),
    "type_field": _indices,
    "type_count": _indices,
    "type_data": _indices,
    "type_element": _indices,
    "type_type": _indices,
    "heap": read_heap_type,
    "types": _val_types,
    "cast": _cast,
    "catches": _catches,
    "memarg": _memarg,
    "memarg_lane": _memarg_lane,
    "lane": Reader.u8,
    "shuffle": _shuffle,
}
"""What reads an immediate, by its kind; the result is what :data:`wasm2py.wasm.opcodes.IMMEDIATES` says."""
