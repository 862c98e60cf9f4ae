"""Resolution of imports, and the type checks of linking (spec, sections 3.2.7 "Import subtyping" and 4.5.4)."""

from __future__ import annotations

from runtime_support.exceptions import Tag
from runtime_support.functions import Function
from runtime_support.globals import Global
from runtime_support.memory import PAGE, Memory
from runtime_support.references import matches
from runtime_support.table import Table
from runtime_support.traps import LinkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Declaration = tuple[str, str, str, Any]

_MISSING = object()


def resolve(declaration: Declaration, provider: Any) -> Any:
    """The object for an import.

    :param declaration: an item of :attr:`Module.imports`: module, name, kind, type
    :param provider: what the user gave for the module: a mapping, exports or a namespace
    :returns: a :class:`Function`, :class:`Memory`, :class:`Table` or :class:`Global`
    :raises LinkError: if there is none or it has the wrong type
    """
    module, name, kind, wanted = declaration
    given = _MISSING if provider is None else _lookup(provider, name)
    if given is _MISSING:
        raise LinkError("unknown import", module, name, describe(kind, wanted))
    found = _adapt(kind, wanted, given, name)
    if found is None or not _matches(kind, found.type, wanted):
        raise LinkError("incompatible import type", module, name, describe(kind, wanted), _describe_object(given))
    return found


def provides(provider: Any, name: str) -> bool:
    """Whether what the user gave for a module, ``None`` for nothing, has something of that name."""
    return provider is not None and _lookup(provider, name) is not _MISSING


def _lookup(provider: Any, name: str) -> Any:
    if hasattr(type(provider), "__getitem__"):
        try:
            return provider[name]
        except KeyError:
            return _MISSING
    if name.startswith("__") and name.endswith("__"):
        return _MISSING  # a module must not get at Python's machinery, such as __class__, through a namespace
    return getattr(provider, name, _MISSING)


_CLASSES: dict[str, type] = {"func": Function, "memory": Memory, "table": Table, "global": Global, "tag": Tag}
_CLASSES["exact func"] = Function
_FUNCTIONS = ("func", "exact func")


def _adapt(kind: str, wanted: Any, given: Any, name: str) -> Any:
    """``given`` as an instance of the class for ``kind``; ``None`` if it can't be one."""
    if isinstance(given, _CLASSES[kind]):
        return given
    if isinstance(given, tuple(_CLASSES.values())):
        return None
    if kind in _FUNCTIONS and callable(given):
        return Function.from_host(wanted, given, name)
    if kind == "global" and not wanted[1]:
        try:
            return Global(wanted[0], given)
        except (TypeError, OverflowError):
            return None
    return None


def _matches(kind: str, given: Any, wanted: Any) -> bool:
    if kind == "table":
        return given[0] == wanted[0] and _limits_match(given[1:], wanted[1:])
    if kind == "memory":
        return _limits_match(given, wanted)
    if kind == "global" and given[1] == wanted[1] is False:  # what cannot be assigned may be of a subtype
        return matches(given[0], wanted[0])
    if kind == "func":
        return wanted in given.above
    if kind == "exact func":
        return given is wanted
    return bool(given == wanted)


def _limits_match(given: tuple[Any, ...], wanted: tuple[Any, ...]) -> bool:
    """Whether size and maximum are within declared limits, and what follows is equal (spec, 3.2.5 "Limits")."""
    if given[0] < wanted[0] or given[2:] != wanted[2:]:
        return False
    return wanted[1] is None or (given[1] is not None and given[1] <= wanted[1])


def describe(kind: str, type: Any) -> str:
    """A type as messages show it, such as ``table funcref {min 10, max 20}``."""
    if kind == "memory":
        return f"memory {_limits(*type)}"
    if kind == "table":
        return f"table {type[0]} {_limits(*type[1:])}"
    if kind == "global":
        return f"global {'mut ' * type[1]}{type[0]}"
    return f"{kind} {type}"


def _limits(
    minimum: int, maximum: int | None, address_type: str = "", page_size: int = PAGE, shared: bool = False
) -> str:
    limits = f"{{min {minimum}}}" if maximum is None else f"{{min {minimum}, max {maximum}}}"
    pages = "" if page_size == PAGE else f", pages of {page_size} bytes"
    return f"{limits} {address_type}".rstrip() + pages + ", shared" * shared


def _describe_object(given: Any) -> str:
    for kind, cls in _CLASSES.items():
        if isinstance(given, cls):
            return describe(kind, given.type)  # type: ignore[attr-defined]  # all of these classes have it
    if isinstance(given, (int, float)):
        return f"{type(given).__name__} {given!r:.50}"
    return f"an object of type {type(given).__name__}"
