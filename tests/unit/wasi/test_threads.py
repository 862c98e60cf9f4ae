"""Programs with threads: how they end, and what their threads share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from runtime_support import ExitError, LifecycleError, LinkError, Trap
from runtime_support.threads import DOOMED, SharedMemory
from tests.programs.running import python_environ
from tests.unit.ir.oracle import binary
from tests.wasi.descriptors import descriptors, descriptors_of_the_living, needs_list
from tests.wasi.elsewhere import threads_left
from wasi_shim import MemoryDirectory, Wasi, threads
from wasi_shim.host import stdio
from wasm2py.options import Options
from wasm2py.transpile import transpile

IMPORTS = """
    (import "env" "memory" (memory 1 4 shared))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "host" "call" (func $host (param i32) (result i32)))
    (export "memory" (memory 0))
    (func $wait (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
    (func $spin (loop $again (br $again)))"""


def module(text):
    """A generated module: ``text`` after :data:`IMPORTS`."""
    (source,) = transpile(binary(f"(module {IMPORTS} {text})"), Options(format="none")).parts.values()
    namespace = {"__name__": "program"}
    exec(compile(str(source), "<program>", "exec"), namespace)
    return namespace["MODULE"]


def run(text, host=lambda number: 0, **config):
    """Run a program to its end."""
    module(text).instantiate({"host": {"call": host}}, wasi=Wasi(**config), start=("_start",))


def spawning(work, main="(call $wait)"):
    """A program whose ``_start`` starts a thread that does ``work``, and then does ``main``."""
    return f"""
        (func (export "wasi_thread_start") (param $number i32) (param $argument i32) {work})
        (func (export "_start") (drop (call $spawn (i32.const 7))) {main})"""


def check_that_no_thread_stays():
    assert threads_left() == []
    assert DOOMED == {}


@pytest.fixture(autouse=True)
def _nothing_stays():
    yield
    check_that_no_thread_stays()


@pytest.mark.parametrize("main", ["(call $wait)", "(call $spin)", "(drop (call $host (i32.const 0)))"])
def test_a_trap_in_a_thread_ends_the_program(main):
    released = threading.Event()
    with pytest.raises(Trap, match="out of bounds memory access") as caught:
        run(spawning("(drop (i32.load (i32.const 0x7fffffff)))", main), lambda number: released.wait(3) and 0)
    released.set()
    assert "wasi_thread_start" in caught.traceback[-1].name


@pytest.mark.parametrize("work", ["(call $wait)", "(call $spin)"])
def test_a_trap_in_start_ends_the_threads(work):
    with pytest.raises(Trap, match="unreachable"):
        run(spawning(work, "(unreachable)"))


WAIT_FOR_AN_HOUR = """(i64.store (i32.const 280) (i64.const 3_600_000_000_000))
    (drop (call $poll (i32.const 256) (i32.const 512) (i32.const 1) (i32.const 768)))"""
READ = """(i32.store (i32.const 256) (i32.const 512)) (i32.store (i32.const 260) (i32.const 1))
    (drop (call $read (i32.const 0) (i32.const 256) (i32.const 1) (i32.const 768)))"""


@pytest.mark.parametrize("call", [WAIT_FOR_AN_HOUR, READ], ids=["poll_oneoff", "fd_read"])
@pytest.mark.parametrize("waiting", ["thread", "main"])
def test_calls_that_wait_end_with_the_program(call, waiting):
    reader, writer = os.pipe()
    pause = "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 50_000_000)))"
    ending = f"{pause} (call $exit (i32.const 5))"
    text = spawning(call, ending) if waiting == "thread" else spawning(ending, call)
    with open(reader, "rb", buffering=0) as stdin, pytest.raises(ExitError, match="5"):
        run(text, stdin=stdin)
    check_that_no_thread_stays()
    os.close(writer)


def test_what_the_embedder_does_in_a_call_is_not_interrupted():
    """The hook runs in the thread that is to end, until it is done; so would a stream."""
    begun, seen = threading.Event(), []

    def hook(event):
        if event.name == "fd_close":
            begun.set()
            for _ in range(20):
                time.sleep(0.01)
            seen.append(event.name)

    work = "(loop $again (drop (call $close (i32.const 99))) (br $again))"
    with pytest.raises(ExitError):
        run(
            spawning(work, "(drop (call $host (i32.const 0))) (call $exit (i32.const 0))"),
            lambda value: begun.wait(5) and 0,
            trace=hook,
        )
    assert seen == ["fd_close"]


def test_the_exception_of_a_host_function_ends_the_program():
    def fail(number):
        raise KeyError(number)

    with pytest.raises(KeyError, match="7"):
        run(spawning("(drop (call $host (local.get $argument)))"), fail)


def test_a_thread_gets_its_number_and_argument():
    seen = []
    text = spawning(
        "(drop (call $host (local.get $number))) (drop (call $host (local.get $argument))) (call $exit (i32.const 3))"
    )
    with pytest.raises(ExitError, match="3"):
        run(text, lambda value: seen.append(value) or 0)
    assert seen == [1, 7]


def test_no_handler_of_the_program_catches_its_end():
    work = """(loop $again (block $caught (try_table (catch_all $caught) (call $spin)))
        (drop (call $host (i32.const 1))) (br $again))"""
    calls = []
    with pytest.raises(ExitError):
        run(spawning(work, "(call $exit (i32.const 5))"), lambda value: calls.append(value) or 0)
    assert calls == []


def test_what_a_host_function_does_is_not_interrupted():
    done = []

    def host(number):
        for _ in range(20):
            time.sleep(0.01)
        done.append(number)
        return 0

    text = spawning(
        "(drop (call $host (local.get $number))) (call $spin)",
        "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 50_000_000))) (call $exit (i32.const 0))",
    )
    with pytest.raises(ExitError):
        run(text, host)
    assert done == [1]


def test_threads_share_the_imported_memory_only():
    work = """(global.set $own (i32.const 5)) (i32.store (i32.const 64) (global.get $own))
        (i32.atomic.store (i32.const 0) (i32.const 1)) (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))"""
    main = """(call $wait)
        (drop (call $host (global.get $own))) (drop (call $host (i32.load (i32.const 64))))"""
    seen = []
    run(f"(global $own (mut i32) (i32.const 1)) {spawning(work, main)}", lambda value: seen.append(value) or 0)
    assert seen == [1, 5]


def test_the_start_function_runs_in_each_instance():
    seen = []
    text = """(func $begin (drop (i32.atomic.rmw.add (i32.const 128) (i32.const 1)))) (start $begin)""" + spawning(
        "(i32.atomic.store (i32.const 0) (i32.const 1)) (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))",
        "(call $wait) (drop (call $host (i32.load (i32.const 128))))",
    )
    run(text, lambda value: seen.append(value) or 0)
    assert seen == [2]


def test_there_are_only_so_many_threads(monkeypatch):
    monkeypatch.setattr(threads, "MOST_THREADS", 3)
    seen = []
    spawn = "(drop (call $host (call $spawn (i32.const 0))))"
    run(spawning("(call $wait)", spawn * 3), lambda value: seen.append(value) or 0)
    assert seen == [2, 3, -6]


def test_numbers_are_positive_and_begin_again(monkeypatch):
    monkeypatch.setattr(threads, "LAST_NUMBER", 3)
    seen = []
    work = "(if (i32.eq (local.get $number) (i32.const 2)) (then (call $wait)))"
    pause = "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 50_000_000)))"
    spawn = f"(drop (call $host (call $spawn (i32.const 0)))) {pause}"
    run(spawning(work, pause + spawn * 4), lambda value: seen.append(value) or 0)
    assert seen == [2, 3, 1, 3]


def test_a_host_without_threads(monkeypatch):
    def refuse(*arguments, **options):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threads, "thread_with_room", refuse)
    seen = []
    run(spawning("", "(drop (call $host (call $spawn (i32.const 0))))"), lambda value: seen.append(value) or 0)
    assert seen == [-6]


@pytest.mark.parametrize(
    "export", ["", '(func (export "wasi_thread_start") (param i32))', '(export "wasi_thread_start" (memory 0))']
)
def test_a_program_that_lacks_what_threads_call(export):
    text = f'{export} (func (export "_start") (drop (call $spawn (i32.const 0))))'
    with pytest.raises(LifecycleError, match="wasi_thread_start"):
        run(text)


def test_without_wasi_there_are_no_threads():
    with pytest.raises(LinkError, match="unknown import: 'env' 'memory'"):
        module(spawning("")).instantiate({"host": {"call": id}})


def test_the_embedder_may_bring_the_memory():
    memory = SharedMemory(1, 4)
    imports = {"host": {"call": lambda value: 0}, "env": {"memory": memory}}
    text = spawning("(i32.store (i32.const 64) (i32.const 9)) (call $exit (i32.const 0))")
    with pytest.raises(ExitError):
        module(text).instantiate(imports, wasi=Wasi(), start=("_start",))
    assert memory.read(64, 1) == b"\t"
    assert len(memory._callbacks) == 1, "it forgets the instances of threads that have ended"


def test_memory_is_limited_for_all_threads_together():
    text = "(memory $own 1)" + spawning("")
    instance = module(text).instantiate({"host": {"call": id}}, wasi=Wasi(), max_memory=3 * 65536 - 1)
    with pytest.raises(MemoryError, match="limit"):
        instance.exports["_start"]()


def test_a_thread_may_recurse_as_deep_as_the_main_one():
    recursion = """(func $down (param i32) (result i32)
        (if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))
        (else (i32.const 0))))"""
    seen = []
    text = recursion + spawning("(drop (call $host (call $down (i32.const 4000)))) (call $exit (i32.const 0))")
    with pytest.raises(ExitError):
        run(text, lambda value: seen.append(value) or 0)
    assert seen == [4000]
    endless = "(func $down (call $down) (drop (i32.const 0)))"
    with pytest.raises(Trap, match="call stack exhausted"):
        run(endless + spawning("(call $down)"))


def test_a_library_may_start_threads():
    text = """
        (func (export "wasi_thread_start") (param i32 i32)
            (drop (i32.atomic.rmw.add (i32.const 8) (local.get 1)))
            (drop (memory.atomic.notify (i32.const 8) (i32.const 1))))
        (func (export "go") (param i32) (drop (call $spawn (local.get 0)))
            (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const 5_000_000_000))))"""
    instance = module(text).instantiate({"host": {"call": id}}, wasi=Wasi())
    instance.exports.go(4)
    assert instance.exports.memory.read(8, 1) == b"\4"


def test_the_failure_of_a_library_s_thread_is_shown(monkeypatch):
    shown = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: shown.append(error))
    text = """
        (func (export "wasi_thread_start") (param i32 i32) (unreachable))
        (func (export "go") (drop (call $spawn (i32.const 0))))
        (func (export "exit") (call $exit (i32.const 1)))"""
    instance = module(text).instantiate({"host": {"call": id}}, wasi=Wasi())
    with suppress(LifecycleError):  # it may have ended before the call does
        instance.exports.go()
    deadline = time.monotonic() + 5
    while not shown and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [str(error) for error in shown] == ["unreachable"]
    with pytest.raises(LifecycleError, match="has ended"):
        instance.exports.exit()


def test_a_descriptor_in_use_stays_open_until_the_call_ends(monkeypatch):
    """A thread closes the standard input that another is about to read; the latter must not see another file."""
    begun, closed = threading.Event(), threading.Event()

    class Slow:
        def read(self, size):
            begun.set()
            assert closed.wait(5)
            return b"x"

    closes = []
    monkeypatch.setattr(stdio.Input, "close", lambda self: closes.append(closed.is_set()))
    read = "(i32.store (i32.const 32) (i32.const 48)) (i32.store (i32.const 36) (i32.const 1))"
    work = f"{read} (drop (call $host (call $read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40))))"
    main = """(drop (call $host (i32.const 100))) (drop (call $host (call $close (i32.const 0))))
        (drop (call $host (call $close (i32.const 0)))) (drop (call $host (i32.const 101)))"""
    seen = []

    def host(value):
        seen.append(value)
        if value == 100:
            assert begun.wait(5)
        if value == 101:
            assert closes == []
            closed.set()
            while seen[-1] != 0:
                time.sleep(0.001)
        return 0

    run(spawning(work, main), host, stdin=Slow())
    assert seen == [100, 0, 8, 101, 0]
    assert closes == [True]


@needs_list
def test_a_library_that_waits_leaves_nothing_open():
    before = descriptors_of_the_living()
    text = f"""
        (func (export "wasi_thread_start") (param i32 i32) (drop (call $spawn (i32.const 0))))
        (func (export "go") {READ})"""
    reader, writer = os.pipe()
    os.write(writer, b"x")
    with open(reader, "rb", buffering=0) as stdin:
        instance = module(text).instantiate({"host": {"call": id}}, wasi=Wasi(stdin=stdin))
        instance.exports.go()
        assert instance.exports.memory.read(512, 1) == b"x"
        assert len(descriptors() - before) > 2
    os.close(writer)
    del instance
    assert descriptors_of_the_living() - before == set()


@needs_list
def test_nothing_of_the_host_stays_open():
    before = descriptors_of_the_living()
    text = """(data (i32.const 512) "file")""" + spawning(
        "(call $wait)",
        """(drop (call $open (i32.const 3) (i32.const 0) (i32.const 512) (i32.const 4) (i32.const 0)
            (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))""",
    )
    reader, writer = os.pipe()
    with open(reader, "rb", buffering=0) as stdin:
        run(text, stdin=stdin, preopens={"/": MemoryDirectory({"file": b"contents"})})
    os.close(writer)
    assert descriptors() - before == set()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_ctrl_c_ends_all_threads(tmp_path):
    text = f"""(module {IMPORTS.replace('(import "host" "call" (func $host (param i32) (result i32)))', "")}
        {spawning("(call $spin)")})"""
    (source,) = transpile(binary(text), Options(format="none")).parts.values()
    program = tmp_path / "program.py"
    program.write_text(str(source))
    with subprocess.Popen([sys.executable, str(program)], env=python_environ(), stderr=subprocess.PIPE) as process:
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, b"")
