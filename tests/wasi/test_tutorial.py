"""The programs of a well-known tutorial on WASI do what it says, by the interface of 2019 for which it was written."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.programs.compilers import compile_c, compile_rust
from tests.programs.running import python_environ

SOURCES = Path(__file__).parent / "tutorial"

NOENT, ILSEQ, PERM = 44, 25, 63

TRAPPED = 134


class Outcome(NamedTuple):
    """What a program printed, and its exit status."""

    stdout: str
    stderr: str
    status: int


def run(module: Path, *args: str, directories: tuple[str, ...] = ()) -> Outcome:
    """``wasm2py run --dir … MODULE ARGS``."""
    granted = [f"--dir={directory}" for directory in directories]
    command = [sys.executable, "-m", "wasm2py", "run", "--no-cache", *granted, str(module), *args]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=python_environ())
    return Outcome(done.stdout, done.stderr, done.returncode)


def changed(folder: Path, source: str, changes: dict[str, str]) -> Path:
    """Write a copy of a program with other texts in some places."""
    text = (SOURCES / source).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    program = folder / source
    program.write_text(text, encoding="utf-8")
    return program


def make_folder(folder: Path, path: bytes) -> Path:
    """The program that makes a directory of that path."""
    escaped = "".join(f"\\{byte:02x}" for byte in path)
    return changed(folder, "folder.wat", {'"PATH"': f'"{escaped}"', "LENGTH)": f"{len(path)})"})


@pytest.fixture
def granted(tmp_path: Path) -> Path:
    """An empty directory in an empty directory."""
    folder = tmp_path / "outer" / "granted"
    folder.mkdir(parents=True)
    return folder


def test_hooray() -> None:
    assert run(SOURCES / "hooray.wat") == ("Hooray it's WASI\n", "", 0)


def test_misaligned_pointer_traps(tmp_path: Path) -> None:
    stdout, stderr, status = run(changed(tmp_path, "hooray.wat", {"i32.const 28": "i32.const 18"}))
    assert (stdout, status) == ("", TRAPPED)
    assert re.match(r"trap: .*\b18\b", stderr)


def test_makes_a_folder(granted: Path, tmp_path: Path) -> None:
    program = make_folder(tmp_path, b"wasi-folder")
    assert run(program, directories=(f"{granted}::.",)) == ("", "", 0)
    assert (granted / "wasi-folder").is_dir()


@pytest.mark.parametrize(("path", "errno"), [(b"../some_folder", PERM), (b"", NOENT), (b"bad \xff name", ILSEQ)])
def test_refuses_to_make_a_folder(path: bytes, errno: int, granted: Path, tmp_path: Path) -> None:
    assert run(make_folder(tmp_path, path), directories=(f"{granted}::.",)) == ("", "", errno)
    assert list((tmp_path / "outer").rglob("*")) == [granted]


COMPILERS = pytest.mark.parametrize(
    ("compiled", "source"), [(compile_c, "list_folder.c"), (compile_rust, "list_folder.rs")], ids=["c", "rust"]
)


@COMPILERS
def test_lists_a_folder(compiled: Callable[[Path], bytes], source: str, granted: Path, tmp_path: Path) -> None:
    (granted / "some.txt").write_bytes(b"x" * 1234)
    (granted / "empty").touch()
    (granted / "folder").mkdir()
    program = tmp_path / "list_folder.wasm"
    program.write_bytes(compiled(SOURCES / source))
    assert run(program, directories=(f"{granted}::.",)) == ("empty: 0 bytes\nsome.txt: 1234 bytes\n", "", 0)
    assert (
        run(program, "/data", directories=(f"{granted}::/data:ro",)).stdout == "empty: 0 bytes\nsome.txt: 1234 bytes\n"
    )
    assert run(program, str(granted), directories=(str(granted),)).stdout == "empty: 0 bytes\nsome.txt: 1234 bytes\n"
    assert run(program, "folder", directories=(f"{granted}::.",)) == ("", "", 0)


@COMPILERS
def test_reports_that_no_folder_was_granted(compiled: Callable[[Path], bytes], source: str, tmp_path: Path) -> None:
    program = tmp_path / "list_folder.wasm"
    program.write_bytes(compiled(SOURCES / source))
    stdout, stderr, status = run(program)
    assert (stdout, status) == ("", 1)
    assert re.match(r"\.: (Capabilities insufficient|No such file|failed to find a pre-opened file descriptor)", stderr)
