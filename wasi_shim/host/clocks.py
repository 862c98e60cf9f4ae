"""The clocks of a program's world, in nanoseconds."""

from __future__ import annotations

import time

REALTIME = 0
MONOTONIC = 1

LONGEST_SLEEP = 86_400_000_000_000
"""One day: ``time.sleep`` refuses waits beyond what the host's types hold, so long ones are cut into pieces."""


class Clocks:
    """The clocks of this host.  A subclass may tell another time."""

    __slots__ = ()

    def open(self) -> Clocks:
        """Return the clocks of a new instance: these, which all instances share, unless a subclass makes others."""
        return self

    def now(self, clock: int) -> int:
        """Return the time of a clock: 0, realtime, counts from 1970; 1, monotonic, from an arbitrary moment."""
        return time.time_ns() if clock == REALTIME else time.monotonic_ns()

    def resolution(self, clock: int) -> int:
        """Return the step of a clock, at least 1."""
        info = time.get_clock_info("time" if clock == REALTIME else "monotonic")
        return max(1, round(info.resolution * 1e9))

    def sleep(self, duration: int) -> None:
        """Wait for ``duration`` nanoseconds."""
        while duration > 0:
            piece = min(duration, LONGEST_SLEEP)
            time.sleep(piece / 1e9)
            duration -= piece


class FakeClocks(Clocks):
    """Clocks that advance by a fixed step whenever they are read, and by the whole wait when a program sleeps.

    They tell the same in each run, and nobody waits.  Each instance's begin anew.

    :param realtime: what the realtime clock shows first; as default 2001-09-09T01:46:40Z
    :param monotonic: what the monotonic clock shows first
    :param step: by how much both advance when one of them is read
    :param resolution: what programs are told that the step is, ``None`` for the truth
    """

    __slots__ = ("_elapsed", "_resolution", "_starts", "_step")

    def __init__(
        self, realtime: int = 10**18, monotonic: int = 0, *, step: int = 1_000_000, resolution: int | None = None
    ) -> None:
        self._starts = (realtime, monotonic)
        self._step = step
        self._resolution = step if resolution is None else resolution
        self._elapsed = 0

    def __repr__(self) -> str:
        realtime, monotonic = self._starts
        return f"FakeClocks({realtime}, {monotonic}, step={self._step}, resolution={self._resolution})"

    def open(self) -> FakeClocks:
        """Return clocks that show the first time again."""
        return FakeClocks(*self._starts, step=self._step, resolution=self._resolution)

    def now(self, clock: int) -> int:
        """Return the time of a clock, and advance both."""
        shown = self._starts[clock] + self._elapsed
        self._elapsed += self._step
        return shown

    def resolution(self, clock: int) -> int:
        """Return what was configured, at least 1."""
        return max(1, self._resolution)

    def sleep(self, duration: int) -> None:
        """Advance both clocks at once."""
        self._elapsed += duration
