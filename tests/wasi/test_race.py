"""Another process swaps a directory and a file for links to the outside while a guest opens them."""

import os
import subprocess
import sys

import pytest

from tests.unit.wasi.guest import CREAT, READ, WRITE, guest
from wasi_shim import Directory
from wasi_shim.host.files import SANDBOXED

pytestmark = pytest.mark.skipif(not SANDBOXED, reason="this host does not confine programs to real directories")

SWAP = """
import os, sys
os.chdir(sys.argv[1])
os.symlink("../outside", "directory-2")
os.symlink("../outside/f", "file-2")
while True:
    for name in ("directory", "file"):
        os.rename(name, name + "-1")
        os.rename(name + "-2", name)
        os.rename(name + "-1", name + "-2")
"""


@pytest.fixture
def swapped(tmp_path):
    """A root where ``directory`` and ``file`` are another process's playthings, beside a directory with a secret."""
    root = tmp_path / "root"
    (root / "directory" / "below").mkdir(parents=True)
    (root / "file").write_bytes(b"inside")
    (tmp_path / "outside" / "below").mkdir(parents=True)
    for place, contents in (root / "directory", b"inside"), (tmp_path / "outside", b"outside"):
        (place / "f").write_bytes(contents)
        (place / "below" / "f").write_bytes(contents)
    with subprocess.Popen([sys.executable, "-c", SWAP, str(root)]) as process:
        yield tmp_path
        assert process.poll() is None, "the other process has to be at work all the time"
        process.kill()


def escapes(tmp_path, opens):
    """Open files through the swapped names; return what was seen, and how often."""
    files = guest({"/": Directory(tmp_path / "root")})
    below = ["f", "below/f", "below/../f", "./below/../../directory/f"]
    paths = ["file", *(f"directory/{path}" for path in below)]
    seen = {}
    for number in range(opens):
        outcome = files.contents(paths[number % len(paths)])
        seen[outcome] = seen.get(outcome, 0) + 1
        if number % 100 == 0:
            made = files.open(f"directory/{number}", CREAT, READ | WRITE)
            if made > 0:
                files.host.call("fd_close", made)
            files.stat("directory/")
            files.mkdir("directory/below/new")
            files.rmdir("directory/below/new")
    assert sorted(os.listdir(tmp_path / "outside")) == ["below", "f"]
    assert os.listdir(tmp_path / "outside" / "below") == ["f"]
    return seen


def check(seen):
    assert b"outside" not in seen
    assert seen[b"inside"] > 10, "some opens have to succeed"
    assert sum(count for outcome, count in seen.items() if isinstance(outcome, int)) > 10, "and some to meet the link"


def test_swapping_a_directory_and_a_link(swapped):
    check(escapes(swapped, 4_000))


@pytest.mark.long
def test_swapping_for_long(swapped):
    check(escapes(swapped, 250_000))


def test_the_race_is_won_where_paths_are_checked_first(swapped):
    """What is not done here: the same game against ``realpath``, so that it is known to find what it looks for."""
    root = os.path.realpath(swapped / "root")
    for _ in range(1_000_000):
        path = os.path.join(root, "directory", "f")
        try:
            if os.path.realpath(path).startswith(root + os.sep):
                with open(path, "rb") as file:
                    if file.read() == b"outside":
                        return
        except OSError:
            continue
    pytest.fail("no escape was seen")
