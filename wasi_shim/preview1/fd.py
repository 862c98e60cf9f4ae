"""Calls on descriptors as such: what they are, and which number they have."""

from __future__ import annotations

import stat as modes

from . import abi, errnos
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..host.descriptor import Descriptor
    from .state import State


@syscall("fd")
def fd_close(state: State, fd: int) -> None:
    """Close a descriptor; the stream behind standard input or output stays open.

    :param fd: i32
    :returns: ``EBADF`` where it is not open
    """
    state.close(fd)


@syscall("fd *fdstat")
def fd_fdstat_get(state: State, fd: int, stat: int) -> None:
    """Store the kind of a descriptor and what may be done with it.

    Guests take for a terminal what is a character device without the right to seek, so only a terminal says so.  The
    rights of files and directories are all that there are, but for those that cannot be used: they grant nothing.

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
    flags = (abi.FDFLAG_APPEND if descriptor.append else 0) | (abi.FDFLAG_NONBLOCK if descriptor.nonblock else 0)
    filetype = abi.FILETYPE_CHARACTER_DEVICE if descriptor.terminal else abi.filetype(descriptor.kind)
    abi.FDSTAT.pack_into(data, stat, filetype, flags, *_rights(descriptor, filetype))


def _rights(descriptor: Descriptor, filetype: int) -> tuple[int, int]:
    """Return the rights of a descriptor, and of what is opened through it."""
    if filetype == abi.FILETYPE_DIRECTORY:
        return abi.RIGHTS_DIRECTORY, abi.RIGHTS_BELOW
    if modes.S_ISSOCK(descriptor.kind):
        return abi.RIGHTS_SOCKET, abi.RIGHTS_SOCKET
    rights = abi.RIGHTS & ~abi.RIGHT_FD_READ & ~abi.RIGHT_FD_READDIR & ~abi.RIGHT_FD_WRITE if descriptor.kind else 0
    if descriptor.readable:
        rights |= abi.RIGHT_FD_READ
    if descriptor.writable:
        rights |= abi.RIGHT_FD_WRITE
    return rights, rights


@syscall("fd fdflags")
def fd_fdstat_set_flags(state: State, fd: int, flags: int) -> None:
    """Set the status flags of a file.

    :param fd: i32
    :param flags: i32, fdflags: 1 append, 2 dsync, 4 nonblock, 8 rsync, 16 sync; the first and third may change
    :returns: ``EBADF`` where it is not open or is no file; ``EINVAL`` for the other flags
    :raises Trap: where a bit is no flag
    """
    if flags & ~abi.FDFLAGS:
        abi.bad_value("set of fdflags", flags)
    synchronous = bool(flags & ~(abi.FDFLAG_APPEND | abi.FDFLAG_NONBLOCK))
    append, nonblock = bool(flags & abi.FDFLAG_APPEND), bool(flags & abi.FDFLAG_NONBLOCK)
    state.descriptor(fd).set_status_flags(append, nonblock, synchronous)


@syscall("fd rights rights")
def fd_fdstat_set_rights(state: State, fd: int, base: int, inheriting: int) -> int:
    """Refuse: what may be done is decided where a file is opened.

    :param fd: i32
    :param base: i64, rights to keep
    :param inheriting: i64, rights to keep for what is opened through this descriptor
    :returns: ``EBADF`` where it is not open; ``ENOTSUP``
    """
    state.descriptor(fd)
    return errnos.ENOTSUP


@syscall("fd fd")
def fd_renumber(state: State, fd: int, to: int) -> None:
    """Move a descriptor to the number of another one, which is closed.

    :param fd: i32, the number that becomes free
    :param to: i32, the number that it gets
    :returns: ``EBADF`` where either is not open
    """
    state.renumber(fd, to)


@syscall("fd *prestat")
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


@syscall("fd *buffer length")
def fd_prestat_dir_name(state: State, fd: int, path: int, size: int) -> int | None:
    """Store the name of a directory that was opened before the program began, without a NUL.

    :param fd: i32
    :param path: i32, address where the name goes
    :param size: i32, room there, in bytes
    :returns: ``EBADF`` where it is not open; ``ENOTDIR`` where it is no such directory; ``ENAMETOOLONG`` where the name
        is longer than ``size``

    The directory ``/tmp``::

        2f 74 6d 70
        /  t  m  p
    """
    name = state.descriptor(fd).preopened
    if name is None:
        return errnos.ENOTDIR
    if len(name) > size:
        return errnos.ENAMETOOLONG
    abi.store_bytes(state.data(), path, name)
    return None
