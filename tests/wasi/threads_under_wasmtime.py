"""Runs a program of wasi-threads natively: its threads are instances in wasmtime, in threads of Python.

``python -m tests.wasi.threads_under_wasmtime MODULE.wasm [DIRECTORY]``: standard output and the exit status are the
program's; the directory is its descriptor 3.
"""

import os
import sys
import threading
from itertools import count
from pathlib import Path

import wasmtime
import wasmtime._ffi as ffi


class SharedMemory(wasmtime.SharedMemory):
    """What wasmtime 50's Python package fails to pass on: it takes one address too many."""

    def _as_extern(self):
        union = ffi.wasmtime_extern_union(sharedmemory=self.ptr())
        return ffi.wasmtime_extern_t(ffi.WASMTIME_EXTERN_SHAREDMEMORY, union)


class Program:
    def __init__(self, path, directory):
        config = wasmtime.Config()
        config.wasm_threads = True
        config.shared_memory = True
        self._engine = wasmtime.Engine(config)
        self._module = wasmtime.Module(self._engine, Path(path).read_bytes())
        self._directory = directory
        self._numbers = count(1)
        self._memories = {
            (item.module, item.name): SharedMemory(self._engine, item.type)
            for item in self._module.imports
            if isinstance(item.type, wasmtime.MemoryType)
        }

    def call(self, name, *arguments):
        """Call a function of a new instance; ends the process where that ends the program."""
        store = wasmtime.Store(self._engine)
        wasi = wasmtime.WasiConfig()
        wasi.inherit_stdin()
        wasi.inherit_stdout()
        wasi.inherit_stderr()
        if self._directory:
            wasi.preopen_dir(self._directory, "/")
        store.set_wasi(wasi)
        linker = wasmtime.Linker(self._engine)
        linker.define_wasi()
        for (module, field), memory in self._memories.items():
            linker.define(store, module, field, memory)
        i32 = wasmtime.ValType.i32()
        linker.define_func("wasi", "thread-spawn", wasmtime.FuncType([i32], [i32]), self._spawn)
        try:
            linker.instantiate(store, self._module).exports(store)[name](store, *arguments)
        except wasmtime.ExitTrap as end:
            os._exit(end.code)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            os.write(2, str(error).encode())
            os._exit(134)

    def _spawn(self, argument):
        number = next(self._numbers)
        threading.Thread(target=self.call, args=("wasi_thread_start", number, argument), daemon=True).start()
        return number


if __name__ == "__main__":
    Program(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None).call("_start")
    os._exit(0)
