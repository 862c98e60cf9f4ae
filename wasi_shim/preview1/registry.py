"""The list of preview 1's functions: each registers itself, with its signature, where it is defined."""

from __future__ import annotations

from runtime_support import ExitError, Function, LifecycleError, Trap, functype

from . import errnos

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime_support import FuncType

    from .state import State

    Implementation = Callable[..., "int | None"]

_PASSED_ON = (Trap, ExitError, LifecycleError, RecursionError)
"""Exceptions that are no errnos: they end the program.  The runtime makes a trap of ``RecursionError``."""

_registered: dict[str, tuple[FuncType, Implementation]] = {}


def syscall(parameters: str, results: str = "i32") -> Callable[[Implementation], Implementation]:
    """Register the decorated function under its own name.

    It gets the :class:`State` and the raw arguments (unsigned ints).  It returns an errno, or ``None`` for success, or
    raises: :class:`OSError` and whatever streams or functions of the embedder raise become errnos.

    :param parameters: Wasm types, separated by spaces
    :param results: Wasm types
    """

    def register(implementation: Implementation) -> Implementation:
        _registered[implementation.__name__] = (functype(parameters, results), implementation)
        return implementation

    return register


def bind(state: State) -> dict[str, Function]:
    """Return all registered functions, acting on ``state``, by name."""
    return {
        name: Function(type, _guarded(implementation, state), name)
        for name, (type, implementation) in _registered.items()
    }


def _guarded(implementation: Implementation, state: State) -> Callable[..., int]:
    """Return the raw callable that lets nothing out but :data:`_PASSED_ON`, and Ctrl-C."""

    def call(*arguments: int) -> int:
        try:
            return implementation(state, *arguments) or 0
        except _PASSED_ON:
            raise
        except Exception as error:
            return errnos.from_exception(error)

    return call
