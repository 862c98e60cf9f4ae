"""Divisions by ten and characters: numbers written in decimal with separators, and in hexadecimal, digit by digit."""

SIZE = 8_000
SMALL = 70


def decimal(value: int) -> str:
    """Return ``value`` in groups of three digits."""
    rest = abs(value)
    digits = []
    count = 0
    while True:
        digits.append("0123456789"[rest % 10])
        rest //= 10
        if not rest:
            break
        count += 1
        if count % 3 == 0:
            digits.append(",")
    if value < 0:
        digits.append("-")
    return "".join(reversed(digits))


def hexadecimal(value: int) -> str:
    """Return the lower 32 bits of ``value`` as eight digits."""
    return "".join(["0123456789abcdef"[value >> shift & 15] for shift in range(28, -1, -4)])


def run(n: int) -> int:
    """Return a checksum of the texts of ``n`` numbers."""
    seed = 6
    total = 0
    for i in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        value = (seed - 0x100000000 if seed > 0x7FFFFFFF else seed) >> (i & 15)
        for c in f"{decimal(value)} {hexadecimal(value)}".encode():
            total = (total * 31 + c) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
