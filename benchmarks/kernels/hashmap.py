"""Open addressing over objects: numbers counted in a hash table by hand, found again and removed in part."""

from __future__ import annotations

SIZE = 40_000
SMALL = 500
BITS = 14
COUNT = 1 << BITS


class Entry:
    """A key with its value; a removed entry keeps its place in the table."""

    __slots__ = ("key", "removed", "value")

    def __init__(self, key: int) -> None:
        self.key = key
        self.value = 0
        self.removed = False


class Table:
    """A hash table of fixed size."""

    def __init__(self) -> None:
        self.entries: list[Entry | None] = [None] * COUNT

    def get(self, key: int) -> Entry | None:
        """Return the entry of ``key``."""
        entries = self.entries
        i = (key * 2654435769 & 0xFFFFFFFF) >> (32 - BITS)
        while True:
            entry = entries[i]
            if entry is None or (entry.key == key and not entry.removed):
                return entry
            i = (i + 1) & (COUNT - 1)

    def add(self, key: int) -> Entry:
        """Return the entry of ``key``, a new one where there is none."""
        entries = self.entries
        i = (key * 2654435769 & 0xFFFFFFFF) >> (32 - BITS)
        removed = -1
        while True:
            entry = entries[i]
            if entry is None:
                break
            if entry.removed:
                if removed < 0:
                    removed = i
            elif entry.key == key:
                return entry
            i = (i + 1) & (COUNT - 1)
        entry = entries[i if removed < 0 else removed] = Entry(key)
        return entry


def run(n: int) -> int:
    """Count ``n`` numbers, look ``n`` others up, and return the sum of the counts found."""
    seed = 4
    total = 0
    table = Table()
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        table.add(seed >> 19).value += 1
    for _ in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        entry = table.get(seed >> 18)
        if entry is not None:
            total += entry.value
            if entry.value & 1:
                entry.removed = True
    return total
