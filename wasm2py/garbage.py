"""When memory is freed: the tree of a function goes with the last that refers to it, as soon as its text is written.

Python's collector would go over a tree that is still needed again and again while it grows, which takes a tenth of the
time.  It is told when to look for the few cycles that there are.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def collected_by_hand() -> Iterator[Callable[[], None]]:
    """Give the function that collects what has become garbage lately; until the end nothing else does."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield _collect if enabled else _keep
    finally:
        if enabled:
            gc.enable()


def _collect() -> None:
    gc.collect(0)


def _keep() -> None:
    """Whoever has switched the collector off wants it so."""
