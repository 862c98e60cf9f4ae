"""What an instance imports of WASI: the functions of each version, made when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from . import preview1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime_support import Function

    from .preview1.registry import Hook, Registry

PREVIEW_0 = "wasi_unstable"
"""The module name of preview 0."""

NAMES = (preview1.MODULE_NAME, PREVIEW_0)
"""The import modules that there are."""


class ImportModules(Mapping[str, "Mapping[str, Function]"]):
    """Import modules by name, all over one state.

    :param state: what the functions act on
    :param hook: gets a :class:`wasi_shim.trace.Event` after each call
    """

    __slots__ = ("_bound", "_hook", "_state")

    def __init__(self, state: preview1.State, hook: Hook | None) -> None:
        self._state = state
        self._hook = hook
        self._bound: dict[str, Mapping[str, Function]] = {}

    def __getitem__(self, name: str) -> Mapping[str, Function]:
        if name not in self._bound:
            self._bound[name] = _registry(name).bind(self._state, self._hook)
        return self._bound[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


def _registry(name: str) -> Registry:
    """Return the functions of an import module; what only old programs need is imported when one asks for it."""
    if name == preview1.MODULE_NAME:
        return preview1.REGISTRY
    if name == PREVIEW_0:
        from . import preview0

        return preview0.REGISTRY
    raise KeyError(name)
