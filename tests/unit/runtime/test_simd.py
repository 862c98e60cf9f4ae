"""The helpers for vectors: which there are, that only their users load them, and lane by lane what they compute."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime_support import simd
from wasm2py.ir.building.vectors import INFIX, METHODS

ROOT = Path(__file__).resolve().parents[3]
INLINE = {"op_v128_const", "op_v128_not", "op_v128_andnot", "op_v128_any_true", "op_vector_infix", "op_vector_splat"}
INLINE |= {"op_vector_extract_lane", "op_vector_replace_lane", "op_vector_sum", "op_vector_equal"}
INLINE |= {"op_vector_pairwise"}


def test_there_is_a_helper_for_every_instruction_that_is_no_expression() -> None:
    """Modules that people generated and keep depend on every name: none may go away."""
    names = {
        name.replace(".", "_")
        for name, method in METHODS.items()
        if method not in INLINE and "_load" not in method and "_store" not in method
    }
    assert sorted(names) == simd.__all__
    assert set(INFIX) == {"v128.and", "v128.or", "v128.xor"}
    for name in names:
        assert callable(getattr(simd, name))


def test_modules_without_vectors_do_not_load_them() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import runtime_support; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert "runtime_support.memory" in done.stdout
    assert "runtime_support.simd" not in done.stdout


def lanes(value: int, width: int, *, signed: bool) -> list[int]:
    """A vector's lanes as integers."""
    data = value.to_bytes(16, "little")
    size = width // 8
    return [int.from_bytes(data[i : i + size], "little", signed=signed) for i in range(0, 16, size)]


def vector(values: list[int], width: int) -> int:
    """Lanes, modulo their width, as a vector."""
    return sum((value % (1 << width)) << width * i for i, value in enumerate(values))


def saturated(value: int, width: int, *, signed: bool) -> int:
    """The nearest number that fits."""
    low, high = (-1 << width - 1, (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    return max(low, min(high, value))


ANY: dict[str, Callable[[int, int], int]] = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b}
ANY |= {"mul": lambda a, b: a * b}
COMPARE: dict[str, Callable[[int, int], int]] = {
    "lt": lambda a, b: -(a < b),
    "gt": lambda a, b: -(a > b),
    "le": lambda a, b: -(a <= b),
    "ge": lambda a, b: -(a >= b),
    "min": min,
    "max": max,
    "avgr": lambda a, b: a + b + 1 >> 1,
}


def operands(width: int) -> list[tuple[int, int]]:
    """Pairs of vectors: lanes at the edges of their range, and random bits."""
    source = random.Random(width)
    half = 1 << width - 1
    edges = [0, 1, half - 1, half, half + 1, 2 * half - 1]
    pairs = [
        (vector(source.choices(edges, k=128 // width), width), vector(source.choices(edges, k=128 // width), width))
        for _ in range(100)
    ]
    return pairs + [(source.getrandbits(128), source.getrandbits(128)) for _ in range(100)]


@pytest.mark.parametrize("width", [8, 16, 32, 64])
def test_binary_operations_lane_by_lane(width: int) -> None:
    shape = f"i{width}x{128 // width}_"
    tested = 0
    for name, helper in simd.HELPERS.items():
        operation, _, suffix = name.removeprefix(shape).partition("_")
        signed = suffix.endswith("s")
        if not name.startswith(shape):
            continue
        if operation in ANY and suffix in ("", "sat_s", "sat_u"):
            compute = ANY[operation]
        elif operation in COMPARE and suffix in ("", "s", "u"):
            compute = COMPARE[operation]
        else:
            continue
        tested += 1
        for a, b in operands(width):
            pairs = zip(lanes(a, width, signed=signed), lanes(b, width, signed=signed), strict=True)
            values = [compute(x, y) for x, y in pairs]
            if suffix.startswith("sat"):
                values = [saturated(value, width, signed=signed) for value in values]
            assert helper(a, b) == vector(values, width), (name, hex(a), hex(b))
    assert tested == {8: 17, 16: 18, 32: 13, 64: 5}[width]


@pytest.mark.parametrize("width", [8, 16, 32, 64])
def test_shifts_and_summaries_lane_by_lane(width: int) -> None:
    shape = f"i{width}x{128 // width}_"
    helpers = {name.removeprefix(shape): helper for name, helper in simd.HELPERS.items() if name.startswith(shape)}
    for a, b in operands(width):
        signed, unsigned = lanes(a, width, signed=True), lanes(a, width, signed=False)
        for count in (0, 1, width - 1, b % 1000, -3):
            k = count % width
            assert helpers["shl"](a, count) == vector([x << k for x in signed], width)
            assert helpers["shr_s"](a, count) == vector([x >> k for x in signed], width)
            assert helpers["shr_u"](a, count) == vector([x >> k for x in unsigned], width)
        assert helpers["neg"](a) == vector([-x for x in signed], width)
        assert helpers["abs"](a) == vector([abs(x) for x in signed], width)
        assert helpers["all_true"](a) == all(signed)
        assert helpers["bitmask"](a) == sum((x < 0) << i for i, x in enumerate(signed))


@pytest.mark.parametrize("width", [8, 16, 32])
def test_widths_lane_by_lane(width: int) -> None:
    wide, narrow = f"i{2 * width}x{64 // width}", f"i{width}x{128 // width}"
    half = 64 // width
    for a, b in operands(width):
        for signed, suffix in ((True, "s"), (False, "u")):
            x, y = lanes(a, width, signed=signed), lanes(b, width, signed=signed)
            for part, name in ((slice(half), "low"), (slice(half, None), "high")):
                extended = simd.HELPERS[f"{wide}_extend_{name}_{narrow}_{suffix}"](a)
                assert extended == vector(x[part], 2 * width)
                products = simd.HELPERS[f"{wide}_extmul_{name}_{narrow}_{suffix}"](a, b)
                assert products == vector([p * q for p, q in zip(x[part], y[part], strict=True)], 2 * width)
            if width < 32:
                if signed:  # unsigned it is an expression
                    sums = simd.HELPERS[f"{wide}_extadd_pairwise_{narrow}_s"](a)
                    assert sums == vector([p + q for p, q in zip(x[::2], x[1::2], strict=True)], 2 * width)
                narrowed = [
                    saturated(value, width, signed=signed)
                    for operand in (a, b)
                    for value in lanes(operand, 2 * width, signed=True)
                ]
                assert simd.HELPERS[f"{narrow}_narrow_{wide}_{suffix}"](a, b) == vector(narrowed, width)
