"""The options of a program for its host: their names, and what they mean.

This is the one list of them: ``wasm2py run`` makes its own options of it, and :mod:`.command_line` reads them for
``python mod.py``.
"""

from __future__ import annotations

import os

from .settings import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .settings import Settings

PAGE = 65536
"""Bytes in a page, as units of memory."""

_UNITS_OF_TIME = (("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600))
_UNITS_OF_SIZE = {"": 1, "b": 1, "page": PAGE, "pages": PAGE}
for _power, _letter in enumerate("kmg", 1):
    _UNITS_OF_SIZE.update(dict.fromkeys((_letter, f"{_letter}b", f"{_letter}ib"), 1 << 10 * _power))


class Option:
    """An option.

    :param name: what follows the prefix
    :param value: what its value looks like; ``""`` for an option without a value
    :param help: one or two sentences
    :param apply: changes the settings by the value's text; raises :class:`OptionError`
    :param repeatable: whether each occurrence counts, not just the last
    :param default: the value where none is given, if that is allowed; otherwise it has to follow an equals sign
    """

    __slots__ = ("apply", "default", "help", "name", "repeatable", "value")

    def __init__(
        self,
        name: str,
        value: str,
        help: str,
        apply: Callable[[Settings, str], None],
        *,
        repeatable: bool = False,
        default: str | None = None,
    ) -> None:
        self.name = name
        self.default = default
        self.value = value
        self.help = help
        self.apply = apply
        self.repeatable = repeatable


def _dir(settings: Settings, text: str) -> None:
    granted, read_only = (text[:-3], True) if text.endswith(":ro") else (text, False)
    host, named, guest = granted.partition("::")
    if not host or (named and not guest):
        raise OptionError(f"{text!r} names no directory: write HOST, HOST::GUEST or HOST::GUEST:ro")
    if not os.path.isdir(host):
        raise OptionError(f"{host!r} is not a directory" if os.path.exists(host) else f"{host!r} does not exist")
    if (guest or host) in settings.directories:
        raise OptionError(f"two directories are granted as {guest or host!r}")
    settings.directories[guest or host] = (host, read_only)


def _env(settings: Settings, text: str) -> None:
    name, given, value = text.partition("=")
    if not name:
        raise OptionError(f"{text!r} names no variable: write NAME=VALUE, or NAME to pass it on")
    if given:
        settings.env[name] = value
    else:
        settings.passed_on.append(name)


def _inherit_env(settings: Settings, text: str) -> None:
    settings.inherit_env = True


def _argv0(settings: Settings, text: str) -> None:
    settings.argv0 = text


def _invoke(settings: Settings, text: str) -> None:
    settings.invoke = text


def _listen(settings: Settings, text: str) -> None:
    host, _, port = text.rpartition(":")
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not (
        host and host.isprintable() and port.isascii() and port.isdigit() and len(port) < 6 and int(port) < 1 << 16
    ):
        raise OptionError(f"{text!r} is no address: write HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080")
    settings.addresses.append((host, int(port)))


def _deterministic(settings: Settings, text: str) -> None:
    settings.deterministic = True


def _timeout(settings: Settings, text: str) -> None:
    number, factor = text, 1.0
    for unit, seconds in _UNITS_OF_TIME:
        if text.endswith(unit):
            number, factor = text[: -len(unit)], seconds
            break
    try:
        timeout = float(number) * factor
    except ValueError:
        raise OptionError(f"{text!r} is no duration: write seconds, or a number with ms, s, m or h") from None
    if not 0 < timeout < float("inf"):
        raise OptionError(f"{text!r} is no duration above 0")
    settings.timeout = timeout


def _max_memory(settings: Settings, text: str) -> None:
    unit = text.lstrip("0123456789")
    digits = text[: len(text) - len(unit)]
    factor = _UNITS_OF_SIZE.get(unit.strip().lower())
    if factor is None or not 0 < len(digits) < 20:
        raise OptionError(f"{text!r} is no size: write bytes, or a number with KiB, MiB, GiB or pages (of 64 KiB)")
    settings.max_memory = int(digits) * factor


def _trace(settings: Settings, text: str) -> None:
    from ..trace import parse_categories

    try:
        parse_categories(text)
    except ValueError as error:
        raise OptionError(str(error)) from None
    settings.trace = text


OPTIONS = (
    Option(
        "dir",
        "HOST[::GUEST][:ro]",
        "Grant the program the directory HOST, which it knows as GUEST, or by the same name; with :ro it can change "
        "nothing there. Repeatable.",
        _dir,
        repeatable=True,
    ),
    Option(
        "env",
        "NAME[=VALUE]",
        "Set a variable of the program's environment, or pass on the one that is set here. Repeatable.",
        _env,
        repeatable=True,
    ),
    Option("inherit-env", "", "Pass on the whole environment.", _inherit_env),
    Option("argv0", "NAME", "What the program sees as its own name.", _argv0),
    Option(
        "invoke",
        "FUNCTION",
        "Call this exported function with the arguments, decimal or hexadecimal numbers, and print its results, one on "
        "a line.",
        _invoke,
    ),
    Option(
        "listen",
        "HOST:PORT",
        "Grant the program a socket that listens there, as descriptor 3 or the next after its directories; port 0 is "
        "any that is free. Repeatable.",
        _listen,
        repeatable=True,
    ),
    Option(
        "deterministic",
        "",
        "Make every run the same: fake clocks, random numbers with a fixed seed, an empty root directory in memory.",
        _deterministic,
    ),
    Option(
        "timeout",
        "SECONDS",
        "End the program after this time, with exit status 124; also 500ms, 10s, 5m, 1h.",
        _timeout,
    ),
    Option(
        "max-memory",
        "SIZE",
        "Most memory that the program may have, in bytes, or as in 64KiB, 16MiB, 1GiB, 100pages.",
        _max_memory,
    ),
    Option(
        "trace",
        "CALLS",
        "Print the program's calls on standard error; only some with a list of: "
        "clock, filesystem, poll, process, random, socket.",
        _trace,
        default="all",
    ),
)
"""Every option, in the order of help texts."""


def apply(settings: Settings, option: Option, text: str, shown: str) -> None:
    """Change the settings by one option.

    :param text: its value
    :param shown: the option as the user wrote it, for messages
    :raises OptionError: where the value makes no sense
    """
    try:
        option.apply(settings, text)
    except OptionError as error:
        raise OptionError(f"{shown}: {error}") from None
