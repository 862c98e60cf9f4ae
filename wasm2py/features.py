"""The proposals of WebAssembly: one row each.

The opcode table names a feature per instruction; decoder, validator, the support table in the README and the command
line are driven by these rows.  A row's ``stage`` says how far down the road the proposal works today.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
    """

    name: str
    version: str
    stage: Stage
    summary: str


_ROWS = (
    ("mvp", "1.0", Stage.SUPPORTED, "everything in WebAssembly 1.0"),
    ("mutable-globals", "1.0", Stage.SUPPORTED, "import and export of mutable globals"),
    ("sign-extension", "2.0", Stage.SUPPORTED, "i32.extend8_s and the like"),
    ("saturating-float-to-int", "2.0", Stage.SUPPORTED, "float to integer conversions that do not trap"),
    ("multi-value", "2.0", Stage.SUPPORTED, "several results, block parameters"),
    ("bulk-memory", "2.0", Stage.SUPPORTED, "memory.copy, memory.fill, table.init and the like"),
    ("reference-types", "2.0", Stage.SUPPORTED, "funcref, externref, several tables"),
    ("simd", "2.0", Stage.SUPPORTED, "the 128-bit vector type v128"),
    ("extended-const", "3.0", Stage.SUPPORTED, "arithmetic in constant expressions"),
    ("multi-memory", "3.0", Stage.SUPPORTED, "several memories"),
    ("tail-call", "3.0", Stage.SUPPORTED, "calls in tail position that use no stack"),
    ("memory64", "3.0", Stage.SUPPORTED, "64-bit addresses of memories and tables"),
    ("relaxed-simd", "3.0", Stage.SUPPORTED, "vector instructions with implementation-defined results"),
    ("function-references", "3.0", Stage.SUPPORTED, "typed function references"),
    ("gc", "3.0", Stage.SUPPORTED, "structs, arrays, i31 and casts, collected by the host"),
    ("exceptions", "3.0", Stage.SUPPORTED, "tags, throw, try_table"),
    ("legacy-exceptions", "", Stage.DECODED, "the older try/catch/delegate/rethrow"),
    ("threads", "", Stage.SUPPORTED, "shared memories and atomic instructions"),
    ("wide-arithmetic", "", Stage.SUPPORTED, "128-bit addition and multiplication"),
    ("custom-page-sizes", "", Stage.SUPPORTED, "memories with pages of one byte"),
    ("custom-descriptors", "", Stage.DECODED, "descriptors of GC types"),
    ("component-model", "", Stage.DECODED, "components (layer 1 binaries)"),
)

FEATURES: dict[str, Feature] = {row[0]: Feature(*row) for row in _ROWS}
"""Every proposal by name, oldest first."""
