"""Hashes of words, matches of bytes and overlapping copies: text compressed as LZ77 and restored."""

from __future__ import annotations

SIZE = 80_000
SMALL = 500
BITS = 12

WORDS = (b"tree ", b"of ", b"green ", b"a ", b"leaf,\n", b"the ", b"and ", b"winter ")


def compress(text: bytes) -> bytearray:
    """Return ``text`` packed.

    A copy is a byte of 128 + length - 3 and two of distance; a run of others a byte of their count.
    """
    n = len(text)
    heads = [-1] * (1 << BITS)
    packed = bytearray()
    at = start = 0
    while at < n:
        length = 0
        source = -1
        if at + 3 <= n:
            h = ((text[at] | text[at + 1] << 8 | text[at + 2] << 16) * 2654435761 & 0xFFFFFFFF) >> (32 - BITS)
            source = heads[h]
            heads[h] = at
            if source >= 0 and at - source < 65536:
                limit = min(130, n - at)
                while length < limit and text[source + length] == text[at + length]:
                    length += 1
        if length < 3:
            at += 1
            if at - start < 127 and at < n:
                continue
        if at > start:
            packed.append(at - start)
            packed += text[start:at]
            start = at
        if length >= 3:
            distance = at - source
            packed += bytes((125 + length, distance & 0xFF, distance >> 8))
            at += length
            start = at
    return packed


def decompress(packed: bytearray) -> bytearray:
    """Return what was packed."""
    text = bytearray()
    at = 0
    while at < len(packed):
        length = packed[at]
        at += 1
        if length < 128:
            text += packed[at : at + length]
            at += length
        else:
            length -= 125
            distance = packed[at] | packed[at + 1] << 8
            at += 2
            start = len(text) - distance
            if distance >= length:
                text += text[start : start + length]
            else:
                for i in range(start, start + length):
                    text.append(text[i])
    return text


def run(n: int) -> int:
    """Pack and unpack ``n`` bytes; return a checksum of the packed text and of how many bytes came back."""
    seed = 12
    text = bytearray()
    while len(text) < n:
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        text += WORDS[seed >> 29]
        if (seed >> 20 & 7) == 0:
            text.append(48 + (seed >> 24 & 7))
    del text[n:]
    packed = compress(bytes(text))
    total = 0
    for byte in packed:
        total = (total * 31 + byte) & 0xFFFFFFFF
    for a, b in zip(decompress(packed), text):  # noqa: B905 - Python 3.9 has no strict
        total += a == b
    total &= 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
