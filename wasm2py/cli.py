"""The command line: the one place that prints and exits."""

from __future__ import annotations

import math
import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import click

from wasm2py.errors import InternalError, ModuleError, UsageError, Wasm2pyError, one_line
from wasm2py.input import STDIN, read_module
from wasm2py.naming import import_problem
from wasm2py.options import FORMATS, OPTIMISE, TARGETS, Options
from wasm2py.output import (
    STDOUT,
    check_package,
    is_generated,
    is_package_path,
    write_file,
    write_package,
    write_stdout,
)
from wasm2py.version import __version__

if TYPE_CHECKING:
    from rich.progress import Progress

EXIT_BAD_INPUT: Final = 1
EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130
"""What a shell reports for a program that SIGINT ended."""

DEBUG_VARIABLE: Final = "WASM2PY_DEBUG"
"""Set in the environment, it adds the traceback to the report of an internal error."""

PROGRESS_AFTER: Final = 1.0
"""Seconds that a module may take before progress is shown."""

PROGRESS_EVERY: Final = 0.1
"""Seconds between two drawings of the bar."""


class DefaultCommandGroup(click.Group):
    """A group whose first argument may leave the command out.

    ``wasm2py mod.wasm`` and ``wasm2py run mod.wasm`` live side by side: a first argument that is no command's name
    belongs to the default command.  A file that is called like a command is given as ``./run``.

    :param default: the command that runs where none is named
    """

    def __init__(self, *, default: click.Command, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.default = default

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command that ``args`` start with, or of the default command."""
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, parent, **extra)
        return self.default.make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that :meth:`make_context` chose."""
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)


@click.command(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        "Exit codes: 0 success; 1 the module is bad, or a file cannot be read or written; "
        "2 the command line makes no sense, or names no file."
    ),
)
@click.argument("module")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="The module to write; a directory, or a path that ends in a slash, becomes a package; '-' is standard "
    "output.  [default: MODULE's name with .py, in the current directory; '-' where MODULE is '-']",
)
@click.option(
    "-O",
    "optimise",
    type=click.Choice([str(level) for level in OPTIMISE]),
    default="1",
    show_default=True,
    help="Level of optimisation, as in -O2.",
)
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default="auto",
    show_default=True,
    help="The interpreter to tune for; the output runs on every one.",
)
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="auto",
    show_default=True,
    help="Whether Black lays out the output; auto: up to 100 kB.",
)
@click.option("--names/--no-names", default=True, show_default=True, help="Use the names of the name section.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    default=1,
    show_default=True,
    help="Processes that share the work on a large module.",
)
@click.version_option(__version__, "--version", prog_name="wasm2py", message="%(prog)s %(version)s")
def transpile_command(
    module: str, output: str | None, optimise: str, target: str, format: str, names: bool, jobs: int
) -> None:
    """Transpile MODULE, a .wasm or .wat file, to Python.  '-' reads standard input."""
    if output is None:
        output = STDOUT if module == STDIN else _default_output(module)
    elif module != STDIN and os.path.exists(output) and os.path.exists(module) and os.path.samefile(module, output):
        raise UsageError(f"{output} is the input: name another output")
    package = is_package_path(output)
    if package:
        check_package(output)
    options = Options(
        optimise=int(optimise),
        target=target,
        format=format,
        names=names,
        jobs=jobs,
        source_name="<stdin>" if module == STDIN else os.path.basename(module),
        package=package,
    )
    data = read_module(module)
    from wasm2py.transpile import transpile  # most of the loading time, which --help and bad paths need not pay

    try:
        with _ShownProgress(f"transpiling {options.source_name}") as progress:
            parts = transpile(data, options, progress).parts
    except ModuleError as error:
        raise Wasm2pyError(f"{options.source_name if module == STDIN else module}: {error}") from None
    if package:
        write_package(output, parts)
    else:
        (source,) = parts.values()
        if output == STDOUT:
            write_stdout(source)
        else:
            write_file(output, source)
    if output != STDOUT:
        _note_import_problem(output)


group = DefaultCommandGroup(name="wasm2py", default=transpile_command)
"""The program; further commands register here."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    :param arguments: without the program's name; ``sys.argv`` where ``None``
    :raises SystemExit: always, with the exit code
    """
    sys.exit(run(group, arguments))


def run(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command and turn every outcome into an exit code, every error into one line.

    :param command: usually :data:`group`
    :param arguments: without the program's name; ``sys.argv`` where ``None``
    """
    try:
        # What a command returns is 0 after --help and --version, None otherwise.
        return command.main(arguments, prog_name="wasm2py", standalone_mode=False) or 0
    except click.UsageError as error:
        return _fail(f"{error.format_message()} (wasm2py --help lists the options)", EXIT_USAGE)
    except UsageError as error:
        return _fail(str(error), EXIT_USAGE)
    except InternalError as error:
        return _report(error)
    except Wasm2pyError as error:
        return _fail(str(error), EXIT_BAD_INPUT)
    except click.Abort:  # what click makes of SIGINT
        return _fail("interrupted", EXIT_INTERRUPTED)
    except MemoryError:
        return _fail("out of memory: the module is too large for this machine", EXIT_BAD_INPUT)
    except Exception as error:
        return _report(error)


def _default_output(module: str) -> str:
    """``dir/mod.wasm`` becomes ``mod.py`` in the current directory, as compilers do it; a file of the user stays."""
    output = f"{Path(module).stem}.py"
    if os.path.lexists(output) and not is_generated(Path(output)):
        raise UsageError(f"{output} exists and wasm2py did not write it: name the output with -o")
    return output


def _note_import_problem(output: str) -> None:
    name = Path(output).stem
    if problem := import_problem(name):
        click.echo(one_line(f"wasm2py: note: {name!r} {problem}: 'import {name}' will not find {output}"), err=True)


def _fail(message: str, code: int) -> int:
    click.echo(f"wasm2py: error: {one_line(message)}", err=True)
    return code


def _report(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(error)
    what = str(error) if isinstance(error, InternalError) else f"{type(error).__name__}: {error}"
    advice = f"please report it with the module and the traceback that {DEBUG_VARIABLE}=1 shows"
    return _fail(f"a bug of wasm2py: {what} ({advice})", EXIT_BAD_INPUT)


class _ShownProgress:
    """A callback for :func:`transpile` that draws a bar on a terminal once the work takes long.

    :param title: what stands before the bar
    """

    def __init__(self, title: str) -> None:
        self._title = title
        terminal = sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + PROGRESS_AFTER if terminal else math.inf
        self._bar: Progress | None = None

    def __enter__(self) -> _ShownProgress:
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` steps are finished."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + PROGRESS_EVERY
        if self._bar is None:
            self._bar = self._draw()
        self._bar.update(self._bar.task_ids[0], completed=done, total=total, refresh=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _draw(self) -> Progress:
        from rich.console import Console  # loaded only where it is shown
        from rich.markup import escape
        from rich.progress import Progress

        # No thread that redraws: the road may fork processes.
        bar = Progress(console=Console(stderr=True), transient=True, auto_refresh=False)
        bar.add_task(escape(one_line(self._title)))
        bar.start()
        return bar
