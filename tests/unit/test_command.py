"""The whole command, from a module in a file to Python that runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ADD = ROOT / "examples" / "add.wasm"


def python(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("WASM2PY_DEBUG", None)
    return subprocess.run([sys.executable, *arguments], cwd=cwd, input=stdin, capture_output=True, env=environment)


def transpile(*arguments: str, cwd: Path, stdin: bytes = b"") -> bytes:
    done = python("-m", "wasm2py", *arguments, cwd=cwd, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def add(cwd: Path) -> bytes:
    """What the module ``add`` in a directory says to 1 + 2."""
    return python("-c", "import add; print(add.add(1, 2))", cwd=cwd).stdout.strip()


@pytest.mark.parametrize("source", ["add.wasm", "add.wat"])
@pytest.mark.parametrize("options", [["-O0"], ["-O1"], ["-O2"], ["--no-names"], ["--format", "none"], ["-j2"]])
def test_example(source: str, options: list[str], tmp_path: Path) -> None:
    transpile(str(ADD.with_name(source)), *options, cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["add.py"]
    assert add(tmp_path) == b"3"


def test_package(tmp_path: Path) -> None:
    transpile(str(ADD), "-o", "add/", cwd=tmp_path)
    assert (tmp_path / "add" / "__init__.py").is_file()
    assert add(tmp_path) == b"3"
    transpile(str(ADD), "-o", "add", cwd=tmp_path)
    assert add(tmp_path) == b"3"


def test_standard_streams(tmp_path: Path) -> None:
    (tmp_path / "add.py").write_bytes(transpile("-", cwd=tmp_path, stdin=ADD.read_bytes()))
    assert add(tmp_path) == b"3"


def test_same_input_same_output(tmp_path: Path) -> None:
    outputs = {transpile(str(ADD), "-o", "-", cwd=tmp_path) for _ in range(2)}
    assert len(outputs) == 1


def test_default_output_is_known_as_generated(tmp_path: Path) -> None:
    transpile(str(ADD), cwd=tmp_path)
    transpile(str(ADD), cwd=tmp_path)


def test_truncated_module_is_one_line_and_no_file(tmp_path: Path) -> None:
    binary = ADD.read_bytes()
    for length in (1, 4, 9, len(binary) // 2, len(binary) - 1):
        (tmp_path / "bad.wasm").write_bytes(binary[:length])
        done = python("-m", "wasm2py", "bad.wasm", cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.startswith(b"wasm2py: error: bad.wasm: malformed module: ")
        assert done.stderr.count(b"\n") == 1
        assert not (tmp_path / "bad.py").exists()


def test_component_is_unsupported(tmp_path: Path) -> None:
    (tmp_path / "c.wasm").write_bytes(b"\0asm\x0d\0\1\0")
    done = python("-m", "wasm2py", "c.wasm", cwd=tmp_path)
    assert done.returncode == 1
    assert b"component-model" in done.stderr
