"""The proposals of WebAssembly: one row each.

The opcode table names a feature per instruction; decoder, validator, the support table in the README and the command
line are driven by these rows.  A row's ``stage`` says how far down the road the proposal works today; what works is
enabled until :func:`select` is asked for something else, and a :class:`Gate` refuses what is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from wasm2py.errors import Unsupported, UsageError


class Stage(Enum):
    """The last stage of the road that handles a proposal."""

    DECODED = "decoded"
    VALIDATED = "validated"
    SUPPORTED = "supported"


@dataclass(frozen=True, slots=True)
class Feature:
    """One proposal.

    :ivar name: as in the URL of the proposal's repository, where it has one
    :ivar version: the version of the core specification that contains it, ``""`` for none yet
    :ivar stage: how far it works
    :ivar summary: one line for the support table
    :ivar needs: the proposals that it builds upon: nothing of it can be written without them
    """

    name: str
    version: str
    stage: Stage
    summary: str
    needs: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """What the command line calls all proposals of its version."""
        return self.version or PROPOSALS


PROPOSALS: Final = "proposal"
"""The group of the features that are in no version of the specification."""

_ROWS: tuple[Feature, ...] = (
    Feature("mvp", "1.0", Stage.SUPPORTED, "everything in WebAssembly 1.0"),
    Feature("mutable-globals", "1.0", Stage.SUPPORTED, "import and export of mutable globals"),
    Feature("sign-extension", "2.0", Stage.SUPPORTED, "i32.extend8_s and the like"),
    Feature("saturating-float-to-int", "2.0", Stage.SUPPORTED, "float to integer conversions that do not trap"),
    Feature("multi-value", "2.0", Stage.SUPPORTED, "several results, block parameters"),
    Feature("bulk-memory", "2.0", Stage.SUPPORTED, "memory.copy, memory.fill, table.init and the like"),
    Feature("reference-types", "2.0", Stage.SUPPORTED, "funcref, externref, several tables"),
    Feature("simd", "2.0", Stage.SUPPORTED, "the 128-bit vector type v128"),
    Feature("extended-const", "3.0", Stage.SUPPORTED, "arithmetic in constant expressions"),
    Feature("multi-memory", "3.0", Stage.SUPPORTED, "several memories"),
    Feature("tail-call", "3.0", Stage.SUPPORTED, "calls in tail position that use no stack"),
    Feature("memory64", "3.0", Stage.SUPPORTED, "64-bit addresses of memories and tables"),
    Feature(
        "relaxed-simd", "3.0", Stage.SUPPORTED, "vector instructions with implementation-defined results", ("simd",)
    ),
    Feature("function-references", "3.0", Stage.SUPPORTED, "typed function references", ("reference-types",)),
    Feature(
        "gc", "3.0", Stage.SUPPORTED, "structs, arrays, i31 and casts, collected by the host", ("function-references",)
    ),
    Feature("branch-hinting", "3.0", Stage.SUPPORTED, "which way branches go: accepted, without effect on the output"),
    Feature("exceptions", "3.0", Stage.SUPPORTED, "tags, throw, try_table", ("reference-types",)),
    Feature("legacy-exceptions", "", Stage.SUPPORTED, "the older try/catch/delegate/rethrow", ("exceptions",)),
    Feature("threads", "", Stage.SUPPORTED, "shared memories and atomic instructions"),
    Feature("wide-arithmetic", "", Stage.SUPPORTED, "128-bit addition and multiplication"),
    Feature("custom-page-sizes", "", Stage.SUPPORTED, "memories with pages of one byte"),
    Feature("compilation-hints", "", Stage.SUPPORTED, "what to compile first or inline: accepted, without effect"),
    Feature("custom-descriptors", "", Stage.SUPPORTED, "descriptors of structures, exact types", ("gc",)),
    Feature("component-model", "", Stage.DECODED, "components (layer 1 binaries)"),
)

FEATURES: dict[str, Feature] = {row.name: row for row in _ROWS}
"""Every proposal by name, oldest first."""

BASE: Final = "mvp"
"""What every module may use."""

ALL: Final = "all"
"""The name of everything but :data:`BASE`."""

_GROUPS: dict[str, tuple[str, ...]] = {
    group: tuple(row.name for row in _ROWS if row.group == group and row.name != BASE)
    for group in dict.fromkeys(row.group for row in _ROWS)
}


class Gate:
    """Refuses what belongs to proposals that a module may not use.

    A gate is true where it refuses anything at all, so that the frequent case costs one test.

    :ivar closed: names of the proposals that are supported, but disabled
    """

    __slots__ = ("closed",)

    def __init__(self, closed: frozenset[str] = frozenset()) -> None:
        self.closed = closed

    def __bool__(self) -> bool:
        return bool(self.closed)

    def require(self, feature: str, what: str, offset: int | None) -> None:
        """Say that a module uses something of a proposal.

        :param feature: name of the proposal
        :param what: what it uses, for the message
        :param offset: the place in the binary
        :raises Unsupported: the proposal is disabled
        """
        if feature in self.closed:
            raise Unsupported(feature, what, offset, disabled=True)


OPEN: Final = Gate()
"""Refuses nothing."""


def select(enable: Iterable[str], disable: Iterable[str]) -> Gate:
    """The gate that lets the chosen proposals through; at first all that are supported are chosen.

    A choice is the name of a proposal, of a group (``2.0`` is what came with that version, ``proposal`` what is in
    none), or ``all``.  The narrower one wins: names over groups, groups over ``all``; of the same kind, ``enable`` over
    ``disable``.  What a proposal needs is enabled with it, and what needs a proposal disabled with it.

    :raises UsageError: a choice is unknown, is both enabled and disabled, cannot be had, or needs what is disabled
    """
    wanted, unwanted = set(enable), set(disable)
    for choice in sorted(wanted | unwanted):
        if choice != ALL and choice not in _GROUPS and choice not in FEATURES:
            raise UsageError(f"unknown feature {choice!r}: there are {', '.join([*FEATURES, *_GROUPS, ALL])}")
    if both := sorted(wanted & unwanted):
        raise UsageError(f"feature {both[0]} is both enabled and disabled")
    if BASE in unwanted:
        raise UsageError(f"feature {BASE} cannot be disabled")
    _check_names(wanted & FEATURES.keys(), unwanted)
    chosen = _supported(FEATURES)
    for kind in ({ALL: tuple(FEATURES)}, _GROUPS, {name: (name,) for name in FEATURES}):
        for choice, names in kind.items():
            if choice in unwanted:
                chosen -= _with_dependents(names)
        for choice, names in kind.items():
            if choice in wanted:
                chosen |= _with_needs(_supported(names))
    return Gate(frozenset(_supported(FEATURES) - chosen - {BASE}))


def _check_names(wanted: set[str], unwanted: set[str]) -> None:
    """Refuse to enable single proposals that are not built, or that need what is disabled by its name."""
    for name in sorted(wanted):
        if FEATURES[name].stage is not Stage.SUPPORTED:
            raise UsageError(f"feature {name} cannot be enabled: it is not transpiled yet")
        if missing := sorted(_with_needs([name]) & unwanted):
            raise UsageError(f"feature {name} needs {missing[0]}, which is disabled")


def _supported(names: Iterable[str]) -> set[str]:
    return {name for name in names if FEATURES[name].stage is Stage.SUPPORTED}


def _with_needs(names: Iterable[str]) -> set[str]:
    """The features, and all that they build upon."""
    found: set[str] = set()
    for name in names:
        found |= {name} | _with_needs(FEATURES[name].needs)
    return found


def _with_dependents(names: Iterable[str]) -> set[str]:
    """The features, and all that build upon them."""
    wanted = set(names)
    return {name for name in FEATURES if _with_needs([name]) & wanted}
