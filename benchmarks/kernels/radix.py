"""Counts, prefix sums and scattered stores of i32: radix sort by three bytes."""

from itertools import accumulate

SIZE = 50_000
SMALL = 500


def run(n: int) -> int:
    """Sort ``n`` pseudo-random numbers and return a checksum of the order."""
    seed = 42
    a = []
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        a.append(seed >> 8)
    for shift in range(0, 24, 8):
        counts = [0] * 256
        for x in a:
            counts[x >> shift & 255] += 1
        starts = [0, *accumulate(counts)]
        b = [0] * n
        for x in a:
            digit = x >> shift & 255
            b[starts[digit]] = x
            starts[digit] += 1
        a = b
    total = 0
    for x in a:
        total = (total * 31 + x) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
