"""Running a module in Python and under wasmtime."""

from __future__ import annotations

from typing import Any

import pytest

from runtime_support import Trap
from wasm2py.options import Options
from wasm2py.transpile import transpile

wasmtime = pytest.importorskip("wasmtime", reason="wasmtime is not installed, and nothing else translates text modules")

Outcome = tuple[str, object]
"""``("result", value)`` or ``("trap", message)``."""

_TRAPS = (
    "out of bounds memory access",
    "integer divide by zero",
    "integer overflow",
    "unreachable",
    "call stack exhausted",
    "unaligned atomic",
)


def binary(text: str) -> bytes:
    """A module of the text format in the binary format."""
    return bytes(wasmtime.wat2wasm(text))


class Native:
    """An instance under wasmtime, which has ``features`` switched on, attributes of ``wasmtime.Config``."""

    def __init__(self, data: bytes, *features: str) -> None:
        config = wasmtime.Config()
        for feature in features:
            setattr(config, feature, True)
        self.store = wasmtime.Store(wasmtime.Engine(config))
        module = wasmtime.Module(self.store.engine, data)
        self.exports = wasmtime.Instance(self.store, module, []).exports(self.store)

    def call(self, name: str, *args: int) -> Outcome:
        """Call an exported function."""
        try:
            return "result", self.exports[name](self.store, *args)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            return "trap", _message(str(error))

    def memory(self) -> bytes:
        """The bytes of the exported memory."""
        memory = self.exports["memory"]
        return bytes(memory.read(self.store, 0, memory.data_len(self.store)))


class Generated:
    """An instance of the generated code."""

    def __init__(self, data: bytes, options: Options, imports: Any = None) -> None:
        (self.source,) = transpile(data, options).parts.values()
        namespace: dict[str, Any] = {"__name__": "generated"}
        exec(compile(self.source, "<generated>", "exec"), namespace)
        self.exports = namespace["MODULE"].instantiate(imports).exports

    def call(self, name: str, *args: int) -> Outcome:
        """Call an exported function."""
        try:
            return "result", getattr(self.exports, name)(*args)
        except Trap as error:
            return "trap", _message(str(error))

    def memory(self) -> bytes:
        """The bytes of the exported memory."""
        memory = self.exports.memory
        return bytes(memory[0 : len(memory)])


def _message(text: str) -> str:
    """The specification's words for a trap."""
    return next((words for words in _TRAPS if words in text), text)
