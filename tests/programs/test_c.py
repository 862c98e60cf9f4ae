"""C and C++ programs: what they print and their exit statuses are the same as under wasmtime, byte for byte."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from tests.programs.cases import CASES, Case
from tests.programs.compilers import SOURCES, compile_c
from tests.programs.running import run_python, run_wasmtime, write_program


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the generated modules."""
    return tmp_path_factory.mktemp("programs")


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_same_as_wasmtime(case: Case, level: int, programs: Path) -> None:
    data = compile_c(SOURCES / case.source)
    program = write_program(data, level, programs / f"O{level}", case.source.partition(".")[0])
    assert run_python(program, case.args, case.stdin) == run_wasmtime(data, case.args, case.stdin)


def test_every_source_has_a_case() -> None:
    sources = {path.name for path in SOURCES.iterdir() if path.suffix in (".c", ".cpp")}
    assert {case.source for case in CASES} == sources


def test_case_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("kind", "012")
def test_deflate_output_is_read_by_zlib(kind: str, programs: Path) -> None:
    data = b"a deflate stream is a deflate stream" * 20
    program = write_program(compile_c(SOURCES / "deflate.c"), 1, programs / "O1", "deflate")
    packed = run_python(program, ("c", kind), data)
    assert packed.status == 0
    assert zlib.decompress(packed.stdout, -15) == data
