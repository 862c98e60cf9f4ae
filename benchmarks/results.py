"""``python -m benchmarks.results RUN.json …`` prints what several runs wrote with ``--json`` as one table in Markdown.

Each run gives a column of ratios; the first one also those of the rivals to generated code.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.engines import RIVALS
from benchmarks.table import geometric_mean

#: Takes a kernel's row of a run; None leaves the cell empty.
Cell = Callable[[dict[str, Any]], "float | None"]


def _ratio(row: dict[str, Any]) -> float | None:
    ratio: float | None = row["generated"]["ratio"] if row else None
    return ratio


def _slower(rival: str) -> Cell:
    return lambda row: row.get(rival, {}).get("to_generated")


def _digits(number: float | None) -> str:
    return "" if number is None else f"{number:.0f}" if number >= 20 else f"{number:.2f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.results", description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN.json")
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in parser.parse_args().runs]
    columns: list[tuple[str, dict[str, Any], Cell]] = [(run["interpreter"], run["kernels"], _ratio) for run in runs]
    first = runs[0]["kernels"]
    columns += [(f"{rival.name} / ours", first, _slower(rival.name)) for rival in RIVALS]
    columns = [column for column in columns if any(column[2](row) is not None for row in column[1].values())]
    print(" | ".join(["| kernel", *(title for title, _, _ in columns)]), "|")
    print("|---" * (len(columns) + 1) + "|")
    for name in first:
        print(" | ".join([f"| {name}", *(_digits(cell(run.get(name, {}))) for _, run, cell in columns)]), "|")
    numbers = [[number for row in run.values() if (number := cell(row)) is not None] for _, run, cell in columns]
    print(" | ".join(["| **geometric mean**", *(f"**{_digits(geometric_mean(column))}**" for column in numbers)]), "|")


if __name__ == "__main__":
    main()
