"""128-bit arithmetic against wasmtime: edges of both halves, constants, signed operands, and those that trap."""

from __future__ import annotations

import random
from functools import cache
from itertools import product

import pytest

from tests.unit.ir.oracle import Generated, Native, binary
from wasm2py.options import Options

EDGES = [0, 1, -1, 2**63 - 1, -(2**63), 2**32, -(2**32) - 1]
VARIANTS = [(level, target) for level in (0, 1, 2) for target in ("auto", "pypy")]

SUM = '(func (export "{op}") (param i64 i64 i64 i64) (result i64 i64) {operands} i64.{op})'
PRODUCT = '(func (export "{op}") (param i64 i64) (result i64 i64) local.get 0 local.get 1 i64.{op})'
LOCALS = "local.get 0 local.get 1 local.get 2 local.get 3"


@cache
def module() -> bytes:
    functions = [SUM.format(op=op, operands=LOCALS) for op in ("add128", "sub128")]
    functions += [PRODUCT.format(op=op) for op in ("mul_wide_s", "mul_wide_u")]
    return binary(f"""(module (memory 1) {" ".join(functions)}
        (func (export "constants") (param i64 i64) (result i64 i64)
            (i64.sub128 (local.get 0) (i64.const -1) (i64.const -9223372036854775808) (local.get 1)))
        (func (export "signed") (param $x i64) (param $y i64) (result i64 i64) (local $s i64)
            (local.set $s (i64.shr_s (local.get $x) (i64.const 1)))
            (if (i64.lt_s (local.get $s) (i64.const 5)) (then (local.set $s (i64.add (local.get $s) (local.get $y)))))
            (if (i64.lt_s (local.get $s) (local.get $y)) (then (local.set $s (i64.sub (local.get $s) (local.get $x)))))
            (i64.add128 (local.get $s) (local.get $s) (local.get $x) (i64.mul (local.get $s) (local.get $y))))
        (func (export "truths") (param i64 i64) (result i64 i64)
            (i64.mul_wide_s
                (i64.extend_i32_u (i64.lt_u (local.get 0) (local.get 1)))
                (i64.sub (i64.const 0) (i64.extend_i32_u (i64.eqz (local.get 1))))))
        (func (export "traps") (param i64 i64) (result i64 i64)
            (i64.add128
                (i64.load (i32.wrap_i64 (local.get 0))) (i64.div_u (local.get 0) (local.get 1))
                (i64.load (i32.wrap_i64 (local.get 1))) (i64.const 1)))
        (func (export "factorials") (param $n i64) (result i64 i64) (local $low i64) (local $high i64)
            (local $carry i64)
            (local.set $low (i64.const 1))
            (loop $again
                (i64.mul_wide_u (local.get $low) (local.get $n)) (local.set $carry) (local.set $low)
                (local.set $high (i64.add (i64.mul (local.get $high) (local.get $n)) (local.get $carry)))
                (br_if $again (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
            (local.get $low) (local.get $high)))""")


@cache
def native() -> Native:
    return Native(module(), "wasm_wide_arithmetic")


@pytest.mark.parametrize(("level", "target"), VARIANTS)
def test_halves_of_results(level: int, target: str) -> None:
    ours = Generated(module(), Options(optimise=level, target=target, format="none"))
    source = random.Random(28)
    operands = list(product(EDGES, repeat=4))
    operands += [tuple(source.randrange(-(2**63), 2**63) for _ in range(4)) for _ in range(100)]
    for four in operands:
        for name in ("add128", "sub128"):
            given, wanted = ours.call(name, *four), native().call(name, *four)
            assert (name, four, *as_tuples(given)) == (name, four, *as_tuples(wanted))
    for two in product([*EDGES, *(source.randrange(-(2**63), 2**63) for _ in range(20))], repeat=2):
        for name in ("mul_wide_s", "mul_wide_u", "constants", "signed", "truths", "traps"):
            given, wanted = ours.call(name, *two), native().call(name, *two)
            assert (name, two, *as_tuples(given)) == (name, two, *as_tuples(wanted))


@pytest.mark.parametrize(("level", "target"), VARIANTS)
def test_chains_in_a_loop(level: int, target: str) -> None:
    ours = Generated(module(), Options(optimise=level, target=target, format="none"))
    low, high = as_tuples(ours.call("factorials", 33))[1]
    assert (high % 2**64 << 64) + low % 2**64 == 8683317618811886495518194401280000000


def as_tuples(outcome: tuple[str, object]) -> tuple[str, tuple[int, ...]]:
    """An outcome whose values are a tuple: wasmtime gives a list."""
    kind, values = outcome
    return kind, tuple(values) if isinstance(values, list) else values  # type: ignore[return-value]  # numbers and strings
