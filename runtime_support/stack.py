"""How deep calls may nest, by interpreter.

Found by experiment on Linux with a stack of 8 MiB, the usual size; each number keeps a factor of two or more from the
depth at which the interpreter died:

* CPython up to 3.10 takes C stack for every Python call and died between 15,000 and 20,000 calls through
  ``Function.__call__`` (plain calls: 20,000 to 30,000).
* CPython 3.11 and newer take none for a call from Python to Python.  Calls that pass through C still do, and 3.11
  counts both with one limit; they died above 20,000.  From 3.12 on, C has a limit of its own; in 3.12 it ends recursion
  through the host after some 450 calls, as a ``RecursionError``.
* PyPy reserves 768 bytes of stack per unit of the recursion limit, and trusts that much to be there.
* Host functions may put much C stack between two calls (``sorted`` with a key: 2.8 KiB), on every version.

Threads that run generated code need a stack of 8 MiB too; ``threading.stack_size`` sets it where it is smaller, and
:func:`thread_with_room` does it for one thread.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock, get_ident

from runtime_support.traps import Trap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Thread
    from typing import Any

if sys.implementation.name == "pypy":
    RECURSION_LIMIT = 8_000
elif sys.version_info < (3, 11):
    RECURSION_LIMIT = 6_000
elif sys.version_info < (3, 12):
    RECURSION_LIMIT = 15_000
else:
    RECURSION_LIMIT = 24_000
"""The recursion limit for generated code, in Python frames."""

NESTED_HOST_CALLS = 1_000
"""How many calls from Wasm to the host may be under way in one thread, each inside the one before."""

_SMALL_STACK = sys.platform == "win32" and (sys.version_info < (3, 11) or sys.implementation.name == "pypy")
"""The main thread has 2 MB there: the default recursion limit is all that is safe."""


def prepare() -> None:
    """Raise the interpreter's recursion limit to :data:`RECURSION_LIMIT`; never lower it."""
    if sys.getrecursionlimit() < RECURSION_LIMIT and not _SMALL_STACK:
        sys.setrecursionlimit(RECURSION_LIMIT)


THREAD_STACK = 8 << 20
"""Bytes of stack that a thread needs for :data:`RECURSION_LIMIT`."""

_starting = allocate_lock()
"""Held while the size of the stacks of new threads is changed."""


def thread_with_room(function: Callable[..., object], *arguments: Any, name: str) -> Thread:
    """Start a daemon thread that may call as deep as the main thread.

    :raises RuntimeError: if the host has no threads, or no more
    """
    import threading

    thread = threading.Thread(target=function, args=arguments, name=name, daemon=True)
    with _starting:
        try:
            before = threading.stack_size(THREAD_STACK)
        except (ValueError, RuntimeError):  # a host that does not let us choose
            thread.start()
            return thread
        try:
            thread.start()
        finally:
            threading.stack_size(before)
    return thread


_depths: dict[int, int] = {}
"""Host calls under way by thread."""


def in_host(thread: int) -> bool:
    """Whether that thread, by its identifier, is in a host function that Wasm has called."""
    return thread in _depths


def call_host(function: Callable[..., Any], arguments: Any) -> Any:
    """Call a host function from Wasm.

    :raises Trap: "call stack exhausted" at a depth of :data:`NESTED_HOST_CALLS`: recursion through the host takes
        C stack that the interpreter may not count
    """
    thread = get_ident()
    depth = _depths.get(thread, 0)
    if depth >= NESTED_HOST_CALLS:
        raise Trap("call stack exhausted")
    _depths[thread] = depth + 1
    try:
        return function(*arguments)
    finally:
        if depth:
            _depths[thread] = depth
        else:
            del _depths[thread]
