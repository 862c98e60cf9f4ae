"""Work shared between processes, with the outcome of one."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from wasm2py.errors import Wasm2pyError

T = TypeVar("T")
R = TypeVar("R")


def map_in_order(work: Callable[[T], R], items: Sequence[T], jobs: int) -> Iterator[R]:
    """Yield ``work(item)`` for each item in order, or raise what it raises for the first item where it fails.

    :param work: where processes cannot be forked, it is pickled once for each
    :param items: one item should take a good part of a second
    :param jobs: number of processes; with one, or one item, this process works itself
    :raises Wasm2pyError: a process was killed
    """
    jobs = min(jobs, len(items))
    if jobs < 2:
        yield from map(work, items)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # Forked processes share what this one has read.  Elsewhere than on Linux, system libraries do not survive it.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(work,)) as pool:
        try:
            yield from pool.map(_do, items)
        except BrokenProcessPool:
            raise Wasm2pyError("a worker process was killed, perhaps for want of memory: use fewer jobs") from None
        finally:
            pool.shutdown(cancel_futures=True)


_work: Callable[[Any], Any]
"""What this process does, if it is a worker."""


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the first one tells the others


def _do(item: Any) -> Any:
    return _work(item)
