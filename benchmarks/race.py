"""Runs of one kernel against the clock; standard library only and for Python 3.9, so that any interpreter can do it.

``python -m benchmarks.race KERNEL MODULE REPEAT`` races the importable generated module against the Python twin and
prints both times as JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

Run = Callable[[int], "int | float"]


class WrongResultError(Exception):
    """An implementation returned another result than the one that it is compared with."""


#: The seconds of one turn, filled with as many runs as fit: a just-in-time compiler needs them to get warm, and the
#: clock to measure something.
TURN = 0.02


@dataclass
class Contender:
    """One implementation of a piece of work, the result that it must have, and the CPU seconds of its best turn so far.

    The seconds are those of one run.
    """

    name: str
    run: Callable[[], Any]
    expected: Any
    best: float = float("inf")

    def race(self) -> None:
        """Take one turn.

        :raises WrongResultError: a result is not the expected one
        """
        runs = max(1, round(TURN / self.best))
        results = set()
        gc.collect()
        start = time.process_time()
        for _ in range(runs):
            results.add(self.run())
        self.best = min(self.best, (time.process_time() - start) / runs)
        for result in results - {self.expected}:
            raise WrongResultError(f"{self.name} returned {result!r:.80}, not {self.expected!r:.80}")


def main() -> int:
    """Race one generated module against its twin."""
    kernel, name, repeat = sys.argv[1:]
    twin: Any = importlib.import_module(f"benchmarks.kernels.{kernel}")
    module: Any = importlib.import_module(name)
    expected = twin.run(twin.SIZE)
    python = Contender(f"{kernel} in Python", partial(twin.run, twin.SIZE), expected)
    generated = Contender(f"{kernel} as generated", partial(module.instantiate({}).exports.run, twin.SIZE), expected)
    try:
        for _ in range(int(repeat)):
            python.race()
            generated.race()
    except WrongResultError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({"engine": generated.best, "python": python.best}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
