"""Loops over memory that only fill or copy, as assignments of slices of its views."""

from __future__ import annotations

from struct import pack


def fill_items(items: memoryview, value: float) -> None:
    """Store one value to all items of a slice, whatever the distance between them.

    :param items: a slice of a view of a memory, of integers or f64
    :param value: a value of the view's format, in range
    """
    format = items.format
    # The type checker's cast takes literal formats only.
    items[:] = memoryview(pack("<" + format, value) * len(items)).cast(format)  # type: ignore[call-overload]  # takes literals


def copy_items(target: memoryview, source: memoryview) -> None:
    """Copy items as if all were read before the first is written; both slices have one format and length."""
    target[:] = source
