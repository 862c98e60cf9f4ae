"""Passes that are not run for want of a trait would have done nothing."""

from collections.abc import Iterator

import pytest
import wasmtime

from tests.differential.loops import loop_module
from tests.differential.ranges import range_module
from tests.differential.vector_loops import vector_loop_module
from tests.golden.cases import FOLDER, load
from wasm2py.ir import nodes as n
from wasm2py.optimise import pipeline, traits
from wasm2py.options import Options
from wasm2py.transpile import transpile

EVERYTHING = {each for name, each in vars(traits).items() if name.isupper() and isinstance(each, str)}


def modules() -> Iterator[bytes]:
    for path in sorted(FOLDER.glob("*/*.txt")):
        yield bytes(wasmtime.wat2wasm(load(path).module))
    for seed in range(10):
        yield from (loop_module(seed), range_module(seed), vector_loop_module(seed))


def test_nothing_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(optimise=2, format="none")
    given = list(modules())
    found = [transpile(data, options).parts for data in given]

    def all_traits(_function: n.Function) -> set[str]:
        return EVERYTHING.copy()

    monkeypatch.setattr(pipeline, "find_traits", all_traits)
    for data, parts in zip(given, found, strict=True):
        assert transpile(data, options).parts == parts


def test_every_trait_is_needed() -> None:
    assert {each.trait for each in pipeline.PASSES} == {None, *EVERYTHING}
