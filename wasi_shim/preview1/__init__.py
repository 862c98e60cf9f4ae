"""WASI preview 1 (``wasi_snapshot_preview1``).

A call lives in the file of its family and registers itself there; importing the families fills the registry.
"""

from __future__ import annotations

from . import args, clock, environ, fd, filestat, path, poll, proc, random, readdir, sock, transfer
from .registry import REGISTRY
from .state import FIRST_NUMBER, State

MODULE_NAME = "wasi_snapshot_preview1"
"""The module name under which programs import these functions."""

__all__ = [
    "FIRST_NUMBER",
    "MODULE_NAME",
    "REGISTRY",
    "State",
    "args",
    "clock",
    "environ",
    "fd",
    "filestat",
    "path",
    "poll",
    "proc",
    "random",
    "readdir",
    "sock",
    "transfer",
]
