"""The benchmarks' kernels give the same as their Python twins, at every level and for every target."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from benchmarks.build import KERNEL_FLAGS, build
from benchmarks.engines import generated
from benchmarks.timing import KERNELS, kernel_names

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", kernel_names())
def test_same_as_twin(name: str) -> None:
    twin: Any = importlib.import_module(f"benchmarks.kernels.{name}")
    wasm = build(KERNELS / f"{name}.c", KERNEL_FLAGS).read_bytes()
    sizes = (twin.SIZE, twin.SMALL)  # the second run must not see what the first one left behind
    expected = [twin.run(size) for size in sizes]
    for target in ("auto", "cpython", "pypy"):
        for level in (0, 1, 2):
            run = generated(level, target).load(wasm)
            assert [run(size) for size in sizes] == expected, (target, level)
