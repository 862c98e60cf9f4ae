"""The pass by itself: what it leaves undone, later passes find as a rule, so that the output does not tell."""

from __future__ import annotations

import wasmtime

from tests.unit.ir.stages import functions_after
from wasm2py.ir.dump import dump
from wasm2py.optimise.passed_index import use_passed_indices

MODULE = """(module (memory 1)
  (func $double (param $p i32)
    (i32.store offset=8 (local.get $p) (i32.shl (i32.load offset=4 (local.get $p)) (i32.const 1))))
  (func (export "f") (call $double (i32.const 64)) (call $double (i32.const 128))))"""


def test_accesses_are_by_index() -> None:
    double, _ = functions_after(bytes(wasmtime.wat2wasm(MODULE)), "ranges")
    use_passed_indices(double)
    (index,) = double.params
    assert f"load.i:aligned[l0#{index.index} + 1]" in dump(double)
    assert f"store.I:aligned[l0#{index.index} + 2]" in dump(double)
