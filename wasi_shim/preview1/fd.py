"""Calls on open descriptors."""

from __future__ import annotations

import os

from . import abi, errnos
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

_WHENCE = (os.SEEK_SET, os.SEEK_CUR, os.SEEK_END)
"""Preview 1's numbers for whence; preview 0 had another order."""

_SIGN = 1 << 63


@syscall("i32")
def fd_close(state: State, fd: int) -> None:
    """Close a descriptor; the stream behind standard input or output stays open.

    :param fd: i32
    :returns: ``EBADF`` where it is not open
    """
    descriptor = state.descriptor(fd)
    del state.descriptors[fd]
    descriptor.close()


@syscall("i32 i32")
def fd_fdstat_get(state: State, fd: int, stat: int) -> None:
    """Store the kind of a descriptor and what may be done with it.

    Guests take for a terminal what is a character device without the right to seek, so only a terminal says so.

    :param fd: i32
    :param stat: i32, address of an fdstat
    :returns: ``EBADF`` where it is not open

    Standard output on a terminal::

        02 00         00 00         00 00 00 00   40 00 00 00 00 00 00 00   40 00 00 00 00 00 00 00
        filetype u8   flags u16                   rights_base u64           rights_inheriting u64
    """
    descriptor = state.descriptor(fd)
    data = state.data()
    abi.check(data, stat, abi.FDSTAT.size, 8)
    filetype = abi.FILETYPE_CHARACTER_DEVICE if descriptor.terminal else abi.FILETYPE_UNKNOWN
    rights = (abi.RIGHT_FD_READ if descriptor.readable else 0) | (abi.RIGHT_FD_WRITE if descriptor.writable else 0)
    abi.FDSTAT.pack_into(data, stat, filetype, 0, rights, rights)


@syscall("i32 i32")
def fd_fdstat_set_flags(state: State, fd: int, flags: int) -> int | None:
    """Set the status flags of a file.

    :param fd: i32
    :param flags: i32, fdflags: 1 append, 2 dsync, 4 nonblock, 8 rsync, 16 sync; the first and third may change
    :returns: ``EBADF`` where it is not open or is no file; ``EINVAL`` for the other flags
    :raises Trap: where a bit is no flag
    """
    if flags & ~abi.FDFLAGS:
        abi.bad_value("set of fdflags", flags)
    descriptor = state.descriptor(fd)
    descriptor.set_status_flags(bool(flags & abi.FDFLAG_APPEND), bool(flags & abi.FDFLAG_NONBLOCK))
    return None


@syscall("i32 i32")
def fd_prestat_get(state: State, fd: int, prestat: int) -> int | None:
    """Describe a directory that was opened before the program began; guests ask for 3, 4, … until ``EBADF``.

    :param fd: i32
    :param prestat: i32, address of a prestat
    :returns: ``EBADF`` where it is not open or no such directory

    The directory ``/tmp``::

        00 00 00 00   04 00 00 00
        tag u8        length of the name u32
    """
    name = state.descriptor(fd).preopened
    if name is None:
        return errnos.EBADF
    data = state.data()
    abi.check(data, prestat, abi.PRESTAT.size, 4)
    abi.PRESTAT.pack_into(data, prestat, 0, len(name))
    return None


@syscall("i32 i32 i32")
def fd_prestat_dir_name(state: State, fd: int, path: int, size: int) -> int | None:
    """Store the name of a directory that was opened before the program began, without a NUL.

    :param fd: i32
    :param path: i32, address where the name goes
    :param size: i32, room there, in bytes
    :returns: ``EBADF`` where it is not open; ``ENOTDIR`` where it is no such directory; ``ENAMETOOLONG`` where the name
        is longer than ``size``
    """
    name = state.descriptor(fd).preopened
    if name is None:
        return errnos.ENOTDIR
    if len(name) > size:
        return errnos.ENAMETOOLONG
    abi.store_bytes(state.data(), path, name)
    return None


@syscall("i32 i32 i32 i32")
def fd_read(state: State, fd: int, iovs: int, count: int, size: int) -> int | None:
    """Read into buffers, one after the other, with a single read of the stream.

    :param fd: i32
    :param iovs: i32, address of an array of iovecs
    :param count: i32, its length
    :param size: i32, address where the number of bytes read goes, u32; 0 is the end of the file
    :returns: ``EBADF`` where it is not open for reading, or what the stream reports

    ``abc`` into buffers of 2 bytes at 32 and 4 bytes at 48::

        iovs                                              32      48      size
        20 00 00 00 02 00 00 00 30 00 00 00 04 00 00 00   61 62   63      03 00 00 00
        buf u32     len u32     buf u32     len u32
    """
    descriptor = state.descriptor(fd)
    if not descriptor.readable:
        return errnos.EBADF
    data = state.data()
    regions = abi.iovecs(data, iovs, count)
    abi.check(data, size, 4, 4)
    room = sum([end - start for start, end in regions])
    read = descriptor.read(room) if room else b""
    if len(read) > room:
        return errnos.EIO
    done = 0
    for start, end in regions:
        part = read[done : done + end - start]
        data[start : start + len(part)] = part
        done += end - start
        if done >= len(read):
            break
    abi.U32.pack_into(data, size, len(read))
    return None


@syscall("i32 i64 i32 i32")
def fd_seek(state: State, fd: int, offset: int, whence: int, position: int) -> None:
    """Move the position of a file.

    :param fd: i32
    :param offset: i64, signed, in bytes
    :param whence: i32: 0 from the start, 1 from the present position, 2 from the end
    :param position: i32, address where the new position goes, u64, from the start
    :returns: ``EBADF`` where it is not open; ``ESPIPE`` where it is a stream
    :raises Trap: where ``whence`` is none of these
    """
    if whence >= len(_WHENCE):
        abi.bad_value("whence", whence)
    descriptor = state.descriptor(fd)
    signed = (offset ^ _SIGN) - _SIGN
    abi.store_u64(state.data(), position, descriptor.seek(signed, _WHENCE[whence]))


@syscall("i32 i32 i32 i32")
def fd_write(state: State, fd: int, iovs: int, count: int, size: int) -> int | None:
    """Write the contents of buffers, one after the other, with a single write to the stream.

    :param fd: i32
    :param iovs: i32, address of an array of iovecs
    :param count: i32, its length
    :param size: i32, address where the number of bytes written goes, u32
    :returns: ``EBADF`` where it is not open for writing, or what the stream reports (``EPIPE``, ``ENOSPC``, …)

    ``abc`` from buffers of 2 bytes at 32 and 1 byte at 48::

        iovs                                              32      48      size
        20 00 00 00 02 00 00 00 30 00 00 00 01 00 00 00   61 62   63      03 00 00 00
        buf u32     len u32     buf u32     len u32
    """
    descriptor = state.descriptor(fd)
    if not descriptor.writable:
        return errnos.EBADF
    data = state.data()
    regions = abi.iovecs(data, iovs, count)
    abi.check(data, size, 4, 4)
    written = descriptor.write(b"".join([data[start:end] for start, end in regions])) if regions else 0
    abi.U32.pack_into(data, size, written)
    return None
