"""f64 division and conversion from i32: the spectral norm of an infinite matrix."""

from __future__ import annotations

from math import sqrt

SIZE = 160
SMALL = 14


def multiply(vector: list[float]) -> list[float]:
    """Return the product of the matrix and ``vector``."""
    result = []
    for i in range(len(vector)):
        total = 0.0
        for j, x in enumerate(vector):
            total += x / ((i + j) * (i + j + 1) // 2 + i + 1)
        result.append(total)
    return result


def multiply_transposed(vector: list[float]) -> list[float]:
    """Return the product of the transposed matrix and ``vector``."""
    result = []
    for i in range(len(vector)):
        total = 0.0
        for j, x in enumerate(vector):
            total += x / ((i + j) * (i + j + 1) // 2 + j + 1)
        result.append(total)
    return result


def run(n: int) -> float:
    """Return the norm of the first ``n`` rows and columns after three steps of the power method."""
    u = [1.0] * n
    v = u
    for _ in range(3):
        v = multiply_transposed(multiply(u))
        u = multiply_transposed(multiply(v))
    uv = vv = 0.0
    for x, y in zip(u, v):  # noqa: B905 - Python 3.9 has no strict
        uv += x * y
        vv += y * y
    return sqrt(uv / vv)
