"""Room for recursion: the passes over the IR follow the nesting of the module.

On CPython 3.11 and newer, calls between Python functions take no C stack, so a higher limit costs only memory.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FRAMES = 200_000
"""A few frames for each level of nesting that :mod:`wasm2py.wasm.limits` allows."""


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Raise the limit of recursion while the context is active."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
