"""Calling one exported function with arguments from a command line, and showing what it returns."""

from __future__ import annotations

from runtime_support import f32_demote
from runtime_support.types import FuncType
from runtime_support.values import TO_RAW

from .settings import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from runtime_support import Module

MOST_LISTED = 20
"""Most functions that a message names."""

_NUMBERS = ("i32", "i64", "f32", "f64")
"""The types whose values can be written on a command line."""


def type_of(module: Module, name: str) -> FuncType:
    """Return the type of an exported function.

    :raises OptionError: where there is no such function, or it takes or returns what a command line cannot show
    """
    functions = {export: type for export, kind, type in module.exports if kind == "func"}
    found = functions.get(name)
    if found is None:
        names = ", ".join([*map(repr, list(functions)[:MOST_LISTED]), *["…"] * (len(functions) > MOST_LISTED)])
        raise OptionError(f"the module exports no function {name!r}, but {names or 'none at all'}")
    assert isinstance(found, FuncType), "functions are exported with their types"
    for type in (*found.params, *found.results):
        if type not in _NUMBERS:
            raise OptionError(f"{name!r} has the type {found}: values of type {type} exist in Python only")
    return found


def read_values(name: str, type: FuncType, texts: Sequence[str]) -> list[Any]:
    """Read the arguments of a function.

    :param name: for messages
    :param type: with number types only
    :param texts: decimal or hexadecimal numbers, of either sign; for floats also ``inf`` and ``nan``
    :raises OptionError: where there are too few or too many, or one is no such number or out of range
    """
    if len(texts) != len(type.params):
        raise OptionError(f"{name!r} has the type {type}: it takes {len(type.params)} arguments, not {len(texts)}")
    return [_read(param, text) for param, text in zip(type.params, texts)]


def show_values(type: FuncType, result: Any) -> Iterator[str]:
    """Yield the results of a function as text, which reads back as the same value.

    :param result: as a host function gets it
    """
    values = result if len(type.results) > 1 else (result,)
    for wanted, value in zip(type.results, values):
        yield _shortest(value) if wanted == "f32" else repr(value)


def _read(type: str, text: str) -> Any:
    try:
        value = _integer(text) if type[0] == "i" else _float(text)
        TO_RAW[type](value)  # checks the range
    except OverflowError as error:
        raise OptionError(str(error)) from None
    except ValueError:
        raise OptionError(f"{type} expected: {text!r} is no number of this type") from None
    return value


def _integer(text: str) -> int:
    return int(text, 16 if text.lower().lstrip("+-").startswith("0x") else 10)


def _float(text: str) -> float:
    return float.fromhex(text) if "0x" in text.lower() else float(text)


def _shortest(value: float) -> str:
    """Return the shortest decimal number that an f32 reads back from."""
    for digits in range(1, 9):
        short = float(f"{value:.{digits}g}")
        if f32_demote(short) == value:
            return repr(short)
    return repr(float(f"{value:.9g}"))
