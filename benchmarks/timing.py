"""One kernel on several engines: in this process, or in one of another interpreter."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.build import KERNEL_FLAGS, build
from benchmarks.engines import Engine, transpiled, write_parts
from benchmarks.race import Contender, Run, WrongResultError

KERNELS = Path(__file__).resolve().parent / "kernels"

#: An interpreter of Wasm takes a good part of a second for each run, and more of them tell nothing new.
INTERPRETER_TURNS = 3


@dataclass(frozen=True)
class Result:
    """CPU seconds of one engine, and what others take for the same amount of work, if they take part.

    ``python`` is Python written by hand, ``generated`` generated code.
    """

    engine: float
    python: float | None = None
    generated: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times longer the engine takes than Python written by hand."""
        return self.engine / self.python if self.python else None

    @property
    def to_generated(self) -> float | None:
        """How many times longer the engine takes than generated code."""
        return self.engine / self.generated if self.generated else None


@dataclass
class Row:
    """What was measured of a kernel or job: our result if we took part, those of rivals, and why other rivals can't."""

    generated: Result | None
    rivals: dict[str, Result] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def kernel_names() -> list[str]:
    """Return the names of all kernels in alphabetical order."""
    return sorted(path.stem for path in KERNELS.glob("*.c"))


def measure(name: str, ours: Engine | None, rivals: Sequence[Engine], repeat: int) -> Row:
    """Run one kernel on all engines, interleaved with the Python twin, and keep each one's fastest of ``repeat`` turns.

    A rival may fail in any way, which costs it its place in the race; ours must not fail.

    :raises WrongResultError: generated code returns another checksum than the twin
    :raises BuildError: the C compiler is missing or rejects the source
    """
    twin: Any = importlib.import_module(f"benchmarks.kernels.{name}")
    wasm = build(KERNELS / f"{name}.c", KERNEL_FLAGS).read_bytes()
    sizes = {rival.name: twin.SMALL if rival.interpreter else twin.SIZE for rival in rivals}
    expected = {size: twin.run(size) for size in {twin.SIZE, *sizes.values()}}

    def contender(engine: str, run: Run, size: int) -> Contender:
        return Contender(f"{name}({size}) on {engine}", partial(run, size), expected[size])

    python = {size: contender("Python", twin.run, size) for size in expected}
    run = ours.load(wasm) if ours else None
    generated = {size: contender("generated code", run, size) for size in expected} if run else {}
    others: dict[str, Contender] = {}
    failures: dict[str, str] = {}
    for rival in rivals:
        with failing(rival.name, failures):
            others[rival.name] = contender(rival.name, rival.load(wasm), sizes[rival.name])
    for turn in range(repeat):
        for size in expected:
            python[size].race()
            if generated:
                generated[size].race()
        for rival in rivals:
            if rival.name not in failures and not (rival.interpreter and turn >= INTERPRETER_TURNS):
                with failing(rival.name, failures):
                    others[rival.name].race()

    def result(engine: Contender, size: int) -> Result:
        return Result(engine.best, python[size].best, generated[size].best if generated else None)

    results = {rival: result(engine, sizes[rival]) for rival, engine in others.items() if rival not in failures}
    return Row(result(generated[twin.SIZE], twin.SIZE) if generated else None, results, failures)


def measure_elsewhere(name: str, interpreter: str, optimise: int, target: str, repeat: int) -> Row:
    """Transpile one kernel here and race it against the Python twin on another interpreter.

    :param interpreter: a Python executable, 3.9 or newer
    :raises WrongResultError: what the interpreter says of a failed run
    :raises BuildError: the C compiler is missing or rejects the source
    """
    parts = transpiled(build(KERNELS / f"{name}.c", KERNEL_FLAGS).read_bytes(), optimise, target)
    with tempfile.TemporaryDirectory(prefix="wasm2py-benchmark-") as directory:
        write_parts(parts, Path(directory), "generated_kernel")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(KERNELS.parent.parent), directory))}
        command = [interpreter, "-m", "benchmarks.race", name, "generated_kernel", str(repeat)]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise WrongResultError(result.stderr.strip())
    return Row(Result(**json.loads(result.stdout)))


@contextmanager
def failing(rival: str, failures: dict[str, str]) -> Iterator[None]:
    """Record why a rival can't do its part."""
    try:
        yield
    except Exception as error:
        failures[rival] = f"{type(error).__name__}: {error}".splitlines()[0]
