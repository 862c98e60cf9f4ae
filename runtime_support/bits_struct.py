"""Bits of floats through ``struct``: safe where threads switch at any time, and the fastest way on PyPy.

Contracts are in :mod:`runtime_support.floats`, reasons in :mod:`runtime_support.bits_views`.
"""

from __future__ import annotations

from struct import Struct

_F32 = Struct("f")  # native: the standard format "<f" refuses numbers that round to infinity
_U32 = Struct("I")
_F64 = Struct("d")
_U64 = Struct("Q")
_f32_pack, _f32_unpack = _F32.pack, _F32.unpack
_u32_pack, _u32_unpack = _U32.pack, _U32.unpack
_f64_pack, _f64_unpack = _F64.pack, _F64.unpack
_u64_pack, _u64_unpack = _U64.pack, _U64.unpack


def f32_demote(x: float) -> float:
    """The f32 nearest to ``x``, ties to even; a NaN becomes quiet and keeps the upper bits of its payload."""
    if x == x:
        rounded: float = _f32_unpack(_f32_pack(x))[0]
        return rounded
    return f32_from_bits(f32_to_bits(x) | 0x40_0000)


def f32_from_bits(bits: int) -> float:
    """``f32.reinterpret_i32``: the f32 with the given bits (u32)."""
    if bits & 0x7FFF_FFFF <= 0x7F80_0000:
        number: float = _f32_unpack(_u32_pack(bits))[0]
        return number
    return f64_from_bits((bits & 0x8000_0000) << 32 | 0x7FF0_0000_0000_0000 | (bits & 0x7F_FFFF) << 29)


def f32_to_bits(x: float) -> int:
    """``i32.reinterpret_f32``: the bits (u32) of an f32; a NaN that is no f32 loses the lower bits of its payload."""
    if x == x:
        number: int = _u32_unpack(_f32_pack(x))[0]
        return number
    bits = f64_to_bits(x)
    return bits >> 32 & 0x8000_0000 | 0x7F80_0000 | (bits >> 29 & 0x7F_FFFF or 0x40_0000)


def f64_from_bits(bits: int) -> float:
    """``f64.reinterpret_i64``: the f64 with the given bits (u64)."""
    number: float = _f64_unpack(_u64_pack(bits))[0]
    return number


def f64_to_bits(x: float) -> int:
    """``i64.reinterpret_f64``: the bits (u64) of an f64."""
    number: int = _u64_unpack(_f64_pack(x))[0]
    return number
