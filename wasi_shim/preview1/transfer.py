"""Moving data, and the position in a file."""

from __future__ import annotations

import errno
import os

from ..host.descriptor import fail
from . import abi
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime_support.memory import Buffer

    from ..host.descriptor import Descriptor
    from .state import State

_WHENCE = (os.SEEK_SET, os.SEEK_CUR, os.SEEK_END)
"""Preview 1's numbers for whence; preview 0 had another order."""

_SIGN = 1 << 63


@syscall("fd *iovecs length *size")
def fd_read(state: State, fd: int, iovs: int, count: int, size: int) -> None:
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
    descriptor = _readable(state, fd)
    state.await_input(descriptor)
    read_into(state, descriptor.read, iovs, count, size)


@syscall("fd *iovecs length filesize *size")
def fd_pread(state: State, fd: int, iovs: int, count: int, offset: int, size: int) -> None:
    """Read at an offset, leaving the position where it is; else as :func:`fd_read`.

    :param fd: i32
    :param iovs: i32, address of an array of iovecs
    :param count: i32, its length
    :param offset: i64, unsigned, in bytes from the start
    :param size: i32, address where the number of bytes read goes, u32; 0 is the end of the file
    :returns: ``EBADF`` where it is not open for reading; ``ESPIPE`` where it is a stream; ``EINVAL`` where the offset
        is beyond all files

    ``bc`` of a file that begins with ``abc``, at offset 1, into 2 bytes at 32::

        iovs                      32      size
        20 00 00 00 02 00 00 00   62 63   02 00 00 00
        buf u32     len u32
    """
    descriptor = _readable(state, fd)
    read_into(state, lambda room: descriptor.read_at(room, offset), iovs, count, size)


@syscall("fd ciovecs length *size")
def fd_write(state: State, fd: int, iovs: int, count: int, size: int) -> None:
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
    descriptor = _writable(state, fd)
    write_from(state, descriptor.write, iovs, count, size)


@syscall("fd ciovecs length filesize *size")
def fd_pwrite(state: State, fd: int, iovs: int, count: int, offset: int, size: int) -> None:
    """Write at an offset, leaving the position where it is; else as :func:`fd_write`.

    :param fd: i32
    :param iovs: i32, address of an array of iovecs
    :param count: i32, its length
    :param offset: i64, unsigned, in bytes from the start; ignored where the file is appended to
    :param size: i32, address where the number of bytes written goes, u32
    :returns: ``EBADF`` where it is not open for writing; ``ESPIPE`` where it is a stream; ``EINVAL`` where the offset
        is beyond all files

    ``ab`` from 2 bytes at 32::

        iovs                      32      size
        20 00 00 00 02 00 00 00   61 62   02 00 00 00
        buf u32     len u32
    """
    descriptor = _writable(state, fd)
    write_from(state, lambda data: descriptor.write_at(data, offset), iovs, count, size)


@syscall("fd filedelta whence *filesize")
def fd_seek(state: State, fd: int, offset: int, whence: int, position: int) -> None:
    """Move the position of a file.

    :param fd: i32
    :param offset: i64, signed, in bytes
    :param whence: i32: 0 from the start, 1 from the present position, 2 from the end
    :param position: i32, address where the new position goes, u64, from the start
    :returns: ``EBADF`` where it is not open; ``ESPIPE`` where it is a stream; ``EINVAL`` for a position before the
        start
    :raises Trap: where ``whence`` is none of these

    Position 256::

        00 01 00 00 00 00 00 00
    """
    if whence >= len(_WHENCE):
        abi.bad_value("whence", whence)
    descriptor = state.descriptor(fd)
    signed = (offset ^ _SIGN) - _SIGN
    abi.store_u64(state.data(), position, descriptor.seek(signed, _WHENCE[whence]))


@syscall("fd *filesize")
def fd_tell(state: State, fd: int, position: int) -> None:
    """Store the position in a file.

    :param fd: i32
    :param position: i32, address where the position goes, u64, from the start
    :returns: ``EBADF`` where it is not open or is a directory; ``ESPIPE`` where it is a stream

    Position 256::

        00 01 00 00 00 00 00 00
    """
    abi.store_u64(state.data(), position, state.descriptor(fd).seek(0, os.SEEK_CUR))


def _readable(state: State, fd: int) -> Descriptor:
    """Return a descriptor that is open for reading; ``EBADF``."""
    descriptor = state.descriptor(fd)
    if not descriptor.readable:
        fail(errno.EBADF)
    return descriptor


def _writable(state: State, fd: int) -> Descriptor:
    """Return a descriptor that is open for writing; ``EBADF``."""
    descriptor = state.descriptor(fd)
    if not descriptor.writable:
        fail(errno.EBADF)
    return descriptor


def read_into(state: State, read_bytes: Callable[[int], bytes], iovs: int, count: int, size: int) -> None:
    """Fill buffers with what one call of ``read_bytes`` returns, and store how much that was."""
    data, regions = _buffers(state, iovs, count, size)
    room = sum([end - start for start, end in regions])
    read = read_bytes(room)
    if not isinstance(read, bytes) or len(read) > room:
        fail(errno.EIO)  # what the embedder lends may return anything
    done = 0
    for start, end in regions:
        part = read[done : done + end - start]
        data[start : start + len(part)] = part
        done += end - start
        if done >= len(read):
            break
    abi.U32.pack_into(data, size, len(read))


def write_from(state: State, write_bytes: Callable[[bytes], int], iovs: int, count: int, size: int) -> None:
    """Pass the contents of buffers to one call of ``write_bytes``, and store how much it took."""
    data, regions = _buffers(state, iovs, count, size)
    content = b"".join([data[start:end] for start, end in regions])
    written = write_bytes(content)
    if not isinstance(written, int) or not 0 <= written <= len(content):
        fail(errno.EIO)  # likewise
    abi.U32.pack_into(data, size, written)


def _buffers(state: State, iovs: int, count: int, size: int) -> tuple[Buffer, list[tuple[int, int]]]:
    """Check all that a transfer touches; return the memory's bytes, and the buffers as :func:`.abi.iovecs` does."""
    data = state.data()
    regions = abi.iovecs(data, iovs, count)
    abi.check(data, size, 4, 4)
    return data, regions
