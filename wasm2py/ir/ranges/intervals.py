"""Intervals of integers: the arithmetic of the range analysis.

A :data:`~wasm2py.ir.nodes.Range` is the smallest value, the largest, and the number of low bits that are zero.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from wasm2py.ir.nodes import Range


def trailing_zeros(value: int) -> int:
    """How many low bits of a number are zero; 64 of zero."""
    return (value & -value).bit_length() - 1 if value else 64


@lru_cache(1 << 12)
def single(value: int) -> Range:
    """The range of a single number."""
    return (value, value, trailing_zeros(value))


def hull(a: Range, b: Range) -> Range:
    """The smallest range that contains both."""
    if a is b:
        return a
    low, high, zeros = a  # without calls of min and max, which take as long as all the rest
    other_low, other_high, other_zeros = b
    return (
        low if low < other_low else other_low,
        high if high > other_high else other_high,
        zeros if zeros < other_zeros else other_zeros,
    )


def widen(before: Range, now: Range, top: Range) -> Range:
    """An interval that contains both and takes few steps to become stable."""
    low, high = before[0], before[1]
    if now[0] < low:
        low = 0 if now[0] >= 0 else top[0]
    if now[1] > high:
        half = top[1] if top[0] else top[1] >> 1
        high = half if now[1] <= half else top[1]
    return (low, high, min(before[2], now[2]))


def _add(a: Range, b: Range) -> Range:
    return (a[0] + b[0], a[1] + b[1], a[2] if a[2] < b[2] else b[2])


def _sub(a: Range, b: Range) -> Range:
    return (a[0] - b[1], a[1] - b[0], a[2] if a[2] < b[2] else b[2])


def _mul(a: Range, b: Range) -> Range:
    products = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return (min(products), max(products), min(a[2] + b[2], 64))


def _magnitude(a: Range, b: Range) -> int:
    """The smallest power of two above all values whose negative is not above any."""
    return 1 << max((end if end >= 0 else ~end).bit_length() for end in (*a[:2], *b[:2]))


def _and(a: Range, b: Range) -> Range:
    zeros = max(a[2], b[2])
    cleared = ~b[0] & (1 << a[1].bit_length()) - 1
    if a[0] >= 0 and a[1] <= b[0] == b[1] and not b[0] & b[0] + 1:
        return a  # keeps all bits
    if a[0] >= 0 and b[0] == b[1] and not cleared & cleared + 1:
        return (a[0] & b[0], a[1] & b[0], zeros)  # clears low bits only: monotonic
    if a[0] >= 0 and b[0] >= 0:
        return (0, min(a[1], b[1]), zeros)
    if a[0] >= 0:
        return (0, a[1], zeros)
    if b[0] >= 0:
        return (0, b[1], zeros)
    limit = _magnitude(a, b)
    return (-limit, limit - 1, zeros)


def _or(a: Range, b: Range) -> Range:
    limit = _magnitude(a, b)
    zeros = min(a[2], b[2])
    if a[0] >= 0 and b[0] >= 0:
        return (max(a[0], b[0]), limit - 1, zeros)
    return (-limit, limit - 1, zeros)


def _xor(a: Range, b: Range) -> Range:
    limit = _magnitude(a, b)
    zeros = min(a[2], b[2])
    return (0 if a[0] >= 0 and b[0] >= 0 else -limit, limit - 1, zeros)


def _shl(a: Range, b: Range) -> Range:
    ends = (a[0] << b[0], a[0] << b[1], a[1] << b[0], a[1] << b[1])
    return (min(ends), max(ends), min(a[2] + b[0], 64))


def _shr(a: Range, b: Range) -> Range:
    ends = (a[0] >> b[0], a[0] >> b[1], a[1] >> b[0], a[1] >> b[1])
    return (min(ends), max(ends), max(a[2] - b[1], 0))


def _div(a: Range, b: Range) -> Range:
    return (a[0] // max(b[1], 1), a[1] // max(b[0], 1), 0)


def _rem(a: Range, b: Range) -> Range:
    return (0, min(a[1], max(b[1] - 1, 0)), 0)


ITEMS: dict[tuple[int, bool], Range] = {
    (width, signed): (-half, half - 1, 0) if signed else (0, 2 * half - 1, 0)
    for width in (1, 2, 4, 8)
    for half in (1 << 8 * width - 1,)
    for signed in (False, True)
}
"""The range of integers in memory, by their bytes and whether they are signed."""

ARITHMETIC: dict[str, Callable[[Range, Range], Range]] = {
    "+": _add,
    "-": _sub,
    "*": _mul,
    "&": _and,
    "|": _or,
    "^": _xor,
    "<<": _shl,
    ">>": _shr,
    "//": _div,
    "%": _rem,
}
"""The range of each infix operation from those of its operands."""
