"""Blocks of LZ4: the reference in C, from the package ``lz4``. In pure Python, packages only decompress."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from benchmarks.build import LIBRARY_FLAGS, build
from benchmarks.libraries.hosts import Host
from benchmarks.libraries.job import HERE, Job, Work, documents, put
from benchmarks.libraries.sources import sources


def _module() -> Path:
    folder = sources("lz4", "4.4.5", "5f0b9e53c1e82e88c10d7c180069363980136b9d7a8306c4dca4f760d60c39f0")
    code = folder / "lz4libs"
    return build(HERE / "lz4.c", (*LIBRARY_FLAGS, f"-I{code}", str(code / "lz4.c")))


def _pack(host: Host, text: bytes) -> Work:
    room = len(text) + len(text) // 255 + 16
    start, to = put(host, text), host.call("malloc", room)
    return lambda: host.read(to, host.call("pack", start, len(text), to, room))


def _packed(host: Host) -> bytes:
    return _pack(host, documents(host))()


def _unpack(host: Host, packed: bytes) -> Work:
    room = len(documents(host))
    start, to = put(host, packed), host.call("malloc", room)
    return lambda: host.read(to, host.call("unpack", start, len(packed), to, room))


def _dissect(packed: bytes) -> Work:
    decompress: Any = importlib.import_module("dissect.util.compression").lz4_python.decompress
    return lambda: bytes(decompress(packed))


JOBS = (
    Job("lz4 pack", "lz4", _module, documents, _pack, {}),
    Job("lz4 unpack", "lz4", _module, _packed, _unpack, {"dissect.util": _dissect}),
)
