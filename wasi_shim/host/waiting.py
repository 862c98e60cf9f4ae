"""Waiting for descriptors of the host."""

from __future__ import annotations

from .clocks import LONGEST_SLEEP

MOST_SELECTED = 1024
"""``select(2)`` takes numbers below this one only."""


def wait_until_ready(inputs: set[int], outputs: set[int], patience: int | None) -> tuple[set[int], set[int]]:
    """Wait until reading from a descriptor, or writing to one, would not wait.

    :param inputs: the host's file descriptors to read from
    :param outputs: those to write to
    :param patience: nanoseconds, or ``None`` for ever
    :returns: those that are ready, none where patience ran out; all where the host cannot wait for such descriptors
        (Windows, Pyodide), since then only trying can tell
    """
    while True:
        piece = LONGEST_SLEEP if patience is None else min(patience, LONGEST_SLEEP)
        try:
            wait = _poll if max(inputs | outputs) >= MOST_SELECTED else _select
            ready = wait(inputs, outputs, piece)
        except (ImportError, OSError, ValueError):
            return inputs, outputs
        if patience is not None:
            patience -= piece
        if ready[0] or ready[1] or patience == 0:
            return ready


def _select(inputs: set[int], outputs: set[int], patience: int) -> tuple[set[int], set[int]]:
    from select import select

    readable, writable, _ = select(list(inputs), list(outputs), [], patience / 1e9)
    return set(readable), set(writable)


def _poll(inputs: set[int], outputs: set[int], patience: int) -> tuple[set[int], set[int]]:
    """Wait with ``poll(2)``, which has no limit to the numbers, but counts in milliseconds."""
    from select import POLLIN, POLLOUT, poll

    waiting = poll()
    for number in inputs | outputs:
        waiting.register(number, (POLLIN if number in inputs else 0) | (POLLOUT if number in outputs else 0))
    # Errors and the end of a connection make both ready, whatever was asked for.
    found = waiting.poll(-(-patience // 1_000_000))
    readable = {number for number, events in found if events & ~POLLOUT}
    writable = {number for number, events in found if events & ~POLLIN}
    return readable & inputs, writable & outputs
