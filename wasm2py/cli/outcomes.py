"""Every outcome as an exit code, every error as one line."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from typing import Final

import click

from wasm2py.errors import InternalError, UsageError, Wasm2pyError, one_line

EXIT_BAD_INPUT: Final = 1
EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130
"""What a shell reports for a program that SIGINT ended."""

DEBUG_VARIABLE: Final = "WASM2PY_DEBUG"
"""Set in the environment, it adds the traceback to the report of an internal error."""


def exit_code(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command and turn every outcome into an exit code, every error into one line.

    :param command: usually :data:`wasm2py.cli.group`
    :param arguments: without the program's name; ``sys.argv`` where ``None``
    """
    try:
        # What a command returns is 0 after --help and --version, None otherwise.
        return command.main(arguments, prog_name="wasm2py", standalone_mode=False) or 0
    except click.UsageError as error:
        program = "wasm2py" if error.ctx is None else error.ctx.command_path
        return fail(f"{error.format_message()} ({program} --help lists the options)", EXIT_USAGE)
    except UsageError as error:
        return fail(str(error), EXIT_USAGE)
    except InternalError as error:
        return _report(error)
    except Wasm2pyError as error:
        return fail(str(error), EXIT_BAD_INPUT)
    except click.Abort:  # what click makes of SIGINT
        return fail("interrupted", EXIT_INTERRUPTED)
    except MemoryError:
        return fail("out of memory: the module is too large for this machine", EXIT_BAD_INPUT)
    except Exception as error:
        return _report(error)


def fail(message: str, code: int) -> int:
    """Report an error and return its exit code."""
    click.echo(f"wasm2py: error: {one_line(message)}", err=True)
    return code


def _report(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(error)
    what = str(error) if isinstance(error, InternalError) else f"{type(error).__name__}: {error}"
    advice = f"please report it with the module and the traceback that {DEBUG_VARIABLE}=1 shows"
    return fail(f"a bug of wasm2py: {what} ({advice})", EXIT_BAD_INPUT)
