"""Rotations and 32-bit multiplication: xxHash32."""

from struct import iter_unpack

SIZE = 17_000
SMALL = 120

M = 0xFFFFFFFF
P1 = 2654435761
P2 = 2246822519
P3 = 3266489917


def rotate(x: int, by: int) -> int:
    """Return ``x`` rotated to the left by ``by`` of 32 bits."""
    return (x << by | x >> (32 - by)) & M


def run(n: int) -> int:
    """Return the hash of a buffer of ``16 * n`` bytes, as a signed number."""
    data = bytes((i * 7 + (i >> 5)) & 0xFF for i in range(16 * n))
    a, b, c, d = (P1 + P2) & M, P2, 0, -P1 & M
    for one, two, three, four in iter_unpack("<4I", data):
        a = (a + one * P2) & M
        a = (a << 13 | a >> 19) * P1 & M
        b = (b + two * P2) & M
        b = (b << 13 | b >> 19) * P1 & M
        c = (c + three * P2) & M
        c = (c << 13 | c >> 19) * P1 & M
        d = (d + four * P2) & M
        d = (d << 13 | d >> 19) * P1 & M
    h = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18) + 16 * n) & M
    h = (h ^ h >> 15) * P2 & M
    h = (h ^ h >> 13) * P3 & M
    h ^= h >> 16
    return h - 0x100000000 if h > 0x7FFFFFFF else h
