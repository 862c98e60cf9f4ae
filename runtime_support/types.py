"""Function types, interned: equal types are one object, so generated code and linking compare with ``is``."""

from __future__ import annotations

from runtime_support.references import declare, split
from runtime_support.values import FROM_RAW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class FuncType:
    """Parameters and results of a function (spec, section 2.3.8); made by :func:`functype` only.

    :ivar params: names of the parameters' value types
    :ivar results: names of the results' value types
    :ivar above: this type and its supertypes
    :ivar parent: its supertype
    :ivar name: what reference types call it, where it is part of its identity; see :func:`functype`
    :ivar invoke: calls a :class:`~runtime_support.functions.Function` of this type with host values; made when needed
    """

    __slots__ = ("above", "invoke", "name", "params", "parent", "results")
    above: frozenset[FuncType]
    name: str
    params: tuple[str, ...]
    parent: FuncType | None
    results: tuple[str, ...]
    invoke: Callable[[Any, tuple[Any, ...]], Any]

    def __getattr__(self, name: str) -> Any:
        # Reached once per type: the slot is empty until the first call.
        if name != "invoke":
            raise AttributeError(f"'FuncType' object has no attribute {name!r}")
        from runtime_support.calls import invoker

        self.invoke = invoker(self.params, self.results)
        return self.invoke

    def __str__(self) -> str:
        return f"({', '.join(self.params)}) -> ({', '.join(self.results)})"

    def __repr__(self) -> str:
        name = f", {self.name!r}" if self.name else ""
        return f"functype({' '.join(self.params)!r}, {' '.join(self.results)!r}{name})"

    def __reduce__(self) -> tuple[object, ...]:
        identity = (self.name, self.parent, True) if self.name else ()
        return functype, (" ".join(self.params), " ".join(self.results), *identity)


_interned: dict[tuple[str, str, str], FuncType] = {}

NAMED: dict[str, FuncType] = {}
"""Function types that reference types name, such as ``#0123.0`` in ``(ref #0123.0)``."""


def functype(
    params: str, results: str, name: str = "", parent: FuncType | None = None, distinct: bool = False
) -> FuncType:
    """The function type with these value types, named with one space between: ``functype("i32 i64", "f32")``.

    :param name: how reference types call it, if any do.  Types that mention such names themselves are the same only if
        they have the same name, since recursive types may have the same parts and yet differ.
    :param parent: its supertype
    :param distinct: whether its name alone tells the type from others, as that of a type that is not final does
    :raises ValueError: for an unknown value type
    """
    identity = name if distinct or "#" in params or "#" in results else ""
    known = _interned.get((params, results, identity))
    if known is None:
        made = FuncType()
        made.params, made.results, made.name = split(params), split(results), identity
        made.parent = parent
        made.above = frozenset({made}) if parent is None else parent.above | {made}
        for value_type in made.params + made.results:
            try:
                FROM_RAW[value_type]
            except KeyError:
                raise ValueError(f"unknown value type {value_type!r}") from None
        # Spelling apart, there is one object per type, also if two threads come here at once.
        canonical = _interned.setdefault((" ".join(made.params), " ".join(made.results), identity), made)
        known = _interned.setdefault((params, results, identity), canonical)
    if name and name not in NAMED:
        declare(name, "func" if parent is None else parent.name)
        NAMED[name] = known
    return known
