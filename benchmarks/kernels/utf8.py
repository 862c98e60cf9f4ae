"""Byte loads and nested branches: characters encoded as UTF-8 and decoded again, both by hand."""

from __future__ import annotations

from collections.abc import Iterator

SIZE = 80_000
SMALL = 1_000


def encode(n: int) -> bytes:
    """Return the UTF-8 text of ``n`` pseudo-random characters."""
    seed = 11
    text = bytearray()
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        kind = seed >> 30
        c = seed >> 9
        if kind < 2:
            text.append(c & 0x7F)
        elif kind == 2:
            c = 0x80 + (c & 0x3FF)
            text += bytes((0xC0 | c >> 6, 0x80 | c & 0x3F))
        elif c & 1:
            c = 0x3000 + (c >> 1 & 0x3FFF)
            text += bytes((0xE0 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F))
        else:
            c = 0x1F000 + (c >> 1 & 0xFFF)
            text += bytes((0xF0 | c >> 18, 0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F))
    return bytes(text)


def decode(text: bytes) -> Iterator[int]:
    """Generate the characters of a valid UTF-8 text."""
    stream = iter(text)
    for c in stream:
        if c < 0x80:
            yield c
        elif c < 0xE0:
            yield (c & 0x1F) << 6 | next(stream) & 0x3F
        elif c < 0xF0:
            yield (c & 0x0F) << 12 | (next(stream) & 0x3F) << 6 | next(stream) & 0x3F
        else:
            yield (c & 0x07) << 18 | (next(stream) & 0x3F) << 12 | (next(stream) & 0x3F) << 6 | next(stream) & 0x3F


def run(n: int) -> int:
    """Return a checksum of ``n`` characters that were encoded and decoded."""
    total = 0
    for c in decode(encode(n)):
        total = (total * 31 + c) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
