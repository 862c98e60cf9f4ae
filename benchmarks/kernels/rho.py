"""64-bit multiplication and remainder: Pollard's rho method of factorisation."""

from math import gcd

SIZE = 260
SMALL = 2


def is_prime(x: int) -> bool:
    """Tell whether ``x``, odd and above 1, is a prime."""
    d = 3
    while d * d <= x:
        if x % d == 0:
            return False
        d += 2
    return True


def next_prime(x: int) -> int:
    """Return the smallest odd prime from ``x`` on."""
    x |= 1
    while not is_prime(x):
        x += 2
    return x


def factor(m: int) -> int:
    """Return a divisor of ``m``."""
    slow = fast = 2
    product = 1
    while True:
        slow_start, fast_start = slow, fast
        for _ in range(16):
            slow = (slow * slow + 1) % m
            fast = (fast * fast + 1) % m
            fast = (fast * fast + 1) % m
            product = product * abs(slow - fast) % m
        divisor = gcd(product, m)
        if divisor == 1:
            continue
        if divisor < m:
            return divisor
        slow, fast = slow_start, fast_start  # overshot: the same steps one by one
        while True:
            slow = (slow * slow + 1) % m
            fast = (fast * fast + 1) % m
            fast = (fast * fast + 1) % m
            divisor = gcd(slow - fast, m)
            if divisor > 1:
                return divisor


def run(n: int) -> int:
    """Factor ``n`` products of two primes and return a checksum of the factors, as a signed number."""
    total = 0
    for i in range(n):
        p, q = next_prime(40000 + 97 * i), next_prime(65000 - 89 * i)
        total = (total * 31 + factor(p * q)) & 0xFFFFFFFFFFFFFFFF
    return total - (1 << 64) if total >> 63 else total
