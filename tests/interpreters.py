"""Other Pythons on this machine: those named in ``WASM2PY_PYTHONS``, or found on the path."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

KNOWN = "python3.9 python3.10 python3.12 python3.13 python3.14 python3.13t python3.14t pypy3"

_PROBE = """
import platform, sys
lock = "" if getattr(sys, "_is_gil_enabled", lambda: True)() else "without GIL"
print(sys.version_info >= (3, 9), platform.python_implementation(), platform.python_version(), lock)
"""


def _path(name: str) -> str | None:
    """The path of an interpreter; what pyenv only has a shim for is looked up among its versions."""
    path = shutil.which(name)
    if path is None or Path(path).parent.name != "shims":
        return path
    found = sorted((Path(path).parents[1] / "versions").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else path


def found() -> list[str]:
    """Paths of interpreters; that they run is not certain."""
    names = os.environ.get("WASM2PY_PYTHONS", KNOWN).split()
    return [path for name in names if (path := _path(name))]


@cache
def title(python: str) -> str | None:
    """What an interpreter calls itself, such as ``CPython 3.9.18``; ``None`` if it does not run, or is too old."""
    try:
        probe = subprocess.run([python, "-c", _PROBE], capture_output=True, text=True, check=False)
    except OSError:
        return None
    new_enough, _, name = probe.stdout.strip().partition(" ")
    return name if new_enough == "True" else None
