"""WASI preview 0 (``wasi_unstable``), which programs of 2019 and 2020 import.

It is preview 1 with other layouts in a few places: what differs is here, converts, and calls preview 1; all else is
preview 1's own.
"""

from __future__ import annotations

from . import filestat, poll, transfer
from .registry import REGISTRY

__all__ = ["REGISTRY", "filestat", "poll", "transfer"]
