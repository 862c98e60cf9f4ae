"""Arguments that are the same number in every call of a function that only the module calls.

Linkers do not see into libraries that have been compiled before: ``qsort`` gets its comparison as a number, though a
program may have but one.  What a function passes is a number, or a parameter of its own that it never changes, or it
may be anything; :func:`constant_arguments` follows the parameters through the module.
"""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.ir import nodes as n
from wasm2py.ir.quotients import Key

Source = int | n.Place
"""A number, or the parameter that it comes from."""

Passed = dict[n.Place, list[Source]]
"""For parameters what is passed to them; nothing stands for anything."""

_MOST_SOURCES = 8
"""With more sources, a parameter may be anything."""


def note_passed(passed: Passed, target: n.Place, source: Source | None) -> None:
    """Add what a call passes to a parameter; ``None`` for anything."""
    known = passed.setdefault(target, [] if source is None else [source])
    if source is None or len(known) >= _MOST_SOURCES:
        known.clear()
    elif known and source not in known:
        known.append(source)


def constant_arguments(passed: Passed, key: Callable[[n.Place], Key | None]) -> dict[Key, int]:
    """The parameters that are always the same number: each is settled at most twice."""
    found: dict[Key, int | None] = {}
    readers: dict[Key, list[Key]] = {}
    changed: list[Key] = []

    def meet(target: Key, value: int | None) -> None:
        if target not in found or (found[target] is not None and found[target] != value):
            found[target] = None if target in found else value
            changed.append(target)

    for place, sources in passed.items():
        target = key(place)
        if target is None:
            continue
        if not sources:
            meet(target, None)
        for source in sources:
            origin = None if isinstance(source, int) else key(source)
            if isinstance(source, int):
                meet(target, source)
            elif origin is None:
                meet(target, None)
            else:
                readers.setdefault(origin, []).append(target)
    while changed:
        each = changed.pop()
        for reader in readers.get(each, ()):
            meet(reader, found[each])
    return {target: value for target, value in found.items() if value is not None}
