import random
import sys
import threading
from contextlib import suppress

import pytest

from wasi_shim import MemoryDirectory, Wasi
from wasi_shim.host import folder
from wasi_shim.host.directory import OpenDirectory
from wasi_shim.host.memory_files import NAME_COST

from .guest import CREAT, DIRECTORY, EISDIR, ENOENT, ENOTDIR, READ, WRITE, guest


def test_it_comes_with_files_and_keeps_those_of_the_guest():
    directory = MemoryDirectory({"a/b/c": b"abc", "d": b""})
    first = guest({"/": directory})
    assert first.contents("a/b/c") == b"abc"
    assert first.stat("a/b")[1] == 3
    assert first.write(first.open("new", CREAT, WRITE), b"from the guest") == 0
    assert directory.read("new") == b"from the guest"
    directory.write("a/b/c", b"")
    directory.write("x/y", b"y")
    second = guest({"/": directory})
    assert [second.contents(path) for path in ("new", "a/b/c", "x/y")] == [b"from the guest", b"", b"y"]
    assert second.names() == [(b".", 3), (b"..", 3), (b"a", 3), (b"d", 4), (b"new", 4), (b"x", 3)]


def test_what_the_embedder_gets_wrong():
    directory = MemoryDirectory({"f": b""})
    for path, error in (("missing", FileNotFoundError), ("../f", PermissionError), ("f/x", NotADirectoryError)):
        with pytest.raises(error):
            directory.read(path)
    directory.write("d/x", b"")
    with pytest.raises(IsADirectoryError):
        directory.read("d")
    with pytest.raises(OSError, match="space"):
        MemoryDirectory({"f": b"x" * 10000}, capacity=5000)


def test_room_comes_back():
    directory = MemoryDirectory(capacity=20_000)
    files = guest({"/": directory})
    for _ in range(10):
        fd = files.open("f", CREAT, READ | WRITE)
        assert files.write(fd, b"x" * 15_000) == 0
        assert files.unlink("f") == 0
        assert files.stat("f") == ENOENT
        assert files.host.call("fd_seek", fd, 0, 0, 64) == 0
        assert files.read(fd, 3) == b"xxx"
        assert files.write(files.open("g", CREAT, WRITE), b"x" * 15_000) == 51
        assert files.unlink("g") == 0
        assert files.host.call("fd_close", fd) == 0


def test_times_come_from_the_clock_that_it_is_given():
    now = iter(range(1000, 2000))
    directory = MemoryDirectory({"f": b""}, clock=lambda: next(now))
    files = guest({"/": directory})
    files.stat("f")
    times = [int.from_bytes(files.host.memory()[start : start + 8], "little") for start in (104, 112, 120)]
    assert all(1000 <= time < 2000 for time in times)
    assert files.set_times("f", 5, 7, 5) == 0
    files.stat("f")
    assert files.host.memory()[104:120] == (5).to_bytes(8, "little") + (7).to_bytes(8, "little")


def test_moving_directories():
    files = guest({"/": MemoryDirectory({"a/b/f": b"f", "c/x": b"x", "g": b""})})
    assert files.rename("a", "a/b/c") == 28
    assert files.rename("a", "c") == 55
    assert files.rename("a", "g") == ENOTDIR
    assert files.rename("g", "a") == EISDIR
    assert files.rename("a/b", "b") == 0
    assert files.contents("b/../b/f") == b"f"
    assert files.rename("b", "a") == 0, "in place of an empty directory"
    assert files.contents("a/f") == b"f"
    assert files.rename("a", "a") == 0


def test_a_removed_directory_stays_empty():
    files = guest({"/": MemoryDirectory({"d/x": b""})})
    fd = files.open("d", DIRECTORY)
    assert (files.unlink("x", fd), files.rmdir("d")) == (0, 0)
    assert files.open("new", CREAT, WRITE, fd=fd) == -ENOENT
    assert files.names(fd) == [(b".", 3), (b"..", 3)]


def test_listings_in_small_pieces_miss_nothing_that_is_removed_meanwhile():
    names = {f"file-{number}": b"" for number in range(50)}
    files = guest({"/": MemoryDirectory(names)})
    seen = files.names(size=40)
    assert len(seen) == 52
    cookie = 2
    removed = []
    while True:
        assert files.host.call("fd_readdir", 3, 16384, 40, cookie, 64) == 0
        data = files.host.memory()
        if not data[64]:
            break
        size = data[16384 + 16]
        name = data[16408 : 16408 + size]
        cookie = data[16384]
        assert files.unlink(name) == 0
        removed.append(name.decode())
    assert removed == list(names)


def test_its_descriptors_are_in_the_order_of_the_grants():
    wasi = Wasi(preopens={"/b": MemoryDirectory(), "a": MemoryDirectory()})
    assert "preopens={'/b': <MemoryDirectory" in repr(wasi)
    files = guest({"/b": MemoryDirectory({"f": b"b"}), "a": MemoryDirectory({"f": b"a"})})
    assert [files.contents("f", fd=fd) for fd in (3, 4)] == [b"b", b"a"]
    assert files.host.call("fd_prestat_dir_name", 3, 64, 2) == 0
    assert files.host.memory()[64:67] == b"/b\0"


def test_threads_do_not_spoil_the_count_of_what_is_used():
    """Several instances may have the same file system, each in its thread."""
    root = MemoryDirectory(capacity=1 << 22).open_folder()
    failed = []

    def work(seed):
        chosen, directory = random.Random(seed), OpenDirectory(root, read_only=False)
        try:
            for _ in range(1000):
                name, other = (b"%d" % chosen.randrange(6) for _ in range(2))
                with suppress(OSError):
                    way = chosen.randrange(6)
                    if way < 3:
                        how = folder.READ | folder.WRITE | folder.CREATE | (folder.TRUNCATE if way else 0)
                        file = directory.open_at(name, how, follow=False)
                        file.write(b"x" * chosen.randrange(3000))
                        file.set_size(chosen.randrange(3000))
                        file.close()
                    elif way == 3:
                        directory.unlink_at(name)
                    elif way == 4:
                        directory.rename_at(name, directory, other)
                    else:
                        directory.listing(anew=True)
        except Exception as error:
            failed.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert failed == []
    nodes = root._node.nodes.values()
    assert root._node.volume.used == sum(NAME_COST + node.size() for node in nodes)
