"""Modules that once gave a wrong answer, and others that are hard: against wasmtime, in every variant."""

from pathlib import Path

import pytest
import wasmtime

from tests.differential.comparison import VARIANTS, Tally, differences
from wasm2py.options import PASSES, Options

CASES = sorted((Path(__file__).parent / "cases").glob("*.wat"))


WITHOUT = tuple(Options(optimise=2, without=(name,), format="none") for name in PASSES)
"""Everything but one pass each."""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    tally = Tally()
    assert list(differences(bytes(wasmtime.wat2wasm(path.read_text())), 0, (*VARIANTS, *WITHOUT), tally)) == []
    assert tally.calls > 1
    assert not tally.unsupported
