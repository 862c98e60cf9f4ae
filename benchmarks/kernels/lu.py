"""Rows of f64 combined: a determinant by Gaussian elimination with pivots."""

SIZE = 130
SMALL = 14


def run(n: int) -> float:
    """Return the determinant of a pseudo-random ``n * n`` matrix."""
    seed = 3
    a = []
    for _ in range(n):
        row = []
        for _ in range(n):
            seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
            row.append((seed >> 8) / 16777216.0 - 0.5)
        a.append(row)
    determinant = 1.0
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i][k]))
        if pivot != k:
            a[k], a[pivot] = a[pivot], a[k]
            determinant = -determinant
        top = a[k]
        determinant *= top[k]
        for i in range(k + 1, n):
            row = a[i]
            factor = row[k] / top[k]
            for j in range(k + 1, n):
                row[j] -= factor * top[j]
    return determinant
