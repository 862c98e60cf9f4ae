"""One run of a module, from its instance to its exit status."""

from __future__ import annotations

import os
import sys

from runtime_support import ExitError

from .settings import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runtime_support import Module

    from ..config import Wasi
    from .settings import Settings


def run(module: Module, settings: Settings, name: str, arguments: Sequence[str], wasi: Wasi | None = None) -> int:
    """Run a module and return its exit status: what the program passed to ``proc_exit``, or one of :mod:`.report`.

    A command is started, and a reactor initialised; with ``settings.invoke`` that function is called instead of
    ``_start``, and its results are printed.  What goes wrong is told on standard error.

    :param module: the module
    :param settings: how it is run, and what it is granted
    :param name: the program's name, where the settings have none
    :param arguments: the command line without it, which is also what an invoked function gets
    :param wasi: what the program sees, instead of what the settings grant
    """
    try:
        main = _main(module, settings, arguments)
        world = settings.wasi(name, arguments) if wasi is None else wasi
        if settings.timeout is None:
            main(world)
        else:
            from .watchdog import Watchdog

            with Watchdog(settings.timeout):
                main(world)
    except ExitError as end:
        return _status_of(end.code)
    except BaseException as error:
        from .report import status_after  # only what goes wrong waits for this import

        return status_after(error)
    finally:
        settings.close()
    return 0


def _status_of(code: int) -> int:
    """Return an exit status of preview 1 as Python wants it: 32 bits wide as on Windows, where they are signed."""
    return (code + (1 << 31) & 0xFFFF_FFFF) - (1 << 31)


def close_output() -> None:
    """Flush standard output now: what still fails when Python ends is reported with a traceback and status 120."""
    if sys.stdout is None or sys.stdout.closed:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _main(module: Module, settings: Settings, arguments: Sequence[str]) -> Callable[[Wasi], object]:
    """Return what makes an instance and runs it.

    :raises OptionError: where nothing in the module can be run so
    """
    names = [name for name, kind, _ in module.exports if kind == "func"]
    if settings.invoke is not None:
        return _invocation(module, settings, arguments)
    if "_start" in names and "_initialize" in names:
        advice = f"name the one to run with {settings.prefix}invoke"
        raise OptionError(f"module {module.name!r} exports both _start and _initialize: {advice}")
    if "_start" not in names and "_initialize" not in names:
        advice = f"import it, or name a function with {settings.prefix}invoke"
        raise OptionError(f"module {module.name!r} is no program (it exports no function _start): {advice}")
    start = ("_start",) if "_start" in names else ("_initialize",)
    return lambda wasi: module.instantiate({}, wasi=wasi, start=start, max_memory=settings.max_memory)


def _invocation(module: Module, settings: Settings, arguments: Sequence[str]) -> Callable[[Wasi], object]:
    from . import invoke
    from .report import show

    name = settings.invoke or ""
    type = invoke.type_of(module, name)
    values = invoke.read_values(name, type, arguments)
    start = () if name == "_initialize" else ("_initialize",)

    def main(wasi: Wasi) -> None:
        limit = settings.max_memory
        made = module.instantiate({}, wasi=wasi, start=start, command_and_reactor=True, max_memory=limit)
        show("".join([f"{line}\n" for line in invoke.show_values(type, made.exports[name](*values))]))

    return main
