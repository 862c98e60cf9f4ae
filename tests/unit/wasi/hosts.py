"""Two hosts of WASI behind one interface: ours, and wasmtime's as the oracle.

Both call the functions directly, without a program: on wasmtime's side a module forwards each call.
"""

import pathlib
import struct

import wasmtime

from runtime_support import ExitError, Memory, Trap
from wasi_shim import Directory, Wasi

MODULE = "wasi_snapshot_preview1"
PREVIEW_0 = "wasi_unstable"

SIGNATURES = {
    name: " ".join({"i": "i32", "I": "i64"}[letter] for letter in letters)
    for names, letters in (
        ("sched_yield", ""),
        ("fd_close fd_datasync fd_sync proc_exit", "i"),
        ("args_get args_sizes_get environ_get environ_sizes_get clock_res_get fd_fdstat_get fd_fdstat_set_flags", "ii"),
        ("fd_filestat_get fd_prestat_get fd_renumber fd_tell random_get", "ii"),
        ("fd_filestat_set_size", "iI"),
        ("fd_allocate fd_fdstat_set_rights", "iII"),
        ("clock_time_get", "iIi"),
        ("fd_seek", "iIii"),
        ("fd_advise fd_filestat_set_times", "iIIi"),
        ("fd_prestat_dir_name path_create_directory path_remove_directory path_unlink_file", "iii"),
        ("fd_read fd_write poll_oneoff", "iiii"),
        ("fd_pread fd_pwrite fd_readdir", "iiiIi"),
        ("path_filestat_get path_symlink", "iiiii"),
        ("path_readlink path_rename", "iiiiii"),
        ("path_filestat_set_times", "iiiiIIi"),
        ("path_link", "iiiiiii"),
        ("path_open", "iiiiiIIii"),
    )
    for name in names.split()
}


def forwarding_module(signatures: dict[str, str], module: str = MODULE) -> bytes:
    """A module with one page of memory that imports functions and exports forwarders of the same names."""
    imports, functions = [], []
    for name, parameters in signatures.items():
        result = "" if name == "proc_exit" else "(result i32)"
        imports.append(f'(import "{module}" "{name}" (func ${name} (param {parameters}) {result}))')
        arguments = " ".join(f"local.get {i}" for i in range(len(parameters.split())))
        functions.append(f'(func (export "{name}") (param {parameters}) {result} {arguments} call ${name})')
    return wasmtime.wat2wasm(f'(module {" ".join(imports)} (memory (export "memory") 1) {" ".join(functions)})')


def wasmtime_offers(module: str) -> bool:
    """Whether the installed wasmtime has a version of WASI."""
    engine = wasmtime.Engine()
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    store = wasmtime.Store(engine)
    store.set_wasi(wasmtime.WasiConfig())
    try:
        linker.instantiate(store, wasmtime.Module(engine, forwarding_module({"fd_close": "i32"}, module)))
    except wasmtime.WasmtimeError:
        return False
    return True


PREVIEW_0_REASON = (
    "this wasmtime does not offer preview 0; tests/wasi/test_preview0.py runs these tests with one that does"
)


class Host:
    """What the tests need of a host: call, and look at the guest's memory and at its output.

    :ivar module: the version of WASI
    """

    module = MODULE

    def call(self, name: str, *arguments: int) -> object:
        """Return the errno, ``"trap"``, or ``("exit", status)``."""
        raise NotImplementedError

    def write(self, address: int, data: bytes) -> None:
        raise NotImplementedError

    def memory(self) -> bytes:
        raise NotImplementedError

    def output(self, name: str) -> bytes:
        raise NotImplementedError

    def u32(self, address: int) -> int:
        return struct.unpack_from("<I", self.memory(), address)[0]


class Ours(Host):
    def __init__(
        self, directory: pathlib.Path, root: pathlib.Path | None = None, module: str = MODULE, **config: object
    ) -> None:
        self.module = module
        self._paths = {"stdout": directory / "ours.out", "stderr": directory / "ours.err"}
        streams = {name: path.open("wb", buffering=0) for name, path in self._paths.items()}
        self._streams = list(streams.values())
        self._memory = Memory(1, 1)
        if root is not None:
            config["preopens"] = {"/": Directory(root)}
        self.functions = Wasi(**{**streams, **config}).open(lambda: self._memory)[module]

    def call(self, name: str, *arguments: int) -> object:
        try:
            return self.functions[name](*arguments)
        except Trap:
            return "trap"
        except ExitError as end:
            return ("exit", end.code)

    def write(self, address: int, data: bytes) -> None:
        self._memory.data[address : address + len(data)] = data

    def memory(self) -> bytes:
        return bytes(self._memory.data)

    def output(self, name: str) -> bytes:
        return self._paths[name].read_bytes()

    def close(self) -> None:
        for stream in self._streams:
            stream.close()


class Wasmtime(Host):
    def __init__(
        self, directory: pathlib.Path, root=None, module: str = MODULE, args=(), env=None, stdin: bytes = b""
    ) -> None:
        self.module = module
        self._paths = {"stdout": directory / "theirs.out", "stderr": directory / "theirs.err"}
        (directory / "theirs.in").write_bytes(stdin)
        config = wasmtime.WasiConfig()
        config.argv = list(args)
        config.env = list((env or {}).items())
        if root is not None:
            config.preopen_dir(str(root), "/")
        config.stdin_file = str(directory / "theirs.in")
        config.stdout_file = str(self._paths["stdout"])
        config.stderr_file = str(self._paths["stderr"])
        engine = wasmtime.Engine()
        self._store = wasmtime.Store(engine)
        self._store.set_wasi(config)
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        instance = linker.instantiate(self._store, wasmtime.Module(engine, forwarding_module(SIGNATURES, module)))
        self._exports = instance.exports(self._store)

    def call(self, name: str, *arguments: int) -> object:
        try:
            return self._exports[name](self._store, *arguments)
        except wasmtime.ExitTrap as end:
            return ("exit", end.code)
        except (wasmtime.Trap, wasmtime.WasmtimeError):
            return "trap"

    def write(self, address: int, data: bytes) -> None:
        self._exports["memory"].write(self._store, data, address)

    def memory(self) -> bytes:
        return bytes(self._exports["memory"].read(self._store, 0, 65536))

    def output(self, name: str) -> bytes:
        return self._paths[name].read_bytes()
