"""Sockets that listen for a program."""

from __future__ import annotations

import socket

from .report import report


def listen(host: str, port: int) -> socket.socket:
    """Make a socket that listens at an address, and tell the port where the system chose it.

    :param host: a name, or an address of version 4 or 6
    :param port: 0 for any that is free
    :raises OSError: where that is not possible; its message names the address
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        made = socket.create_server(address[:2], family=family)
    except (OSError, UnicodeError) as error:  # a name may be none in IDNA
        reason = getattr(error, "strerror", None) or error
        raise OSError(f"cannot listen at {host}:{port}: {reason}") from None
    if not port:
        report(f"note: listening at {host}:{made.getsockname()[1]}")
    return made
