"""Bits of floats through one eight-byte buffer that has views of every format: three times as fast as ``struct``.

Only for interpreters that cannot switch threads between a store and the load after it: CPython from 3.10 on with its
global lock switches only at calls and backward jumps.  :mod:`runtime_support.bits_struct` has the same functions for
the others.  Contracts are in :mod:`runtime_support.floats`.
"""

from __future__ import annotations

_buffer = memoryview(bytearray(8))
_f32 = _buffer.cast("f")
_u32 = _buffer.cast("I")
_f64 = _buffer.cast("d")
_u64 = _buffer.cast("Q")


def f32_demote(x: float) -> float:
    """The f32 nearest to ``x``, ties to even; a NaN becomes quiet and keeps the upper bits of its payload.

    The conversion is the one of C, which gives infinity where the number is too large.
    """
    _f32[0] = x
    return _f32[0]


def f32_from_bits(bits: int) -> float:
    """``f32.reinterpret_i32``: the f32 with the given bits (u32)."""
    if bits & 0x7FFF_FFFF <= 0x7F80_0000:
        _u32[0] = bits
        return _f32[0]
    _u64[0] = (bits & 0x8000_0000) << 32 | 0x7FF0_0000_0000_0000 | (bits & 0x7F_FFFF) << 29
    return _f64[0]


def f32_to_bits(x: float) -> int:
    """``i32.reinterpret_f32``: the bits (u32) of an f32; a NaN that is no f32 loses the lower bits of its payload."""
    if x == x:
        _f32[0] = x
        return _u32[0]
    _f64[0] = x
    bits = _u64[0]
    return bits >> 32 & 0x8000_0000 | 0x7F80_0000 | (bits >> 29 & 0x7F_FFFF or 0x40_0000)


def f64_from_bits(bits: int) -> float:
    """``f64.reinterpret_i64``: the f64 with the given bits (u64)."""
    _u64[0] = bits
    return _f64[0]


def f64_to_bits(x: float) -> int:
    """``i64.reinterpret_f64``: the bits (u64) of an f64."""
    _f64[0] = x
    return _u64[0]
