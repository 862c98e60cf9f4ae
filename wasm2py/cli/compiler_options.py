"""The options of every command that compiles a module."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from wasm2py.options import OPTIMISE, TARGETS, Options

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
)


def compiler_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options.

    :param command: a function that becomes a click command; its parameter ``options`` gets an :class:`Options`
    """

    @wraps(command)
    def with_options(optimise: str, target: str, names: bool, **arguments: Any) -> Any:
        return command(options=Options(optimise=int(optimise), target=target, names=names), **arguments)

    decorated: Callable[..., Any] = with_options
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
