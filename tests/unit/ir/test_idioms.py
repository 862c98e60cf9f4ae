"""What is recognised as an idiom gives what its parts would."""

from __future__ import annotations

import pytest

from tests.unit.ir.oracle import Generated, Native, binary
from wasm2py.options import Options

BINARY = binary("""
(module (memory (export "memory") 1)
 (func (export "i32") (param i32) (result i32 i32) (local i32)
  (local.set 1 (i32.shr_s (local.get 0) (i32.const 31)))
  (i32.sub (i32.xor (local.get 0) (local.get 1)) (local.get 1))
  (i32.shr_u (i32.add (i32.sub (i32.xor (local.get 0) (local.get 1)) (local.get 1)) (i32.const 3)) (i32.const 1)))
 (func (export "i64") (param i64) (result i64 i64) (local i64)
  (local.set 1 (i64.shr_s (local.get 0) (i64.const 63)))
  (i64.sub (i64.xor (local.get 1) (local.get 0)) (local.get 1))
  (i64.shr_s (i64.sub (i64.xor (local.get 0) (local.get 1)) (local.get 1)) (i64.const 1))))
""")


@pytest.mark.parametrize("level", [0, 1, 2])
def test_magnitude(level: int) -> None:
    native, generated = Native(BINARY), Generated(BINARY, Options(optimise=level, format="none"))
    for bits in (32, 64):
        assert "if v0w1 >= 0 else" in generated.source
        for end in (0, 1 << bits - 2, -1 << bits - 2, 1 << bits - 1):
            for number in (end - 2, end - 1, end, end + 1):
                signed = (number + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)
                _, wanted = native.call(f"i{bits}", signed)
                assert isinstance(wanted, list)
                assert generated.call(f"i{bits}", signed) == ("result", tuple(wanted))
