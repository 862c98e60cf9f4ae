"""Go programs: a command of 2.5 MB with its scheduler and collector, and a reactor whose main does not run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs.compilers import SOURCES, compile_go
from tests.programs.running import python_environ, run_python, run_wasmtime, write_program

pytestmark = pytest.mark.slow

_USE_ADD = """
import go_add
assert go_add.add(1, 2) == 3
assert go_add.add(2, 3) == 5
assert go_add.add(-7, 2) == -5
print("added")
"""


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("args", [(), ("one", "zwölf")])
def test_command_same_as_wasmtime(level: int, args: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> None:
    data = compile_go(SOURCES / "hello.go")
    folder = tmp_path_factory.getbasetemp() / f"go-O{level}"
    program = write_program(data, level, folder, "go_hello")
    assert run_python(program, args, b"") == run_wasmtime(data, args, b"")


def test_reactor_adds_and_does_not_run_main(tmp_path: Path) -> None:
    write_program(compile_go(SOURCES / "add.go", "-buildmode=c-shared"), 1, tmp_path, "go_add")
    done = subprocess.run(
        [sys.executable, "-c", _USE_ADD],
        cwd=tmp_path,
        env=python_environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "added\n"), done.stderr
