"""The suite in other interpreters: some files here, all of them with ``python -m tests.spec --matrix``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import interpreters, spec_data
from tests.spec.matrix import Elsewhere, verdicts
from tests.spec.script import Status
from tests.spec.suite import run_file
from wasm2py.options import Options

FILES = ("conversions.json", "imports.json", "simd_lane.json", "struct.json", "throw_ref.json", "return_call_ref.json")
PYTHONS = [sys.executable, *interpreters.found()]
OPTIONS = Options(format="none")

pytestmark = pytest.mark.skipif(spec_data.spec_dir() is None, reason=spec_data.MISSING)


@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).name)
def test_files_in_another_python(python: str) -> None:
    if interpreters.title(python) is None:
        pytest.skip(f"{python} does not run, or is older than 3.9")
    with Elsewhere(python, 1) as elsewhere:
        results = list(elsewhere.run([(name, verdicts(name, OPTIONS)) for name in FILES]))
    for name, result in zip(FILES, results, strict=True):
        assert not result.problems
        here = run_file(name, OPTIONS).counts
        assert result.counts[Status.PASSED] == here[Status.PASSED] > 0
        assert result.counts[Status.SKIPPED] == here[Status.TEXT] + here[Status.SKIPPED]


def test_failures_elsewhere_are_seen() -> None:
    wrong = dict(zip(verdicts("i32.json", OPTIONS), verdicts("i64.json", OPTIONS).values(), strict=False))
    with Elsewhere(sys.executable, 1) as elsewhere:
        (result,) = elsewhere.run([("i32.json", wrong)])
    assert len(result.problems) == result.counts[Status.FAILED] > 100


def test_a_process_that_ends_is_no_success(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(RuntimeError, match="ended with 3 in i32.json"), Elsewhere(str(broken), 1) as elsewhere:
        list(elsewhere.run([("i32.json", {})]))
