"""wasm2py: an ahead-of-time transpiler from WebAssembly to Python.

::

    from wasm2py import Options
    from wasm2py.transpile import transpile

    source = transpile(data, Options(source_name="mod.wasm")).parts["module.py"]

The function is not listed here, because its module has the same name.  The names below load when they are first used:
Python 3.9 and 3.10, which run generated modules, must be able to import this package without loading the compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wasm2py.version import __version__

if TYPE_CHECKING:
    from wasm2py.errors import (
        InternalError,
        Invalid,
        Malformed,
        ModuleError,
        TextError,
        Unsupported,
        UsageError,
        Wasm2pyError,
    )
    from wasm2py.options import Options

__all__ = [
    "InternalError",
    "Invalid",
    "Malformed",
    "ModuleError",
    "Options",
    "TextError",
    "Unsupported",
    "UsageError",
    "Wasm2pyError",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'wasm2py' has no attribute {name!r}")
    return getattr(import_module("wasm2py.options" if name == "Options" else "wasm2py.errors"), name)


def __dir__() -> list[str]:
    return __all__
