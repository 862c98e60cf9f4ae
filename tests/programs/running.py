"""Running a program: under wasmtime, and as the Python module that wasm2py makes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import wasmtime

from tests.spec_data import ROOT
from tests.transpiled import source_of
from wasm2py.options import Options


@dataclass(frozen=True)
class Result:
    """What a program did."""

    stdout: bytes
    status: int


@cache
def _engine() -> wasmtime.Engine:
    return wasmtime.Engine()


@cache
def _module(data: bytes) -> wasmtime.Module:
    return wasmtime.Module(_engine(), data)


def run_wasmtime(data: bytes, args: tuple[str, ...], stdin: bytes) -> Result:
    """Run a WASI command under wasmtime; it gets no environment and no directories."""
    with tempfile.TemporaryDirectory() as folder:
        source, sink = Path(folder) / "stdin", Path(folder) / "stdout"
        source.write_bytes(stdin)
        wasi = wasmtime.WasiConfig()
        wasi.argv = ["program", *args]
        wasi.stdin_file = str(source)
        wasi.stdout_file = str(sink)
        store = wasmtime.Store(_engine())
        store.set_wasi(wasi)
        linker = wasmtime.Linker(_engine())
        linker.define_wasi()
        start = linker.instantiate(store, _module(data)).exports(store)["_start"]
        assert isinstance(start, wasmtime.Func)
        status = 0
        try:
            start(store)
        except wasmtime.ExitTrap as exit:
            status = exit.code
        return Result(sink.read_bytes(), status)


def python_environ() -> dict[str, str]:
    """An environment in which generated modules find the runtime."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def run_python(program: Path, args: tuple[str, ...], stdin: bytes) -> Result:
    """Run a generated module as ``python PROGRAM ARGS``; a Python traceback is an error."""
    done = subprocess.run(
        [sys.executable, str(program), *args],
        input=stdin,
        capture_output=True,
        env=python_environ(),
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return Result(done.stdout, done.returncode)


def write_program(data: bytes, level: int, folder: Path, name: str) -> Path:
    """Transpile a module to a file in ``folder``, once, and give its path."""
    program = folder / f"{name}.py"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        program.write_text(source_of(data, Options(optimise=level, format="none")), encoding="utf-8")
    return program
