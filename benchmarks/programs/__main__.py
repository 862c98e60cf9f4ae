"""``python -m benchmarks.programs [MODULE.wasm …]``: transpilation, import and start of whole modules.

Without arguments it builds a C++ program of 1 MB of Wasm.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks.build import PROGRAM_FLAGS, BuildError, build
from benchmarks.programs.measures import (
    ChildError,
    count_instructions,
    import_seconds,
    startup_seconds,
    transpile_once,
)
from wasm2py.errors import Wasm2pyError

SOURCES = Path(__file__).resolve().parent

#: The memory that a transpilation may take: so many bytes, and so many for each byte of the module.
ALLOWED_BYTES = 150_000_000
ALLOWED_BYTES_PER_BYTE = 60


def _row(module: Path, level: int, instructions: int, directory: Path, repeat: int) -> str:
    name = f"benchmark_{module.stem.replace('-', '_')}_O{level}"
    runs = [transpile_once(module, level, name, directory) for _ in range(repeat)]
    seconds = min(run.seconds for run in runs)
    cold, warm = import_seconds(name, directory, 5)
    size = module.stat().st_size
    allowed = ALLOWED_BYTES + ALLOWED_BYTES_PER_BYTE * size
    return (
        f"{module.stem[:20]:20} {size / 1e6:6.2f} {level:3} {instructions:9} {seconds:7.2f}"
        f" {instructions / seconds:9.0f} {runs[0].peak / 1e6:8.0f} {allowed / 1e6:8.0f}"
        f" {runs[0].size / size:7.1f} {runs[0].files:6} {cold * 1e3:8.0f} {warm * 1e3:8.0f}"
    )


def main() -> int:
    """Print the tables; return 1 where a module can't be built or transpiled."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.programs", description=__doc__)
    parser.add_argument("modules", nargs="*", type=Path, metavar="MODULE.wasm")
    parser.add_argument("-O", dest="levels", action="append", type=int, choices=(0, 1, 2), help="default: 0 and 1")
    parser.add_argument("--repeat", type=int, default=1, help="transpilations; the fastest counts (default 1)")
    arguments = parser.parse_args()
    status = 0
    print(f"{platform.python_implementation()} {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="wasm2py-benchmark-") as temporary:
        directory = Path(temporary)
        try:
            modules = arguments.modules or [build(SOURCES / "large.cpp", PROGRAM_FLAGS)]
            starters = [build(SOURCES / name, PROGRAM_FLAGS) for name in ("hello.c", "greet.c")]
        except BuildError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        print(
            f"{'module':20} {'MB':>6} {'-O':>3} {'instr.':>9} {'s':>7} {'instr./s':>9} {'peak MB':>8} {'allowed':>8}"
            f" {'out/in':>7} {'files':>6} {'cold ms':>8} {'warm ms':>8}"
        )
        for module in modules:
            try:
                instructions = count_instructions(module.read_bytes())
                for level in arguments.levels or [0, 1]:
                    print(_row(module, level, instructions, directory, arguments.repeat), flush=True)
            except (ChildError, OSError, Wasm2pyError) as error:
                print(f"error: {module}: {error}", file=sys.stderr)
                status = 1
        for module in starters:
            name = module.stem.partition("-")[0]
            try:
                transpile_once(module, 1, name, directory)
                nothing, extra = startup_seconds(directory / f"{name}.py", 15)
            except ChildError as error:
                print(f"error: {name}: {error}", file=sys.stderr)
                status = 1
            else:
                print(f"python -c pass: {nothing * 1e3:.1f} ms, python {name}.py: {extra * 1e3:.1f} ms more (medians)")
    return status


if __name__ == "__main__":
    sys.exit(main())
