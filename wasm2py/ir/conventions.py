"""What is known of the values that cross between the functions of a module.

The surveys of all functions (:mod:`wasm2py.ir.survey`) are put together once, before any function is analysed.
Everything that only the module itself passes on is at first taken to be as aligned as anything is; an equation lowers
the place that it is about, which may lower others.  What is left in the end holds by induction over the run of the
module, recursion included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wasm2py.ir.closed import Closed
from wasm2py.ir.intervals import trailing_zeros
from wasm2py.ir.survey import MOST_ZEROS, Equation, Place
from wasm2py.wasm.module import Module

_Key = tuple[str, int, int]
"""A place whose entry is a number."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """:ivar zeros: how many low bits are known to be zero, by place; none where it is not mentioned."""

    closed: Closed | None = None
    zeros: dict[_Key, int] = field(default_factory=dict)

    def known_zeros(self, place: Place) -> int:
        """How many low bits of what a place holds are known to be zero."""
        if self.closed is None:
            return 0
        key = _key(self.closed, place)
        return 0 if key is None else self.zeros.get(key, 0)


NOTHING_KNOWN = Conventions()
"""Where the module is not looked at as a whole."""


def _key(closed: Closed, place: Place) -> _Key | None:
    """What a place is known by; ``None`` where others put something there, too."""
    kind, entry, number = place
    if kind == "global":
        assert isinstance(entry, int)
        return kind, entry, number
    found = closed.entry(entry)
    if found is None:
        if kind == "result" and isinstance(entry, int) and entry >= closed.imported:
            return kind, entry, number  # it is this module's own code that returns it
        return None
    return kind, found, number


def settle(module: Module, closed: Closed, equations: Iterable[Equation]) -> Conventions:
    """Solve the equations of all functions."""
    zeros: dict[_Key, int] = _globals(module)
    limits: dict[_Key, list[_Key]] = {}
    lowered: dict[_Key, None] = {}

    def lower(key: _Key, to: int) -> None:
        if to < zeros.get(key, MOST_ZEROS):
            zeros[key] = to
            lowered[key] = None

    for equation in equations:
        target = _key(closed, equation.target)
        if target is None:
            continue
        zeros.setdefault(target, MOST_ZEROS)
        lower(target, equation.zeros)
        for source in equation.sources:
            key = _key(closed, source)
            if key is None:
                lower(target, 0)
            else:
                limits.setdefault(key, []).append(target)
    for key in list(zeros):
        lowered[key] = None
    while lowered:
        key = next(iter(lowered))
        del lowered[key]
        for target in limits.get(key, ()):
            lower(target, zeros[key])
    return Conventions(closed, {key: each for key, each in zeros.items() if each})


def _globals(module: Module) -> dict[_Key, int]:
    """What the globals begin with, those left out that others may assign."""
    exported = {export.index for export in module.exports if export.kind == "global"}
    zeros: dict[_Key, int] = {("global", index, 0): 0 for index in range(module.imported_globals)}
    for index, definition in enumerate(module.global_definitions, module.imported_globals):
        start = definition.init[0]
        own = index not in exported or not definition.type.mutable
        plain = own and len(definition.init) == 2 and start.op.name in ("i32.const", "i64.const")
        value = start.imm if plain else 1
        assert isinstance(value, int)
        zeros["global", index, 0] = min(trailing_zeros(value), MOST_ZEROS)
    return zeros
