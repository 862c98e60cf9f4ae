"""What an embedder grants to a WASI program."""

from __future__ import annotations

import os

from . import preview1
from .host import clocks as host_clocks
from .host import stdio
from .imports import THREAD_SPAWN, ImportModules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from runtime_support import Function, Instance, Memory

    from .host.descriptor import Descriptor
    from .host.preopens import Directory, MemoryDirectory
    from .preview1.registry import Hook


class _Inherit:
    """The type of :data:`INHERIT`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "INHERIT"


INHERIT = _Inherit()
"""As ``stdin``, ``stdout`` or ``stderr`` of a :class:`Wasi`: the one of this process, at the time of instantiation."""


class Wasi:
    """An immutable description of the world that a program sees; nothing is granted by default, except clocks.

    One description serves any number of instances: each call of :meth:`open` makes new state.  :meth:`replace` makes a
    changed copy.

    :param args: the command line, program name included; text is encoded in UTF-8
    :param env: the environment, names to values
    :param stdin: ``None`` for empty input, bytes, a binary or text stream, or :data:`INHERIT`
    :param stdout: ``None`` to discard it, a binary or text stream, or :data:`INHERIT`
    :param stderr: as ``stdout``
    :param preopens: directories that the program may use, by the names that it knows them by (``/``, ``.``, ``/data``):
        :class:`Directory` or :class:`MemoryDirectory`; they become descriptors 3, 4, … in this order
    :param clock: a function from 0 (realtime, since 1970) or 1 (monotonic) to nanoseconds; ``None`` for the system's
    :param sleep: a function that waits for a number of nanoseconds; ``None`` really waits
    :param random: ``None`` for the system's secure randomness, an int as the seed of a reproducible sequence (begun
        anew in each instance), or a function from a number of bytes to as many bytes
    :param trace: gets a :class:`wasi_shim.trace.Event` after each call, such as a :class:`wasi_shim.trace.Printer`
    :raises ValueError: where an argument or an environment variable cannot be passed: NUL within, ``=`` in a name
    :raises TypeError: where an argument has a wrong type
    """

    __slots__ = ("_fields",)

    _fields: dict[str, Any]

    def __init__(
        self,
        args: Iterable[str | bytes] = (),
        env: Mapping[str, str] | None = None,
        stdin: Any = None,
        stdout: Any = None,
        stderr: Any = None,
        clock: Callable[[int], int] | None = None,
        sleep: Callable[[int], None] | None = None,
        random: int | Callable[[int], bytes] | None = None,
        preopens: Mapping[str, Directory | MemoryDirectory] | None = None,
        trace: Hook | None = None,
    ) -> None:
        if isinstance(args, (str, bytes)):
            raise TypeError("args must be a sequence of arguments, not one string")
        fields = {
            "args": tuple(_c_string(arg, "argument") for arg in args),
            "env": dict(env or {}),
            "stdin": stdin,
            "stdout": stdout,
            "stderr": stderr,
            "clock": clock,
            "sleep": sleep,
            "random": random,
            "preopens": dict(preopens or {}),
            "trace": trace,
        }
        object.__setattr__(self, "_fields", fields)
        self._environ()
        for name, grant in fields["preopens"].items():
            if not hasattr(grant, "open_folder"):
                raise TypeError(f"preopens[{name!r}] must be a Directory or MemoryDirectory, not {grant!r}")
            if not _c_string(name, "name of a directory"):
                raise ValueError("the name of a directory cannot be empty")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Wasi is immutable; replace() makes a changed copy")

    def __repr__(self) -> str:
        given = (f"{name}={value!r}" for name, value in self._fields.items() if value not in (None, (), {}))
        return f"Wasi({', '.join(given)})"

    def replace(self, **changes: Any) -> Wasi:
        """Return a copy with some parameters changed, named and checked as in the constructor."""
        return Wasi(**{**self._fields, **changes})

    def open(
        self, memory: Callable[[], Memory], instance: Instance | None = None
    ) -> Mapping[str, Mapping[str, Function]]:
        """Make the state of one instance.

        :param memory: returns the memory that the instance exports; called when a function first needs it
        :param instance: of which it is the state; ``None`` where the runtime has not made it
        :returns: functions to import by module name and field name
        :raises OSError: where a directory that was granted cannot be opened
        """
        if instance is not None and (THREAD_SPAWN, "func") in {(item[:2], item[2]) for item in instance.module.imports}:
            from .threads import open_state

            state: preview1.State = open_state(memory, instance, self._state)
        else:
            state = preview1.State(memory, **self._state(host_clocks.system_sleep))
        if instance is None:
            return ImportModules(state, self._fields["trace"])
        instance.runner = state.run
        return ImportModules(state, self._fields["trace"], instance.module)

    def _state(self, sleep: Callable[[int], None]) -> dict[str, Any]:
        """Make what :class:`.State` has.

        :param sleep: what waits where nothing else was asked for
        """
        fields = self._fields
        clock = fields["clock"]
        return {
            "args": fields["args"],
            "environ": self._environ(),
            "descriptors": {
                0: stdio.process_input() if fields["stdin"] is INHERIT else stdio.open_input(fields["stdin"]),
                1: _output(fields["stdout"], "stdout"),
                2: _output(fields["stderr"], "stderr"),
                **self._directories(),
            },
            "clock": clock or host_clocks.system_clock,
            "resolution": (lambda _: 1) if clock else host_clocks.system_resolution,
            "sleep": fields["sleep"] or sleep,
            "random": _random_source(fields["random"]),
        }

    def _directories(self) -> dict[int, Descriptor]:
        """Open what was granted."""
        grants = self._fields["preopens"]
        if not grants:
            return {}
        from .host.directory import OpenDirectory

        return {
            number: OpenDirectory(grant.open_folder(), grant.read_only, _c_string(name, "name of a directory"))
            for number, (name, grant) in enumerate(grants.items(), preview1.FIRST_NUMBER)
        }

    def _environ(self) -> tuple[bytes, ...]:
        """Return the environment as ``NAME=value`` strings, checked."""
        return tuple(_variable(name, value) for name, value in self._fields["env"].items())


def _c_string(text: str | bytes, what: str) -> bytes:
    """Encode text that C programs will read up to its first NUL."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else bytes(text)
    if 0 in data:
        raise ValueError(f"{what} {data!r} has a NUL within")
    return data


def _variable(name: str, value: str) -> bytes:
    if not name or "=" in name:
        raise ValueError(f"{name!r} cannot be the name of an environment variable")
    return _c_string(f"{name}={value}", "environment variable")


def _output(sink: Any, name: str) -> Descriptor:
    return stdio.process_output(name) if sink is INHERIT else stdio.open_output(sink)


def _random_source(random: int | Callable[[int], bytes] | None) -> Callable[[int], bytes]:
    if random is None:
        return os.urandom
    if callable(random):
        return random
    from random import Random  # this import costs more than all others together

    return Random(random).randbytes
