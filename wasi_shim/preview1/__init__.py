"""WASI preview 1 (``wasi_snapshot_preview1``).

A call lives in the file of its family and registers itself there; importing the families fills the registry.
"""

from __future__ import annotations

from . import args, clock, environ, fd, poll, proc, random, unbuilt
from .registry import bind as functions
from .state import State

MODULE_NAME = "wasi_snapshot_preview1"
"""The module name under which programs import these functions."""

__all__ = ["MODULE_NAME", "State", "args", "clock", "environ", "fd", "functions", "poll", "proc", "random", "unbuilt"]
