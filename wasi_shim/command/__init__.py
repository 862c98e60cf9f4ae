"""Running a transpiled module as a program: what ``python mod.py ARG…`` does, and ``wasm2py run``.

:mod:`.program` runs a module by its :mod:`.settings`, which :mod:`.options` change; :mod:`.command_line` reads those.
"""

from __future__ import annotations

import os
import sys

from ..config import Wasi
from .program import close_output, run
from .settings import OptionError, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

    from runtime_support import Module

__all__ = ["OPTIONS_VARIABLE", "PREFIX", "run_command"]

PREFIX = "--wasi-"
"""How the options of a program for its host begin."""

OPTIONS_VARIABLE = "WASM2PY_WASI"
"""Environment variable with further such options, without the prefix."""


def run_command(module: Module, argv: Iterable[str] | None = None, wasi: Wasi | None = None) -> NoReturn:
    """Run a module as the program of this process.

    Where neither ``argv`` nor ``wasi`` is given, options of the form ``--wasi-…`` before the program's own arguments,
    and those in the environment variable ``WASM2PY_WASI``, grant the program what it has; ``--wasi-help`` lists them.

    :param module: usually exports ``_start``
    :param argv: the command line without the program's name, ``None`` for this process's own
    :param wasi: what the program sees, instead of: the command line, the standard streams of this process, and no
        environment
    :raises SystemExit: always, with the status that the program passed to ``proc_exit``, 0 where it returned from
        ``_start``, or one of the ``STATUS_`` constants of :mod:`wasi_shim.command.report`
    """
    settings = Settings(PREFIX)
    arguments = list(sys.argv[1:] if argv is None else argv)
    status = None
    if argv is None and wasi is None and (OPTIONS_VARIABLE in os.environ or _is_option(arguments)):
        status = _read_options(settings, arguments)
    if status is None:
        status = run(module, settings, sys.argv[0], arguments, wasi)
    close_output()
    raise SystemExit(status)


def _is_option(arguments: list[str]) -> bool:
    return bool(arguments) and arguments[0].startswith(PREFIX)


def _read_options(settings: Settings, arguments: list[str]) -> int | None:
    """Take the options off the arguments; returns the exit status where there is nothing left to do."""
    from . import command_line
    from .report import show, status_after

    try:
        command_line.read_variable(settings, os.environ.get(OPTIONS_VARIABLE, ""), OPTIONS_VARIABLE)
        if not command_line.read(settings, arguments, PREFIX):
            return None
        show(command_line.help_text(sys.argv[0], PREFIX, OPTIONS_VARIABLE))
    except (OSError, OptionError) as error:
        return status_after(error)
    return 0
