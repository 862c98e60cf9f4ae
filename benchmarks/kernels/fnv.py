"""64-bit multiplication and wrapping: FNV-1a."""

SIZE = 250_000
SMALL = 3_000


def run(n: int) -> int:
    """Return the FNV-1a hash of a buffer of ``n`` bytes, as a signed number."""
    data = bytes((i * 7 + (i >> 5)) & 0xFF for i in range(n))
    h = 0xCBF29CE484222325
    for byte in data:
        h = (h ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return h - (1 << 64) if h >> 63 else h
