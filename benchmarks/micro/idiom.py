"""One idiom of generated code, and how it is timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: How many times an idiom runs between two looks at the clock.
ITERATIONS = 20_000


@dataclass(frozen=True)
class Idiom:
    """Python statements as the emitter could write them.

    ``code`` runs once for each ``x`` of ``values`` (an expression for a list) inside a nested function, as generated
    code does; ``cells`` are statements of the enclosing function, so what they bind is read through closure cells;
    ``local`` are statements of the nested function before the loop, so what they bind are its local variables.
    """

    name: str
    code: str
    values: str = "SMALL"
    cells: str = ""
    local: str = ""


@dataclass(frozen=True)
class Group:
    """Idioms that do the same work, or answer one question, printed together."""

    title: str
    idioms: tuple[Idiom, ...]


#: Lists to iterate over. Varying inputs keep a tracing JIT from computing the idiom once for all iterations.
INPUTS = """
SMALL = [i % 1000 + 300 for i in range(COUNT)]
WORD = [0x7FFF0000 - i for i in range(COUNT)]
HIGH = [0x80000000 + i for i in range(COUNT)]
LONG = [0x7FFFFFFF00000000 - i for i in range(COUNT)]
TOP = [0x8000000000000000 + i for i in range(COUNT)]
NEGATIVE = [-300 - i % 1000 for i in range(COUNT)]
ADDRESS = [1024 + i % 1000 * 8 for i in range(COUNT)]
ODD_ADDRESS = [1025 + i % 1000 * 8 for i in range(COUNT)]
FLOAT = [1.5 + i % 1000 for i in range(COUNT)]
BIT = [i & 1 for i in range(COUNT)]
"""


def _function(idiom: Idiom) -> Callable[[], float]:
    """Compile ``idiom`` to a function that runs it ``ITERATIONS`` times and returns the seconds taken."""

    def indented(text: str, depth: int) -> str:
        return "".join(f"{'    ' * depth}{line}\n" for line in text.strip("\n").splitlines())

    source = (
        INPUTS.replace("COUNT", str(ITERATIONS))
        + "def factory():\n"
        + indented(idiom.cells or "pass", 1)
        + "    def run():\n"
        + indented(idiom.local or "pass", 2)
        + "        y = 77\n"
        + f"        values = {idiom.values}\n"
        + "        start = clock()\n"
        + "        for x in values:\n"
        + indented(idiom.code, 3)
        + "        return clock() - start\n"
        + "    return run\n"
    )
    names: dict[str, Any] = {"clock": time.perf_counter}
    exec(compile(source, f"<{idiom.name}>", "exec"), names)  # the text is this project's own
    run: Callable[[], float] = names["factory"]()
    return run


def measure(idioms: tuple[Idiom, ...], repeat: int) -> list[tuple[Idiom, float]]:
    """Return each idiom with the nanoseconds of one run: minimum of ``repeat`` interleaved rounds, less the loop."""
    empty = _function(Idiom("empty loop", "pass"))
    functions = [empty, *map(_function, idioms)]
    best = [float("inf")] * len(functions)
    for _ in range(repeat):
        for position, function in enumerate(functions):
            best[position] = min(best[position], function())
    return [(idiom, (best[position] - best[0]) / ITERATIONS * 1e9) for position, idiom in enumerate(idioms, start=1)]
