"""What one instance of a program has."""

from __future__ import annotations

import errno

from ..host.descriptor import fail
from ..host.waiting import wait_until_ready

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from runtime_support import Memory
    from runtime_support.memory import Buffer

    from ..host.clocks import Clocks
    from ..host.descriptor import Descriptor

FIRST_NUMBER = 3
"""The first number after the standard streams."""

MOST_DESCRIPTORS = 1024
"""Most descriptors of an instance: each may be one of the host's, which the whole process shares."""


class State:
    """The state that the functions of one instance share.

    :param memory: returns the memory that the instance exports
    :param args: the command line, without NULs
    :param environ: ``NAME=value`` strings, without NULs
    :param descriptors: open descriptors by number
    :param clocks: tell the time and wait
    :param random: from a number of bytes to as many bytes

    :ivar spawn: starts a thread, in a program that has them: ``thread-spawn`` of wasi-threads
    """

    __slots__ = ("_memory", "args", "clocks", "descriptors", "environ", "random", "spawn")

    def __init__(
        self,
        memory: Callable[[], Memory],
        *,
        args: Sequence[bytes],
        environ: Sequence[bytes],
        descriptors: dict[int, Descriptor],
        clocks: Clocks,
        random: Callable[[int], bytes],
    ) -> None:
        self._memory = memory
        self.args = args
        self.environ = environ
        self.descriptors = descriptors
        self.clocks = clocks
        self.random = random
        self.spawn: Callable[[int], int] | None = None

    def data(self) -> Buffer:
        """Return the bytes of the instance's memory as they are now: growth replaces the object.

        :raises LifecycleError: where the instance exports no memory
        """
        return self._memory().data

    def find(self, number: int) -> Descriptor | None:
        """Return an open descriptor, ``None`` where it is not open.

        :param number: of the descriptor (i32)
        """
        return self.descriptors.get(number)

    def descriptor(self, number: int) -> Descriptor:
        """Return an open descriptor.

        :param number: of the descriptor (i32)
        :raises OSError: ``EBADF`` where it is not open
        """
        found = self.find(number)
        if found is None:
            fail(errno.EBADF)
        return found

    def check_room(self) -> None:
        """Check that another descriptor may be opened.

        :raises OSError: ``EMFILE`` where there are :data:`MOST_DESCRIPTORS`
        """
        self._check_number(len(self.descriptors))

    def add(self, descriptor: Descriptor) -> int:
        """Give a descriptor the lowest free number from 3: those below stay what C libraries take them for."""
        number = FIRST_NUMBER
        while number in self.descriptors:
            number += 1
        self.descriptors[number] = descriptor
        return number

    def close(self, number: int) -> None:
        """Close a descriptor.

        :raises OSError: ``EBADF`` where it is not open
        """
        self._close(self._take(number))

    def renumber(self, number: int, to: int) -> None:
        """Move a descriptor to the number of another one, which is closed.

        :raises OSError: ``EBADF`` where either is not open
        """
        if number != to:
            self._close(self._move(number, to))
        else:
            self.descriptor(number)

    def run(self, start: Callable[[], Any]) -> Any:
        """Run a command's ``_start``, and close what it has left open."""
        try:
            return start()
        finally:
            self.close_all()

    def close_all(self) -> None:
        """Close all descriptors: the program has ended."""
        for number in list(self.descriptors):
            self.close(number)

    def around(self, call: Callable[..., int]) -> Callable[..., int]:
        """Return what the program is to call in place of ``call``: here, itself."""
        return call

    def await_input(self, descriptor: Descriptor) -> None:
        """Wait until there is something to read, if reading would; here, reading may do so itself."""

    def wait_until_ready(self, inputs: set[int], outputs: set[int], patience: int | None) -> tuple[set[int], set[int]]:
        """See :func:`wasi_shim.host.waiting.wait_until_ready`."""
        return wait_until_ready(inputs, outputs, patience)

    def _take(self, number: int) -> Descriptor:
        """Take a descriptor out of the table."""
        found = self.descriptors.pop(number, None)
        if found is None:
            fail(errno.EBADF)
        return found

    def _move(self, number: int, to: int) -> Descriptor:
        """Give a descriptor another's number, and return that one."""
        old = self.descriptors.get(to)
        if old is None or number not in self.descriptors:
            fail(errno.EBADF)
        self.descriptors[to] = self.descriptors.pop(number)
        return old

    def _close(self, descriptor: Descriptor) -> None:
        """Close what has just left the table."""
        descriptor.close()

    def _check_number(self, number: int) -> None:
        if number >= MOST_DESCRIPTORS:
            fail(errno.EMFILE)
