"""A module as data (spec, section 2.5): what the decoder makes and every later stage reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from wasm2py.wasm.opcodes import Opcode
from wasm2py.wasm.types import (
    ExternType,
    FuncType,
    GlobalType,
    MemoryType,
    RefType,
    SubType,
    TableType,
    TagType,
    ValType,
)


class MemArg(NamedTuple):
    """Immediate of a memory access; ``align`` is the exponent of a power of two, ``offset`` is in bytes."""

    align: int
    offset: int
    memory: int


class BlockType(NamedTuple):
    """Type of a structured instruction: a type index, or no parameters and at most one result."""

    index: int | None  # type: ignore[assignment]  # hides tuple.index, which nothing here needs
    result: ValType | None


class Catch(NamedTuple):
    """A clause of ``try_table``; ``kind`` is catch, catch_ref, catch_all or catch_all_ref."""

    kind: str
    tag: int | None
    label: int


class Instruction(NamedTuple):
    """One instruction; what ``imm`` holds depends on ``op.immediate``, see :data:`wasm2py.wasm.opcodes.IMMEDIATES`."""

    op: Opcode
    offset: int
    imm: object


Expression = tuple[Instruction, ...]
"""A constant expression, with its final ``end``."""


@dataclass(frozen=True, slots=True)
class Import:
    """An import; ``offset`` is where its entry starts in the binary."""

    module: str
    name: str
    type: ExternType
    offset: int


@dataclass(frozen=True, slots=True)
class Export:
    """An export; ``kind`` is func, table, memory, global or tag."""

    name: str
    kind: str
    index: int
    offset: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table definition; ``init`` is ``None`` where elements start as null."""

    type: TableType
    init: Expression | None
    offset: int


@dataclass(frozen=True, slots=True)
class Global:
    """A global definition."""

    type: GlobalType
    init: Expression
    offset: int


@dataclass(frozen=True, slots=True)
class Element:
    """An element segment; ``mode`` is active, passive or declarative; active ones have ``table`` and ``start``.

    ``items`` are function indices where the binary has the short form, otherwise constant expressions.
    """

    type: RefType
    items: tuple[int, ...] | tuple[Expression, ...]
    mode: str
    table: int | None
    start: Expression | None
    offset: int


@dataclass(frozen=True, slots=True)
class Data:
    """A data segment; active if ``memory`` and ``start`` are given."""

    bytes: bytes
    memory: int | None
    start: Expression | None
    offset: int


@dataclass(frozen=True, slots=True)
class Code:
    """A function body, undecoded: bodies are decoded one at a time, so that memory use stays low.

    ``locals`` are run-length groups ``(count, type)`` as in the binary; ``start`` and ``end`` are byte offsets of the
    instructions, up to and including the final ``end``.
    """

    locals: tuple[tuple[int, ValType], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CustomSection:
    """A custom section; ``place`` is the id of the section before it (0 at the start)."""

    name: str
    bytes: bytes
    place: int
    offset: int


NameMap = dict[int, str]
IndirectNameMap = dict[int, dict[int, str]]


@dataclass(slots=True)
class Names:
    """The name section, all subsections of the extended proposal included; empty where the module has none."""

    module: str | None = None
    functions: NameMap = field(default_factory=dict)
    locals: IndirectNameMap = field(default_factory=dict)
    labels: IndirectNameMap = field(default_factory=dict)
    types: NameMap = field(default_factory=dict)
    tables: NameMap = field(default_factory=dict)
    memories: NameMap = field(default_factory=dict)
    globals: NameMap = field(default_factory=dict)
    elements: NameMap = field(default_factory=dict)
    data: NameMap = field(default_factory=dict)
    fields: IndirectNameMap = field(default_factory=dict)
    tags: NameMap = field(default_factory=dict)


@dataclass(slots=True)
class Module:
    """A decoded module.

    The index spaces (``funcs``, ``tables``, ``memories``, ``globals``, ``tags``) hold the *types* of imports first,
    then of definitions; definitions themselves are in ``table_definitions``, ``global_definitions`` and ``codes``.
    """

    binary: bytes
    types: list[SubType] = field(default_factory=list)
    rec_groups: list[tuple[int, int]] = field(default_factory=list)
    """Recursive groups of ``types``: (first index, count), in order."""
    type_offsets: list[int] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    funcs: list[int] = field(default_factory=list)
    """Type index of each function."""
    func_offsets: list[int] = field(default_factory=list)
    """Byte offset of the entry that declares each function."""
    tables: list[TableType] = field(default_factory=list)
    memories: list[MemoryType] = field(default_factory=list)
    memory_offsets: list[int] = field(default_factory=list)
    globals: list[GlobalType] = field(default_factory=list)
    tags: list[TagType] = field(default_factory=list)
    tag_offsets: list[int] = field(default_factory=list)
    table_definitions: list[Table] = field(default_factory=list)
    global_definitions: list[Global] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    start: int | None = None
    start_offset: int | None = None
    elements: list[Element] = field(default_factory=list)
    data_count: int | None = None
    data: list[Data] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    """Body of each defined function: ``codes[i]`` belongs to function ``imported_funcs + i``."""
    custom: list[CustomSection] = field(default_factory=list)
    names: Names = field(default_factory=Names)

    @property
    def imported_funcs(self) -> int:
        """Number of imported functions."""
        return len(self.funcs) - len(self.codes)

    @property
    def imported_globals(self) -> int:
        """Number of imported globals."""
        return len(self.globals) - len(self.global_definitions)

    @property
    def imported_tables(self) -> int:
        """Number of imported tables."""
        return len(self.tables) - len(self.table_definitions)

    @property
    def imported_memories(self) -> int:
        """Number of imported memories."""
        return sum(isinstance(entry.type, MemoryType) for entry in self.imports)

    def func_type(self, type_index: int) -> FuncType:
        """The function type at ``type_index``; only for indices known to denote one."""
        composite = self.types[type_index].composite
        assert isinstance(composite, FuncType)
        return composite

    def block_type(self, type_: BlockType) -> FuncType:
        """The function type that a block type stands for (spec, section 3.2, "Block Types"); for valid ones only."""
        return _plain(type_.result) if type_.index is None else self.func_type(type_.index)


@cache
def _plain(result: ValType | None) -> FuncType:
    """The type of blocks without parameters and with one result at most, as nearly all are."""
    return FuncType((), () if result is None else (result,))
