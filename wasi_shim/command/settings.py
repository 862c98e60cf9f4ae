"""What the user of a program grants it, and how it is to be run."""

from __future__ import annotations

import sys

from ..config import INHERIT, Wasi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from socket import socket
    from typing import Any


class OptionError(ValueError):
    """An option makes no sense, or not with this module; the message is one line."""


class Settings:
    """The settings of one run; as they are made, nothing is granted but the arguments and the standard streams.

    :param prefix: how options begin on the command line that these settings are read from, for messages
    :ivar directories: for each name in the program the host's path and whether it is read-only
    :ivar env: variables of the environment
    :ivar inherit_env: whether the program sees all variables of this process, below ``env``
    :ivar passed_on: names of those that it sees otherwise
    :ivar addresses: hosts and ports to listen at, each for a socket
    :ivar argv0: the program's name, where it is not to be the usual one
    :ivar invoke: the exported function to call with the arguments, instead of running the program
    :ivar deterministic: whether clocks, random numbers and a root directory in memory are the same in each run
    :ivar timeout: seconds that the program may run
    :ivar max_memory: bytes that its memories may have together
    :ivar trace: which of its calls to print on standard error, for :class:`wasi_shim.trace.Printer`
    """

    __slots__ = (
        "_sockets",
        "addresses",
        "argv0",
        "deterministic",
        "directories",
        "env",
        "inherit_env",
        "invoke",
        "max_memory",
        "passed_on",
        "prefix",
        "timeout",
        "trace",
    )

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._sockets: list[socket] = []
        self.addresses: list[tuple[str, int]] = []
        self.directories: dict[str, tuple[str, bool]] = {}
        self.env: dict[str, str] = {}
        self.inherit_env = False
        self.passed_on: list[str] = []
        self.argv0: str | None = None
        self.invoke: str | None = None
        self.deterministic = False
        self.timeout: float | None = None
        self.max_memory: int | None = None
        self.trace: str | None = None

    def wasi(self, name: str, arguments: Iterable[str]) -> Wasi:
        """Describe the world that these settings grant.

        :param name: the program's name, where there is no :attr:`argv0`
        :param arguments: the command line without it
        :raises OptionError: where one of them cannot be passed
        :raises OSError: where an address cannot be listened at
        """
        args = [name if self.argv0 is None else self.argv0, *arguments]
        base = Wasi.deterministic() if self.deterministic else Wasi()
        try:
            return base.replace(
                args=args,
                env=self.env,
                inherit_env=self.inherit_env or self.passed_on,
                stdin=INHERIT,
                stdout=INHERIT,
                stderr=INHERIT,
                **self._grants(),
            )
        except ValueError as error:
            raise OptionError(str(error)) from None

    def close(self) -> None:
        """Close what was opened for the world."""
        for opened in self._sockets:
            opened.close()

    def _grants(self) -> dict[str, Any]:
        """Return what costs imports that most programs need not wait for."""
        grants: dict[str, Any] = {}
        if self.directories:
            from ..host.preopens import Directory

            grants["preopens"] = {"/": {}} if self.deterministic else {}
            for guest, (host, read_only) in self.directories.items():
                grants["preopens"][guest] = Directory(host, read_only=read_only)
        if self.addresses:
            from .listening import listen

            for host, port in self.addresses:
                self._sockets.append(listen(host, port))
            grants["allow_sockets"] = self._sockets
        if self.trace is not None:
            from ..trace import Printer

            grants["trace"] = Printer(sys.stderr, self.trace)
        return grants
