"""One program on three sides: under wasmtime, transpiled on real directories, and transpiled in memory."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import wasmtime

from runtime_support import ExitError, Trap
from tests.transpiled import code_of
from wasi_shim import Directory, MemoryDirectory, Wasi
from wasm2py.options import Options

from .cases import Case
from .trees import Tree, plant_in_memory, plant_on_disk, tree_in_memory, tree_on_disk, without_permissions

SOURCES = Path(__file__).parent / "sources"


@dataclass
class Outcome:
    """What a program did: what it wrote, its exit status or that it trapped, and what its directories hold then."""

    stdout: bytes
    stderr: bytes
    status: int | str
    trees: dict[str, Tree]

    def without_permissions(self) -> Outcome:
        """The same, to be compared with file systems that have no permissions."""
        trees = {name: without_permissions(tree) for name, tree in self.trees.items()}
        return Outcome(self.stdout, self.stderr, self.status, trees)


@cache
def _engine() -> wasmtime.Engine:
    return wasmtime.Engine()


@cache
def _compiled(binary: bytes) -> wasmtime.Module:
    return wasmtime.Module(_engine(), binary)


def under_wasmtime(binary: bytes, case: Case, folder: Path) -> Outcome:
    """Run a command under wasmtime; its directories are made in ``folder``."""
    roots = planted(case, folder)
    paths = {name: folder / name for name in ("stdin", "stdout", "stderr")}
    paths["stdin"].write_bytes(case.stdin)
    wasi = wasmtime.WasiConfig()
    wasi.argv = ["program", *case.args]
    wasi.env = list(case.env.items())
    wasi.stdin_file = str(paths["stdin"])
    wasi.stdout_file = str(paths["stdout"])
    wasi.stderr_file = str(paths["stderr"])
    for name, root in roots.items():
        wasi.preopen_dir(str(root), name, name not in case.read_only)
    store = wasmtime.Store(_engine())
    store.set_wasi(wasi)
    linker = wasmtime.Linker(_engine())
    linker.define_wasi()
    start = linker.instantiate(store, _compiled(binary)).exports(store)["_start"]
    assert isinstance(start, wasmtime.Func)
    status: int | str = 0
    try:
        start(store)
    except wasmtime.ExitTrap as end:
        status = end.code
    except (wasmtime.Trap, wasmtime.WasmtimeError):
        status = "trap"
    trees = {name: tree_on_disk(root) for name, root in roots.items()}
    return Outcome(paths["stdout"].read_bytes(), paths["stderr"].read_bytes(), status, trees)


def on_disk(binary: bytes, case: Case, folder: Path, level: int = 1) -> Outcome:
    """Run a command transpiled, with optimisation of ``level``; its directories are made in ``folder``."""
    roots = planted(case, folder)
    preopens = {name: Directory(root, read_only=name in case.read_only) for name, root in roots.items()}
    outcome = _transpiled(binary, case, preopens, level)
    outcome.trees = {name: tree_on_disk(root) for name, root in roots.items()}
    return outcome


def in_memory(binary: bytes, case: Case) -> Outcome:
    """Run a command transpiled, with directories in memory."""
    preopens = {name: plant_in_memory(plan, name in case.read_only) for name, plan in case.preopens.items()}
    outcome = _transpiled(binary, case, preopens, 1)
    outcome.trees = {name: tree_in_memory(made) for name, made in preopens.items()}
    return outcome


def planted(case: Case, folder: Path) -> dict[str, Path]:
    """Make the directories of a case; returns where they are, by the names that the program knows."""
    roots = {name: folder / str(number) for number, name in enumerate(case.preopens)}
    for name, root in roots.items():
        plant_on_disk(root, case.preopens[name])
    return roots


def _transpiled(
    binary: bytes, case: Case, preopens: dict[str, Directory] | dict[str, MemoryDirectory], level: int
) -> Outcome:
    """Run a command as Python; the trees are not looked at."""
    stdout, stderr = io.BytesIO(), io.BytesIO()
    wasi = Wasi(
        args=["program", *case.args], env=case.env, stdin=case.stdin, stdout=stdout, stderr=stderr, preopens=preopens
    )
    namespace = {"__name__": "program"}
    exec(code_of(binary, Options(optimise=level, format="none")), namespace)
    status: int | str = 0
    try:
        namespace["instantiate"](wasi=wasi, start=("_start",))
    except ExitError as end:
        status = end.code
    except Trap:
        status = "trap"
    return Outcome(stdout.getvalue(), stderr.getvalue(), status, {})
