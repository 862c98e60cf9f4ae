"""What validation knows about the whole module: the context C of the specification (section 3.1, "Contexts")."""

from __future__ import annotations

from wasm2py.errors import Invalid
from wasm2py.features import OPEN, Gate
from wasm2py.validate.subtyping import Types
from wasm2py.wasm.module import Module
from wasm2py.wasm.types import (
    I32,
    I64,
    ArrayType,
    Exact,
    FieldType,
    FuncType,
    GlobalType,
    HeapType,
    NumType,
    RefType,
    StructType,
    ValType,
    defined,
    ref_type,
)

Signature = tuple[list[ValType], list[ValType]]
"""Parameters and results; lists, because the operand stack is compared with them by slices."""


class Context:
    """A validated module's types, ready for :func:`wasm2py.validate.validate_function` and for linking.

    :ivar module: the module
    :ivar types: its types, canonical and comparable
    :ivar signatures: by type index; ``None`` where the type is not a function type
    :ivar globals: the globals that may be mentioned so far: initialisers see only the ones before them
    :ivar addresses: address type of each memory
    :ivar table_addresses: address type of each table
    :ivar declared: functions that ``ref.func`` may mention in a body (C.refs in the specification)
    :ivar loose: functions that may be of a subtype of their type: imported ones, but for those that are imported as
        exactly that (custom-descriptors)
    :ivar data_count: number of data segments
    :ivar gate: refuses what belongs to disabled proposals
    """

    __slots__ = (
        "_exact",
        "_matches",
        "_struct_operands",
        "addresses",
        "data_count",
        "declared",
        "gate",
        "globals",
        "loose",
        "module",
        "signatures",
        "table_addresses",
        "types",
    )

    def __init__(self, module: Module, gate: Gate = OPEN) -> None:
        self.module = module
        self.gate = gate
        self.types = Types(module)
        self.signatures: list[Signature | None] = [
            (list(type_.composite.params), list(type_.composite.results))
            if isinstance(type_.composite, FuncType)
            else None
            for type_ in module.types
        ]
        self.globals: list[GlobalType] = module.globals[: module.imported_globals]
        self.addresses: list[NumType] = [I64 if memory.limits.index64 else I32 for memory in module.memories]
        self.table_addresses: list[NumType] = [I64 if table.limits.index64 else I32 for table in module.tables]
        self.declared: set[int] = set()
        imported = [entry.type for entry in module.imports if isinstance(entry.type, (int, Exact))]
        self.loose = frozenset(index for index, type_ in enumerate(imported) if isinstance(type_, int))
        self.data_count = len(module.data) if module.data_count is None else module.data_count
        self._exact: dict[int, RefType] = {}
        self._matches: dict[tuple[ValType, ValType], bool] = {}
        self._struct_operands: dict[int, tuple[list[ValType], bool]] = {}

    def canonical(self, type_index: int) -> int:
        """The smallest type index of the module that denotes the same type as ``type_index``."""
        return self.types.canonical(type_index)

    def type_text(self, type_index: int) -> str:
        """Text of a type that is equal for equal types, across modules: ``func (i32 i32) -> (i32)``."""
        return self.types.text(type_index)

    def value_text(self, type_: ValType) -> str:
        """Text of a value type that is equal for equal types, across modules: ``i32``, ``funcref``."""
        return self.types.value_text(type_)

    def heap_text(self, type_index: int) -> str:
        """How :meth:`value_text` names a type of the module, such as ``#0123.0``."""
        return self.types.reference(type_index)

    def matches(self, lower: ValType, upper: ValType) -> bool:
        """Whether value type ``lower`` matches ``upper``; remembers the answer, for deep hierarchies."""
        if lower is upper:
            return True
        key = lower, upper
        known = self._matches.get(key)
        if known is None:
            known = self._matches[key] = self.types.matches(lower, upper)
        return known

    def exact(self, index: int) -> RefType:
        """The type of a new object, or of a function: a reference to exactly the type at ``index``."""
        known = self._exact.get(index)
        if known is None:
            known = self._exact[index] = ref_type(Exact(index), nullable=False)
        return known

    def check_heap(self, heap: HeapType, offset: int | None) -> None:
        """Raise :class:`Invalid` if a heap type mentions a type that is not there (spec, section 3.2, "Heap Types")."""
        index = defined(heap)
        if index is not None and index >= len(self.module.types):
            raise Invalid(f"unknown type {index}", offset)

    def check_value(self, type_: ValType, offset: int | None) -> None:
        """Raise :class:`Invalid` if a value type is not valid (spec, section 3.2, "Value Types")."""
        if isinstance(type_, RefType):
            self.check_heap(type_.heap, offset)

    def signature(self, type_index: int, offset: int | None) -> Signature:
        """The function type at ``type_index``; raises :class:`Invalid` where there is none."""
        if type_index >= len(self.signatures):
            raise Invalid(f"unknown type {type_index}", offset)
        signature = self.signatures[type_index]
        if signature is None:
            raise Invalid(f"type mismatch: type {type_index} is not a function type", offset)
        return signature

    def struct(self, type_index: int, offset: int | None) -> tuple[FieldType, ...]:
        """The fields of the struct type at ``type_index``; raises :class:`Invalid` where there is none."""
        self.check_heap(type_index, offset)
        composite = self.module.types[type_index].composite
        if not isinstance(composite, StructType):
            raise Invalid(f"type mismatch: type {type_index} is not a structure type", offset)
        return composite.fields

    def struct_operands(self, type_index: int, offset: int | None) -> tuple[list[ValType], bool]:
        """What makes the struct type at ``type_index``: its operands, and whether all of them have default values."""
        known = self._struct_operands.get(type_index)
        if known is None:
            operands = [unpacked(field) for field in self.struct(type_index, offset)]
            known = self._struct_operands[type_index] = operands, all(map(is_defaultable, operands))
        return known

    def array(self, type_index: int, offset: int | None) -> FieldType:
        """The element of the array type at ``type_index``; raises :class:`Invalid` where there is none."""
        self.check_heap(type_index, offset)
        composite = self.module.types[type_index].composite
        if not isinstance(composite, ArrayType):
            raise Invalid(f"type mismatch: type {type_index} is not an array type", offset)
        return composite.field


def is_defaultable(type_: ValType) -> bool:
    """Whether a value type has a default value (spec, section 3.2, "Defaultable Types")."""
    return not isinstance(type_, RefType) or type_.nullable


def unpacked(field: FieldType) -> ValType:
    """The value type of a field on the operand stack (spec, section 2.3, "Field Types")."""
    return I32 if isinstance(field.type, str) else field.type
