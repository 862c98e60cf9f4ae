"""Fills, copies and comparisons of rows, which are slices of one list: rectangles, lines and scrolling."""

SIZE = 100
SMALL = 1
WIDTH = 128
HEIGHT = 96


def run(n: int) -> int:
    """Return a checksum of the pixels and of the rows that changed in ``n`` frames."""
    seed = 31
    total = 0
    pixels = [0] * (WIDTH * HEIGHT)
    before = pixels[:]
    for _ in range(n):
        for _ in range(12):
            seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
            left, top, width, height = seed >> 8 & 63, seed >> 14 & 31, (seed >> 20 & 31) + 1, (seed >> 26 & 31) + 1
            bar = [seed] * width
            for start in range(top * WIDTH + left, (top + height) * WIDTH, WIDTH):
                pixels[start : start + width] = bar
        line = [seed ^ 0xFFFFFF] * HEIGHT
        for x in range(3, WIDTH, 16):
            pixels[x::WIDTH] = line
        pixels = pixels[WIDTH:] + [0] * WIDTH
        for y in range(HEIGHT):
            row = slice(y * WIDTH, (y + 1) * WIDTH)
            if pixels[row] != before[row]:
                total += y
                before[row] = pixels[row]
    for pixel in pixels:
        total = (total * 31 + pixel) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
