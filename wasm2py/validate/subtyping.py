"""Types of a module made comparable: canonical recursive groups, matching (spec, sections 3.1 and 3.3).

Equal recursive groups get the same representative, so two type indices denote the same type exactly when their
:meth:`Types.canonical` numbers are equal.  A supertype always has a smaller index, which makes every loop here finite.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable

from wasm2py.wasm.module import Module
from wasm2py.wasm.types import (
    CompositeType,
    Exact,
    FieldType,
    FuncType,
    HeapType,
    NumType,
    RefType,
    StructType,
    SubType,
    ValType,
    defined,
    ref_type,
)

BOTTOM = NumType("bot", 0)
"""The type of an operand of unreachable code: it matches every value type (spec, section 7.6)."""

BOTTOM_REFERENCE = ref_type("bot", nullable=False)
"""The reference type that matches every reference type; only unreachable code has such operands."""

_ABOVE = {
    "any": frozenset({"any"}),
    "eq": frozenset({"eq", "any"}),
    "i31": frozenset({"i31", "eq", "any"}),
    "struct": frozenset({"struct", "eq", "any"}),
    "array": frozenset({"array", "eq", "any"}),
    "none": frozenset({"none", "i31", "struct", "array", "eq", "any"}),
    "func": frozenset({"func"}),
    "nofunc": frozenset({"nofunc", "func"}),
    "extern": frozenset({"extern"}),
    "noextern": frozenset({"noextern", "extern"}),
    "exn": frozenset({"exn"}),
    "noexn": frozenset({"noexn", "exn"}),
}
"""The abstract heap types that each abstract heap type matches."""

_TOPS = ("any", "func", "extern", "exn")


def kind_of(composite: CompositeType) -> str:
    """The abstract heap type just above a composite type: func, struct or array."""
    if isinstance(composite, FuncType):
        return "func"
    return "struct" if isinstance(composite, StructType) else "array"


def _fields_of(composite: CompositeType) -> tuple[FieldType, ...]:
    if isinstance(composite, FuncType):
        return ()
    return composite.fields if isinstance(composite, StructType) else (composite.field,)


class Types:
    """The type section; groups are added one after the other with :meth:`define`."""

    __slots__ = ("_canonical", "_digests", "_keys", "_kinds", "_parents", "_sizes", "_starts", "subtypes")

    def __init__(self, module: Module) -> None:
        self.subtypes: list[SubType] = module.types
        self._canonical: list[int] = []
        self._parents: list[int] = []
        self._kinds: list[str] = []
        self._starts: list[int] = []
        self._sizes: dict[int, int] = {}
        self._keys: dict[Hashable, int] = {}
        self._digests: dict[int, str] = {}

    def define(self, start: int, count: int) -> None:
        """Add the recursive group of ``count`` types from index ``start`` on.

        Its types must mention only types of this group and of groups added before.
        """
        if not count:
            return
        members = self.subtypes[start : start + count]
        key = tuple(self._key(member, start) for member in members)
        representative = self._keys.setdefault(key, start)
        self._sizes[start] = count
        self._starts += [start] * count
        self._canonical += range(representative, representative + count)
        for member in members:
            self._kinds.append(kind_of(member.composite))
            self._parents.append(self._canonical[member.supertypes[0]] if member.supertypes else -1)

    def _key(self, member: SubType, start: int) -> Hashable:
        """What a type is, whatever the indices: group members count from the group's start, as negative numbers."""

        def number(index: int | None) -> int | None:
            return index if index is None else start - index - 1 if index >= start else self._canonical[index]

        def value(type_: ValType | str) -> Hashable:
            if not isinstance(type_, RefType) or isinstance(type_.heap, str):
                return type_
            return number(defined(type_.heap)), isinstance(type_.heap, Exact), type_.nullable

        composite = member.composite
        shape: Hashable
        if isinstance(composite, FuncType):
            shape = tuple(map(value, composite.params)), tuple(map(value, composite.results))
        else:
            shape = tuple((value(field.type), field.mutable) for field in _fields_of(composite))
        clauses = number(member.describes), number(member.descriptor)
        return kind_of(composite), member.final, tuple(map(number, member.supertypes)), clauses, shape

    def canonical(self, index: int) -> int:
        """The smallest type index of the module that denotes the same type as ``index``."""
        return self._canonical[index]

    def kind(self, index: int) -> str:
        """``"func"``, ``"struct"`` or ``"array"``."""
        return self._kinds[index]

    def heap_matches(self, lower: HeapType, upper: HeapType) -> bool:
        """Whether heap type ``lower`` matches ``upper`` (spec, section 3.3, "Heap Types", and custom-descriptors)."""
        if lower == upper or lower == "bot":
            return True
        if isinstance(upper, Exact):
            if isinstance(lower, int):
                return False
            if isinstance(lower, Exact):
                return self._canonical[lower.index] == self._canonical[upper.index]
            upper = upper.index
        if isinstance(lower, Exact):
            lower = lower.index
        if isinstance(upper, str):
            return upper in _ABOVE[lower if isinstance(lower, str) else self._kinds[lower]]
        if isinstance(lower, str):
            return lower == ("nofunc" if self._kinds[upper] == "func" else "none")
        wanted = self._canonical[upper]
        given = self._canonical[lower]
        while given > wanted:  # a canonical supertype has a smaller number than its subtypes
            given = self._parents[given]
        return given == wanted

    def matches(self, lower: ValType, upper: ValType) -> bool:
        """Whether value type ``lower`` matches ``upper`` (spec, section 3.3, "Value Types")."""
        if lower is upper or lower is BOTTOM:
            return True
        if not (isinstance(lower, RefType) and isinstance(upper, RefType)):
            return False
        return (upper.nullable or not lower.nullable) and self.heap_matches(lower.heap, upper.heap)

    def field_matches(self, lower: FieldType, upper: FieldType) -> bool:
        """Whether field type ``lower`` matches ``upper``: if mutable, equals it (spec, section 3.3, "Field Types")."""
        if lower.mutable != upper.mutable:
            return False
        if not self.storage_matches(lower.type, upper.type):
            return False
        return not upper.mutable or self.storage_matches(upper.type, lower.type)

    def storage_matches(self, lower: ValType | str, upper: ValType | str) -> bool:
        """Whether a value or packed type matches another."""
        if isinstance(lower, str) or isinstance(upper, str):
            return lower == upper
        return self.matches(lower, upper)

    def composite_matches(self, lower: CompositeType, upper: CompositeType) -> bool:
        """Whether composite type ``lower`` matches ``upper`` (spec, section 3.3, "Composite Types")."""
        if isinstance(lower, FuncType) and isinstance(upper, FuncType):
            return self.all_match(upper.params, lower.params) and self.all_match(lower.results, upper.results)
        if kind_of(lower) != kind_of(upper):
            return False
        mine, theirs = _fields_of(lower), _fields_of(upper)
        return len(mine) >= len(theirs) and all(map(self.field_matches, mine, theirs))

    def all_match(self, lower: tuple[ValType, ...] | list[ValType], upper: tuple[ValType, ...] | list[ValType]) -> bool:
        """Whether result type ``lower`` matches ``upper``, value by value (spec, section 3.3, "Result Types")."""
        return len(lower) == len(upper) and all(map(self.matches, lower, upper))

    def top(self, heap: HeapType) -> str:
        """The greatest heap type above ``heap``: any, func, extern or exn."""
        index = defined(heap)
        above = _ABOVE[str(heap) if index is None else self._kinds[index]]
        return next(top for top in _TOPS if top in above)

    def text(self, index: int) -> str:
        """Text that two types, even of different modules, share exactly when they are the same type.

        A type alone in its group is spelt out, as in ``func (i32 i32) -> (i32)``; members of larger groups, and types
        of earlier groups that the text mentions, appear as a digest of their group's text.
        """
        start = self._starts[index]
        return self._group_text(start) if self._sizes[start] == 1 else self._reference(index, None)

    def value_text(self, type_: ValType) -> str:
        """Text of a value type that, like :meth:`text`, means the same in every module."""
        return self._value_text(type_, None)

    def _value_text(self, type_: ValType | str, group: int | None) -> str:
        """Text of a value type or packed type, in the text of the group that starts at ``group``."""
        index = defined(type_.heap) if isinstance(type_, RefType) else None
        if not isinstance(type_, RefType) or index is None:
            return str(type_)
        heap = self._reference(index, group)
        if isinstance(type_.heap, Exact):
            heap = f"(exact {heap})"
        return f"(ref {'null ' if type_.nullable else ''}{heap})"

    def reference(self, index: int) -> str:
        """How texts name a type that they mention."""
        return self._reference(index, None)

    def _reference(self, index: int, group: int | None) -> str:
        """A mention of type ``index``, in the text of the group that starts at ``group``."""
        if group is not None and index >= group:
            return f"${index - group}"
        index = self._canonical[index]
        if index not in self._digests:
            self._digest_all()
        return self._digests[index]

    def _digest_all(self) -> None:
        """Digest every group, in order: a group mentions only itself and earlier ones, so nothing recurses."""
        for start, count in self._sizes.items():
            if self._canonical[start] == start and start not in self._digests:
                digest = hashlib.sha256(self._group_text(start).encode()).hexdigest()[:32]
                for position in range(count):
                    self._digests[start + position] = f"#{digest}.{position}"

    def _group_text(self, start: int) -> str:
        def value(type_: ValType | str) -> str:
            return self._value_text(type_, start)

        def values(types: tuple[ValType, ...]) -> str:
            return f"({' '.join(map(value, types))})"

        members = []
        for member in self.subtypes[start : start + self._sizes[start]]:
            composite = member.composite
            supers = "".join(f" {self._reference(parent, start)}" for parent in member.supertypes)
            prefix = "" if member.final and not supers else f"sub{' final' if member.final else ''}{supers} "
            for clause, index in (("describes", member.describes), ("descriptor", member.descriptor)):
                if index is not None:
                    prefix += f"({clause} {self._reference(index, start)}) "
            if isinstance(composite, FuncType):
                shape = f"{values(composite.params)} -> {values(composite.results)}"
            else:
                fields = ((field.mutable, value(field.type)) for field in _fields_of(composite))
                shape = " ".join(f"(mut {type_})" if mutable else type_ for mutable, type_ in fields)
            members.append(f"{prefix}{kind_of(composite)} {shape}".rstrip())
        return "; ".join(members)
