"""Preview 0 against wasmtime: release 15 is the last whose Python package offers it, so it is fetched for this."""

import os
import subprocess
import sys

import pytest

from tests.cache import CACHE
from tests.spec_data import ROOT

VERSION = "15.0.0"
FOLDER = CACHE / f"wasmtime-{VERSION}"


@pytest.mark.network
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
