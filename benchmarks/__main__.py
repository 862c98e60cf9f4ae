"""``python -m benchmarks``: one table, generated code beside Python written by hand, as ratios within one run."""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.build import BuildError
from benchmarks.engines import RIVALS, Engine, generated
from benchmarks.race import WrongResultError
from benchmarks.timing import Result, kernel_names, measure, measure_elsewhere


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--kernel", action="append", choices=kernel_names(), help="only this one (may be repeated)")
    parser.add_argument("--repeat", type=int, default=7, help="runs of each; the fastest counts (default 7)")
    parser.add_argument("-O", dest="optimise", type=int, choices=(0, 1, 2), default=1, help="optimisation level")
    parser.add_argument("--target", default="auto", help="interpreter to write code for (default auto)")
    parser.add_argument("--rivals", nargs="*", choices=[rival.name for rival in RIVALS], metavar="NAME",
                        help="also run other engines, all that are installed or those named")  # fmt: skip
    parser.add_argument("--interpreter", metavar="PYTHON", help="run twin and generated code on this interpreter")
    parser.add_argument("--without-generated", action="store_true", help="only the engines of --rivals")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="show the ratios of an earlier run beside")
    arguments = parser.parse_args()
    if arguments.repeat < 1:
        parser.error("--repeat must be at least 1")
    if arguments.interpreter and (arguments.rivals is not None or arguments.without_generated):
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


def _geometric_mean(values: Iterable[float]) -> float:
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms)) if logarithms else math.nan


def _row(name: str, engines: list[Engine], results: dict[str, Result], old: dict[str, float]) -> str:
    cells = [f"{name:12}"]
    for engine in engines:
        result = results.get(engine.name)
        if not engine.foreign:
            assert result is not None
            cells.append(f"{result.python * 1e3:9.1f} {result.engine * 1e3:10.1f} {result.ratio:7.2f}")
            if old:
                cells.append(f"{old[name]:7.2f} {result.ratio / old[name]:6.1%}" if name in old else f"{'-':>14}")
        else:
            cells.append(f"{result.ratio:9.2f}" if result else f"{'-':>9}")
    return " ".join(cells)


def _header(engines: list[Engine], old: dict[str, float]) -> str:
    cells = [f"{'kernel':12}"]
    for engine in engines:
        if not engine.foreign:
            cells.append(
                f"{'python ms':>9} {'generated':>10} {'ratio':>7}" + (f" {'before':>7} {'now':>6}" if old else "")
            )
        else:
            cells.append(f"{engine.name:>9}")
    return " ".join(cells)


def _mean_row(engines: list[Engine], table: dict[str, dict[str, Result]], old: dict[str, float]) -> str:
    cells = [f"{'mean':12}"]
    for engine in engines:
        mean = _geometric_mean(row[engine.name].ratio for row in table.values() if engine.name in row)
        if not engine.foreign:
            cells.append(f"{'':9} {'':10} {mean:7.2f}")
            both = [name for name in table if name in old]
            if old:
                before = _geometric_mean(old[name] for name in both)
                now = _geometric_mean(table[name][engine.name].ratio for name in both)
                cells.append(f"{before:7.2f} {now / before:6.1%}")
        else:
            cells.append(f"{mean:9.2f}")
    return " ".join(cells)


def _installed(rivals: Iterable[Engine]) -> list[Engine]:
    """Return those rivals that can be imported, and say on stderr which ones can't."""
    present = []
    for rival in rivals:
        try:
            rival.load(b"\0asm\1\0\0\0")
        except ImportError as error:
            print(f"skipped: {rival.name} is not installed ({error})", file=sys.stderr)
            continue
        except Exception:  # installed; an empty module exports no function
            pass
        present.append(rival)
    return present


def main() -> int:
    """Print the table; return 1 where an engine fails, a checksum is wrong or a kernel does not build."""
    arguments = _arguments()
    engines = [] if arguments.without_generated else [generated(arguments.optimise, arguments.target)]
    if arguments.rivals is not None:
        engines += _installed(rival for rival in RIVALS if not arguments.rivals or rival.name in arguments.rivals)
    try:
        old = _earlier(arguments.compare) if arguments.compare else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"error: {arguments.compare} is no result of --json: {error}", file=sys.stderr)
        return 2

    title = _title(arguments.interpreter or sys.executable)
    print(f"{title}, -O{arguments.optimise}, fastest of {arguments.repeat} runs, ratios to Python written by hand")
    print(_header(engines, old))
    status = 0
    table: dict[str, dict[str, Result]] = {}
    for name in arguments.kernel or kernel_names():
        try:
            if arguments.interpreter:
                failures: dict[str, str] = {}
                table[name] = {
                    "generated": measure_elsewhere(
                        name, arguments.interpreter, arguments.optimise, arguments.target, arguments.repeat
                    )
                }
            else:
                table[name], failures = measure(name, engines, arguments.repeat)
        except (BuildError, WrongResultError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        print(_row(name, engines, table[name], old), flush=True)
        for engine_name, reason in failures.items():
            print(f"failed: {name} on {engine_name}: {reason}", file=sys.stderr)
            status = 1
    print(_mean_row(engines, table, old))

    if arguments.json:
        kernels = {
            name: {
                key: {"python": result.python, "seconds": result.engine, "ratio": result.ratio}
                for key, result in row.items()
            }
            for name, row in table.items()
        }
        document = {"interpreter": title, "optimise": arguments.optimise, "kernels": kernels}
        arguments.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
