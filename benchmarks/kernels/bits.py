"""Shifts and masks: reversal, interleaving, counting, and the next number with as many bits set."""

SIZE = 11_000
SMALL = 200


def reverse(x: int) -> int:
    """Return the 32 bits of ``x`` in reverse order."""
    x = x >> 1 & 0x55555555 | (x & 0x55555555) << 1
    x = x >> 2 & 0x33333333 | (x & 0x33333333) << 2
    x = x >> 4 & 0x0F0F0F0F | (x & 0x0F0F0F0F) << 4
    x = x >> 8 & 0x00FF00FF | (x & 0x00FF00FF) << 8
    return x >> 16 | (x & 0xFFFF) << 16


def spread(x: int) -> int:
    """Return the lower 16 bits of ``x`` with a zero above each."""
    x &= 0xFFFF
    x = (x | x << 8) & 0x00FF00FF
    x = (x | x << 4) & 0x0F0F0F0F
    x = (x | x << 2) & 0x33333333
    return (x | x << 1) & 0x55555555


def run(n: int) -> int:
    """Return a checksum of the tricks done with ``n`` numbers."""
    total = 0
    subset = 0x1F
    for i in range(1, n + 1):
        x = i * 2654435761 & 0xFFFFFFFF
        total += bin(x).count("1") + (i & -i).bit_length() - 1 + 32 - i.bit_length()
        total += reverse(x) ^ (spread(x) | spread(x >> 16) << 1) ^ (x ^ x >> 1)
        lowest = subset & -subset
        ripple = subset + lowest
        subset = ripple | ((subset ^ ripple) >> 2) // lowest
        total = (total ^ subset) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
