"""What hooks and the printer tell of calls."""

import io
import struct
import subprocess
import sys

import pytest

from runtime_support import ExitError, Trap
from wasi_shim import MemoryDirectory
from wasi_shim.preview1 import REGISTRY
from wasi_shim.trace import CATEGORIES, Printer, describe, traced_spawn
from wasi_shim.trace_values import _DECODERS, _LENGTHS, Address

from .guest import CREAT, READ, WRITE, guest
from .test_threads import run, spawning


def traced(preopens=None, **config):
    """A guest, and the list that its events go to."""
    events = []
    return guest(preopens or {"/": MemoryDirectory({"f": b"hello", "d/x": b""})}, trace=events.append, **config), events


def lines(events):
    return [describe(event) for event in events]


def test_arguments_and_results_are_decoded():
    files, events = traced()
    fd = files.open("new", CREAT, READ | WRITE)
    files.write(fd, b"a\x1b[31m\xff\n")
    files.host.call("fd_seek", fd, -2 % 2**64, 1, 64)
    files.read(fd)
    files.stat("f")
    assert lines(events[:4]) == [
        'path_open(fd=3, lookup=SYMLINK_FOLLOW, path="new", oflags=CREAT, base=FD_READ|FD_WRITE, '
        "inheriting=FD_READ|FD_WRITE, fdflags=0) = 0, opened=4",
        'fd_write(fd=4, iovs="a\\x1b[31m\\xff\\n") = 0, size=8',
        "fd_seek(fd=4, offset=-2, whence=CUR) = 0, position=6",
        'fd_read(fd=4) = 0, iovs="\\xff\\n", size=2',
    ]
    (_, opened), (_, written), (_, sought), (_, read), (_, stat) = [(e.name, e) for e in events]
    assert (opened.category, opened.errno, opened.error, opened.results) == ("filesystem", 0, "", {"opened": 4})
    assert opened.arguments["path"] == "new"
    assert written.arguments == {"fd": 4, "iovs": b"a\x1b[31m\xff\n", "size": Address(64)}
    assert sought.arguments["offset"] == -2
    assert read.results == {"iovs": b"\xff\n", "size": 2}
    assert stat.results["stat"]["filetype"] == "REGULAR_FILE"
    assert stat.results["stat"]["size"] == 5
    assert all(event.duration > 0 for event in events)


def test_failures_have_names():
    files, events = traced()
    files.unlink("missing")
    files.mkdir("../x")
    files.stat(b"\xff\xfe\n")
    assert lines(events) == [
        'path_unlink_file(fd=3, path="missing") = ENOENT',
        'path_create_directory(fd=3, path="../x") = EPERM',
        'path_filestat_get(fd=3, flags=SYMLINK_FOLLOW, path="\\udcff\\udcfe\\n") = EILSEQ',
    ]
    assert events[0].results == {}
    assert (events[0].errno, events[0].error, events[0].raised) == (44, "ENOENT", None)


def test_traps_and_the_end_are_told_and_happen():
    files, events = traced()
    with pytest.raises(Trap):
        files.host.call("fd_write", 1, 18, 1, 66)
    with pytest.raises(Trap):
        files.host.call("path_unlink_file", 3, 65530, 100)
    with pytest.raises(ExitError):
        files.host.call("proc_exit", 3)
    assert lines(events) == [
        "fd_write(fd=1, iovs=0x12, size=0x42) trapped: WASI: unaligned pointer: 18 % 4",
        "path_unlink_file(fd=3, path=0xfffa) trapped: out of bounds memory access",
        "proc_exit(code=3) ended: exit status 3",
    ]
    assert [event.errno for event in events] == [None] * 3
    assert isinstance(events[2].raised, ExitError)


def test_polls_listings_and_names():
    files, events = traced(args=["p"], random=lambda count: b"\xfe\xff"[:count])
    call = files.host.call
    files.host.write(1024, struct.pack("<QB7xI4xQQH6x", 7, 0, 1, 5, 0, 0) + struct.pack("<QB7xI28x", 8, 2, 1))
    call("poll_oneoff", 1024, 2048, 2, 64)
    call("fd_readdir", 3, 4096, 80, 0, 64)
    call("fd_prestat_get", 3, 64)
    call("fd_prestat_dir_name", 3, 64, 1)
    call("clock_res_get", 9 - 7, 64)
    call("args_sizes_get", 64, 68)
    call("args_get", 64, 128)
    call("random_get", 64, 2)
    call("sched_yield")
    call("path_filestat_set_times", 3, 0, 64, 0, 1, 2, 6)
    assert lines(events) == [
        "poll_oneoff(subscriptions=[{userdata=7, type=CLOCK, id=MONOTONIC, timeout=5, flags=0}, "
        "{userdata=8, type=FD_WRITE, fd=1}]) = 0, "
        "events=[{userdata=8, error=0, type=FD_WRITE, nbytes=1, flags=0}], size=1",
        'fd_readdir(fd=3, cookie=0) = 0, buffer=[{next=1, ino=1, type=DIRECTORY, name="."}, '
        '{next=2, ino=1, type=DIRECTORY, name=".."}, {next=3, ino=2, type=REGULAR_FILE, name="f"}], used=80',
        "fd_prestat_get(fd=3) = 0, prestat={tag=DIR, name_len=1}",
        'fd_prestat_dir_name(fd=3) = 0, path="/"',
        "clock_res_get(clock=PROCESS_CPUTIME_ID) = EBADF",
        "args_sizes_get() = 0, count=1, size=2",
        "args_get() = 0",
        'random_get() = 0, buffer="\\xfe\\xff"',
        "sched_yield() = 0",
        'path_filestat_set_times(fd=3, lookup=0, path="", atim=1, mtim=2, flags=ATIM_NOW|MTIM) = ENOENT',
    ]


def test_the_printer_prints_what_is_wanted():
    sink = io.StringIO()
    files = guest({"/": MemoryDirectory()}, trace=Printer(sink, "clock,random"), random=lambda count: b'"\\'[:count])
    files.stat("f")
    files.host.call("random_get", 64, 2)
    assert sink.getvalue() == 'random_get() = 0, buffer="\\"\\\\"\n'


def test_durations():
    sink = io.StringIO()
    guest({}, trace=Printer(sink, durations=True)).host.call("sched_yield")
    head, _, seconds = sink.getvalue().partition(" <")
    assert head == "sched_yield() = 0"
    assert 0 <= float(seconds.removesuffix(">\n")) < 100


def test_long_strings_are_cut_where_they_are_shown_only():
    files, events = traced()
    files.unlink("x" * 1000)
    assert events[0].arguments["path"] == "x" * 1000
    assert lines(events) == [f'path_unlink_file(fd=3, path="{"x" * 64}"…) = ENOENT']


def test_categories():
    assert CATEGORIES == ("clock", "filesystem", "poll", "process", "random", "socket")
    with pytest.raises(ValueError, match="'files' is no category of calls: choose from all, calls, clock"):
        Printer(io.StringIO(), "files")
    files, events = traced()
    for name, call in REGISTRY.calls.items():
        if name != "proc_exit":
            try:
                files.host.call(name, *[0] * len(call.signature))
            except Trap:
                continue
    assert {event.name for event in events} == set(REGISTRY.calls) - {"proc_exit"}
    assert {event.category for event in events} == set(CATEGORIES)


def test_a_printer_without_a_reader_is_quiet():
    class Broken(io.StringIO):
        def write(self, text):
            calls.append(text)
            raise BrokenPipeError

    calls = []
    files = guest({}, trace=Printer(Broken()))
    assert [files.host.call("sched_yield"), files.host.call("sched_yield")] == [0, 0]
    assert len(calls) == 1


def test_errors_of_a_hook_change_nothing(capsys):
    def hook(event):
        raise KeyError(event.name)

    assert guest({}, trace=hook).host.call("sched_yield") == 0
    assert "KeyError: 'sched_yield'" in capsys.readouterr().err


def test_a_hook_may_end_the_program():
    def hook(event):
        raise ExitError(9)

    with pytest.raises(ExitError, match="9"):
        guest({}, trace=hook).host.call("sched_yield")


def test_threads_are_told_of():
    events = []
    with pytest.raises(ExitError):
        run(spawning("(nop)", "(call $exit (i32.const 5))"), trace=events.append)
    assert lines(events) == ["thread-spawn(argument=7) = 0, thread=1", "proc_exit(code=5) ended: exit status 5"]
    refused = traced_spawn(lambda argument: -6 & 0xFFFF_FFFF, events.append)
    assert refused(9) == 2**32 - 6
    assert describe(events[-1]) == "thread-spawn(argument=9) = EAGAIN"


def test_every_call_has_a_signature_that_can_be_decoded():
    plain = {"exitcode", "fd", "filesize", "signal", "timestamp", "dircookie", "siflags"} | _LENGTHS
    for name, call in REGISTRY.calls.items():
        assert call.implementation.__code__.co_argcount == 1 + len(call.signature), name
        assert set(call.signature) <= plain | set(_DECODERS), name


def test_without_a_hook_nothing_of_it_is_imported():
    program = """
import sys
from runtime_support import Memory
from wasi_shim import Wasi
memory = Memory(1)
assert Wasi().open(lambda: memory)["wasi_snapshot_preview1"]["sched_yield"]() == 0
assert not [name for name in sys.modules if "trace" in name and name.startswith("wasi_shim")]
"""
    subprocess.run([sys.executable, "-c", program], check=True)
