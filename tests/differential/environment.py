"""What the functions of a random module share: types, functions, globals, the table."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.unit.decode.binary import s33


@dataclass(frozen=True)
class FuncType:
    """A function type, by the names of its value types."""

    params: tuple[str, ...]
    results: tuple[str, ...]


@dataclass
class Environment:
    """Types are added as they are needed.

    :ivar types: of the type section
    :ivar functions: the types of all functions; function 0 is imported
    :ivar globals: types of the globals, all mutable
    :ivar zeros: by type, globals behind those that stay zero
    :ivar vectors: whether the functions use vectors; there is one more global then, at the end
    :ivar elements: functions in the table, from its start
    """

    functions: list[FuncType]
    globals: list[str]
    elements: list[int]
    zeros: dict[str, int]
    vectors: bool = False
    types: list[FuncType] = field(default_factory=list)

    def type_number(self, type_: FuncType) -> int:
        """Index in the type section."""
        if type_ not in self.types:
            self.types.append(type_)
        return self.types.index(type_)

    def type_index(self, type_: FuncType) -> bytes:
        """As a block type."""
        return s33(self.type_number(type_))

    def globals_of(self, type_: str) -> list[int]:
        """The globals of a type."""
        if type_ == "v128":
            return [len(self.globals) + len(self.zeros)]
        return [index for index, t in enumerate(self.globals) if t == type_]
