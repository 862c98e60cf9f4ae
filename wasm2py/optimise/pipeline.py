"""The passes between analysis and structuring, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.optimise.base_index import share_bases
from wasm2py.optimise.conversions import drop_conversions
from wasm2py.optimise.direct_tests import test_directly
from wasm2py.optimise.divided_once import divide_once
from wasm2py.optimise.divided_pointers import divide_pointers
from wasm2py.optimise.far_index import bring_near
from wasm2py.optimise.idle_masks import drop_idle_masks
from wasm2py.optimise.joined_choices import join_choices
from wasm2py.optimise.late_wraps import wrap_late
from wasm2py.optimise.loops.counted_loops import count_loops
from wasm2py.optimise.loops.parallel_counters import drop_parallel_counters
from wasm2py.optimise.loops.ranged_loops import range_loops
from wasm2py.optimise.loops.wide_vectors import widen_vectors
from wasm2py.optimise.merged_copies import merge_copies
from wasm2py.optimise.near_sums import use_near_sums
from wasm2py.optimise.passed_index import use_passed_indices
from wasm2py.optimise.repeated_loads import forward_loads
from wasm2py.optimise.restored_globals import restore_globals
from wasm2py.optimise.rounding import round_by_store, round_in_place
from wasm2py.optimise.scaled_index import index_by_scale
from wasm2py.optimise.shared_locals import share_locals
from wasm2py.optimise.traits import HELPERS, IDLE_MASKS, ITEMS, LOOPS, ROUNDING, SELECTS, find_traits
from wasm2py.optimise.unused import drop_unused
from wasm2py.optimise.word_index import index_by_words
from wasm2py.options import Options


@dataclass(frozen=True, slots=True)
class Pass:
    """An optimisation.

    :ivar name: one of :data:`wasm2py.options.PASSES`
    :ivar level: the lowest level of optimisation that includes it
    :ivar targets: the targets that it pays on
    :ivar trait: what a function needs to have, so that there may be something to do
    """

    name: str
    level: int
    targets: tuple[str, ...]
    run: Callable[[n.Function], None]
    trait: str | None = None

    def wanted(self, options: Options) -> bool:
        """Whether the options ask for it."""
        return options.optimise >= self.level and options.target in self.targets and self.name not in options.without


_VIEWS = ("auto", "cpython")
"""The targets that access memory through views, which is what most of these passes are about."""

PASSED_INDEX = Pass("passed-index", 1, _VIEWS, use_passed_indices)
"""The pass that needs pointers that are passed as indices."""

PASSES = (
    Pass("repeated-loads", 1, ("auto", "cpython", "pypy"), forward_loads),
    Pass("idle-masks", 1, ("auto", "cpython", "pypy"), drop_idle_masks, IDLE_MASKS),
    PASSED_INDEX,
    Pass("word-index", 1, _VIEWS, index_by_words, ITEMS),
    Pass("round-by-store", 1, _VIEWS, round_by_store, ROUNDING),
    Pass("wide-vectors", 1, _VIEWS, widen_vectors, LOOPS),
    Pass("counted-loops", 1, _VIEWS, count_loops, LOOPS),
    Pass("scaled-index", 1, _VIEWS, index_by_scale, ITEMS),
    Pass("base-index", 1, _VIEWS, share_bases, ITEMS),
    Pass("far-index", 1, _VIEWS, bring_near, ITEMS),
    Pass("near-sums", 1, _VIEWS, use_near_sums, ITEMS),
    Pass("parallel-counters", 1, _VIEWS, drop_parallel_counters, LOOPS),
    Pass("direct-tests", 1, _VIEWS, test_directly, SELECTS),
    Pass("joined-choices", 1, _VIEWS, join_choices, SELECTS),
    Pass("unused", 1, _VIEWS, drop_unused),
    Pass("conversions", 1, _VIEWS, drop_conversions, HELPERS),
    Pass("late-wraps", 1, _VIEWS, wrap_late),
    Pass("restored-globals", 1, ("auto", "cpython", "pypy"), restore_globals),
    Pass("merged-copies", 1, ("auto", "cpython", "pypy"), merge_copies),
    Pass("rounded-in-place", 1, _VIEWS, round_in_place, ROUNDING),
    Pass("ranged-loops", 1, _VIEWS, range_loops, LOOPS),
    Pass("divided-pointers", 1, _VIEWS, divide_pointers, LOOPS),
    Pass("divided-once", 2, _VIEWS, divide_once),
    Pass("shared-locals", 1, ("auto", "cpython", "pypy"), share_locals),
)
"""All passes, in order."""


def optimise(function: n.Function, options: Options) -> None:
    """Run the passes that the options ask for, and that there may be something to do for, on an analysed function."""
    wanted = [each for each in PASSES if each.wanted(options)]
    if any(each.trait for each in wanted):
        function.traits = find_traits(function)
    for each in wanted:
        if each.trait is None or each.trait in function.traits:
            each.run(function)
