"""Raising an exception in another thread."""

from __future__ import annotations

import sys


def interrupt(thread: int, exception: type[BaseException]) -> None:
    """Raise ``exception`` in a thread as soon as it runs Python code; do nothing where the interpreter cannot.

    :param thread: its identifier, of a thread that is alive
    """
    if sys.implementation.name == "pypy":
        from __pypy__.thread import _raise_in_thread  # type: ignore[import-not-found]  # PyPy only

        _raise_in_thread(thread, exception)
        return
    try:
        from ctypes import c_ulong, py_object, pythonapi
    except ImportError:  # builds without it, and Pyodide
        return
    pythonapi.PyThreadState_SetAsyncExc(c_ulong(thread), py_object(exception))
