"""Damaged modules: nothing but the errors of bad input, and never one where wasmtime finds the module valid."""

import random
from functools import cache

import pytest
import wasmtime

from tests.unit.decode.binary import PREAMBLE
from tests.unit.decode.test_custom import TEXT
from wasm2py.decode import decode_body, decode_module
from wasm2py.errors import Malformed, ModuleError, Unsupported

PROGRAM = """(module $damaged
  (type $pair (struct (field $x i32) (field (mut i64))))
  (type $node (sub (array (mut (ref null $node)))))
  (type $binary (func (param i32 i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (import "env" "memory" (memory 1 2))
  (table $table 4 funcref)
  (global $g (mut i64) (i64.const -123456789))
  (global f64 (f64.const 1.5))
  (tag $tag (param i32))
  (export "run" (func $run)) (export "g" (global $g))
  (start $begin)
  (elem (i32.const 1) func $begin $run)
  (elem declare func $log)
  (elem (table $table) (i32.const 0) funcref (ref.null func) (ref.func $log))
  (func $begin)
  (func $run (type $binary) (local $i i32) (local f32 f32 v128)
    (block $out (loop $again
      (br_if $out (i32.eqz (local.get 0)))
      (local.set $i (i32.add (local.get $i) (i32.load offset=300 (local.get 1))))
      (i64.store align=2 (i32.const 1024) (i64.const 0x1234567812345678))
      (br_table $out $again $out (local.get $i))))
    (if (result i32) (local.get 0)
      (then (call_indirect (type $binary) (i32.const 1) (i32.const 2) (i32.const 3)))
      (else (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3))))
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))
    (memory.copy (i32.const 0) (i32.const 0) (i32.const 1))
    (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i64x2 1 2) (v128.const i64x2 1 2)))
    (drop (struct.get $pair 0 (struct.new $pair (i32.const 1) (i64.const 2))))
    (block $caught (result i32)
      (try_table (catch $tag $caught) (throw $tag (i32.const 1))) (i32.const 0))
    (drop))
  (data $d "some data") (data (i32.const 8) "more"))"""


@cache
def binary(text: str) -> bytes:
    return bytes(wasmtime.wat2wasm(text))


@cache
def engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.wasm_gc = True
    config.wasm_function_references = True
    config.wasm_exceptions = True
    config.wasm_memory64 = True
    return wasmtime.Engine(config)


def is_valid(data: bytes) -> bool:
    """Whether wasmtime finds the module valid."""
    try:
        wasmtime.Module.validate(engine(), data)
    except wasmtime.WasmtimeError:
        return False
    return True


def decodes(data: bytes) -> bool:
    """Whether all of the module decodes; any other exception than those of bad input goes through."""
    refusal: ModuleError | None = None
    try:
        module = decode_module(data)
        for index in range(len(module.codes)):
            decode_body(module, index)
    except (Malformed, Unsupported) as error:
        refusal = error
    if refusal is None:
        return True
    assert "\n" not in str(refusal)
    assert refusal.offset is not None
    assert 0 <= refusal.offset <= len(data)
    return False


def section_ends(data: bytes) -> set[int]:
    """Where sections end, found without the decoder: every size in these modules takes at most two bytes."""
    ends = {len(PREAMBLE)}
    position = len(PREAMBLE)
    while position < len(data):
        size, position = data[position + 1], position + 2
        if size >= 0x80:
            size, position = size - 0x80 + (data[position] << 7), position + 1
        position += size
        ends.add(position)
    return ends


def test_the_modules_are_sound() -> None:
    for text in (PROGRAM, TEXT):
        assert is_valid(binary(text))
        assert decodes(binary(text))


@pytest.mark.parametrize("text", [PROGRAM, TEXT], ids=["program", "names"])
def test_truncation_at_every_byte(text: str) -> None:
    data = binary(text)
    ends = section_ends(data)
    assert len(data) in ends
    for size in range(len(data)):
        if size not in ends:
            assert not decodes(data[:size]), size


@pytest.mark.parametrize("text", [PROGRAM, TEXT], ids=["program", "names"])
def test_every_byte_replaced(text: str) -> None:
    data = binary(text)
    for position in range(len(data)):
        for byte in (0x00, 0x01, 0x0B, 0x40, 0x7F, 0x80, 0xFF, data[position] ^ 0x80, data[position] + 1 & 0xFF):
            damaged = data[:position] + bytes([byte]) + data[position + 1 :]
            if not decodes(damaged):
                assert not is_valid(damaged), (position, byte)


@pytest.mark.parametrize("seed", range(8))
def test_random_damage(seed: int) -> None:
    source = random.Random(seed)
    data = binary(PROGRAM)
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(source.randint(1, 6)):
            position = source.randrange(len(damaged))
            match source.randrange(3):
                case 0:
                    damaged[position] ^= 1 << source.randrange(8)
                case 1:
                    del damaged[position]
                case _:
                    damaged.insert(position, source.randrange(256))
        if not decodes(bytes(damaged)):
            assert not is_valid(bytes(damaged)), bytes(damaged).hex()
