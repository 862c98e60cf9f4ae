"""Every case under this folder; ``pytest --update-golden`` rewrites what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.cases import FOLDER, STAGES, actual, load, rewrite
from tests.unit.ir.oracle import Generated, Native, binary

PATHS = sorted(path for stage in STAGES for path in (FOLDER / stage).glob("*.txt"))


def test_every_stage_has_cases() -> None:
    assert {path.parent.name for path in PATHS} == set(STAGES)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path, request: pytest.FixtureRequest) -> None:
    case = load(path)
    data = binary(case.module)
    text = actual(case, data)
    if request.config.getoption("--update-golden"):
        rewrite(case, text)
    else:
        assert text == case.expected
    if case.calls:
        native, generated = Native(data), Generated(data, case.options)
        for name, *arguments in case.calls:
            values = [float(a) if "." in a or "n" in a else int(a, 0) for a in arguments]
            assert generated.call(name, *values) == native.call(name, *values), (name, arguments)
