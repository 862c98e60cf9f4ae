"""``python -m tests.spec --suite DIR``: the official suite against generated code, as a table."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests import spec_data
from tests.spec.script import Status
from tests.spec.suite import FileResult, run_file
from wasm2py.options import OPTIMISE, TARGETS, Options

_COLUMNS = (Status.PASSED, Status.FAILED, Status.UNSUPPORTED, Status.SKIPPED)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.spec", description="Run the official test suite.")
    parser.add_argument("--suite", metavar="DIR", help="folder with index.json (default: WASM2PY_SPEC, ../shared/spec)")
    parser.add_argument("--optimise", "-O", type=int, choices=OPTIMISE, default=1, metavar="N", help="0, 1 or 2")
    parser.add_argument("--target", choices=TARGETS, default="auto")
    parser.add_argument("--group", action="append", help="only the files of this group of index.json")
    parser.add_argument("--jobs", "-j", type=int, default=1, metavar="N", help="number of processes")
    parser.add_argument("--failures", "-f", type=int, default=10, metavar="N", help="problems shown for each file")
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


def _row(cells: Iterable[object], seconds: float, mark: str = "") -> str:
    name, *counts = cells
    return f"{name!s:<44}{''.join(f'{count:>12}' for count in counts)}{seconds:>9.1f} s {mark}".rstrip() + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the files; 0 if all is as expected."""
    args = _arguments(argv)
    if args.suite:
        os.environ["WASM2PY_SPEC"] = args.suite
    try:
        missing = None if spec_data.spec_dir() else spec_data.MISSING
    except FileNotFoundError as error:
        missing = str(error)
    if missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    out = sys.stdout
    out.write(f"{'file':<44}{''.join(f'{status.value:>12}' for status in _COLUMNS)}\n")
    total: Counter[Status] = Counter()
    seconds, wrong = 0.0, 0
    options = Options(optimise=args.optimise, target=args.target, format="none")
    for result in _results(_chosen(args), options, args.jobs):
        counts = result.counts
        total += counts
        seconds += result.seconds
        wrong += len(result.problems)
        mark = "" if not result.problems else f"{len(result.problems)} not as expected"
        out.write(_row([result.name, *(counts[status] for status in _COLUMNS)], result.seconds, mark))
        for problem in result.problems[: args.failures]:
            out.write(f"    {problem}\n")
        if len(result.problems) > args.failures:
            out.write(f"    … and {len(result.problems) - args.failures} more\n")
        out.flush()
    out.write(_row(["total", *(total[status] for status in _COLUMNS)], seconds))
    out.write("all as expected\n" if not wrong else f"{wrong} not as expected\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
