"""Modules and their sections (spec, section 5.5)."""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.decode.custom import decode_names
from wasm2py.decode.instructions import read_expression
from wasm2py.decode.reader import Reader
from wasm2py.decode.types import (
    read_global_type,
    read_memory_type,
    read_rec_type,
    read_ref_type,
    read_table_type,
    read_tag_type,
    read_val_type,
)
from wasm2py.errors import Malformed, Unsupported
from wasm2py.features import OPEN, Gate
from wasm2py.wasm.limits import MAX_LOCALS
from wasm2py.wasm.module import Code, CustomSection, Data, Element, Export, Expression, Global, Import, Module, Table
from wasm2py.wasm.types import FUNCREF, Exact, ExternType, GlobalType, MemoryType, RefType, TableType, ref_type

_MAGIC = b"\0asm"
_VERSION = b"\x01\0\0\0"
_COMPONENT_LAYER = b"\x01\0"

_FUNC_NON_NULL = ref_type("func", False)
"""Type of element segments that list function indices (spec, section 5.5.12)."""

_EXTERN_KINDS = ("func", "table", "memory", "global", "tag")
_TAG_KIND = 4
_EXACT_FUNC = 0x20
_TABLE_WITH_INIT = 0x40


def _type_entry(reader: Reader, module: Module) -> None:
    read_rec_type(reader, module)


def _add_to_index_space(module: Module, extern_type: ExternType, offset: int) -> None:
    if isinstance(extern_type, (int, Exact)):
        module.funcs.append(extern_type if isinstance(extern_type, int) else extern_type.index)
        module.func_offsets.append(offset)
    elif isinstance(extern_type, TableType):
        module.tables.append(extern_type)
    elif isinstance(extern_type, MemoryType):
        module.memories.append(extern_type)
        module.memory_offsets.append(offset)
    elif isinstance(extern_type, GlobalType):
        module.globals.append(extern_type)
    else:
        module.tags.append(extern_type)
        module.tag_offsets.append(offset)


_IMPORT_TYPES: tuple[Callable[[Reader], ExternType], ...] = (
    Reader.u32,
    read_table_type,
    read_memory_type,
    read_global_type,
    read_tag_type,
)
"""What reads the type of an import, by its kind's byte (spec, section 5.3.14)."""


def _import_entry(reader: Reader, module: Module) -> None:
    offset = reader.position
    module_name, name = reader.name(), reader.name()
    kind = reader.u8()
    if kind == _TAG_KIND:
        reader.gate.require("exceptions", "import of a tag", reader.position - 1)
    extern_type: ExternType
    if kind == _EXACT_FUNC:
        reader.gate.require("custom-descriptors", "exact function import", reader.position - 1)
        extern_type = Exact(reader.u32())
    elif kind < len(_IMPORT_TYPES):
        extern_type = _IMPORT_TYPES[kind](reader)
    else:
        raise Malformed("malformed import kind", reader.position - 1)
    module.imports.append(Import(module_name, name, extern_type, offset))
    _add_to_index_space(module, extern_type, offset)


def _function_entry(reader: Reader, module: Module) -> None:
    offset = reader.position
    _add_to_index_space(module, reader.u32(), offset)


def _table_entry(reader: Reader, module: Module) -> None:
    offset = reader.position
    init: Expression | None = None
    if reader.peek() == _TABLE_WITH_INIT:
        reader.gate.require("function-references", "table with an initialiser", offset)
        reader.position += 1
        reader.zero()
        table_type = read_table_type(reader)
        init = read_expression(reader)
    else:
        table_type = read_table_type(reader)
    module.tables.append(table_type)
    module.table_definitions.append(Table(table_type, init, offset))


def _memory_entry(reader: Reader, module: Module) -> None:
    offset = reader.position
    _add_to_index_space(module, read_memory_type(reader), offset)


def _tag_entry(reader: Reader, module: Module) -> None:
    offset = reader.position
    _add_to_index_space(module, read_tag_type(reader), offset)


def _global_entry(reader: Reader, module: Module) -> None:
    offset = reader.position
    global_type = read_global_type(reader)
    module.globals.append(global_type)
    module.global_definitions.append(Global(global_type, read_expression(reader), offset))


def _export_entry(reader: Reader, module: Module) -> None:
    offset = reader.position
    name = reader.name()
    kind = reader.u8()
    if kind >= len(_EXTERN_KINDS):
        raise Malformed("malformed export kind", reader.position - 1)
    if kind == _TAG_KIND:
        reader.gate.require("exceptions", "export of a tag", reader.position - 1)
    module.exports.append(Export(name, _EXTERN_KINDS[kind], reader.u32(), offset))


def _element_entry(reader: Reader, module: Module) -> None:
    """One of the eight forms of an element segment (spec, section 5.5.12), told apart by three bits."""
    offset = reader.position
    flags = reader.u32()
    if flags > 7:
        raise Malformed("malformed element segment kind", offset)
    not_active, explicit, expressions = flags & 1, flags & 2, flags & 4
    if flags:  # in WebAssembly 1.0, this was the table index, which had to be zero
        reader.gate.require("bulk-memory", "element segment with flags", offset)
    if not_active and explicit:
        reader.gate.require("reference-types", "declarative element segment", offset)
    if expressions:
        reader.gate.require("reference-types", "element segment of expressions", offset)
    mode, table, start = "active", None, None
    if not_active:
        mode = "declarative" if explicit else "passive"
    else:
        table = reader.u32() if explicit else 0
        start = read_expression(reader)
    element_type: RefType = FUNCREF if expressions else _FUNC_NON_NULL
    if not_active or explicit:
        if expressions:
            element_type = read_ref_type(reader)
        elif reader.u8() != 0:
            raise Malformed("malformed element kind", reader.position - 1)
    items: tuple[int, ...] | tuple[Expression, ...]
    if expressions:
        items = tuple([read_expression(reader) for _ in range(reader.count())])
    else:
        items = tuple([reader.u32() for _ in range(reader.count())])
    module.elements.append(Element(element_type, items, mode, table, start, offset))


def _data_entry(reader: Reader, module: Module) -> None:
    offset = reader.position
    flags = reader.u32()
    if flags > 2:
        raise Malformed("malformed data segment kind", offset)
    if flags:
        reader.gate.require("bulk-memory", "data segment with flags", offset)
    memory, start = None, None
    if flags != 1:
        memory = reader.u32() if flags == 2 else 0
        start = read_expression(reader)
    module.data.append(Data(reader.take(reader.u32()), memory, start, offset))


def _code_entry(reader: Reader, module: Module) -> None:
    """A function body (spec, section 5.5.13): its locals are read, its instructions kept for later."""
    body = reader.section(reader.u32())
    total = 0
    groups = []
    for _ in range(body.count()):
        offset = body.position
        count = body.u32()
        total += count
        if total > MAX_LOCALS:
            raise Malformed(f"too many locals: {total}, the limit is {MAX_LOCALS}", offset)
        groups.append((count, read_val_type(body)))
    module.codes.append(Code(tuple(groups), body.position, body.end))


def _start_section(reader: Reader, module: Module) -> None:
    module.start_offset = reader.position
    module.start = reader.u32()


def _data_count_section(reader: Reader, module: Module) -> None:
    module.data_count = reader.u32()


def _entries(read: Callable[[Reader, Module], None]) -> Callable[[Reader, Module], None]:
    """The reader of a section that is a list of entries."""

    def read_section(reader: Reader, module: Module) -> None:
        for _ in range(reader.count()):
            read(reader, module)

    return read_section


_CUSTOM, _FUNCTION, _DATA = 0, 3, 11

_SECTIONS: dict[int, Callable[[Reader, Module], None]] = {
    1: _entries(_type_entry),
    2: _entries(_import_entry),
    _FUNCTION: _entries(_function_entry),
    4: _entries(_table_entry),
    5: _entries(_memory_entry),
    13: _entries(_tag_entry),
    6: _entries(_global_entry),
    7: _entries(_export_entry),
    8: _start_section,
    9: _entries(_element_entry),
    12: _data_count_section,
    10: _entries(_code_entry),
    _DATA: _entries(_data_entry),
}
"""What reads a section, by its id, in the order that the sections must have (spec, section 5.5.17)."""

_SECTION_FEATURES = {12: ("bulk-memory", "data count section"), 13: ("exceptions", "tag section")}
"""The proposals of sections that WebAssembly 1.0 lacks."""

_RANKS = {number: rank for rank, number in enumerate(_SECTIONS)}


def _check_preamble(data: bytes) -> None:
    magic, version = data[:4], data[4:8]
    if magic != _MAGIC[: len(magic)]:
        raise Malformed("magic header not detected", 0)
    if len(data) < 8:
        raise Malformed("unexpected end", len(data))
    if version == _VERSION:
        return
    if version[2:] == _COMPONENT_LAYER and version[0] != 0:
        raise Unsupported("component-model", "the binary is a component, not a core module", 4)
    raise Malformed("unknown binary version", 4)


def _read_custom(reader: Reader, module: Module, place: int, offset: int) -> None:
    name = reader.name()
    module.custom.append(CustomSection(name, reader.take(reader.end - reader.position), place, offset))


def decode_module(data: bytes, gate: Gate = OPEN) -> Module:
    """Decode a binary module, but for the instructions of its functions (see ``decode_body``).

    :param data: the whole file
    :param gate: refuses what belongs to disabled proposals
    :raises Malformed: if the binary grammar is violated, or an implementation limit exceeded
    :raises Unsupported: if the binary is a component, and for what the gate refuses
    """
    _check_preamble(data)
    module = Module(data)
    reader = Reader(data, 8, gate=gate)
    last, last_rank = 0, -1
    declared = 0
    while not reader.at_end:
        offset = reader.position
        number = reader.u8()
        if number != _CUSTOM and number not in _SECTIONS:
            raise Malformed("malformed section id", offset)
        section = reader.section(reader.u32())
        if number == _CUSTOM:
            _read_custom(section, module, last, offset)
            continue
        if number in _SECTION_FEATURES:
            gate.require(*_SECTION_FEATURES[number], offset)
        if _RANKS[number] <= last_rank:
            raise Malformed("unexpected content after last section", offset)
        last, last_rank = number, _RANKS[number]
        before = len(module.funcs)
        _SECTIONS[number](section, module)
        section.finish()
        if number == _FUNCTION:
            declared = len(module.funcs) - before
    if declared != len(module.codes):
        raise Malformed("function and code section have inconsistent lengths", reader.end)
    if module.data_count is not None and module.data_count != len(module.data):
        raise Malformed("data count and data section have inconsistent lengths", reader.end)
    names = next((section.bytes for section in module.custom if section.name == "name"), None)
    if names is not None:
        module.names = decode_names(names)
    return module
