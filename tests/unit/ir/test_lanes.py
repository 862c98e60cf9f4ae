"""Where quarters of a vector are no quarters of it any more, and other conditions for combining operations on lanes."""

from __future__ import annotations

import pytest

from tests.unit.ir.oracle import Generated, Native, binary
from wasm2py.options import Options

DATA = bytes(range(200, 256)).hex()
BYTES = "".join(f"\\{DATA[i : i + 2]}" for i in range(0, len(DATA), 2))


def widened(load: str, byte: int | None = None, factor: int = 1) -> str:
    """Four bytes of what ``load`` gives in lanes of 32 bits; with ``byte``, whether they are that."""
    if byte is not None:
        load = f"(i8x16.eq {load} (v128.const i8x16 {' '.join([str(byte)] * 16)}))"
    text = f"(i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u {load}))"
    return text if byte is None else f"(v128.and {text} (v128.const i32x4 {' '.join([str(factor)] * 4)}))"


def quarter(place: int, kind: str = "load32_zero", pointer: str = "$p") -> str:
    return f"(v128.{kind} (i32.add (local.get {pointer}) (i32.const {place})))"


STORE = "(i32.store offset=8 (local.get $p) (i32.const 0x01020304))"
POINT = "(local.set $p (i32.add (local.get $p) (i32.const 1)))"
QUARTERS = [quarter(0, "load"), quarter(4), quarter(8, "load64_zero"), quarter(12)]
ADD = "(i32x4.add)"


def sum_of(*parts: str) -> str:
    """The parts one after the other, each added to what is there."""
    return "(local.get $sum)" + "".join(part if part in (STORE, POINT) else part + ADD for part in parts)


EXPRESSIONS = {
    "all four": sum_of(*map(widened, QUARTERS)),
    "another order": sum_of(*map(widened, QUARTERS[::-1])),
    "one twice": sum_of(*map(widened, [*QUARTERS[:3], QUARTERS[2]])),
    "the first is no vector": sum_of(*map(widened, [quarter(0), *QUARTERS[1:]]), widened(QUARTERS[0])),
    "a vector that is used otherwise": sum_of(QUARTERS[0], widened(quarter(0)), *map(widened, QUARTERS[1:])),
    "a store between": sum_of(*map(widened, QUARTERS[:2]), STORE, *map(widened, QUARTERS[2:])),
    "another pointer": sum_of(*map(widened, QUARTERS[:2]), POINT, *map(widened, QUARTERS[2:])),
    "another memory address": sum_of(*map(widened, QUARTERS[:3]), widened(quarter(16))),
    "counts": sum_of(*(widened(x, 205) for x in QUARTERS)),
    "counts with large factors": sum_of(*(widened(x, 205, 255) for x in QUARTERS)),
    "counts, a store between": sum_of(widened(QUARTERS[0], 3), STORE, *(widened(x, 3) for x in QUARTERS[1:])),
    "counts, another pointer": sum_of(widened(QUARTERS[0], 205), POINT, *(widened(x, 205) for x in QUARTERS[1:])),
    "counts of different bytes": sum_of(*(widened(x, 200 + 4 * i) for i, x in enumerate(QUARTERS))),
    "zeros beyond": "(i8x16.eq (v128.load (local.get $p)) (v128.const i64x2 0 0))"
    "(i8x16.eq (v128.load32_zero offset=4 (local.get $p)) (v128.const i64x2 0 0))(v128.xor)",
    "large lanes": "(i32x4.add (local.get $sum) (i32x4.splat (local.get $p)))(local.get $sum)(i32x4.add)",
    "lanes of halves": "(i16x8.add (local.get $sum) (v128.load (local.get $p)))(local.get $sum)(i16x8.add)",
    "a mask of other lanes": "(i32x4.sub (local.get $sum) (i16x8.eq (local.get $sum) (v128.load (local.get $p))))",
}


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize(("level", "target"), [(0, "auto"), (1, "auto"), (1, "pypy")])
def test_as_wasmtime_does(name: str, level: int, target: str) -> None:
    data = binary(f"""(module (memory 1) (data (i32.const 64) "{BYTES}") (data (i32.const 65480) "{BYTES}")
      (func (export "f") (param $p i32) (param $x i64) (result i64) (local $sum v128)
        (local.set $sum (i64x2.splat (local.get $x)))
        {EXPRESSIONS[name]}
        (local.set $sum)
        (i64.xor (i64x2.extract_lane 0 (local.get $sum))
                 (i64.rotl (i64x2.extract_lane 1 (local.get $sum)) (i64.const 7)))))""")
    native, generated = Native(data), Generated(data, Options(optimise=level, target=target, format="none"))
    for pointer in (64, 67, 0, 100, 65520, 65521, 65508, -4, -16, -1):
        for start in (0, -1, 0x7FFFFFFF_80000000, 0x7FFF8000_FFFF0001):
            assert generated.call("f", pointer, start) == native.call("f", pointer, start), (pointer, start)
