"""A heap by hand: random allocations and releases in a list of words, first fit, neighbours merged.

A block is a size in words, negative while it is taken, then its words; the sizes chain the blocks.
"""

from __future__ import annotations

SIZE = 16_000
SMALL = 250
WORDS = 8192
LIVE = 128


def allocate(heap: list[int], words: int) -> int:
    """Take a block; return its index, or -1 where no free one is large enough."""
    at = 0
    while at < WORDS:
        size = heap[at]
        if size < 0:
            at += 1 - size
            continue
        after = at + size + 1
        while after < WORDS and heap[after] >= 0:
            size += heap[after] + 1
            after = at + size + 1
        heap[at] = size
        if size >= words:
            if size > words:
                heap[at + words + 1] = size - words - 1
            heap[at] = -words
            return at
        at = after
    return -1


def run(n: int) -> int:
    """Take and give back ``n`` blocks in all; return a checksum of where they were and of what was in them."""
    seed = 23
    total = 0
    heap = [0] * WORDS
    heap[0] = WORDS - 1
    live = [-1] * LIVE
    for i in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        slot = seed >> 16 & (LIVE - 1)
        block = live[slot]
        if block >= 0:
            total += heap[block + 1]
            heap[block] = -heap[block]
            live[slot] = -1
        else:
            live[slot] = block = allocate(heap, (seed >> 24 & 63) + 1)
            if block >= 0:
                heap[block + 1] = i
            total = (total * 31 + block) & 0xFFFFFFFF
    total &= 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
