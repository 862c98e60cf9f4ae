"""Transpiled modules, cached by the hash of the module, the options and wasm2py's own sources."""

from __future__ import annotations

import dataclasses
import json
import marshal
import shutil
import sys
from functools import cache
from pathlib import Path
from types import CodeType

from tests.cache import CACHE, cached, digest
from tests.spec_data import ROOT
from wasm2py.options import Options
from wasm2py.transpile import transpile

_FOLDER = CACHE / "transpiled"
_KEPT = 3


@cache
def _transpiler_hash() -> str:
    """A hash of every source that the output depends on."""
    paths = (path for name in ("wasm2py", "runtime_support") for path in (ROOT / name).rglob("*") if path.is_file())
    return digest(*(path.read_bytes() for path in sorted(paths) if path.suffix in (".py", ".j2")))[:16]


@cache
def _cache_folder() -> Path:
    """The folder for results of this version of wasm2py; those of older versions go, but for the newest few."""
    folder = _FOLDER / _transpiler_hash()
    folder.mkdir(parents=True, exist_ok=True)
    newest = sorted(_FOLDER.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _key(data: bytes, options: Options) -> str:
    return digest(data, json.dumps(dataclasses.asdict(options), sort_keys=True))[:32]


def source_path(data: bytes, options: Options) -> Path:
    """A file with the generated source, of a module that becomes a single file.

    :raises Wasm2pyError: as ``transpile`` does; errors are not cached
    """

    def make() -> bytes:
        (source,) = transpile(data, options).parts.values()
        return str(source).encode()

    name = f"{_key(data, options)}.py"
    cached(_cache_folder(), name, make)
    return _cache_folder() / name


def source_of(data: bytes, options: Options) -> str:
    """The generated source.

    :raises Wasm2pyError: as :func:`source_path` does
    """
    return source_path(data, options).read_text(encoding="utf-8")


def code_of(data: bytes, options: Options) -> CodeType:
    """The generated source, compiled; only the code object is cached.

    :raises Wasm2pyError: as ``transpile`` does; errors are not cached
    """

    def make() -> bytes:
        (source,) = transpile(data, options).parts.values()
        return marshal.dumps(compile(source, f"<{options.source_name}>", "exec", dont_inherit=True))

    tag = sys.implementation.cache_tag
    code = marshal.loads(cached(_cache_folder(), f"{_key(data, options)}.{tag}.code", make))
    assert isinstance(code, CodeType)
    return code
