"""Loads and stores of i32, unpredictable branches: quicksort in place."""

from __future__ import annotations

SIZE = 35_000
SMALL = 800


def sort(a: list[int], low: int, high: int) -> None:
    """Sort ``a[low : high + 1]`` in place."""
    while low < high:
        pivot = a[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while a[i] < pivot:
                i += 1
            while a[j] > pivot:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
        sort(a, low, j)
        low = i


def run(n: int) -> int:
    """Sort ``n`` pseudo-random numbers and return a checksum of the order."""
    a = []
    seed = 42
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        a.append((seed >> 8) - (1 << 23))
    sort(a, 0, n - 1)
    total = 0
    for x in a:
        total = (total * 31 + x) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
