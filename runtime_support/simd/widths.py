"""Integer operations whose operands and results have lanes of different width: extend, narrow, multiply, dot.

Products of many lanes go through ``struct``, lane by lane: multiplying two vectors as numbers would mix all lanes.
"""

from __future__ import annotations

from operator import mul
from struct import Struct

from runtime_support.simd.shapes import I8X16, I16X8, I32X4, I64X2, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime_support.simd.shapes import Helpers

_CODES = {8: "b", 16: "h", 32: "i", 64: "q"}
_LOW = (1 << 64) - 1
_from_bytes = int.from_bytes


def _struct(width: int, signed: bool, bits: int = 128) -> Struct:
    """The format of all lanes of one width."""
    code = _CODES[width]
    return Struct(f"<{bits // width}{code if signed else code.upper()}")


_s8, _s16 = _struct(8, signed=True), _struct(16, signed=True)
_u32 = _struct(32, signed=False)


def _spread(width: int, total: int) -> Callable[[int], int]:
    """What moves the lanes of the low half apart: halves first, then their halves, down to single lanes."""
    low_64, low_32, low_16, low_8 = (Shape(2 * size, total).splat((1 << size) - 1) for size in (64, 32, 16, 8))

    def spread_32(a: int) -> int:
        a &= low_64
        return (a | a << 32) & low_32

    def spread_16(a: int) -> int:
        a &= low_64
        a = (a | a << 32) & low_32
        return (a | a << 16) & low_16

    def spread_8(a: int) -> int:
        a &= low_64
        a = (a | a << 32) & low_32
        a = (a | a << 16) & low_16
        return (a | a << 8) & low_8

    return {32: spread_32, 16: spread_16, 8: spread_8}[width]


def _extend(narrow: Shape, wide: Shape, total: int) -> Helpers:
    """Every lane of one half in twice its width."""
    width = narrow.width
    signs = wide.splat(1 << width - 1)
    low_u = _spread(width, total)

    def high_u(a: int) -> int:
        return low_u(a >> 64)

    def low_s(a: int) -> int:
        a = low_u(a)
        m = a & signs
        return a | (m << width + 1) - (m << 1)

    def high_s(a: int) -> int:
        return low_s(a >> 64)

    source = narrow.name
    return {
        f"extend_low_{source}_u": low_u,
        f"extend_high_{source}_u": high_u,
        f"extend_low_{source}_s": low_s,
        f"extend_high_{source}_s": high_s,
    }


def _pairwise(narrow: Shape, wide: Shape) -> Helpers:
    """Sums of two neighbours in twice the width."""
    width = narrow.width
    even = wide.splat(narrow.mask)
    biased, excess, top = narrow.signs, wide.splat(1 << width), wide.signs

    def signed(a: int) -> int:
        a ^= biased  # each lane is greater by half its range now, each sum by the whole range
        return (a & even) + (a >> width & even) + top - excess ^ top

    return {f"extadd_pairwise_{narrow.name}_s": signed}


def extension_helpers(total: int) -> Helpers:
    """The helpers that widen lanes and stay inside of a vector, by name, for vectors with ``total`` bits in all."""
    named: Helpers = {}
    shapes = [Shape(width, total) for width in (8, 16, 32, 64)]
    for narrow, wide in zip(shapes, shapes[1:]):
        made = _extend(narrow, wide, total)
        if wide.width < 64:
            made.update(_pairwise(narrow, wide))
        named.update({f"{wide.name}_{name}": helper for name, helper in made.items()})
    return named


def nearest(width: int, total: int) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """What makes of signed lanes with twice a width the nearest ones that fit into it: signed, and unsigned."""
    wide, narrow = Shape(2 * width, total), Shape(width, total)
    signs, top, everything = wide.signs, wide.width - 1, wide.all
    above_s = wide.splat(wide.mask >> 1 & ~(narrow.mask >> 1))
    above_u = wide.splat(wide.mask >> 1 & ~narrow.mask)
    kept, largest = wide.splat(narrow.mask), wide.splat(narrow.mask >> 1)

    def signed(x: int) -> int:
        m = x & signs
        m = (m << 1) - (m >> top)
        x ^= m  # negative lanes inverted: none is negative any more
        over = (x & above_s) + above_s & signs
        return (x | (over << 1) - (over >> top)) & largest ^ m & kept

    def unsigned(x: int) -> int:
        m = x & signs
        x &= (m << 1) - (m >> top) ^ everything  # negative lanes are 0
        over = (x & above_u) + above_u & signs
        return (x | (over << 1) - (over >> top)) & kept

    return signed, unsigned


def packing(width: int, total: int, end: int) -> Callable[[int], int]:
    """What moves lanes together, from twice a width to ``end`` bits for each ``2 * end``."""
    steps = []
    distance = width
    while distance < end:
        steps.append((distance, Shape(4 * distance, total).splat((1 << 2 * distance) - 1)))
        distance <<= 1

    def packed(x: int) -> int:
        for distance, mask in steps:
            x = (x | x >> distance) & mask
        return x

    return packed


def _narrow(width: int) -> Helpers:
    """The lanes of two vectors, signed, in half their width: what does not fit becomes the nearest that does."""
    to_signed, to_unsigned = nearest(width, 256)

    def packed_bytes(x: int) -> int:
        return _from_bytes(x.to_bytes(32, "little")[::2], "little")

    pack = packed_bytes if width == 8 else packing(width, 256, 128)

    def signed(a: int, b: int) -> int:
        return pack(to_signed(a | b << 128))

    def unsigned(a: int, b: int) -> int:
        return pack(to_unsigned(a | b << 128))

    source = Shape(2 * width).name
    return {f"narrow_{source}_s": signed, f"narrow_{source}_u": unsigned}


# Two lanes of a stay where they are and are multiplied by the same two of b, shifted so that the lower one comes first.
# The products of different lanes lie between those wanted.
_PAIR = 0xFFFF | 0xFFFF << 64
_PAIRS = tuple([_PAIR << start for start in (0, 16, 32, 48)])
_PRODUCTS = tuple([(0xFFFF | 0xFFFF << 128) << start for start in (0, 16, 32, 48)])


def i16x8_mul(a: int, b: int) -> int:
    """``i16x8.mul``: low halves of products."""
    zero, one, two, three = _PAIRS
    p0, p1, p2, p3 = _PRODUCTS
    products = (
        (a & zero) * (b & zero) & p0
        | (a & one) * (b >> 16 & zero) & p1
        | (a & two) * (b >> 32 & zero) & p2
        | (a & three) * (b >> 48 & zero) & p3
    )
    return products & _LOW | products >> 64


# One lane of a stays where it is and is multiplied by b, shifted so that its lane comes first: the lanes above add
# something only above.
_LANES = tuple([0xFFFF_FFFF << start for start in (0, 32, 64, 96)])


def i32x4_mul(a: int, b: int) -> int:
    """``i32x4.mul``: low halves of products."""
    zero, one, two, three = _LANES
    return (
        (a & zero) * b & zero
        | (a & one) * (b >> 32) & one
        | (a & two) * (b >> 64) & two
        | (a & three) * (b >> 96) & three
    )


def i64x2_mul(a: int, b: int) -> int:
    """``i64x2.mul``: low halves of products."""
    return (a & _LOW) * b & _LOW | ((a >> 64) * (b >> 64) & _LOW) << 64


def _extended_products(narrow: Shape, wide: Shape, suffix: str) -> Helpers:
    """Products of the lanes of one half, in twice the width."""
    unpack = _struct(narrow.width, suffix == "s", 64).unpack
    pack = _struct(wide.width, suffix == "s").pack

    def low(a: int, b: int) -> int:
        products = map(mul, unpack((a & _LOW).to_bytes(8, "little")), unpack((b & _LOW).to_bytes(8, "little")))
        return _from_bytes(pack(*products), "little")

    def high(a: int, b: int) -> int:
        products = map(mul, unpack((a >> 64).to_bytes(8, "little")), unpack((b >> 64).to_bytes(8, "little")))
        return _from_bytes(pack(*products), "little")

    return {f"extmul_low_{narrow.name}_{suffix}": low, f"extmul_high_{narrow.name}_{suffix}": high}


def i32x4_dot_i16x8_s(a: int, b: int) -> int:
    """``i32x4.dot_i16x8_s``: sums of two neighbouring products; only -2**15 four times over exceeds a lane."""
    p = list(map(mul, _s16.unpack(a.to_bytes(16, "little")), _s16.unpack(b.to_bytes(16, "little"))))
    sums = [x + y & 0xFFFF_FFFF for x, y in zip(p[::2], p[1::2])]
    return _from_bytes(_u32.pack(*sums), "little")


def i16x8_q15mulr_sat_s(a: int, b: int) -> int:
    """``i16x8.q15mulr_sat_s``: rounded products of fixed-point numbers; only -1 times -1 exceeds a lane."""
    products = map(mul, _s16.unpack(a.to_bytes(16, "little")), _s16.unpack(b.to_bytes(16, "little")))
    return _from_bytes(_s16.pack(*[min(x + 0x4000 >> 15, 0x7FFF) for x in products]), "little")


def _dot_i8(a: int, b: int) -> list[int]:
    """Sums of two neighbouring products of signed bytes, saturated to 16 bits."""
    p = list(map(mul, _s8.unpack(a.to_bytes(16, "little")), _s8.unpack(b.to_bytes(16, "little"))))
    return [min(x + y, 0x7FFF) for x, y in zip(p[::2], p[1::2])]


def i16x8_relaxed_dot_i8x16_i7x16_s(a: int, b: int) -> int:
    """``i16x8.relaxed_dot_i8x16_i7x16_s``, with ``b`` signed as in the deterministic profile."""
    return _from_bytes(_s16.pack(*_dot_i8(a, b)), "little")


def i32x4_relaxed_dot_i8x16_i7x16_add_s(a: int, b: int, c: int) -> int:
    """``i32x4.relaxed_dot_i8x16_i7x16_add_s``: sums of four products, added to the lanes of ``c``."""
    d = _dot_i8(a, b)
    sums = [x + y + z & 0xFFFF_FFFF for x, y, z in zip(d[::2], d[1::2], _u32.unpack(c.to_bytes(16, "little")))]
    return _from_bytes(_u32.pack(*sums), "little")


def helpers() -> Helpers:
    """The helpers of this module, by name."""
    named: Helpers = {
        "i16x8_mul": i16x8_mul,
        "i32x4_mul": i32x4_mul,
        "i64x2_mul": i64x2_mul,
        "i32x4_dot_i16x8_s": i32x4_dot_i16x8_s,
        "i16x8_q15mulr_sat_s": i16x8_q15mulr_sat_s,
        "i16x8_relaxed_q15mulr_s": i16x8_q15mulr_sat_s,
        "i16x8_relaxed_dot_i8x16_i7x16_s": i16x8_relaxed_dot_i8x16_i7x16_s,
        "i32x4_relaxed_dot_i8x16_i7x16_add_s": i32x4_relaxed_dot_i8x16_i7x16_add_s,
    }

    named.update(extension_helpers(128))
    for narrow, wide in ((I8X16, I16X8), (I16X8, I32X4), (I32X4, I64X2)):
        for suffix in "su":
            made = _extended_products(narrow, wide, suffix)
            named.update({f"{wide.name}_{name}": helper for name, helper in made.items()})
        if wide.width < 64:
            made = _narrow(narrow.width)
            named.update({f"{narrow.name}_{name}": helper for name, helper in made.items()})
    return named
