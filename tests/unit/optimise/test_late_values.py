"""Stores that are tried before their values are cut do what others do, at the ends of the range as well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import wasmtime

from tests.interpreters import found
from tests.spec_data import ROOT
from tests.transpiled import source_of
from wasm2py.options import Options

BINARY = bytes(
    wasmtime.wat2wasm("""
(module (memory (export "memory") 1)
 (func (export "add") (param i32 i32)
  (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1)))))
 (func (export "subtract") (param i32 i32)
  (i32.store (local.get 0) (i32.sub (i32.load (local.get 0)) (i32.load (local.get 1)))))
 (func (export "negate") (param i32 i32)
  (i32.store (local.get 0) (i32.sub (i32.const 0) (i32.load (local.get 1)))))
 (func (export "steps") (param i32 i32)
  (i32.store (i32.add (local.get 0) (i32.const 4)) (i32.add (i32.load (local.get 1)) (i32.const 1)))
  (i32.store (local.get 0) (i32.sub (i32.load (local.get 1)) (i32.const 1))))
 (func (export "pair") (param i32 i32) (local i32)
  (local.set 2 (i32.load (local.get 1)))
  (i32.store (local.get 0) (i32.add (local.get 2) (i32.const 7)))
  (i32.store (i32.add (local.get 0) (i32.const 4)) (i32.add (i32.shl (local.get 2) (i32.const 1)) (i32.const 1))))
 (func (export "wide") (param i32 i32)
  (i64.store (local.get 0) (i64.add (i64.load (local.get 0)) (i64.load (local.get 1))))))
""")
)

CHECK = """
import itertools, late, early
def state(module, name, numbers, addresses):
    exports = module.instantiate().exports
    memory = exports.memory
    for i, number in enumerate(numbers):
        memory[8 * i : 8 * i + 8] = (number * 0x100000001 & 2**64 - 1).to_bytes(8, "little")
    try:
        exports[name](*addresses)
    except Exception as error:
        return repr(error), bytes(memory[0:65536])
    return "", bytes(memory[0:65536])

numbers = [k + d & 0xFFFFFFFF for k in (0, 1 << 31, 1 << 30) for d in (-1, 0, 1)]
for name in ("add", "subtract", "negate", "steps", "pair", "wide"):
    for pair in itertools.product(numbers, repeat=2):
        for addresses in ((0, 8), (8, 8), (1, 8), (0, 65532), (0, 65533), (65532, 0), (65536, 8), (0xFFFFFFFC, 0)):
            given, wanted = (state(module, name, pair, addresses) for module in (late, early))
            assert given == wanted, (name, pair, addresses, given[0], wanted[0])
"""


@pytest.mark.parametrize("python", [sys.executable, *found()])
def test_ends_of_the_range(python: str, tmp_path: Path) -> None:
    late = source_of(BINARY, Options(format="none"))
    assert "except (IndexError, ValueError, TypeError)" in late
    (tmp_path / "late.py").write_text(late, encoding="utf-8")
    early = source_of(BINARY, Options(format="none", without=("late-wraps",)))
    (tmp_path / "early.py").write_text(early, encoding="utf-8")
    (tmp_path / "check.py").write_text(CHECK, encoding="utf-8")
    subprocess.run([python, tmp_path / "check.py"], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
