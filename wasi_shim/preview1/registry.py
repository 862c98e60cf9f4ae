"""The list of a preview's functions: each registers itself, with its signature, where it is defined."""

from __future__ import annotations

from runtime_support import ExitError, Function, LifecycleError, Trap, functype

from . import errnos

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .state import State

    Implementation = Callable[..., "int | None"]
    Hook = Callable[[Any], object]

_WIDE = frozenset({"dircookie", "filedelta", "filesize", "rights", "timestamp"})
"""The types of 64 bits that are passed by value; all others are passed as an i32."""


class Call:
    """A registered function.

    :ivar name: its name
    :ivar signature: the types of its parameters; see :meth:`Registry.syscall`
    :ivar type: its type in Wasm
    :ivar implementation: what does the work
    """

    __slots__ = ("implementation", "name", "signature", "type")

    def __init__(self, implementation: Implementation, signature: str, results: str) -> None:
        self.name = implementation.__name__
        self.signature = tuple(signature.split())
        self.type = functype(" ".join(["i64" if type in _WIDE else "i32" for type in self.signature]), results)
        self.implementation = implementation


class Registry:
    """The functions of one version of WASI.

    :param inherited: functions of another one, which this one has unchanged unless it registers them anew
    """

    __slots__ = ("calls",)

    def __init__(self, inherited: Iterable[Call] = ()) -> None:
        self.calls = {call.name: call for call in inherited}

    def syscall(self, signature: str, results: str = "i32") -> Callable[[Implementation], Implementation]:
        """Register the decorated function under its own name.

        It gets the :class:`State` and the raw arguments (unsigned ints).  It returns an errno, or ``None`` for success,
        or raises: :class:`OSError` and whatever streams or functions of the embedder raise become errnos.

        :param signature: the types of its parameters, one word each, in the spelling of WASI's own description.  A
            star stands for the address where a value of that type goes; ``path length``, ``ciovecs length`` and
            ``*buffer length`` are two parameters that belong together.
        :param results: Wasm types
        """

        def register(implementation: Implementation) -> Implementation:
            self.calls[implementation.__name__] = Call(implementation, signature, results)
            return implementation

        return register

    def bind(self, state: State, hook: Hook | None = None) -> dict[str, Function]:
        """Return all registered functions, acting on ``state``, by name.

        :param hook: gets a :class:`wasi_shim.trace.Event` after each call
        """
        raw = {name: _guarded(call, state) for name, call in self.calls.items()}
        if hook is not None:
            from ..trace import traced

            raw = {name: traced(self.calls[name], function, state, hook) for name, function in raw.items()}
        return {name: Function(call.type, state.around(raw[name]), name) for name, call in self.calls.items()}


def _guarded(call: Call, state: State) -> Callable[..., int]:
    """Return the raw callable, which lets nothing out but :class:`Trap` and :class:`ExitError`, and Ctrl-C."""
    implementation = call.implementation

    def guarded(*arguments: int) -> int:
        try:
            return implementation(state, *arguments) or 0
        except (Trap, ExitError):
            raise
        except LifecycleError as error:
            raise Trap(str(error)) from None
        except RecursionError:
            raise Trap("call stack exhausted") from None
        except Exception as error:
            return errnos.from_exception(error)

    return guarded


REGISTRY = Registry()
"""The functions of preview 1."""

syscall = REGISTRY.syscall
