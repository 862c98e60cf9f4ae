"""How values lie in the guest's memory: little-endian structs, at addresses that are multiples of their alignment.

A pointer that is misaligned or leaves the memory is a trap, not ``EFAULT``; so is a value outside the cases of an enum
or the bits of a set of flags that is passed by value.  (Other wrong values answer with an errno.)

Every accessor takes the bytes of the memory as they are at that moment, since growth replaces the object.
"""

from __future__ import annotations

import errno
from struct import Struct

from runtime_support import Trap

from ..host.descriptor import SOCKET_OF_DATAGRAMS, fail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from runtime_support.memory import Buffer

U16 = Struct("<H")
U32 = Struct("<I")
U64 = Struct("<Q")

FDSTAT = Struct("<BxHxxxxQQ")
"""fdstat: filetype u8, flags u16, rights_base u64, rights_inheriting u64; 24 bytes, alignment 8."""

PRESTAT = Struct("<BxxxI")
"""prestat: tag u8 (0 is a directory), length of its name u32; 8 bytes, alignment 4."""

IOVEC = Struct("<II")
"""iovec, ciovec: buffer address u32, length u32; 8 bytes, alignment 4."""

FILESTAT = Struct("<QQBxxxxxxxQQQQQ")
"""filestat: device u64, inode u64, filetype u8, links u64, size u64, times of access, change of the contents and change
of the attributes u64; 64 bytes, alignment 8."""

DIRENT = Struct("<QQIBxxx")
"""dirent: next cookie u64, inode u64, length of the name u32, filetype u8; 24 bytes; the name follows."""

FILETYPE_UNKNOWN = 0
FILETYPE_CHARACTER_DEVICE = 2
FILETYPE_DIRECTORY = 3

_FILETYPES = {
    0o060000: 1,  # block device
    0o020000: FILETYPE_CHARACTER_DEVICE,
    0o040000: FILETYPE_DIRECTORY,
    0o100000: 4,  # regular file
    SOCKET_OF_DATAGRAMS: 5,
    0o140000: 6,  # stream socket
    0o120000: 7,  # symbolic link
}

RIGHT_FD_READ = 1 << 1
RIGHT_FD_WRITE = 1 << 6
RIGHT_FD_READDIR = 1 << 14
RIGHTS = (1 << 30) - 1
"""All of them."""
RIGHTS_DIRECTORY = 0x07B7_FE00
"""Those that mean something for a directory: all on paths but the one to set sizes, and fd_readdir, fd_filestat_get,
fd_filestat_set_times."""
RIGHTS_SOCKET = 0x3820_004A
"""Those that mean something for a socket: to read, write, set flags, poll, accept and shut down, and its filestat."""
RIGHTS_BELOW = 0x0FF7_FFFF
"""Those that may mean something for what is opened through a directory: all but those to set sizes by path, and those
of sockets."""

FDFLAG_APPEND = 1 << 0
FDFLAG_NONBLOCK = 1 << 2
FDFLAGS = 0x1F
"""All of append, dsync, nonblock, rsync, sync."""

PATH_LIMIT = 4096
"""Most bytes of a path."""


def bad_value(what: str, value: int) -> NoReturn:
    """Trap: ``value`` is no case of the enum or flags type named ``what``."""
    raise Trap(f"WASI: {value} is not a valid {what}")


def check(data: Buffer, pointer: int, size: int, alignment: int) -> None:
    """Check a region of memory.

    :param pointer: address of its first byte (i32, unsigned)
    :param size: its length in bytes
    :param alignment: a power of 2
    :raises Trap: where the pointer is misaligned or the region leaves the memory
    """
    if pointer & (alignment - 1):
        raise Trap(f"WASI: unaligned pointer: {pointer} % {alignment}")
    if pointer + size > len(data):
        raise Trap("out of bounds memory access")


def store_u32(data: Buffer, pointer: int, value: int) -> None:
    """Store a u32 at an address, checked; see :func:`check`."""
    check(data, pointer, 4, 4)
    U32.pack_into(data, pointer, value)


def store_u64(data: Buffer, pointer: int, value: int) -> None:
    """Store a u64 at an address, checked; see :func:`check`."""
    check(data, pointer, 8, 8)
    U64.pack_into(data, pointer, value)


def store_bytes(data: Buffer, pointer: int, value: bytes) -> None:
    """Store bytes at an address, checked; see :func:`check`."""
    end = pointer + len(value)
    check(data, pointer, len(value), 1)
    data[pointer:end] = value


def filetype(kind: int) -> int:
    """Return the filetype for an ``S_IF`` constant; pipes, which preview 1 has no number for, are unknown."""
    return _FILETYPES.get(kind, FILETYPE_UNKNOWN)


def path(data: Buffer, pointer: int, size: int) -> bytes:
    """Load a path.

    :param pointer: its address (i32)
    :param size: its length in bytes (i32)
    :raises Trap: where it leaves the memory
    :raises OSError: ``EILSEQ`` where it is not UTF-8, ``EINVAL`` where it has a NUL, ``ENAMETOOLONG``
    """
    check(data, pointer, size, 1)
    if size > PATH_LIMIT:
        fail(errno.ENAMETOOLONG)
    found = bytes(data[pointer : pointer + size])
    try:
        found.decode()
    except UnicodeDecodeError:
        fail(errno.EILSEQ)
    if 0 in found:
        fail(errno.EINVAL)
    return found


def iovecs(data: Buffer, pointer: int, count: int) -> list[tuple[int, int]]:
    """Return the regions that an array of iovecs lists, as first address and end, without the empty ones.

    Together they hold no more than the memory does: a longer list, which must overlap itself, is cut there, so that
    the guest cannot make the host allocate more than it has itself.

    :param pointer: address of the array (i32)
    :param count: number of its elements (i32)
    :raises Trap: where the array is misaligned, or it or a region that it lists leaves the memory
    """
    check(data, pointer, count * IOVEC.size, 4)
    room = limit = len(data)
    regions = []
    for start, size in IOVEC.iter_unpack(data[pointer : pointer + count * IOVEC.size]):
        if size:
            if start + size > limit:
                raise Trap("out of bounds memory access")
            if size > room:
                break
            regions.append((start, start + size))
            room -= size
    return regions
