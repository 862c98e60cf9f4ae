"""Modules as packages with one function in each part."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import wasmtime

from wasm2py.emit import parts
from wasm2py.options import Options
from wasm2py.output import write_package
from wasm2py.transpile import transpile

Load = Callable[[str], ModuleType]
_numbers = itertools.count()


def write(text: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Transpile a module in the text format to a package in the directory ``path``."""
    monkeypatch.setattr(parts, "PART_BYTES", 1)
    write_package(str(path), transpile(bytes(wasmtime.wat2wasm(text)), Options(package=True, format="none")).parts)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Write and import a package of a name that was not used before."""

    def load(text: str) -> ModuleType:
        name = f"package_under_test_{next(_numbers)}"
        write(text, tmp_path / name, monkeypatch)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    monkeypatch.syspath_prepend(tmp_path)
    yield load
    for name in [name for name in sys.modules if name.startswith("package_under_test_")]:
        del sys.modules[name]


def loaded(package: ModuleType) -> list[str]:
    """Names of the parts that have been loaded."""
    prefix = f"{package.__name__}."
    return sorted(name.removeprefix(prefix) for name in sys.modules if name.startswith(prefix))
