"""The cache gives back what was written, or nothing, whatever happened to its folder."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wasm2py import cache as subject
from wasm2py.cache import Cache, default_folder, digest

NOBODY = 65534
"""The user without rights of most systems."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions work otherwise there")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of a user who is not root, who may write everywhere; the test runs as that user."""
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(NOBODY)
        folder = tempfile.TemporaryDirectory()
    except OSError as error:
        pytest.skip(f"root may write everywhere, and cannot become somebody else here: {error}")
    else:
        with folder as name:
            yield Path(name)
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a" / "cache"


def entry(folder: Path, key: str = "k1") -> Path:
    return folder / f"{key}.wasm2py"


def test_what_was_put_in_comes_out(folder: Path) -> None:
    cache = Cache(folder)
    assert cache.get("k1") is None
    assert not folder.exists()
    cache.put("k1", b"one")
    cache.put("k2", b"")
    cache.put("k1", b"other")
    assert (Cache(folder).get("k1"), cache.get("k2"), cache.get("k3")) == (b"other", b"", None)
    assert sorted(path.name for path in folder.iterdir()) == ["k1.wasm2py", "k2.wasm2py"]


def test_nobody_else_can_look_into_it(folder: Path) -> None:
    Cache(folder).put("k1", b"one")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(folder).stat().st_mode) == 0o600


def test_every_truncation_and_flipped_byte_is_noticed(folder: Path) -> None:
    cache = Cache(folder)
    cache.put("k1", b"content")
    whole = entry(folder).read_bytes()
    for length in range(len(whole)):
        entry(folder).write_bytes(whole[:length])
        assert cache.get("k1") is None
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1
        entry(folder).write_bytes(damaged)
        assert cache.get("k1") is None
    entry(folder).write_bytes(whole + b"x")
    assert cache.get("k1") is None
    cache.put("k1", b"content")
    assert entry(folder).read_bytes() == whole


def test_an_entry_under_another_name_is_noticed(folder: Path) -> None:
    cache = Cache(folder)
    cache.put("k1", b"one")
    os.rename(entry(folder), entry(folder, "k2"))
    assert cache.get("k2") is None


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_an_entry_that_others_can_write_to_is_not_used(mode: int, folder: Path) -> None:
    cache = Cache(folder)
    cache.put("k1", b"one")
    entry(folder).chmod(mode)
    assert cache.get("k1") is None


@posix
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_that_others_can_write_to_is_not_used(mode: int, folder: Path) -> None:
    cache = Cache(folder)
    cache.put("k1", b"one")
    folder.chmod(mode)
    assert cache.get("k1") is None
    cache.put("k2", b"two")
    assert not entry(folder, "k2").exists()
    assert cache.problem() == "other users can write to it"


@posix
def test_what_belongs_to_others_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(folder)
    cache.put("k1", b"one")
    owner = folder.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    if owner == 0:
        assert cache.get("k1") == b"one", "root is trusted"
        os.chown(entry(folder), 7, 7)
        assert cache.get("k1") is None
        os.chown(folder, 7, 7)
    assert cache.get("k1") is None
    assert cache.problem() == "it belongs to another user"


@posix
def test_links_and_pipes_are_no_entries(folder: Path, tmp_path: Path) -> None:
    cache = Cache(folder)
    cache.put("k1", b"one")
    os.rename(entry(folder), tmp_path / "elsewhere")
    entry(folder).symlink_to(tmp_path / "elsewhere")
    assert cache.get("k1") is None
    os.unlink(entry(folder))
    os.mkfifo(entry(folder))
    assert cache.get("k1") is None
    os.unlink(entry(folder))
    entry(folder).mkdir()
    assert cache.get("k1") is None
    cache.put("k1", b"one")  # a rename onto a directory fails
    assert cache.get("k1") is None
    assert [path.name for path in folder.iterdir()] == ["k1.wasm2py"]


def test_a_link_to_a_folder_is_a_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir(mode=0o700)
    folder.parent.mkdir()
    folder.symlink_to(tmp_path / "disk")
    Cache(folder).put("k1", b"one")
    assert Cache(folder).get("k1") == b"one"


@posix
def test_a_read_only_folder_is_read(home: Path) -> None:
    folder = home / "cache"
    cache = Cache(folder)
    cache.put("k1", b"one")
    folder.chmod(0o500)
    try:
        cache.put("k2", b"two")
        assert (cache.get("k1"), cache.get("k2")) == (b"one", None)
    finally:
        folder.chmod(0o700)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none/below")):
        cache = Cache(folder)
        cache.put("k1", b"one")
        assert cache.get("k1") is None
    assert Cache(tmp_path / "file").problem() == "it is not a directory"


def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    Cache(folder).put("k1", b"one")
    assert list(folder.iterdir()) == []


def test_what_was_not_used_for_longest_goes(folder: Path) -> None:
    cache = Cache(folder, capacity=1000)
    now = time.time()
    for number, key in enumerate(("k1", "k2", "k3")):
        cache.put(key, bytes(250))
        os.utime(entry(folder, key), (now - 100 + number, now - 100 + number))
    assert cache.get("k1") == bytes(250)  # the oldest, used just now
    cache.put("k4", bytes(250))
    assert [cache.get(key) is not None for key in ("k1", "k2", "k3", "k4")] == [True, False, True, True]
    (folder / "notes.txt").write_text("not an entry")
    cache.put("k5", bytes(2000))
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_what_other_processes_left_behind_goes(folder: Path) -> None:
    cache = Cache(folder)
    cache.put("k1", b"one")
    for name, age in (("old.tmp", 7200), ("new.tmp", 0)):
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (time.time() - age,) * 2)
    cache.put("k2", b"two")
    assert sorted(path.name for path in folder.iterdir()) == ["k1.wasm2py", "k2.wasm2py", "new.tmp"]


def test_many_writers_and_readers(folder: Path) -> None:
    contents = [bytes([number]) * 100_000 for number in range(4)]
    wrong: list[bytes] = []
    ended = threading.Event()

    def read() -> None:
        cache = Cache(folder)
        while not ended.is_set():
            found = cache.get("k1")
            if found is not None and found not in contents:
                wrong.append(found)

    def write(content: bytes) -> None:
        cache = Cache(folder)
        for _ in range(50):
            cache.put("k1", content)

    readers = [threading.Thread(target=read) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    ended.set()
    for thread in readers:
        thread.join()
    assert not wrong
    assert Cache(folder).get("k1") in contents
    assert [path.name for path in folder.iterdir()] == ["k1.wasm2py"]


def test_boundaries_of_what_is_hashed_count() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")
    assert digest(b"a") == digest(b"a")


@pytest.mark.parametrize(
    ("platform", "variables", "wanted"),
    [
        ("linux", {"HOME": "/h"}, "/h/.cache/wasm2py"),
        ("linux", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/x/wasm2py"),
        ("linux", {"HOME": "/h", "XDG_CACHE_HOME": "x"}, "/h/.cache/wasm2py"),
        ("darwin", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/h/Library/Caches/wasm2py"),
        ("win32", {"HOME": "/h", "LOCALAPPDATA": "/local"}, "/local/wasm2py"),
        ("win32", {"HOME": "/h"}, "/h/AppData/Local/wasm2py"),
    ],
)
@posix
def test_the_usual_folder(
    platform: str, variables: dict[str, str], wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(subject.sys, "platform", platform)
    assert default_folder() == Path(wanted)


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert default_folder() is None
