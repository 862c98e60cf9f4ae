"""The list of preview 0's functions: those of preview 1 that it had, some of them registered anew."""

from __future__ import annotations

from ..preview1 import REGISTRY as PREVIEW_1
from ..preview1.registry import Registry

REGISTRY = Registry(call for call in PREVIEW_1.calls.values() if call.name != "sock_accept")
"""The functions of preview 0."""

syscall = REGISTRY.syscall
