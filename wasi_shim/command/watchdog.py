"""An end to programs that run for too long.

The program gets no exception, which it might catch: this process ends.  A thread waits for that, since signals would
need the main thread to reach Python code, and do not exist everywhere.
"""

from __future__ import annotations

import os
import sys
from _thread import TIMEOUT_MAX, allocate_lock, start_new_thread

from .report import active_functions, frames_below, report
from .settings import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

STATUS_TIMEOUT = 124
"""Exit status of a program that ran too long, as with ``timeout(1)``."""

THREADS_SHOWN = 5
"""Most threads in a report."""

PATIENCE = 1.0
"""Seconds for the report: standard error may be a pipe that nobody empties."""


class Watchdog:
    """Ends this process if what happens inside of ``with`` takes too long.

    :param seconds: more than 0
    :raises OptionError: from ``with``, where this Python has no threads
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running = allocate_lock()

    def __enter__(self) -> None:
        self._running.acquire()
        try:
            start_new_thread(self._watch, ())
        except RuntimeError as error:
            raise OptionError(f"a timeout needs a thread: {error}") from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.release()

    def _watch(self) -> None:
        if self._running.acquire(timeout=min(self._seconds, TIMEOUT_MAX)):
            return
        told = allocate_lock()
        told.acquire()

        def tell() -> None:
            active = [active_functions(frames_below(frame)) for frame in sys._current_frames().values()]
            threads = ["\n".join(lines) for lines in active if lines]
            shown = "\n  in another thread:\n".join(threads[:THREADS_SHOWN])
            report(f"error: the program ran longer than {self._seconds:g} s\n{shown}".rstrip())
            told.release()

        try:
            start_new_thread(tell, ())
            told.acquire(timeout=PATIENCE)
        finally:
            os._exit(STATUS_TIMEOUT)
