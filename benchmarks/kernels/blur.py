"""f32 that stays exact, so that the twin need not round: a picture blurred three times, across and down."""

SIZE = 230
SMALL = 24


def run(n: int) -> float:
    """Blur ``n * n`` pixels by binomial weights and return a checksum."""
    picture = [[float((x * x + 3 * y) & 255) for x in range(n)] for y in range(n)]
    for _ in range(3):
        across = [[(a + b + b + c) * 0.25 for a, b, c in zip(row, row[1:], row[2:])] for row in picture]  # noqa: B905 - Python 3.9 has no strict
        picture = [
            [(a + b + b + c) * 0.25 for a, b, c in zip(*rows)]  # noqa: B905 - Python 3.9 has no strict
            for rows in zip(across, across[1:], across[2:])  # noqa: B905 - likewise
        ]
    total = 0.0
    for row in picture:
        for x, pixel in enumerate(row):
            total += pixel * (1 + (x & 3))
    return total
