"""``wasm2py run MODULE``: transpile, remember, run."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from wasi_shim.command.options import OPTIONS, apply
from wasi_shim.command.program import close_output, run
from wasi_shim.command.settings import OptionError, Settings
from wasm2py.cache import Cache, default_folder
from wasm2py.cli.compiler_options import compiler_options
from wasm2py.cli.progress import ShownProgress
from wasm2py.errors import ModuleError, UsageError, Wasm2pyError, one_line
from wasm2py.input import read_module, shown_name, source_name
from wasm2py.loading import load
from wasm2py.options import Options


def _parameter(name: str) -> str:
    """The name that click gives an option of the program."""
    return "program_" + name.replace("-", "_")


def _program_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that ``python mod.py`` has as ``--wasi-…``."""
    for option in reversed(OPTIONS):
        names = (f"--{option.name}", _parameter(option.name))
        if option.default is not None:
            add = click.option(*names, metavar=f"[={option.value}]", help=option.help)
        elif option.value:
            add = click.option(*names, metavar=option.value, multiple=option.repeatable, help=option.help)
        else:
            add = click.option(*names, is_flag=True, help=option.help)
        command = add(command)
    return command


class _RunCommand(click.Command):
    """A command with options whose value may be missing; click would take the next argument for it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse a command line, once every such value is there."""
        defaults = {f"--{option.name}": option.default for option in OPTIONS if option.default is not None}
        valued = {
            name
            for param in self.params
            if isinstance(param, click.Option) and not param.is_flag
            for name in param.opts
        }
        position = 0
        while position < len(args) and args[position].startswith("-") and args[position] not in ("-", "--"):
            word = args[position]
            if word in defaults:
                args[position] = f"{word}={defaults[word]}"
            elif word in valued:
                position += 1  # its value is the next one
            position += 1
        return super().parse_args(ctx, args)


def _settings(values: dict[str, Any]) -> Settings:
    """What click has read, as settings.

    :raises OptionError: where a value makes no sense
    """
    settings = Settings("--")
    for option in OPTIONS:
        given = values[_parameter(option.name)]
        if not option.value:
            texts = [""] if given else []
        else:
            texts = list(given) if option.repeatable else [given] if given is not None else []
        for text in texts:
            apply(settings, option, text, f"--{option.name}")
    return settings


def _cache(folder: str | None) -> Cache | None:
    """The cache that the user names, or the one in the usual place, if there is such a place."""
    if folder is None:
        usual = default_folder()
        return None if usual is None else Cache(usual)
    if not folder:
        raise UsageError("--cache-dir: an empty name is no directory")
    cache = Cache(Path(folder))
    if problem := cache.problem():
        click.echo(one_line(f"wasm2py: note: {folder} is not used as a cache: {problem}"), err=True)
    return cache


@click.command(
    "run",
    cls=_RunCommand,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "allow_interspersed_args": False,  # what follows the module is the program's
    },
    epilog=(
        "The exit status is the program's own; 134 after a trap, 124 after --timeout, 130 after Ctrl-C, 1 where the "
        "module is bad or cannot be instantiated, 2 where the command line makes no sense."
    ),
)
@click.argument("module")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@_program_options
@click.option(
    "--cache-dir",
    metavar="PATH",
    help="Where transpiled modules are kept.  [default: wasm2py in the user's folder for caches]",
)
@click.option("--no-cache", is_flag=True, help="Neither use what was transpiled before, nor keep it.")
@compiler_options
def run_command(
    module: str,
    arguments: tuple[str, ...],
    cache_dir: str | None,
    no_cache: bool,
    options: Options,
    **values: Any,
) -> int:
    """Run MODULE, a .wasm or .wat file, with ARGUMENTS.  '-' reads the module from standard input.

    The program has its arguments, the standard streams, clocks and random numbers, and what the options grant.
    """
    try:
        settings = _settings(values)
    except OptionError as error:
        raise UsageError(str(error)) from None
    data = read_module(module)
    options = replace(options, source_name=source_name(module))
    try:
        with ShownProgress(f"transpiling {options.source_name}") as progress:
            loaded = load(data, options, None if no_cache else _cache(cache_dir), progress)
    except ModuleError as error:
        raise Wasm2pyError(f"{shown_name(module)}: {error}") from None
    status = run(loaded.MODULE, settings, os.path.basename(module), arguments)
    close_output()
    return status
