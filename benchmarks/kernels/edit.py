"""Minima of three neighbours in rows of i32: the edit distance of two texts."""

SIZE = 620
SMALL = 50


def distance(one: bytes, two: bytes) -> int:
    """Return how many insertions, deletions and replacements turn one text into the other."""
    above_row = list(range(len(two) + 1))
    for i, a in enumerate(one):
        left = i + 1
        row = [left]
        for j, b in enumerate(two):
            best = above_row[j]
            if a != b:
                if left < best:
                    best = left
                above = above_row[j + 1]
                if above < best:
                    best = above
                best += 1
            row.append(best)
            left = best
        above_row = row
    return above_row[-1]


def run(n: int) -> int:
    """Return the edit distance of two similar texts of ``n`` bytes."""
    seed = 9
    one = bytearray(n)
    two = bytearray(n)
    for i in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        one[i] = 97 + (seed >> 16 & 7)
        two[(i + 3) % n] = 120 if (seed >> 24 & 3) == 0 else one[i]
    return distance(bytes(one), bytes(two))
