"""Byte loads and branches on classes of characters: lines, words and the longest word of a text."""

SIZE = 800_000
SMALL = 8_000

SAMPLE = (
    b"It was a bright cold day in the valley, and the river ran 12 inches higher than in any\n"
    b"year the old man could remember.\tNobody - least of all the miller - spoke of it.\n\n"
)
NEWLINE = ord("\n")


def run(n: int) -> int:
    """Scan ``n`` bytes of text and return the three counts in one number."""
    text = (SAMPLE * (n // len(SAMPLE) + 1))[:n]
    lines = words = longest = length = 0
    for c in text:
        if 97 <= c <= 122 or 65 <= c <= 90:
            if length == 0:
                words += 1
            length += 1
            if length > longest:
                longest = length
        else:
            length = 0
            if c == NEWLINE:
                lines += 1
    return (lines * 1000 + words) * 100 + longest
