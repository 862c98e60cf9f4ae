"""setjmp and longjmp, which LLVM makes of exceptions: the standard's, or legacy ones, which must do the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs.compilers import compile_c
from tests.programs.running import run_python, run_wasmtime, write_program
from wasm2py.decode import decode_body, decode_module

FOLDER = Path(__file__).parent / "jumps"


def compiled(legacy: bool) -> bytes:
    """The program, by one of the proposals."""
    options = ("-wasm-enable-sjlj", f"-wasm-use-legacy-eh={str(legacy).lower()}")
    flags = [flag for option in options for flag in ("-mllvm", option)]
    return compile_c(FOLDER / "jumps.c", "-mexception-handling", *flags, str(FOLDER / "tag.s"))


def instructions(data: bytes) -> set[str]:
    """The names of all instructions that a module has."""
    module = decode_module(data)
    return {i.op.name for index in range(len(module.codes)) for i in decode_body(module, index)}


def test_each_build_has_its_own_instructions() -> None:
    assert {"try", "catch"} & instructions(compiled(legacy=True)) == {"try", "catch"}
    assert {"try", "try_table"} & instructions(compiled(legacy=False)) == {"try_table"}


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("legacy", [True, False])
def test_same_as_wasmtime(legacy: bool, level: int, tmp_path: Path) -> None:
    """Wasmtime runs the standard's instructions only: what it prints is right for both builds."""
    program = write_program(compiled(legacy), level, tmp_path, "jumps")
    printed = run_python(program, (), b"")
    assert printed == run_wasmtime(compiled(legacy=False), (), b"")
    assert len(printed.stdout.splitlines()) > 20
