"""Byte stores with a stride: the sieve of Eratosthenes.

The inner loop is written out, as in C: assigning to an extended slice would run it inside the interpreter's C code.
"""

SIZE = 500_000
SMALL = 8_000


def run(n: int) -> int:
    """Return the number of primes below ``n``."""
    composite = [False] * n
    count = 0
    for i in range(2, n):
        if not composite[i]:
            count += 1
            for j in range(i * i, n, i):
                composite[j] = True
    return count
