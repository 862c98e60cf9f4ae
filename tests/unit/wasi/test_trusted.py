"""Real directories where the host cannot open names relative to a directory: with the operator's consent only."""

import os
import random
import subprocess
import sys

import pytest

from wasi_shim import Directory, MemoryDirectory
from wasi_shim.host.portable_names import check

from .guest import CREAT, DIRECTORY, EPERM, EXCL, READ, WRITE, Files, guest
from .hosts import Ours
from .test_files_oracle import plant, step, tree, unclear
from .test_sandbox import HOSTILE, calls, world

__all__ = ["world"]


@pytest.fixture(autouse=True)
def incapable_host(monkeypatch):
    monkeypatch.setattr("wasi_shim.host.files.SANDBOXED", False)


def trusting(root, **options):
    return guest({"/": Directory(root, trusted=True, **options)})


def test_it_takes_consent(world):
    with pytest.raises(OSError, match="or pass trusted=True"):
        guest({"/": Directory(world / "root")})
    assert trusting(world / "root").contents("d/f") == b"d/f"
    assert repr(Directory("x", read_only=True, trusted=True)) == "Directory('x', read_only=True, trusted=True)"


@pytest.mark.parametrize("path", HOSTILE)
def test_paths_that_lead_outside_are_refused_all_the_same(world, path):
    files = trusting(world / "root")
    assert list(calls(files, path)) == [EPERM] * 6
    below = path + "/x" if not path.endswith("/") else path + "x"
    assert [files.mkdir(below), files.symlink("f", below), files.rename("f", below), files.link("f", below)] == [
        EPERM
    ] * 4
    assert [files.unlink(below), files.rmdir(below), files.rename(below, "x"), files.link(below, "x")] == [EPERM] * 4
    assert sorted(os.listdir(world)) == ["outside", "root", "root-evil"]
    assert os.listdir(world / "outside") == ["secret"]


def test_read_only_directories_stay_so(world):
    files = trusting(world / "root", read_only=True)
    assert files.contents("f") == b"inside"
    assert files.open("f", rights=READ | WRITE) == -EPERM
    assert files.open("n", CREAT) == -EPERM
    assert [files.mkdir("n"), files.unlink("f"), files.symlink("f", "n"), files.set_times("f", 1, 1, 5)] == [EPERM] * 4


@pytest.mark.parametrize("name", ["COM1", "com¹", "CON", "NUL.txt", "LPT³", "AUX ", "aux .c", "a:b", "a\\b", "a.", "b ",
                                  "...", "CONIN$", "a\nb", "c?", "d*"])  # fmt: skip
def test_cve_2024_51745_names_that_windows_takes_for_something_else(world, name):
    files = trusting(world / "root")
    outcomes = [
        -files.open(name),
        -files.open(name, CREAT | EXCL, READ | WRITE),
        files.stat(name),
        files.stat(name + "/x"),
        files.mkdir(name),
        files.symlink("f", name),
        files.rename("f", name),
        files.link("f", name),
    ]
    assert outcomes == [EPERM] * 8


def test_names_that_only_look_like_devices(world):
    files = trusting(world / "root")
    for name in "COM", "COM10", "console", "x.NUL", "lpt", ".hidden", "a.b.c", "é":
        assert check(name.encode()) == name
        assert files.open(name, CREAT, READ | WRITE) > 0


def test_the_directory_itself_cannot_be_made_moved_or_removed(world):
    files = trusting(world / "root")
    assert [files.mkdir("."), files.rmdir("."), files.unlink("."), files.rename(".", "x")] == [20, 28, 31, 10]
    assert [files.rename("f", "."), files.symlink("f", "."), files.link("f", ".")] == [54, 20, 20]
    assert (world / "root").is_dir()


def test_what_is_missing_is_told_at_once(tmp_path):
    (tmp_path / "f").write_bytes(b"")
    with pytest.raises(FileNotFoundError):
        trusting(tmp_path / "missing")
    with pytest.raises(NotADirectoryError):
        trusting(tmp_path / "f")


def test_nothing_moves_between_file_systems(world):
    files = guest({"/": Directory(world / "root", trusted=True), "/m": MemoryDirectory({"m": b""})})
    assert [files.rename("f", "x", 3, 4), files.link("f", "x", 3, 4), files.rename("m", "x", 4, 3)] == [75] * 3


def test_a_directory_of_the_guest(world):
    files = trusting(world / "root")
    below = files.open("d", DIRECTORY)
    assert files.contents("f", fd=below) == b"d/f"
    assert files.contents("../f", fd=below) == EPERM
    assert sorted(name for name, _ in files.names(below)) == [b".", b"..", b"e", b"f", b"out"]


@pytest.mark.parametrize("seed", range(20))
def test_it_does_what_sandboxed_directories_do(tmp_path, seed, monkeypatch):
    """The same random calls on both: answers and trees are the same."""
    roots = [tmp_path / "trusted", tmp_path / "sandboxed"]
    for root in roots:
        root.mkdir()
        plant(root)
    (tmp_path / "outside").write_bytes(b"outside")
    rng = random.Random(seed)
    first = trusting(roots[0])
    monkeypatch.setattr("wasi_shim.host.files.SANDBOXED", True)
    second = Ours(tmp_path, root=roots[1])
    for number in range(150):
        what, action = step(rng, [3, 4, 4, 4, 5, 6, 9])
        if what.startswith("open under"):
            continue
        answers = action(first), action(Files(second))
        if unclear(what) and all(isinstance(answer, int) and answer for answer in answers):
            continue
        assert answers[0] == answers[1], f"step {number}: {what}"
    assert tree(roots[0]) == tree(roots[1])
    assert (tmp_path / "outside").read_bytes() == b"outside"
    second.close()


def test_hosts_are_told_apart_by_what_python_offers():
    """Windows's Python has an empty ``os.supports_dir_fd`` and neither ``os.O_NOFOLLOW`` nor ``os.pread``."""
    program = """
import os, sys, tempfile
os.supports_dir_fd.clear()
missing = "O_NOFOLLOW O_DIRECTORY O_CLOEXEC O_NONBLOCK O_NOCTTY O_PATH pread pwrite posix_fallocate fdatasync"
for name in missing.split():
    delattr(os, name)
sys.modules["fcntl"] = None
from runtime_support import Memory
from wasi_shim import Directory, MemoryDirectory, Wasi
memory = Memory(1)
root = tempfile.mkdtemp()
try:
    Wasi(preopens={"/": Directory(root)}).open(lambda: memory)
except OSError as error:
    print(error.args[1].partition(":")[0])
functions = Wasi(preopens={"/": Directory(root, trusted=True), "/m": MemoryDirectory()}).open(lambda: memory)
call = functions["wasi_snapshot_preview1"]
memory.data[0:12] = b"fg\\0\\0\\0\\0\\0\\0\\x02\\0\\0\\0"
for fd in 3, 4:
    answers = [
        call["path_open"](fd, 0, 0, 1, 1, 0x42, 0, 0, 64),
        call["fd_write"](memory.data[64], 4, 1, 68),
        call["fd_fdstat_set_flags"](memory.data[64], 1),
        call["fd_pwrite"](memory.data[64], 4, 1, 0, 68),
        call["fd_pread"](memory.data[64], 4, 1, 0, 68),
        call["fd_filestat_set_times"](memory.data[64], 1, 2, 5),
        call["fd_datasync"](memory.data[64]),
        call["path_create_directory"](fd, 1, 1),
        call["path_rename"](fd, 0, 1, fd, 1, 1),
        call["fd_sync"](fd),
        call["fd_close"](memory.data[64]),
    ]
    print(*answers)
print(os.path.getsize(os.path.join(root, "f")), os.path.isdir(os.path.join(root, "g")))
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "this host cannot confine a program to a directory",
        "0 0 0 0 0 0 0 0 31 0 0",
        "0 0 0 0 0 0 0 0 31 0 0",
        "4 True",
    ]
