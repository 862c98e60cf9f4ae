"""64-bit shifts and multiplication: the generators xorshift64* and SplitMix64."""

SIZE = 55_000
SMALL = 1_000

M = 0xFFFFFFFFFFFFFFFF


def run(n: int) -> int:
    """Return the sum of ``n`` numbers of both generators, as a signed number."""
    x = 0x9E3779B97F4A7C15
    counter = 42
    total = 0
    for _ in range(n):
        x ^= x >> 12
        x ^= x << 25 & M
        x ^= x >> 27
        counter = (counter + 0x9E3779B97F4A7C15) & M
        z = counter
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M
        z = (z ^ z >> 27) * 0x94D049BB133111EB & M
        total += x * 0x2545F4914F6CDD1D & M ^ z ^ z >> 31
    total &= M
    return total - (1 << 64) if total >> 63 else total
