"""What the user is told, and the exit statuses that go with it."""

from __future__ import annotations

import os
import sys

from runtime_support import LifecycleError, LinkError, Trap, WasmException

from .settings import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

STATUS_UNABLE = 1
"""Exit status where no instance can be made: an import, a directory or memory is missing."""

STATUS_USAGE = 2
"""Exit status where an option makes no sense, or the module is no program or is used against the rules."""

STATUS_INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the number of SIGINT, as in shells."""

STATUS_TRAP = 134
"""Exit status after a trap: 128 and the number of SIGABRT, as with native engines."""


LINES_SHOWN = 20
"""Most lines about functions in a report: endless recursion has many thousand."""

DEBUG_VARIABLE = "WASM2PY_DEBUG"
"""Set in the environment, it adds Python's traceback to the report of a trap."""


def status_after(error: BaseException) -> int:
    """Tell the user what ended the program, and return the exit status.

    What is none of the program's or the user's doing is raised again.
    """
    if isinstance(error, Trap):
        report_end(f"trap: {error}", error)
        return STATUS_TRAP
    if isinstance(error, WasmException):
        report_end(f"error: uncaught exception {error}", error)
        return STATUS_TRAP
    if isinstance(error, (LifecycleError, OptionError)):
        report(f"error: {error}")
        return STATUS_USAGE
    if isinstance(error, (LinkError, MemoryError, OSError)):
        report(f"error: {str(error) or 'out of memory'}")
        return STATUS_UNABLE
    if isinstance(error, KeyboardInterrupt):
        return STATUS_INTERRUPTED
    raise error


def show(text: str) -> None:
    """Write to standard output.

    :raises OSError: where that is closed or full
    """
    if sys.stdout is None:
        raise OSError("standard output is closed")
    sys.stdout.write(text)
    sys.stdout.flush()


def report(text: str) -> None:
    """Tell the user on standard error, if there is one."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # nobody is left to tell


def report_end(what: str, error: BaseException) -> None:
    """Report what ended the program, then the wasm functions that were active, innermost first."""
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        report("".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip())
    report("\n".join([what, *active_functions(_frames_of(error))]))


def active_functions(frames: Iterable[FrameType]) -> list[str]:
    """Return a line for each wasm function, one for all calls of a function by itself, but for most of very many.

    :param frames: those of Python, innermost first
    """
    calls: list[tuple[str, int]] = []
    for frame in frames:
        if _is_wasm(frame):
            name = frame.f_code.co_name
            if calls and calls[-1][0] == name:
                calls[-1] = (name, calls[-1][1] + 1)
            else:
                calls.append((name, 1))
    lines = [f"    in {name}{f' ({count} times)' * (count > 1)}" for name, count in calls[:LINES_SHOWN]]
    if len(calls) > LINES_SHOWN:
        lines.append(f"    … and {sum(count for _, count in calls[LINES_SHOWN:])} more")
    return lines


def _is_wasm(frame: FrameType) -> bool:
    """Whether a frame runs a wasm function: generated code calls them f0_main, and has a few functions of its own."""
    name = frame.f_code.co_name
    return "__wasm2py__" in frame.f_globals and name[0] == "f" and name[1:2].isdigit()


def frames_below(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield a frame and its callers."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _frames_of(error: BaseException) -> list[FrameType]:
    """Return the frames that an exception came through, innermost first."""
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        frames.append(traceback.tb_frame)
        traceback = traceback.tb_next
    return frames[::-1]
