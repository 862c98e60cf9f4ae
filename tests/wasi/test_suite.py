"""The preview 1 programs of the official WASI test suite.

The folder is named by the environment variable ``WASM2PY_WASI_SUITE``; without it, ``../shared/wasi-testsuite`` beside
the repository.  What cannot pass yet must fail: a program that begins to pass has to be taken off :func:`missing`.
"""

import io
import json
import os
from pathlib import Path

import pytest

from runtime_support import ExitError
from tests.transpiled import code_of
from wasi_shim import Wasi
from wasm2py.options import Options

from .under_wasmtime import run

NAMED = os.environ.get("WASM2PY_WASI_SUITE")
SUITE = Path(NAMED) if NAMED else Path(__file__).resolve().parents[3] / "shared" / "wasi-testsuite"
PROGRAMS = sorted(SUITE.glob("*/wasm32-wasip1/*.wasm"))

NOT_BUILT = {
    "c/sock_shutdown-invalid_fd": "sock_shutdown is not built",
    "c/sock_shutdown-not_sock": "sock_shutdown is not built",
}


def identify(program):
    return f"{program.parts[-3]}/{program.stem}"


def description(program):
    path = program.with_suffix(".json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def missing(program):
    """Why a program cannot pass yet, or ``None``."""
    if "root" in description(program):
        return "directories are not built"
    return NOT_BUILT.get(identify(program))


def test_the_suite_is_there():
    if not PROGRAMS and not NAMED:
        pytest.skip("the WASI suite was not found: set WASM2PY_WASI_SUITE to its folder")
    assert len(PROGRAMS) == 72
    assert sum(missing(program) is None for program in PROGRAMS) == EXPECTED


EXPECTED = 21
"""How many of the 72 pass."""


@pytest.mark.parametrize("program", PROGRAMS, ids=identify)
def test_program(program, request):
    reason = missing(program)
    if reason is not None:
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    check(program, run)


@pytest.mark.parametrize("program", [program for program in PROGRAMS if missing(program) is None], ids=identify)
def test_program_transpiled(program):
    check(program, run_transpiled)


def run_transpiled(binary, wasi):
    """Transpile and run a command; returns its exit status."""
    namespace = {"__name__": "program"}
    exec(code_of(binary, Options(format="none")), namespace)
    try:
        namespace["instantiate"](wasi=wasi, start=("_start",))
    except ExitError as end:
        return end.code
    return 0


def check(program, run):
    """Run a program and compare what its description tells."""
    wanted = description(program)
    output = {"stdout": io.BytesIO(), "stderr": io.BytesIO()}
    wasi = Wasi(args=[program.name, *wanted.get("args", [])], env=wanted.get("env"), **output)
    status = run(program.read_bytes(), wasi)
    assert status == wanted.get("exit_code", 0), output["stderr"].getvalue()
    for name, stream in output.items():
        if name in wanted:
            assert stream.getvalue().decode() == wanted[name]
