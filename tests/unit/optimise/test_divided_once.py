"""Pointers that are divided once: what golden cases would be long for."""

from __future__ import annotations

import pytest
import wasmtime

from tests.unit.ir.stages import functions_after
from wasm2py.ir.dump import dump


@pytest.mark.parametrize(("pointers", "divided"), [(32, 32), (33, 0)])
def test_rows_at_a_time(pointers: int, divided: int) -> None:
    """One more, and each row is forgotten before its second access."""
    stores = "".join(
        f"(i32.store offset={offset} (local.get {number}) (i32.const 1))"
        for offset in (0, 4)
        for number in range(pointers)
    )
    binary = wasmtime.wat2wasm(f"(module (memory 1) (func (param {'i32 ' * pointers}) {stores}))")
    (function,) = functions_after(bytes(binary), "optimise", level=2)
    assert dump(function).count(" // 4)") == divided


def test_deep_nests() -> None:
    """Halves of halves become zero at some depth."""
    row = "(i32.store (local.get 0) (i32.load offset=4 (local.get 0)))"
    binary = wasmtime.wat2wasm(
        f"(module (memory 1) (func (param i32 i32) {'(if (local.get 1) (then ' * 1200} {row} {'))' * 1200}))"
    )
    (function,) = functions_after(bytes(binary), "optimise", level=2)
    assert dump(function).count(" // 4)") == 1
