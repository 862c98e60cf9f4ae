"""What is known of the values that cross between functions, and where nothing may be known."""

from __future__ import annotations

import pytest
import wasmtime

from tests.unit.ir.oracle import Generated
from tests.unit.ir.stages import conventions_of
from wasm2py.decode import decode_module
from wasm2py.ir import nodes as n
from wasm2py.options import Options


def zeros(text: str, *places: n.Place) -> list[int]:
    """How many low bits are known to be zero, by place."""
    conventions, _ = conventions_of(decode_module(bytes(wasmtime.wat2wasm(f"(module (memory 1) {text})"))))
    return [conventions.known_zeros(place) for place in places]


P0, P1, R0 = ("param", 0, 0), ("param", 0, 1), ("result", 0, 0)
CALLEE = "(func $f (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))"


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("(i32.const 1024)", 4),
        ("(i32.const 0)", 4),
        ("(i32.const -12)", 2),
        ("(local.get 0)", 0),
        ("(i32.shl (local.get 0) (i32.const 3))", 3),
        ("(i32.shl (local.get 0) (i32.const 34))", 2),
        ("(i32.shl (local.get 0) (local.get 0))", 0),
        ("(i32.shl (i32.const 4) (local.get 0))", 2),
        ("(i32.and (local.get 0) (i32.const -8))", 3),
        ("(i32.and (i32.const 8) (local.get 0))", 3),
        ("(i32.or (i32.const 8) (i32.shl (local.get 0) (i32.const 2)))", 2),
        ("(i32.xor (i32.const 8) (local.get 0))", 0),
        ("(i32.add (i32.const 6) (i32.mul (local.get 0) (i32.const 12)))", 1),
        ("(i32.mul (i32.const 6) (i32.mul (local.get 0) (i32.const 12)))", 3),
        ("(i32.sub (i32.const 64) (i32.mul (local.get 0) (i32.const 12)))", 2),
        ("(select (i32.const 8) (i32.const 12) (local.get 0))", 2),
        ("(if (result i32) (local.get 0) (then (i32.const 8)) (else (i32.const 2)))", 1),
        ("(i32.load (i32.const 0))", 0),
        ("(i32.shr_u (i32.const 64) (i32.const 2))", 0),
        ("(i32.wrap_i64 (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 2)))", 2),
        ("(i32.eqz (local.get 0))", 0),
        ("(i32.rotl (i32.const 8) (i32.const 1))", 0),
        ("(i32.shl (i32.load (i32.const 0)) (i32.const 32))", 0),
    ],
)
def test_arguments(argument: str, expected: int) -> None:
    text = f'{CALLEE} (func (export "g") (param i32) (result i32) (call $f {argument} (i32.const 32)))'
    assert zeros(text, P0, P1, R0) == [expected, 4, expected]


def test_recursion_keeps_what_it_passes_on() -> None:
    text = """(func $f (param i32 i32) (result i32)
      (if (result i32) (local.get 1)
        (then (call $f (i32.add (local.get 0) (i32.shl (local.get 1) (i32.const 2)))
          (i32.shr_u (local.get 1) (i32.const 1))))
        (else (local.get 0))))
     (func (export "g") (result i32) (call $f (i32.const 1024) (i32.const 100)))"""
    assert zeros(text, P0, P1, R0) == [2, 0, 2]


def test_loops_keep_what_they_carry() -> None:
    text = """(func $f (param i32))
     (func (export "g") (param i32) (local $p i32)
      (local.set $p (i32.const 1024))
      (loop (call $f (local.get $p)) (local.set $p (i32.add (local.get $p) (i32.const STEP)))
       (br_if 0 (local.get 0))))"""
    assert zeros(text.replace("STEP", "12"), P0) == [2]
    assert zeros(text.replace("STEP", "3"), P0) == [0]


def test_all_callers_count() -> None:
    text = f"""{CALLEE}
     (func (export "g") (param i32)
      (drop (call $f (i32.const 8) (i32.const 8))) (drop (call $f (i32.const 2) (local.get 0))))"""
    assert zeros(text, P0, P1, R0) == [1, 0, 0]


def test_self_tail_calls_assign_parameters() -> None:
    text = """(func $f (param i32 i32) (result i32)
      (if (local.get 1)
       (then (return_call $f (i32.add (local.get 0) (i32.const 2)) (i32.sub (local.get 1) (i32.const 1)))))
      (local.get 0))
     (func (export "g") (result i32) (call $f (i32.const 1024) (i32.const 100)))"""
    assert zeros(text, P0, P1, R0) == [4, 2, 1]


def test_tail_calls_return_what_the_callee_does() -> None:
    text = """(func $f (param i32) (result i32) (return_call $h (i32.add (local.get 0) (i32.const 4))))
     (func $h (param i32) (result i32) (i32.sub (local.get 0) (i32.const 2)))
     (func (export "g") (result i32) (call $f (i32.const 1024)))"""
    assert zeros(text, P0, ("param", 1, 0), R0, ("result", 1, 0)) == [4, 2, 1, 1]


def test_exported_functions_return_what_they_do() -> None:
    text = '(func $f (export "f") (param i32) (result i32) (i32.and (local.get 0) (i32.const -4)))'
    assert zeros(text, P0, R0) == [0, 2]


def test_what_the_host_returns_is_unknown() -> None:
    text = """(func $f (param i32) (result i32) (call $host (local.get 0)))
     (func (export "g") (result i32) (call $f (i32.const 1024)))"""
    conventions, _ = conventions_of(
        decode_module(
            bytes(wasmtime.wat2wasm(f'(module (import "e" "h" (func $host (param i32) (result i32))) {text})'))
        )
    )
    assert [conventions.known_zeros(p) for p in (("param", 1, 0), ("result", 1, 0))] == [4, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 4),
        ('(export "f" (func $f))', 0),
        ('(elem declare func $f) (func (export "r") (result funcref) (ref.func $f))', 0),
        ("(global funcref (ref.func $f))", 0),
        ("(table 1 funcref) (elem func $f) (func (table.init 0 (i32.const 0) (i32.const 0) (i32.const 1)))", 0),
        ('(table (export "t") 1 funcref) (elem (i32.const 0) $f)', 0),
        ('(import "e" "t" (table 1 funcref)) (elem (i32.const 0) $f)', 0),
        ("(table 1 funcref) (elem (i32.const 0) $f)", 4),
        ("(table 1 funcref) (elem (i32.const 0) funcref (ref.func $f) (ref.null func))", 4),
        ("(table 1 funcref (ref.func $f))", 0),
        ('(table 1 funcref) (elem (i32.const 0) $f) (func (export "r") (result funcref) (table.get (i32.const 0)))', 0),
        ("(table 1 funcref) (elem (i32.const 0) $f) (func (table.set (i32.const 0) (ref.null func)))", 0),
        (
            "(table 1 funcref) (elem (i32.const 0) $f) (func (table.fill (i32.const 0) (ref.null func) (i32.const 1)))",
            0,
        ),
        ("(table 1 funcref) (elem (i32.const 0) $f) (func (drop (table.grow (ref.null func) (i32.const 1))))", 0),
        (
            "(table $t 1 funcref) (table $u 1 funcref) (elem (table $t) (i32.const 0) func $f)"
            "(func (table.copy $u $t (i32.const 0) (i32.const 0) (i32.const 1)))",
            0,
        ),
        (
            "(table 1 funcref) (elem (i32.const 0) $f) (type $t (func (param i32 i32) (result i32)))"
            '(func (export "h") (param i32) '
            "(drop (call_indirect (type $t) (local.get 0) (local.get 0) (i32.const 0))))",
            0,
        ),
        (
            "(table 1 funcref) (elem (i32.const 0) $f) (type $t (func (param i32 i32) (result i32)))"
            '(func (export "h") (drop (call_indirect (type $t) (i32.const 4) (i32.const 4) (i32.const 0))))',
            2,
        ),
        (
            "(table 1 funcref) (elem (i32.const 0) $f $k) (type $t (func (param i32 i32) (result i32)))"
            '(func $k (export "k") (param i32 i32) (result i32) (local.get 0))'
            '(func (export "h") (drop (call_indirect (type $t) (i32.const 4) (i32.const 4) (i32.const 0))))',
            0,
        ),
    ],
)
def test_escaping(text: str, expected: int) -> None:
    data = '(func (export "g") (drop (call $f (i32.const 16) (i32.const 16))))'
    module = f"(module {text if 'import' in text else ''} {CALLEE} {data} {'' if 'import' in text else text})"
    conventions, _ = conventions_of(decode_module(bytes(wasmtime.wat2wasm(module))))
    assert conventions.known_zeros(P0) == expected


def test_globals_hold_what_all_functions_assign() -> None:
    text = """(global $a (mut i32) (i32.const 65536)) (global $b (mut i32) (i32.const 65536))
     (global $c (export "c") (mut i32) (i32.const 65536)) (global $d (mut i32) (i32.const 4))
     (func $f (global.set $a (i32.sub (global.get $a) (i32.const 48))) (global.set $b (i32.const 8)))
     (func (export "g") (param i32)
      (global.set $a (i32.and (i32.sub (global.get $a) (local.get 0)) (i32.const -16))))"""
    assert zeros(text, *(("global", i, 0) for i in range(4))) == [4, 3, 0, 2]


def test_globals_that_parameters_reach() -> None:
    text = """(global $a (mut i32) (i32.const 65536))
     (func $f (param i32) (global.set $a (local.get 0)))
     (func (export "g") (call $f (i32.const ARGUMENT)))"""
    assert zeros(text.replace("ARGUMENT", "32"), ("global", 0, 0)) == [4]
    assert zeros(text.replace("ARGUMENT", "36"), ("global", 0, 0)) == [2]


def signed(text: str, *places: n.Place) -> list[bool]:
    """Whether integers are in signed form, by place."""
    conventions, _ = conventions_of(decode_module(bytes(wasmtime.wat2wasm(f"(module (memory 1) {text})"))))
    return [conventions.is_signed(place) for place in places]


LESS = "(func $f (param i32 i32) (result i32) (i32.lt_s (local.get 0) (local.get 1)))"


def test_parameters_take_the_form_of_their_uses() -> None:
    text = f"""{LESS} (func $g (param i32) (result i32) (i32.load (local.get 0)))
     (func (export "h") (result i32)
      (i32.add (call $f (i32.const 1) (i32.const 2)) (call $g (i32.const 3))))"""
    assert signed(text, P0, P1, R0, ("param", 1, 0)) == [True, True, False, False]


def test_results_take_the_form_of_what_is_returned() -> None:
    text = """(func $f (param i32) (result i32) (i32.extend8_s (local.get 0)))
     (func (export "g") (param i32) (result i32) (i32.lt_s (call $f (local.get 0)) (i32.const 3)))"""
    assert signed(text, R0) == [True]


def test_what_is_passed_on_agrees() -> None:
    text = """(func $f (param i32 i32) (result i32)
      (if (result i32) (i32.lt_s (local.get 0) (i32.const 5)) (then (local.get 1))
       (else (call $f (local.get 1) (i32.sub (local.get 0) (i32.const 1))))))
     (func (export "g") (result i32) (i32.lt_s (call $f (i32.const 9) (i32.const 8)) (i32.const 3)))"""
    assert signed(text, P0, P1, R0) == [True, True, True]


@pytest.mark.parametrize(
    "text",
    [
        '(export "f" (func $f))',
        '(elem declare func $f) (func (export "r") (result funcref) (ref.func $f))',
        '(table (export "t") 1 funcref) (elem (i32.const 0) $f)',
    ],
)
def test_functions_that_escape_take_raw_values(text: str) -> None:
    call = '(func (export "h") (result i32) (call $f (i32.const 1) (i32.const 2)))'
    assert signed(f"{LESS} {call}", P0) == [True]
    assert signed(f"{LESS} {call} {text}", P0) == [False]


def test_functions_of_one_table_and_type_agree() -> None:
    text = f"""(type $t (func (param i32 i32) (result i32))) (table 2 funcref) (elem (i32.const 0) $f $k) {LESS}
     (func $k (param i32 i32) (result i32) (i32.add (local.get 0) (i32.shr_s (local.get 1) (i32.const 1))))
     (func (export "h") (param i32) (result i32)
      (call_indirect (type $t) (i32.const 1) (i32.const 2) (local.get 0)))"""
    places: list[n.Place] = [("param", 1, 1), ("param", (0, 0), 1), ("param", 0, 1)]
    assert signed(text, *places) == [True] * 3


def test_tail_calls_return_raw_values() -> None:
    text = """(func $f (param i32) (result i32) (return_call $k (local.get 0)))
     (func $k (param i32) (result i32) (i32.shr_s (local.get 0) (i32.const 3)))
     (func (export "g") (param i32) (result i32) (i32.lt_s (call $f (local.get 0)) (call $k (i32.const 8))))"""
    assert signed(text, R0, ("result", 1, 0)) == [False, False]


def modular(text: str, *places: n.Place) -> list[bool]:
    """Whether integers are in no form, by place."""
    conventions, _ = conventions_of(decode_module(bytes(wasmtime.wat2wasm(f"(module (memory 1) {text})"))))
    return [conventions.is_modular(place) for place in places]


PRODUCT = "(func $f (param i32) (result i32) (i32.mul (local.get 0) (i32.load (local.get 0))))"


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("(i32.add (call $f (i32.const 4)) (local.get 0))", True),
        ("(i32.and (i32.mul (call $f (i32.const 4)) (local.get 0)) (i32.const 255))", True),
        ("(i32.shl (call $f (i32.const 4)) (call $f (i32.const 8)))", True),
        ("(local.set 0 (i32.sub (i32.const 0) (call $f (i32.const 4)))) (local.get 0)", True),
        ("(select (call $f (i32.const 4)) (i32.const 1) (local.get 0))", False),
        ("(i32.mul (select (call $f (i32.const 4)) (i32.const 1) (local.get 0)) (i32.const 7))", True),
        ("(i32.xor (call $f (i32.const 4)) (i32.const 1))", False),
        ("(i32.and (call $f (i32.const 4)) (i32.const -16))", False),
        ("(i32.store16 (i32.const 0) (call $f (i32.const 4))) (i32.const 1)", True),
        ("(drop (call $f (i32.const 4))) (i32.const 1)", True),
        ("(call $f (i32.const 4))", False),
        ("(call $f (call $f (i32.const 4)))", False),
        ("(i32.load8_u (i32.add (call $f (i32.const 4)) (i32.const 8)))", False),
        ("(i32.store (i32.const 0) (call $f (i32.const 4))) (i32.const 1)", False),
        ("(i32.eq (call $f (i32.const 4)) (local.get 0))", False),
        ("(i32.eqz (call $f (i32.const 4)))", False),
        ("(i32.shr_u (call $f (i32.const 4)) (i32.const 1))", False),
        ("(if (call $f (i32.const 4)) (then (return (i32.const 2)))) (i32.const 1)", False),
        (
            "(if (local.get 0) (then (local.set 0 (call $f (i32.const 4))))) (i32.add (local.get 0) (i32.const 1))",
            False,
        ),
        ("(i32.add (call $f (i32.const 4)) (i32.eqz (call $f (i32.const 4))))", False),
    ],
)
def test_results_are_in_no_form_where_no_use_needs_one(use: str, expected: bool) -> None:
    text = f'{PRODUCT} (func (export "g") (param i32) (result i32) {use})'
    assert modular(text, R0, P0) == [expected, False]


def test_results_are_in_form_where_that_saves_nothing() -> None:
    text = """(func $f (param i32) (result i32) RESULT)
     (func (export "g") (param i32) (result i32) (i32.add (call $f (i32.const 4)) (local.get 0)))"""
    assert modular(text.replace("RESULT", "(i32.shl (local.get 0) (local.get 0))"), R0) == [True]
    assert modular(text.replace("RESULT", "(i32.load (local.get 0))"), R0) == [False]
    assert modular(text.replace("RESULT", "(i32.add (local.get 0) (i32.const 1))"), R0) == [False]


@pytest.mark.parametrize(
    "text",
    [
        '(export "f" (func $f))',
        '(table (export "t") 1 funcref) (elem (i32.const 0) $f)',
        "(func (result i32) (return_call $f (i32.const 4)))",
        "(func (param i32) (result i32) (return_call $f (local.get 0)))",
    ],
)
def test_results_that_others_see_are_raw(text: str) -> None:
    call = '(func (export "h") (result i32) (i32.add (call $f (i32.const 4)) (i32.const 2)))'
    assert modular(f"{PRODUCT} {call}", R0) == [True]
    assert modular(f"{PRODUCT} {call} {text}", R0) == [False]


def shifts(text: str, *places: n.Place) -> list[int]:
    """By which shift pointers are divided when they are passed, by place."""
    conventions, _ = conventions_of(decode_module(bytes(wasmtime.wat2wasm(f"(module (memory 1) {text})"))))
    return [conventions.shift(place) for place in places]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("(i32.load (local.get 0))", 2),
        ("(i32.store16 offset=6 (local.get 0) (i32.const 1)) (i32.const 1)", 1),
        ("(i32.wrap_i64 (i64.load (i32.add (local.get 0) (i32.const 8))))", 3),
        ("(i32.trunc_sat_f64_s (f64.load offset=16 (local.get 0)))", 3),
        ("(i32.add (i32.load (local.get 0)) (i32.load offset=8 (local.get 0)))", 2),
        ("(if (local.get 0) (then (return (i32.load (local.get 0))))) (i32.const 1)", 2),
        ("(i32.eqz (local.get 0))", 0),
        ("(i32.load8_u (local.get 0))", 0),
        ("(i32.load offset=2 (i32.add (local.get 0) (i32.const 2)))", 0),
        ("(i32.load (i32.add (local.get 0) (i32.const -4)))", 0),
        ("(i32.add (i32.load (local.get 0)) (i32.load16_u offset=8 (local.get 0)))", 0),
        ("(i32.store (local.get 0) (local.get 0)) (i32.const 1)", 0),
        ("(i32.load (local.tee 0 (i32.add (local.get 0) (i32.const 4))))", 0),
        ("(i32.add (i32.load (local.get 0)) (i32.lt_u (local.get 0) (i32.const 64)))", 0),
        ("(i32.add (i32.load (local.get 0)) (call $f (i32.add (local.get 0) (i32.const 4))))", 2),
        ("(i32.add (i32.load (local.get 0)) (call $g (local.get 0)))", 0),
        ("(drop (i32.load (local.get 0))) (return_call $f (i32.const 8))", 0),
        ("(i32x4.extract_lane 0 (v128.load (local.get 0)))", 0),
        ("(i32.const 1)", 0),
    ],
)
def test_pointers_are_divided_where_only_that_is_used(body: str, expected: int) -> None:
    text = f"""(func $f (param i32) (result i32) {body}) (func $g (export "g") (param i32) (result i32) (i32.const 1))
     (func (export "h") (result i32) (call $f (i32.const 1024)))"""
    assert shifts(text, P0) == [expected]


READ = "(func $f (param i32) (result i32) (i32.load offset=4 (local.get 0)))"


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("(i32.const 1024)", 2),
        ("(i32.const 1026)", 0),
        ("(i32.mul (local.get 0) (i32.const 12))", 2),
        ("(i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 64))", 2),
        ("(i32.and (local.get 0) (i32.const -4))", 0),
        ("(i32.and (i32.load (i32.const 0)) (i32.const -4))", 0),
        ("(local.tee 0 (i32.and (local.get 0) (i32.const -4)))", 0),
        ("(i32.load (local.tee 0 (i32.and (local.get 0) (i32.const -4)))) (call $f (local.get 0)) (i32.add)", 2),
        ("(call $k (i32.const 1024))", 2),
    ],
)
def test_pointers_are_divided_where_callers_need_not(argument: str, expected: int) -> None:
    call = argument if "call $f" in argument else f"(call $f {argument})"
    text = f"""{READ} (func $k (param i32) (result i32) (i32.and (call $f (local.get 0)) (i32.const 4)))
     (func (export "h") (param i32) (result i32) {call})"""
    if "$k" in argument:
        text = text.replace(f"(call $f {argument})", argument)
    assert shifts(text, P0) == [expected]


def test_pointers_that_are_passed_on_stay_divided() -> None:
    text = f"""{READ} (func $k (param i32 i32) (result i32) (i32.add (call $f (local.get 0)) (call $f (local.get 1))))
     (func (export "h") (param i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (call $k (i32.const 1024) (i32.and (i32.load (i32.const 0)) (i32.const -4))))"""
    assert shifts(text, P0, ("param", 1, 0), ("param", 1, 1)) == [2, 2, 0]


def test_uses_that_may_not_happen_count_less() -> None:
    text = """(func $f (param i32 i32) (result i32)
      (if (local.get 1) (then (return (i32.load (local.get 0))))) (i32.const 0))
     (func (export "h") (param i32) (result i32)
      (i32.add (call $f (i32.and (local.get 0) (i32.const -4)) (i32.const 1)) CALLS))"""
    one = "(call $f (i32.const 64) (i32.const 0))"
    assert shifts(text.replace("CALLS", one), P0) == [0]
    assert shifts(text.replace("CALLS", f"(i32.add {one} {one})"), P0) == [2]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("(i32.load offset=8 (local.get 0))", 2),
        ("(i32.load offset=7 (local.get 0))", 0),
        ("(i32.wrap_i64 (i64.load (local.get 0)))", 0),
        ("(local.get 0)", 0),
    ],
)
def test_functions_of_one_table_and_type_are_passed_the_same(other: str, expected: int) -> None:
    text = f"""(type $t (func (param i32) (result i32))) (table 2 funcref) (elem (i32.const 0) $f $k) {READ}
     (func $k (param i32) (result i32) {other})
     (func (export "h") (param i32) (result i32)
      (i32.add (call $f (i32.const 64)) (call_indirect (type $t) (i32.const 128) (local.get 0))))"""
    places: list[n.Place] = [P0, ("param", 1, 0), ("param", (0, 0), 0)]
    assert shifts(text, *places) == [expected] * 3


@pytest.mark.parametrize(
    "text",
    [
        '(export "f" (func $f))',
        '(elem declare func $f) (func (export "r") (result funcref) (ref.func $f))',
        '(table (export "t") 1 funcref) (elem (i32.const 0) $f)',
        "(table 1 funcref) (elem (i32.const 0) $f) (func (table.set (i32.const 0) (ref.null func)))",
    ],
)
def test_functions_that_escape_are_passed_bytes(text: str) -> None:
    call = '(func (export "h") (result i32) (call $f (i32.const 64)))'
    assert shifts(f"{READ} {call}", P0) == [2]
    assert shifts(f"{READ} {call} {text}", P0) == [0]


def test_pointers_that_may_be_no_multiples_are_passed_as_bytes() -> None:
    call = "(call $f (i32.const 64))"
    text = f"""{READ} (func (export "h") (result i32)
      (i32.add {call} (i32.add {call} (i32.add {call} (call $f (i32.const LAST))))))"""
    assert shifts(text.replace("LAST", "68"), P0) == [2]
    assert shifts(text.replace("LAST", "66"), P0) == [0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(call $f (i32.const -8))", 2**32 - 8),
        ("(call $f (i32.const 8)) (call $f (i32.const 8))", 8),
        ("(call $f (i32.const 8)) (call $f (i32.const 9))", None),
        ("(call $f (local.get 0))", None),
        ("(local.set 1 (i32.const 8)) (call $f (local.get 1))", 8),
        ("(call $f (local.get 1))", 0),
        ("(local.set 1 (local.get 0)) (call $f (local.get 1))", None),
        ("(if (local.get 0) (then (local.set 1 (i32.const 8)))) (call $f (local.get 1))", None),
        ("(call $g (i32.const 8)) (call $g (i32.const 8))", 8),
        ("(call $g (i32.const 8)) (call $f (i32.const 8))", 8),
        ("(call $g (i32.const 8)) (call $f (i32.const 9))", None),
        ("(call $g (i32.const 8))) (func (param i32) (local.set 0 (i32.const 8)) (call $f (local.get 0))", 8),
        ("(call $g (i32.const 8))) (func (param i32) (local.set 0 (i32.const 9)) (call $f (local.get 0))", None),
        ('(call $f (i32.const 8))) (func (export "i") (param i32) (call $f (local.get 0))', None),
        ('(call $f (i32.const 8))) (export "f" (func $f)) (func', None),
        ("(call $again (i32.const 8) (i64.const 8))", 8),
        ("(call $f (i32.wrap_i64 (i64.const 8)))", None),
        ("(call $f (i32.extend8_s (i32.const 255)))", None),
        ("(call $f (i32.load (i32.const 8)))", None),
        ("(call $f (i32.const 8)) (call $f (i32.load (i32.const 8)))", None),
        ("(call $f (i32.load (i32.const 8))) (call $f (i32.const 8))", None),
        ("(call $f (i32.const 8))) (func (call $f (i32.load (i32.const 8)))", None),
        ("(call $f (i32.load (i32.const 8)))) (func (call $f (i32.const 8))", None),
        (" ".join(f"(call $f (i32.const {i}))" for i in (*range(8), 0)), None),
    ],
)
def test_constant_arguments(text: str, expected: int | None) -> None:
    module = f"""(module (memory 1) (func $f (param i32) (drop (i32.load (local.get 0))))
     (func $g (param i32) (call $f (local.get 0)))
     (func $again (param i32 i64)
      (if (i64.ne (local.get 1) (i64.const 0))
       (then (call $again (local.get 0) (i64.sub (local.get 1) (i64.const 1)))) (else (call $f (local.get 0)))))
     (func (export "h") (param i32) (local i32) {text}))"""
    conventions, _ = conventions_of(decode_module(bytes(wasmtime.wat2wasm(module))))
    assert conventions.constant(P0) == expected


@pytest.mark.parametrize(
    ("elements", "call", "expected"),
    [
        ("(elem (i32.const 1) $f $g)", "(i32.const 1)", ("result", 3)),
        ("(elem (i32.const 1) $f $g)", "(i32.const 0)", ("trap", "uninitialized element")),
        ("(elem (i32.const 1) $f $g)", "(i32.const 2)", ("trap", "indirect call type mismatch")),
        ("(elem (i32.const 1) $f $g)", "(i32.const 4)", ("trap", "undefined element")),
        ("(elem (i32.const 1) $f $g)", "(i32.const -1)", ("trap", "undefined element")),
        ("(elem (i32.const 1) $g $g) (elem (i32.const 1) $f)", "(i32.const 1)", ("result", 3)),
        ("(elem (i32.const 1) $f) (elem (i32.const 0) funcref (ref.null func) (ref.null func))", "(i32.const 1)",
         ("trap", "uninitialized element")),
        ("(elem (i32.const 1) $h $h) (elem (global.get $one) $f)", "(i32.const 1)", ("result", 3)),
    ],
)  # fmt: skip
def test_elements_with_constant_indices(elements: str, call: str, expected: tuple[str, object]) -> None:
    module = f"""(module (table 4 funcref) (global $one i32 (i32.const 1)) {elements}
     (func $f (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
     (func $g (param i64))
     (func $h (param i32) (result i32) (i32.const 9))
     (func (export "h") (result i32) (call_indirect (param i32) (result i32) (i32.const 2) {call})))"""
    assert Generated(bytes(wasmtime.wat2wasm(module)), Options()).call("h") == expected
