"""Every vector instruction against wasmtime, on lanes at the edges of their types and on random ones."""

from __future__ import annotations

import random
import struct
from functools import cache

import pytest

from tests.unit.ir.oracle import Generated, Native, binary
from wasm2py.options import Options
from wasm2py.wasm.opcodes import OPCODES, Opcode

OPS = [op for op in OPCODES.values() if op.feature in ("simd", "relaxed-simd")]
VARIANTS = [(0, "auto"), (1, "auto"), (2, "auto"), (1, "pypy"), (2, "pypy")]
PAGE = 65536
RESULT = 64

_DOT = """
    (i16x8.add_sat_s
        (i8x16.shuffle 0 1 4 5 8 9 12 13 16 17 20 21 24 25 28 29
            (i16x8.extmul_low_i8x16_s {a} {b}) (i16x8.extmul_high_i8x16_s {a} {b}))
        (i8x16.shuffle 2 3 6 7 10 11 14 15 18 19 22 23 26 27 30 31
            (i16x8.extmul_low_i8x16_s {a} {b}) (i16x8.extmul_high_i8x16_s {a} {b})))
"""
PROFILE = {
    "i8x16.relaxed_swizzle": "(i8x16.swizzle {a} {b})",
    **{f"i32x4.relaxed_trunc_f32x4_{form}": f"(i32x4.trunc_sat_f32x4_{form} {{a}})" for form in "su"},
    **{f"i32x4.relaxed_trunc_f64x2_{form}_zero": f"(i32x4.trunc_sat_f64x2_{form}_zero {{a}})" for form in "su"},
    **{f"{x}.relaxed_madd": f"({x}.add ({x}.mul {{a}} {{b}}) {{c}})" for x in ("f32x4", "f64x2")},
    **{f"{x}.relaxed_nmadd": f"({x}.add ({x}.mul ({x}.neg {{a}}) {{b}}) {{c}})" for x in ("f32x4", "f64x2")},
    **{f"{x}.relaxed_laneselect": "(v128.bitselect {a} {b} {c})" for x in ("i8x16", "i16x8", "i32x4", "i64x2")},
    **{f"{x}.relaxed_{y}": f"({x}.{y} {{a}} {{b}})" for x in ("f32x4", "f64x2") for y in ("min", "max")},
    "i16x8.relaxed_q15mulr_s": "(i16x8.q15mulr_sat_s {a} {b})",
    "i16x8.relaxed_dot_i8x16_i7x16_s": _DOT,
    "i32x4.relaxed_dot_i8x16_i7x16_add_s": f"(i32x4.add (i32x4.extadd_pairwise_i16x8_s {_DOT}) {{c}})",
}
"""What relaxed instructions do in the deterministic profile, by ordinary instructions."""

ARITHMETIC = {"add", "sub", "mul", "div", "sqrt", "min", "max", "ceil", "floor", "trunc", "nearest", "relaxed_madd"}
ARITHMETIC |= {"relaxed_nmadd", "relaxed_min", "relaxed_max", "demote_f64x2_zero", "promote_low_f32x4"}
"""Floating-point operations that may return any quiet NaN."""

OPERANDS = {"i32": "(i32.load (i32.const 48))", "i64": "(i64.load (i32.const 48))"}
OPERANDS |= {"f32": "(f32.load (i32.const 48))", "f64": "(f64.load (i32.const 48))"}


def immediates(op: Opcode) -> list[str]:
    """Immediates to try."""
    if op.immediate == "lane":
        return [f" {lane}" for lane in range(op.size)]
    if op.immediate == "shuffle":
        source = random.Random(13)
        chosen = [[source.randrange(32) for _ in range(16)] for _ in range(4)]
        chosen += [[(start + i) % 32 for i in range(16)] for start in (0, 5, 16, 20)]
        chosen += [[*range(8), *range(16, 24)], [*range(24, 32), *range(3), *range(11, 16)], [7] * 16]
        return [" " + " ".join(map(str, lanes)) for lanes in chosen]
    return [""]


def functions(*, oracle: bool) -> dict[str, str]:
    """The text of a function for each instruction that computes, by the instruction with immediates."""
    texts = {}
    for op in OPS:
        if op.immediate not in ("-", "lane", "shuffle"):
            continue
        vectors = iter(f"(v128.load (i32.const {address}))" for address in (0, 16, 32))
        operands = [next(vectors) if str(p) == "v128" else OPERANDS[str(p)] for p in op.params or ()]
        (result,) = op.results or ()
        for immediate in immediates(op):
            name = op.name + immediate
            call = f"({name} {' '.join(operands)})"
            if oracle and op.name in PROFILE:
                call = PROFILE[op.name].format(**dict(zip("abc", operands, strict=False)))
            texts[name] = f'(func (export "{name}") ({result}.store (i32.const {RESULT}) {call}))'
    for load in ("load", "load32_zero"):
        bytes_ = f"(i16x8.extend_low_i8x16_u (v128.{load} (i32.const 0)))"
        texts[f"four bytes by {load}"] = (
            f'(func (export "four bytes by {load}") '
            f"(v128.store (i32.const {RESULT}) (i32x4.extend_low_i16x8_u {bytes_})))"
        )
    for width in (8, 16, 32, 64):
        for count in (0, 1, width - 1, width, 3 * width + 5):
            for shift in ("shl", "shr_u", "shr_s"):
                name = f"i{width}x{128 // width}.{shift}"
                call = f"({name} (v128.load (i32.const 0)) (i32.const {count}))"
                texts[f"{name} by {count}"] = (
                    f'(func (export "{name} by {count}") (v128.store (i32.const {RESULT}) {call}))'
                )
    return texts


def accesses() -> dict[str, str]:
    """The text of a function for each access to memory, with the address as parameter."""
    texts = {}
    for op in OPS:
        if not op.immediate.startswith("memarg"):
            continue
        for lane in range(16 // op.size) if op.immediate == "memarg_lane" else [""]:
            for offset in (0, 9):
                operand = "(v128.load (i32.const 0))" if op.params and len(op.params) > 1 else ""
                body = f"({op.name} offset={offset} {lane} (local.get 0) {operand})"
                if op.results:
                    body = f"(v128.store (i32.const {RESULT}) {body})"
                texts[f"{op.name} {lane} {offset}"] = f'(func (export "{op.name} {lane} {offset}") (param i32) {body})'
    return texts


def module(texts: dict[str, str]) -> bytes:
    """A module of functions with one page of memory."""
    return binary(f'(module (memory (export "memory") 1) {" ".join(texts.values())})')


@cache
def native(*, access: bool) -> Native:
    """The oracle's instance."""
    return Native(module(accesses() if access else functions(oracle=True)))


@cache
def generated(level: int, target: str, *, access: bool) -> Generated:
    """The instance under test."""
    data = module(accesses() if access else functions(oracle=False))
    return Generated(data, Options(optimise=level, target=target, format="none"))


def inputs() -> list[bytes]:
    """64 bytes each: three vectors and a scalar."""
    source = random.Random(128)
    edges: dict[int, list[bytes]] = {}
    for width in (8, 16, 32, 64):
        half = 1 << width - 1
        numbers = [0, 1, 2, half - 1, half, half + 1, 2 * half - 1, 2 * half - 2, half >> 1, 0x7F, 0x80, 0xFF]
        edges[width] = [number.to_bytes(width // 8, "little") for number in numbers]
    floats = [0.0, -0.0, 1.0, -1.5, 0.5, 2.5, -0.5, 1e10, -3e9, 2147483647.0, 2147483648.0, 4294967295.0, 1e-40, 3e38]
    floats += [float("inf"), float("-inf"), 16777217.0]
    edges[1] = [struct.pack("<f", x) for x in floats] + [bytes.fromhex(x) for x in ("0000c07f", "0100a0ff", "010080ff")]
    edges[2] = [struct.pack("<d", x) for x in [*floats, 1e308, 5e-324, 1.0000000596046448, 4294967295.5, 1e39]]
    edges[2] += [bytes.fromhex(x) for x in ("000000000000f87f", "010000000000f4ff")]
    cases = [bytes(64), b"\xff" * 64]
    for choices in edges.values():
        cases += [b"".join(source.choices(choices, k=64 // len(choices[0]))) for _ in range(8)]
    return cases + [source.randbytes(64) for _ in range(8)]


def comparable(name: str, result: bytes) -> object:
    """A result; lanes of arithmetic that are NaNs are all the same."""
    shape, _, operation = name.partition(".")
    if shape not in ("f32x4", "f64x2") or operation not in ARITHMETIC:
        return result
    lanes = struct.unpack("<4f" if shape == "f32x4" else "<2d", result)
    return [repr(lane) for lane in lanes]


@pytest.mark.parametrize(("level", "target"), VARIANTS)
def test_every_instruction_computes_what_wasmtime_does(level: int, target: str) -> None:
    ours, theirs = generated(level, target, access=False), native(access=False)
    memory = theirs.exports["memory"]
    for case in inputs():
        for name in functions(oracle=False):
            ours.exports.memory.write(0, case + bytes(16))
            memory.write(theirs.store, case + bytes(16), 0)
            assert ours.call(name) == theirs.call(name) == ("result", None)
            given = ours.exports.memory[RESULT : RESULT + 16]
            wanted = bytes(memory.read(theirs.store, RESULT, RESULT + 16))
            assert comparable(name, given) == comparable(name, wanted), (name, case.hex())


@pytest.mark.parametrize(("level", "target"), VARIANTS)
def test_every_access_reaches_what_wasmtime_does_or_traps_and_writes_nothing(level: int, target: str) -> None:
    ours, theirs = generated(level, target, access=True), native(access=True)
    memory = theirs.exports["memory"]
    contents = random.Random(16).randbytes(PAGE)
    ours.exports.memory.write(0, contents)
    memory.write(theirs.store, contents, 0)
    trapped = 0
    for name in accesses():
        for address in (100, 101, 104, 112, *range(PAGE - 27, PAGE + 1), 2**32 - 9, 2**32 - 1):
            outcome = ours.call(name, address)
            assert outcome == theirs.call(name, address), (name, address)
            trapped += outcome == ("trap", "out of bounds memory access")
        assert ours.exports.memory[:] == theirs.memory(), name
    assert trapped > 1000


def test_there_is_a_definition_of_every_relaxed_instruction() -> None:
    assert set(PROFILE) == {op.name for op in OPS if op.feature == "relaxed-simd"}
