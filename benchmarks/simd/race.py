"""Two builds of the same functions against the clock; standard library only and for Python 3.9.

``python -m benchmarks.simd.race SCALAR VECTORS REPEAT`` races two importable generated modules and prints JSON: for
each exported function but ``prepare`` the CPU seconds of one call, without and with vectors.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

_TURN = 0.02
"""CPU seconds of a turn, at least: a just-in-time compiler needs some to get warm."""


def _calls(function: Callable[[], int]) -> int:
    """How many calls make a turn."""
    count = 1
    while _seconds(function, count) * count < _TURN:
        count *= 2
    return count


def _seconds(function: Callable[[], int], count: int) -> float:
    """CPU seconds of one call, the mean of ``count``."""
    gc.collect()
    start = time.process_time()
    for _ in range(count):
        function()
    return (time.process_time() - start) / count


def race(functions: list[Callable[[], int]], repeat: int) -> list[float]:
    """CPU seconds of one call of each function: the fastest of ``repeat`` turns, which the functions take in turn."""
    counts = [_calls(function) for function in functions]
    best = [float("inf")] * len(functions)
    for _ in range(repeat):
        for number, function in enumerate(functions):
            best[number] = min(best[number], _seconds(function, counts[number]))
    return best


def main() -> int:
    """Race two modules."""
    builds: list[Any] = [importlib.import_module(name).instantiate().exports for name in sys.argv[1:3]]
    for exports in builds:
        exports.prepare()
    results = {}
    for name in builds[0]:
        if name in ("prepare", "memory"):
            continue
        functions = [exports[name] for exports in builds]
        given = [function() for function in functions]
        if given[0] != given[1]:
            print(f"{name}: {given[0]} without vectors, {given[1]} with them", file=sys.stderr)
            return 1
        results[name] = race(functions, int(sys.argv[3]))
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
