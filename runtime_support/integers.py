"""Integer operators that are not plain Python (spec, section 4.3.2), written once for both widths.

Operators with the suffix ``_s`` take and return signed numbers, all others unsigned ones.  Operands are in range.
"""

from __future__ import annotations

from runtime_support.traps import Trap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Unary = Callable[[int], int]
    Binary = Callable[[int, int], int]
    Truncation = Callable[[float], int]

__all__ = [
    "i32_clz",
    "i32_ctz",
    "i32_div_s",
    "i32_div_u",
    "i32_popcnt",
    "i32_rem_s",
    "i32_rem_u",
    "i32_rotl",
    "i32_rotr",
    "i32_trunc_s",
    "i32_trunc_sat_s",
    "i32_trunc_sat_u",
    "i32_trunc_u",
    "i64_clz",
    "i64_ctz",
    "i64_div_s",
    "i64_div_u",
    "i64_popcnt",
    "i64_rem_s",
    "i64_rem_u",
    "i64_rotl",
    "i64_rotr",
    "i64_trunc_s",
    "i64_trunc_sat_s",
    "i64_trunc_sat_u",
    "i64_trunc_u",
    "s32",
    "s64",
]


def _division(bits: int) -> tuple[Binary, Binary, Binary, Binary]:
    least = -(1 << bits - 1)

    def div_s(a: int, b: int) -> int:
        """``iN.div_s``: the quotient rounded toward zero; traps on zero, and on the quotient 2**(N-1)."""
        if b > 0:
            return a // b if a >= 0 else -(-a // b)
        if b == 0:
            raise Trap("integer divide by zero")
        if a > 0:
            return -(a // -b)
        if b == -1 and a == least:
            raise Trap("integer overflow")
        return -a // -b

    def rem_s(a: int, b: int) -> int:
        """``iN.rem_s``: the remainder with the sign of the dividend; traps on zero."""
        if b == 0:
            raise Trap("integer divide by zero")
        if b < 0:
            b = -b
        return a % b if a >= 0 else -(-a % b)

    def div_u(a: int, b: int) -> int:
        """``iN.div_u``: the quotient rounded down; traps on zero."""
        if b == 0:
            raise Trap("integer divide by zero")
        return a // b

    def rem_u(a: int, b: int) -> int:
        """``iN.rem_u``: the remainder; traps on zero."""
        if b == 0:
            raise Trap("integer divide by zero")
        return a % b

    return div_s, rem_s, div_u, rem_u


def _bit_operators(bits: int) -> tuple[Unary, Unary, Binary, Binary, Unary]:
    mask = (1 << bits) - 1
    sign = 1 << bits - 1
    shift_mask = bits - 1

    def clz(x: int) -> int:
        """``iN.clz``: the number of leading zero bits."""
        return bits - x.bit_length()

    def ctz(x: int) -> int:
        """``iN.ctz``: the number of trailing zero bits."""
        return (x & -x).bit_length() - 1 if x else bits

    def rotl(x: int, n: int) -> int:
        """``iN.rotl``: ``x`` rotated left by ``n`` modulo N bits."""
        n &= shift_mask
        return (x << n | x >> bits - n) & mask

    def rotr(x: int, n: int) -> int:
        """``iN.rotr``: ``x`` rotated right by ``n`` modulo N bits."""
        n &= shift_mask
        return (x >> n | x << bits - n) & mask

    def signed(x: int) -> int:
        """The signed number that is congruent to ``x``, any integer, modulo 2**N."""
        return ((x & mask) ^ sign) - sign

    return clz, ctz, rotl, rotr, signed


def _popcnt() -> Unary:
    """``iN.popcnt``: the number of one bits; ``int.bit_count`` where Python has it (3.10)."""
    bit_count: Unary | None = getattr(int, "bit_count", None)
    return bit_count or (lambda x: bin(x).count("1"))


def _truncation(least: int, greatest: int) -> tuple[Truncation, Truncation]:
    # The f64 nearest to the range on either side of it: every number strictly between truncates into the range.
    below = least - 1.0 if least > -(1 << 53) else least - 2048.0
    above = greatest + 1.0

    def trunc(x: float) -> int:
        """``iN.trunc_fM``: the integer part; traps on NaN and where the result is out of range."""
        if below < x < above:
            return int(x)
        raise Trap("integer overflow" if x == x else "invalid conversion to integer")

    def trunc_sat(x: float) -> int:
        """``iN.trunc_sat_fM``: the integer part or the nearest number in range; 0 for NaN."""
        if below < x < above:
            return int(x)
        if x != x:
            return 0
        return least if x < 0.0 else greatest

    return trunc, trunc_sat


i32_div_s, i32_rem_s, i32_div_u, i32_rem_u = _division(32)
i64_div_s, i64_rem_s, i64_div_u, i64_rem_u = _division(64)
i32_clz, i32_ctz, i32_rotl, i32_rotr, s32 = _bit_operators(32)
i64_clz, i64_ctz, i64_rotl, i64_rotr, s64 = _bit_operators(64)
i32_popcnt = i64_popcnt = _popcnt()
i32_trunc_s, i32_trunc_sat_s = _truncation(-(1 << 31), (1 << 31) - 1)
i64_trunc_s, i64_trunc_sat_s = _truncation(-(1 << 63), (1 << 63) - 1)
i32_trunc_u, i32_trunc_sat_u = _truncation(0, (1 << 32) - 1)
i64_trunc_u, i64_trunc_sat_u = _truncation(0, (1 << 64) - 1)
