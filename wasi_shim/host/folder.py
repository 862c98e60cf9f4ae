"""What a file system offers: directories whose operations take one bare name each.

A *bare name* is a single component: it has no ``/``, is not empty and is not ``..``; it may be ``.``.  Nothing here
follows a symbolic link, so whoever holds a folder reaches what is in it and nothing else; going from paths to bare
names is the business of :mod:`.paths`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .descriptor import Descriptor
    from .filestat import Filestat

    Entry = tuple[bytes, int, int]
    """Name, inode, and type as in :attr:`Filestat.kind`."""

    Times = tuple[int, int]
    """Of the last access and of the last change of the contents, in nanoseconds since 1970."""

# How a file is opened: any sum of these.
READ = 1 << 0
WRITE = 1 << 1
CREATE = 1 << 2
"""Make a file where there is none."""
EXCLUSIVE = 1 << 3
"""Fail where there is one (with :data:`CREATE`)."""
TRUNCATE = 1 << 4
"""Drop the contents."""
DIRECTORY = 1 << 5
"""Fail where it is no directory."""
APPEND = 1 << 6
"""Write at the end, wherever the position is."""
NONBLOCK = 1 << 7
"""Don't wait for data; regular files always have them."""
TIMES = 1 << 8
"""Allow to set the times, for which POSIX does not ask to write."""

CHANGING = WRITE | CREATE | TRUNCATE
"""What a read-only directory refuses."""


class Folder:
    """An open directory of a file system.  Every method may raise :class:`OSError`."""

    __slots__ = ()

    def enter(self, name: bytes) -> Folder:
        """Open a directory in this one, to go through it.

        :raises OSError: ``ENOTDIR`` or ``ELOOP`` where it is something else, a symbolic link for instance
        """
        raise NotImplementedError

    def open(self, name: bytes, how: int) -> Descriptor | Folder:
        """Open a file or directory in this one, for a guest.

        :param how: a sum of this file's constants
        :raises OSError: ``ELOOP`` where it is a symbolic link, and what ``open(2)`` reports
        """
        raise NotImplementedError

    def read_link(self, name: bytes) -> bytes:
        """Return the target of a symbolic link; ``EINVAL`` where it is something else."""
        raise NotImplementedError

    def stat(self, name: bytes) -> Filestat:
        """Describe a file or, as ``.``, this directory."""
        raise NotImplementedError

    def set_times(self, name: bytes, times: Times) -> None:
        """Set the times of a file or, as ``.``, of this directory."""
        raise NotImplementedError

    def make_directory(self, name: bytes) -> None:
        """Make an empty directory."""
        raise NotImplementedError

    def remove_directory(self, name: bytes) -> None:
        """Remove an empty directory."""
        raise NotImplementedError

    def unlink(self, name: bytes) -> None:
        """Remove what is no directory."""
        raise NotImplementedError

    def symlink(self, target: bytes, name: bytes) -> None:
        """Make a symbolic link."""
        raise NotImplementedError

    def link(self, name: bytes, other: Any, other_name: bytes) -> None:
        """Make a hard link ``other_name`` in the folder ``other``; ``EXDEV`` where that is of another kind."""
        raise NotImplementedError

    def rename(self, name: bytes, other: Any, other_name: bytes) -> None:
        """Move a file to ``other_name`` in the folder ``other``; ``EXDEV`` where that is of another kind."""
        raise NotImplementedError

    def entries(self) -> list[Entry]:
        """List what is here, without ``.`` and ``..``, in the order of the file system."""
        raise NotImplementedError

    def sync(self) -> None:
        """Make what was done lasting."""
        raise NotImplementedError

    def release(self) -> None:
        """Give the folder up."""
