"""The base of everything that a guest may hold as a file descriptor.

Host code reports errors as :class:`OSError` with the numbers of Python's :mod:`errno` module; each version of WASI maps
them to its own by name, because the numbers differ between hosts.
"""

from __future__ import annotations

import errno
import os
import stat as modes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from .directory import OpenDirectory
    from .filestat import Filestat
    from .folder import Entry, Times
    from .sockets import Socket

SOCKET_OF_DATAGRAMS = modes.S_IFSOCK | 1
"""The :attr:`Descriptor.kind` of such a socket, of which ``st_mode`` says no more than of others."""


def fail(number: int) -> NoReturn:
    """Raise the :class:`OSError` (or the subclass of it) that belongs to a number of :mod:`errno`."""
    raise OSError(number, os.strerror(number))


class Descriptor:
    """A descriptor that can do nothing.

    Each kind of descriptor overrides what it can do, so an operation that nobody has thought of is refused, not
    half done.  Every method may raise :class:`OSError`.
    """

    __slots__ = ()

    readable = False
    """Whether :meth:`read` can ever succeed."""

    writable = False
    """Whether :meth:`write` can ever succeed."""

    terminal = False
    """Whether a person sits at the other end."""

    kind = 0
    """The type as in ``st_mode``, an ``S_IF`` constant of :mod:`stat`; 0 where there is none."""

    append = False
    """Whether every write goes to the end."""

    nonblock = False
    """Whether the guest has asked not to wait for data."""

    preopened: bytes | None = None
    """The guest's path of a directory that was opened before the guest began, else ``None``."""

    def read(self, size: int) -> bytes:
        """Return at least 1 and at most ``size`` bytes, waiting for them; ``b""`` is the end of the file."""
        fail(errno.EBADF)

    def write(self, data: bytes) -> int:
        """Write and return how many bytes were taken: all of them, unless the device refuses the rest."""
        fail(errno.EBADF)

    def seek(self, offset: int, whence: int) -> int:
        """Move the position and return it, in bytes from the start; ``whence`` is an ``os.SEEK_`` constant."""
        fail(errno.ENOTSUP)

    def read_at(self, size: int, offset: int) -> bytes:
        """Read at an offset, leaving the position; else as :meth:`read`."""
        fail(errno.EBADF)

    def write_at(self, data: bytes, offset: int) -> int:
        """Write at an offset, leaving the position; else as :meth:`write`."""
        fail(errno.EBADF)

    def stat(self) -> Filestat:
        """Describe what is open."""
        fail(errno.EBADF)

    def set_size(self, size: int) -> None:
        """Cut the file off, or lengthen it with zeros."""
        fail(errno.EBADF)

    def set_times(self, times: Times) -> None:
        """Set the times of the last access and of the last change, in nanoseconds since 1970."""
        fail(errno.EBADF)

    def allocate(self, offset: int, size: int) -> None:
        """Make sure that there is room for a region of the file, lengthening it where it is shorter."""
        fail(errno.EBADF)

    def advise(self) -> None:
        """Take note of a plan of the guest's, which may change how fast things are and nothing else."""
        fail(errno.EBADF)

    def sync(self, data_only: bool) -> None:
        """Wait until what was written is lasting."""
        fail(errno.EBADF)

    def listing(self, anew: bool) -> list[Entry]:
        """List a directory; see :meth:`.OpenDirectory.listing`."""
        fail(errno.EBADF)

    def directory(self) -> OpenDirectory:
        """Return the directory that paths are relative to, which is this one or none."""
        fail(errno.EBADF)

    def set_status_flags(self, append: bool, nonblock: bool, synchronous: bool) -> None:
        """Set the two file status flags that may change while a file is open; ``EINVAL`` for ``synchronous``."""
        fail(errno.EBADF)

    def receive(self, size: int, peek: bool, wait_all: bool) -> tuple[bytes, bool]:
        """Receive at most ``size`` bytes; return them, and whether there were more, which are lost.

        :param peek: whether to leave them where they are
        :param wait_all: whether to wait until there are so many
        """
        fail(errno.ENOTSOCK)

    def accept(self, nonblock: bool) -> Socket:
        """Accept a connection; ``nonblock`` is what the new descriptor is to be."""
        fail(errno.ENOTSOCK)

    def send(self, data: bytes) -> int:
        """Send, and return how many bytes were taken."""
        fail(errno.ENOTSOCK)

    def shut_down(self, receiving: bool, sending: bool) -> None:
        """Close one direction of a connection, or both."""
        fail(errno.ENOTSOCK)

    def waitable(self) -> int | None:
        """Return the host's file descriptor to wait on for input, or ``None`` where reading never waits."""
        return None

    def waitable_output(self) -> int | None:
        """Return the host's file descriptor to wait on until there is room, or ``None`` where there always is."""
        return None

    def at_end(self) -> bool:
        """Tell whether it is known that nothing is left to read."""
        return False

    def close(self) -> None:
        """Give the descriptor up; streams that the embedder passed in stay open."""
