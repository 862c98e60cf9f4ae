"""Calls in tail position that use no stack (spec, section 4.6.11: ``return_call``).

A function that ends in such a call returns a :class:`TailCall` instead of calling; the wrapper around it goes on with
that.  Ordinary calls and functions pay nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class TailCall:
    """What to call next: a raw callable and its raw arguments."""

    __slots__ = ("arguments", "function")

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.function = function
        self.arguments = arguments


def tail_caller(body: Callable[..., Any]) -> Callable[..., Any]:
    """The raw callable of a function whose ``body`` may return a :class:`TailCall`."""

    def call(*arguments: Any) -> Any:
        result = body(*arguments)
        while result.__class__ is TailCall:
            function = result.function
            result = getattr(function, "body", function)(*result.arguments)
        return result

    call.body = body  # type: ignore[attr-defined]  # functions have attributes
    return call
