"""What the suite's results must be.  Strict: a listed failure that passes is an error too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.spec.script import Outcome, Status

COMPLETE_GROUPS: Final = frozenset(
    {
        *("core", "bulk-memory", "memory64", "multi-memory", "spec-main", "custom", "simd", "relaxed-simd", "gc"),
        *("exceptions", "legacy", "proposals/custom-descriptors", "proposals/custom-page-sizes", "proposals/threads"),
        "proposals/wide-arithmetic",
    }
)
"""Groups of ``index.json`` in which every command passes, but for :data:`UNSUPPORTED`."""

UNSUPPORTED: Final[dict[str, tuple[int, str]]] = {}
"""Commands in the complete groups that need a proposal which is not built yet: their number and the proposals."""

DISABLED: Final[dict[str, tuple[str, ...]]] = {
    "gc": ("custom-descriptors",),
    "proposals/threads": ("multi-memory", "reference-types"),
}
"""Proposals that a group is run without, since it expects what they allow to be invalid: casts to types that do not
match the source; a second memory or table."""

FAILURES: Final[dict[str, dict[int, str]]] = {}
"""Commands that fail, by file and line, each with the reason."""


def problems(name: str, group: str, outcomes: Sequence[Outcome]) -> list[str]:
    """What is wrong with the outcomes of a file, one line each; empty if all is as expected."""
    expected = FAILURES.get(name, {})
    found = []
    for outcome in outcomes:
        listed = expected.get(outcome.line)
        if outcome.status is Status.FAILED and listed is None:
            found.append(f"{name}:{outcome.line}: {outcome.type}: {outcome.detail}")
        elif outcome.status is not Status.FAILED and listed is not None:
            found.append(
                f"{name}:{outcome.line}: {outcome.type}: listed as a failure ({listed}), but {outcome.status.value}"
            )
    gone = expected.keys() - {outcome.line for outcome in outcomes}
    found += [f"{name}:{line}: listed as a failure, but there is no such command" for line in sorted(gone)]
    if group in COMPLETE_GROUPS:
        allowed, _ = UNSUPPORTED.get(name, (0, ""))
        given = [outcome for outcome in outcomes if outcome.status is Status.UNSUPPORTED]
        if len(given) != allowed:
            first = f", the first in line {given[0].line}: {given[0].detail}" if given else ""
            found.append(f"{name}: {len(given)} commands are unsupported, {allowed} are listed{first}")
    return found
