"""Remainders of i32: pairs of numbers without a common divisor, by Euclid's algorithm written out."""

SIZE = 620
SMALL = 50


def gcd(a: int, b: int) -> int:
    """Return the greatest common divisor."""
    while b:
        a, b = b, a % b
    return a


def run(n: int) -> int:
    """Return how many pairs of numbers up to ``n`` have no common divisor."""
    coprime = 0
    for a in range(1, n + 1):
        for b in range(1, a):
            if gcd(a, b) == 1:
                coprime += 1
    return coprime
