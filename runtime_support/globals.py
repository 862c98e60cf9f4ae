"""Global instances (spec, section 4.2.10)."""

from __future__ import annotations

from runtime_support.values import FROM_RAW, TO_RAW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Global:
    """A global with storage of its own.

    :param value_type: name of its value type
    :param value: first value, a host value
    :param mutable: whether it can be assigned to
    :raises TypeError, OverflowError: if the value is not one of the type

    :ivar raw: the value in raw form; generated code reads and assigns it
    """

    __slots__ = ("__weakref__", "mutable", "raw", "value_type")
    raw: Any

    def __init__(self, value_type: str, value: Any, *, mutable: bool = False) -> None:
        self.value_type = value_type
        self.mutable = mutable
        self.raw = TO_RAW[value_type](value)

    @staticmethod
    def cell(
        value_type: str, mutable: bool, get: Callable[[], Any], set: Callable[[Any], None] | None = None
    ) -> Global:
        """A global whose value lives in a variable of generated code.

        :param get: returns the raw value
        :param set: assigns a raw value; needed for mutable globals only
        """
        return _CellGlobal(value_type, mutable, get, set)

    @property
    def type(self) -> tuple[str, bool]:
        """Value type and mutability, as in :attr:`Module.imports`."""
        return self.value_type, self.mutable

    @property
    def value(self) -> Any:
        """The value in host form.

        Assignment raises ``AttributeError`` for an immutable global, ``TypeError`` and ``OverflowError`` as arguments
        of functions do.
        """
        return FROM_RAW[self.value_type](self.raw)

    @value.setter
    def value(self, value: Any) -> None:
        if not self.mutable:
            raise AttributeError(f"this global is immutable ({self.value_type})")
        self.raw = TO_RAW[self.value_type](value)

    def __repr__(self) -> str:
        return f"<Global {'mut ' * self.mutable}{self.value_type} {self.value!r}>"


class _CellGlobal(Global):
    __slots__ = ("_get", "_set")

    def __init__(
        self, value_type: str, mutable: bool, get: Callable[[], Any], set: Callable[[Any], None] | None
    ) -> None:
        self.value_type = value_type
        self.mutable = mutable
        self._get = get
        self._set = set

    @property
    def raw(self) -> Any:
        return self._get()

    @raw.setter
    def raw(self, raw: Any) -> None:
        assert self._set is not None, "the compiler gives mutable globals a setter"
        self._set(raw)
