"""``python -m benchmarks``: one table, generated code beside Python written by hand and its rivals, as ratios."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.build import BuildError
from benchmarks.engines import RIVALS, Engine, generated
from benchmarks.race import WrongResultError
from benchmarks.table import Table, columns
from benchmarks.timing import Result, Row, kernel_names, measure, measure_elsewhere

#: The smallest module: it has nothing to run, but an engine that is not installed can't be asked for even that.
EMPTY_MODULE = b"\0asm\1\0\0\0"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--kernel", action="append", choices=kernel_names(), help="only this one (may be repeated)")
    parser.add_argument("--repeat", type=int, default=7, help="turns of each; the fastest counts (default 7)")
    parser.add_argument("-O", dest="optimise", type=int, choices=(0, 1, 2), default=1, help="optimisation level")
    parser.add_argument("--target", default="auto", help="interpreter to write code for (default auto)")
    parser.add_argument("--rivals", nargs="*", choices=[rival.name for rival in RIVALS], metavar="NAME",
                        help="other engines to run, none without a NAME (default: all that are installed)")  # fmt: skip
    parser.add_argument("--interpreter", metavar="PYTHON", help="run twin and generated code on this interpreter")
    parser.add_argument("--without-generated", action="store_true", help="only the rivals")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="show the ratios of an earlier run beside")
    arguments = parser.parse_args()
    if arguments.repeat < 1:
        parser.error("--repeat must be at least 1")
    if arguments.interpreter and (arguments.rivals or arguments.without_generated):
        parser.error("--interpreter runs generated code only: no --rivals, no --without-generated")
    if arguments.interpreter and not shutil.which(arguments.interpreter):
        parser.error(f"--interpreter: {arguments.interpreter} is no executable")
    return arguments


def _title(interpreter: str) -> str:
    code = "import platform; print(platform.python_implementation(), platform.python_version())"
    return subprocess.run([interpreter, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _earlier(path: Path) -> dict[str, float]:
    """Return the ratios of an earlier run by kernel."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return {name: row["generated"]["ratio"] for name, row in document["kernels"].items() if "generated" in row}


def _installed(rivals: Iterable[Engine]) -> list[Engine]:
    """Return those rivals that can be imported, and say which ones can't."""
    present = []
    for rival in rivals:
        try:
            rival.load(EMPTY_MODULE)
        except ImportError as error:
            print(f"{rival.name} can't run: it is not installed ({error})")
            continue
        except Exception:  # installed; an empty module exports no function
            pass
        present.append(rival)
    return present


def _document(row: Row) -> dict[str, Any]:
    """Return a row as what JSON can hold."""

    def numbers(result: Result) -> dict[str, float | None]:
        return {**asdict(result), "ratio": result.ratio, "to_generated": result.to_generated}

    document: dict[str, Any] = {"generated": numbers(row.generated)} if row.generated else {}
    document |= {name: numbers(result) for name, result in row.rivals.items()}
    return document | {name: {"can't run": reason} for name, reason in row.failures.items()}


def main() -> int:
    """Print the table; return 1 where generated code fails, a checksum of it is wrong or a kernel does not build."""
    arguments = _arguments()
    try:
        old = _earlier(arguments.compare) if arguments.compare else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"error: {arguments.compare} is no result of --json: {error}", file=sys.stderr)
        return 2

    title = _title(arguments.interpreter or sys.executable)
    print(f"{title}, -O{arguments.optimise}, fastest of {arguments.repeat} turns, ratios to Python written by hand")
    ours = None if arguments.without_generated else generated(arguments.optimise, arguments.target)
    wanted = [rival for rival in RIVALS if arguments.rivals is None or rival.name in arguments.rivals]
    rivals = [] if arguments.interpreter else _installed(wanted)
    table = Table("kernel", 12, columns(ours is not None, [rival.name for rival in rivals], old))
    print(table.header())
    kernels = {}
    for name in arguments.kernel or kernel_names():
        try:
            if arguments.interpreter:
                row = measure_elsewhere(
                    name, arguments.interpreter, arguments.optimise, arguments.target, arguments.repeat
                )
            else:
                row = measure(name, ours, rivals, arguments.repeat)
        except (BuildError, WrongResultError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        print(table.line(name, row), flush=True)
        kernels[name] = _document(row)
    print(table.footer())

    if arguments.json:
        document = {"interpreter": title, "optimise": arguments.optimise, "kernels": kernels}
        arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
