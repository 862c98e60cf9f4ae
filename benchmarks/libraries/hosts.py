"""One way to instantiate and call a library's module on each engine: generated code, pwasm and wasmtime.

The modules are reactors with one memory that export ``malloc`` and ``free``; they import WASI and functions of the
import module ``env`` alone.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from benchmarks.engines import import_parts, transpiled
from wasi_shim import Wasi

#: What a module imports from ``env``: functions that get the host before their own arguments.
HostFunctions = dict[str, Callable[..., Any]]


class Host(Protocol):
    """An instance of a module whose ``_initialize`` has run; ``output`` is for the functions of ``env``."""

    output: bytearray

    def call(self, name: str, *arguments: int) -> Any:
        """Call an exported function."""

    def call_table(self, index: int, *arguments: int) -> Any:
        """Call an element of the exported table ``__indirect_function_table``."""

    def read(self, start: int, length: int) -> bytes:
        """Return bytes of the memory."""

    def write(self, start: int, data: bytes) -> None:
        """Assign bytes of the memory."""


Load = Callable[[bytes, HostFunctions], Host]


class _Generated:
    def __init__(self, module: Any, functions: HostFunctions) -> None:
        self.output = bytearray()
        env = {name: partial(function, self) for name, function in functions.items()}
        self._exports = module.instantiate({"env": env}, wasi=Wasi()).exports

    def call(self, name: str, *arguments: int) -> Any:
        return self._exports[name](*arguments)

    def call_table(self, index: int, *arguments: int) -> Any:
        return self._exports["__indirect_function_table"][index](*arguments)

    def read(self, start: int, length: int) -> bytes:
        data: bytes = self._exports.memory[start : start + length]
        return data

    def write(self, start: int, data: bytes) -> None:
        self._exports.memory[start : start + len(data)] = data


class _Pwasm:
    def __init__(self, wasm: bytes, functions: HostFunctions) -> None:
        sandbox: Any = importlib.import_module("pwasm.sandbox")
        self.output = bytearray()
        env = {name: partial(function, self) for name, function in functions.items()}
        self._sandbox = sandbox.Sandbox(wasm, imports={"env": env}, mode="compile")
        self.call = self._sandbox.call
        self.call_table = self._sandbox.call_indirect
        self.read = self._sandbox.read
        self.write = self._sandbox.write


class _Wasmtime:
    def __init__(self, wasm: bytes, functions: HostFunctions) -> None:
        import wasmtime

        self.output = bytearray()
        engine = wasmtime.Engine()
        self._store = wasmtime.Store(engine)
        self._store.set_wasi(wasmtime.WasiConfig())
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        module = wasmtime.Module(engine, wasm)
        for wanted in module.imports:
            if wanted.module == "env" and wanted.name is not None and isinstance(wanted.type, wasmtime.FuncType):
                function = partial(functions[wanted.name], self)
                linker.define_func("env", wanted.name, wanted.type, function)
        self._exports: Any = linker.instantiate(self._store, module).exports(self._store)
        self.call("_initialize")

    def call(self, name: str, *arguments: int) -> Any:
        return self._exports[name](self._store, *arguments)

    def call_table(self, index: int, *arguments: int) -> Any:
        return self._exports["__indirect_function_table"].get(self._store, index)(self._store, *arguments)

    def read(self, start: int, length: int) -> bytes:
        return bytes(self._exports["memory"].read(self._store, start, start + length))

    def write(self, start: int, data: bytes) -> None:
        self._exports["memory"].write(self._store, data, start)


def generated(optimise: int, target: str) -> Load:
    """Return the host that transpiles with the given options."""

    def load(wasm: bytes, functions: HostFunctions) -> Host:
        module = import_parts(transpiled(wasm, optimise, target))
        return _Generated(module, functions)

    return load


#: Others that can run a whole library, in the order of their columns.
RIVALS: dict[str, Load] = {"pwasm": _Pwasm, "wasmtime": _Wasmtime}
