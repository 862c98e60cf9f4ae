"""The adapter with which the official suite's runner drives ``wasm2py run``, used as that runner uses it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cache import CACHE
from tests.spec_data import ROOT
from wasm2py.version import __version__

from .test_suite import PROGRAMS, copy_of_root, description, identify

COMMAND = [sys.executable, "-m", "wasm2py"]


@pytest.fixture
def adapter(monkeypatch):
    """The adapter as a module; by its name, ``import`` would find it in place of wasm2py."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("XDG_CACHE_HOME", str(CACHE))
    path = Path(__file__).with_name("adapter") / "wasm2py.py"
    spec = importlib.util.spec_from_file_location("adapter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.WASM2PY == ["wasm2py"] or "WASM2PY" in os.environ
    monkeypatch.setattr(module, "WASM2PY", COMMAND)
    return module


def test_who_it_speaks_for(adapter):
    assert adapter.get_name() == "wasm2py"
    assert adapter.get_version() == __version__
    assert adapter.get_wasi_versions() == ["wasm32-wasip1"]
    assert adapter.get_wasi_worlds() == ["wasi:cli/command"]
    assert adapter.get_timeout_seconds() > 10


def test_it_prints_nothing_as_a_program():
    """The runner tells so that it is not of the older kind."""
    path = Path(__file__).with_name("adapter") / "wasm2py.py"
    done = subprocess.run([sys.executable, str(path), "--version"], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=identify)
def test_program(program, adapter, tmp_path):
    wanted = description(program)
    given = (wanted.get("args", []), wanted.get("env", {}), copy_of_root(program, tmp_path))
    argv = adapter.compute_argv(str(program), given, [], "wasi:cli/command", "wasm32-wasip1")
    done = subprocess.run(argv, input=b"", capture_output=True, timeout=300, check=False)
    assert done.returncode == wanted.get("exit_code", 0), done.stderr
    for name in ("stdout", "stderr"):
        if name in wanted:
            assert getattr(done, name).decode() == wanted[name]
