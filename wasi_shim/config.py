"""What an embedder grants to a WASI program."""

from __future__ import annotations

import os
from collections.abc import Mapping

from . import preview1
from .host import stdio
from .host.clocks import REALTIME, Clocks, FakeClocks
from .imports import THREAD_SPAWN, ImportModules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from socket import socket
    from typing import Any

    from runtime_support import Function, Instance, Memory

    from .host.descriptor import Descriptor
    from .host.folder import Folder
    from .host.preopens import Directory, MemoryDirectory
    from .preview1.registry import Hook

    Grant = Directory | MemoryDirectory | Mapping[str, bytes]


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
    changed copy.  :meth:`deterministic` makes a world in which every run is the same.

    :param args: the command line, program name included; text is encoded in UTF-8
    :param env: the environment, names to values
    :param inherit_env: ``True`` for the environment of this process, or the names of those of its variables that the
        program may see; both as they are at the time of instantiation, and ``env`` goes before
    :param stdin: ``None`` for empty input, bytes, a binary or text stream, or :data:`INHERIT`
    :param stdout: ``None`` to discard it, a binary or text stream, or :data:`INHERIT`
    :param stderr: as ``stdout``
    :param preopens: directories that the program may use, by the names that it knows them by (``/``, ``.``, ``/data``):
        :class:`Directory`, :class:`MemoryDirectory`, or contents by path, for files in memory that each instance has
        for itself; they become descriptors 3, 4, … in this order
    :param clocks: ``None`` for the system's, or others, such as :class:`FakeClocks`
    :param random: ``None`` for the system's secure randomness, an int as the seed of a reproducible sequence (begun
        anew in each instance), or a function from a number of bytes to as many bytes
    :param allow_sockets: sockets that the program may use: connections, listening ones, whose connections it may
        accept, or datagrams; they become the descriptors after the directories, and stay open at the end
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
        clocks: Clocks | None = None,
        random: int | Callable[[int], bytes] | None = None,
        preopens: Mapping[str, Grant] | None = None,
        inherit_env: bool | Iterable[str] = False,
        allow_sockets: Iterable[socket] = (),
        trace: Hook | None = None,
    ) -> None:
        if isinstance(args, (str, bytes)):
            raise TypeError("args must be a sequence of arguments, not one string")
        if isinstance(inherit_env, (str, bytes)):
            raise TypeError("inherit_env must be True, False or a sequence of names, not one string")
        if not isinstance(clocks, (Clocks, type(None))):
            raise TypeError(f"clocks must be a Clocks, not {clocks!r}")
        fields = {
            "args": tuple(_c_string(arg, "argument") for arg in args),
            "env": dict(env or {}),
            "stdin": stdin,
            "stdout": stdout,
            "stderr": stderr,
            "clocks": clocks,
            "random": random,
            "preopens": dict(preopens or {}),
            "inherit_env": inherit_env if isinstance(inherit_env, bool) else tuple(inherit_env),
            "trace": trace,
            "allow_sockets": tuple(allow_sockets),
        }
        object.__setattr__(self, "_fields", fields)
        self._environ()
        for number, given in enumerate(fields["allow_sockets"]):
            if not hasattr(given, "recv"):
                raise TypeError(f"allow_sockets[{number}] must be a socket, not {given!r}")
        for name, grant in fields["preopens"].items():
            if not _is_grant(grant):
                wanted = "a Directory, a MemoryDirectory or contents by path"
                raise TypeError(f"preopens[{name!r}] must be {wanted}, not {grant!r}")
            if not _c_string(name, "name of a directory"):
                raise ValueError("the name of a directory cannot be empty")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Wasi is immutable; replace() makes a changed copy")

    def __repr__(self) -> str:
        unset = ("None", "False", "()", "{}")
        shown = ((name, repr(value)) for name, value in self._fields.items())
        given = (f"{name}={text}" for name, text in shown if text not in unset)
        return f"Wasi({', '.join(given)})"

    @classmethod
    def deterministic(cls, **changes: Any) -> Wasi:
        """Make a world in which a program does the same in each run, byte by byte.

        Clocks are :class:`FakeClocks`, random numbers begin with a fixed seed, and the root directory is in memory,
        empty, and anew for each instance.  No variable and no stream of this process is seen.

        :param changes: parameters that are to be different, as in the constructor
        """
        return cls(clocks=FakeClocks(), random=0, preopens={"/": {}}).replace(**changes)

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
        imports = () if instance is None else instance.module.imports
        if instance is not None and THREAD_SPAWN in {item[:2] for item in imports if item[2] in ("func", "exact func")}:
            from .threads import open_state

            state: preview1.State = open_state(memory, instance, self._state)
        else:
            state = preview1.State(memory, **self._state(Clocks()))
        if instance is None:
            return ImportModules(state, self._fields["trace"])
        instance.runner = state.run
        return ImportModules(state, self._fields["trace"], instance.module)

    def _state(self, clocks: Clocks) -> dict[str, Any]:
        """Make what :class:`.State` has.

        :param clocks: what tells the time where nothing else was asked for
        """
        fields = self._fields
        clocks = (fields["clocks"] or clocks).open()
        return {
            "args": fields["args"],
            "environ": self._environ(),
            "descriptors": {
                0: stdio.process_input() if fields["stdin"] is INHERIT else stdio.open_input(fields["stdin"]),
                1: _output(fields["stdout"], "stdout"),
                2: _output(fields["stderr"], "stderr"),
                # wasi-libc looks for directories up to the first number that is none.
                **dict(enumerate([*self._directories(clocks), *self._sockets()], preview1.FIRST_NUMBER)),
            },
            "clocks": clocks,
            "random": _random_source(fields["random"]),
        }

    def _directories(self, clocks: Clocks) -> list[Descriptor]:
        """Open the directories that were granted; ``clocks`` are the instance's."""
        grants = self._fields["preopens"]
        if not grants:
            return []
        from .host.directory import OpenDirectory

        return [
            OpenDirectory(
                _open_folder(grant, clocks), getattr(grant, "read_only", False), _c_string(name, "name of a directory")
            )
            for name, grant in grants.items()
        ]

    def _sockets(self) -> list[Descriptor]:
        """Take the sockets that were granted."""
        granted = self._fields["allow_sockets"]
        if not granted:
            return []
        from .host.sockets import Socket

        return [Socket(given) for given in granted]

    def _environ(self) -> tuple[bytes, ...]:
        """Return the environment as ``NAME=value`` strings, checked."""
        variables = {**_inherited(self._fields["inherit_env"]), **self._fields["env"]}
        return tuple(_variable(name, value) for name, value in variables.items())


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


def _inherited(wanted: bool | tuple[str, ...]) -> dict[str, str]:
    """Return variables of this process; those that Windows keeps under names with ``=`` cannot be passed on."""
    if isinstance(wanted, bool):
        return {name: value for name, value in os.environ.items() if name and "=" not in name} if wanted else {}
    return {name: os.environ[name] for name in wanted if name in os.environ}


def _is_grant(grant: Any) -> bool:
    if isinstance(grant, Mapping):
        return all(isinstance(path, str) and isinstance(data, (bytes, bytearray)) for path, data in grant.items())
    return hasattr(grant, "open_folder")


def _open_folder(grant: Any, clocks: Clocks) -> Folder:
    if not isinstance(grant, Mapping):
        opened: Folder = grant.open_folder()
        return opened
    from .host.preopens import MemoryDirectory

    return MemoryDirectory(grant, clock=lambda: clocks.now(REALTIME)).open_folder()


def _output(sink: Any, name: str) -> Descriptor:
    return stdio.process_output(name) if sink is INHERIT else stdio.open_output(sink)


def _random_source(random: int | Callable[[int], bytes] | None) -> Callable[[int], bytes]:
    if random is None:
        return os.urandom
    if callable(random):
        return random
    from random import Random  # this import costs more than all others together

    return Random(random).randbytes
