"""Drive the numeric helpers with the official test suite: each exported function there is one instruction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import runtime_support as rt
from runtime_support import bits_struct, bits_views
from tests.spec_data import Command, each_file, load

Raw = Any
"""A raw value, as generated code holds it."""


def _reduced(operator: Callable[..., int], bits: int, params: int) -> Callable[..., int]:
    """An operator on signed numbers, as one on raw values."""
    signed = {32: rt.s32, 64: rt.s64}[bits]
    return lambda *args: operator(*[signed(x) if params else x for x in args]) & ((1 << bits) - 1)


def _of_signed(operator: Callable[[int], float], bits: int) -> Callable[[int], float]:
    """An operator on a signed number, as one on the raw value."""
    signed = {32: rt.s32, 64: rt.s64}[bits]
    return lambda x: operator(signed(x))


def _helpers() -> dict[str, Callable[..., Raw]]:
    """The instruction that each helper is, in terms of raw values."""
    table: dict[str, Callable[..., Raw]] = {}
    for bits in (32, 64):
        i, f = f"i{bits}", f"f{bits}"
        for name in ("div_u", "rem_u", "clz", "ctz", "popcnt", "rotl", "rotr"):
            table[f"{i}.{name}"] = getattr(rt, f"{i}_{name}")
        for name in ("div_s", "rem_s"):
            table[f"{i}.{name}"] = _reduced(getattr(rt, f"{i}_{name}"), bits, 2)
        for name in ("div", "sqrt", "min", "max", "ceil", "floor", "trunc", "nearest", "copysign"):
            table[f"{f}.{name}"] = getattr(rt, f"{f}_{name}")
        table[f"{f}.abs"], table[f"{f}.neg"] = abs, lambda x: -x
        for source in ("f32", "f64"):
            for kind in ("trunc", "trunc_sat"):
                table[f"{i}.{kind}_{source}_u"] = getattr(rt, f"{i}_{kind}_u")
                table[f"{i}.{kind}_{source}_s"] = _reduced(getattr(rt, f"{i}_{kind}_s"), bits, 0)
        for target in ("f32", "f64"):
            table[f"{target}.convert_{i}_u"] = getattr(rt, f"{target}_convert")
            table[f"{target}.convert_{i}_s"] = _of_signed(getattr(rt, f"{target}_convert"), bits)
    # Arithmetic as generated code writes it: the exact f64 operation, rounded to f32.
    table |= {"f64.add": lambda a, b: a + b, "f64.sub": lambda a, b: a - b, "f64.mul": lambda a, b: a * b}
    table |= {
        "f32.add": lambda a, b: rt.f32_demote(a + b),
        "f32.sub": lambda a, b: rt.f32_demote(a - b),
        "f32.mul": lambda a, b: rt.f32_demote(a * b),
        "f32.demote_f64": rt.f32_demote,
        "f64.promote_f32": rt.f64_promote,
        "f32.reinterpret_i32": rt.f32_from_bits,
        "f64.reinterpret_i64": rt.f64_from_bits,
        "i32.reinterpret_f32": rt.f32_to_bits,
        "i64.reinterpret_f64": rt.f64_to_bits,
    }
    return table


HELPERS = _helpers()
INLINE = {"add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "eqz", "eq", "ne"}
INLINE |= {"extend8_s", "extend16_s", "extend32_s"}
INLINE |= {f"{name}_{sign}" for name in ("lt", "le", "gt", "ge") for sign in "su"}
INLINE |= {"i64.extend_i32_s", "i64.extend_i32_u", "i32.wrap_i64"}
"""Integer instructions that need no helper: generated code writes them out."""

FLOAT_BITS = {"f32": (23, rt.f32_to_bits), "f64": (52, rt.f64_to_bits)}


def _argument(value: dict[str, str]) -> Raw:
    from_bits = {"f32": rt.f32_from_bits, "f64": rt.f64_from_bits}.get(value["type"])
    number = int(value["value"])
    return from_bits(number) if from_bits else number


def _matches(pattern: dict[str, str], result: Raw) -> bool:
    if pattern["type"] not in FLOAT_BITS:
        return type(result) is int and result == int(pattern["value"])
    mantissa_bits, to_bits = FLOAT_BITS[pattern["type"]]
    bits = to_bits(result)
    if not pattern["value"].startswith("nan:"):
        return bits == int(pattern["value"])
    mantissa = bits & ((1 << mantissa_bits) - 1)
    quiet = 1 << mantissa_bits - 1
    return result != result and (mantissa == quiet if pattern["value"] == "nan:canonical" else mantissa >= quiet)


def _instruction(file: str, field: str) -> str:
    return field if "." in field else f"{file[:3]}.{field}"


def _wrong(file: str, command: Command) -> str | None:
    action = command["action"]
    instruction = _instruction(file, action["field"])
    arguments = [_argument(value) for value in action["args"]]
    try:
        result = HELPERS[instruction](*arguments)
    except rt.Trap as trap:
        return None if command["type"] == "assert_trap" and trap.code == command["text"] else f"trap {trap}"
    if command["type"] == "assert_trap":
        return f"{result!r} instead of a trap"
    return None if _matches(command["expected"][0], result) else repr(result)


FILES = ["i32", "i64", "f32", "f64", "f32_bitwise", "f64_bitwise", "conversions"]


@each_file(only=lambda name: name[:-5] in FILES)
def test_helpers_pass_the_official_assertions(name: str) -> None:
    failures, checked = [], 0
    for command in load(name):
        if command["type"] not in ("assert_return", "assert_trap"):
            continue
        field = command["action"]["field"]
        if field in INLINE and not (name.startswith("f") and field in ("add", "sub", "mul")):
            continue
        checked += 1
        wrong = _wrong(name, command)
        if wrong is not None:
            failures.append(f"line {command['line']}: {field} gave {wrong}")
    assert not failures
    assert checked > 100


@pytest.mark.parametrize("module", [bits_struct, bits_views])
@each_file(only=lambda name: name == "conversions.json")
def test_both_ways_to_the_bits_pass(name: str, module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"f32.demote_f64": "f32_demote", "f32.reinterpret_i32": "f32_from_bits"}
    fields |= {"f64.reinterpret_i64": "f64_from_bits", "i32.reinterpret_f32": "f32_to_bits"}
    fields |= {"i64.reinterpret_f64": "f64_to_bits"}
    for field, helper in fields.items():
        monkeypatch.setitem(HELPERS, field, getattr(module, helper))
    commands = [c for c in load(name) if c.get("action", {}).get("field") in fields]
    assert len(commands) > 100
    assert [wrong for wrong in (_wrong(name, command) for command in commands) if wrong] == []
