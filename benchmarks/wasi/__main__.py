"""``python -m benchmarks.wasi``: megabytes and small writes a second, through whole C programs."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.build import PROGRAM_FLAGS, BuildError, build
from benchmarks.engines import transpiled, write_parts

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]

SIZE = 64 << 20
"""Bytes that are copied."""

LINES = 20_000
"""Writes of ``lines.c``."""

PROGRAMS = {"cat": SIZE / 1e6, "copy": SIZE / 1e6, "lines": float(LINES)}
"""What each program moves: megabytes, or lines."""

FLOORS = {"cat": 200, "copy": 200, "lines": 20_000}
"""What each has to reach, a second."""


def _measure(name: str, interpreter: str, directory: Path, turns: int) -> float:
    """CPU seconds of the fastest turn; what the program has written is compared with what it should."""
    wasm = build(SOURCES / f"{name}.c", PROGRAM_FLAGS).read_bytes()
    write_parts(transpiled(wasm, 1, "auto"), directory, name)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(directory)])}
    command = [interpreter, str(SOURCES / "worker.py"), name, str(directory), str(turns)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{name}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")
    wanted = b"x\n" * LINES if name == "lines" else (directory / "in").read_bytes()
    if (directory / "out").read_bytes() != wanted:
        raise BuildError(f"{name} has written something else than it should")
    return float(done.stdout)


def main() -> int:
    """Print the table; return 1 where a program fails or is too slow."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wasi", description=__doc__)
    parser.add_argument("--interpreter", action="append", help="the Pythons to run in (default: this one)")
    parser.add_argument("--repeat", type=int, default=5, help="turns; the fastest counts (default 5)")
    arguments = parser.parse_args()
    status = 0
    with tempfile.TemporaryDirectory(prefix="wasm2py-benchmark-") as temporary:
        directory = Path(temporary)
        (directory / "in").write_bytes(os.urandom(1 << 20) * (SIZE >> 20))
        print(f"{'interpreter':16} {'program':8} {'CPU ms':>8} {'a second':>16} {'at least':>10}")
        for interpreter in arguments.interpreter or [sys.executable]:
            for name, amount in PROGRAMS.items():
                try:
                    seconds = _measure(name, interpreter, directory, arguments.repeat)
                except BuildError as error:
                    print(f"error: {error}", file=sys.stderr)
                    return 1
                unit = "writes" if name == "lines" else "MB"
                rate = f"{amount / seconds:,.0f} {unit}"
                print(f"{Path(interpreter).name:16} {name:8} {seconds * 1e3:8.1f} {rate:>16} {FLOORS[name]:10,}")
                status |= amount / seconds < FLOORS[name]
    return status


if __name__ == "__main__":
    sys.exit(main())
