"""wasi-threads (https://github.com/WebAssembly/wasi-threads): programs that start threads.

``thread-spawn`` starts a thread of Python, which makes another instance of the module on the same memory, and calls its
``wasi_thread_start``.  A program ends as a whole: where ``_start`` returns, or any thread traps or calls ``proc_exit``.
"""

from __future__ import annotations

import sys
import time
from _thread import allocate_lock, get_ident

from runtime_support import LifecycleError, functype
from runtime_support.stack import in_host, thread_with_room
from runtime_support.threads import DOOMED, SharedMemory

from .host.alarm import Alarm, AlarmClocks
from .host.interruption import interrupt
from .preview1 import errnos
from .preview1.shared_state import SharedState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from runtime_support import Instance, Memory

MOST_THREADS = 1024
"""Most threads of a program at a time, besides that of ``_start``."""

_START = functype("i32 i32", "")

LAST_NUMBER = (1 << 29) - 1
"""The largest number of a thread; the others begin at 1."""

PATIENCE = 1.0
"""Seconds that threads have to leave once their program has ended; then they are left behind."""

_MAIN = 0
"""What stands for the thread of ``_start`` among the numbers."""


_ASKED = "the program has ended"
"""In the :class:`End` that a thread raises when it sees so itself."""


class End(SystemExit):
    """Raised in the threads of a program that has ended.  Python ends threads with it silently."""


class Program:
    """The threads of one program.

    ``_start`` runs in a thread of its own too, so that its caller goes on when the program ends, whatever the threads
    are doing.  They end where they wait, in the next call of WASI, and otherwise by an exception that is raised in them
    wherever they are in generated code, which no handler of Wasm's catches.  What a host function does is not
    interrupted.

    :param instance: the one whose ``_start`` runs, or whose exports the embedder calls
    :param alarm: ends the waits of the program's threads

    :ivar busy: threads in a WASI call, which see for themselves that the program has ended; by identifier
    """

    __slots__ = (
        "_alarm",
        "_finished",
        "_instance",
        "_interrupted",
        "_lock",
        "_next",
        "_numbers",
        "_outcome",
        "_runs",
        "busy",
    )

    def __init__(self, instance: Instance, alarm: Alarm) -> None:
        self._instance = instance
        self._alarm = alarm
        self._lock = allocate_lock()
        self._finished = allocate_lock()
        self._finished.acquire()
        self._outcome: BaseException | None = None
        self._runs = False
        self._next = 1
        self._numbers: dict[int, int | None] = {}
        self._interrupted: set[int] = set()
        self.busy: Collection[int] = ()

    def spawn(self, argument: int) -> int:
        """``thread-spawn``: start a thread.

        :param argument: i32, passed to ``wasi_thread_start`` after the number of the thread
        :returns: its number, from 1 to :data:`LAST_NUMBER`, or ``-EAGAIN``, as an unsigned i32
        :raises LifecycleError: if the module exports no ``wasi_thread_start`` of the right type
        """
        self.check()
        if ("wasi_thread_start", "func", _START) not in self._instance.module.exports:
            raise LifecycleError(
                "a program that starts threads must export a function wasi_thread_start (i32 i32) -> ()"
            )
        with self._lock:
            if len(self._numbers) > MOST_THREADS:
                return -errnos.EAGAIN & 0xFFFF_FFFF
            while self._next in self._numbers:
                self._next = self._next % LAST_NUMBER + 1
            number = self._next
            self._next = self._next % LAST_NUMBER + 1
            self._numbers[number] = None
        if not self._launch(number, lambda: self._work(number, argument)):
            return -errnos.EAGAIN & 0xFFFF_FFFF
        return number

    def run(self, start: Callable[[], Any]) -> Any:
        """Run ``_start`` until the program ends.

        :raises BaseException: what ended it, in whichever thread
        """
        self._runs = True
        self._numbers[_MAIN] = None

        def main() -> None:
            start()
            self.end(None)

        if not self._launch(_MAIN, main):  # no host without threads starts any, so this is all that runs
            try:
                return start()
            finally:
                self.end(None)
        try:
            self._finished.acquire()
        except BaseException as error:  # Ctrl-C
            self.end(error)
            raise
        outcome, self._outcome = self._outcome, None
        if outcome is None:
            return None
        try:
            raise outcome
        finally:
            del outcome  # its traceback refers to this frame

    def check(self) -> None:
        """Raise :class:`End` in a thread of the program, :class:`LifecycleError` elsewhere, once it has ended."""
        if self._alarm.rung:
            with self._lock:
                ours = get_ident() in self._numbers.values()
            raise End(_ASKED) if ours else LifecycleError("the program has ended")

    def end(self, outcome: BaseException | None) -> bool:
        """End the program: stop all threads but this one.

        :param outcome: what :meth:`run` raises
        :returns: whether this has ended it; it may have ended before
        """
        with self._lock:
            if self._alarm.rung:
                return False
            self._outcome = outcome
            me = get_ident()
            DOOMED.update((thread, End(_ASKED)) for thread in self._numbers.values() if thread not in (None, me))
            self._alarm.ring()
        memories = {given for given in self._instance.imports if isinstance(given, SharedMemory)}
        for memory in memories:
            memory.wake()
        self._stop_others(memories)
        self._alarm.close()
        self._finished.release()
        return True

    def _launch(self, number: int, body: Callable[[], object]) -> bool:
        """Start a thread; tell whether there is one."""
        try:
            thread_with_room(self._run, number, body, name=f"wasi-thread {number}" if number else "wasi _start")
        except (RuntimeError, MemoryError):
            with self._lock:
                del self._numbers[number]
            return False
        return True

    def _work(self, number: int, argument: int) -> None:
        """Do what a thread that was spawned does."""
        instance = self._instance.sibling()
        try:
            instance.exports["wasi_thread_start"](number, argument)
        finally:
            instance.detach()

    def _run(self, number: int, body: Callable[[], object]) -> None:
        """Be a thread: run ``body``, and end the program where that fails."""
        interrupted = False
        try:
            try:
                with self._lock:
                    self._numbers[number] = get_ident()
                    ended = self._alarm.rung
                if not ended:
                    body()
            except End as end:
                interrupted = _ASKED not in end.args
            except BaseException as error:
                if self.end(error) and not self._runs:  # nobody waits for it
                    sys.excepthook(error.__class__, error, error.__traceback__)
            if self._retire(number) and not interrupted:
                # What was raised from outside arrives here, instead of in the cleaning up of Python's threads.
                deadline = time.monotonic() + 0.1
                while time.monotonic() < deadline:
                    time.sleep(1e-3)
        except End:
            self._retire(number)
        finally:
            with self._lock:
                del self._numbers[number]

    def _retire(self, number: int) -> bool:
        """Let nothing be raised in this thread any more; tell whether something has been, be it yet to arrive."""
        me = get_ident()
        with self._lock:
            self._numbers[number] = None
            DOOMED.pop(me, None)
            interrupted = me in self._interrupted
            self._interrupted.discard(me)
            return interrupted

    def _stop_others(self, memories: Collection[SharedMemory]) -> None:
        """Wait until the others have left; interrupt those who are in generated code."""
        deadline = time.monotonic() + PATIENCE
        pause = 1e-3
        while time.monotonic() < deadline:
            with self._lock:
                left = [thread for thread in self._numbers.values() if thread != get_ident()]
            if not left:
                return
            time.sleep(pause)
            self._interrupt([thread for thread in left if thread is not None], memories)
            pause = min(2 * pause, 0.02)

    def _interrupt(self, threads: Collection[int], memories: Collection[SharedMemory]) -> None:
        """Raise :class:`End` in those threads that run generated code, once in each.

        The locks of the memories are taken meanwhile: up to Python 3.10, and on PyPy, an exception that arrives at the
        end of ``with lock`` leaves the lock locked.
        """
        taken = [memory.lock for memory in memories if memory.lock.acquire(timeout=0.1)]
        try:
            with self._lock:
                for thread in threads:
                    if thread in self._interrupted or thread in self.busy or in_host(thread):
                        continue
                    if thread in self._numbers.values():
                        self._interrupted.add(thread)
                        interrupt(thread, End)
        finally:
            for lock in taken:
                lock.release()


def open_state(memory: Callable[[], Memory], instance: Instance, made: Callable[..., dict[str, Any]]) -> SharedState:
    """Make the state of a program that may start threads.

    :param memory: returns the memory that the instance exports
    :param made: returns what else a state has, given the clocks to use where the embedder gives no others
    """
    alarm = Alarm()
    return SharedState(memory, Program(instance, alarm), alarm, **made(AlarmClocks(alarm)))
