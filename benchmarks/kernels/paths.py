"""Loads, compares and stores of i32 in two rows: Floyd and Warshall's all-pairs shortest paths."""

SIZE = 100
SMALL = 22


def run(n: int) -> int:
    """Return the sum of the shortest distances between all pairs of ``n`` nodes."""
    seed = 7
    d = []
    for i in range(n):
        row = []
        for j in range(n):
            seed = (seed * 1103515245 + 12345) & 0xFFFFFFFF
            row.append(0 if i == j else (seed >> 16 & 1023) + 1)
        d.append(row)
    for k, dk in enumerate(d):
        for di in d:
            dik = di[k]
            for j in range(n):
                through = dik + dk[j]
                if through < di[j]:
                    di[j] = through
    return sum(map(sum, d))
