"""The options of every command that compiles a module."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from wasm2py.options import CHOICES, OPTIMISE, OPTIONAL, PASSES, TARGETS, Options

_OPTIONS: Final = (
    click.option(
        "-O",
        "optimise",
        type=click.Choice([str(level) for level in OPTIMISE]),
        default="1",
        show_default=True,
        help="Level of optimisation, as in -O2.",
    ),
    click.option(
        "--target",
        type=click.Choice(TARGETS),
        default="auto",
        show_default=True,
        help="The interpreter to tune for; the output runs on every one.",
    ),
    click.option("--names/--no-names", default=True, show_default=True, help="Use the names of the name section."),
    click.option(
        "--enable",
        multiple=True,
        metavar="FEATURE,…",
        help="Let the module use a proposal: its name, or 1.0, 2.0, 3.0, proposal, all.  [default: all supported ones]",
    ),
    click.option(
        "--disable",
        multiple=True,
        metavar="FEATURE,…",
        help="Refuse a module that uses a proposal; names count more than versions, and these more than all.",
    ),
    click.option(
        "--without",
        multiple=True,
        type=click.Choice(OPTIONAL),
        metavar="NAME",
        help=f"Leave out a pass of the optimiser: {', '.join(PASSES)};"
        f" or what other stages do for speed: {', '.join(CHOICES)}.",
    ),
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        default=1,
        show_default=True,
        help="Processes that share the work on a large module.",
    ),
)


def _items(lists: tuple[str, ...]) -> tuple[str, ...]:
    """The items of comma-separated lists."""
    return tuple(item.strip() for text in lists for item in text.split(","))


def compiler_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options.

    :param command: a function that becomes a click command; its parameter ``options`` gets an :class:`Options`
    """

    @wraps(command)
    def with_options(
        optimise: str,
        target: str,
        names: bool,
        enable: tuple[str, ...],
        disable: tuple[str, ...],
        without: tuple[str, ...],
        jobs: int,
        **arguments: Any,
    ) -> Any:
        options = Options(
            optimise=int(optimise),
            target=target,
            names=names,
            enable=_items(enable),
            disable=_items(disable),
            without=without,
            jobs=jobs,
        )
        return command(options=options, **arguments)

    decorated: Callable[..., Any] = with_options
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
