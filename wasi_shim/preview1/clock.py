"""Clocks: 0 realtime, 1 monotonic; 2 and 3, the CPU time of process and thread, are known but not offered."""

from __future__ import annotations

from . import abi, errnos
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

OFFERED = 2
"""Clocks below this number are offered."""

KNOWN = 4
"""Clocks below this number exist in preview 1."""


@syscall("clockid *timestamp")
def clock_res_get(state: State, clock: int, resolution: int) -> int | None:
    """Store the step by which a clock advances.

    :param clock: i32, clock id
    :param resolution: i32, address where the nanoseconds go, u64
    :returns: ``EBADF`` for the CPU time clocks
    :raises Trap: where the clock id does not exist

    A microsecond::

        e8 03 00 00 00 00 00 00
    """
    if clock >= OFFERED:
        return _refuse(clock)
    abi.store_u64(state.data(), resolution, state.clocks.resolution(clock) & 0xFFFF_FFFF_FFFF_FFFF)
    return None


@syscall("clockid timestamp *timestamp")
def clock_time_get(state: State, clock: int, precision: int, time: int) -> int | None:
    """Store the time.

    :param clock: i32, clock id
    :param precision: i64, the error in nanoseconds that the caller accepts; the answer is always as good as it can be
    :param time: i32, address where the nanoseconds go, u64; realtime counts from 1970-01-01T00:00:00Z
    :returns: ``EBADF`` for the CPU time clocks
    :raises Trap: where the clock id does not exist

    Realtime, 2001-09-09T01:46:40Z::

        00 00 64 a7 b3 b6 e0 0d
    """
    if clock >= OFFERED:
        return _refuse(clock)
    abi.store_u64(state.data(), time, state.clocks.now(clock) & 0xFFFF_FFFF_FFFF_FFFF)
    return None


def _refuse(clock: int) -> int:
    if clock >= KNOWN:
        abi.bad_value("clock id", clock)
    return errnos.EBADF
