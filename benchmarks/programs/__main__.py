"""``python -m benchmarks.programs [MODULE.wasm …]``: transpilation, import and start of whole modules.

Without arguments it takes a C++ program of 1 MB and the modules of ``benchmarks.libraries``.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.build import PROGRAM_FLAGS, BuildError, build
from benchmarks.libraries.jobs import JOBS
from benchmarks.libraries.sources import SourceError
from benchmarks.programs.measures import (
    ChildError,
    Imports,
    Transpiled,
    count_instructions,
    import_seconds,
    startup_seconds,
    transpile_once,
)
from wasm2py.errors import Wasm2pyError

SOURCES = Path(__file__).resolve().parent

#: What is aimed at: instructions per second by level, and memory and output in bytes for each byte of the module.
INSTRUCTIONS_PER_SECOND = (50_000, 25_000, 10_000)
MEMORY = 60
OUTPUT = 10

#: In smaller modules what does not depend on the size outweighs the rest, so their speed and memory tell nothing.
SMALLEST = 100_000


@dataclass(frozen=True)
class Cost:
    """What a module of ``size`` bytes costs at one level."""

    name: str
    size: int
    level: int
    instructions: int
    transpiled: Transpiled
    imports: Imports

    @property
    def speed(self) -> float:
        """Instructions per CPU second."""
        return self.instructions / self.transpiled.seconds

    @property
    def memory(self) -> float:
        """Bytes of memory, above those of the compiler at rest, for each byte of the module."""
        return (self.transpiled.peak - self.transpiled.idle) / self.size

    @property
    def output(self) -> float:
        """Bytes of source for each byte of the module, in the layout that it has by default."""
        return self.transpiled.default / self.size

    def row(self) -> str:
        """Return the line of the table."""
        megabytes = self.size / 1e6
        return (
            f"{self.name[:20]:20} {megabytes:6.2f} {self.level:3} {self.instructions:9} {self.speed:9.0f}"
            f" {self.transpiled.seconds / megabytes:6.1f} {self.transpiled.peak / 1e6:8.0f} {self.memory:8.0f}"
            f" {self.transpiled.size / self.size:7.1f} {self.output:8.1f} {self.transpiled.files:6}"
            f" {self.imports.cold / megabytes:10.2f} {self.imports.warm / megabytes:10.2f}"
            f" {self.imports.all_cold / megabytes:10.2f}"
        )


HEADER = (
    f"{'module':20} {'MB':>6} {'-O':>3} {'instr.':>9} {'instr./s':>9} {'s/MB':>6} {'peak MB':>8} {'peak/in':>8}"
    f" {'out/in':>7} {'laid out':>8} {'files':>6} {'cold s/MB':>10} {'warm s/MB':>10} {'parts s/MB':>10}"
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.programs", description=__doc__)
    parser.add_argument("modules", nargs="*", type=Path, metavar="MODULE.wasm")
    parser.add_argument("-O", dest="levels", action="append", type=int, choices=(0, 1, 2), help="default: all three")
    parser.add_argument("--repeat", type=int, default=1, help="transpilations; the fastest counts (default 1)")
    return parser.parse_args()


def _modules() -> Iterator[tuple[str, Path]]:
    """Generate names and paths of the modules that are measured by default, and say which ones can't be made."""
    yield "large", build(SOURCES / "large.cpp", PROGRAM_FLAGS)
    for name, make in {job.module_name: job.module for job in JOBS}.items():
        try:
            yield name, make()
        except SourceError as error:
            print(f"{name} can't be measured: {error}")


def _cost(name: str, module: Path, level: int, directory: Path, repeat: int) -> Cost:
    wasm = module.read_bytes()
    instructions = count_instructions(wasm)
    generated = f"benchmark_{''.join(filter(str.isalnum, name))}_O{level}"
    runs = [transpile_once(module, level, generated, directory) for _ in range(repeat)]
    imports = import_seconds(generated, directory, 3)
    fastest = min(runs, key=lambda run: run.seconds)
    return Cost(name, len(wasm), level, instructions, fastest, imports)


def _verdict(level: int, costs: Sequence[Cost]) -> str:
    longest = max(costs, key=lambda cost: cost.output)
    verdict = f"-O{level}: at most {longest.output:.1f} bytes of output for a byte (target {OUTPUT}, {longest.name})"
    large = [cost for cost in costs if cost.size >= SMALLEST]
    if large:
        slowest = min(large, key=lambda cost: cost.speed)
        hungriest = max(large, key=lambda cost: cost.memory)
        verdict += (
            f", {hungriest.memory:.0f} of memory (target {MEMORY}, {hungriest.name}); at least {slowest.speed:.0f}"
            f" instructions/s (target {INSTRUCTIONS_PER_SECOND[level]}, {slowest.name})"
        )
    return verdict


def main() -> int:
    """Print the tables; return 1 where a module can't be built or transpiled."""
    arguments = _arguments()
    status = 0
    print(f"{platform.python_implementation()} {platform.python_version()}")
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory(prefix="wasm2py-benchmark-") as temporary:
        directory = Path(temporary)
        try:
            modules = [(path.stem, path) for path in arguments.modules] or list(_modules())
            starters = {name: build(SOURCES / f"{name}.c", PROGRAM_FLAGS) for name in ("hello", "greet")}
        except BuildError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        print(HEADER)
        for name, module in modules:
            try:
                for level in arguments.levels or (0, 1, 2):
                    costs.append(_cost(name, module, level, directory, arguments.repeat))
                    print(costs[-1].row(), flush=True)
            except (ChildError, OSError, Wasm2pyError) as error:
                print(f"error: {module}: {error}", file=sys.stderr)
                status = 1
        for level in arguments.levels or (0, 1, 2):
            measured = [cost for cost in costs if cost.level == level]
            if measured:
                print(_verdict(level, measured))
        for name, module in starters.items():
            try:
                transpile_once(module, 1, name, directory)
                nothing, extra = startup_seconds(directory / f"{name}.py", 15)
            except ChildError as error:
                print(f"error: {name}: {error}", file=sys.stderr)
                status = 1
            else:
                print(f"python -c pass: {nothing * 1e3:.1f} ms, python {name}.py: {extra * 1e3:.1f} ms more")
    return status


if __name__ == "__main__":
    sys.exit(main())
