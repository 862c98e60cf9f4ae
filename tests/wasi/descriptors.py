"""What this process has open, where the host tells."""

from __future__ import annotations

import gc
import os

import pytest

FOLDER = "/proc/self/fd"

needs_list = pytest.mark.skipif(not os.path.isdir(FOLDER), reason=f"counts descriptors in {FOLDER}")


def descriptors() -> set[tuple[str, str]]:
    """Each descriptor of this process and what it leads to; none where there is no list.

    Compare what has come (``descriptors() - before``), not how many there are: what earlier tests have left behind
    goes whenever their garbage is found or their threads end.
    """
    found = set()
    for number in os.listdir(FOLDER) if os.path.isdir(FOLDER) else []:
        try:
            found.add((number, os.readlink(f"{FOLDER}/{number}")))
        except FileNotFoundError:  # the descriptor of the list itself, or one that another thread has closed
            continue
    return found


def descriptors_of_the_living() -> set[tuple[str, str]]:
    """The same without those that only garbage holds."""
    gc.collect()
    return descriptors()
