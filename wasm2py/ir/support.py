"""Which modules can be built: everything that a module declares, before its functions are looked at.

Instructions are checked where they are built, in :mod:`wasm2py.ir.build`.
"""

from __future__ import annotations

from wasm2py.errors import Unsupported
from wasm2py.wasm.module import Expression, Module
from wasm2py.wasm.types import (
    ABSTRACT_HEAP_TYPES,
    FuncType,
    GlobalType,
    NumType,
    StructType,
    TableType,
    ValType,
    ref_type,
)

_CONSTANT_INSTRUCTIONS = frozenset(
    [f"{type_}.const" for type_ in ("i32", "i64", "f32", "f64", "v128")]
    + [f"i{n}.{operation}" for n in (32, 64) for operation in ("add", "sub", "mul")]
    + ["global.get", "ref.null", "ref.func", "struct.new", "struct.new_default", "array.new", "array.new_default"]
    + ["array.new_fixed", "ref.i31", "any.convert_extern", "extern.convert_any", "end"]
)


def require_supported(type_: ValType, offset: int) -> None:
    """Refuse values of types that cannot be built yet.

    :param offset: of the place that needs them
    :raises Unsupported: naming the proposal
    """
    if isinstance(type_, NumType):
        return
    reason = f"values of type {type_}"
    if isinstance(type_.heap, str) and type_.heap not in ABSTRACT_HEAP_TYPES.values():
        raise Unsupported("custom-descriptors", reason, offset)


def check_module(module: Module) -> None:
    """Refuse modules whose declarations need what is not built yet.

    :raises Unsupported: naming the proposal and the byte offset
    """
    _check_types(module)
    for entry in module.imports:
        if isinstance(entry.type, TableType):
            _check_table(entry.type, entry.offset)
        elif isinstance(entry.type, GlobalType):
            require_supported(entry.type.type, entry.offset)
    for type_index, offset in zip(module.funcs, module.func_offsets, strict=True):
        type_ = module.func_type(type_index)
        for value in (*type_.params, *type_.results):
            require_supported(value, offset)
    for table in module.table_definitions:
        _check_table(table.type, table.offset)
        if table.init is not None:
            _check_constant(table.init)
    for tag, offset in zip(module.tags, module.tag_offsets, strict=True):
        for value in module.func_type(tag.type_index).params:
            require_supported(value, offset)
    for global_ in module.global_definitions:
        require_supported(global_.type.type, global_.offset)
        _check_constant(global_.init)
    for segment in module.elements:
        for item in segment.items:
            if not isinstance(item, int):
                _check_constant(item)
        require_supported(segment.type, segment.offset)


def _check_types(module: Module) -> None:
    """Types have parts that can be built."""
    for sub, offset in zip(module.types, module.type_offsets, strict=True):
        composite = sub.composite
        if isinstance(composite, FuncType):
            parts: tuple[ValType | str, ...] = (*composite.params, *composite.results)
        else:
            fields = composite.fields if isinstance(composite, StructType) else (composite.field,)
            parts = tuple([field.type for field in fields])
        for part in parts:
            if not isinstance(part, str):
                require_supported(part, offset)


def _check_table(type_: TableType, offset: int) -> None:
    require_supported(type_.element, offset)


def _check_constant(expression: Expression) -> None:
    for op, offset, imm in expression:
        if op.name not in _CONSTANT_INSTRUCTIONS:
            raise Unsupported(op.feature, f"{op.name} in a constant expression", offset)
        if op.name == "ref.null":
            assert isinstance(imm, (int, str))
            require_supported(ref_type(imm), offset)
