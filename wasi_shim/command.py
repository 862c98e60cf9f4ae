"""Running a transpiled WASI command as a program: what ``python mod.py ARG…`` does."""

from __future__ import annotations

import os
import sys

from runtime_support import ExitError, LifecycleError, LinkError, Trap

from .config import INHERIT, Wasi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import NoReturn

    from runtime_support import Module

STATUS_UNABLE = 1
"""Exit status where no instance can be made: an import, a directory or memory is missing."""

STATUS_USAGE = 2
"""Exit status where the module is no command, or is used against the rules for commands."""

STATUS_INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the number of SIGINT, as in shells."""

STATUS_TRAP = 134
"""Exit status after a trap: 128 and the number of SIGABRT, as with native engines."""

FRAMES_SHOWN = 20
"""Most frames of a trap's report: endless recursion has many thousand."""


def run_command(module: Module, argv: Iterable[str] | None = None, wasi: Wasi | None = None) -> NoReturn:
    """Run a WASI command as the program of this process.

    :param module: exports ``_start``
    :param argv: the command line without the program's name, ``None`` for this process's own
    :param wasi: what the program sees, instead of: the command line, the standard streams of this process, and no
        environment
    :raises SystemExit: always, with the status that the program passed to ``proc_exit``, 0 where it returned from
        ``_start``, or one of this file's ``STATUS_`` constants
    """
    if wasi is None:
        rest = sys.argv[1:] if argv is None else argv
        wasi = Wasi(args=[sys.argv[0], *rest], stdin=INHERIT, stdout=INHERIT, stderr=INHERIT)
    try:
        status = _status(module, wasi)
    except KeyboardInterrupt:
        status = STATUS_INTERRUPTED
    _close_output()
    # Exit statuses are 32 bits wide in preview 1 as on Windows, where Python wants them signed.
    raise SystemExit(status - (1 << 32) if status >> 31 else status)


def _status(module: Module, wasi: Wasi) -> int:
    """Run and return the exit status."""
    if not any(name == "_start" and kind == "func" for name, kind, _ in module.exports):
        _report(f"error: module {module.name!r} is no WASI command (it exports no function _start); import it instead")
        return STATUS_USAGE
    try:
        module.instantiate({}, wasi=wasi).exports["_start"]()
    except ExitError as end:
        return int(end.code) & 0xFFFF_FFFF
    except Trap as trap:
        _report(describe_trap(trap))
        return STATUS_TRAP
    except LifecycleError as error:
        _report(f"error: {error}")
        return STATUS_USAGE
    except (LinkError, MemoryError, OSError) as error:
        _report(f"error: {error}")
        return STATUS_UNABLE
    return 0


def describe_trap(trap: Trap) -> str:
    """Return the report of a trap: its wording, then the wasm functions that were active, innermost first."""
    names = list(_wasm_frames(trap))[::-1]
    lines = [f"trap: {trap}"]
    lines += [f"    in {name}" for name in names[:FRAMES_SHOWN]]
    if len(names) > FRAMES_SHOWN:
        lines.append(f"    … and {len(names) - FRAMES_SHOWN} more")
    return "\n".join(lines)


def _wasm_frames(trap: Trap) -> Iterator[str]:
    """Yield the names of the wasm functions that a trap came through, outermost first."""
    traceback = trap.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if "__wasm2py__" in frame.f_globals:
            yield frame.f_code.co_name
        traceback = traceback.tb_next


def _report(text: str) -> None:
    """Tell the user on standard error, if there is one."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # nobody is left to tell


def _close_output() -> None:
    """Flush standard output now: what still fails when Python ends is reported with a traceback and status 120."""
    if sys.stdout is None or sys.stdout.closed:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
