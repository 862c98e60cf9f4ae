"""A module in the binary format as a Python module in this process: transpiled, compiled, and both remembered."""

from __future__ import annotations

import dataclasses
import json
import marshal
import os
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import MAGIC_NUMBER, module_from_spec, spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

from wasm2py.cache import Cache, digest
from wasm2py.options import Options
from wasm2py.version import __version__

PACKAGE_FROM: Final = 1 << 18
"""Bytes of a module from which it becomes a package: what is never called is not even read then."""

_NO_MATTER: Final = frozenset({"jobs", "format"})
"""Options that do not change what the output does."""


def load(
    data: bytes, options: Options, cache: Cache | None, progress: Callable[[int, int], None] | None = None
) -> ModuleType:
    """Import a module.

    :param data: the binary
    :param options: how to transpile it, but for layout and packaging
    :param cache: keeps the results; ``None`` for nowhere
    :param progress: called with the number of functions done and their total, where transpiling is needed
    :raises ModuleError: as :func:`~wasm2py.transpile.transpile` does
    """
    options = dataclasses.replace(options, format="none", package=len(data) >= PACKAGE_FROM)
    loader = _Loader(data, options, cache, progress)
    spec = spec_from_loader(loader.package, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    loader.progress = None
    if options.package:  # its parts are imported when they are needed
        sys.modules[loader.package] = module
        sys.meta_path.append(loader)
    return module


class _Loader(InspectLoader, MetaPathFinder):
    """Finds one generated module, which may have parts.

    :ivar package: the name under which Python knows it
    :ivar progress: see :func:`load`; parts that are loaded later have nobody to tell
    """

    def __init__(
        self, data: bytes, options: Options, cache: Cache | None, progress: Callable[[int, int], None] | None
    ) -> None:
        self._data = data
        self._options = options
        self._cache = cache
        self.progress = progress
        self._key = _key(data, options)
        self.package = f"_wasm2py_{self._key}"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a part."""
        return spec_from_loader(fullname, self) if fullname.startswith(f"{self.package}.") else None

    def is_package(self, fullname: str) -> bool:
        """Whether it is the module itself, and has parts."""
        return self._options.package and fullname == self.package

    def get_source(self, fullname: str) -> str:
        """The source text, for tracebacks too."""
        return self._sources[self._file(fullname)]

    def get_code(self, fullname: str) -> CodeType:
        """The code of the module or a part, out of the cache where it is there."""
        interpreter = f"{sys.implementation.cache_tag} {sys.flags.optimize}".encode()
        key = digest(self._key.encode(), fullname.encode(), MAGIC_NUMBER, interpreter)
        known = self._cache and self._cache.get(key)
        if known:
            code = marshal.loads(known)
            assert isinstance(code, CodeType), "only code is kept under such a key"
            return code
        # No file has this name, and no angle brackets: then tracebacks ask this loader for the lines.
        place = f"wasm2py:{ascii(self._options.source_name)[1:-1]}/{self._file(fullname)}"
        code = compile(self.get_source(fullname), place, "exec", dont_inherit=True)
        if self._cache is not None:
            self._cache.put(key, marshal.dumps(code))
        return code

    def _file(self, fullname: str) -> str:
        """The file of :attr:`_sources` that a name in Python stands for."""
        if fullname == self.package:
            return "__init__.py" if self._options.package else "module.py"
        return fullname.removeprefix(f"{self.package}.") + ".py"

    @cached_property
    def _sources(self) -> dict[str, str]:
        """The source texts by file name; transpiled where the cache does not have them."""
        known = self._cache and self._cache.get(self._key)
        if known:
            sources: dict[str, str] = json.loads(known)
            return sources
        from wasm2py.transpile import transpile  # most of the loading time, which known modules need not pay

        sources = transpile(self._data, self._options, self.progress).parts
        if self._cache is not None:
            self._cache.put(self._key, json.dumps(sources).encode())
        return sources


def _key(data: bytes, options: Options) -> str:
    """A hash of all that the output depends on."""
    chosen = {name: value for name, value in dataclasses.asdict(options).items() if name not in _NO_MATTER}
    return digest(data, json.dumps(chosen, sort_keys=True).encode(), _compiler().encode())


def _compiler() -> str:
    """The version of the compiler, and the state of its files, which change without it in a checkout."""
    lines = [__version__]
    root = Path(__file__).parent
    for package in (root, root.with_name("runtime_support")):
        for folder, folders, files in os.walk(package):
            folders.sort()
            for name in sorted(files):
                if name.endswith((".py", ".j2")):
                    status = os.stat(os.path.join(folder, name))
                    lines.append(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(lines)
