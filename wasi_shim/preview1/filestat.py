"""The attributes of files, through a descriptor or a path, and what else changes a whole file."""

from __future__ import annotations

import errno

from ..host.descriptor import fail
from . import abi
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from struct import Struct

    from runtime_support.memory import Buffer

    from ..host.filestat import Filestat
    from ..host.folder import Times
    from .state import State

_FOLLOW = 1
"""The only flag of lookupflags: follow a symbolic link that is the last component."""

_ADVICE = 6
"""Cases of advice: normal, sequential, random, will need, don't need, no reuse."""

_ATIM, _ATIM_NOW, _MTIM, _MTIM_NOW = 1, 2, 4, 8
_FSTFLAGS = 15

_U64 = 0xFFFF_FFFF_FFFF_FFFF


def follows(flags: int) -> bool:
    """Tell whether lookupflags want a link at the end of a path followed.

    :raises Trap: where a bit is no flag
    """
    if flags & ~_FOLLOW:
        abi.bad_value("set of lookupflags", flags)
    return bool(flags)


@syscall("fd *filestat")
def fd_filestat_get(state: State, fd: int, stat: int) -> None:
    """Store the attributes of what is open.

    :param fd: i32
    :param stat: i32, address of a filestat
    :returns: ``EBADF`` where it is not open

    A regular file of 5 bytes::

        01 00 00 00 00 00 00 00   07 00 00 00 00 00 00 00   04            00 00 00 00 00 00 00
        device u64                inode u64                 filetype u8

        01 00 00 00 00 00 00 00   05 00 00 00 00 00 00 00
        links u64                 size u64

        00 00 64 a7 b3 b6 e0 0d   00 00 64 a7 b3 b6 e0 0d   00 00 64 a7 b3 b6 e0 0d
        atim u64                  mtim u64                  ctim u64
    """
    store_open(state, fd, stat, abi.FILESTAT, _U64)


@syscall("fd lookupflags path length *filestat")
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

        01 00 00 00 00 00 00 00   08 00 00 00 00 00 00 00   03            00 00 00 00 00 00 00
        device u64                inode u64                 filetype u8

        02 00 00 00 00 00 00 00   00 10 00 00 00 00 00 00   (and three times, u64 each)
        links u64                 size u64
    """
    store_path(state, fd, flags, path, size, stat, abi.FILESTAT, _U64)


@syscall("fd timestamp timestamp fstflags")
def fd_filestat_set_times(state: State, fd: int, atim: int, mtim: int, flags: int) -> None:
    """Set the times of what is open.

    :param fd: i32
    :param atim: i64, unsigned, time of the last access, in nanoseconds since 1970
    :param mtim: i64, unsigned, time of the last change
    :param flags: i32, fstflags: 1 set atim, 2 set it to now, 4 set mtim, 8 set it to now
    :returns: ``EBADF`` where it is not open or is no file; ``EINVAL`` for a value and now together; ``EPERM`` where it
        was opened through a read-only directory
    :raises Trap: where a bit of ``flags`` is no flag
    """
    _check_times(flags)
    descriptor = state.descriptor(fd)
    found = descriptor.stat()
    descriptor.set_times(_times(state, found, atim, mtim, flags))


@syscall("fd lookupflags path length timestamp timestamp fstflags")
def path_filestat_set_times(
    state: State, fd: int, lookup: int, path: int, size: int, atim: int, mtim: int, flags: int
) -> None:
    """Set the times of a file, as :func:`fd_filestat_set_times` does.

    :param fd: i32, a directory
    :param lookup: i32, lookupflags: 1 follow a symbolic link at the end
    :param path: i32, address of the path
    :param size: i32, its length in bytes
    :param atim: i64, unsigned, time of the last access, in nanoseconds since 1970
    :param mtim: i64, unsigned, time of the last change
    :param flags: i32, fstflags
    :returns: ``EBADF``, ``ENOTDIR``, ``ENOENT``, ``EINVAL``; ``EPERM`` where the path leads outside of the directory,
        or that is read-only
    :raises Trap: where a bit of ``lookup`` or ``flags`` is no flag
    """
    follow = follows(lookup)
    _check_times(flags)
    directory = state.descriptor(fd).directory()
    name = abi.path(state.data(), path, size)
    found = directory.stat_at(name, follow)
    directory.set_times_at(name, follow, _times(state, found, atim, mtim, flags))


@syscall("fd filesize")
def fd_filestat_set_size(state: State, fd: int, size: int) -> None:
    """Cut a file off, or lengthen it with zeros.

    :param fd: i32
    :param size: i64, unsigned, in bytes
    :returns: ``EBADF`` where it is not open or is no file; ``EINVAL`` where it is not open for writing, and for a size
        that no file can have; ``ENOSPC``
    """
    state.descriptor(fd).set_size(size)


@syscall("fd filesize filesize")
def fd_allocate(state: State, fd: int, offset: int, size: int) -> None:
    """Make sure that there is room for a region of a file, which becomes as long as that takes.

    :param fd: i32
    :param offset: i64, unsigned, in bytes
    :param size: i64, unsigned, in bytes
    :returns: ``EBADF`` where it is not open for writing; ``EINVAL``; ``ENOSPC``; ``ENOTSUP`` where the host cannot
    """
    state.descriptor(fd).allocate(offset, size)


@syscall("fd filesize filesize advice")
def fd_advise(state: State, fd: int, offset: int, size: int, advice: int) -> None:
    """Tell how a region of a file will be used; nothing comes of it.

    :param fd: i32
    :param offset: i64, unsigned, in bytes
    :param size: i64, unsigned, in bytes
    :param advice: i32: 0 normal, 1 sequential, 2 random, 3 will need, 4 don't need, 5 no reuse
    :returns: ``EBADF`` where it is not open or is no file
    :raises Trap: where ``advice`` is none of these
    """
    if advice >= _ADVICE:
        abi.bad_value("advice", advice)
    state.descriptor(fd).advise()


@syscall("fd")
def fd_sync(state: State, fd: int) -> None:
    """Wait until contents and attributes of a file are lasting.

    :param fd: i32
    :returns: ``EBADF`` where it is not open or is a stream
    """
    state.descriptor(fd).sync(data_only=False)


@syscall("fd")
def fd_datasync(state: State, fd: int) -> None:
    """Wait until the contents of a file are lasting.

    :param fd: i32
    :returns: ``EBADF`` where it is not open or is a stream
    """
    state.descriptor(fd).sync(data_only=True)


def store_open(state: State, fd: int, stat: int, layout: Struct, most_links: int) -> None:
    """Do the work of :func:`fd_filestat_get`.

    :param layout: of a filestat, which differs between versions of WASI
    :param most_links: the largest number of links that it can hold
    """
    _store(state.data(), stat, state.descriptor(fd).stat(), layout, most_links)


def store_path(
    state: State, fd: int, flags: int, path: int, size: int, stat: int, layout: Struct, most_links: int
) -> None:
    """Do the work of :func:`path_filestat_get`; the last parameters are those of :func:`store_open`."""
    follow = follows(flags)
    data = state.data()
    abi.check(data, stat, layout.size, 8)
    name = abi.path(data, path, size)
    _store(data, stat, state.descriptor(fd).directory().stat_at(name, follow), layout, most_links)


def _store(data: Buffer, pointer: int, found: Filestat, layout: Struct, most_links: int) -> None:
    abi.check(data, pointer, layout.size, 8)
    layout.pack_into(
        data,
        pointer,
        found.device & _U64,
        found.inode & _U64,
        abi.filetype(found.kind),
        min(found.links, most_links),
        found.size,
        *[time & _U64 for time in found.times],
    )


def _check_times(flags: int) -> None:
    if flags & ~_FSTFLAGS:
        abi.bad_value("set of fstflags", flags)
    for given, now in (_ATIM, _ATIM_NOW), (_MTIM, _MTIM_NOW):
        if flags & given and flags & now:
            fail(errno.EINVAL)


def _times(state: State, found: Filestat, atim: int, mtim: int, flags: int) -> Times:
    """Return both times: given, now, or as they are."""
    atime, mtime, _ = found.times
    if flags & _ATIM:
        atime = atim
    if flags & _MTIM:
        mtime = mtim
    if flags & (_ATIM_NOW | _MTIM_NOW):
        now = state.clocks.now(0)
        atime = now if flags & _ATIM_NOW else atime
        mtime = now if flags & _MTIM_NOW else mtime
    return atime, mtime
