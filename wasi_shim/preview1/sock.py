"""Sockets, which preview 1 cannot make: the embedder hands them in, and listening ones accept connections.

What all of them return: ``EBADF`` where the descriptor is not open, ``ENOTSOCK`` where it is no socket; what the host
reports; ``ETIMEDOUT`` where the embedder has set a timeout that has passed.
"""

from __future__ import annotations

import stat as modes

from . import abi, errnos
from .registry import syscall
from .transfer import read_into, write_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..host.descriptor import Descriptor
    from .state import State

_PEEK, _WAIT_ALL = 1, 2
_RIFLAGS = _PEEK | _WAIT_ALL

_TRUNCATED = 1
"""The only flag of roflags."""

_RECEIVING, _SENDING = 1, 2
_SDFLAGS = _RECEIVING | _SENDING


@syscall("fd fdflags *fd")
def sock_accept(state: State, fd: int, flags: int, connection: int) -> int | None:
    """Accept a connection, waiting for one unless the socket does not wait.

    :param fd: i32, a listening socket
    :param flags: i32, fdflags of the new descriptor: 4 nonblock; the others, which are those of files, are not offered
    :param connection: i32, address where the number of the new descriptor goes, u32
    :returns: besides what all calls return, ``EINVAL`` for other flags, and where it does not listen; ``EAGAIN`` where
        it does not wait and there is no connection; ``EMFILE``
    :raises Trap: where a bit of ``flags`` is no flag

    Descriptor 5::

        05 00 00 00
    """
    if flags & ~abi.FDFLAGS:
        abi.bad_value("set of fdflags", flags)
    data = state.data()
    abi.check(data, connection, 4, 4)
    descriptor = state.descriptor(fd)
    if flags & ~abi.FDFLAG_NONBLOCK:
        return errnos.EINVAL
    state.check_room()
    _await(state, descriptor)
    accepted = descriptor.accept(bool(flags & abi.FDFLAG_NONBLOCK))
    abi.U32.pack_into(data, connection, state.add(accepted))
    return None


@syscall("fd *iovecs length riflags *size *roflags")
def sock_recv(state: State, fd: int, iovs: int, count: int, flags: int, size: int, out_flags: int) -> None:
    """Receive into buffers, one after the other.

    :param fd: i32, a socket
    :param iovs: i32, address of an array of iovecs
    :param count: i32, its length
    :param flags: i32, riflags: 1 leave the data where they are, 2 wait until the buffers are full
    :param size: i32, address where the number of bytes received goes, u32; 0 is the end of a connection
    :param out_flags: i32, address where the roflags go, u16: 1 a datagram was longer, and its end is lost
    :returns: besides what all calls return, ``EAGAIN`` where it does not wait and there is nothing; ``ENOTCONN``;
        ``ECONNRESET``
    :raises Trap: where a bit of ``flags`` is no flag

    ``abc`` of a longer datagram into 3 bytes at 48::

        iovs                      48         size          out_flags
        30 00 00 00 03 00 00 00   61 62 63   03 00 00 00   01 00
        buf u32     len u32
    """
    if flags & ~_RIFLAGS:
        abi.bad_value("set of riflags", flags)
    data = state.data()
    abi.check(data, out_flags, 2, 2)
    descriptor = state.descriptor(fd)
    truncated = False

    def receive(room: int) -> bytes:
        nonlocal truncated
        _await(state, descriptor)
        received, truncated = descriptor.receive(room, bool(flags & _PEEK), bool(flags & _WAIT_ALL))
        return received

    read_into(state, receive, iovs, count, size)
    abi.U16.pack_into(data, out_flags, _TRUNCATED if truncated else 0)


@syscall("fd ciovecs length siflags *size")
def sock_send(state: State, fd: int, iovs: int, count: int, flags: int, size: int) -> int | None:
    """Send the contents of buffers, one after the other, as far as there is room.

    :param fd: i32, a socket
    :param iovs: i32, address of an array of iovecs
    :param count: i32, its length
    :param flags: i32, siflags: there are none
    :param size: i32, address where the number of bytes sent goes, u32
    :returns: besides what all calls return, ``EINVAL`` for any flag; ``EAGAIN`` where it does not wait and has no room;
        ``EPIPE`` where the other side does not listen any more; ``ENOTCONN``; ``EMSGSIZE``

    ``abc`` from 3 bytes at 48::

        iovs                      48         size
        30 00 00 00 03 00 00 00   61 62 63   03 00 00 00
        buf u32     len u32
    """
    descriptor = state.descriptor(fd)
    if flags:
        return errnos.EINVAL
    write_from(state, descriptor.send, iovs, count, size)
    return None


@syscall("fd sdflags")
def sock_shutdown(state: State, fd: int, how: int) -> int | None:
    """Close one direction of a connection, or both.

    :param fd: i32, a socket
    :param how: i32, sdflags: 1 receive, 2 send
    :returns: besides what all calls return, ``EINVAL`` for neither; ``ENOTCONN``
    :raises Trap: where a bit is no flag
    """
    if how & ~_SDFLAGS:
        abi.bad_value("set of sdflags", how)
    descriptor = state.descriptor(fd)
    if not how:
        return errnos.EINVAL
    descriptor.shut_down(bool(how & _RECEIVING), bool(how & _SENDING))
    return None


def _await(state: State, descriptor: Descriptor) -> None:
    """Wait for a socket; what is none refuses the call without a wait."""
    if modes.S_ISSOCK(descriptor.kind):
        state.await_input(descriptor)
