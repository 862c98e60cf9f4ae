"""What can be left out, by name: each has a golden case that shows it."""

from dataclasses import replace

import pytest
import wasmtime

from tests.golden.cases import FOLDER, load
from wasm2py import options
from wasm2py.errors import UsageError
from wasm2py.optimise.pipeline import PASSES
from wasm2py.options import Options
from wasm2py.transpile import transpile


def test_names() -> None:
    assert tuple(each.name for each in PASSES) == options.PASSES


@pytest.mark.parametrize("name", options.OPTIONAL)
def test_case_shows_what_it_is_named_after(name: str) -> None:
    """Without that, the case comes out differently."""
    case = load(min(FOLDER.glob(f"*/{name}.txt")))  # some passes have another one, of the text
    data = bytes(wasmtime.wat2wasm(case.module))
    given = replace(case.options, without=())
    assert transpile(data, given).parts != transpile(data, replace(given, without=(name,))).parts


def test_unknown_name() -> None:
    with pytest.raises(UsageError, match="without is 'inlining', must be one of sinking, "):
        Options(without=("inlining",))
