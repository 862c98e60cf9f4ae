"""Random calls on files, here and in wasmtime: the errnos, the data and the trees that remain must be the same."""

import os
import random
import struct

import pytest

from wasi_shim.host.files import SANDBOXED

from .guest import ALL_RIGHTS, CREAT, DIRECTORY, EXCL, FILESTAT, READ, TRUNC, WRITE, Files, fd_subscription
from .hosts import MODULE, PREVIEW_0, PREVIEW_0_REASON, Ours, Wasmtime, wasmtime_offers

pytestmark = pytest.mark.skipif(not SANDBOXED, reason="this host does not confine programs to real directories")

NAMES = ["a", "b", "f", "l", "m"]
SEEDS = 60
STEPS = 120


def plant(root):
    """A small tree with links of all kinds, one of them to a file outside."""
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "f").write_bytes(b"a/f")
    (root / "a" / "b" / "f").write_bytes(b"a/b/f")
    (root / "f").write_bytes(b"contents of f")
    for name, target in {
        "l": "a/b",
        "a/l": "../f",
        "a/b/l": "../../../outside",
        "m": "loop",
        "loop": "m",
        "abs": "/etc",
        "a/m": "b/new",
        "a/b/m": ".",
    }.items():
        (root / name).symlink_to(target)


def tree(root):
    """What is below a directory: a path's kind and contents."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = os.readlink(path)
        else:
            found[name] = "directory" if path.is_dir() else path.read_bytes()
    return found


def random_path(rng):
    parts = [
        rng.choice([*NAMES, *NAMES, "..", ".", "new", "loop", "abs"]) for _ in range(rng.choice([1, 1, 2, 2, 3, 5]))
    ]
    path = rng.choice(["/", "/", "/", "//"]).join(parts)
    return ("/" if rng.random() < 0.02 else "") + path + rng.choice(["", "", "", "", "/", "//", "/."])


def step(rng, numbers):
    """A random call, as a function of the files."""
    path, other = random_path(rng), random_path(rng)
    follow = rng.random() < 0.5
    data = rng.randbytes(rng.randrange(20))
    fd = rng.choice(numbers)
    offset = rng.choice([0, 1, 5, 30, 2**63])
    time = rng.choice([0, 1, 10**9, 10**18 + 1])
    flags = rng.randrange(1, 16)  # with none, wasmtime does not even look for the file
    oflags = rng.choice([0, 0, CREAT, CREAT, CREAT | EXCL, TRUNC, DIRECTORY, CREAT | TRUNC, DIRECTORY | CREAT])
    rights = rng.choice([READ, READ, READ | WRITE, READ | WRITE, WRITE, ALL_RIGHTS])
    if oflags & (CREAT | TRUNC):
        rights |= WRITE  # without it, wasmtime's descriptor can write nevertheless
    fdflags = rng.choice([0, 0, 0, 1, 4, 2])
    actions = [
        (
            f"open {path} {oflags} {rights} {follow} {fdflags}",
            lambda f: f.open(path, oflags, rights, follow, fdflags=fdflags),
        ),
        (
            f"open {path} {oflags} {rights} {follow} {fdflags}",
            lambda f: f.open(path, oflags, rights, follow, fdflags=fdflags),
        ),
        (f"contents {path}", lambda f: f.contents(path)),
        (f"stat {path} {follow}", lambda f: comparable(f.stat(path, follow))),
        (f"mkdir {path}", lambda f: f.mkdir(path)),
        (f"rmdir {path}", lambda f: f.rmdir(path.rstrip("/") or "a")),
        (f"unlink {path}", lambda f: f.unlink(path)),
        (f"symlink {other} {path}", lambda f: f.symlink(other, path)),
        (f"readlink {path}", lambda f: f.readlink(path)),
        (f"rename {path} {other}", lambda f: f.rename(path, other)),
        (f"link {path} {other}", lambda f: f.link(path, other)),
        (f"set_times {path} {follow} {flags}", lambda f: f.set_times(path, time, time + 1, flags, follow)),
        (f"read {fd}", lambda f: f.read(fd, 7)),
        (f"write {fd} {data}", lambda f: f.write(fd, data)),
        (f"names {fd}", lambda f: sorted(found) if isinstance(found := f.names(fd, 64), list) else found),
        (f"seek {fd} {offset}", lambda f: value(f, f.host.call("fd_seek", fd, offset, flags % 3, 64))),
        (f"tell {fd}", lambda f: value(f, f.host.call("fd_tell", fd, 64))),
        (f"set_size {fd} {offset}", lambda f: f.host.call("fd_filestat_set_size", fd, offset)),
        (f"fd_set_times {fd} {flags}", lambda f: f.host.call("fd_filestat_set_times", fd, time, time + 1, flags)),
        (f"fdstat {fd}", lambda f: fdstat(f, fd)),
        (f"filestat {fd}", lambda f: filestat(f, fd)),
        (f"set_flags {fd} {flags}", lambda f: f.host.call("fd_fdstat_set_flags", fd, flags)),
        (f"advise {fd}", lambda f: f.host.call("fd_advise", fd, 0, 1, flags % 6)),
        (f"poll {fd}", lambda f: poll(f, fd)),
        (f"close {fd}", lambda f: f.host.call("fd_close", fd) if fd > 3 else None),
        (f"open under {fd} {path}", lambda f: f.open(path, fd=fd)),
        (f"pread {fd} {offset}", lambda f: transfer(f, "fd_pread", fd, b"", 9, offset)),
        (f"pwrite {fd} {offset}", lambda f: transfer(f, "fd_pwrite", fd, data, len(data), offset)),
    ]
    return rng.choice(actions)


def unclear(what):
    """Whether a path or number is such that POSIX leaves open which of several errors is reported."""
    return any(word.endswith(("/", ".", str(2**63))) for word in what.split())


def is_error(answers):
    return all(isinstance(answer, int) and answer for answer in answers)


def comparable(stat):
    """A filestat without the inode; of directories without the size, which file systems choose."""
    return stat if isinstance(stat, int) else (stat[1], stat[1] != 3 and stat[2])


def value(files, error):
    return error or struct.unpack_from("<Q", files.host.memory(), 64)[0]


def fdstat(files, fd):
    error = files.host.call("fd_fdstat_get", fd, 64)
    return error or struct.unpack_from("<BxH", files.host.memory(), 64)


def filestat(files, fd):
    error = files.host.call("fd_filestat_get", fd, 64)
    if error:
        return error
    _, _, filetype, _, size, atim, mtim, _ = struct.unpack_from(FILESTAT[files.host.module], files.host.memory(), 64)
    set_by_us = {0, 1, 2, 10**9, 10**9 + 1, 10**18 + 1, 10**18 + 2}
    return filetype, filetype != 3 and size, [time for time in (atim, mtim) if time in set_by_us]


def poll(files, fd):
    """Wait for input from a file; of what is not open for reading, wasmtime reports errors in other ways."""
    error = files.host.call("fd_fdstat_get", fd, 64)
    filetype, rights = struct.unpack_from("<B7xQ", files.host.memory(), 64)
    if error or filetype != 4 or not rights & READ:
        return None
    files.host.write(128, fd_subscription(7, 1, fd, files.host.module))
    error = files.host.call("poll_oneoff", 128, 256, 1, 64)
    return error or struct.unpack_from("<QHB5xQH", files.host.memory(), 256)


def transfer(files, name, fd, data, size, offset):
    files.host.write(128, struct.pack("<II", 256, size))
    files.host.write(256, data)
    error = files.host.call(name, fd, 128, 1, offset, 64)
    return error or files.host.memory()[256 : 256 + struct.unpack_from("<I", files.host.memory(), 64)[0]]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_calls(tmp_path, seed):
    check(tmp_path, seed, MODULE, [0, 1, 3, 4, 4, 4, 5, 6, 9])


@pytest.mark.parametrize("seed", range(1000, 1000 + SEEDS // 3))
@pytest.mark.skipif(not wasmtime_offers(PREVIEW_0), reason=PREVIEW_0_REASON)
def test_random_calls_of_preview_0(tmp_path, seed):
    """Of streams, the old wasmtime that still offers it thinks otherwise than the new one."""
    check(tmp_path, seed, PREVIEW_0, [3, 4, 4, 4, 5, 6, 9])


def check(tmp_path, seed, module, numbers):
    rng = random.Random(seed)
    roots = [tmp_path / "ours", tmp_path / "theirs"]
    for root in roots:
        root.mkdir()
        plant(root)
    (tmp_path / "outside").write_bytes(b"outside")
    ours = Ours(tmp_path, root=roots[0], module=module, stdin=b"hello")
    theirs = Wasmtime(tmp_path, root=roots[1], module=module, stdin=b"hello")
    if play(rng, ours, theirs, numbers):
        assert tree(roots[0]) == tree(roots[1])
    assert (tmp_path / "outside").read_bytes() == b"outside"
    ours.close()


def play(rng, ours, theirs, numbers):
    """Make calls on both sides; returns whether what is left behind must be the same."""
    for number in range(STEPS):
        what, action = step(rng, numbers)
        answers = action(Files(ours)), action(Files(theirs))
        if unclear(what) and is_error(answers):
            continue
        if ours.module == PREVIEW_0 and answers[0] != answers[1] and (unclear(what) or is_error(answers)):
            return False  # a version so old has errors that were mended later, and from now on the files may differ
        if what.startswith("open") and min(answers) > 0 and answers[0] != answers[1]:
            break  # any free number will do, and from now on they differ
        assert answers[0] == answers[1], f"step {number}: {what}"
    return True
