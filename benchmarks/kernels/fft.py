"""Complex numbers, strides by powers of two: the fast Fourier transform, there and back."""

from __future__ import annotations

from math import sqrt

SIZE = 13
SMALL = 7


def transform(points: list[complex], sign: float) -> None:
    """Transform ``points``, a power of two of them, in place."""
    size = len(points)
    j = 0
    for i in range(1, size):
        bit = size >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            points[i], points[j] = points[j], points[i]
    root = -1 + 0j
    half = 1
    while half < size:
        for start in range(0, size, 2 * half):
            w = 1 + 0j
            for i in range(start, start + half):
                a = points[i]
                b = points[i + half] * w
                points[i] = a + b
                points[i + half] = a - b
                w *= root
        root = complex(sqrt(0.5 * (1.0 + root.real)), sign * sqrt(0.5 * (1.0 - root.real)))
        half *= 2


def run(n: int) -> float:
    """Transform ``2**n`` points to and fro; return a checksum of both results."""
    size = 1 << n
    points = [complex(i * 37 % 101, 0.25 * i) for i in range(size)]
    transform(points, 1.0)
    total = 0.0
    for point in points:
        total += point.real * point.real + point.imag * point.imag
    transform(points, -1.0)
    for point in points:
        total += point.real / size - point.imag
    return total
