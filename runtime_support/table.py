"""Table instances (spec, section 4.2.7)."""

from __future__ import annotations

import sys

from runtime_support.promotion import promoted
from runtime_support.traps import Trap
from runtime_support.values import TO_RAW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from runtime_support.types import FuncType

LARGEST = 10_000_000
"""The most elements a table may have: the limit of WebAssembly's JavaScript API."""

_SLOTS = 64_000_000
"""The most list items that a table and its lists of callables may have together (8 bytes each)."""

_PROMOTED = 256 if sys.implementation.name == "pypy" else 0
"""The most elements of a table whose functions are promoted: each takes a class and some 10 microseconds."""


def _uninitialized(*arguments: Any) -> NoReturn:
    raise Trap("uninitialized element")


def _mismatch(*arguments: Any) -> NoReturn:
    raise Trap("indirect call type mismatch")


def _callable(element: Any, type: FuncType, promote: bool) -> Callable[..., Any]:
    """What ``call_indirect`` with ``type`` calls for an element: the raw function or what is promoted instead."""
    if element is None:
        return _uninitialized
    if type not in element.type.above:
        return _mismatch
    return promoted(element) if promote else element.raw


class Table:
    """A table of references.

    :param element: name of the reference type: ``"funcref"`` or ``"externref"``
    :param minimum: number of elements at the start
    :param maximum: the most it may grow to; ``None`` for no limit of its own
    :param initial: value of the first elements
    :param address_type: ``"i32"``, or ``"i64"`` for a table with 64-bit indices
    :raises ValueError: if the limits make no sense
    :raises MemoryError: if the minimum is beyond :data:`LARGEST`

    :ivar elements: the references; read only, use the methods to change them
    """

    __slots__ = ("__weakref__", "_callables", "address_type", "element", "elements", "maximum")

    def __init__(
        self,
        element: str,
        minimum: int,
        maximum: int | None = None,
        initial: Any = None,
        *,
        address_type: str = "i32",
    ) -> None:
        if minimum < 0 or (maximum is not None and maximum < minimum):
            raise ValueError(f"no table has limits of {minimum} to {maximum} elements")
        if minimum > LARGEST:
            raise MemoryError(f"cannot allocate a table of {minimum} elements: the limit is {LARGEST}")
        self.address_type = address_type
        self.element = element
        self.maximum = maximum
        self.elements: list[Any] = [initial] * minimum
        self._callables: dict[FuncType, list[Callable[..., Any]]] = {}

    @property
    def type(self) -> tuple[Any, ...]:
        """Element type, size now, maximum and an address type other than i32, as in :attr:`Module.imports`."""
        type = self.element, len(self.elements), self.maximum
        return type if self.address_type == "i32" else (*type, self.address_type)

    @property
    def size(self) -> int:
        """``table.size``: the number of elements."""
        return len(self.elements)

    def callables(self, type: FuncType) -> list[Callable[..., Any]]:
        """Raw functions by index, for ``call_indirect`` with ``type``: always the same list, kept up to date.

        Null elements and functions of other types have a function that traps; beyond the end, the list raises
        ``IndexError``, which stands for "undefined element".

        :raises MemoryError: if the table is too large for that many types
        """
        known = self._callables.get(type)
        if known is None:
            if (len(self._callables) + 2) * len(self.elements) > _SLOTS:
                raise MemoryError(f"too many function types are called through a table of {self.size} elements")
            known = self._callables[type] = self._callables_of(self.elements, type)
        return known

    def refresh(self, functions: set[Any]) -> None:
        """Take over the raw functions of some elements of a table of functions, because they have changed."""
        for index, element in enumerate(self.elements):
            if element in functions:
                for type in element.type.above:
                    known = self._callables.get(type)
                    if known is not None:
                        known[index : index + 1] = self._callables_of([element], type)

    def _callables_of(self, elements: Sequence[Any], type: FuncType) -> list[Callable[..., Any]]:
        promote = len(self.elements) <= _PROMOTED
        return [_callable(element, type, promote) for element in elements]

    def _assign(self, start: int, elements: Sequence[Any]) -> None:
        """Replace elements from ``start`` on, or append at the end."""
        end = start + len(elements)
        self.elements[start:end] = elements
        for type, functions in self._callables.items():
            functions[start:end] = self._callables_of(elements, type)

    def get(self, index: int) -> Any:
        """``table.get``: the element at ``index`` (unsigned).

        :raises Trap: "out of bounds table access"
        """
        if index >= len(self.elements):
            raise Trap("out of bounds table access")
        return self.elements[index]

    def set(self, index: int, value: Any) -> None:
        """``table.set``: replace the element at ``index`` (unsigned).

        :raises Trap: "out of bounds table access"
        """
        if index >= len(self.elements):
            raise Trap("out of bounds table access")
        self._assign(index, (value,))

    def grow(self, value: Any, delta: int) -> int:
        """``table.grow``: append ``value`` ``delta`` times (unsigned).

        :returns: the size before, or -1 if there is no room
        """
        old = len(self.elements)
        new = old + delta
        limit = LARGEST if self.maximum is None else min(self.maximum, LARGEST)
        if delta and (new > limit or (len(self._callables) + 1) * new > _SLOTS):
            return -1
        self._assign(old, [value] * delta)
        return old

    def fill(self, start: int, value: Any, length: int) -> None:
        """``table.fill``: set ``length`` elements from ``start`` to ``value``; numbers are unsigned.

        :raises Trap: "out of bounds table access", before anything is written
        """
        if start + length > len(self.elements):
            raise Trap("out of bounds table access")
        self._assign(start, [value] * length)

    def copy(self, destination: int, source: int, length: int, table: Table | None = None) -> None:
        """``table.copy``: copy ``length`` elements from index ``source`` of ``table``, by default this one.

        All numbers are unsigned.  The ranges may overlap.

        :raises Trap: "out of bounds table access", before anything is written
        """
        elements = self.elements if table is None else table.elements
        if destination + length > len(self.elements) or source + length > len(elements):
            raise Trap("out of bounds table access")
        self._assign(destination, elements[source : source + length])

    def init(self, destination: int, segment: Sequence[Any], source: int, length: int) -> None:
        """``table.init``: copy ``length`` references from ``source`` in an element segment; a dropped one is empty.

        :raises Trap: "out of bounds table access", before anything is written
        """
        if destination + length > len(self.elements) or source + length > len(segment):
            raise Trap("out of bounds table access")
        self._assign(destination, segment[source : source + length])

    def __len__(self) -> int:
        return len(self.elements)

    def __getitem__(self, index: int) -> Any:
        """The element at ``index``; ``IndexError`` outside the table."""
        return self.elements[self._index(index)]

    def __setitem__(self, index: int, value: Any) -> None:
        """Replace an element; ``IndexError`` outside the table, ``TypeError`` if ``value`` is no such reference."""
        self._assign(self._index(index), (TO_RAW[self.element](value),))

    def _index(self, index: int) -> int:
        if not 0 <= index < len(self.elements):
            raise IndexError(f"index {index} is outside a table of {len(self.elements)} elements")
        return index

    def __repr__(self) -> str:
        return f"<Table of {len(self.elements)} {self.element}, maximum {self.maximum}>"
