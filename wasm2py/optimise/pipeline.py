"""The passes between analysis and structuring, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.optimise.base_index import share_bases
from wasm2py.optimise.counted_loops import count_loops
from wasm2py.optimise.late_wraps import wrap_late
from wasm2py.optimise.rounding import round_by_store
from wasm2py.optimise.unused import drop_unused
from wasm2py.optimise.word_index import index_by_words


@dataclass(frozen=True, slots=True)
class Pass:
    """An optimisation.

    :ivar name: for messages and tests
    :ivar level: the lowest level of optimisation that includes it
    :ivar targets: the targets that it pays on
    """

    name: str
    level: int
    targets: tuple[str, ...]
    run: Callable[[n.Function], None]


PASSES = (
    Pass("word-index", 1, ("auto", "cpython"), index_by_words),
    Pass("round-by-store", 1, ("auto", "cpython"), round_by_store),
    Pass("counted-loops", 1, ("auto", "cpython"), count_loops),
    Pass("base-index", 1, ("auto", "cpython"), share_bases),
    Pass("unused", 1, ("auto", "cpython"), drop_unused),
    Pass("late-wraps", 1, ("auto", "cpython"), wrap_late),
)
"""All passes, in order."""


def optimise(function: n.Function, level: int, target: str) -> None:
    """Run the passes of a level on an analysed function."""
    for each in PASSES:
        if level >= each.level and target in each.targets:
            each.run(function)
