"""The official programs and ours, transpiled, in the other Pythons on this machine."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import wasmtime

from tests import interpreters
from tests.spec_data import ROOT
from tests.transpiled import source_of
from wasm2py.options import Options

from .cases import CASES
from .sides import Outcome, planted, under_wasmtime
from .test_programs import compare, compiled
from .test_suite import PROGRAMS, copy_of_root, description, identify
from .trees import tree_on_disk

PYTHONS = interpreters.found()


@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).name)
def test_programs_in_another_python(python, tmp_path):
    if interpreters.title(python) is None:
        pytest.skip(f"{python} does not run, or is older than 3.9")
    tasks = []
    for number, program in enumerate(PROGRAMS):
        source = tmp_path / f"{number}.py"
        source.write_text(source_of(program.read_bytes(), Options(format="none")), encoding="utf-8")
        folder = tmp_path / str(number)
        folder.mkdir()
        wanted = description(program)
        root = copy_of_root(program, folder)
        args = [program.name, *wanted.get("args", [])]
        preopens = [["/", str(root), False]] if root else []
        tasks.append({"source": str(source), "args": args, "env": wanted.get("env"), "preopens": preopens})
    wrong = []
    for program, result in zip(PROGRAMS, elsewhere(python, tasks), strict=True):
        wanted = {"status": description(program).get("exit_code", 0), **description(program)}
        if any(result[name] != wanted[name] for name in ("status", "stdout", "stderr") if name in wanted):
            wrong.append((identify(program), result))
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).name)
def test_same_as_wasmtime_in_another_python(python, tmp_path):
    if interpreters.title(python) is None:
        pytest.skip(f"{python} does not run, or is older than 3.9")
    tasks, roots = [], []
    for number, case in enumerate(CASES):
        folder = tmp_path / str(number)
        folder.mkdir()
        source = folder / "program.py"
        source.write_text(source_of(compiled(case.source), Options(format="none")), encoding="utf-8")
        roots.append(planted(case, folder))
        preopens = [[name, str(root), name in case.read_only] for name, root in roots[-1].items()]
        args, stdin = ["program", *case.args], case.stdin.decode("latin-1")
        tasks.append({"source": str(source), "args": args, "env": dict(case.env), "stdin": stdin, "preopens": preopens})
    for number, result in enumerate(elsewhere(python, tasks)):
        folder = tmp_path / f"theirs-{number}"
        folder.mkdir()
        trees = {name: tree_on_disk(root) for name, root in roots[number].items()}
        stdout, stderr = (result[name].encode("utf-8", "surrogateescape") for name in ("stdout", "stderr"))
        status = "trap" if str(result["status"]).startswith("trap: ") else result["status"]
        theirs = under_wasmtime(compiled(CASES[number].source), CASES[number], folder)
        compare(Outcome(stdout, stderr, status, trees), theirs)


def elsewhere(python, tasks):
    """Run programs in another Python; returns what it reports of each."""
    done = subprocess.run(
        [python, "-m", "tests.wasi.elsewhere"],
        input=json.dumps(tasks),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return json.loads(done.stdout)


PROGRAM = """(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\08\\00\\00\\00\\01\\00\\00\\00!")
  (func (export "variables") (result i32) (drop (call $sizes (i32.const 16) (i32.const 20))) (i32.load (i32.const 16)))
  (func (export "sum") (param i64 f32) (result f32) (f32.add (f32.convert_i64_s (local.get 0)) (local.get 1)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func $hot (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 24))) (loop $again (br $again)))
  (func (export "_start") (call $hot)))"""


@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).name)
def test_options_in_another_python(python, tmp_path):
    if interpreters.title(python) is None:
        pytest.skip(f"{python} does not run, or is older than 3.9")
    program = tmp_path / "program.py"
    program.write_text(source_of(bytes(wasmtime.wat2wasm(PROGRAM)), Options(format="none")), encoding="utf-8")

    def run(*options, **variables):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
        done = subprocess.run(
            [python, str(program), *options], capture_output=True, text=True, env=environment, timeout=300, check=False
        )
        return done.returncode, done.stdout, done.stderr

    assert run("--wasi-invoke=sum", "-0x10", "0.1") == (0, "-15.9\n", "")
    assert run("--wasi-env", "A=1", "--wasi-invoke=variables", WASM2PY_WASI="--env 'B=b c'") == (0, "2\n", "")
    assert run("--wasi-max-memory=1page", "--wasi-invoke=grow") == (0, "-1\n", "")
    assert run("--wasi-trace=filesystem", "--wasi-timeout=0.5", "x") == (
        124,
        "!",
        'fd_write(fd=1, iovs="!") = 0, size=1\n'
        "error: the program ran longer than 0.5 s\n    in f5_hot\n    in f6_start\n",
    )
    assert run("--wasi-help")[0] == 0
    assert run("--wasi-nope")[0] == 2
