"""Waiting for descriptors of the host."""

from __future__ import annotations

from .clocks import LONGEST_SLEEP


def wait_for_input(numbers: set[int], patience: int | None) -> set[int]:
    """Wait until reading from a descriptor would not.

    :param numbers: the host's file descriptors
    :param patience: nanoseconds, or ``None`` for ever
    :returns: those that are ready, none where patience ran out; all where the host cannot wait for such descriptors
        (Windows, Pyodide), since then only reading can tell
    """
    try:
        from select import select
    except ImportError:
        return numbers
    while True:
        piece = LONGEST_SLEEP if patience is None else min(patience, LONGEST_SLEEP)
        try:
            ready = select(list(numbers), [], [], piece / 1e9)[0]
        except (OSError, ValueError):
            return numbers
        if patience is not None:
            patience -= piece
        if ready or patience == 0:
            return set(ready)
