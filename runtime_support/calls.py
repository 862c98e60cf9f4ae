"""Converting calls across the boundary, built once per function type and specialised by the number of parameters.

Up to three parameters are converted without a loop: that halves the cost of a call.
"""

from __future__ import annotations

from runtime_support.stack import call_host
from runtime_support.values import FROM_RAW, TO_RAW, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from runtime_support.functions import Function
    from runtime_support.types import FuncType
    from runtime_support.values import Converter

    Invoker = Callable[[Function, tuple[Any, ...]], Any]


def _wrong_count(function: Function, arguments: tuple[Any, ...]) -> TypeError:
    params = function.type.params
    wanted = f"{len(params)} argument{'s' * (len(params) != 1)} ({', '.join(params)})" if params else "no arguments"
    return TypeError(f"{function.name}() takes {wanted}, {len(arguments)} given")


def _results_from_raw(results: tuple[str, ...]) -> Converter:
    """Converter of what a raw function returns: ``None``, one value or a tuple."""
    if not results:
        return same
    if len(results) == 1:
        return FROM_RAW[results[0]]
    converters = tuple(FROM_RAW[name] for name in results)
    return lambda values: tuple([convert(value) for convert, value in zip(converters, values)])


def _results_to_raw(name: str, results: tuple[str, ...]) -> Converter:
    """Converter of what a host function returns; without results, whatever it returns is dropped."""
    if not results:
        return lambda value: None
    if len(results) == 1:
        return TO_RAW[results[0]]
    converters = tuple(TO_RAW[result] for result in results)

    def convert_all(values: Any) -> tuple[Any, ...]:
        if not isinstance(values, (tuple, list)) or len(values) != len(converters):
            given = f"{len(values)} values" if isinstance(values, (tuple, list)) else type(values).__name__
            raise TypeError(f"{name} must return a tuple ({', '.join(results)}), not {given}")
        return tuple([convert(value) for convert, value in zip(converters, values)])

    return convert_all


def invoker(params: tuple[str, ...], results: tuple[str, ...]) -> Invoker:
    """Make the function that calls a :class:`Function` of this type: host arguments in, host result out.

    What it returns raises ``TypeError`` for a wrong number of arguments and what the converters raise.
    """
    count = len(params)
    converters = tuple(TO_RAW[name] for name in params)
    leave = _results_from_raw(results)
    first, second, third = (converters + (same,) * 3)[:3]

    def invoke0(function: Function, arguments: tuple[Any, ...]) -> Any:
        if arguments:
            raise _wrong_count(function, arguments)
        return leave(function.raw())

    def invoke1(function: Function, arguments: tuple[Any, ...]) -> Any:
        if len(arguments) != 1:
            raise _wrong_count(function, arguments)
        return leave(function.raw(first(arguments[0])))

    def invoke2(function: Function, arguments: tuple[Any, ...]) -> Any:
        if len(arguments) != 2:
            raise _wrong_count(function, arguments)
        a, b = arguments
        return leave(function.raw(first(a), second(b)))

    def invoke3(function: Function, arguments: tuple[Any, ...]) -> Any:
        if len(arguments) != 3:
            raise _wrong_count(function, arguments)
        a, b, c = arguments
        return leave(function.raw(first(a), second(b), third(c)))

    def invoke(function: Function, arguments: tuple[Any, ...]) -> Any:
        if len(arguments) != count:
            raise _wrong_count(function, arguments)
        return leave(function.raw(*[convert(value) for convert, value in zip(converters, arguments)]))

    return (invoke0, invoke1, invoke2, invoke3)[count] if count < 4 else invoke


def host_to_raw(type: FuncType, function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Make a raw function out of a host callable: raw arguments in, raw result out.

    Its frame is one of the runtime's, so an exception of the host function is never mistaken for a trap.
    """
    converters = tuple(FROM_RAW[param] for param in type.params)
    enter = _results_to_raw(name, type.results)

    def host(*arguments: Any) -> Any:
        return enter(call_host(function, [convert(value) for convert, value in zip(converters, arguments)]))

    return host
