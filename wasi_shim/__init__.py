"""WASI for transpiled modules: what a program may see of the world, and how it is run as a command."""

from __future__ import annotations

from .command import run_command
from .config import INHERIT, Wasi
from .host.clocks import Clocks, FakeClocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .host.preopens import Directory, MemoryDirectory

__all__ = ["INHERIT", "Clocks", "Directory", "FakeClocks", "MemoryDirectory", "Wasi", "run_command"]


def __getattr__(name: str) -> Any:
    """Import what only programs with files need when it is first asked for: every program would wait for it."""
    if name in ("Directory", "MemoryDirectory"):
        from .host import preopens

        return getattr(preopens, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
