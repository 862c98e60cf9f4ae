"""What is known of the values that cross between functions, and where nothing may be known."""

from __future__ import annotations

import pytest
import wasmtime

from tests.unit.ir.stages import conventions_of
from wasm2py.decode import decode_module
from wasm2py.ir.survey import Place


def zeros(text: str, *places: Place) -> list[int]:
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
