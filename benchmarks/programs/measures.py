"""The single measurements, each in child processes of the interpreter that runs the benchmarks."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from wasm2py.decode import decode_body, decode_module

ROOT = Path(__file__).resolve().parent.parent.parent


class ChildError(Exception):
    """A child process failed; the text is the last line that it wrote to stderr."""


@dataclass(frozen=True)
class Transpiled:
    """One module, transpiled once: CPU seconds, peak memory and output size in bytes, number of files."""

    seconds: float
    peak: int
    size: int
    files: int


def _python(*arguments: str, directory: Path = ROOT) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
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
    output = _python("-m", "benchmarks.programs.worker", str(module.resolve()), str(level), name, str(directory))
    return Transpiled(**json.loads(output))


def import_seconds(name: str, directory: Path, repeat: int) -> tuple[float, float]:
    """Return wall seconds to import a generated module without and with its compiled files.

    What it needs of the runtime is part of both, as a program would see it. The warm time is the fastest of ``repeat``.
    """
    code = f"import time; start = time.perf_counter(); import {name}; print(time.perf_counter() - start)"
    for cache in list(directory.rglob("__pycache__")):
        shutil.rmtree(cache)
    cold = float(_python("-c", code, directory=directory))
    return cold, min(float(_python("-c", code, directory=directory)) for _ in range(repeat))


def startup_seconds(script: Path, repeat: int) -> tuple[float, float]:
    """Return medians of ``python -c pass`` and of what ``python SCRIPT`` takes longer, over alternating pairs."""

    def wall(*arguments: str) -> float:
        start = time.perf_counter()
        _python(*arguments, directory=script.parent)
        return time.perf_counter() - start

    wall(script.name)  # compiles what can be kept
    pairs = [(wall("-c", "pass"), wall(script.name)) for _ in range(repeat)]
    return statistics.median(nothing for nothing, _ in pairs), statistics.median(
        own - nothing for nothing, own in pairs
    )
