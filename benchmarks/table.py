"""A table as text: a line for each kernel or job, then the worst of all, and the geometric means last."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.timing import Result, Row

#: Takes the name of a kernel or job and what was measured of it; None leaves the cell empty.
Cell = Callable[[str, Row], "float | None"]


def geometric_mean(values: Iterable[float]) -> float:
    """Return the geometric mean of positive numbers; not a number where there are none."""
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms)) if logarithms else math.nan


@dataclass(frozen=True)
class Column:
    """A title, its width, how a number is written, the number of a line, and which of all the numbers is the worst.

    A column without a worst number has no mean either.
    """

    title: str
    width: int
    style: str
    cell: Cell
    worst: Callable[[Iterable[float]], float] | None = None


def _ours(cell: Callable[[Result], float | None]) -> Cell:
    return lambda _, row: cell(row.generated) if row.generated else None


def _theirs(rival: str, cell: Callable[[Result], float | None]) -> Cell:
    return lambda _, row: cell(row.rivals[rival]) if rival in row.rivals else None


def columns(with_generated: bool, rivals: Sequence[str], old: dict[str, float]) -> list[Column]:
    """Return the columns: Python by hand, generated code, its ratio and that of an earlier run, and two for each rival.

    A rival's first column is its ratio to Python by hand, the second how many times longer it takes than generated
    code, both for the same amount of work.

    :param old: ratios of an earlier run by kernel
    """
    result = []
    if with_generated:
        result.append(Column("python ms", 9, ".2f", _ours(lambda result: result.python and result.python * 1e3)))
        result.append(Column("generated", 10, ".2f", _ours(lambda result: result.engine * 1e3)))
        result.append(Column("ratio", 7, ".2f", _ours(lambda result: result.ratio), max))
    if with_generated and old:

        def change(name: str, row: Row) -> float | None:
            ratio = row.generated.ratio if row.generated else None
            return ratio / old[name] if ratio and name in old else None

        result.append(Column("before", 7, ".2f", lambda name, _: old.get(name), max))
        result.append(Column("now", 7, ".1%", change, max))
    for rival in rivals:
        result.append(Column(rival, 9, ".2f", _theirs(rival, lambda result: result.ratio), max))
        if with_generated:
            result.append(Column("/ ours", 8, ".2f", _theirs(rival, lambda result: result.to_generated), min))
    return result


class Table:
    """Lines of text under the given columns; it keeps the rows for the last lines.

    :param title: what the lines are, and its width
    """

    def __init__(self, title: str, width: int, columns: Sequence[Column]) -> None:
        self._title = title
        self._width = width
        self._columns = columns
        self._rows: dict[str, Row] = {}

    def header(self) -> str:
        """Return the line of titles."""
        return " ".join(
            [f"{self._title:{self._width}}", *(f"{column.title:>{column.width}}" for column in self._columns)]
        )

    def line(self, name: str, row: Row) -> str:
        """Return the line of a kernel or job, with one below for each rival that can't run it."""
        self._rows[name] = row
        line = self._line(name, [column.cell(name, row) for column in self._columns])
        return "\n".join([line, *(f"    {rival} can't run {name}: {why}" for rival, why in row.failures.items())])

    def footer(self) -> str:
        """Return the lines of the worst numbers and of the geometric means."""
        worst = self._line("worst", [self._over_all(column, column.worst) for column in self._columns])
        mean = self._line("mean", [self._over_all(column, geometric_mean) for column in self._columns])
        return f"{worst}\n{mean}"

    def _over_all(self, column: Column, summary: Callable[[Iterable[float]], float] | None) -> float | None:
        numbers = [number for name, row in self._rows.items() if (number := column.cell(name, row)) is not None]
        return summary(numbers) if numbers and column.worst and summary else None

    def _line(self, title: str, numbers: Sequence[float | None]) -> str:
        cells = [f"{title:{self._width}}"]
        for column, number in zip(self._columns, numbers, strict=True):
            cells.append(f"{'-' if number is None else format(number, column.style):>{column.width}}")
        return " ".join(cells)
