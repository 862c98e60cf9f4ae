"""A folder of results that are slow to make, by the hash of all that goes into them.

What is read is what was written under that name, or nothing: entries carry a digest of their name and content, and
count only where they, and the folder, belong to this user or to root, and nobody else can write to them.  Writing is a
rename, so that processes never see half of what another one writes.  Nothing here fails: a cache that does not work is
one that stays empty.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

CAPACITY: Final = 1 << 30
"""Bytes that a folder may hold before what was not used for longest goes."""

_MAGIC: Final = b"wasm2py cache 1\n"
_SUFFIX: Final = ".wasm2py"
_TEMPORARY: Final = ".tmp"
_ABANDONED: Final = 3600.0
"""Age in seconds from which a temporary file belongs to no process that still writes it."""

_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_FLAGS: Final = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
"""Links are not followed, and a pipe in the place of an entry is not waited for."""


def default_folder() -> Path | None:
    """The folder for caches of this user, by the conventions of the platform; ``None`` for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        given = os.environ.get("XDG_CACHE_HOME", "")
        base = Path(given) if os.path.isabs(given) else home / ".cache"
    return base / "wasm2py"


def digest(*parts: bytes) -> str:
    """A hash of the parts; their boundaries count."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "little"))
        hashed.update(part)
    return hashed.hexdigest()


class Cache:
    """Entries in a folder.

    :param folder: made when the first entry is written
    :param capacity: bytes that it may hold
    """

    def __init__(self, folder: Path, capacity: int = CAPACITY) -> None:
        self._folder = folder
        self._capacity = capacity

    def problem(self) -> str | None:
        """Why the folder is not used, in words; ``None`` where it is fine, or can be made."""
        try:
            found = os.stat(self._folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            return error.strerror or str(error)
        if not stat.S_ISDIR(found.st_mode):
            return "it is not a directory"
        return _distrust(found)

    def get(self, key: str) -> bytes | None:
        """The content of an entry, if there is one and it is as it was written.

        :param key: letters and digits
        """
        path = self._path(key)
        with suppress(OSError):
            if self.problem() is not None:
                return None
            handle = os.open(path, _FLAGS)
            with open(handle, "rb") as file:
                found = os.fstat(handle)
                if not stat.S_ISREG(found.st_mode) or _distrust(found) is not None:
                    return None
                data = file.read()
            start = len(_MAGIC) + 32
            content = data[start:]
            if data[:start] != _MAGIC + _seal(key, content):
                return None
            with suppress(OSError):
                os.utime(path)  # used just now
            return content
        return None

    def put(self, key: str, content: bytes) -> None:
        """Write an entry, where that is possible.

        :param key: letters and digits
        """
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.problem() is not None:
                return
            handle, temporary = tempfile.mkstemp(_TEMPORARY, dir=self._folder)
            try:
                with open(handle, "wb") as file:
                    file.write(_MAGIC + _seal(key, content))
                    file.write(content)
                os.replace(temporary, self._path(key))
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)
                raise
            self._make_room()

    def _path(self, key: str) -> Path:
        assert key.isalnum(), "a key is a file name"
        return self._folder / (key + _SUFFIX)

    def _make_room(self) -> None:
        """Delete what was not used for longest, beyond the capacity, and what other processes left behind."""
        entries = []
        with os.scandir(self._folder) as found:
            for entry in found:
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(_SUFFIX):
                        entries.append((status.st_mtime, status.st_size, entry.path))
                    elif entry.name.endswith(_TEMPORARY) and status.st_mtime < time.time() - _ABANDONED:
                        os.unlink(entry.path)
        room = self._capacity
        for _, size, path in sorted(entries, reverse=True):
            room -= size
            if room < 0:
                with suppress(OSError):
                    os.unlink(path)


def _seal(key: str, content: bytes) -> bytes:
    return bytes.fromhex(digest(key.encode(), content))


def _distrust(found: os.stat_result) -> str | None:
    """Why somebody else may have written what was found; Windows keeps users apart by other means."""
    if sys.platform == "win32":
        return None
    if found.st_uid not in (os.geteuid(), 0):
        return "it belongs to another user"
    return "other users can write to it" if found.st_mode & _OTHERS_WRITE else None
