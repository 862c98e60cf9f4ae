"""Function instances (spec, section 4.2.6): what the host calls, tables hold and ``ref.func`` gives."""

from __future__ import annotations

from runtime_support.calls import host_to_raw
from runtime_support.references import exactness, parse
from runtime_support.traps import TRANSLATED, Trap, as_trap
from runtime_support.types import NAMED, FuncType
from runtime_support.values import TO_RAW, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from runtime_support.values import Converter


class Function:
    """A function that host code may call: arguments and results are host values, traps are exceptions.

    :param type: its type
    :param raw: the function itself; it takes and returns raw values, in range
    :param name: for messages

    :ivar promoted: kept by :func:`runtime_support.promotion.promoted`
    """

    __slots__ = ("__weakref__", "name", "promoted", "raw", "type")

    def __init__(self, type: FuncType, raw: Callable[..., Any], name: str = "function") -> None:
        self.type = type
        self.raw = raw
        self.name = name
        self.promoted: Any = None

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


def non_null(reference: Any) -> Any:
    """``ref.as_non_null``: the reference itself.

    :raises Trap: "null reference"
    """
    if reference is None:
        raise Trap("null reference")
    return reference


def _reference_to_raw(name: str) -> Converter:
    """The converter for arguments of the reference type called ``name``."""
    parsed = parse(name)
    assert parsed is not None, "converters ask for reference types only"
    heap, nullable = parsed
    defined, exact = exactness(heap)

    def extern_to_raw(value: Any) -> Any:
        """Take any object but null."""
        if value is None:
            raise TypeError(f"{name} expected: an object, not None")
        return value

    def exception_to_raw(value: Any) -> BaseException | None:
        """Take an exception, be it of Wasm or of the host."""
        if (value is None and nullable) or (isinstance(value, BaseException) and heap == "exn"):
            return value
        raise TypeError(f"{name} expected: an exception{' or None' * nullable}, not {value.__class__.__name__}")

    def function_to_raw(value: Any) -> Function | None:
        """Take a function, of the right type where the reference type names one."""
        if value is None and nullable:
            return None
        type = NAMED.get(defined)
        if isinstance(value, Function) and (
            heap == "func" or (value.type is type if exact else type in value.type.above)
        ):
            return value
        wanted = "a Function" if heap == "func" else f"a Function of type {type or heap}"
        given = f"one of type {value.type}" if isinstance(value, Function) else value.__class__.__name__
        raise TypeError(f"{name} expected: {wanted}{' or None' * nullable}, not {given}")

    def object_to_raw(value: Any) -> Any:
        """Take a structure, array or i31 of the right type."""
        from runtime_support.gc import instances

        if (value is None and nullable) or value.__class__ in instances(heap):
            return value
        given = value.__class__.__name__
        raise TypeError(f"{name} expected: an object of that type{' or None' * nullable}, not {given}")

    def null_to_raw(value: Any) -> None:
        """Take null, if even that."""
        if value is not None or not nullable:
            raise TypeError(f"{name} expected: {'None' if nullable else 'no value'}, not {value.__class__.__name__}")

    if heap in ("extern", "any"):  # any Python object may have come in as ``extern``
        return same if nullable else extern_to_raw
    if heap in ("none", "nofunc", "noextern", "noexn"):
        return null_to_raw
    if heap == "exn":
        return exception_to_raw
    return function_to_raw if heap == "func" or defined in NAMED else object_to_raw


TO_RAW.make = _reference_to_raw
