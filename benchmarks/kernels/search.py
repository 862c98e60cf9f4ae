"""A table of skips and comparison of bytes: Horspool's search, where Python compares slices."""

SIZE = 300_000
SMALL = 4_000

SAMPLE = (
    b"It was a bright cold day in the valley, and the river ran 12 inches higher than in any\n"
    b"year the old man could remember.\tNobody - least of all the miller - spoke of it.\n\n"
)
NEEDLES = (b"river", b"remember", b"mill", b"nowhere")


def count(text: bytes, needle: bytes) -> int:
    """Return how often ``needle`` occurs in ``text``."""
    m = len(needle)
    skip = [m] * 256
    for i, c in enumerate(needle[:-1]):
        skip[c] = m - 1 - i
    found = at = 0
    last = len(text) - m
    while at <= last:
        if text[at : at + m] == needle:
            found += 1
        at += skip[text[at + m - 1]]
    return found


def run(n: int) -> int:
    """Return the counts of four words in ``n`` bytes as one number."""
    text = (SAMPLE * (n // len(SAMPLE) + 1))[:n]
    result = 0
    for needle in NEEDLES:
        result = result * 1000 + count(text, needle)
    result &= 0xFFFFFFFF
    return result - 0x100000000 if result > 0x7FFFFFFF else result
