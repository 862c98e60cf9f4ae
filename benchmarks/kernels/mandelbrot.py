"""Float arithmetic: iterations of the Mandelbrot map."""

SIZE = 120
SMALL = 14
LIMIT = 60


def run(n: int) -> int:
    """Return the sum of iterations over ``n * n`` points."""
    total = 0
    for row in range(n):
        ci = 2.0 * row / n - 1.0
        for column in range(n):
            cr = 2.0 * column / n - 1.5
            zr = zi = 0.0
            i = 0
            while i < LIMIT:
                rr = zr * zr
                ii = zi * zi
                if rr + ii > 4.0:
                    break
                zi = 2.0 * zr * zi + ci
                zr = rr - ii + cr
                i += 1
            total += i
    return total
