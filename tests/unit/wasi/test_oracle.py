"""The same calls on our functions and on wasmtime's: the answers and the guest's memory must be the same."""

import struct

import pytest
import wasmtime

from runtime_support import Memory
from wasi_shim import Wasi

from .hosts import MODULE, Ours, Wasmtime, forwarding_module

END = 65536

CONFIGS = {
    "nothing": {},
    "args and env": {"args": ["p", "é", ""], "env": {"A": "é", "B": "", "LONG": "x" * 300}, "stdin": b"hello, world\n"},
}


@pytest.fixture(params=CONFIGS)
def hosts(request, tmp_path):
    config = CONFIGS[request.param]
    ours = Ours(tmp_path, **config)
    yield ours, Wasmtime(tmp_path, **config)
    ours.close()


CALLS = [
    ("args_sizes_get", 64, 68),
    ("args_sizes_get", 66, 68),
    ("args_sizes_get", 64, 70),
    ("args_sizes_get", END, 64),
    ("args_sizes_get", 64, END - 2),
    ("args_get", 64, 1024),
    ("environ_sizes_get", 64, 68),
    ("environ_get", 64, 1024),
    ("clock_res_get", 2, 64),
    ("clock_res_get", 3, 64),
    ("clock_res_get", 4, 64),
    ("clock_res_get", -1, 64),
    ("clock_res_get", 0, 68),
    ("clock_time_get", 2, 0, 64),
    ("clock_time_get", 2, 0, END),
    ("clock_time_get", 3, 0, 64),
    ("clock_time_get", 4, 0, 64),
    ("clock_time_get", 9, 0, END),
    ("clock_time_get", 0, 0, 65),
    ("clock_time_get", 0, 0, 68),
    ("clock_time_get", 0, 0, END),
    ("clock_time_get", 1, -1, END - 4),
    ("random_get", 64, 0),
    ("random_get", END, 0),
    ("random_get", END - 6, 10),
    ("random_get", 0, 64 << 20),
    ("random_get", -1, -1),
    ("fd_fdstat_get", 0, 64),
    ("fd_fdstat_get", 1, 64),
    ("fd_fdstat_get", 2, 64),
    ("fd_fdstat_get", 3, 64),
    ("fd_fdstat_get", -1, 64),
    ("fd_fdstat_get", 1, 68),
    ("fd_fdstat_get", 1, END - 16),
    ("fd_fdstat_set_flags", 1, 0),
    ("fd_fdstat_set_flags", 1, 1),
    ("fd_fdstat_set_flags", 0, 4),
    ("fd_fdstat_set_flags", 1, 2),
    ("fd_fdstat_set_flags", 1, 32),
    ("fd_fdstat_set_flags", 9, 0),
    ("fd_prestat_get", 0, 64),
    ("fd_prestat_get", 1, 66),
    ("fd_prestat_get", 3, 64),
    ("fd_prestat_dir_name", 0, 64, 10),
    ("fd_prestat_dir_name", 3, 64, 10),
    ("fd_seek", 0, 0, 0, 64),
    ("fd_seek", 1, -5, 1, 64),
    ("fd_seek", 1, 0, 2, 64),
    ("fd_seek", 1, 0, 3, 64),
    ("fd_seek", 9, 0, 0, 64),
    ("fd_seek", 9, 0, 7, 64),
    ("fd_close", 3),
    ("fd_close", -1),
    ("fd_read", 1, 8, 0, 64),
    ("fd_read", 9, 8, 0, 64),
    ("fd_write", 0, 8, 0, 64),
    ("fd_write", 9, 8, 0, 64),
    ("fd_write", 9, 8, 1, 65),
    ("fd_write", 1, 8, 0, 64),
    ("fd_write", 1, 8, 0, 65),
    ("fd_write", 1, 8, 0, END),
    ("fd_write", 1, END - 8, 2, 64),
    ("fd_write", 1, 9, 1, 64),
    ("sched_yield",),
    ("poll_oneoff", 0, 64, 0, 128),
    ("poll_oneoff", 4, 64, 1, 128),
    ("poll_oneoff", END, 64, 1, 128),
    ("proc_exit", 0),
    ("proc_exit", 1),
    ("proc_exit", 125),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: " ".join(map(str, call)))
def test_single_call(hosts, call):
    ours, theirs = hosts
    name, *arguments = call
    answer = ours.call(name, *arguments)
    assert answer == theirs.call(name, *arguments)
    if answer != "trap":  # what a call wrote before it trapped differs
        assert ours.memory() == theirs.memory()


def regions(*pairs):
    return b"".join(struct.pack("<II", *pair) for pair in pairs)


@pytest.mark.parametrize(
    ("array", "outcome"),
    [
        (regions((200, 5)), 5),
        (regions((200, 0), (300, 3)), 3),
        (regions((END, 1)), "trap"),
        (regions((END - 1, 2)), "trap"),
        (regions((100, 0), (END, 2)), "trap"),
        (regions((-1 % 2**32, 0), (200, 2)), 2),
    ],
)
def test_write_and_read_one_region(tmp_path, array, outcome):
    for name, fd in ("fd_write", 1), ("fd_read", 0):
        ours, theirs = Ours(tmp_path, stdin=b"hello"), Wasmtime(tmp_path, stdin=b"hello")
        for host in ours, theirs:
            host.write(200, b"abcde")
            host.write(300, b"xyz")
            host.write(1024, array)
            answer = host.call(name, fd, 1024, len(array) // 8, 64)
            assert answer == ("trap" if outcome == "trap" else 0)
            assert host.u32(64) == (0 if outcome == "trap" else outcome)
        assert ours.memory() == theirs.memory()
        assert ours.output("stdout") == theirs.output("stdout")
        ours.close()


def test_closed_output(tmp_path):
    ours, theirs = Ours(tmp_path), Wasmtime(tmp_path)
    calls = [("fd_close", 1), ("fd_write", 1, 8, 0, 64), ("fd_close", 1), ("fd_fdstat_get", 1, 64), ("fd_close", 0)]
    assert [ours.call(*call) for call in calls] == [theirs.call(*call) for call in calls] == [0, 8, 8, 8, 0]
    ours.close()


def clock(userdata, clock_id, timeout, flags=0):
    return struct.pack("<QB7xI4xQQH6x", userdata, 0, clock_id, timeout, 0, flags)


def fd(userdata, tag, number):
    return struct.pack("<QB7xI28x", userdata, tag, number)


@pytest.mark.parametrize(
    "subscriptions",
    [
        [clock(1, 1, 1000)],
        [clock(1, 0, 0)],
        [clock(1, 1, 0, flags=1), clock(2, 0, 5, flags=1)],
        [clock(1, 2, 0)],
        [clock(1, 4, 0)],
        [clock(1, 1, 0, flags=2)],
        [fd(1, 3, 1)],
        [fd(2**64 - 1, 1, 0)],
        [fd(5, 2, 1), clock(6, 1, 10**15)],
        [fd(5, 2, 2), fd(6, 1, 0), fd(7, 2, 1), clock(8, 1, 2**64 - 1)],
        [clock(1, 1, 10**6), clock(2, 1, 10**11)],
    ],
)
def test_poll(tmp_path, subscriptions):
    ours, theirs = Ours(tmp_path, stdin=b"hello"), Wasmtime(tmp_path, stdin=b"hello")
    for host in ours, theirs:
        host.write(1024, b"".join(subscriptions))
    call = ("poll_oneoff", 1024, 4096, len(subscriptions), 64)
    assert ours.call(*call) == theirs.call(*call)
    assert ours.memory() == theirs.memory()
    ours.close()


def test_times_are_the_hosts(tmp_path):
    ours, theirs = Ours(tmp_path), Wasmtime(tmp_path)
    for host in ours, theirs:
        assert host.call("clock_time_get", 0, 0, 64) == 0
    our_time, their_time = (struct.unpack_from("<Q", host.memory(), 64)[0] for host in (ours, theirs))
    assert abs(our_time - their_time) < 600 * 10**9
    ours.close()


def test_every_function_links():
    """Wasmtime knows the signatures of all functions: a module that imports ours must link there."""
    functions = Wasi().open(lambda: Memory(1))[MODULE]
    assert len(functions) == 46
    signatures = {name: " ".join(function.type.params) for name, function in functions.items()}
    engine = wasmtime.Engine()
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    store = wasmtime.Store(engine)
    store.set_wasi(wasmtime.WasiConfig())
    linker.instantiate(store, wasmtime.Module(engine, forwarding_module(signatures)))
