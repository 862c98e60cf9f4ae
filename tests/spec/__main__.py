"""``python -m tests.spec --suite DIR``: the official suite against generated code, as a table."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests import interpreters, spec_data
from tests.spec.matrix import Elsewhere, verdicts
from tests.spec.script import Status
from tests.spec.suite import FileResult, run_file
from wasm2py.options import OPTIMISE, TARGETS, Options

_COLUMNS = (Status.PASSED, Status.FAILED, Status.UNSUPPORTED, Status.TEXT, Status.SKIPPED)
_MATRIX_TARGETS = ("cpython", "pypy")
"""Targets that differ: ``auto`` is CPython's way."""


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.spec", description="Run the official test suite.")
    parser.add_argument("--suite", metavar="DIR", help="folder with index.json (default: WASM2PY_SPEC, ../shared/spec)")
    parser.add_argument("--optimise", "-O", type=int, choices=OPTIMISE, metavar="N", help="0, 1 or 2 (default: 1)")
    parser.add_argument("--target", choices=TARGETS, help="(default: auto)")
    parser.add_argument("--group", action="append", help="only the files of this group of index.json")
    parser.add_argument("--jobs", "-j", type=int, default=1, metavar="N", help="number of processes")
    parser.add_argument("--failures", "-f", type=int, default=10, metavar="N", help="problems shown for each file")
    parser.add_argument("--python", action="append", metavar="PATH", help="run generated code in this interpreter")
    parser.add_argument(
        "--matrix",
        action="store_true",
        help="a row for each level, target and interpreter, but for those that are named: this one and those in "
        "WASM2PY_PYTHONS, or else on the path",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="such as i32.json, or i32 (default: all)")
    return parser.parse_args(argv)


def _chosen(args: argparse.Namespace) -> list[str]:
    known = spec_data.index()["files"]
    wanted = [name if name.endswith(".json") else f"{name}.json" for name in args.files] or sorted(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"no such file in the suite: {', '.join(unknown)}")
    return [name for name in wanted if not args.group or known[name]["group"] in args.group]


def _results(names: Sequence[str], options: Options, jobs: int) -> Iterator[FileResult]:
    run = partial(run_file, options=options)
    if jobs == 1:
        yield from map(run, names)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(run, names)


class _Table:
    """Prints rows of counts.

    :ivar wrong: how many outcomes were not as expected
    """

    def __init__(self, first: str, failures: int) -> None:
        self._failures = failures
        self.wrong = 0
        sys.stdout.write(f"{first:<44}{''.join(f'{status.value:>12}' for status in _COLUMNS)}\n")

    def row(self, name: str, counts: Counter[Status], problems: Sequence[str], seconds: float) -> None:
        """Print one row, and the first problems below it."""
        self.wrong += len(problems)
        mark = "" if not problems else f"{len(problems)} not as expected"
        cells = "".join(f"{counts[status]:>12}" for status in _COLUMNS)
        sys.stdout.write(f"{name:<44}{cells}{seconds:>9.1f} s {mark}".rstrip() + "\n")
        for problem in problems[: self._failures]:
            sys.stdout.write(f"    {problem}\n")
        if len(problems) > self._failures:
            sys.stdout.write(f"    … and {len(problems) - self._failures} more\n")
        sys.stdout.flush()


def _sum(results: Iterable[FileResult]) -> tuple[Counter[Status], list[str], float]:
    """Counts, problems and seconds of several files."""
    counts: Counter[Status] = Counter()
    problems: list[str] = []
    seconds = 0.0
    for result in results:
        counts += result.counts
        problems += result.problems
        seconds += result.seconds
    return counts, problems, seconds


def _files(args: argparse.Namespace) -> int:
    """Run the files here, a row for each."""
    options = Options(
        optimise=1 if args.optimise is None else args.optimise, target=args.target or "auto", format="none"
    )
    table = _Table("file", args.failures)
    results = []
    for result in _results(_chosen(args), options, args.jobs):
        results.append(result)
        table.row(result.name, result.counts, result.problems, result.seconds)
    counts, _, seconds = _sum(results)
    table.row("total", counts, (), seconds)
    return table.wrong


def _matrix(args: argparse.Namespace) -> int:
    """Run the files elsewhere, a row for each interpreter, level and target."""
    if args.python:
        pythons = args.python
        unfit = [path for path in pythons if interpreters.title(path) is None]
        if unfit:
            raise SystemExit(f"{unfit[0]} does not run, or is older than Python 3.9")
    else:
        pythons = [path for path in (sys.executable, *interpreters.found()) if interpreters.title(path)]
    levels = OPTIMISE if args.matrix else (1,)
    targets = _MATRIX_TARGETS if args.matrix else ("auto",)
    names = _chosen(args)
    table = _Table("interpreter, level, target", args.failures)
    for level in levels if args.optimise is None else (args.optimise,):
        for target in (args.target,) if args.target else targets:
            options = Options(optimise=level, target=target, format="none")
            with ProcessPoolExecutor(args.jobs) as pool:
                known = list(pool.map(partial(verdicts, options=options), names))
            for python in pythons:
                with Elsewhere(python, args.jobs) as elsewhere:
                    row = _sum(elsewhere.run(list(zip(names, known, strict=True))))
                table.row(f"{interpreters.title(python)}, -O{level}, {target}", *row)
    return table.wrong


def main(argv: Sequence[str] | None = None) -> int:
    """Run the files; 0 if all is as expected."""
    args = _arguments(argv)
    if args.suite:
        os.environ["WASM2PY_SPEC"] = os.path.abspath(args.suite)
    try:
        missing = None if spec_data.spec_dir() else spec_data.MISSING
    except FileNotFoundError as error:
        missing = str(error)
    if missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    wrong = _matrix(args) if args.matrix or args.python else _files(args)
    sys.stdout.write("all as expected\n" if not wrong else f"{wrong} not as expected\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
