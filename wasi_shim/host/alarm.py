"""Waits that can be ended from another thread."""

from __future__ import annotations

import os
from _thread import allocate_lock
from time import monotonic_ns

from .clocks import LONGEST_SLEEP, Clocks
from .waiting import wait_until_ready

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Callable


class Alarm:
    """Ends, once it rings, all waits that are under way here, and those that begin later.

    Nothing here but locks of the interpreter's own: those of :mod:`threading` can stay locked where an exception is
    raised in a thread from outside.
    """

    __slots__ = ("_lock", "_pipe", "_sleepers", "rung")

    def __init__(self) -> None:
        self.rung = False
        self._lock = allocate_lock()
        self._sleepers: list[LockType] = []
        self._pipe: list[int] = []

    def sleep(self, duration: int) -> None:
        """Wait for ``duration`` nanoseconds, or until it rings."""
        bed = allocate_lock()
        bed.acquire()
        with self._lock:
            if self.rung:
                return
            self._sleepers.append(bed)
        end = monotonic_ns() + duration
        try:
            while not self.rung and duration > 0 and not bed.acquire(True, min(duration, LONGEST_SLEEP) / 1e9):
                duration = end - monotonic_ns()
        finally:
            with self._lock:
                self._sleepers.remove(bed)

    def wait_until_ready(self, inputs: set[int], outputs: set[int], patience: int | None) -> tuple[set[int], set[int]]:
        """As :func:`.waiting.wait_until_ready`, or until it rings."""
        with self._lock:
            if self.rung:
                return set(), set()
            if not self._pipe:
                self._pipe += os.pipe()
            reader = self._pipe[0]
        readable, writable = wait_until_ready({*inputs, reader}, outputs, patience)
        return readable - {reader}, writable

    def ring(self) -> None:
        """End all waits."""
        with self._lock:
            self.rung = True
            for bed in self._sleepers:
                if bed.locked():
                    bed.release()
            if self._pipe:
                os.close(self._pipe.pop())  # the other end is at its end then, which is to be read

    def close(self, close: Callable[[int], None] = os.close) -> None:
        """Give up what the host lends for it, once nobody waits any more."""
        with self._lock:
            while self._pipe:
                close(self._pipe.pop())

    __del__ = close


class AlarmClocks(Clocks):
    """The clocks of this host, where the alarm ends waits.

    :param alarm: the program's
    """

    __slots__ = ("_alarm",)

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm

    def sleep(self, duration: int) -> None:
        """See :meth:`.Clocks.sleep`."""
        self._alarm.sleep(duration)
