"""The base of everything that a guest may hold as a file descriptor.

Host code reports errors as :class:`OSError` with the numbers of Python's :mod:`errno` module; each version of WASI maps
them to its own by name, because the numbers differ between hosts.
"""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


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

    seekable = False
    """Whether the descriptor has a position."""

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

    def set_status_flags(self, append: bool, nonblock: bool) -> None:
        """Set the two file status flags that may change while a file is open."""
        fail(errno.EBADF)

    def waitable(self) -> int | None:
        """Return the host's file descriptor to wait on for input, or ``None`` where reading never waits."""
        return None

    def close(self) -> None:
        """Give the descriptor up; streams that the embedder passed in stay open."""
