"""Types of WebAssembly (spec, section 2.3).

Number and vector types are singletons, reference types are interned: equal value types are identical objects, so
stages compare them with ``is``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, eq=False)
class NumType:
    """A number type or the vector type; ``bits`` is its width."""

    name: str
    bits: int

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name.upper()


I32 = NumType("i32", 32)
I64 = NumType("i64", 64)
F32 = NumType("f32", 32)
F64 = NumType("f64", 64)
V128 = NumType("v128", 128)


@dataclass(frozen=True, slots=True)
class Exact:
    """The heap type of what is of a defined type, given by its index, and of none of its subtypes."""

    index: int

    def __str__(self) -> str:
        return f"(exact {self.index})"


HeapType = int | Exact | str
"""A type index of the module, exactly that type, or the name of an abstract heap type such as ``"func"``."""


def defined(heap: HeapType) -> int | None:
    """The type index in a heap type; ``None`` for an abstract one."""
    if isinstance(heap, Exact):
        return heap.index
    return heap if isinstance(heap, int) else None


ABSTRACT_HEAP_TYPES = {
    0x74: "noexn",
    0x73: "nofunc",
    0x72: "noextern",
    0x71: "none",
    0x70: "func",
    0x6F: "extern",
    0x6E: "any",
    0x6D: "eq",
    0x6C: "i31",
    0x6B: "struct",
    0x6A: "array",
    0x69: "exn",
}
"""Abstract heap types by their byte in the binary format (spec, section 5.3.3)."""

HEAP_TYPE_FEATURES = {
    **dict.fromkeys(ABSTRACT_HEAP_TYPES.values(), "gc"),
    **dict.fromkeys(("func", "extern"), "reference-types"),
    **dict.fromkeys(("exn", "noexn"), "exceptions"),
}
"""The proposal that each abstract heap type came with."""


@dataclass(frozen=True, slots=True, eq=False)
class RefType:
    """A reference type; make it with :func:`ref_type`, which interns."""

    heap: HeapType
    nullable: bool

    def __str__(self) -> str:
        if self.nullable and isinstance(self.heap, str):
            return _SHORTHANDS.get(self.heap, f"{self.heap}ref")
        return f"(ref {'null ' if self.nullable else ''}{self.heap})"

    def __reduce__(self) -> tuple[object, ...]:
        return ref_type, (self.heap, self.nullable)


_SHORTHANDS = {"none": "nullref", "nofunc": "nullfuncref", "noextern": "nullexternref", "noexn": "nullexnref"}


_intern = cache(RefType)


def ref_type(heap: HeapType, nullable: bool = True) -> RefType:
    """The reference type to ``heap``; the same object for the same arguments, however they are passed."""
    return _intern(heap, nullable)


FUNCREF = ref_type("func")
EXTERNREF = ref_type("extern")

ValType = NumType | RefType


@dataclass(frozen=True, slots=True)
class FuncType:
    """Parameters and results of a function (spec, section 2.3.8)."""

    params: tuple[ValType, ...]
    results: tuple[ValType, ...]

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.params))}) -> ({', '.join(map(str, self.results))})"


PackedType = str
"""``"i8"`` or ``"i16"``."""


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field of a struct, or the elements of an array."""

    type: ValType | PackedType
    mutable: bool


@dataclass(frozen=True, slots=True)
class StructType:
    """Fields of a struct."""

    fields: tuple[FieldType, ...]


@dataclass(frozen=True, slots=True)
class ArrayType:
    """Element of an array."""

    field: FieldType


CompositeType = FuncType | StructType | ArrayType


@dataclass(frozen=True, slots=True)
class SubType:
    """A member of a recursive type group; other types are type indices.

    :ivar supertypes: its declared supertypes
    :ivar describes: the type whose values have values of this type as descriptors
    :ivar descriptor: the type of the descriptors of its values
    """

    composite: CompositeType
    supertypes: tuple[int, ...] = ()
    final: bool = True
    describes: int | None = None
    descriptor: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Size range of a memory (pages) or table (elements); ``maximum`` may be absent."""

    minimum: int
    maximum: int | None = None
    index64: bool = False
    shared: bool = False
    page_size_log2: int = 16


@dataclass(frozen=True, slots=True)
class MemoryType:
    """Limits in pages."""

    limits: Limits


@dataclass(frozen=True, slots=True)
class TableType:
    """Limits in elements and the element type."""

    element: RefType
    limits: Limits


@dataclass(frozen=True, slots=True)
class GlobalType:
    """Value type and mutability."""

    type: ValType
    mutable: bool


@dataclass(frozen=True, slots=True)
class TagType:
    """The function type (by type index) of an exception tag; it has no results."""

    type_index: int


ExternType = int | Exact | TableType | MemoryType | GlobalType | TagType
"""What an import declares; a function is its type index, or exactly that type."""
