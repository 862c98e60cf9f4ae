"""Function instances (spec, section 4.2.6): what the host calls, tables hold and ``ref.func`` gives."""

from __future__ import annotations

from runtime_support.calls import host_to_raw
from runtime_support.traps import TRANSLATED, as_trap
from runtime_support.types import FuncType
from runtime_support.values import TO_RAW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Function:
    """A function that host code may call: arguments and results are host values, traps are exceptions.

    :param type: its type
    :param raw: the function itself; it takes and returns raw values, in range
    :param name: for messages
    """

    __slots__ = ("__weakref__", "name", "raw", "type")

    def __init__(self, type: FuncType, raw: Callable[..., Any], name: str = "function") -> None:
        self.type = type
        self.raw = raw
        self.name = name

    @classmethod
    def from_host(cls, type: FuncType, callable: Callable[..., Any], name: str = "function") -> Function:
        """A host callable as a function of the given type.

        It gets and returns host values.  What it returns is checked like an argument; without results it is dropped.
        Calls nested deeper than :data:`runtime_support.stack.NESTED_HOST_CALLS` trap.
        """
        return cls(type, host_to_raw(type, callable, name), name)

    def __call__(self, *arguments: Any) -> Any:
        """Call with host values.

        :raises TypeError: for a wrong number of arguments or a value of the wrong type
        :raises OverflowError: for an int out of range
        :raises Trap: if execution traps
        """
        try:
            return self.type.invoke(self, arguments)
        except TRANSLATED as error:
            trap = as_trap(error)
            if trap is None:
                raise
            raise trap from None

    @property
    def __name__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Function {self.name!a} {self.type}>"


def _funcref_to_raw(value: Any) -> Function | None:
    if value is None or isinstance(value, Function):
        return value
    raise TypeError(f"funcref expected: a Function or None, not {type(value).__name__}")


TO_RAW["funcref"] = _funcref_to_raw
