"""Timing of several implementations of one kernel in one process."""

from __future__ import annotations

import gc
import importlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.build import KERNEL_FLAGS, build
from benchmarks.engines import Engine, Run

KERNELS = Path(__file__).resolve().parent / "kernels"


class WrongResultError(Exception):
    """An implementation of a kernel returned another checksum than the Python twin."""


@dataclass
class Result:
    """CPU seconds of one engine on one kernel beside those of the Python twin for the same amount of work."""

    python: float
    engine: float

    @property
    def ratio(self) -> float:
        """How many times longer the engine takes than Python written by hand."""
        return self.engine / self.python


@dataclass
class _Contender:
    name: str
    run: Run
    size: int
    expected: int | float
    best: float = float("inf")

    def race(self) -> None:
        gc.collect()
        start = time.process_time()
        checksum = self.run(self.size)
        self.best = min(self.best, time.process_time() - start)
        if checksum != self.expected:
            raise WrongResultError(f"{self.name}({self.size}) returned {checksum}, the twin {self.expected}")


def kernel_names() -> list[str]:
    """Return the names of all kernels in alphabetical order."""
    return sorted(path.stem for path in KERNELS.glob("*.c"))


def measure(name: str, engines: Sequence[Engine], repeat: int) -> tuple[dict[str, Result], dict[str, str]]:
    """Run one kernel on all engines, interleaved with the Python twin, and keep each one's fastest of ``repeat`` runs.

    :returns: results by engine name, and for engines that could not run the kernel the reason
    :raises WrongResultError: a checksum differs
    :raises BuildError: the C compiler is missing or rejects the source
    """
    twin: Any = importlib.import_module(f"benchmarks.kernels.{name}")
    wasm = build(KERNELS / f"{name}.c", KERNEL_FLAGS).read_bytes()
    expected = {size: twin.run(size) for size in (twin.SIZE, twin.SMALL)}
    contenders: dict[str, _Contender] = {}
    failures: dict[str, str] = {}
    for engine in engines:
        size = twin.SMALL if engine.interpreter else twin.SIZE
        try:
            contenders[engine.name] = _Contender(f"{name} on {engine.name}", engine.load(wasm), size, expected[size])
        except Exception as error:  # a foreign engine may fail in any way
            if engine.name == "generated":
                raise
            failures[engine.name] = f"{type(error).__name__}: {error}".splitlines()[0]
    sizes = {contender.size for contender in contenders.values()}
    twins = {size: _Contender(f"{name} in Python", twin.run, size, expected[size]) for size in sizes}
    for _ in range(repeat):
        for contender in (*twins.values(), *contenders.values()):
            contender.race()
    results = {key: Result(twins[contender.size].best, contender.best) for key, contender in contenders.items()}
    return results, failures
