"""The official suite under pytest, a test for each file; ``python -m tests.spec`` shows it as a table."""

from __future__ import annotations

import pytest

from tests import spec_data
from tests.spec.suite import run_file
from wasm2py.features import FEATURES
from wasm2py.options import OPTIMISE, Options


@spec_data.each_file()
@pytest.mark.parametrize("target", ["cpython", "pypy"])
@pytest.mark.parametrize("level", OPTIMISE)
def test_every_command(name: str, level: int, target: str) -> None:
    result = run_file(name, Options(optimise=level, target=target, format="none"))
    assert result.outcomes
    assert not result.problems, "\n".join(result.problems)


def test_every_proposal_of_the_suite_is_a_row() -> None:
    folders = {name.split("/")[1] for name in spec_data.file_names() if name.startswith("proposals/")}
    assert folders <= FEATURES.keys()
