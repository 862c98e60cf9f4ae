"""The clocks of the host, in nanoseconds."""

from __future__ import annotations

import time

REALTIME = 0
MONOTONIC = 1

LONGEST_SLEEP = 86_400_000_000_000
"""One day: ``time.sleep`` refuses waits beyond what the host's types hold, so long ones are cut into pieces."""


def system_clock(clock: int) -> int:
    """Return the time of a clock: :data:`REALTIME` counts from 1970, :data:`MONOTONIC` from an arbitrary moment."""
    return time.time_ns() if clock == REALTIME else time.monotonic_ns()


def system_resolution(clock: int) -> int:
    """Return the step of a clock, at least 1."""
    info = time.get_clock_info("time" if clock == REALTIME else "monotonic")
    return max(1, round(info.resolution * 1e9))


def system_sleep(duration: int) -> None:
    """Wait for ``duration`` nanoseconds."""
    while duration > 0:
        piece = min(duration, LONGEST_SLEEP)
        time.sleep(piece / 1e9)
        duration -= piece
