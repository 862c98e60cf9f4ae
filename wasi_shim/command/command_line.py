"""How ``python mod.py`` reads the options before the program's own arguments, and those in its environment."""

from __future__ import annotations

import os

from .options import OPTIONS, apply
from .settings import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .settings import Settings

_BY_NAME = {option.name: option for option in OPTIONS}


def read(settings: Settings, arguments: list[str], prefix: str) -> bool:
    """Take options off the beginning of a command line; the first argument that is none is the program's.

    ``--wasi-args`` ends the options, so that the program may get an argument that looks like one.

    :param settings: are changed
    :param arguments: lose what was read
    :param prefix: how options begin
    :returns: whether help is asked for
    :raises OptionError: where an option does not exist, lacks its value or has a wrong one
    """
    while arguments and arguments[0].startswith(prefix):
        name, equals, value = arguments.pop(0)[len(prefix) :].partition("=")
        shown = prefix + name
        if name == "help":
            return True
        if name == "args":
            break
        option = _BY_NAME.get(name)
        if option is None:
            raise OptionError(f"there is no option {shown!r}: {prefix}help lists them")
        if not option.value and equals:
            raise OptionError(f"{shown} takes no value")
        if option.default is not None:
            value = value if equals else option.default
        elif option.value and not equals:
            if not arguments:
                raise OptionError(f"{shown} needs a value: {option.value}")
            value = arguments.pop(0)
        apply(settings, option, value, shown)
    return False


def read_variable(settings: Settings, text: str, variable: str) -> None:
    """Read the options in an environment variable: separated by blanks, in quotes where they have some.

    :param settings: are changed
    :param text: the variable's value
    :param variable: its name, for messages
    :raises OptionError: as from :func:`read`, and where something is left
    """
    import shlex

    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.escape = ""  # paths of Windows
    try:
        words = list(lexer)
        if read(settings, words, "--"):
            words = ["--help"]
    except ValueError as error:  # of the lexer: a quote without end
        raise OptionError(f"{variable}: {error}") from None
    if words:
        raise OptionError(f"{variable}: {words[0]!r} is no option here")


def help_text(program: str, prefix: str, variable: str) -> str:
    """Describe the options.

    :param program: how the program is called
    :param prefix: how options begin
    :param variable: the environment variable that holds further ones
    """
    from textwrap import wrap

    lines = [
        f"Usage: {ascii(os.path.basename(program))[1:-1]} [{prefix}OPTION]... [{prefix}args] [ARGUMENT]...",
        "",
        "Options before the first ARGUMENT are for the host, all else is for the program.  It has its arguments, the",
        "standard streams, clocks and random numbers, and what these options grant:",
        "",
    ]
    for option in OPTIONS:
        value = f"={option.value}" if option.value else ""
        lines.append(f"  {prefix}{option.name}{value if option.default is None else f'[{value}]'}")
        lines += wrap(option.help, 100, initial_indent=" " * 8, subsequent_indent=" " * 8)
    lines += [
        f"  {prefix}args",
        "        What follows is for the program, whatever it looks like.",
        "",
        *wrap(
            f"The environment variable {variable} may hold options too, such as {variable}='--dir=. --timeout=10'.", 110
        ),
    ]
    return "\n".join(lines) + "\n"
