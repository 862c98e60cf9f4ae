"""Sockets: preview 1 cannot make any, and an embedder cannot hand one in yet, so that no descriptor is one."""

from __future__ import annotations

from . import abi, errnos
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

_SHUTDOWN = 3
"""The flags of :func:`sock_shutdown`: 1 receive, 2 send."""


@syscall("fd fdflags *fd")
def sock_accept(state: State, fd: int, flags: int, connection: int) -> int:
    """Accept a connection.

    :param fd: i32, a listening socket
    :param flags: i32, fdflags of the new descriptor
    :param connection: i32, address where the number of the new descriptor would go, u32
    :returns: ``EBADF`` where it is not open; ``ENOTSOCK``
    """
    return _refuse(state, fd)


@syscall("fd *iovecs length riflags *size *roflags")
def sock_recv(state: State, fd: int, iovs: int, count: int, flags: int, size: int, out_flags: int) -> int:
    """Receive into buffers.

    :param fd: i32, a socket
    :param iovs: i32, address of an array of iovecs
    :param count: i32, its length
    :param flags: i32, riflags: 1 peek, 2 wait for all
    :param size: i32, address where the number of bytes received would go, u32
    :param out_flags: i32, address where the roflags would go, u16: 1 data were truncated
    :returns: ``EBADF`` where it is not open; ``ENOTSOCK``
    """
    return _refuse(state, fd)


@syscall("fd ciovecs length siflags *size")
def sock_send(state: State, fd: int, iovs: int, count: int, flags: int, size: int) -> int:
    """Send the contents of buffers.

    :param fd: i32, a socket
    :param iovs: i32, address of an array of iovecs
    :param count: i32, its length
    :param flags: i32, siflags: there are none
    :param size: i32, address where the number of bytes sent would go, u32
    :returns: ``EBADF`` where it is not open; ``ENOTSOCK``
    """
    return _refuse(state, fd)


@syscall("fd sdflags")
def sock_shutdown(state: State, fd: int, how: int) -> int:
    """Close one direction of a connection, or both.

    :param fd: i32, a socket
    :param how: i32, sdflags: 1 receive, 2 send
    :returns: ``EBADF`` where it is not open; ``ENOTSOCK``
    :raises Trap: where a bit is no flag
    """
    if how & ~_SHUTDOWN:
        abi.bad_value("set of sdflags", how)
    return _refuse(state, fd)


def _refuse(state: State, fd: int) -> int:
    state.descriptor(fd)
    return errnos.ENOTSOCK
