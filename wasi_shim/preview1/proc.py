"""The process: its end, and its place in the scheduler."""

from __future__ import annotations

import time

from runtime_support import ExitError

from . import errnos
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from .state import State


@syscall("exitcode", "")
def proc_exit(state: State, code: int) -> NoReturn:
    """End the program.

    :param code: i32, the exit status; any value is passed on, as an unsigned number
    :returns: never
    :raises ExitError: always
    """
    raise ExitError(code)


@syscall("signal")
def proc_raise(state: State, signal: int) -> int:
    """Send a signal to the program itself: there are none here.

    :param signal: i32
    :returns: ``ENOTSUP``
    """
    return errnos.ENOTSUP


@syscall("")
def sched_yield(state: State) -> None:
    """Let other threads of the host run.

    :returns: nothing but success
    """
    time.sleep(0)
