"""The helpers for many vectors side by side: each does to every vector what the helper for one does."""

from __future__ import annotations

import inspect
import random
from functools import reduce
from operator import and_, or_, xor

import pytest

from runtime_support import simd
from runtime_support.simd import wide

LANES = (0, 1, 0xFFFF_FFFF, 0x8000_0000, 0x80, 0x7FFF_7FFF, 0x8000_8000, 0x7F80_7F80, 0x0100_FF00)
FOLDS = sorted(name for name in wide.HELPERS if name.startswith("wide_fold_"))
ACCESSES = ["wide_constant", "wide_copies", "wide_load", "wide_load_items", "wide_store"]
ACCESSES += ["wide_part", "wide_add_products", "wide_store_products"]


def vectors(source: random.Random) -> list[int]:
    """As many as one integer holds: lanes at the edges of their range, and random bits."""
    lanes = [source.choice((*LANES, source.getrandbits(32))) for _ in range(4 * wide.VECTORS)]
    return [sum(lane << 32 * i for i, lane in enumerate(lanes[start : start + 4])) for start in range(0, len(lanes), 4)]


def side_by_side(each: list[int]) -> int:
    return sum(vector << 128 * number for number, vector in enumerate(each))


@pytest.mark.parametrize("name", sorted({*wide.HELPERS} - {*FOLDS, *ACCESSES}))
def test_as_the_helper_for_one_vector(name: str) -> None:
    source = random.Random(name)
    helper, one = wide.HELPERS[name], simd.HELPERS[name.removeprefix("wide_")]
    for count in (0, 1, 7, 33, -1):
        args = [vectors(source) for _ in inspect.signature(one).parameters]
        if name.endswith(("shl", "shr_s", "shr_u")):
            assert helper(side_by_side(args[0]), count) == side_by_side([one(a, count) for a in args[0]])
        else:
            expected = side_by_side([one(*each) for each in zip(*args, strict=True)])
            assert helper(*map(side_by_side, args)) == expected


@pytest.mark.parametrize("name", FOLDS)
def test_folds_combine_all_vectors(name: str) -> None:
    source = random.Random(name)
    operation = name.removeprefix("wide_fold_")
    bitwise = {"v128_and": and_, "v128_or": or_, "v128_xor": xor}
    for _ in range(5):
        each = vectors(source)
        if operation.endswith("_add"):
            width = int(operation[1 : operation.index("x")])
            mask = (1 << width) - 1
            expected = sum((sum(x >> i & mask for x in each) & mask) << i for i in range(0, 128, width))
        else:
            expected = reduce(bitwise.get(operation) or simd.HELPERS[operation], each)
        assert wide.HELPERS[name](side_by_side(each)) == expected


@pytest.mark.parametrize("left", [1, 7, 32, 100])
@pytest.mark.parametrize("step", [2, 3, 8])
def test_accesses_take_turns(step: int, left: int) -> None:
    data = bytearray(random.Random(step).randbytes(8 * step * wide.VECTORS + 64))
    items = memoryview(data).cast("Q")
    places = range(3, 3 + step * wide.VECTORS, step)
    found = wide.wide_load(items, 3, step, 99)
    assert found == side_by_side([items[place] | items[place + 1] << 64 for place in places])
    assert wide.wide_load_items(items, 3, step, 32) == side_by_side([items[place] for place in places])
    assert wide.wide_load(items, 3, step, 5) == found & (1 << 640) - 1
    assert wide.wide_load_items(items, 3, step, 1) == items[3]
    before, changed = bytes(data), wide.HELPERS["wide_i8x16_neg"](found)
    wide.wide_store(items, 3, step, left, changed)
    for number, place in enumerate(places[:left]):
        assert items[place] | items[place + 1] << 64 == changed >> 128 * number & (1 << 128) - 1
        before = before[: 8 * place] + bytes(data[8 * place : 8 * place + 16]) + before[8 * place + 16 :]
    assert before == bytes(data)


def test_constants_and_copies_fill_every_place() -> None:
    for vector in (0, 1, 0x7F << 120, 12345):
        assert wide.wide_copies(vector) == wide.wide_constant(vector) == side_by_side([vector] * wide.VECTORS)


def test_products_of_items_are_those_of_lanes() -> None:
    data = bytearray(random.Random(5).randbytes(4096))
    words, shorts, pairs = memoryview(data).cast("i"), memoryview(data).cast("h"), memoryview(data).cast("Q")
    total = one = dotted = random.Random(6).getrandbits(128)
    for turn in range(40):
        a, b = (pairs[place] | pairs[place + 1] << 64 for place in (2 * turn, 3 * turn + 100))
        one = wide.HELPERS["wide_fold_i32x4_add"](one | simd.HELPERS["i32x4_mul"](a, b) << 128)
        dotted = wide.HELPERS["wide_fold_i32x4_add"](dotted | simd.HELPERS["i32x4_dot_i16x8_s"](a, b) << 128)
    assert wide.wide_add_products(total, 32, 40, words, 0, 4, words, 200, 6, 1) == one
    assert wide.wide_add_products(total, 32, 40, shorts, 0, 8, shorts, 400, 12, 2) == dotted
    expected = [words[4 + i] * words[60 + i] & 0xFFFF_FFFF for i in range(40)]
    unsigned = memoryview(data).cast("I")
    wide.wide_store_products(unsigned, 100, unsigned, 2, unsigned, 30, 5, 2)
    assert list(unsigned[200:240]) == expected


def test_a_part_of_the_vectors_is_replaced() -> None:
    source = random.Random(7)
    new, old = vectors(source), vectors(source)
    for left in (1, 9, 31, 32):
        assert wide.wide_part(*map(side_by_side, (new, old)), left) == side_by_side(new[:left] + old[left:])
