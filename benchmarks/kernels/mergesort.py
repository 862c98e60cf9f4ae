"""A comparator that is a parameter: records merge-sorted in three orders."""

from __future__ import annotations

from collections.abc import Callable

SIZE = 6_000
SMALL = 60


class Record:
    """A key, a group and a serial number."""

    __slots__ = ("group", "key", "serial")

    def __init__(self, key: int, group: int, serial: int) -> None:
        self.key = key
        self.group = group
        self.serial = serial


Order = Callable[[Record, Record], int]


def by_key(a: Record, b: Record) -> int:
    """Order by rising key."""
    return a.key - b.key


def by_key_down(a: Record, b: Record) -> int:
    """Order by falling key."""
    return b.key - a.key


def by_group(a: Record, b: Record) -> int:
    """Order by group, then by serial number."""
    return a.group - b.group if a.group != b.group else a.serial - b.serial


ORDERS = (by_key, by_group, by_key_down)


def merge_sort(records: list[Record], compare: Order) -> list[Record]:
    """Return the records in order; equal ones stay as they were."""
    if len(records) < 2:
        return records
    half = len(records) // 2
    a = merge_sort(records[:half], compare)
    b = merge_sort(records[half:], compare)
    result = []
    i = j = 0
    while i < len(a) and j < len(b):
        if compare(b[j], a[i]) < 0:
            result.append(b[j])
            j += 1
        else:
            result.append(a[i])
            i += 1
    result += a[i:]
    result += b[j:]
    return result


def run(n: int) -> int:
    """Sort ``n`` pseudo-random records in three orders; return a checksum of the orders."""
    seed = 77
    records = []
    for i in range(n):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        records.append(Record(seed >> 16, seed >> 8 & 15, i))
    total = 0
    for i in range(3):
        records = merge_sort(records, ORDERS[(i + n) % 3])
        for record in records:
            total = (total * 31 + record.serial) & 0xFFFFFFFF
    return total - 0x100000000 if total > 0x7FFFFFFF else total
