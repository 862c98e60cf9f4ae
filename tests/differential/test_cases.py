"""Modules that once gave a wrong answer, and others that are hard: against wasmtime, in every variant."""

from pathlib import Path

import pytest
import wasmtime

from tests.differential.comparison import VARIANTS, Tally, differences
from wasm2py.options import OPTIONAL, Options

CASES = sorted((Path(__file__).parent / "cases").glob("*.wat"))


WITHOUT = tuple(
    Options(optimise=2, without=names, format="none") for names in (*((name,) for name in OPTIONAL), OPTIONAL)
)
"""Everything but one of the passes, or of what other stages do for speed, each; and without all of that."""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    tally = Tally()
    assert list(differences(bytes(wasmtime.wat2wasm(path.read_text())), 0, (*VARIANTS, *WITHOUT), tally)) == []
    assert tally.calls > 1
    assert not tally.unsupported
