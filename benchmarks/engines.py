"""What runs a kernel's Wasm module: generated code, and others to compare it with.

Every engine is a function from the bytes of a module to its exported function ``run`` as a Python callable. Engines
other than ours import their package when they are loaded, so that the benchmarks run without it.
"""

from __future__ import annotations

import atexit
import importlib
import io
import itertools
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.race import Run
from wasm2py.options import Options
from wasm2py.transpile import transpile

#: A module of so many bytes becomes a package of parts.
PACKAGE_FROM = 500_000

_SERIALS = itertools.count(1)


@dataclass(frozen=True)
class Engine:
    """What runs a module: its name, and its function from the bytes.

    ``load`` raises :class:`ImportError` where the engine is not installed. An ``interpreter`` takes instructions one by
    one at a thousandth of Python's speed: it gets a kernel's ``SMALL`` size.
    """

    name: str
    load: Callable[[bytes], Run]
    interpreter: bool = False


def write_parts(parts: dict[str, str], directory: Path, name: str) -> None:
    """Write a transpiled module to ``directory`` so that ``import name`` finds it there.

    :param parts: source text by relative file name: one file, or the files of a package with its ``__init__.py``
    """
    for file_name, source in parts.items():
        path = directory / (f"{name}.py" if len(parts) == 1 else f"{name}/{file_name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")


def import_parts(parts: dict[str, str]) -> ModuleType:
    """Import a transpiled module under a name of its own.

    The files stay until the process ends: a package loads its parts when they are first called.
    """
    name = f"wasm2py_benchmark_{next(_SERIALS)}"
    write_parts(parts, _imports(), name)
    importlib.invalidate_caches()
    return importlib.import_module(name)


@cache
def _imports() -> Path:
    """Return a folder in Python's path that is deleted at exit."""
    folder = tempfile.mkdtemp(prefix="wasm2py-benchmark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sys.path.insert(0, folder)
    return Path(folder)


def transpiled(wasm: bytes, optimise: int, target: str, name: str = "module.wasm") -> dict[str, str]:
    """Return the source texts that a module becomes, by relative file name: several for a large module.

    :param name: of the module, for the first line of the source
    """
    package = len(wasm) >= PACKAGE_FROM
    options = Options(optimise=optimise, target=target, format="none", source_name=name, package=package)
    return dict(transpile(wasm, options).parts)


def generated(optimise: int, target: str) -> Engine:
    """Return the engine that transpiles with the given options and runs the result."""

    def load(wasm: bytes) -> Run:
        module: Any = import_parts(transpiled(wasm, optimise, target))
        run: Run = module.instantiate({}).exports.run
        return run

    return Engine("generated", load)


def _wasmtime(wasm: bytes) -> Run:
    import wasmtime

    store = wasmtime.Store()
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, wasm), [])
    function: Any = instance.exports(store)["run"]
    return lambda n: function(store, n)


def _pwasm(wasm: bytes) -> Run:
    pwasm: Any = importlib.import_module("pwasm")
    # By default it interprets a function's first calls.
    run: Run = pwasm.instantiate(pwasm.decode_module(wasm), mode="compile").exports.run
    return run


def _pywasm(wasm: bytes) -> Run:
    pywasm: Any = importlib.import_module("pywasm")
    runtime = pywasm.core.Runtime()
    instance = runtime.instance(pywasm.core.ModuleDesc.from_reader(io.BytesIO(wasm)))
    return lambda n: runtime.invocate(instance, "run", [n])[0]


def _ppci(wasm: bytes) -> Run:
    ppci: Any = importlib.import_module("ppci.wasm")
    run: Run = ppci.instantiate(ppci.Module(wasm), {}, target="python").exports.run
    return run


#: Others, in the order of their columns. ``wasmtime`` compiles to native code: it shows the distance to the metal.
RIVALS: tuple[Engine, ...] = (
    Engine("pwasm", _pwasm),
    Engine("pywasm", _pywasm, interpreter=True),
    Engine("ppci", _ppci, interpreter=True),
    Engine("wasmtime", _wasmtime),
)
