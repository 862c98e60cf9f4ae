"""What a guest must not reach, on real files and in memory; one test for each published advisory of other engines."""

import gc
import os

import pytest

from runtime_support import Trap
from wasi_shim import Directory, MemoryDirectory, Wasi
from wasi_shim.host.files import SANDBOXED
from wasi_shim.preview1.state import MOST_DESCRIPTORS

from .guest import (
    ALL_RIGHTS,
    CREAT,
    DIRECTORY,
    EBADF,
    EEXIST,
    EILSEQ,
    EINVAL,
    EISDIR,
    ELOOP,
    EMFILE,
    ENAMETOOLONG,
    ENOENT,
    ENOSPC,
    ENOTDIR,
    EPERM,
    EXCL,
    EXDEV,
    READ,
    TRUNC,
    WRITE,
    guest,
)

pytestmark = pytest.mark.skipif(not SANDBOXED, reason="this host does not confine programs to real directories")


@pytest.fixture
def world(tmp_path):
    """A root with a secret beside it and all kinds of links to the outside."""
    root = tmp_path / "root"
    (root / "d" / "e").mkdir(parents=True)
    (root / "f").write_bytes(b"inside")
    (root / "d" / "f").write_bytes(b"d/f")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_bytes(b"secret")
    (tmp_path / "root-evil").mkdir()
    (tmp_path / "root-evil" / "secret").write_bytes(b"secret")
    (root / "up").symlink_to("..")
    (root / "out").symlink_to("../outside")
    (root / "d" / "out").symlink_to("../../outside")
    (root / "absolute").symlink_to(tmp_path / "outside")
    (root / "file").symlink_to("../outside/secret")
    (root / "new").symlink_to("../outside/new")
    (root / "chain").symlink_to("d/out")
    (root / "inner").symlink_to("d")
    return tmp_path


HOSTILE = [
    "..",
    "../",
    "../outside/secret",
    "../root-evil/secret",
    "./../outside/secret",
    "d/../../outside/secret",
    "d/e/../../../outside/secret",
    "inner/../../outside/secret",
    "up/outside/secret",
    "up/",
    "out/",
    "out/.",
    "out/secret",
    "d/out/secret",
    "chain/secret",
    "absolute/secret",
    "absolute/",
    "/etc/passwd",
    "//etc/passwd",
    "/",
    "d//..//../outside/secret",
    "inner/out/secret",
    "file",
    "chain",
    "absolute",
]


def calls(files, path):
    """The outcome of each call with a path that follows links, and of those that make something there."""
    yield -files.open(path)
    yield -files.open(path, DIRECTORY)
    yield -files.open(path, CREAT, READ | WRITE)
    yield -files.open(path, TRUNC, READ | WRITE)
    yield files.stat(path)
    yield files.set_times(path, 1, 1, 5)


@pytest.mark.parametrize("path", HOSTILE)
def test_paths_that_lead_outside(world, path):
    files = guest({"/": Directory(world / "root")})
    assert list(calls(files, path)) == [EPERM] * 6
    below = path + "/x" if not path.endswith("/") else path + "x"
    made = [files.mkdir(below), files.symlink("f", below), files.rename("f", below), files.link("f", below)]
    removed = [files.unlink(below), files.rmdir(below), files.rename(below, "x"), files.link(below, "x")]
    assert made + removed == [EPERM] * 8
    assert sorted(os.listdir(world)) == ["outside", "root", "root-evil"]
    assert os.listdir(world / "outside") == ["secret"]
    assert (world / "outside" / "secret").stat().st_mtime > 1


def test_a_directory_of_the_guest_is_a_world_of_its_own(world):
    files = guest({"/": Directory(world / "root")})
    below = files.open("d", DIRECTORY)
    assert files.contents("f", fd=below) == b"d/f"
    assert files.contents("e/../f", fd=below) == b"d/f"
    assert files.contents("../f", fd=below) == EPERM
    assert files.contents("f") == b"inside"


def test_links_without_following(world):
    files = guest({"/": Directory(world / "root")})
    for link in "file", "out", "new", "absolute":
        assert files.open(link, follow=False) == -ELOOP
        assert files.stat(link, follow=False)[1] == 7
    assert files.readlink("out") == b"../outside"
    assert files.readlink("absolute") == EPERM, "it would tell of the host"
    assert files.symlink("/etc", "x") == EPERM
    assert files.set_times("file", 10**9, 10**9, 5, follow=False) == 0
    assert (world / "outside" / "secret").stat().st_mtime > 1


@pytest.mark.parametrize("kind", ["real", "memory"])
def test_strings_that_are_no_paths(world, kind):
    files = guest({"/": Directory(world / "root") if kind == "real" else MemoryDirectory({"f": b"", "d/x": b""})})
    for path, errno in (
        ("", ENOENT),
        (b"\xff", EILSEQ),
        (b"f\0", EINVAL),
        (b"\xed\xa0\x80", EILSEQ),
        ("x" * 300, ENAMETOOLONG if kind == "real" else ENOENT),
        ("a/" * 3000, ENAMETOOLONG),
        ("f/", ENOTDIR),
        ("f/.", ENOTDIR),
        ("f/..", ENOTDIR),
        ("d/", None),
    ):
        assert files.stat(path) == errno or errno is None, path
    assert files.mkdir("x/") == 0
    assert files.mkdir("") == ENOENT
    assert files.symlink("", "y") == ENOENT


def test_read_only_refuses_every_change(world):
    files = guest({"/": Directory(world / "root", read_only=True)})
    below = files.open("d", DIRECTORY)
    fd = files.open("f")
    assert files.read(fd) == b"inside"
    for where in 3, below:
        outcomes = [
            files.open("f", rights=READ | WRITE, fd=where),
            files.open("f", rights=ALL_RIGHTS, fd=where),
            files.open("n", CREAT, fd=where),
            files.open("f", TRUNC, fd=where),
            files.open("f", CREAT | TRUNC | EXCL, fd=where),
        ]
        assert outcomes == [-EPERM] * 5
        outcomes = [
            files.mkdir("n", where),
            files.rmdir("e", where),
            files.unlink("f", where),
            files.symlink("f", "n", where),
            files.rename("f", "n", where, where),
            files.link("f", "n", where, where),
            files.set_times("f", 1, 1, 5, fd=where),
            files.host.call("fd_filestat_set_times", where, 1, 1, 5),
        ]
        assert outcomes == [EPERM] * 8
    assert files.host.call("fd_filestat_set_times", fd, 1, 1, 5) == EPERM
    assert files.write(fd, b"x") == EBADF
    assert files.host.call("fd_filestat_set_size", fd, 0) == EINVAL
    assert files.host.call("fd_allocate", fd, 0, 100) == EBADF
    assert (world / "root" / "f").read_bytes() == b"inside"


def test_rustsec_2026_0269_a_slash_after_a_link(world):
    """cap-std: ``link/`` was handed to the host, which followed it."""
    files = guest({"/": Directory(world / "root")})
    for path in "out/", "out//", "out/.", "out/./", "absolute/", "d/out/", "chain/":
        assert list(calls(files, path)) == [EPERM] * 6
        assert files.rmdir(path) in (ENOTDIR, EPERM)
        assert files.rename(path, "x/") in (ENOTDIR, EPERM)
        assert files.link(path, "x") in (ENOTDIR, EPERM)
        assert files.unlink(path) in (ENOTDIR, EPERM)
    assert (world / "root" / "out").is_symlink()


def test_cve_2026_47261_truncation_through_a_read_only_directory(world):
    files = guest({"/": Directory(world / "root", read_only=True)})
    for rights in 0, READ, WRITE, ALL_RIGHTS:
        assert files.open("f", TRUNC, rights) == -EPERM
    assert (world / "root" / "f").read_bytes() == b"inside"


@pytest.mark.parametrize("kind", ["real", "memory"])
def test_cve_2026_58494_names_across_permissions(world, kind):
    """A hard link or a move into a writable directory would make a file writable that may only be read."""
    if kind == "real":
        (world / "writable").mkdir()
        grants = Directory(world / "root", read_only=True), Directory(world / "writable")
    else:
        grants = MemoryDirectory({"f": b"inside"}, read_only=True), MemoryDirectory()
    files = guest({"/read": grants[0], "/write": grants[1]})
    assert files.link("f", "f", fd=3, new_fd=4) == EPERM
    assert files.rename("f", "f", fd=3, new_fd=4) == EPERM
    assert files.symlink("x", "x", fd=4) == 0
    assert files.link("x", "x", fd=4, new_fd=3) == EPERM
    assert files.rename("x", "x", fd=4, new_fd=3) == EPERM
    assert files.contents("f") == b"inside"


def test_names_do_not_move_between_file_systems(world):
    memory = MemoryDirectory({"m": b""})
    files = guest({"/real": Directory(world / "root"), "/memory": memory, "/other": MemoryDirectory()})
    for fd, name, new_fd in (3, "f", 4), (4, "m", 3), (4, "m", 5):
        assert files.rename(name, "x", fd, new_fd) == EXDEV
        assert files.link(name, "x", fd, new_fd) == EXDEV


def test_cve_2024_51745_names_of_devices(world, monkeypatch):
    """On Windows ``COM¹`` is a device; its real directories are not offered at all, and elsewhere these are names."""
    devices = ["COM1", "COM¹", "CON", "NUL.txt", "LPT³", "AUX "]
    for grant in Directory(world / "root"), MemoryDirectory():
        files = guest({"/": grant})
        for name in devices:
            assert files.stat(name) == ENOENT
            assert files.write(files.open(name, CREAT, READ | WRITE), b"a file") == 0
            assert files.contents(name) == b"a file"
    monkeypatch.setattr("wasi_shim.host.files.SANDBOXED", False)
    with pytest.raises(OSError, match="grant a MemoryDirectory"):
        guest({"/": Directory(world / "root")})


def test_cve_2025_53901_and_ghsa_3p27_qvp9_27qf_renumbering(world):
    """Other engines crashed on numbers that are not open, or kept the old descriptor alive."""
    files = guest({"/": Directory(world / "root"), "/other": Directory(world / "outside")})
    renumber = files.host.functions["fd_renumber"]
    fd = files.open("f")
    before = len(os.listdir("/dev/fd"))
    for pair in ((fd, 77), (77, fd), (fd, -1), (-1, fd), (2**31 - 1, 3)):
        assert renumber(*pair) == EBADF
    assert renumber(fd, fd) == 0
    assert files.read(fd) == b"inside"
    assert renumber(3, 4) == 0
    assert len(os.listdir("/dev/fd")) == before - 1, "what had the number is closed"
    assert files.contents("f") == EBADF
    assert files.contents("f", fd=4) == b"inside"
    assert files.contents("secret", fd=4) == ENOENT
    assert files.host.call("fd_prestat_get", 3, 64) == EBADF
    assert renumber(4, 0) == 0
    assert files.contents("f", fd=0) == b"inside"


def test_cve_2026_27204_resources_of_the_host(world):
    """A guest may use up what it was given, and nothing more."""
    files = guest({"/": Directory(world / "root"), "/memory": MemoryDirectory(capacity=1 << 20)})
    opened = []
    while (fd := files.open("a", CREAT, READ | WRITE, fd=4)) > 0:
        opened.append(fd)
    assert fd == -EMFILE
    assert len(opened) == MOST_DESCRIPTORS - 5
    assert files.write(opened[0], b"still works") == 0
    for fd in opened[1:]:
        assert files.host.call("fd_close", fd) == 0
    for size in 1 << 21, 1 << 40, 2**63 - 1:
        assert files.host.call("fd_filestat_set_size", opened[0], size) == ENOSPC
        assert files.host.call("fd_allocate", opened[0], 0, size) == ENOSPC
        assert files.host.call("fd_seek", opened[0], size, 0, 64) == 0
        assert files.write(opened[0], b"x") == ENOSPC
    count = 0
    while (errno := files.mkdir(f"d{count}", 4)) == 0:
        count += 1
    assert (errno, 1000 < count < 3000) == (ENOSPC, True)
    assert files.link("a", "b", 4, 4) == ENOSPC
    assert files.rmdir("d0", 4) == 0
    assert files.link("a", "b", 4, 4) == 0
    with pytest.raises(Trap, match="out of bounds"):
        files.host.call("fd_readdir", 3, 0, -1, 0, 64)
    assert files.host.call("fd_readdir", 3, 1024, 1000, -1, 64) == 0
    assert files.host.memory()[64:68] == bytes(4)


def test_deep_paths_cost_descriptors_for_a_moment_only(world):
    files = guest({"/": Directory(world / "root")})
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    gc.collect()  # what other tests have left is closed now, not somewhere below
    before = len(os.listdir("/dev/fd"))
    path = ""
    for _ in range(60):
        path += "x/"
        assert files.mkdir(path) == 0
    resource.setrlimit(resource.RLIMIT_NOFILE, (before + 30, hard))
    try:
        assert files.stat(path) == EMFILE
        assert files.stat("x/x/x")[1] == 3
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert files.stat(path)[1] == 3
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize("oflags", [CREAT, CREAT | EXCL, CREAT | TRUNC])
def test_cve_2024_38358_creating_through_a_link(world, oflags):
    files = guest({"/": Directory(world / "root")})
    for follow in True, False:
        assert files.open("new", oflags, READ | WRITE, follow) in (-EPERM, -ELOOP, -EEXIST)
        assert files.open("file", oflags, READ | WRITE, follow) in (-EPERM, -ELOOP, -EEXIST)
    assert os.listdir(world / "outside") == ["secret"]
    assert (world / "outside" / "secret").read_bytes() == b"secret"
    assert files.symlink("d/made", "to") == 0
    assert (files.open("to", oflags, READ | WRITE) > 0) is (not oflags & EXCL)
    assert (world / "root" / "d" / "made").exists() is (not oflags & EXCL)


def test_a_sibling_whose_name_begins_with_that_of_the_root(world):
    files = guest({"/": Directory(world / "root")})
    assert files.symlink("../root-evil/secret", "sly") == 0
    for path in "../root-evil/secret", "d/../../root-evil/secret", "sly":
        assert files.contents(path) == EPERM


def test_loops_and_long_chains_end(world):
    files = guest({"/": Directory(world / "root")})
    assert files.symlink("loop/x", "loop") == 0
    assert files.contents("loop") == files.contents("loop/y") == ELOOP
    assert files.symlink("f", "l0") == 0
    for number in range(1, 45):
        assert files.symlink(f"l{number - 1}", f"l{number}") == 0
    assert files.contents("l39") == b"inside"
    assert files.contents("l40") == ELOOP
    assert files.symlink("bomb/" + "d/../" * 800 + "bomb", "bomb") == 0
    assert files.stat("bomb/f") in (ELOOP, ENAMETOOLONG)


def test_pipes_do_not_stop_the_program(world):
    os.mkfifo(world / "root" / "pipe")
    files = guest({"/": Directory(world / "root")})
    assert files.open("pipe", rights=WRITE) == -60
    fd = files.open("pipe", fdflags=4)
    assert files.read(fd) == b""
    assert [filetype for name, filetype in files.names() if name == b"pipe"] == [0]


def test_nothing_stays_open(world):
    gc.collect()
    before = len(os.listdir("/dev/fd"))
    for _ in range(20):
        files = guest({"/": Directory(world / "root"), "/x": Directory(world / "outside")})
        files.open("d", DIRECTORY)
        assert files.contents("inner/e/../f") == b"d/f"
        assert files.contents("inner/out/secret") == EPERM
        assert files.contents("inner/e/missing") == ENOENT
        fd = files.open("f")
        files.host.call("fd_close", fd)
        files.open("d/f")
    del files
    gc.collect()
    assert len(os.listdir("/dev/fd")) == before


def test_a_directory_that_is_missing_is_told_at_once(tmp_path):
    with pytest.raises(FileNotFoundError):
        guest({"/": Directory(tmp_path / "missing")})
    (tmp_path / "f").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        guest({"/": Directory(tmp_path / "f")})


def test_wrong_grants():
    with pytest.raises(TypeError, match="must be a Directory"):
        Wasi(preopens={"/": "/tmp"})
    with pytest.raises(ValueError, match="empty"):
        Wasi(preopens={"": MemoryDirectory()})
    with pytest.raises(ValueError, match="NUL"):
        Wasi(preopens={"a\0": MemoryDirectory()})


def test_writing_a_directory(world):
    assert guest({"/": Directory(world / "root")}).open("d", rights=WRITE) == -EISDIR
