"""Everything of a module but its function bodies (spec, sections 3.2 and 3.5)."""

from __future__ import annotations

from collections.abc import Iterator

from wasm2py.errors import Invalid
from wasm2py.features import OPEN, Gate
from wasm2py.validate.context import Context, is_defaultable
from wasm2py.validate.function import validate_constant
from wasm2py.validate.types import check_types, mentioned_types
from wasm2py.wasm.module import Element, Expression, Module
from wasm2py.wasm.types import (
    Exact,
    GlobalType,
    Limits,
    MemoryType,
    TableType,
    TagType,
)

_PAGE_SIZES_LOG2 = (0, 16)


def validate_module(module: Module, gate: Gate = OPEN) -> Context:
    """Validate a module without its function bodies.

    :param gate: refuses what belongs to disabled proposals
    :returns: what :func:`validate_function` needs for the bodies
    :raises Invalid: with the offset of the entry at fault
    :raises Unsupported: for what the gate refuses, as far as the binary format could always express it
    """
    context = Context(module, gate)
    if gate:
        _ask_gate(module, gate)
    check_types(context)
    _check_imports(context)
    for index in range(module.imported_funcs, len(module.funcs)):
        context.signature(module.funcs[index], module.func_offsets[index])
    context.declared.update(_mentioned_functions(module))
    _check_tables(context)
    for index in range(module.imported_memories, len(module.memories)):
        _check_memory(module.memories[index].limits, module.memory_offsets[index])
    imported_tags = sum(isinstance(entry.type, TagType) for entry in module.imports)
    for index in range(imported_tags, len(module.tags)):
        _check_tag(context, module.tags[index], module.tag_offsets[index])
    _check_globals(context)
    _check_exports(module)
    _check_start(context)
    for element in module.elements:
        _check_element(context, element)
    for data in module.data:
        if data.memory is not None and data.start is not None:
            if data.memory >= len(context.addresses):
                raise Invalid(f"unknown memory {data.memory}", data.offset)
            validate_constant(context, data.start, context.addresses[data.memory], data.offset)
    return context


def _ask_gate(module: Module, gate: Gate) -> None:
    """Ask the gate about what could always be written, but was not valid.

    That is a type that mentions itself, mutable globals that are shared, a second table or memory.
    """
    for index, (member, offset) in enumerate(zip(module.types, module.type_offsets, strict=True)):
        if any(heap >= index for heap in mentioned_types(member.composite)):
            gate.require("gc", "recursive type", offset)
    for entry in module.imports:
        if isinstance(entry.type, GlobalType) and entry.type.mutable:
            gate.require("mutable-globals", "import of a mutable global", entry.offset)
    for export in module.exports:
        if export.kind == "global" and export.index < len(module.globals) and module.globals[export.index].mutable:
            gate.require("mutable-globals", "export of a mutable global", export.offset)
    tables = [entry.offset for entry in module.imports if isinstance(entry.type, TableType)]
    tables += [table.offset for table in module.table_definitions]
    for offset in tables[1:]:
        gate.require("reference-types", "second table", offset)
    for offset in module.memory_offsets[1:]:
        gate.require("multi-memory", "second memory", offset)


def _check_imports(context: Context) -> None:
    for entry in context.module.imports:
        type_ = entry.type
        if isinstance(type_, TableType):
            _check_table_type(context, type_, entry.offset)
        elif isinstance(type_, MemoryType):
            _check_memory(type_.limits, entry.offset)
        elif isinstance(type_, GlobalType):
            context.check_value(type_.type, entry.offset)
        elif isinstance(type_, TagType):
            _check_tag(context, type_, entry.offset)
        else:
            context.signature(type_.index if isinstance(type_, Exact) else type_, entry.offset)


def _check_limits(limits: Limits, bound: int, message: str, offset: int) -> None:
    """Check limits against the largest size that ``bound`` allows (spec, section 3.2, "Limits")."""
    if limits.minimum > bound or (limits.maximum is not None and limits.maximum > bound):
        raise Invalid(message, offset)
    if limits.maximum is not None and limits.minimum > limits.maximum:
        raise Invalid("size minimum must not be greater than maximum", offset)


def _check_memory(limits: Limits, offset: int) -> None:
    """Check a memory type (spec, section 3.2, "Memory Types", with shared memories and custom page sizes)."""
    if limits.page_size_log2 not in _PAGE_SIZES_LOG2:
        raise Invalid("invalid custom page size", offset)
    bits = 64 if limits.index64 else 32
    bound = (1 << bits - limits.page_size_log2) if limits.page_size_log2 else (1 << bits) - 1
    size = "65536 pages (4GiB)" if bound == 1 << 16 else f"{bound} pages"
    _check_limits(limits, bound, f"memory size must be at most {size}", offset)
    if limits.shared and limits.maximum is None:
        raise Invalid("shared memory must have maximum", offset)


def _check_table_type(context: Context, type_: TableType, offset: int) -> None:
    """Check a table type (spec, section 3.2, "Table Types")."""
    bound = (1 << (64 if type_.limits.index64 else 32)) - 1
    _check_limits(type_.limits, bound, f"table size must be at most {bound}", offset)
    context.check_value(type_.element, offset)


def _check_tag(context: Context, type_: TagType, offset: int) -> None:
    """Check a tag type (spec, section 3.2, "Tag Types")."""
    _, results = context.signature(type_.type_index, offset)
    if results:
        raise Invalid("non-empty tag result type", offset)


def _check_tables(context: Context) -> None:
    """Check table definitions (spec, section 3.5, "Tables"); initialisers see the imported globals only."""
    for table in context.module.table_definitions:
        _check_table_type(context, table.type, table.offset)
        element = table.type.element
        if table.init is not None:
            validate_constant(context, table.init, element, table.offset)
        elif not is_defaultable(element):
            raise Invalid(f"type mismatch: a table of {element} needs an initialiser", table.offset)


def _check_globals(context: Context) -> None:
    """Check global definitions (spec, section 3.5, "Globals"); each initialiser sees the globals before it."""
    for definition in context.module.global_definitions:
        context.check_value(definition.type.type, definition.offset)
        validate_constant(context, definition.init, definition.type.type, definition.offset)
        context.globals.append(definition.type)


def _check_exports(module: Module) -> None:
    """Check exports (spec, section 3.5, "Exports")."""
    spaces = {
        "func": ("function", len(module.funcs)),
        "table": ("table", len(module.tables)),
        "memory": ("memory", len(module.memories)),
        "global": ("global", len(module.globals)),
        "tag": ("tag", len(module.tags)),
    }
    names: set[str] = set()
    for export in module.exports:
        noun, count = spaces[export.kind]
        if export.index >= count:
            raise Invalid(f"unknown {noun} {export.index}", export.offset)
        if export.name in names:
            raise Invalid("duplicate export name", export.offset)
        names.add(export.name)


def _check_start(context: Context) -> None:
    """Check the start function (spec, section 3.5, "Start Function")."""
    module = context.module
    if module.start is None:
        return
    if module.start >= len(module.funcs):
        raise Invalid(f"unknown function {module.start}", module.start_offset)
    params, results = context.signature(module.funcs[module.start], module.start_offset)
    if params or results:
        raise Invalid("start function must have neither parameters nor results", module.start_offset)


def _check_element(context: Context, element: Element) -> None:
    """Check an element segment (spec, section 3.5, "Element Segments"); any function is an item of the short form."""
    module = context.module
    offset = element.offset
    context.check_value(element.type, offset)
    for item in element.items:
        if not isinstance(item, int):
            validate_constant(context, item, element.type, offset)
        elif item >= len(module.funcs):
            raise Invalid(f"unknown function {item}", offset)
    if element.table is not None and element.start is not None:
        if element.table >= len(module.tables):
            raise Invalid(f"unknown table {element.table}", offset)
        upper = module.tables[element.table].element
        if not context.matches(element.type, upper):
            raise Invalid(f"type mismatch: a segment of {element.type} for a table of {upper}", offset)
        validate_constant(context, element.start, context.table_addresses[element.table], offset)


def _mentioned_functions(module: Module) -> Iterator[int]:
    """The functions that the module mentions outside of bodies and start function (spec, section 3.5, "Modules")."""
    for export in module.exports:
        if export.kind == "func":
            yield export.index
    for element in module.elements:
        for item in element.items:
            if isinstance(item, int):
                yield item
    for expression in _expressions(module):
        for op, _, imm in expression:
            if op.name == "ref.func" and isinstance(imm, int):
                yield imm


def _expressions(module: Module) -> Iterator[Expression]:
    """Every constant expression of the module."""
    for definition in module.global_definitions:
        yield definition.init
    for table in module.table_definitions:
        if table.init is not None:
            yield table.init
    for element in module.elements:
        yield from (item for item in element.items if not isinstance(item, int))
        if element.start is not None:
            yield element.start
    for data in module.data:
        if data.start is not None:
            yield data.start
