"""What an instance exports, by name."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, NoReturn

_PYPY = sys.implementation.name == "pypy"


class Exports:
    """The exports of an instance, read-only: ``exports.add``, ``exports["add"]``; iteration gives names in order.

    Item access reaches every name; attribute access all but the few that every Python object has (``__class__``).
    """

    # No methods but special ones, and no attributes of its own: any name may be that of an export.

    def __new__(cls, _exports: Mapping[str, Any]) -> Exports:
        """Make an object, of a class of its own in PyPy, where a class has one order for attributes of all objects."""
        return object.__new__(type("Exports", (cls,), {}) if _PYPY else cls)

    def __init__(self, exports: Mapping[str, Any]) -> None:
        self.__dict__.update(exports)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __getitem__(self, name: str) -> Any:
        return vars(self)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(vars(self))

    def __len__(self) -> int:
        return len(vars(self))

    def __contains__(self, name: object) -> bool:
        return name in vars(self)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError("exports cannot be assigned to")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("exports cannot be deleted")

    def __repr__(self) -> str:
        return f"<Exports {', '.join(ascii(name) for name in self)}>"
