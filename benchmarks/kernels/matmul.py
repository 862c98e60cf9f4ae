"""Loads of f64 with two strides: the product of two matrices."""

SIZE = 110
SMALL = 18


def run(n: int) -> float:
    """Multiply two ``n * n`` matrices and return the trace of the product, weighted by the row."""
    a = [[i + 0.5 * j for j in range(n)] for i in range(n)]
    b = [[i - 0.25 * j for j in range(n)] for i in range(n)]
    columns = list(zip(*b))  # noqa: B905 - Python 3.9 has no strict
    c = []
    for row in a:
        products = []
        for column in columns:
            total = 0.0
            for x, y in zip(row, column):  # noqa: B905 - likewise
                total += x * y
            products.append(total)
        c.append(products)
    trace = 0.0
    for i in range(n):
        trace += c[i][i] * (i + 1)
    return trace
