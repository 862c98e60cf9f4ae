"""Waiting for descriptors of the host."""

from __future__ import annotations

from .clocks import LONGEST_SLEEP


def wait_until_ready(inputs: set[int], outputs: set[int], patience: int | None) -> tuple[set[int], set[int]]:
    """Wait until reading from a descriptor, or writing to one, would not wait.

    :param inputs: the host's file descriptors to read from
    :param outputs: those to write to
    :param patience: nanoseconds, or ``None`` for ever
    :returns: those that are ready, none where patience ran out; all where the host cannot wait for such descriptors
        (Windows, Pyodide), since then only trying can tell
    """
    try:
        from select import select
    except ImportError:
        return inputs, outputs
    while True:
        piece = LONGEST_SLEEP if patience is None else min(patience, LONGEST_SLEEP)
        try:
            readable, writable, _ = select(list(inputs), list(outputs), [], piece / 1e9)
        except (OSError, ValueError):
            return inputs, outputs
        if patience is not None:
            patience -= piece
        if readable or writable or patience == 0:
            return set(readable), set(writable)
