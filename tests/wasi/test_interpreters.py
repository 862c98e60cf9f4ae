"""The official programs, transpiled, in other Pythons: those named in ``WASM2PY_PYTHONS``, or found on the path."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.spec_data import ROOT
from tests.transpiled import source_of
from wasm2py.options import Options

from .test_suite import PROGRAMS, copy_of_root, description, identify

KNOWN = "python3.9 python3.10 python3.12 python3.13 python3.14 pypy3"


def interpreter(name):
    """The path of an interpreter; what pyenv only has a shim for is looked up among its versions."""
    path = shutil.which(name)
    if path is None or Path(path).parent.name != "shims":
        return path
    found = sorted((Path(path).parents[1] / "versions").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else path


PYTHONS = [path for name in os.environ.get("WASM2PY_PYTHONS", KNOWN).split() if (path := interpreter(name))]


@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).name)
def test_programs_in_another_python(python, tmp_path):
    probe = [python, "-c", "import sys; print(sys.version_info >= (3, 9))"]
    if subprocess.run(probe, capture_output=True, check=False).stdout.strip() != b"True":
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
        tasks.append({"source": str(source), "args": args, "env": wanted.get("env"), "root": root and str(root)})
    done = subprocess.run(
        [python, "-m", "tests.wasi.elsewhere"],
        input=json.dumps(tasks),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    wrong = []
    for program, result in zip(PROGRAMS, json.loads(done.stdout), strict=True):
        wanted = {"status": description(program).get("exit_code", 0), **description(program)}
        if any(result[name] != wanted[name] for name in ("status", "stdout", "stderr") if name in wanted):
            wrong.append((identify(program), result))
    assert not wrong
