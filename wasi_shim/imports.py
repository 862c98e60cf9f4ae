"""What an instance imports of WASI: the functions of each version, and what threads need, made when asked for."""

from __future__ import annotations

from collections.abc import Mapping

from runtime_support import Function, functype

from . import preview1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from runtime_support import Module

    from .preview1.registry import Hook, Registry

PREVIEW_0 = "wasi_unstable"
"""The module name of preview 0."""

NAMES = (preview1.MODULE_NAME, PREVIEW_0)
"""The import modules of the versions of WASI."""


THREAD_SPAWN = ("wasi", "thread-spawn")
"""The module name and the field name of wasi-threads' one function."""


class ImportModules(Mapping[str, "Mapping[str, Any]"]):
    """Import modules by name, all over one state.

    :param state: what the functions act on
    :param hook: gets a :class:`wasi_shim.trace.Event` after each call
    :param module: gets the shared memories that it imports, as wasi-threads has it
    """

    __slots__ = ("_bound", "_hook", "_memories", "_names", "_state")

    def __init__(self, state: preview1.State, hook: Hook | None, module: Module | None = None) -> None:
        declarations = () if module is None else module.imports
        self._memories = [item for item in declarations if item[2] == "memory" and item[3][4:] == (True,)]
        threads = () if state.spawn is None else THREAD_SPAWN[:1]
        self._names = tuple(dict.fromkeys([*NAMES, *threads, *(item[0] for item in self._memories)]))
        self._state = state
        self._hook = hook
        self._bound: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        if name not in self._bound:
            if name not in self._names:
                raise KeyError(name)
            self._bound[name] = self._bind(name)
        return self._bound[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _bind(self, name: str) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        if name in NAMES:
            found.update(_registry(name).bind(self._state, self._hook))
        elif name == THREAD_SPAWN[0] and self._state.spawn is not None:
            spawn = self._state.spawn
            if self._hook is not None:
                from .trace import traced_spawn

                spawn = traced_spawn(spawn, self._hook)
            found[THREAD_SPAWN[1]] = Function(functype("i32", "i32"), spawn, THREAD_SPAWN[1])
        for module, field, _, type in self._memories:
            if module == name:
                from runtime_support.threads import SharedMemory

                minimum, maximum, address_type, page_size, _ = type
                found[field] = SharedMemory(minimum, maximum, page_size=page_size, address_type=address_type)
        return found


def _registry(name: str) -> Registry:
    """Return the functions of a version of WASI; what only old programs need is imported when one asks for it."""
    if name == preview1.MODULE_NAME:
        return preview1.REGISTRY
    from . import preview0

    return preview0.REGISTRY
