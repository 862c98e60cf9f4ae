"""``python -m benchmarks.simd``: the same loops compiled with and without vectors, side by side."""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.build import BuildError, build
from benchmarks.engines import transpiled, write_parts

_FOLDER = Path(__file__).resolve().parent
_FLAGS = ("-target", "wasm32-freestanding", "-O2", "-std=c11", "-Wall", "-Wextra", "-Werror", "-nostdlib",
          "-Wl,--no-entry", "-Wl,--strip-all")  # fmt: skip
_BUILDS = {"scalar": _FLAGS, "vectors": (*_FLAGS, "-msimd128")}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simd", description=__doc__)
    parser.add_argument("--repeat", type=int, default=7, help="turns of each; the fastest counts (default 7)")
    parser.add_argument("-O", dest="optimise", type=int, choices=(0, 1, 2), default=1, help="optimisation level")
    parser.add_argument("--target", default="auto", help="interpreter to write code for (default auto)")
    parser.add_argument("--interpreter", metavar="PYTHON", default=sys.executable, help="run it on this interpreter")
    return parser.parse_args()


def main() -> int:
    """Print the table; 1 where a result differs or nothing could be built."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="wasm2py-benchmark-") as directory:
        try:
            for name, flags in _BUILDS.items():
                wasm = build(_FOLDER / "kernels.c", flags).read_bytes()
                write_parts(transpiled(wasm, arguments.optimise, arguments.target), Path(directory), name)
        except BuildError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(_FOLDER.parent.parent), directory))}
        command = [arguments.interpreter, "-m", "benchmarks.simd.race", *_BUILDS, str(arguments.repeat)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"error: {done.stderr.strip()}", file=sys.stderr)
        return 1
    results: dict[str, list[float]] = json.loads(done.stdout)
    print(f"{'µs':24} {'scalar':>8} {'vectors':>8} {'faster':>7}")
    for name, (scalar, vectors) in results.items():
        print(f"{name:24} {scalar * 1e6:8.1f} {vectors * 1e6:8.1f} {scalar / vectors:6.2f}x")
    mean = math.exp(sum(math.log(scalar / vectors) for scalar, vectors in results.values()) / len(results))
    print(f"{'mean':24} {'':8} {'':8} {mean:6.2f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
