"""Lane-wise floating-point operations (spec, section 4.3.3).

Arithmetic unpacks the lanes into Python's floats and rounds by packing them again; rounding an f64 result to f32 is
exact for ``+ - * /`` and square root, see :mod:`runtime_support.floats`.  C conversions make signalling NaNs quiet, as
arithmetic must.  What moves lanes without computing (abs, neg, pmin, pmax) works on their bits.

Formats are native: the standard format ``<f`` refuses numbers that round to infinity.
"""

from __future__ import annotations

from itertools import compress
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from struct import Struct

from runtime_support.floats import (
    f64_ceil,
    f64_div,
    f64_floor,
    f64_max,
    f64_min,
    f64_nearest,
    f64_sqrt,
    f64_trunc,
)
from runtime_support.integers import i32_trunc_sat_s, i32_trunc_sat_u
from runtime_support.simd.shapes import I32X4, I64X2, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime_support.simd.shapes import Helpers

_LOW = (1 << 64) - 1
_from_bytes = int.from_bytes
_F32X4, _F64X2, _F32X2 = Struct("4f"), Struct("2d"), Struct("2f")
_S32X4, _U32X4, _S32X2, _U32X2 = Struct("4i"), Struct("4I"), Struct("2i"), Struct("2I")


def _unary(lanes: Struct, operation: Callable[[float], float]) -> Callable[[int], int]:
    unpack, pack = lanes.unpack, lanes.pack

    def apply(a: int) -> int:
        return _from_bytes(pack(*map(operation, unpack(a.to_bytes(16, "little")))), "little")

    return apply


def _binary(lanes: Struct, operation: Callable[[float, float], float]) -> Callable[[int, int], int]:
    unpack, pack = lanes.unpack, lanes.pack

    def apply(a: int, b: int) -> int:
        x, y = unpack(a.to_bytes(16, "little")), unpack(b.to_bytes(16, "little"))
        return _from_bytes(pack(*map(operation, x, y)), "little")

    return apply


def _comparison(shape: Shape, lanes: Struct, operation: Callable[[float, float], bool]) -> Callable[[int, int], int]:
    """All bits of a lane, or none."""
    unpack = lanes.unpack
    masks = tuple([shape.mask << start for start in range(0, 128, shape.width)])

    def apply(a: int, b: int) -> int:
        x, y = unpack(a.to_bytes(16, "little")), unpack(b.to_bytes(16, "little"))
        return sum(compress(masks, map(operation, x, y)))

    return apply


def _of_bits(shape: Shape, lanes: Struct) -> Helpers:
    """Operations that keep the bits of lanes, or change their signs only."""
    signs, rest = shape.signs, shape.ones * shape.mask ^ shape.signs
    less = _comparison(shape, lanes, lt)

    def absolute(a: int) -> int:
        return a & rest

    def neg(a: int) -> int:
        return a ^ signs

    def pmin(a: int, b: int) -> int:
        return a ^ (a ^ b) & less(b, a)

    def pmax(a: int, b: int) -> int:
        return a ^ (a ^ b) & less(a, b)

    return {"abs": absolute, "neg": neg, "pmin": pmin, "pmax": pmax}


def _multiply_add(lanes: Struct) -> Helpers:
    """``relaxed_madd`` and ``relaxed_nmadd`` round the product first, as in the deterministic profile."""
    product, total, difference = _binary(lanes, mul), _binary(lanes, add), _binary(lanes, sub)

    def madd(a: int, b: int, c: int) -> int:
        return total(product(a, b), c)

    def nmadd(a: int, b: int, c: int) -> int:
        return difference(c, product(a, b))

    return {"relaxed_madd": madd, "relaxed_nmadd": nmadd}


def _float_shape(shape: Shape, lanes: Struct) -> Helpers:
    """What f32x4 and f64x2 share."""
    arithmetic = {"add": add, "sub": sub, "mul": mul, "div": f64_div}
    minimum, maximum = _binary(lanes, f64_min), _binary(lanes, f64_max)
    comparisons = {"eq": eq, "ne": ne, "lt": lt, "gt": gt, "le": le, "ge": ge}
    roundings = {"ceil": f64_ceil, "floor": f64_floor, "trunc": f64_trunc, "nearest": f64_nearest, "sqrt": f64_sqrt}
    return {
        **_of_bits(shape, lanes),
        **{name: _comparison(shape, lanes, operation) for name, operation in comparisons.items()},
        **{name: _unary(lanes, operation) for name, operation in roundings.items()},
        **{name: _binary(lanes, operation) for name, operation in arithmetic.items()},
        "min": minimum,
        "max": maximum,
        "relaxed_min": minimum,
        "relaxed_max": maximum,
        **_multiply_add(lanes),
    }


def _conversion(
    source: Struct, target: Struct, operation: Callable[[float], float] | None = None
) -> Callable[[int], int]:
    """Lanes of one type as lanes of another, from the low half where the source has 64 bits; the rest becomes zero."""
    unpack, pack, size = source.unpack, target.pack, source.size
    kept = (1 << 8 * size) - 1

    def convert(a: int) -> int:
        return _from_bytes(pack(*unpack((a & kept).to_bytes(size, "little"))), "little")

    def apply(a: int) -> int:
        assert operation is not None
        return _from_bytes(pack(*map(operation, unpack((a & kept).to_bytes(size, "little")))), "little")

    return convert if operation is None else apply


def helpers() -> Helpers:
    """The helpers of this module, by name."""
    named: Helpers = {}
    for name, group in (
        ("f32x4", _float_shape(I32X4, _F32X4)),
        ("f64x2", _float_shape(I64X2, _F64X2)),
    ):
        named.update({f"{name}_{operation}": helper for operation, helper in group.items()})
    for suffix, wide, half, truncate in (
        ("s", _S32X4, _S32X2, i32_trunc_sat_s),
        ("u", _U32X4, _U32X2, i32_trunc_sat_u),
    ):
        named[f"f32x4_convert_i32x4_{suffix}"] = _conversion(wide, _F32X4)
        named[f"f64x2_convert_low_i32x4_{suffix}"] = _conversion(half, _F64X2)
        for kind in ("trunc_sat", "relaxed_trunc"):
            named[f"i32x4_{kind}_f32x4_{suffix}"] = _conversion(_F32X4, wide, truncate)
            named[f"i32x4_{kind}_f64x2_{suffix}_zero"] = _conversion(_F64X2, half, truncate)
    named["f32x4_demote_f64x2_zero"] = _conversion(_F64X2, _F32X2)
    named["f64x2_promote_low_f32x4"] = _conversion(_F32X2, _F64X2)
    return named
