"""Function types, interned: equal types are one object, so generated code and linking compare with ``is``."""

from __future__ import annotations

from runtime_support.values import FROM_RAW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class FuncType:
    """Parameters and results of a function (spec, section 2.3.8); made by :func:`functype` only.

    :ivar params: names of the parameters' value types
    :ivar results: names of the results' value types
    :ivar invoke: calls a :class:`~runtime_support.functions.Function` of this type with host values; made when needed
    """

    __slots__ = ("invoke", "params", "results")
    params: tuple[str, ...]
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
        return f"functype({' '.join(self.params)!r}, {' '.join(self.results)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return functype, (" ".join(self.params), " ".join(self.results))


_interned: dict[tuple[str, str], FuncType] = {}


def functype(params: str, results: str) -> FuncType:
    """The function type with these value types, named with one space between: ``functype("i32 i64", "f32")``.

    :raises ValueError: for an unknown value type
    """
    known = _interned.get((params, results))
    if known is not None:
        return known
    made = FuncType()
    made.params, made.results = tuple(params.split()), tuple(results.split())
    for name in made.params + made.results:
        if name not in FROM_RAW:
            raise ValueError(f"unknown value type {name!r}")
    # Spelling apart, there is one object per type, also if two threads come here at once.
    canonical = _interned.setdefault((" ".join(made.params), " ".join(made.results)), made)
    return _interned.setdefault((params, results), canonical)
