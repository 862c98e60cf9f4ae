"""Many vectors side by side in one int, for loops that do the same to each of them.

Big ints cost little more per operation than small ones: what 128 bits take 12 to 20 ns for, 32 vectors at once take 2
to 4 ns each.  Vector 0 is lowest.  ``__all__`` is the interface: ``wide_NAME`` is the helper NAME for :data:`VECTORS`
vectors, ``wide_fold_NAME`` combines these vectors to a single one by it.
"""

from __future__ import annotations

import math
from operator import and_, mul, or_, xor
from struct import Struct, pack

from runtime_support.simd.integers import extremes, lane_helpers
from runtime_support.simd.shapes import ALL, Shape
from runtime_support.simd.vectors import POPULATION, v128_bitselect
from runtime_support.simd.widths import extension_helpers, nearest, packing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime_support.simd.shapes import Helpers

VECTORS = 32
"""How many vectors one int holds."""

_SIZE = 16 * VECTORS
_TOTAL = 128 * VECTORS
_COPIES = Shape(128, _TOTAL).ones
_from_bytes = int.from_bytes


class _Constants(dict):  # type: ignore[type-arg]  # of ints; the type cannot be subscripted in Python 3.9
    """A vector of generated code, and as many of it as there are."""

    def __missing__(self, vector: int) -> int:
        copies: int = vector * _COPIES
        self[vector] = copies
        return copies


wide_constant = _Constants().__getitem__
"""Copies of a constant."""


def wide_copies(vector: int) -> int:
    """Copies of a vector."""
    return vector * _COPIES


def wide_load(items: memoryview, start: int, step: int, left: int) -> int:
    """Vectors from memory as items of 64 bits: the first at ``start``, each ``step`` behind the one before.

    Where fewer are ``left`` than there is room for, the others are 0.
    """
    count = left if left < VECTORS else VECTORS
    if step == 2:
        return _from_bytes(items[start : start + 2 * count], "little")
    gathered = memoryview(bytearray(16 * count)).cast("Q")
    end = start + step * count
    gathered[::2] = items[start:end:step]
    gathered[1::2] = items[start + 1 : end + 1 : step]
    return _from_bytes(gathered, "little")


def wide_load_items(items: memoryview, start: int, step: int, left: int) -> int:
    """Items from memory, which are the lowest lanes of vectors, as in :func:`wide_load`."""
    count = left if left < VECTORS else VECTORS
    # The type checker's cast takes literal formats only.
    gathered = memoryview(bytearray(16 * count)).cast(items.format)  # type: ignore[call-overload]  # takes literals
    gathered[:: 16 // items.itemsize] = items[start : start + step * count : step]
    return _from_bytes(gathered, "little")


def wide_store(items: memoryview, start: int, step: int, left: int, vectors: int) -> None:
    """Vectors to memory, as in :func:`wide_load`."""
    count = VECTORS
    if left < VECTORS:
        count = left
        vectors &= (1 << 128 * count) - 1
    halves = memoryview(vectors.to_bytes(16 * count, "little")).cast("Q")
    end = start + step * count
    if step == 2:
        items[start:end] = halves
    else:
        items[start:end:step] = halves[::2]
        items[start + 1 : end + 1 : step] = halves[1::2]


def wide_part(vectors: int, others: int, left: int) -> int:
    """The first vectors, as many as are ``left``, and the others behind them."""
    return others ^ (vectors ^ others) & (1 << 128 * left) - 1


def _sum_products(a: memoryview, b: memoryview) -> int:
    return sum(map(mul, a, b))


_sumprod: Callable[[memoryview, memoryview], int] = getattr(math, "sumprod", _sum_products)
"""The library's own, from Python 3.12 on."""


def wide_add_products(
    total: int,
    width: int,
    count: int,
    a: memoryview,
    first_a: int,
    step_a: int,
    b: memoryview,
    first_b: int,
    step_b: int,
    together: int,
) -> int:
    """A vector with lanes of ``width`` bits, plus the products of ``count`` vectors, loaded as items.

    A lane gets the products of ``together`` neighbouring items.
    """
    mask = (1 << width) - 1
    end_a, end_b = step_a * count, step_b * count
    result = item = 0
    for place in range(0, 128, width):
        lane = total >> place
        for _ in range(together):
            one, two = first_a + item, first_b + item
            lane += _sumprod(a[one : one + end_a : step_a], b[two : two + end_b : step_b])
            item += 1
        result |= (lane & mask) << place
    return result


def wide_store_products(
    items: memoryview, start: int, a: memoryview, start_a: int, b: memoryview, start_b: int, left: int, each: int
) -> None:
    """Products of neighbouring vectors with lanes of 32 bits, to memory; each ``start`` counts items of 64 bits.

    There are ``each`` of them for as many turns as are ``left``, or as one int has room for.
    """
    start, start_a, start_b = 2 * start, 2 * start_a, 2 * start_b
    count = 4 * each * (left if left < VECTORS else VECTORS)
    products = pack(f"<{count}Q", *map(mul, a[start_a : start_a + count], b[start_b : start_b + count]))
    items[start : start + count] = memoryview(products).cast("I")[::2]


def _popcnt(a: int) -> int:
    """The number of ones in every byte."""
    return _from_bytes(a.to_bytes(_SIZE, "little").translate(POPULATION), "little")


def _narrow(width: int) -> Helpers:
    """The lanes of two vectors in half their width, to the nearest that fits."""
    to_signed, to_unsigned = nearest(width, _TOTAL)
    packed = packing(width, _TOTAL, 64)

    def signed(a: int, b: int) -> int:
        return packed(to_signed(a)) | packed(to_signed(b)) << 64

    def unsigned(a: int, b: int) -> int:
        return packed(to_unsigned(a)) | packed(to_unsigned(b)) << 64

    name = f"{Shape(width).name}_narrow_{Shape(2 * width).name}"
    return {f"{name}_s": signed, f"{name}_u": unsigned}


def _multiplied_halves() -> Callable[[int, int], int]:
    """Products of lanes of 16 bits: for each bit of one, from the highest, twice the sum so far and the other or 0."""
    shape = Shape(16, _TOTAL)
    ones, mask, signs, rest = shape.ones, shape.mask, shape.signs, shape.rest

    def multiply(a: int, b: int) -> int:
        total = 0
        for bit in range(15, -1, -1):
            total = (total & rest) << 1
            other = (b >> bit & ones) * mask & a
            total = (total & rest) + (other & rest) ^ (total ^ other) & signs
        return total

    return multiply


_LANES, _PRODUCTS = Struct(f"<{_SIZE // 4}I"), Struct(f"<{_SIZE // 4}Q")


def _multiplied_words(a: int, b: int) -> int:
    """Products of lanes of 32 bits, one by one: 32 rounds for each bit would take twice the time."""
    lanes = map(_LANES.unpack, (a.to_bytes(_SIZE, "little"), b.to_bytes(_SIZE, "little")))
    products = memoryview(_PRODUCTS.pack(*map(mul, *lanes))).cast("I")
    return _from_bytes(products[::2], "little")


def _add(shape: Shape) -> Callable[[int, int], int]:
    """Sums of lanes."""
    signs, rest = shape.signs, shape.rest

    def add(a: int, b: int) -> int:
        return (a & rest) + (b & rest) ^ (a ^ b) & signs

    return add


_HALVES = [(_TOTAL >> level, (1 << (_TOTAL >> level)) - 1) for level in range(1, VECTORS.bit_length())]
"""How many bits are combined with as many others, and a mask of them, until a vector is left."""


def _fold(combine: list[Callable[[int, int], int]], neutral: bool) -> Callable[[int], int]:
    """What combines all vectors by an operation that does not look beyond a lane.

    :param combine: the operation, for each of the halves
    :param neutral: zeros make no difference: places that were not used may be left out
    """
    steps = [(bits, low, each) for (bits, low), each in zip(_HALVES, combine)]

    def fold(a: int) -> int:
        for bits, low, combine in steps:
            if a > low or not neutral:
                a = combine(a & low, a >> bits)
        return a & ALL

    return fold


def _folds() -> Helpers:
    """What combines all vectors, by the name of the operation."""
    named: Helpers = {}
    for name, operation in (("and", and_), ("or", or_), ("xor", xor)):
        named[f"v128_{name}"] = _fold([operation] * len(_HALVES), name != "and")
    for width in (8, 16, 32, 64):
        shapes = [Shape(width, bits) for bits, _ in _HALVES]
        named[f"{shapes[0].name}_add"] = _fold([_add(shape) for shape in shapes], neutral=True)
        if width < 64:
            made = [extremes(shape) for shape in shapes]
            for name in made[0]:
                named[f"{shapes[0].name}_{name}"] = _fold([each[name] for each in made], neutral=False)
    return named


def _helpers() -> Helpers:
    """All of them, by name."""
    each: Helpers = {
        **lane_helpers(_TOTAL),
        **extension_helpers(_TOTAL),
        **_narrow(8),
        **_narrow(16),
        "i16x8_mul": _multiplied_halves(),
        "i32x4_mul": _multiplied_words,
        "i8x16_popcnt": _popcnt,
        "v128_bitselect": v128_bitselect,
    }
    named: Helpers = {f"wide_{name}": helper for name, helper in each.items()}
    named.update({f"wide_fold_{name}": helper for name, helper in _folds().items()})
    for helper in (
        wide_copies,
        wide_load,
        wide_load_items,
        wide_store,
        wide_part,
        wide_add_products,
        wide_store_products,
    ):
        named[helper.__name__] = helper
    return {**named, "wide_constant": wide_constant}


HELPERS = _helpers()
"""The helpers by name."""

for _name, _helper in HELPERS.items():
    globals()[_name] = _helper

__all__ = sorted(HELPERS)
