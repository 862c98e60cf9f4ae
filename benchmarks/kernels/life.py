"""Sums of eight neighbouring cells: Conway's Game of Life, on rows with a dead margin."""

from __future__ import annotations

SIZE = 150
SMALL = 8


def step(rows: list[list[int]]) -> list[list[int]]:
    """Return the next generation; the first and last row and column are margins."""
    width = len(rows[0])
    result = [[0] * width]
    for above, row, below in zip(rows, rows[1:], rows[2:]):  # noqa: B905 - Python 3.9 has no strict
        new = [0] * width
        for x in range(1, width - 1):
            around = above[x - 1] + above[x] + above[x + 1] + row[x - 1] + row[x + 1]
            around += below[x - 1] + below[x] + below[x + 1]
            if around == 3 or (around == 2 and row[x]):
                new[x] = 1
        result.append(new)
    result.append([0] * width)
    return result


def run(n: int) -> int:
    """Return a checksum of ``n * n`` cells after eight generations."""
    seed = 17
    rows = [[0] * (n + 2) for _ in range(n + 2)]
    for row in rows[1:-1]:
        for x in range(1, n + 1):
            seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
            row[x] = seed >> 31
    for _ in range(8):
        rows = step(rows)
    total = 0
    for row in rows[1:-1]:
        for cell in row[1:-1]:
            total = (total * 31 + cell) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
