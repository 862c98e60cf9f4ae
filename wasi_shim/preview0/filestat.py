"""The attributes of files, where preview 0 counts links in 32 bits."""

from __future__ import annotations

from struct import Struct

from ..preview1.filestat import store_open, store_path
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..preview1.state import State

FILESTAT = Struct("<QQBxxxIQQQQ")
"""filestat: device u64, inode u64, filetype u8, links u32, size u64, times of access, change of the contents and change
of the attributes u64; 56 bytes, alignment 8."""

MOST_LINKS = 0xFFFF_FFFF
"""More are reported as so many."""


@syscall("fd *filestat0")
def fd_filestat_get(state: State, fd: int, stat: int) -> None:
    """Store the attributes of what is open.

    :param fd: i32
    :param stat: i32, address of a filestat
    :returns: ``EBADF`` where it is not open

    A regular file of 5 bytes::

        01 00 00 00 00 00 00 00   07 00 00 00 00 00 00 00   04            00 00 00   01 00 00 00
        device u64                inode u64                 filetype u8              links u32

        05 00 00 00 00 00 00 00
        size u64

        00 00 64 a7 b3 b6 e0 0d   00 00 64 a7 b3 b6 e0 0d   00 00 64 a7 b3 b6 e0 0d
        atim u64                  mtim u64                  ctim u64
    """
    store_open(state, fd, stat, FILESTAT, MOST_LINKS)


@syscall("fd lookupflags path length *filestat0")
def path_filestat_get(state: State, fd: int, flags: int, path: int, size: int, stat: int) -> None:
    """Store the attributes of a file, as :func:`fd_filestat_get` does.

    :param fd: i32, a directory
    :param flags: i32, lookupflags: 1 follow a symbolic link at the end
    :param path: i32, address of the path
    :param size: i32, its length in bytes
    :param stat: i32, address of a filestat
    :returns: ``EBADF``, ``ENOTDIR``, ``ENOENT``; ``EPERM`` where the path leads outside of the directory
    :raises Trap: where a bit of ``flags`` is no flag

    A directory with 2 links, of 4,096 bytes::

        01 00 00 00 00 00 00 00   08 00 00 00 00 00 00 00   03            00 00 00   02 00 00 00
        device u64                inode u64                 filetype u8              links u32

        00 10 00 00 00 00 00 00   (and three times, u64 each)
        size u64
    """
    store_path(state, fd, flags, path, size, stat, FILESTAT, MOST_LINKS)
