"""What the open files of all file systems have in common."""

from __future__ import annotations

import errno
import os
import stat as modes

from .descriptor import Descriptor, fail
from .folder import APPEND, NONBLOCK, READ, TIMES, WRITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .directory import OpenDirectory

MOST_READ = 1 << 24
"""Most bytes of one read: the guest names the size, and Python allocates it beforehand."""

LARGEST_SIZE = (1 << 63) - 1
"""The largest size and position of a file."""


class File(Descriptor):
    """An open file.

    :param how: a sum of the constants of :mod:`.folder`
    """

    __slots__ = ("_times", "append", "nonblock", "readable", "writable")

    def __init__(self, how: int) -> None:
        self.readable = bool(how & READ)
        self.writable = bool(how & WRITE)
        self._times = bool(how & TIMES)
        self.append = bool(how & APPEND)
        self.nonblock = bool(how & NONBLOCK)

    def at_end(self) -> bool:
        """See :meth:`.Descriptor.at_end`."""
        return self.kind == modes.S_IFREG and self.seek(0, os.SEEK_CUR) >= self.stat().size

    def advise(self) -> None:
        """Do nothing: a file is as fast as it is."""

    def directory(self) -> OpenDirectory:
        """Raise ``ENOTDIR``."""
        fail(errno.ENOTDIR)

    def set_status_flags(self, append: bool, nonblock: bool, synchronous: bool) -> None:
        """See :meth:`.Descriptor.set_status_flags`."""
        if synchronous:
            fail(errno.EINVAL)
        self.append = append
        self.nonblock = nonblock

    def _need_write(self, number: int = errno.EBADF) -> None:
        """Raise the error with that number where the file was not opened for writing."""
        if not self.writable:
            fail(number)

    def _need_times(self) -> None:
        if not self._times:
            fail(errno.EPERM)


def check_range(offset: int, size: int) -> None:
    """Raise ``EINVAL`` where so many bytes from ``offset`` on end beyond what any file can have."""
    if offset + size > LARGEST_SIZE:
        fail(errno.EINVAL)
