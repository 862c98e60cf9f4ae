"""From a guest's path to a folder and one bare name in it: the place where a path could escape, and does not.

The rules, those of WASI's *path resolution* and of cap-std:

* One component at a time: each directory is opened without following links, from the one before it, and is held open.
  So another process that swaps a directory for a link changes nothing about the directories already passed.
* Links are read and their components walked like those of the path itself; forty of them at most.
* ``..`` goes back to the directory that the walk came from, not to what the file system calls the parent now.
  Going back beyond the beginning is refused, as is an absolute path or an absolute target of a link.
* A trailing slash never reaches the host, whose calls follow links where there is one: it is turned into the
  condition that the place is a directory.
"""

from __future__ import annotations

import errno

from .descriptor import fail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .folder import Folder

LONGEST = 4096
"""Most bytes of a path, and most components that wait to be walked: each may cost a descriptor of the host."""

MOST_LINKS = 40
"""Most symbolic links on the way, as on Linux."""

_NO_DIRECTORY = (errno.ENOTDIR, errno.ELOOP)


class Place:
    """A bare name in a folder; leaving the ``with`` block releases what was opened on the way.

    :ivar folder: the folder
    :ivar name: the name, ``.`` for the folder itself
    :ivar directory: whether the path says that it is a directory, by a slash at its end
    """

    __slots__ = ("_opened", "directory", "folder", "name")

    def __init__(self, opened: list[Folder], name: bytes, directory: bool) -> None:
        self._opened = opened
        self.folder = opened[-1]
        self.name = name
        self.directory = directory

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *details: object) -> None:
        _release(self._opened)


def resolve(base: Folder, path: bytes, follow: bool) -> Place:
    """Find the place that a path names; the last component need not exist.

    :param base: the folder that is the guest's whole world here; it stays open
    :param path: without NULs
    :param follow: whether to follow a symbolic link that is the last component; then the place is none, unless another
        process is at work
    :raises OSError: ``EPERM`` where the path leads outside; ``ENOENT`` where it is empty; ``ELOOP``, ``ENAMETOOLONG``,
        and what opening the directories on the way reports
    """
    opened = [base]
    try:
        name, directory = _walk(opened, path, follow)
    except BaseException:
        _release(opened)
        raise
    return Place(opened, name, directory)


def _release(opened: list[Folder]) -> None:
    for folder in opened[1:]:
        folder.release()


def _walk(opened: list[Folder], path: bytes, follow: bool) -> tuple[bytes, bool]:
    """Walk to the last component, and return it and whether it has to be a directory.

    :param opened: the directories on the way from the base, changed in place: the last is where the walk is
    """
    pending: list[bytes] = []
    directory = _push(pending, path)
    links = 0
    while True:
        name = pending.pop()
        if name == b"..":
            if len(opened) == 1:
                fail(errno.EPERM)
            opened.pop().release()
            name = b"."
        if name == b".":
            if not pending:
                return name, True
            continue
        if pending:
            target = _enter(opened, name)
        elif follow:
            target = _target(opened[-1], name)
            if target is None:
                return name, directory
        else:
            return name, directory
        if target is None:
            continue
        links += 1
        if links > MOST_LINKS:
            fail(errno.ELOOP)
        last = not pending
        slash = _push(pending, target)
        directory = directory or (last and slash)


def _push(pending: list[bytes], path: bytes) -> bool:
    """Put the components of a path on the stack of those to walk, and return whether it ends with a slash."""
    if not path:
        fail(errno.ENOENT)
    if path[:1] == b"/":
        fail(errno.EPERM)
    components = [name for name in path.split(b"/") if name]
    if len(path) > LONGEST or len(components) + len(pending) > LONGEST:
        fail(errno.ENAMETOOLONG)
    pending.extend(reversed(components))
    return path[-1:] == b"/"


def _enter(opened: list[Folder], name: bytes) -> bytes | None:
    """Go into a directory, or return the target where it is a symbolic link."""
    try:
        opened.append(opened[-1].enter(name))
    except OSError as error:
        if error.errno not in _NO_DIRECTORY:
            raise
        target = _target(opened[-1], name)
        if target is None:
            fail(errno.ENOTDIR)
        return target
    return None


def _target(folder: Folder, name: bytes) -> bytes | None:
    """Return the target of a symbolic link, ``None`` where there is something else or nothing."""
    try:
        return folder.read_link(name)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):
            return None
        raise
