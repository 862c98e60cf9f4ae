"""The position in a file, where preview 0 numbers the ways to count it in another order."""

from __future__ import annotations

from ..preview1 import abi, transfer
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..preview1.state import State

_WHENCE = (1, 2, 0)
"""Preview 1's numbers for preview 0's: from the present position, the end, the start."""


@syscall("fd filedelta whence0 *filesize")
def fd_seek(state: State, fd: int, offset: int, whence: int, position: int) -> None:
    """Move the position of a file.

    :param fd: i32
    :param offset: i64, signed, in bytes
    :param whence: i32: 0 from the present position, 1 from the end, 2 from the start
    :param position: i32, address where the new position goes, u64, from the start
    :returns: ``EBADF`` where it is not open; ``ESPIPE`` where it is a stream
    :raises Trap: where ``whence`` is none of these

    Position 256::

        00 01 00 00 00 00 00 00
    """
    if whence >= len(_WHENCE):
        abi.bad_value("whence", whence)
    transfer.fd_seek(state, fd, offset, _WHENCE[whence], position)
