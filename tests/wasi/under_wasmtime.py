"""Runs WASI programs in wasmtime, with our functions as their imports: this tests them apart from the transpiler."""

import ctypes

import wasmtime

from runtime_support import ExitError, Trap

CALLS = 100_000
"""Most calls of a program, so that one that waits for an answer that never comes ends, too."""


class _Memory:
    """A memory of wasmtime with the one attribute that the functions use."""

    def __init__(self, memory, store):
        self._memory = memory
        self._store = store

    @property
    def data(self):
        address = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        return memoryview((ctypes.c_ubyte * self._memory.data_len(self._store)).from_address(address)).cast("B")


class _TooManyCalls(Exception):
    pass


def run(binary, wasi):
    """Run a program.

    :param binary: the module
    :param wasi: a ``Wasi``
    :returns: its exit status, or ``"trap"``
    """
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    module = wasmtime.Module(engine, binary)
    linker = wasmtime.Linker(engine)
    exports = {}
    functions = wasi.open(lambda: _Memory(exports["memory"], store))
    raised = []
    calls = iter(range(CALLS))

    def forward(function):
        def call(*arguments):
            try:
                if next(calls, None) is None:
                    raise _TooManyCalls
                return function(*arguments)
            except Exception as error:
                raised.append(error)
                raise

        return call

    for name, field in {(imported.module, imported.name) for imported in module.imports}:
        function = functions[name][field]
        type = wasmtime.FuncType(
            *[
                [getattr(wasmtime.ValType, value)() for value in values]
                for values in (function.type.params, function.type.results)
            ]
        )
        linker.define_func(name, field, type, forward(function))
    instance = linker.instantiate(store, module).exports(store)
    exports["memory"] = instance["memory"]
    try:
        instance["_start"](store)
    except (wasmtime.Trap, wasmtime.WasmtimeError, ExitError, Trap, _TooManyCalls):
        return raised[0].code if raised and isinstance(raised[0], ExitError) else "trap"
    return 0
