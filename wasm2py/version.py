"""The version: read by the build, the command line and the header of generated modules."""

from __future__ import annotations

__version__ = "0.1.0"
