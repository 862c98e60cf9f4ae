"""The programs of a well-known tutorial on WASI do what it says, by the interface of 2019 for which it was written."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import wasmtime

from runtime_support import ExitError, Trap
from tests.programs.compilers import compile_c, compile_rust
from tests.transpiled import code_of
from wasi_shim import Directory, Wasi
from wasm2py.options import Options

SOURCES = Path(__file__).parent / "tutorial"

NOENT, ILSEQ, PERM = 44, 25, 63


class Outcome(NamedTuple):
    """What a program printed, and its exit status."""

    stdout: str
    stderr: str
    status: int


def run(binary: bytes, *args: str, **preopens: Path) -> Outcome:
    """Run a command; a trap is raised."""
    streams = {"stdout": io.BytesIO(), "stderr": io.BytesIO()}
    namespace = {"__name__": "program"}
    exec(code_of(binary, Options(format="none")), namespace)
    granted = {name: Directory(path) for name, path in preopens.items()}
    status = 0
    try:
        namespace["instantiate"](wasi=Wasi(args=["program", *args], preopens=granted, **streams), start=("_start",))
    except ExitError as end:
        status = end.code
    return Outcome(*(stream.getvalue().decode() for stream in streams.values()), status)


def hooray(written: int) -> bytes:
    """The first program, with the address where the number of written bytes goes."""
    text = (SOURCES / "hooray.wat").read_text(encoding="utf-8")
    assert text.count("i32.const 28") == 1
    return bytes(wasmtime.wat2wasm(text.replace("i32.const 28", f"i32.const {written}")))


def make_folder(path: bytes) -> bytes:
    """The second program, with the path that it makes."""
    text = (SOURCES / "folder.wat").read_text(encoding="utf-8")
    escaped = "".join(f"\\{byte:02x}" for byte in path)
    return bytes(wasmtime.wat2wasm(text.replace('"PATH"', f'"{escaped}"').replace("LENGTH)", f"{len(path)})")))


def test_hooray() -> None:
    assert run(hooray(written=28)) == ("Hooray it's WASI\n", "", 0)


def test_misaligned_pointer_traps() -> None:
    with pytest.raises(Trap, match="18"):
        run(hooray(written=18))


def test_makes_a_folder(tmp_path: Path) -> None:
    (tmp_path / "granted").mkdir()
    assert run(make_folder(b"wasi-folder"), **{".": tmp_path / "granted"}) == ("", "", 0)
    assert (tmp_path / "granted" / "wasi-folder").is_dir()


@pytest.mark.parametrize(("path", "errno"), [(b"../some_folder", PERM), (b"", NOENT), (b"bad \xff name", ILSEQ)])
def test_refuses_to_make_a_folder(path: bytes, errno: int, tmp_path: Path) -> None:
    (tmp_path / "granted").mkdir()
    assert run(make_folder(path), **{".": tmp_path / "granted"}) == ("", "", errno)
    assert [found.name for found in tmp_path.rglob("*")] == ["granted"]


COMPILERS = pytest.mark.parametrize(
    ("compiled", "source"), [(compile_c, "list_folder.c"), (compile_rust, "list_folder.rs")], ids=["c", "rust"]
)


@COMPILERS
def test_lists_a_folder(compiled: Callable[[Path], bytes], source: str, tmp_path: Path) -> None:
    (tmp_path / "some.txt").write_bytes(b"x" * 1234)
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    binary = compiled(SOURCES / source)
    assert run(binary, **{".": tmp_path}) == ("empty: 0 bytes\nsome.txt: 1234 bytes\n", "", 0)
    assert run(binary, "/data", **{"/data": tmp_path}) == ("empty: 0 bytes\nsome.txt: 1234 bytes\n", "", 0)
    assert run(binary, "folder", **{".": tmp_path}) == ("", "", 0)


@COMPILERS
def test_reports_that_no_folder_was_granted(compiled: Callable[[Path], bytes], source: str) -> None:
    stdout, stderr, status = run(compiled(SOURCES / source))
    assert (stdout, status) == ("", 1)
    assert re.match(r"\.: (Capabilities insufficient|No such file|failed to find a pre-opened file descriptor)", stderr)
