"""Programs of wasi-threads: the official ones, and ours in C and Zig, which do what they do natively."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime_support import ExitError
from tests import interpreters
from tests.programs.running import python_environ
from tests.spec_data import ROOT
from tests.transpiled import code_of, source_of
from wasi_shim import Directory, Wasi
from wasm2py.options import Options

from .elsewhere import threads_left
from .test_interpreters import PYTHONS
from .test_suite import NAMED
from .thread_programs import EVERYWHERE, SIMPLE, SOURCES, TEXTS, binary_of, status_of

OFFICIAL = [*TEXTS, SIMPLE]
FOR_A_COMMAND = "exit_main_block exit_nonmain_busy exit_nonmain_wasi_read return_main_busy return_main_wasi_read spawn"


def name(path):
    return path.stem


@pytest.fixture
def silent():
    """An input from which reading waits for ever."""
    reader, writer = os.pipe()
    with io.FileIO(reader) as stream:
        yield stream
    os.close(writer)


def test_the_programs_are_there():
    if not TEXTS and not NAMED:
        pytest.skip("the WASI suite was not found: set WASM2PY_WASI_SUITE to its folder")
    assert len(TEXTS) == 14
    assert SIMPLE.is_file()
    assert len(SOURCES) == 5


@pytest.mark.parametrize("program", OFFICIAL, ids=name)
def test_program(program, silent):
    namespace = {"__name__": "program"}
    exec(code_of(binary_of(program), Options(format="none")), namespace)
    status = 0
    try:
        namespace["instantiate"](wasi=Wasi(stdin=silent), start=("_start",))
    except ExitError as end:
        status = end.code
    assert status == status_of(program)
    assert threads_left() == []


@pytest.mark.slow
def test_threads_end_wherever_they_are():
    namespace = {"__name__": "program"}
    exec(code_of(binary_of(EVERYWHERE), Options(format="none")), namespace)
    for _ in range(20):
        with pytest.raises(ExitError, match="5"):
            namespace["instantiate"](wasi=Wasi(), start=("_start",))
        assert threads_left() == []


@pytest.mark.parametrize("program", [path for path in TEXTS if path.stem[13:] in FOR_A_COMMAND.split()], ids=name)
def test_program_as_a_command(program, silent, tmp_path):
    source = tmp_path / "program.py"
    source.write_text(source_of(binary_of(program), Options(format="none")), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(source)], stdin=silent, capture_output=True, env=python_environ(), timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (status_of(program), b"", b"")


@pytest.mark.parametrize("program", SOURCES, ids=name)
def test_program_does_what_it_does_natively(program, tmp_path):
    module = tmp_path / "program.wasm"
    module.write_bytes(binary_of(program))
    (tmp_path / "native").mkdir()
    (tmp_path / "ours").mkdir()
    native = subprocess.run(
        [sys.executable, "-m", "tests.wasi.threads_under_wasmtime", str(module), str(tmp_path / "native")],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert native.stderr == b""
    assert native.stdout
    namespace = {"__name__": "program"}
    exec(code_of(binary_of(program), Options(format="none")), namespace)
    output, status = io.BytesIO(), 0
    try:
        wasi = Wasi(stdout=output, preopens={"/": Directory(tmp_path / "ours")})
        namespace["instantiate"](wasi=wasi, start=("_start",))
    except ExitError as end:
        status = end.code
    assert status == native.returncode
    assert sorted(output.getvalue().splitlines()) == sorted(native.stdout.splitlines())
    assert contents(tmp_path / "ours") == contents(tmp_path / "native")
    assert threads_left() == []


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).name)
def test_programs_in_another_python(python, tmp_path):
    if interpreters.title(python) is None:
        pytest.skip(f"{python} does not run, or is older than 3.9")
    programs = [*OFFICIAL, *SOURCES, EVERYWHERE]
    tasks = []
    for program in programs:
        source = tmp_path / f"{program.stem}.py"
        source.write_text(source_of(binary_of(program), Options(format="none")), encoding="utf-8")
        root = tmp_path / program.stem
        root.mkdir()
        tasks.append(
            {"source": str(source), "args": [], "env": {}, "preopens": [["/", str(root), False]], "silent": True}
        )
    done = subprocess.run(
        [python, "-m", "tests.wasi.elsewhere"],
        input=json.dumps(tasks),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stderr == ""
    results = dict(zip((program.stem for program in programs), json.loads(done.stdout), strict=True))
    wanted = {program.stem: status_of(program) for program in programs} | {
        "generations_program": 7,
        "library_program": 4,
        "everywhere": 5,
    }
    assert {program: result["status"] for program, result in results.items()} == wanted
    assert results["generations_program"]["stdout"] == "5000 counted, 100 pages, distinct: 1\n"
    assert results["library_program"]["stdout"] == "800 turns, sum 199000\n820 turns\n"
    assert results["queue_program"]["stdout"] == "481200, and mine is 1000\n"
    assert results["sieve_program"]["stdout"].endswith("\n4203 primes\n")
