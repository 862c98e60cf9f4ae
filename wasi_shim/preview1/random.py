"""Random bytes."""

from __future__ import annotations

import errno

from ..host.descriptor import fail
from . import abi
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

CHUNK = 1 << 16
"""Bytes taken from the source at a time: the guest's memory is all that a large request may cost."""


@syscall("*buffer length")
def random_get(state: State, buffer: int, size: int) -> None:
    """Fill a buffer with random bytes, secure ones unless the embedder chose otherwise.

    :param buffer: i32, its address
    :param size: i32, its length in bytes
    :returns: ``EIO`` where the embedder's source returned too little or too much, or what it reports

    Four bytes::

        8f 02 e1 5c
    """
    data = state.data()
    abi.check(data, buffer, size, 1)
    end = buffer + size
    for start in range(buffer, end, CHUNK):
        count = min(CHUNK, end - start)
        piece = memoryview(state.random(count)).cast("B")
        if len(piece) != count:
            fail(errno.EIO)
        data[start : start + count] = piece
