"""One kernel on several engines: in this process, or in one of another interpreter."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.build import KERNEL_FLAGS, build
from benchmarks.engines import Engine, transpiled, write_parts
from benchmarks.race import Contender, WrongResultError

KERNELS = Path(__file__).resolve().parent / "kernels"


@dataclass
class Result:
    """CPU seconds of one engine on one kernel beside those of the Python twin for the same amount of work."""

    python: float
    engine: float

    @property
    def ratio(self) -> float:
        """How many times longer the engine takes than Python written by hand."""
        return self.engine / self.python


def kernel_names() -> list[str]:
    """Return the names of all kernels in alphabetical order."""
    return sorted(path.stem for path in KERNELS.glob("*.c"))


def measure(name: str, engines: Sequence[Engine], repeat: int) -> tuple[dict[str, Result], dict[str, str]]:
    """Run one kernel on all engines, interleaved with the Python twin, and keep each one's fastest of ``repeat`` runs.

    A foreign engine may fail in any way, which costs it its place in the race; ours must not fail.

    :returns: results by engine name, and for engines that could not run the kernel the reason
    :raises WrongResultError: generated code returns another checksum than the twin
    :raises BuildError: the C compiler is missing or rejects the source
    """
    twin: Any = importlib.import_module(f"benchmarks.kernels.{name}")
    wasm = build(KERNELS / f"{name}.c", KERNEL_FLAGS).read_bytes()
    expected = {size: twin.run(size) for size in (twin.SIZE, twin.SMALL)}
    contenders: dict[str, Contender] = {}
    failures: dict[str, str] = {}
    for engine in engines:
        size = twin.SMALL if engine.interpreter else twin.SIZE
        with _failing(engine, failures):
            contenders[engine.name] = Contender(f"{name} on {engine.name}", engine.load(wasm), size, expected[size])
    sizes = {contender.size for contender in contenders.values()}
    twins = {size: Contender(f"{name} in Python", twin.run, size, expected[size]) for size in sizes}
    for _ in range(repeat):
        for contender in twins.values():
            contender.race()
        for engine in engines:
            if engine.name in contenders and engine.name not in failures:
                with _failing(engine, failures):
                    contenders[engine.name].race()
    results = {
        key: Result(twins[contender.size].best, contender.best)
        for key, contender in contenders.items()
        if key not in failures
    }
    return results, failures


def measure_elsewhere(name: str, interpreter: str, optimise: int, target: str, repeat: int) -> Result:
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
    return Result(**json.loads(result.stdout))


@contextmanager
def _failing(engine: Engine, failures: dict[str, str]) -> Iterator[None]:
    """Record an exception of a foreign engine instead of raising it."""
    try:
        yield
    except Exception as error:
        if not engine.foreign:
            raise
        failures[engine.name] = f"{type(error).__name__}: {error}".splitlines()[0]
