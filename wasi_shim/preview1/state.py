"""What one instance of a program has."""

from __future__ import annotations

import errno

from ..host.descriptor import fail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runtime_support import Memory
    from runtime_support.memory import Buffer

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
    :param clock: from 0 (realtime) or 1 (monotonic) to nanoseconds
    :param resolution: from a clock to its step in nanoseconds
    :param sleep: waits for a number of nanoseconds
    :param random: from a number of bytes to as many bytes
    """

    __slots__ = ("_memory", "args", "clock", "descriptors", "environ", "random", "resolution", "sleep")

    def __init__(
        self,
        memory: Callable[[], Memory],
        *,
        args: Sequence[bytes],
        environ: Sequence[bytes],
        descriptors: dict[int, Descriptor],
        clock: Callable[[int], int],
        resolution: Callable[[int], int],
        sleep: Callable[[int], None],
        random: Callable[[int], bytes],
    ) -> None:
        self._memory = memory
        self.args = args
        self.environ = environ
        self.descriptors = descriptors
        self.clock = clock
        self.resolution = resolution
        self.sleep = sleep
        self.random = random

    def data(self) -> Buffer:
        """Return the bytes of the instance's memory as they are now: growth replaces the object.

        :raises LifecycleError: where the instance exports no memory
        """
        return self._memory().data

    def descriptor(self, number: int) -> Descriptor:
        """Return an open descriptor.

        :param number: of the descriptor (i32)
        :raises OSError: ``EBADF`` where it is not open
        """
        found = self.descriptors.get(number)
        if found is None:
            fail(errno.EBADF)
        return found

    def check_room(self) -> None:
        """Check that another descriptor may be opened.

        :raises OSError: ``EMFILE`` where there are :data:`MOST_DESCRIPTORS`
        """
        if len(self.descriptors) >= MOST_DESCRIPTORS:
            fail(errno.EMFILE)

    def add(self, descriptor: Descriptor) -> int:
        """Give a descriptor the lowest free number from 3: those below stay what C libraries take them for."""
        number = FIRST_NUMBER
        while number in self.descriptors:
            number += 1
        self.descriptors[number] = descriptor
        return number
