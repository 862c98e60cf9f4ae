"""Floating-point operators that are not plain Python (spec, section 4.3.3).

Python's float is an f64.  An f32 is held as the f64 of the same value; an f32 NaN as the NaN with the same sign and the
payload shifted left by 29 bits, its *image*, so that signalling NaNs survive where C conversions would make them quiet.
Since the quiet bit of the image is the quiet bit of the f32, most operators are the same function for both widths, and
``-x``, ``abs(x)`` and ``copysign`` act on images as on numbers.

Arithmetic returns quiet NaNs; which payload they have is the hardware's choice, as the specification allows.
"""

from __future__ import annotations

import sys
from math import ceil, copysign, floor, inf, nan, sqrt

TYPE_CHECKING = False
if TYPE_CHECKING or (
    sys.implementation.name == "cpython"
    and sys.version_info >= (3, 10)
    and getattr(sys, "_is_gil_enabled", lambda: True)()
):
    from runtime_support.bits_views import f32_demote, f32_from_bits, f32_to_bits, f64_from_bits, f64_to_bits
else:
    from runtime_support.bits_struct import f32_demote, f32_from_bits, f32_to_bits, f64_from_bits, f64_to_bits

__all__ = [
    "f32_ceil",
    "f32_convert",
    "f32_copysign",
    "f32_demote",
    "f32_div",
    "f32_floor",
    "f32_from_bits",
    "f32_max",
    "f32_min",
    "f32_nearest",
    "f32_sqrt",
    "f32_to_bits",
    "f32_trunc",
    "f64_ceil",
    "f64_convert",
    "f64_copysign",
    "f64_div",
    "f64_floor",
    "f64_from_bits",
    "f64_max",
    "f64_min",
    "f64_nearest",
    "f64_promote",
    "f64_sqrt",
    "f64_to_bits",
    "f64_trunc",
]

_INTEGRAL = 2.0**52
"""From here on every f64 is an integer."""


def f64_promote(x: float) -> float:
    """``f64.promote_f32``: the same value; a NaN becomes quiet."""
    return x if x == x else f64_from_bits(f64_to_bits(x) | 0x8_0000_0000_0000)


def f64_div(a: float, b: float) -> float:
    """``f64.div``: quotient, with infinities and NaN where ``b`` is zero."""
    try:
        return a / b
    except ZeroDivisionError:
        if a != a:
            return f64_promote(a)
        return copysign(inf, a) * copysign(1.0, b) if a else nan


def f32_div(a: float, b: float) -> float:
    """``f32.div``: quotient of two f32; rounding twice is harmless, since 53 >= 2 * 24 + 2."""
    return f32_demote(f64_div(a, b))


def f64_sqrt(x: float) -> float:
    """``f64.sqrt``: square root; NaN of negative numbers, -0.0 of -0.0."""
    if x >= 0.0:
        return sqrt(x)
    return nan if x == x else f64_promote(x)


def f32_sqrt(x: float) -> float:
    """``f32.sqrt``: square root of an f32; rounding twice is harmless, since 53 >= 2 * 24 + 2."""
    return f32_demote(f64_sqrt(x))


def f64_min(a: float, b: float) -> float:
    """``f64.min`` and ``f32.min``: the lesser; -0.0 is less than 0.0; NaN if one operand is."""
    if a < b:
        return a
    if b < a:
        return b
    if a == b:
        return a if copysign(1.0, a) < 0.0 else b
    return a + b


def f64_max(a: float, b: float) -> float:
    """``f64.max`` and ``f32.max``: the greater; 0.0 is greater than -0.0; NaN if one operand is."""
    if a > b:
        return a
    if b > a:
        return b
    if a == b:
        return b if copysign(1.0, a) < 0.0 else a
    return a + b


def f64_ceil(x: float) -> float:
    """``f64.ceil`` and ``f32.ceil``: the least integer not below ``x``, with the sign of ``x`` if zero."""
    if -_INTEGRAL < x < _INTEGRAL:
        return float(ceil(x)) or copysign(0.0, x)
    return f64_promote(x)


def f64_floor(x: float) -> float:
    """``f64.floor`` and ``f32.floor``: the greatest integer not above ``x``, with the sign of ``x`` if zero."""
    if -_INTEGRAL < x < _INTEGRAL:
        return float(floor(x)) or copysign(0.0, x)
    return f64_promote(x)


def f64_trunc(x: float) -> float:
    """``f64.trunc`` and ``f32.trunc``: the integer part, with the sign of ``x`` if zero."""
    if -_INTEGRAL < x < _INTEGRAL:
        return float(int(x)) or copysign(0.0, x)
    return f64_promote(x)


def f64_nearest(x: float) -> float:
    """``f64.nearest`` and ``f32.nearest``: the nearest integer, ties to even, with the sign of ``x`` if zero."""
    # Beyond 2**52 an f64 has no fraction left: the addition rounds, the subtraction is exact.
    if x > 0.0:
        return (x + _INTEGRAL) - _INTEGRAL if x < _INTEGRAL else x
    if x < 0.0:
        return (x - _INTEGRAL) + _INTEGRAL or -0.0 if x > -_INTEGRAL else x
    return f64_promote(x)


f32_min, f32_max = f64_min, f64_max
f32_ceil, f32_floor, f32_trunc, f32_nearest = f64_ceil, f64_floor, f64_trunc, f64_nearest
f32_copysign = f64_copysign = copysign
f64_convert = float


def f32_convert(x: int) -> float:
    """``f32.convert_i32_s`` and the like: the f32 nearest to an integer of any size, ties to even.

    A number beyond 53 bits would be rounded twice: so all bits that neither 24 bits nor the tie depend on are
    first merged into one ("round to odd").

    :raises OverflowError: if the number is beyond an f64; no Wasm integer is
    """
    if -0x20_0000_0000_0000 <= x <= 0x20_0000_0000_0000:
        return f32_demote(x)
    excess = x.bit_length() - 53
    shifted = x >> excess
    return f32_demote(float((shifted | (shifted << excess != x)) << excess))
