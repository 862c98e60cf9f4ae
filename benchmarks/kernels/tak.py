"""Calls with three arguments: Takeuchi's function."""

SIZE = 7
SMALL = 5


def tak(x: int, y: int, z: int) -> int:
    """Return the function's value."""
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) if y < x else z


def run(n: int) -> int:
    """Return ``tak(3n, 2n, n)``."""
    return tak(3 * n, 2 * n, n)
