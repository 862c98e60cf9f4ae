"""Pointers that are divided once: of a bounded number at a time, which golden cases would be long for."""

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
