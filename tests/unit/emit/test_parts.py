"""Where the functions of a module are cut into parts."""

from __future__ import annotations

import pytest
import wasmtime

from wasm2py.decode import decode_module
from wasm2py.emit import parts
from wasm2py.emit.parts import split


def cuts(sizes: list[int], limit: int, monkeypatch: pytest.MonkeyPatch) -> list[range]:
    """The parts of a module whose function bodies have these sizes in bytes."""
    monkeypatch.setattr(parts, "PART_BYTES", limit)
    functions = "".join(f"(func {'nop ' * (size - 1)})" for size in sizes)  # and end
    return split(decode_module(bytes(wasmtime.wat2wasm(f"(module {functions})"))))


def test_parts_are_as_large_as_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cuts([5, 5, 5, 4, 1, 1], 10, monkeypatch) == [range(2), range(2, 5), range(5, 6)]


def test_a_large_function_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cuts([1, 30, 1, 1], 10, monkeypatch) == [range(1), range(1, 2), range(2, 4)]


def test_a_module_without_functions_has_no_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cuts([], 10, monkeypatch) == []
