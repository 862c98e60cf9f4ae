"""Many vectors side by side in one int, for loops that do the same to each of them.

Big ints cost little more per operation than small ones: what 128 bits take 12 to 20 ns for, 32 vectors at once take 2
to 4 ns each.  Vector 0 is lowest.  ``__all__`` is the interface: ``wide_NAME`` is the helper NAME for :data:`VECTORS`
vectors, ``wide_fold_NAME`` combines these vectors to a single one by it.
"""

from __future__ import annotations

import math
from operator import and_, mul, or_, xor
from struct import Struct, pack

from runtime_support.simd.integers import lane_helpers
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


def wide_load(items: memoryview, start: int, step: int) -> int:
    """Vectors from memory as items of 64 bits: the first at ``start``, each ``step`` behind the one before."""
    if step == 2:
        return _from_bytes(items[start : start + 2 * VECTORS], "little")
    gathered = memoryview(bytearray(_SIZE)).cast("Q")
    end = start + step * VECTORS
    gathered[::2] = items[start:end:step]
    gathered[1::2] = items[start + 1 : end + 1 : step]
    return _from_bytes(gathered, "little")


def wide_load_items(items: memoryview, start: int, step: int) -> int:
    """Items from memory, which are the lowest lanes of vectors."""
    # The type checker's cast takes literal formats only.
    gathered = memoryview(bytearray(_SIZE)).cast(items.format)  # type: ignore[call-overload]
    gathered[:: 16 // items.itemsize] = items[start : start + step * VECTORS : step]
    return _from_bytes(gathered, "little")


def wide_store(items: memoryview, start: int, step: int, vectors: int) -> None:
    """Vectors to memory, as in :func:`wide_load`."""
    halves = memoryview(vectors.to_bytes(_SIZE, "little")).cast("Q")
    end = start + step * VECTORS
    if step == 2:
        items[start:end] = halves
    else:
        items[start:end:step] = halves[::2]
        items[start + 1 : end + 1 : step] = halves[1::2]


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
    items: memoryview, start: int, a: memoryview, start_a: int, b: memoryview, start_b: int, vectors: int
) -> None:
    """Products of neighbouring vectors with lanes of 32 bits, to memory; each ``start`` counts items of 64 bits."""
    start, start_a, start_b, count = 2 * start, 2 * start_a, 2 * start_b, 4 * vectors
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


def _add(width: int) -> Callable[[int, int], int]:
    """Sums of lanes."""
    shape = Shape(width, _TOTAL)
    signs, rest = shape.signs, shape.rest

    def add(a: int, b: int) -> int:
        return (a & rest) + (b & rest) ^ (a ^ b) & signs

    return add


def _fold(combine: Callable[[int, int], int]) -> Callable[[int], int]:
    """What combines all vectors by an operation that does not look beyond a lane."""
    steps = []
    bits = _TOTAL
    while bits > 128:
        bits >>= 1
        steps.append((bits, (1 << bits) - 1))

    def fold(a: int) -> int:
        for bits, low in steps:
            a = combine(a & low, a >> bits)
        return a & ALL

    return fold


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
    folds = {name: each[name] for name in each if name.partition("_")[2] in ("min_s", "min_u", "max_s", "max_u")}
    folds.update({"v128_and": and_, "v128_or": or_, "v128_xor": xor})
    for width in (8, 16, 32, 64):
        folds[f"{Shape(width).name}_add"] = _add(width)
    named: Helpers = {f"wide_{name}": helper for name, helper in each.items()}
    named.update({f"wide_fold_{name}": _fold(combine) for name, combine in folds.items()})
    for helper in (
        wide_copies,
        wide_load,
        wide_load_items,
        wide_store,
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
