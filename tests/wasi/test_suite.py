"""The preview 1 programs of the official WASI test suite.

The folder is named by the environment variable ``WASM2PY_WASI_SUITE``; without it, ``../shared/wasi-testsuite`` beside
the repository.  Each program runs in wasmtime with our functions, which tests them apart from the transpiler, and
transpiled; those with files on real ones and on a file system in memory.
"""

import io
import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from runtime_support import ExitError
from tests.transpiled import code_of
from wasi_shim import Directory, MemoryDirectory, Wasi
from wasm2py.options import Options

from .under_wasmtime import run

NAMED = os.environ.get("WASM2PY_WASI_SUITE")
SUITE = Path(NAMED) if NAMED else Path(__file__).resolve().parents[3] / "shared" / "wasi-testsuite"
PROGRAMS = sorted(SUITE.glob("*/wasm32-wasip1/*.wasm"))


def identify(program):
    return f"{program.parts[-3]}/{program.stem}"


def description(program):
    path = program.with_suffix(".json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def test_the_suite_is_there():
    if not PROGRAMS and not NAMED:
        pytest.skip("the WASI suite was not found: set WASM2PY_WASI_SUITE to its folder")
    assert len(PROGRAMS) == 72
    assert len(WITH_FILES) == 49


WITH_FILES = [program for program in PROGRAMS if "root" in description(program)]


@pytest.mark.parametrize("program", PROGRAMS, ids=identify)
def test_program(program, tmp_path):
    check(program, run, real_files(program, tmp_path))


@pytest.mark.parametrize("program", PROGRAMS, ids=identify)
def test_program_transpiled(program, tmp_path):
    check(program, run_transpiled, real_files(program, tmp_path))


@pytest.mark.parametrize("program", WITH_FILES, ids=identify)
def test_program_with_trusted_files(program, tmp_path, monkeypatch):
    """What Windows gets, whose Python does not open names relative to directories."""
    monkeypatch.setattr("wasi_shim.host.files.SANDBOXED", False)
    check(program, run, {"/": Directory(copy_of_root(program, tmp_path), trusted=True)})


@pytest.mark.parametrize("program", WITH_FILES, ids=identify)
def test_program_with_files_in_memory(program):
    root = program.parent / description(program)["root"]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    check(program, run, {"/": MemoryDirectory(files)})


def real_files(program, tmp_path):
    """Grant a program what it wants."""
    root = copy_of_root(program, tmp_path)
    return {"/": Directory(root)} if root else {}


def copy_of_root(program, tmp_path):
    """Make a writable copy of the folder that a program wants, if it wants one."""
    wanted = description(program)
    if "root" not in wanted:
        return None
    root = tmp_path / "root"
    shutil.copytree(program.parent / wanted["root"], root)
    for path in root, *root.rglob("*"):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    return root


def run_transpiled(binary, wasi):
    """Transpile and run a command; returns its exit status."""
    namespace = {"__name__": "program"}
    exec(code_of(binary, Options(format="none")), namespace)
    try:
        namespace["instantiate"](wasi=wasi, start=("_start",))
    except ExitError as end:
        return end.code
    return 0


def check(program, run, preopens):
    """Run a program and compare what its description tells."""
    wanted = description(program)
    output = {"stdout": io.BytesIO(), "stderr": io.BytesIO()}
    args = [program.name, *wanted.get("args", [])]
    wasi = Wasi(args=args, env=wanted.get("env"), preopens=preopens, **output)
    status = run(program.read_bytes(), wasi)
    assert status == wanted.get("exit_code", 0), output["stderr"].getvalue()
    for name, stream in output.items():
        if name in wanted:
            assert stream.getvalue().decode() == wanted[name]
