"""WASI for transpiled modules: what a program may see of the world, and how it is run as a command."""

from .command import run_command
from .config import INHERIT, Wasi

__all__ = ["INHERIT", "Wasi", "run_command"]
