"""Which modules can be built: what they declare, before their functions are looked at.

Instructions are checked where they are built, in :mod:`wasm2py.ir.build`.
"""

from __future__ import annotations

from wasm2py.errors import Unsupported
from wasm2py.wasm.module import Expression, Module

_CONSTANT_INSTRUCTIONS = frozenset(
    [f"{type_}.const" for type_ in ("i32", "i64", "f32", "f64", "v128")]
    + [f"i{n}.{operation}" for n in (32, 64) for operation in ("add", "sub", "mul")]
    + ["global.get", "ref.null", "ref.func", "struct.new", "struct.new_default", "array.new", "array.new_default"]
    + ["array.new_fixed", "ref.i31", "any.convert_extern", "extern.convert_any", "end"]
)


def check_module(module: Module) -> None:
    """Refuse modules whose constant expressions need what is not built yet.

    :raises Unsupported: naming the proposal and the byte offset
    """
    for table in module.table_definitions:
        if table.init is not None:
            _check_constant(table.init)
    for global_ in module.global_definitions:
        _check_constant(global_.init)
    for segment in module.elements:
        for item in segment.items:
            if not isinstance(item, int):
                _check_constant(item)


def _check_constant(expression: Expression) -> None:
    for op, offset, _ in expression:
        if op.name not in _CONSTANT_INSTRUCTIONS:
            raise Unsupported(op.feature, f"{op.name} in a constant expression", offset)
