"""What directories hold before and after a program: planted on the disk or in memory, and read back."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from wasi_shim import MemoryDirectory
from wasi_shim.host.folder import Folder

Plan = Mapping[str, "bytes | str | None"]
"""Contents by path: bytes are a file, a string is where a symbolic link leads, ``None`` is a directory."""

PLANTED = 10**18
"""The time of everything that is planted, in nanoseconds since 1970."""

_RECENT = 1_600_000_000 * 10**9
"""No program sets a time after this one: such a time is when it ran."""


class Entry(NamedTuple):
    """A file, directory or symbolic link.

    The time is 0 where nobody has set it; names of directories are not counted, and permissions only on the disk.
    """

    kind: int
    contents: bytes
    names: int
    time: int
    permissions: int | None


Tree = dict[str, Entry]


def plant_on_disk(root: Path, plan: Plan) -> None:
    """Make what a plan tells in a new directory."""
    root.mkdir()
    for name, contents in plan.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if contents is None:
            path.mkdir()
        elif isinstance(contents, str):
            path.symlink_to(contents)
        else:
            path.write_bytes(contents)
    for path in sorted(root.rglob("*"), reverse=True):
        os.utime(path, ns=(PLANTED, PLANTED), follow_symlinks=False)
    os.utime(root, ns=(PLANTED, PLANTED))


def plant_in_memory(plan: Plan, read_only: bool) -> MemoryDirectory:
    """Make what a plan tells in a new file system in memory."""
    now = PLANTED
    made = MemoryDirectory(read_only=read_only, clock=lambda: now)
    for name, contents in plan.items():
        folder, _, base = name.rpartition("/")
        if isinstance(contents, bytes):
            made.write(name, contents)
            continue
        place = made.open_folder()
        for part in filter(None, folder.split("/")):
            place = place.enter(part.encode())
        if contents is None:
            place.make_directory(base.encode())
        else:
            place.symlink(contents.encode(), base.encode())
    now = time.time_ns()
    return made


def tree_on_disk(root: Path) -> Tree:
    """Everything below a directory, and itself as ``.``."""
    found = {".": root.lstat(), **{path.relative_to(root).as_posix(): path.lstat() for path in root.rglob("*")}}
    tree = {}
    for name, status in found.items():
        contents = b""
        if stat.S_ISREG(status.st_mode):
            contents = (root / name).read_bytes()
        elif stat.S_ISLNK(status.st_mode):
            contents = os.fsencode(os.readlink(root / name))
        tree[name] = _entry(status.st_mode, contents, status.st_nlink, status.st_mtime_ns)
    return tree


def tree_in_memory(made: MemoryDirectory) -> Tree:
    """The same of a file system in memory."""
    return dict(_below(made, made.open_folder(), "."))


def without_permissions(tree: Tree) -> Tree:
    """What can be compared with a file system that has no permissions."""
    return {name: entry._replace(permissions=None) for name, entry in tree.items()}


def _below(made: MemoryDirectory, folder: Folder, path: str) -> list[tuple[str, Entry]]:
    here = folder.stat(b".")
    found = [(path, _entry(here.kind, b"", here.links, here.times[1])._replace(permissions=None))]
    for name, _, kind in folder.entries():
        below = name.decode() if path == "." else f"{path}/{name.decode()}"
        if kind == stat.S_IFDIR:
            found += _below(made, folder.enter(name), below)
            continue
        status = folder.stat(name)
        contents = made.read(below) if kind == stat.S_IFREG else folder.read_link(name)
        entry = _entry(kind, contents, status.links, status.times[1])
        found.append((below, entry._replace(permissions=None)))
    return found


def _entry(mode: int, contents: bytes, names: int, changed: int) -> Entry:
    kind = stat.S_IFMT(mode)
    return Entry(
        kind,
        contents,
        0 if kind == stat.S_IFDIR else names,
        0 if changed > _RECENT else changed,
        stat.S_IMODE(mode),
    )
