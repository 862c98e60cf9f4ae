"""Lane-wise integer operations (spec, section 4.3.2), written once for all shapes.

Each works on the whole vector as one number ("SIMD within a register").  A mask of lanes is first held as its top bits,
``m``, and then widened to whole lanes: ``(m << 1) - (m >> width - 1)``.  What does not look beyond a lane is made for
any number of vectors side by side in one int (:func:`lane_helpers`).
"""

from __future__ import annotations

from runtime_support.simd.shapes import I8X16, I16X8, I32X4, I64X2, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runtime_support.simd.shapes import Helpers


def _arithmetic(shape: Shape) -> Helpers:
    """What wraps; the top bit of each lane is added apart, so that nothing is carried."""
    signs, rest, top = shape.signs, shape.rest, shape.width - 1

    def neg(a: int) -> int:
        return signs - (a & rest) ^ a & signs ^ signs

    def absolute(a: int) -> int:
        m = a & signs
        return (a ^ (m << 1) - (m >> top)) + (m >> top)

    def avgr_u(a: int, b: int) -> int:
        return (a | b) - ((a ^ b) >> 1 & rest)

    helpers: Helpers = {"neg": neg, "abs": absolute}
    if shape.width <= 16:
        helpers["avgr_u"] = avgr_u
    return helpers


def _saturating(shape: Shape) -> Helpers:
    """Sums and differences that stop at the smallest and largest value of a lane."""
    signs, rest, top, all_bits = shape.signs, shape.rest, shape.width - 1, shape.all

    def add_sat_u(a: int, b: int) -> int:
        s = (a & rest) + (b & rest) ^ (a ^ b) & signs
        m = (a & b | (a | b) & (s ^ all_bits)) & signs
        return s | (m << 1) - (m >> top)

    def sub_sat_u(a: int, b: int) -> int:
        x = a ^ b
        d = (a | signs) - (b & rest)
        m = (x & a | (x ^ all_bits) & d) & signs  # where a >= b
        return (d ^ x & signs ^ signs) & (m << 1) - (m >> top)

    def add_sat_s(a: int, b: int) -> int:
        s = (a & rest) + (b & rest) ^ (a ^ b) & signs
        m = ((a ^ b ^ all_bits) & (a ^ s)) & signs
        return s ^ (s ^ rest + ((a & signs) >> top)) & (m << 1) - (m >> top)

    def sub_sat_s(a: int, b: int) -> int:
        x = a ^ b
        d = (a | signs) - (b & rest) ^ x & signs ^ signs
        m = x & (a ^ d) & signs
        return d ^ (d ^ rest + ((a & signs) >> top)) & (m << 1) - (m >> top)

    return {"add_sat_u": add_sat_u, "sub_sat_u": sub_sat_u, "add_sat_s": add_sat_s, "sub_sat_s": sub_sat_s}


def _comparisons(shape: Shape) -> Helpers:
    """All bits of a lane, or none.

    The top bit of ``(a | signs) - (b & rest)`` says whether the lower bits of ``a`` are at least those of ``b``; where
    the top bits of ``a`` and ``b`` differ, they decide: unsigned that of ``a``, signed that of ``b``.
    """
    signs, rest, top, mask = shape.signs, shape.rest, shape.width - 1, shape.mask

    def lt_u(a: int, b: int) -> int:
        d = (a | signs) - (b & rest)
        return (((d ^ (a ^ b) & (d ^ a)) & signs ^ signs) >> top) * mask

    def ge_u(a: int, b: int) -> int:
        d = (a | signs) - (b & rest)
        return (((d ^ (a ^ b) & (d ^ a)) & signs) >> top) * mask

    def lt_s(a: int, b: int) -> int:
        d = (a | signs) - (b & rest)
        return (((d ^ (a ^ b) & (d ^ b)) & signs ^ signs) >> top) * mask

    def ge_s(a: int, b: int) -> int:
        d = (a | signs) - (b & rest)
        return (((d ^ (a ^ b) & (d ^ b)) & signs) >> top) * mask

    def gt_u(a: int, b: int) -> int:
        d = (b | signs) - (a & rest)
        return (((d ^ (a ^ b) & (d ^ b)) & signs ^ signs) >> top) * mask

    def le_u(a: int, b: int) -> int:
        d = (b | signs) - (a & rest)
        return (((d ^ (a ^ b) & (d ^ b)) & signs) >> top) * mask

    def gt_s(a: int, b: int) -> int:
        d = (b | signs) - (a & rest)
        return (((d ^ (a ^ b) & (d ^ a)) & signs ^ signs) >> top) * mask

    def le_s(a: int, b: int) -> int:
        d = (b | signs) - (a & rest)
        return (((d ^ (a ^ b) & (d ^ a)) & signs) >> top) * mask

    signed: Helpers = {"lt_s": lt_s, "gt_s": gt_s, "le_s": le_s, "ge_s": ge_s}
    if shape.width == 64:
        return signed
    return {**signed, "lt_u": lt_u, "gt_u": gt_u, "le_u": le_u, "ge_u": ge_u}


def extremes(shape: Shape) -> Helpers:
    """The smaller or larger of two lanes: where the first is not less, as in :func:`_comparisons`, all bits change."""
    signs, rest, top, mask = shape.signs, shape.rest, shape.width - 1, shape.mask

    def min_u(a: int, b: int) -> int:
        x = a ^ b
        d = (a | signs) - (b & rest)
        return a ^ x & (((d ^ x & (d ^ a)) & signs) >> top) * mask

    def max_u(a: int, b: int) -> int:
        x = a ^ b
        d = (a | signs) - (b & rest)
        return b ^ x & (((d ^ x & (d ^ a)) & signs) >> top) * mask

    def min_s(a: int, b: int) -> int:
        x = a ^ b
        d = (a | signs) - (b & rest)
        return a ^ x & (((d ^ x & (d ^ b)) & signs) >> top) * mask

    def max_s(a: int, b: int) -> int:
        x = a ^ b
        d = (a | signs) - (b & rest)
        return b ^ x & (((d ^ x & (d ^ b)) & signs) >> top) * mask

    return {"min_u": min_u, "max_u": max_u, "min_s": min_s, "max_s": max_s}


def _shifts(shape: Shape) -> Helpers:
    """Shifts of all lanes by one count, which is taken modulo the width; any int will do."""
    signs, top, modulo, all_bits = shape.signs, shape.width - 1, shape.width - 1, shape.all
    kept = tuple([shape.splat(shape.mask >> count) for count in range(shape.width)])
    """The low bits of every lane that stay when ``count`` others go."""

    def shl(a: int, count: int) -> int:
        count &= modulo
        return (a & kept[count]) << count

    def shr_u(a: int, count: int) -> int:
        count &= modulo
        return a >> count & kept[count]

    def shr_s(a: int, count: int) -> int:
        count &= modulo
        m = a & signs
        low = kept[count]
        return a >> count & low | (m << 1) - (m >> top) & (low ^ all_bits)

    return {"shl": shl, "shr_u": shr_u, "shr_s": shr_s}


def _tests(shape: Shape) -> Helpers:
    """What is known of the lanes of one vector together.

    The top bits are gathered by a multiplication.  Bit ``i * width`` times bit ``(count - 1 - i) * (width - 1)`` is bit
    ``i + (count - 1) * (width - 1)``; no two of these products meet while the factor has at most 8 bits, so 16 lanes
    are gathered in two halves.
    """
    signs, rest, width, count = shape.signs, shape.rest, shape.width, min(shape.count, 8)
    factor = sum(1 << j * (width - 1) for j in range(count))
    first = count * (width - 1)
    found = (1 << count) - 1

    def all_true(a: int) -> int:
        return 1 if ((a & rest) + rest | a) & signs == signs else 0

    def bitmask(a: int) -> int:
        return (a & signs) * factor >> first & found

    def bitmask_of_16(a: int) -> int:
        products = (a & signs) * factor >> first
        return products & 0xFF | products >> 56 & 0xFF00

    return {"all_true": all_true, "bitmask": bitmask_of_16 if shape.count == 16 else bitmask}


def lane_helpers(total: int) -> Helpers:
    """The helpers that work lane by lane, by name, for vectors with ``total`` bits in all."""
    named: Helpers = {}
    for shape in [Shape(width, total) for width in (8, 16, 32, 64)]:
        made = [_arithmetic(shape), _comparisons(shape), _shifts(shape)]
        if shape.width < 64:
            made.append(extremes(shape))
        if shape.width <= 16:
            made.append(_saturating(shape))
        for group in made:
            named.update({f"{shape.name}_{name}": helper for name, helper in group.items()})
    return named


def helpers() -> Helpers:
    """The helpers of all integer shapes, by name."""
    named = lane_helpers(128)
    for shape in (I8X16, I16X8, I32X4, I64X2):
        named.update({f"{shape.name}_{name}": helper for name, helper in _tests(shape).items()})
    return named
