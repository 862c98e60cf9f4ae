"""Deep and endless recursion of generated code, in processes of their own: what goes wrong here kills them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import wasmtime

from tests.unit.emit.packages import write
from wasm2py.options import Options
from wasm2py.transpile import transpile

ROOT = Path(__file__).resolve().parents[3]

MODULE = """(module
  (func $even (export "even") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (i32.add (call $odd (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
  (func $odd (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (i32.add (call $even (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
  (func $down (export "down") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (call $bottom))
      (else (call $down (i32.sub (local.get 0) (i32.const 1))))))
  (func $bottom (result i32) (i32.const 77))
  (func $endless (export "endless") (result i32) (i32.add (call $endless) (i32.const 1))))"""

PROGRAM = """
import mod
from runtime_support import Trap
print(mod.even(10_000))
print(mod.down(9_990))  # the part of $bottom is loaded there
for _ in range(2):
    try:
        mod.endless()
    except Trap as trap:
        print(trap)
print(mod.even(10_000))
"""


@pytest.mark.parametrize("package", [False, True], ids=["file", "package"])
def test_recursion(package: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if package:
        write(MODULE, tmp_path / "mod", monkeypatch)
    else:
        source = transpile(bytes(wasmtime.wat2wasm(MODULE)), Options(format="none")).parts["module.py"]
        (tmp_path / "mod.py").write_text(source, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    exhausted = "call stack exhausted"
    assert (done.returncode, done.stdout.splitlines()) == (0, ["10000", "77", exhausted, exhausted, "10000"]), (
        done.stderr[-1000:]
    )
