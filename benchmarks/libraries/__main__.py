"""``python -m benchmarks.libraries``: whole libraries beside packages in pure Python, as ratios within one run."""

from __future__ import annotations

import argparse
import platform
import sys

from benchmarks.build import BuildError
from benchmarks.libraries.hosts import RIVALS, Load, generated
from benchmarks.libraries.job import Job
from benchmarks.libraries.jobs import JOBS, TABLES
from benchmarks.libraries.sources import SourceError
from benchmarks.race import Contender, WrongResultError
from benchmarks.table import Table, columns
from benchmarks.timing import Result, Row, failing


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.libraries", description=__doc__)
    parser.add_argument("--job", action="append", choices=[job.name for job in JOBS], help="only this one")
    parser.add_argument("--repeat", type=int, default=5, help="turns of each; the fastest counts (default 5)")
    parser.add_argument("-O", dest="optimise", type=int, choices=(0, 1, 2), default=1, help="optimisation level")
    parser.add_argument("--target", default="auto", help="interpreter to write code for (default auto)")
    parser.add_argument("--rivals", nargs="*", choices=list(RIVALS), default=list(RIVALS), metavar="NAME",
                        help="other engines to run, none without a NAME (default: all)")  # fmt: skip
    arguments = parser.parse_args()
    if arguments.repeat < 1:
        parser.error("--repeat must be at least 1")
    return arguments


def measure(job: Job, ours: Load, rivals: dict[str, Load], repeat: int) -> dict[str, Row]:
    """Do a job on all engines and with all packages, interleaved; return a row for each package.

    A job that no package does has one row. Packages that can't do a job and rivals that can't run it are failures.

    :raises WrongResultError: generated code gives another result than before
    :raises BuildError, SourceError: the module can't be made
    """
    wasm = job.module().read_bytes()
    host = ours(wasm, job.functions)
    data = job.data(host)
    work = job.prepare(host, data)
    expected = work()
    generated = Contender(f"{job.name} on generated code", work, expected)
    failures: dict[str, str] = {}
    others: dict[str, Contender] = {}
    for name, load in rivals.items():
        with failing(name, failures):
            others[name] = Contender(f"{job.name} on {name}", job.prepare(load(wasm, job.functions), data), expected)
    packages: dict[str, Contender] = {}
    for name, prepare in job.packages.items():
        with failing(name, failures):
            packages[name] = Contender(f"{job.name} by {name}", prepare(data), expected)
    for _ in range(repeat):
        generated.race()
        for name, contender in {**packages, **others}.items():
            if name not in failures:
                with failing(name, failures):
                    contender.race()

    def row(python: Contender | None) -> Row:
        seconds = python.best if python else None
        results = {
            name: Result(contender.best, seconds, generated.best)
            for name, contender in others.items()
            if name not in failures
        }
        return Row(Result(generated.best, seconds, generated.best), results)

    rows = {f"{job.name} / {name}": row(contender) for name, contender in packages.items() if name not in failures}
    if not rows:
        rows = {job.name: row(None)}
    next(iter(rows.values())).failures |= failures
    return rows


def main() -> int:
    """Print the tables; return 1 where a module can't be made or generated code fails."""
    arguments = _arguments()
    version = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{version}, -O{arguments.optimise}, fastest of {arguments.repeat} turns, ratios to the package in Python")
    rivals = {name: RIVALS[name] for name in arguments.rivals}
    status = 0
    for jobs in TABLES:
        chosen = [job for job in jobs if not arguments.job or job.name in arguments.job]
        table = Table("module / package", 25, columns(True, arguments.rivals, {}))
        if chosen:
            print(table.header())
        for job in chosen:
            try:
                rows = measure(job, generated(arguments.optimise, arguments.target), rivals, arguments.repeat)
            except (BuildError, SourceError, WrongResultError) as error:
                print(f"error: {job.name}: {error}", file=sys.stderr)
                status = 1
                continue
            for name, row in rows.items():
                print(table.line(name, row), flush=True)
        if chosen:
            print(table.footer())
    return status


if __name__ == "__main__":
    sys.exit(main())
