"""A sample of the random modules; ``python -m tests.differential`` runs any number of them."""

import pytest

from tests.differential.binaryen import AVAILABLE, binaryen_module
from tests.differential.calls import call_module
from tests.differential.comparison import VARIANTS, Tally, differences
from tests.differential.generator import random_module, vector_module
from tests.differential.loops import loop_module
from tests.differential.ranges import range_module
from tests.differential.vector_loops import vector_loop_module


@pytest.mark.parametrize("seed", range(40))
def test_our_generator(seed: int) -> None:
    assert list(differences(random_module(seed), seed, VARIANTS, Tally())) == []


@pytest.mark.parametrize("seed", range(40))
def test_calls(seed: int) -> None:
    assert list(differences(call_module(seed), seed, VARIANTS, Tally())) == []


@pytest.mark.parametrize("seed", range(40))
def test_loops(seed: int) -> None:
    assert list(differences(loop_module(seed), seed, VARIANTS, Tally())) == []


@pytest.mark.parametrize("seed", range(40))
def test_ranges(seed: int) -> None:
    assert list(differences(range_module(seed), seed, VARIANTS, Tally())) == []


@pytest.mark.parametrize("seed", range(20))
def test_vectors(seed: int) -> None:
    assert list(differences(vector_module(seed), seed, VARIANTS, Tally())) == []


@pytest.mark.parametrize("seed", range(40))
def test_vector_loops(seed: int) -> None:
    assert list(differences(vector_loop_module(seed), seed, VARIANTS, Tally())) == []


@pytest.mark.skipif(not AVAILABLE, reason="wasm-opt (binaryen) is not installed")
@pytest.mark.parametrize("seed", range(20))
def test_binaryen(seed: int) -> None:
    assert list(differences(binaryen_module(seed), seed, VARIANTS, Tally())) == []


def test_the_sample_is_worth_running() -> None:
    """Most calls return, some trap in several ways, few are cut short."""
    tally = Tally()
    for seed in range(50):
        assert list(differences(random_module(seed), seed, (), tally)) == []
    assert tally.calls > 300
    assert tally.calls / 50 < tally.traps.total() < tally.calls / 3
    assert len(tally.traps) >= 3
    assert tally.given_up < tally.modules / 3


def test_the_generators_repeat_themselves() -> None:
    assert random_module(7) == random_module(7)
    assert random_module(7) != random_module(8)
