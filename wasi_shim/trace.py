"""Watching what a program asks of the host: an event for each call, and a printer in the manner of strace.

Pass a hook as ``Wasi(trace=…)``: a function that gets an :class:`Event` after each call, or a :class:`Printer`.
Without a hook nothing of this is imported, and calls are as fast as ever.
"""

from __future__ import annotations

import sys
from time import perf_counter_ns
from typing import Any, NamedTuple, Optional

from runtime_support import ExitError, Trap
from runtime_support.traps import printable

from .preview1 import errnos
from .trace_values import Address, Symbol, arguments_of, results_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from .preview1.registry import Call, Hook
    from .preview1.state import State

_CATEGORY_OF = {
    "args": "process",
    "clock": "clock",
    "environ": "process",
    "fd": "filesystem",
    "path": "filesystem",
    "poll": "poll",
    "proc": "process",
    "random": "random",
    "sched": "process",
    "sock": "socket",
}
"""The category of a call, by the first word of its name."""

CATEGORIES = tuple(sorted(set(_CATEGORY_OF.values())))
"""What a :class:`Printer` can be limited to."""

EVERYTHING = ("all", "calls")
"""Both mean all of :data:`CATEGORIES`."""

_ERRNO_NAMES = {number: name for name, number in vars(errnos).items() if name[0] == "E" and name.isupper()}

MOST_SHOWN = 64
"""Most characters of a string that a :class:`Printer` shows."""


class Event(NamedTuple):
    """One call of a program, after it has ended.

    Strings of the program are in here as they are: whoever shows them on a terminal has to escape them.

    :ivar name: of the function, such as ``path_open``
    :ivar category: one of :data:`CATEGORIES`
    :ivar arguments: by name, decoded: ints; paths as text; data to be written as bytes; enums and sets of flags as
        their names (``"CREAT|TRUNC"``); subscriptions as a list of dicts.  The addresses of results, and of what cannot
        be decoded since it is not in memory, are an ``Address``, which is an int.
    :ivar results: what the call has stored, by the names of the parameters that say where: ints, bytes, dicts; empty
        unless it succeeded
    :ivar errno: the number that it returned, 0 for success; ``None`` where it did not return
    :ivar raised: the :class:`Trap` or :class:`ExitError` that it ended with instead
    :ivar duration: how long it took, in nanoseconds
    """

    name: str
    category: str
    arguments: dict[str, Any]
    results: dict[str, Any]
    errno: Optional[int]  # noqa: UP045 - evaluated by Python 3.9
    raised: Optional[BaseException]  # noqa: UP045 - likewise
    duration: int

    @property
    def error(self) -> str:
        """The name of :attr:`errno`, such as ``"ENOENT"``; empty for success and where there is none."""
        return _ERRNO_NAMES.get(self.errno or 0, str(self.errno)) if self.errno else ""


def traced(call: Call, function: Callable[..., int], state: State, hook: Hook) -> Callable[..., int]:
    """Return a function that calls ``function`` and tells ``hook``.

    A hook changes nothing for the program, except that it may end it by raising :class:`Trap` or :class:`ExitError`:
    its other errors are shown by ``sys.excepthook``.
    """
    name = call.name
    category = _CATEGORY_OF[name.split("_")[0]]

    def observed(*arguments: int) -> int:
        given = arguments_of(call, state, arguments)
        start = perf_counter_ns()
        try:
            errno = function(*arguments)
        except (Trap, ExitError) as end:
            _tell(hook, Event(name, category, given, {}, None, end, perf_counter_ns() - start))
            raise
        duration = perf_counter_ns() - start
        results = {} if errno else results_of(call, state, arguments)
        _tell(hook, Event(name, category, given, results, errno, None, duration))
        return errno

    return observed


def traced_spawn(function: Callable[[int], int], hook: Hook) -> Callable[[int], int]:
    """Do as :func:`traced` for ``thread-spawn``, which answers with the number of the thread or a negative errno."""

    def observed(argument: int) -> int:
        start = perf_counter_ns()
        answer = function(argument)
        duration = perf_counter_ns() - start
        errno = -answer & 0xFFFF_FFFF if answer >> 31 else 0
        results = {} if errno else {"thread": answer}
        given = {"argument": argument}
        _tell(hook, Event("thread-spawn", "process", given, results, errno, None, duration))
        return answer

    return observed


def _tell(hook: Hook, event: Event) -> None:
    try:
        hook(event)
    except (Trap, ExitError):
        raise
    except Exception:
        sys.excepthook(*sys.exc_info())


class Printer:
    """A hook that prints each call on one line, in the manner of strace.

    ``path_open(fd=3, lookup=SYMLINK_FOLLOW, path="a", …) = 0, opened=4`` is a call that succeeded and what it stored,
    ``path_unlink_file(fd=3, path="b") = ENOENT`` one that failed.  Strings are cut to :data:`MOST_SHOWN` characters,
    and nothing in a line is anything but printable.

    :param sink: a text stream; where it fails, printing ends
    :param categories: what to print, names of :data:`CATEGORIES` with commas between, or ``"all"``
    :param durations: whether to end each line with the seconds that the call took
    :raises ValueError: for an unknown category
    """

    __slots__ = ("_categories", "_durations", "_sink")

    def __init__(self, sink: TextIO, categories: str = "all", durations: bool = False) -> None:
        self._sink: TextIO | None = sink
        self._categories = parse_categories(categories)
        self._durations = durations

    def __call__(self, event: Event) -> None:
        """Print an event, if its category is wanted."""
        if event.category not in self._categories or self._sink is None:
            return
        line = describe(event)
        if self._durations:
            line += f" <{event.duration / 1e9:.6f}>"
        try:
            self._sink.write(line + "\n")
            self._sink.flush()
        except (OSError, ValueError):
            self._sink = None


def parse_categories(text: str) -> frozenset[str]:
    """Return the categories that a list with commas names, all for ``"all"`` and ``"calls"``.

    :raises ValueError: for a name that is none of them
    """
    found: set[str] = set()
    for name in text.split(","):
        if name in EVERYTHING:
            found.update(CATEGORIES)
        elif name in CATEGORIES:
            found.add(name)
        else:
            choice = ", ".join([*EVERYTHING, *CATEGORIES])
            raise ValueError(f"{name!r} is no category of calls: choose from {choice}")
    return frozenset(found)


def describe(event: Event) -> str:
    """Return an event as one printable line."""
    trapped = isinstance(event.raised, Trap)
    # Addresses matter only where one of them was wrong.
    given = [
        f"{name}={_shown(value)}"
        for name, value in event.arguments.items()
        if trapped or not isinstance(value, Address)
    ]
    text = f"{event.name}({', '.join(given)})"
    if event.raised is not None:
        return f"{text} {'trapped' if trapped else 'ended'}: {printable(str(event.raised))}"
    outcome = [event.error or "0", *(f"{name}={_shown(value)}" for name, value in event.results.items())]
    return f"{text} = {', '.join(outcome)}"


def _shown(value: Any) -> str:
    """Return a value of an event as printable text."""
    if isinstance(value, Address):
        return f"{int(value):#x}"
    if isinstance(value, Symbol):
        return str(value)
    if isinstance(value, (str, bytes)):
        text = "".join(map(_escaped, value[:MOST_SHOWN]))
        return f'"{text}"' + "…" * (len(value) > MOST_SHOWN)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}={_shown(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return str(value)


def _escaped(part: str | int) -> str:
    """Return a character, or the one for a byte, as it stands between quotes; bytes beyond ASCII are no characters."""
    if isinstance(part, int):
        if part > 126:
            return f"\\x{part:02x}"
        part = chr(part)
    return "\\" + part if part in '"\\' else printable(part)
