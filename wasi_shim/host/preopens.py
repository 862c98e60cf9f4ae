"""The directories that an embedder can grant."""

from __future__ import annotations

import errno
import os

from .descriptor import fail
from .directory import OpenDirectory
from .folder import CREATE, READ, TRUNCATE, WRITE, Folder
from .memory_files import DirectoryNode, MemoryFile, MemoryFolder, Volume

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CAPACITY = 1 << 28
"""Most bytes of a file system in memory, unless the embedder says otherwise: 256 MiB."""


class Directory:
    """A directory of the host, granted to a program with all that is below it, and nothing else.

    :param path: of the directory; it is opened when an instance is made
    :param read_only: whether the program may change nothing there
    :param trusted: whether to go on where this host cannot confine a program (Windows): paths are still checked, but
        another process can lead the program outside while they are.  It changes nothing elsewhere.
    """

    __slots__ = ("path", "read_only", "trusted")

    def __init__(self, path: str | os.PathLike[str], *, read_only: bool = False, trusted: bool = False) -> None:
        self.path = os.fspath(path)
        self.read_only = read_only
        self.trusted = trusted

    def __repr__(self) -> str:
        options = [f", {name}=True" for name in ("read_only", "trusted") if getattr(self, name)]
        return f"Directory({self.path!r}{''.join(options)})"

    def open_folder(self) -> Folder:
        """Open it.

        :raises OSError: where there is none; ``ENOTSUP`` where this host cannot confine a program that is not trusted
        """
        from . import files

        return files.open_folder(self.path, self.trusted)


class MemoryDirectory:
    """A file system in memory; all instances to which it is granted see the same one, as if it were on a disk.

    :param files: what it has at first: contents by path (names separated by ``/``); directories are made as needed
    :param read_only: whether programs may change nothing there
    :param capacity: most bytes that it may hold; what does not fit is ``ENOSPC`` for the program
    :param clock: returns the time of changes, in nanoseconds since 1970; ``None`` for the system's
    :raises OSError: where ``files`` does not fit or contradicts itself
    """

    __slots__ = ("_root", "read_only")

    def __init__(
        self,
        files: Mapping[str, bytes] | None = None,
        *,
        read_only: bool = False,
        capacity: int = CAPACITY,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self.read_only = read_only
        self._root = MemoryFolder(DirectoryNode(Volume(capacity, clock), None))
        for path, contents in (files or {}).items():
            self.write(path, contents)

    def __repr__(self) -> str:
        return f"<MemoryDirectory at {id(self):#x}>"

    def open_folder(self) -> Folder:
        """Open it."""
        return self._root

    def write(self, path: str, contents: bytes) -> None:
        """Make a file, or replace its contents; directories on the way are made as needed.

        :raises OSError: as in ``open(path, "wb")``
        """
        root = OpenDirectory(self._root, read_only=False)
        names = os.fsencode(path).split(b"/")
        for count in range(1, len(names)):
            try:
                root.make_directory_at(b"/".join(names[:count]))
            except FileExistsError:
                continue
        file = root.open_at(os.fsencode(path), WRITE | CREATE | TRUNCATE, follow=True)
        file.write(contents)
        file.close()

    def read(self, path: str) -> bytes:
        """Return the contents of a file.

        :raises OSError: as in ``open(path, "rb")``
        """
        file = OpenDirectory(self._root, read_only=True).open_at(os.fsencode(path), READ, follow=True)
        if not isinstance(file, MemoryFile):
            fail(errno.EISDIR)
        contents = file.read(file.stat().size)
        file.close()
        return contents
