"""The numeric helpers against exact arithmetic (``fractions``) and against ``struct`` and ``ctypes``."""

from __future__ import annotations

import ctypes
import math
import struct
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import runtime_support as rt
from runtime_support import bits_struct, bits_views

WAYS = pytest.mark.parametrize("bits", [bits_struct, bits_views])

u32 = st.integers(0, 2**32 - 1)
u64 = st.integers(0, 2**64 - 1)
s64 = st.integers(-(2**63), 2**63 - 1)
finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.floats(allow_nan=False)


def _f32_neighbours(x: Fraction) -> tuple[Fraction, Fraction, int]:
    """The multiples of the f32 grid's unit around ``x``, and the lower one in units."""
    exponent = -149
    while abs(x) >= Fraction(2) ** (exponent + 24):
        exponent += 1
    unit = Fraction(2) ** exponent
    low = math.floor(x / unit)
    return low * unit, (low + 1) * unit, low


def f32_nearest_to(x: Fraction) -> float:
    """The specification's definition (section 4.3.3, "Rounding"), in exact arithmetic."""
    low, high, units = _f32_neighbours(x)
    nearest = low if (x - low, units % 2) < (high - x, (units + 1) % 2) else high
    return float(nearest) if abs(nearest) < 2**128 else (math.inf if nearest > 0 else -math.inf)


@WAYS
@given(finite)
@example(1 + 2.0**-24)
@example(1 + 3 * 2.0**-24)
@example(2.0**-150)
@example(3.4028235677973366e38)
@example(3.4028235677973362e38)
def test_demote_rounds_to_nearest_even(bits: Any, x: float) -> None:
    assert bits.f32_demote(x) == f32_nearest_to(Fraction(x))
    assert math.copysign(1, bits.f32_demote(x)) == math.copysign(1, x)


@given(st.one_of(s64, u64, st.integers(0, 39).flatmap(lambda n: st.just((1 << 24 | 1) << n | 1 << max(n - 1, 0) | 1))))
@example(0x7FFFFF4000000001)
@example(0xFFFFFF0000000001)
@example(-0x7FFFFF4000000001)
def test_convert_rounds_once(x: int) -> None:
    assert rt.f32_convert(x) == f32_nearest_to(Fraction(x))


@given(finite, finite.filter(bool))
def test_f32_quotient_is_correctly_rounded(a: float, b: float) -> None:
    a, b = rt.f32_demote(a), rt.f32_demote(b)
    if b and math.isfinite(a) and math.isfinite(b):
        assert rt.f32_div(a, b) == f32_nearest_to(Fraction(a) / Fraction(b))


@WAYS
@given(u32)
@example(0x7F800001)
@example(0xFFBFFFFF)
@example(0x7FC00000)
@example(0xFF800000)
@example(0x80000000)
def test_f32_bits_survive(bits: Any, number: int) -> None:
    x = bits.f32_from_bits(number)
    assert bits.f32_to_bits(x) == number
    if x == x:
        assert x == ctypes.c_float.from_buffer_copy(struct.pack("=I", number)).value


@WAYS
@given(u64)
@example(0x7FF0000000000001)
@example(0xFFF7FFFFFFFFFFFF)
def test_f64_bits_survive(bits: Any, number: int) -> None:
    x = bits.f64_from_bits(number)
    assert bits.f64_to_bits(x) == number
    if x == x:
        assert x == ctypes.c_double.from_buffer_copy(struct.pack("=Q", number)).value


@WAYS
@given(st.integers(1, 2**52 - 1), st.booleans())
@example(1, False)
@example(2**51, True)
def test_demoting_a_nan_keeps_what_fits_and_makes_it_quiet(bits: Any, mantissa: int, negative: bool) -> None:
    x = bits.f64_from_bits(negative << 63 | 0x7FF << 52 | mantissa)
    assert bits.f32_to_bits(bits.f32_demote(x)) == negative << 31 | 0xFF << 23 | mantissa >> 29 | 1 << 22


@WAYS
@pytest.mark.parametrize("mantissa", [1, 2**29 - 1])
def test_a_nan_whose_payload_does_not_fit_stays_a_nan(bits: Any, mantissa: int) -> None:
    assert bits.f32_to_bits(bits.f64_from_bits(0xFFF << 52 | mantissa)) == 0xFFC00000


@given(st.integers(0x7F800001, 0x7FFFFFFF), st.booleans())
def test_neg_and_abs_act_on_the_image_of_a_nan(number: int, negative: bool) -> None:
    x = rt.f32_from_bits(number | negative << 31)
    assert rt.f32_to_bits(-x) == number | (not negative) << 31
    assert rt.f32_to_bits(abs(x)) == number
    assert rt.f32_to_bits(rt.f32_copysign(x, -1.0)) == number | 1 << 31


@given(st.integers(0x7F800001, 0x7FFFFFFF), st.booleans())
def test_operators_make_nans_quiet(number: int, negative: bool) -> None:
    x = rt.f32_from_bits(number | negative << 31)
    quiet = number | negative << 31 | 1 << 22
    unary = (rt.f32_ceil, rt.f32_floor, rt.f32_trunc, rt.f32_nearest, rt.f32_sqrt, rt.f64_promote)
    for operator in unary:
        assert rt.f32_to_bits(operator(x)) == quiet, operator
    for binary in (rt.f32_div, rt.f32_min, rt.f32_max):
        for pair in ((x, 0.0), (0.0, x), (x, 1.0)):
            assert rt.f32_to_bits(binary(*pair)) & 0x7FC00000 == 0x7FC00000, binary


@given(numbers, numbers)
@example(0.0, -0.0)
@example(-0.0, 0.0)
@example(1.0, -0.0)
@example(-math.inf, 0.0)
@example(0.0, 0.0)
def test_division(a: float, b: float) -> None:
    result = rt.f64_div(a, b)
    if math.isinf(a) and math.isinf(b):
        assert result != result
    elif b and math.isfinite(a) and math.isfinite(b):
        exact = Fraction(a) / Fraction(b)
        assert abs(exact) > Fraction(1.7e308) or result == float(exact)
    elif a or b:
        assert abs(result) == (0.0 if math.isinf(b) or not a else math.inf)
    else:
        assert result != result
    if result == result:
        assert math.copysign(1, result) == math.copysign(1, a) * math.copysign(1, b)


@given(numbers)
@example(0.5)
@example(1.5)
@example(-0.5)
@example(2.0**52 - 0.5)
@example(-(2.0**52) + 0.5)
@example(0.49999999999999994)
@example(math.inf)
def test_rounding_to_integers_is_exact_and_keeps_the_sign(x: float) -> None:
    operators: list[tuple[Callable[[float], float], Callable[[Fraction], int]]] = [
        (rt.f64_ceil, math.ceil),
        (rt.f64_floor, math.floor),
        (rt.f64_trunc, math.trunc),
        (rt.f64_nearest, round),
    ]
    for operator, oracle in operators:
        result = operator(x)
        assert result == (x if math.isinf(x) else oracle(Fraction(x)))
        assert math.copysign(1, result) == math.copysign(1, x)


@given(numbers, numbers)
@example(0.0, -0.0)
@example(-0.0, 0.0)
def test_min_and_max_order_the_zeros(a: float, b: float) -> None:
    def key(x: float) -> tuple[float, float]:
        return x, math.copysign(1, x)

    assert key(rt.f64_min(a, b)) == min(key(a), key(b))
    assert key(rt.f64_max(a, b)) == max(key(a), key(b))


def _c(bits: int, x: int) -> Any:
    return {32: ctypes.c_int32, 64: ctypes.c_int64}[bits](x).value


@pytest.mark.parametrize("bits", [32, 64])
@given(st.data())
def test_integers(bits: int, data: st.DataObject) -> None:
    edges = st.sampled_from([0, 1, 2**bits - 1, 2 ** (bits - 1), 2 ** (bits - 1) - 1])
    values = st.one_of(edges, st.integers(0, 2**bits - 1))
    a, b = data.draw(values), data.draw(values)
    text = format(a, f"0{bits}b")

    def helper(name: str) -> Callable[..., Any]:
        return getattr(rt, f"i{bits}_{name}")  # type: ignore[no-any-return]  # by name

    assert helper("clz")(a) == (text.find("1") if a else bits)
    assert helper("ctz")(a) == (bits - 1 - text.rfind("1") if a else bits)
    assert helper("popcnt")(a) == text.count("1")
    n = b % bits
    assert helper("rotl")(a, b) == int(text[n:] + text[:n], 2)
    assert helper("rotr")(a, b) == int(text[bits - n :] + text[: bits - n], 2)
    assert getattr(rt, f"s{bits}")(a - b) == _c(bits, a - b)
    sa, sb = _c(bits, a), _c(bits, b)
    if b:
        assert (helper("div_u")(a, b), helper("rem_u")(a, b)) == divmod(a, b)
        assert helper("rem_s")(sa, sb) == sa - sb * math.trunc(Fraction(sa, sb))
        if (sa, sb) == (-(2 ** (bits - 1)), -1):
            with pytest.raises(rt.Trap, match="^integer overflow$"):
                helper("div_s")(sa, sb)
        else:
            assert helper("div_s")(sa, sb) == math.trunc(Fraction(sa, sb))
    else:
        for name in ("div_s", "div_u", "rem_s", "rem_u"):
            with pytest.raises(rt.Trap, match="^integer divide by zero$"):
                helper(name)(sa, sb)


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("sign", ["s", "u"])
@given(st.data())
def test_truncation(bits: int, sign: str, data: st.DataObject) -> None:
    least, greatest = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if sign == "s" else (0, 2**bits - 1)
    edges = [float(e) for e in (least, greatest, least - 1, greatest + 1, -1)]
    edges += [math.nextafter(e, to) for e in edges for to in (-math.inf, math.inf)]
    x = data.draw(st.one_of(st.sampled_from(edges), st.floats(-(2.0**65), 2.0**65), numbers))
    exact = None if math.isinf(x) else int(x)
    trunc, sat = getattr(rt, f"i{bits}_trunc_{sign}"), getattr(rt, f"i{bits}_trunc_sat_{sign}")
    if exact is not None and least <= exact <= greatest:
        assert trunc(x) == sat(x) == exact
    else:
        assert sat(x) == (least if x < 0 else greatest)
        with pytest.raises(rt.Trap, match="^integer overflow$"):
            trunc(x)


@pytest.mark.parametrize("name", ["i32", "i64"])
def test_truncation_of_nan(name: str) -> None:
    for sign in "su":
        assert getattr(rt, f"{name}_trunc_sat_{sign}")(math.nan) == 0
        with pytest.raises(rt.Trap, match="^invalid conversion to integer$"):
            getattr(rt, f"{name}_trunc_{sign}")(math.nan)
