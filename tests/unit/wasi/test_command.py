"""Modules in the shape of generated ones, run as programs of their own."""

import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

from runtime_support import Function, Module, functype
from wasi_shim import Wasi, run_command

ROOT = str(pathlib.Path(__file__).parents[3])

PROGRAM = """
from runtime_support import Function, Memory, Module, Trap, functype
from wasi_shim import run_command
__wasm2py__ = True
I = functype("i32 i32 i32 i32", "i32")
IMPORTS = [
    ("wasi_snapshot_preview1", "fd_write", "func", I),
    ("wasi_snapshot_preview1", "fd_read", "func", I),
    ("wasi_snapshot_preview1", "args_get", "func", functype("i32 i32", "i32")),
    ("wasi_snapshot_preview1", "proc_exit", "func", functype("i32", "")),
    ("wasi_snapshot_preview1", "environ_sizes_get", "func", functype("i32 i32", "i32")),
    ("wasi_snapshot_preview1", "random_get", "func", functype("i32 i32", "i32")),
    ("wasi_snapshot_preview1", "sock_accept", "func", functype("i32 i32 i32", "i32")),
    ("wasi_snapshot_preview1", "clock_time_get", "func", functype("i32 i64 i32", "i32")),
]

def _instance(instance):
    fd_write, fd_read, args_get, proc_exit, environ_sizes_get, random_get, sock_accept, clock_time_get = [
        given.raw for given in instance.imports
    ]
    memory0 = Memory(1)

    def write(text, fd=1):
        memory0.data[:] = (b"\\x10\\0\\0\\0" + len(text).to_bytes(4, "little") + bytes(8) + text).ljust(65536, b"\\0")
        return fd_write(fd, 0, 1, 8)

    def f0_start():
        %s

    instance.exports = {%r: Function(functype("", ""), f0_start, "start"), "memory": memory0}

MODULE = Module("demo", imports=IMPORTS, factory=_instance,
                exports=[(%r, "func", functype("", "")), ("memory", "memory", (1, None))])
run_command(MODULE)
"""


def program(tmp_path, body, export="_start"):
    path = tmp_path / "demo.py"
    path.write_text(PROGRAM % (body.replace("\n", "\n        "), export, export))
    return [sys.executable, str(path)]


def environment():
    return {**os.environ, "PYTHONPATH": ROOT}


def run(tmp_path, body, *arguments, export="_start", stdin=b"", **variables):
    command = [*program(tmp_path, body, export), *arguments]
    environ = {**environment(), **variables}
    done = subprocess.run(command, input=stdin, capture_output=True, env=environ, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def test_output_and_the_end(tmp_path):
    assert run(tmp_path, 'write(b"h\\xff\\0\\r\\n")\nwrite(b"err", 2)') == (0, b"h\xff\0\r\n", "err")


def test_input_arguments_and_no_environment(tmp_path):
    body = """
assert environ_sizes_get(0, 4) == 0 and memory0.data[0] == 0
assert args_get(0, 64) == 0
args = bytes(memory0.data[64:memory0.data.find(b"\\0\\0", 64)]).split(b"\\0")
memory0.data[0:8] = b"\\x40\\0\\0\\0\\x40\\0\\0\\0"
assert fd_read(0, 0, 1, 8) == 0
write(b"|".join(args[1:]) + b"|" + bytes(memory0.data[64:64 + memory0.data[8]]))
"""
    assert run(tmp_path, body, "a", "é b", stdin=b"in\xff") == (0, "a|é b|".encode() + b"in\xff", "")


@pytest.mark.parametrize(("code", "status"), [(0, 0), (3, 3), (126, 126), (255, 255), (256, 0), (2**32 - 1, 255)])
def test_exit_status(tmp_path, code, status):
    assert run(tmp_path, f"proc_exit({code})\nwrite(b'never')") == (status, b"", "")


def test_a_trap_is_reported_with_the_wasm_functions(tmp_path):
    body = "def f1_crash(depth):\n    f1_crash(depth - 1) if depth else memory0.data[65536]\nwrite(b'out')\nf1_crash(2)"
    status, out, err = run(tmp_path, body)
    assert (status, out) == (134, b"out")
    assert err == "trap: out of bounds memory access\n    in f1_crash (3 times)\n    in f0_start\n"


def test_endless_recursion_is_one_line(tmp_path):
    status, _, err = run(tmp_path, "def f1_deep():\n    f1_deep()\nf1_deep()")
    assert status == 134
    assert re.fullmatch(r"trap: call stack exhausted\n    in f1_deep \(\d{4,} times\)\n    in f0_start\n", err)


def test_endless_recursion_is_reported_in_short(tmp_path):
    body = "def f1_deep():\n    f2_deep()\ndef f2_deep():\n    f1_deep()\nf1_deep()"
    status, _, err = run(tmp_path, body)
    lines = err.splitlines()
    assert (status, lines[0], len(lines)) == (134, "trap: call stack exhausted", 22)
    assert {*lines[1:-1]} == {"    in f1_deep", "    in f2_deep"}
    assert lines[-1].startswith("    … and ")


def test_libraries_are_no_programs(tmp_path):
    status, out, err = run(tmp_path, "write(b'never')", export="add")
    assert (status, out) == (2, b"")
    assert err == (
        "error: module 'demo' is no program (it exports no function _start): "
        "import it, or name a function with --wasi-invoke\n"
    )


def test_reactors_are_initialised(tmp_path):
    assert run(tmp_path, "write(b'ready')", export="_initialize") == (0, b"ready", "")


def test_a_debugger_sees_the_traceback_of_a_trap(tmp_path):
    status, _, err = run(tmp_path, "memory0.data[65536]", WASM2PY_DEBUG="1")
    assert status == 134
    assert err.startswith("Traceback")
    assert err.endswith("trap: out of bounds memory access\n    in f0_start\n")


def test_an_exception_that_nobody_catches(tmp_path):
    body = "from runtime_support import Tag, WasmException\nraise WasmException(Tag(functype('i32', ''), 'oops'), (7,))"
    assert run(tmp_path, body) == (134, b"", "error: uncaught exception oops(7)\n    in f0_start\n")


def test_no_memory_left(tmp_path):
    assert run(tmp_path, "raise MemoryError") == (1, b"", "error: out of memory\n")


def test_missing_imports_are_one_line(tmp_path):
    command = program(tmp_path, "pass")
    path = pathlib.Path(command[1])
    path.write_text(path.read_text().replace('"fd_write"', '"fd_fly"'))
    done = subprocess.run(command, capture_output=True, env=environment(), timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    assert b"fd_fly" in done.stderr


def test_an_output_that_nobody_reads(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    body = "proc_exit(write(b'x'))"
    done = subprocess.run(
        program(tmp_path, body), stdout=writer, stderr=subprocess.PIPE, env=environment(), timeout=60, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (64, b"")


def test_ctrl_c_is_quiet(tmp_path):
    body = "write(b'ready')\nfd_read(0, 0, 1, 8)"
    with subprocess.Popen(
        program(tmp_path, body),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout.read(5) == b"ready"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""


def test_statuses_are_signed_where_the_world_is_the_callers():
    """Windows takes exit statuses as signed 32-bit numbers."""
    nothing = functype("", "")

    def factory(instance):
        instance.exports = {"_start": Function(nothing, lambda: instance.imports[0].raw(2**31 + 5), "_start")}

    imports = [("wasi_snapshot_preview1", "proc_exit", "func", functype("i32", ""))]
    module = Module("demo", imports=imports, exports=[("_start", "func", nothing)], factory=factory)
    with pytest.raises(SystemExit) as end:
        run_command(module, wasi=Wasi())
    assert end.value.code == 5 - 2**31
