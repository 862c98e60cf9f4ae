"""``wasm2py MODULE``: from Wasm to Python, in a file or a package."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from wasm2py.cli.compiler_options import compiler_options
from wasm2py.cli.progress import ShownProgress
from wasm2py.errors import ModuleError, UsageError, Wasm2pyError, one_line
from wasm2py.input import STDIN, read_module, shown_name, source_name
from wasm2py.naming import import_problem
from wasm2py.options import FORMATS, Options
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


@click.command(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        "Exit codes: 0 success; 1 the module is bad, or a file cannot be read or written; "
        "2 the command line makes no sense, or names no file.  "
        "'wasm2py run MODULE' runs a module at once: see 'wasm2py run --help'."
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
@compiler_options
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="auto",
    show_default=True,
    help="Whether Black lays out the output; auto: up to 100 kB, and to ten times the module.",
)
@click.version_option(__version__, "--version", prog_name="wasm2py", message="%(prog)s %(version)s")
def transpile_command(module: str, output: str | None, options: Options, format: str) -> None:
    """Transpile MODULE, a .wasm or .wat file, to Python.  '-' reads standard input."""
    if output is None:
        output = STDOUT if module == STDIN else _default_output(module)
    elif module != STDIN and os.path.exists(output) and os.path.exists(module) and os.path.samefile(module, output):
        raise UsageError(f"{output} is the input: name another output")
    package = is_package_path(output)
    if package:
        check_package(output)
    options = replace(
        options,
        format=format,
        source_name=source_name(module),
        package=package,
    )
    data = read_module(module)
    from wasm2py.transpile import transpile  # most of the loading time, which --help and bad paths need not pay

    try:
        with ShownProgress(f"transpiling {options.source_name}") as progress:
            parts = transpile(data, options, progress).parts
    except ModuleError as error:
        raise Wasm2pyError(f"{shown_name(module)}: {error}") from None
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
