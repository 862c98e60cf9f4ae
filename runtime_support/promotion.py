"""Functions that PyPy's compiler takes for constants.

For a function out of a list it compiles what the function's code does; the function itself, its variables and what they
hold are read and checked at every call.  A method of a class is a constant where the class of the object is known: one
comparison, and the rest is known too.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from runtime_support.functions import Function


class _Promoted:
    """An object that is called like the function that its class has as ``__call__``."""

    __slots__ = ()
    if TYPE_CHECKING:
        __call__: Callable[..., Any]


def promoted(function: Function) -> Callable[..., Any]:
    """What to call instead of ``function.raw``: an object of a class of its own, made once for each raw function.

    As on the functions of :mod:`runtime_support.tail_calls`, ``body`` is what is called in tail position.
    """
    raw = function.raw
    known: _Promoted | None = function.promoted
    if known is None or known.__call__ is not raw:
        body = getattr(raw, "body", raw)
        methods = {"__slots__": (), "__call__": staticmethod(raw), "body": staticmethod(body)}
        known = function.promoted = type("Promoted", (_Promoted,), methods)()
    return known
