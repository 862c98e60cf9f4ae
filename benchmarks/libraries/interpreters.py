"""QuickJS and MicroPython, which the package ``pwasm`` carries, running a small script each; CPython runs the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.libraries.hosts import Host, HostFunctions
from benchmarks.libraries.job import HERE, Job, Work, put
from benchmarks.libraries.sources import installed_file

#: What the script is called with: CPython takes some 0.2 ms.
SIZE = 3_000

_OUT, _RESULT = 1, 3
"""File descriptors: what the script prints, and the value of the last statement as JSON."""


class LongJump(Exception):
    """``longjmp``: it leaves all calls up to the nearest ``invoke_…``."""


def _write(host: Host, descriptor: int, start: int, length: int) -> None:
    if descriptor in (_OUT, _RESULT):
        host.output += host.read(start, length)


def _long_jump(host: Host) -> None:
    raise LongJump


def _invoke(host: Host, index: int, *arguments: int) -> Any:
    """Call a function so that it can be left by a long jump; the caller then asks for ``setThrew``'s values."""
    stack = host.call("stack_save")
    try:
        return host.call_table(index, *arguments)
    except LongJump:
        host.call("stack_restore", stack)
        host.call("setThrew", 1, 0)
        return 0


def _invoke_without_result(host: Host, index: int, *arguments: int) -> None:
    _invoke(host, index, *arguments)


_FUNCTIONS: HostFunctions = {
    "host_write": _write,
    "host_call": lambda host, *_: -1,
    "host_take": lambda host, *_: None,
    "host_interrupt": lambda host: 0,
    "_emscripten_throw_longjmp": _long_jump,
    **{f"invoke_{'i' * count}": _invoke for count in range(1, 6)},
    **{f"invoke_v{'i' * count}": _invoke_without_result for count in range(5)},
}


def _module(name: str, sha256: str) -> Callable[[], Path]:
    return lambda: installed_file("pwasm", f"pwasm/guests/{name}.wasm", sha256)


def _text(name: str) -> Callable[[Host], bytes]:
    return lambda _: (HERE / name).read_bytes()


def _evaluate(host: Host, function: str, source: bytes) -> bytes:
    """Return what a script gives or prints."""
    host.output.clear()
    start = put(host, source)
    status = host.call(function, start, len(source))
    host.call("free", start)
    if status:
        raise RuntimeError(f"{function} returned {status}")
    return bytes(host.output)


def _quickjs(host: Host, script: bytes) -> Work:
    host.call("qjs_init", 0, 512 * 1024)
    _evaluate(host, "qjs_eval", script)
    return lambda: json.loads(_evaluate(host, "qjs_eval", b"main(%d)" % SIZE)).encode()


def _micropython(host: Host, script: bytes) -> Work:
    host.call("mp_sandbox_init", 256 * 1024)
    _evaluate(host, "mp_sandbox_exec", script)
    return lambda: _evaluate(host, "mp_sandbox_exec", b"print(main(%d))" % SIZE).rstrip(b"\r\n")


def _cpython(_: bytes) -> Work:
    names: dict[str, Any] = {}
    exec((HERE / "script.py").read_text(encoding="utf-8"), names)
    return lambda: names["main"](SIZE).encode()


JOBS = (
    Job(
        "micropython",
        "micropython",
        _module("micropython", "6f7b35aa342738ddfc47b3a34381afb62be3f640ead7f0e112020a2873baf84f"),
        _text("script.py"),
        _micropython,
        {"CPython": _cpython},
        _FUNCTIONS,
    ),
    Job(
        "quickjs",
        "quickjs",
        _module("quickjs", "6dba22b6af15ae1d3e13d0a1e780ab21e8d2814ab934760fe17bdaa63c0d7191"),
        _text("script.js"),
        _quickjs,
        {"CPython": _cpython},
        _FUNCTIONS,
    ),
)
