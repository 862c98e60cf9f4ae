"""The program starts where it can, and says why where it cannot."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from wasm2py import __main__ as program
from wasm2py.version import __version__

ROOT = Path(__file__).resolve().parent.parent.parent


def test_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "wasm2py", "--version"], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"wasm2py {__version__}\n", "")


def test_old_python_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    with pytest.raises(SystemExit) as exit:
        program.main()
    assert exit.value.code == (
        "wasm2py: error: the compiler needs Python 3.11 or newer, this is 3.9; generated modules run on 3.9 and newer"
    )


FOR_OLD_PYTHONS = [
    ROOT / "wasm2py" / "__init__.py",
    ROOT / "wasm2py" / "__main__.py",
    *sorted((ROOT / "runtime_support").rglob("*.py")),
    *sorted((ROOT / "wasi_shim").rglob("*.py")),
]


@pytest.mark.parametrize("path", FOR_OLD_PYTHONS, ids=lambda path: str(path.relative_to(ROOT)))
def test_syntax_of_python_3_9(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
