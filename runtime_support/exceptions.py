"""Exceptions of WebAssembly: tags and what is thrown (spec, sections 4.2.11 and 4.2.14).

A Wasm exception is a Python exception.  So the host may throw and catch them, and an exception of the host passes
through Wasm; only ``catch_all`` stops it.  Traps are no exceptions: nothing in Wasm catches them.
"""

from __future__ import annotations

from runtime_support.traps import TRANSLATED, ExitError, LifecycleError, Trap, as_trap, printable
from runtime_support.values import FROM_RAW, TO_RAW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from runtime_support.types import FuncType


class Tag:
    """A kind of exceptions; each instance of a module has its own.

    :param type: a function type without results: its parameters are what an exception carries
    :param name: for messages
    """

    __slots__ = ("__weakref__", "name", "type")

    def __init__(self, type: FuncType, name: str = "tag") -> None:
        self.type = type
        self.name = name

    def __repr__(self) -> str:
        return f"<Tag {self.name!a} {self.type}>"


class WasmException(Exception):
    """An exception that was thrown by Wasm, or by the host for Wasm to catch; see :meth:`from_host`.

    :param tag: its tag
    :param raw: the raw values that it carries
    """

    def __init__(self, tag: Tag, raw: tuple[Any, ...]) -> None:
        super().__init__(tag, raw)
        self.tag = tag
        self.raw = raw

    @classmethod
    def from_host(cls, tag: Tag, *values: Any) -> WasmException:
        """An exception that carries host values.

        :raises TypeError: for a wrong number of values or a value of the wrong type
        :raises OverflowError: for an int out of range
        """
        params = tag.type.params
        if len(values) != len(params):
            raise TypeError(f"{tag.name} carries {len(params)} values, {len(values)} given")
        return cls(tag, tuple([TO_RAW[param](value) for param, value in zip(params, values)]))

    @property
    def values(self) -> tuple[Any, ...]:
        """The host values that it carries."""
        return tuple([FROM_RAW[param](value) for param, value in zip(self.tag.type.params, self.raw)])

    def __str__(self) -> str:
        return printable(f"{self.tag.name}({', '.join([repr(value) for value in self.values])})")


def is_trap(error: BaseException) -> bool:
    """Whether ``catch_all`` must let an exception pass: a trap, the end of the program, a lack of memory or stack."""
    if isinstance(error, WasmException):
        return False
    if isinstance(error, (Trap, ExitError, LifecycleError, RecursionError, MemoryError)):
        return True
    return isinstance(error, TRANSLATED) and as_trap(error) is not None
