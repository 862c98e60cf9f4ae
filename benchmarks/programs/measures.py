"""The single measurements, each in child processes of the interpreter that runs the benchmarks."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from wasm2py.decode import decode_body, decode_module

ROOT = Path(__file__).resolve().parent.parent.parent


class ChildError(Exception):
    """A child process failed; the text is the last line that it wrote to stderr."""


@dataclass(frozen=True)
class Transpiled:
    """One module, transpiled once: CPU seconds, bytes of memory before and at the peak, of output, number of files.

    Time and memory are those without Black; ``default`` is the size with the layout that it has by default.
    """

    seconds: float
    idle: int
    peak: int
    size: int
    default: int
    files: int


def _python(*arguments: str, directory: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(directory / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *arguments]
    result = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise ChildError((result.stderr.strip().splitlines() or [f"exit status {result.returncode}"])[-1])
    return result.stdout


def count_instructions(wasm: bytes) -> int:
    """Return how many instructions the function bodies of a module have.

    :raises Malformed, Unsupported: the module can't be decoded
    """
    module = decode_module(wasm)
    return sum(len(decode_body(module, index)) for index in range(len(module.codes)))


def transpile_once(module: Path, level: int, name: str, directory: Path) -> Transpiled:
    """Transpile a module in a child process and leave the result as Python module ``name`` in ``directory``.

    :param level: optimisation level, 0 to 2
    :raises ChildError: the module can't be transpiled
    """
    output = _python(
        "-m", "benchmarks.programs.worker", str(module.resolve()), str(level), name, str(directory), directory=directory
    )
    return Transpiled(**json.loads(output))


@dataclass(frozen=True)
class Imports:
    """CPU seconds to import a generated module: without and with its compiled files, and without them all its parts.

    The parts of a package are otherwise loaded when they are first called. The runtime's modules are part of each
    import, with compiled files.
    """

    cold: float
    warm: float
    all_cold: float


def import_seconds(name: str, directory: Path, repeat: int) -> Imports:
    """Import the generated module ``name`` in new processes; the fastest of ``repeat`` counts."""
    parts = ", ".join(f"{name}.{path.stem}" for path in (directory / name).glob("part*.py"))

    def warm(names: str) -> float:
        code = f"import time; start = time.process_time(); import {names}; print(time.process_time() - start)"
        return float(_python("-c", code, directory=directory))

    def cold(names: str) -> float:
        for compiled in list(directory.rglob(f"{name}*.pyc")) + list(directory.rglob(f"{name}/*.pyc")):
            compiled.unlink()
        return warm(names)

    warm(name)  # compiles the runtime
    return Imports(
        cold=min(cold(name) for _ in range(repeat)),
        warm=min(warm(name) for _ in range(repeat)),
        all_cold=min(cold(parts or name) for _ in range(repeat)),
    )


def startup_seconds(script: Path, repeat: int) -> tuple[float, float]:
    """Return CPU seconds of ``python -c pass`` and of what ``python SCRIPT`` takes longer; the fastest counts."""

    def seconds(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        _python(*arguments, directory=script.parent)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    seconds(script.name)  # compiles what can be kept
    pairs = [(seconds("-c", "pass"), seconds(script.name)) for _ in range(repeat)]
    nothing = min(nothing for nothing, _ in pairs)
    return nothing, min(own for _, own in pairs) - nothing
