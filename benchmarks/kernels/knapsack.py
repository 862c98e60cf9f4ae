"""A row of i32 walked backwards: the 0/1 knapsack."""

SIZE = 140
SMALL = 2
CAPACITY = 4000


def run(n: int) -> int:
    """Return the largest value that fits, of ``n`` pseudo-random things."""
    seed = 1
    best = [0] * (CAPACITY + 1)
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        weight = (seed >> 24) + 1
        value = (seed >> 16 & 255) + 1
        for room in range(CAPACITY, weight - 1, -1):
            taken = best[room - weight] + value
            if taken > best[room]:
                best[room] = taken
    return best[CAPACITY]
