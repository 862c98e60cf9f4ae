"""Random modules against wasmtime, at every level, on both targets, and cut into basic blocks."""

from __future__ import annotations

import pytest

from tests.unit.ir.oracle import Generated, Native, binary
from tests.unit.ir.random_modules import FUNCTIONS, random_module
from tests.unit.ir.stages import functions_after
from wasm2py.ir.structuring import structure
from wasm2py.options import Options

INPUTS = ((0, 0), (1, 2), (100, -1), (-5, -(2**31)), (2**31 - 1, 64))

WAYS = [
    (0, "auto", 17, 70),
    (1, "auto", 17, 70),
    (2, "auto", 17, 70),
    (1, "pypy", 17, 70),
    (1, "auto", 0, 0),
    (1, "auto", 2, 5),
]
"""Level, target, and how many loops and suites may be nested before a function is cut into basic blocks."""


def differences(seed: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the generated code does otherwise than wasmtime."""
    data = binary(random_module(seed))
    found = []
    for level, target, loops, depth in WAYS:
        monkeypatch.setattr(structure, "MAX_LOOPS", loops)
        monkeypatch.setattr(structure, "MAX_DEPTH", depth)
        functions_after(data, "structure", level=level, target=target)
        native, generated = Native(data), Generated(data, Options(optimise=level, target=target, format="none"))
        way = f"seed {seed} -O{level} {target} {loops} loops, {depth} suites"
        for name in (f"e{number}" for number in range(FUNCTIONS)):
            for arguments in INPUTS:
                here, there = generated.call(name, *arguments), native.call(name, *arguments)
                if here != there:
                    found.append(f"{way}: {name}{arguments} gave {here}, not {there}")
        if generated.memory() != native.memory():
            found.append(f"{way}: the memories differ")
    return found


@pytest.mark.parametrize("seeds", [range(i, i + 5) for i in range(0, 40, 5)], ids=str)
def test_random_modules(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [difference for seed in seeds for difference in differences(seed, monkeypatch)] == []


@pytest.mark.long
@pytest.mark.parametrize(
    "seeds", [range(start, start + 50) for start in range(100, 5000, 50)], ids=lambda s: f"{s.start}"
)
def test_many_random_modules(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [difference for seed in seeds for difference in differences(seed, monkeypatch)] == []
