"""Sockets that the embedder hands in, and connections that they accept."""

from __future__ import annotations

import errno
import socket
import stat as modes

from .descriptor import SOCKET_OF_DATAGRAMS, Descriptor, fail
from .file import MOST_READ
from .filestat import Filestat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_NO_WAIT: int | None = getattr(socket, "MSG_DONTWAIT", None)


class Socket(Descriptor):
    """A socket of Python: a listening one, a connection, or one of datagrams.

    Its timeout is the embedder's business: the guest decides only whether calls wait at all.

    :param given: the socket
    :param owned: whether it is closed with the descriptor; one that the embedder has handed in stays open
    """

    __slots__ = ("_owned", "_patience", "_socket", "kind", "nonblock")

    readable = True
    writable = True

    def __init__(self, given: socket.socket, owned: bool = False) -> None:
        self._socket = given
        self._owned = owned
        self._patience = given.gettimeout() or None
        self.nonblock = given.gettimeout() == 0
        self.kind = SOCKET_OF_DATAGRAMS if given.type == socket.SOCK_DGRAM else modes.S_IFSOCK

    def read(self, size: int) -> bytes:
        """See :meth:`.Descriptor.read`."""
        return self.receive(size, False, False)[0]

    def write(self, data: bytes) -> int:
        """See :meth:`.Descriptor.write`; a socket takes what it has room for."""
        count: int = _in_time(self._socket.send, data)
        return count

    def send(self, data: bytes) -> int:
        """See :meth:`.Descriptor.send`."""
        return self.write(data)

    def seek(self, offset: int, whence: int) -> int:
        """Raise ``ESPIPE``."""
        fail(errno.ESPIPE)

    def read_at(self, size: int, offset: int) -> bytes:
        """Raise ``ESPIPE``."""
        fail(errno.ESPIPE)

    def write_at(self, data: bytes, offset: int) -> int:
        """Raise ``ESPIPE``."""
        fail(errno.ESPIPE)

    def receive(self, size: int, peek: bool, wait_all: bool) -> tuple[bytes, bool]:
        """See :meth:`.Descriptor.receive`."""
        size = min(size, MOST_READ)
        flags = (socket.MSG_PEEK if peek else 0) | (socket.MSG_WAITALL if wait_all else 0)
        if self.kind == SOCKET_OF_DATAGRAMS and hasattr(self._socket, "recvmsg"):
            data, _, found, _ = _in_time(self._socket.recvmsg, size, 0, flags)
            return data, bool(found & socket.MSG_TRUNC)
        return _in_time(self._socket.recv, size, flags), False

    def accept(self, nonblock: bool) -> Socket:
        """See :meth:`.Descriptor.accept`."""
        connection, _ = _in_time(self._socket.accept)
        connection.settimeout(0 if nonblock else None)
        return Socket(connection, owned=True)

    def shut_down(self, receiving: bool, sending: bool) -> None:
        """See :meth:`.Descriptor.shut_down`."""
        both = socket.SHUT_RDWR if sending else socket.SHUT_RD
        self._socket.shutdown(both if receiving else socket.SHUT_WR)

    def stat(self) -> Filestat:
        """Describe a socket, of which nothing is known but its kind."""
        return Filestat(self.kind)

    def set_status_flags(self, append: bool, nonblock: bool, synchronous: bool) -> None:
        """See :meth:`.Descriptor.set_status_flags`."""
        if append or synchronous:
            fail(errno.EINVAL)
        self._socket.settimeout(0 if nonblock else self._patience)
        self.nonblock = nonblock

    def waitable(self) -> int | None:
        """Return the host's descriptor."""
        return self._socket.fileno()

    def waitable_output(self) -> int | None:
        """Return the host's descriptor."""
        return self._socket.fileno()

    def at_end(self) -> bool:
        """Tell whether the other side sends no more, where the host lets one look without waiting."""
        if _NO_WAIT is None or self.kind == SOCKET_OF_DATAGRAMS:
            return False
        try:
            return not self._socket.recv(1, socket.MSG_PEEK | _NO_WAIT)
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        """Close an accepted connection; see :meth:`.Descriptor.close`."""
        if self._owned:
            self._socket.close()

    __del__ = close


def _in_time(operation: Callable[..., Any], *arguments: Any) -> Any:
    """Call a method of a socket; that the embedder's timeout has passed has no number in Python."""
    try:
        return operation(*arguments)
    except socket.timeout as error:
        if error.errno is None:
            fail(errno.ETIMEDOUT)
        raise
