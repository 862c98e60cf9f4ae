"""Preview 0 (``wasi_unstable``): where it differs from preview 1; also in wasmtime, where that still offers it."""

import struct
import subprocess
import sys

import pytest
import wasmtime

from runtime_support import Memory
from wasi_shim import MemoryDirectory, Wasi
from wasi_shim.preview0 import REGISTRY
from wasi_shim.preview1 import REGISTRY as PREVIEW_1
from wasi_shim.trace import describe

from .guest import FILESTAT, READ, WRITE, Files, clock_subscription, fd_subscription
from .hosts import MODULE, PREVIEW_0, PREVIEW_0_REASON, Ours, Wasmtime, forwarding_module, wasmtime_offers

CUR, END, SET = 0, 1, 2


@pytest.fixture
def hosts(tmp_path):
    """Ours, and wasmtime where it offers preview 0."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "f").write_bytes(b"0123456789")
    (root / "g").hardlink_to(root / "f")
    (root / "l").symlink_to("f")
    ours = Ours(tmp_path, root=root, module=PREVIEW_0)
    yield [ours, Wasmtime(tmp_path, root=root, module=PREVIEW_0)] if wasmtime_offers(PREVIEW_0) else [ours]
    ours.close()


def test_whence_has_another_order(hosts):
    for host in hosts:
        fd = Files(host).open("f")
        for offset, whence, expected in (3, SET, 3), (2, CUR, 5), (-1, CUR, 4), (-3, END, 7), (0, CUR, 7), (0, END, 10):
            assert host.call("fd_seek", fd, offset % 2**64, whence, 64) == 0
            assert struct.unpack_from("<Q", host.memory(), 64) == (expected,)
        assert host.call("fd_seek", fd, -1 % 2**64, SET, 64) == 28
        assert host.call("fd_seek", fd, 0, 3, 64) == "trap"


def test_filestat_has_fewer_links(hosts, tmp_path):
    """56 bytes: what lies behind them stays as it was."""
    for host in hosts:
        files = Files(host)
        fd = files.open("f")
        host.write(512 + 56, b"\xaa" * 16)
        assert host.call("fd_filestat_get", fd, 512) == 0
        (where,) = files._strings("l")
        assert host.call("path_filestat_get", 3, 0, *where, 640) == 0
        stat = (tmp_path / "root" / "f").stat()
        times = stat.st_atime_ns, stat.st_mtime_ns, stat.st_ctime_ns
        found = struct.unpack_from(FILESTAT[PREVIEW_0], host.memory(), 512)
        assert found[:7] == (stat.st_dev, stat.st_ino, 4, 2, 10, *times[:2])
        assert found[7] == times[2] or host is not hosts[0], "wasmtime has the time of birth here"
        assert host.memory()[512 + 56 : 512 + 72] == b"\xaa" * 16
        assert struct.unpack_from(FILESTAT[PREVIEW_0], host.memory(), 640)[2:5] == (7, 1, 1)


def test_more_links_than_fit_are_cut():
    class Popular(MemoryDirectory):
        def open_folder(self):
            folder = super().open_folder()
            folder._find(b"f").links = 2**33
            return folder

    memory = Memory(1)
    modules = Wasi(preopens={"/": Popular({"f": b""})}).open(lambda: memory)
    memory.data[0:1] = b"f"
    assert modules[PREVIEW_0]["path_filestat_get"](3, 0, 0, 1, 512) == 0
    assert struct.unpack_from("<I", memory.data, 512 + 20) == (2**32 - 1,)
    assert modules[MODULE]["path_filestat_get"](3, 0, 0, 1, 512) == 0
    assert struct.unpack_from("<Q", memory.data, 512 + 24) == (2**33,)


def clock(*arguments):
    return clock_subscription(*arguments, module=PREVIEW_0)


def fd(*arguments):
    return fd_subscription(*arguments, module=PREVIEW_0)


@pytest.mark.parametrize(
    ("subscriptions", "events"),
    [
        ([clock(1, 1, 1000)], [(1, 0, 0)]),
        ([clock(1, 1, 10**6), clock(2, 1, 10**11)], [(1, 0, 0)]),
        ([fd(5, 1, 4), clock(6, 1, 10**15)], [(5, 0, 1)]),
        ([fd(5, 2, 4), fd(6, 1, 4), fd(7, 1, 9), clock(8, 1, 10**15)], [(5, 0, 2), (6, 0, 1), (7, 8, 1)]),
    ],
)
def test_subscriptions_are_longer(hosts, subscriptions, events):
    waits_for_files = any(kind for _, _, kind in events)
    for host in hosts[:1] if waits_for_files else hosts:  # the old wasmtime has no events for files that are ready
        assert Files(host).open("f", rights=READ | WRITE) == 4
        host.write(1024, b"".join(subscriptions))
        assert host.call("poll_oneoff", 1024, 4096, len(subscriptions), 64) == 0
        found = [struct.unpack_from("<QHB", host.memory(), 4096 + 32 * index) for index in range(host.u32(64))]
        assert found == events


def test_polling_beyond_the_memory_traps(hosts):
    for host in hosts:
        assert host.call("poll_oneoff", 65536 - 56, 4096, 1, 64) == 0
        assert host.call("poll_oneoff", 65536 - 48, 4096, 1, 64) == "trap"


def test_both_previews_see_the_same_descriptors(tmp_path):
    memory = Memory(1)
    modules = Wasi(preopens={"/": MemoryDirectory({"f": b"0123456789"})}).open(lambda: memory)
    memory.data[0:1] = b"f"
    assert modules[PREVIEW_0]["path_open"](3, 0, 0, 1, 0, READ, 0, 0, 64) == 0
    assert modules[PREVIEW_0]["fd_seek"](4, 4, SET, 64) == 0
    assert modules[MODULE]["fd_seek"](4, 2, 1, 64) == 0
    assert memory.data[64] == 6


@pytest.mark.skipif(not wasmtime_offers(PREVIEW_0), reason=PREVIEW_0_REASON)
def test_every_function_links():
    signatures = {name: " ".join(call.type.params) for name, call in REGISTRY.calls.items()}
    engine = wasmtime.Engine()
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    store = wasmtime.Store(engine)
    store.set_wasi(wasmtime.WasiConfig())
    linker.instantiate(store, wasmtime.Module(engine, forwarding_module(signatures, PREVIEW_0)))


def test_accepting_connections_came_later():
    assert set(PREVIEW_1.calls) - set(REGISTRY.calls) == {"sock_accept"}


def test_traces_know_its_layouts():
    events = []
    memory = Memory(1)
    wasi = Wasi(preopens={"/": MemoryDirectory({"f": b"0123456789"})}, trace=events.append)
    functions = wasi.open(lambda: memory)[PREVIEW_0]
    memory.data[0:1] = b"f"
    memory.data[1024:1080] = clock(7, 1, 5)
    functions["path_open"](3, 0, 0, 1, 0, READ, 0, 0, 64)
    functions["fd_seek"](4, -1 % 2**64, END, 64)
    functions["fd_filestat_get"](4, 64)
    functions["poll_oneoff"](1024, 2048, 1, 64)
    assert describe(events[1]) == "fd_seek(fd=4, offset=-1, whence=END) = 0, position=9"
    stat = events[2].results["stat"]
    assert (stat["filetype"], stat["nlink"], stat["size"]) == ("REGULAR_FILE", 1, 10)
    assert events[3].arguments["subscriptions"] == [
        {"userdata": 7, "type": "CLOCK", "id": "MONOTONIC", "timeout": 5, "flags": 0}
    ]
    assert set(REGISTRY.calls) > {event.name for event in events}


def test_new_programs_do_not_load_it():
    program = """
import sys
from runtime_support import Memory
from wasi_shim import Wasi
Wasi().open(lambda: Memory(1))["wasi_snapshot_preview1"]["sched_yield"]()
assert "wasi_shim.preview0" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
