"""Listing directories."""

from __future__ import annotations

from . import abi
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State


@syscall("fd *dirents length dircookie *size")
def fd_readdir(state: State, fd: int, buffer: int, length: int, cookie: int, used: int) -> None:
    """Store entries of a directory, as many as there is room for; the last one may be cut off.

    Cookie 0 looks at the directory anew; others go on in what was found then, so that a program that removes what it
    lists misses nothing.

    :param fd: i32, a directory
    :param buffer: i32, address where the entries go, each a dirent and its name, one after the other
    :param length: i32, room there, in bytes
    :param cookie: i64, 0 or the next cookie of the entry before the first wanted one
    :param used: i32, address where the number of bytes stored goes, u32; less than ``length`` is the end
    :returns: ``EBADF`` where it is not open or is no directory

    The first entry, ``.``::

        01 00 00 00 00 00 00 00   07 00 00 00 00 00 00 00   01 00 00 00   03            00 00 00   2e
        next cookie u64           inode u64                 name len u32  filetype u8              name
    """
    entries = state.descriptor(fd).listing(anew=cookie == 0)
    data = state.data()
    abi.check(data, buffer, length, 1)
    abi.check(data, used, 4, 4)
    stored = bytearray()
    for index in range(cookie, len(entries)):
        if len(stored) >= length:
            break
        name, inode, kind = entries[index]
        stored += abi.DIRENT.pack(index + 1, inode & 0xFFFF_FFFF_FFFF_FFFF, len(name), abi.filetype(kind)) + name
    del stored[length:]
    data[buffer : buffer + len(stored)] = stored
    abi.U32.pack_into(data, used, len(stored))
