"""What the user can choose: one frozen record that travels down the road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wasm2py.errors import UsageError
from wasm2py.features import Gate, select

OPTIMISE: Final = (0, 1, 2)
"""Levels of optimisation: for reading, each function by itself; the default; everything."""

TARGETS: Final = ("auto", "cpython", "pypy")
"""Interpreters that the output can be tuned for; the output runs on every one of them."""

FORMATS: Final = ("auto", "black", "none")
"""Layouts of the output: Black for small sources, always, never."""


CHOICES: Final = (
    "sinking",
    "magnitudes",
    "signed-variables",
    "formless-variables",
    "aligned-crossings",
    "signed-crossings",
    "formless-results",
    "constant-arguments",
    "merged-blocks",
)
"""What is done for better code alone by other stages than the optimiser.

The first four are choices of :mod:`wasm2py.ir.building`, in its layers ``control``, ``idioms`` and ``function``, the
next four of :mod:`wasm2py.ir.conventions`, the last one of :mod:`wasm2py.ir.structuring.blocks`.
"""

PASSES: Final = (
    "repeated-loads",
    "idle-masks",
    "passed-index",
    "word-index",
    "round-by-store",
    "wide-vectors",
    "counted-loops",
    "scaled-index",
    "base-index",
    "far-index",
    "near-sums",
    "parallel-counters",
    "direct-tests",
    "joined-choices",
    "unused",
    "conversions",
    "late-wraps",
    "restored-globals",
    "merged-copies",
    "rounded-in-place",
    "ranged-loops",
    "divided-pointers",
    "divided-once",
    "shared-locals",
)
"""The optimiser's passes, in order; :mod:`wasm2py.optimise.pipeline` says what they are."""

OPTIONAL: Final = (*CHOICES, *PASSES)
"""What can be left out."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to transpile one module.

    :ivar optimise: one of :data:`OPTIMISE`
    :ivar target: one of :data:`TARGETS`
    :ivar format: one of :data:`FORMATS`
    :ivar names: whether the generated code uses the names of the name section
    :ivar jobs: number of processes that share the work, at least 1
    :ivar source_name: the file name that the header of the output shows
    :ivar package: whether the output is a package of parts instead of a single file
    :ivar enable: proposals, or groups of them, that the module may use, as :func:`wasm2py.features.select` reads them
    :ivar disable: proposals, or groups of them, that the module may not use
    :ivar without: what is left out, of :data:`OPTIONAL`
    :raises UsageError: a value is none of these
    """

    optimise: int = 1
    target: str = "auto"
    format: str = "auto"
    names: bool = True
    jobs: int = 1
    source_name: str = "module.wasm"
    package: bool = False
    enable: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _one_of("optimise", self.optimise, OPTIMISE)
        _one_of("target", self.target, TARGETS)
        _one_of("format", self.format, FORMATS)
        for name in self.without:
            _one_of("without", name, OPTIONAL)
        if self.jobs < 1:
            raise UsageError(f"jobs is {self.jobs}, must be at least 1")
        self.gate()  # for its errors

    def gate(self) -> Gate:
        """What refuses the proposals that the module may not use."""
        return select(self.enable, self.disable)


def _one_of(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise UsageError(f"{name} is {value!r}, must be one of {', '.join(map(str, choices))}")
