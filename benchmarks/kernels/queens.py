"""Recursion over sets of bits: the ways to place queens."""

SIZE = 11
SMALL = 7


def place(every: int, columns: int, left: int, right: int) -> int:
    """Return in how many ways the remaining rows can be filled."""
    if columns == every:
        return 1
    ways = 0
    free = every & ~(columns | left | right)
    while free:
        queen = free & -free
        ways += place(every, columns | queen, (left | queen) << 1, (right | queen) >> 1)
        free &= free - 1
    return ways


def run(n: int) -> int:
    """Return in how many ways ``n`` queens stand on ``n * n`` squares without attacking each other."""
    return place((1 << n) - 1, 0, 0, 0)
