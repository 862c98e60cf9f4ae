"""The official programs, transpiled, in the other Pythons on this machine."""

import json
import subprocess
from pathlib import Path

import pytest

from tests import interpreters
from tests.spec_data import ROOT
from tests.transpiled import source_of
from wasm2py.options import Options

from .test_suite import PROGRAMS, copy_of_root, description, identify

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
