"""Values and patterns of the suite's JSON, as host values; comparisons are of bits."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from runtime_support import Function, f32_from_bits, f32_to_bits
from runtime_support.gc import ARRAY, EQ, I31, STRUCT

Json = dict[str, Any]


@dataclass(frozen=True, eq=False)
class HostReference:
    """A host object, told from others by its number only."""

    number: int


@cache
def host_reference(number: int) -> HostReference:
    """The host object of that number, the same one each time."""
    return HostReference(number)


def f64_from_bits(bits: int) -> float:
    """The float of 64 bits."""
    value: float = struct.unpack("<d", bits.to_bytes(8, "little"))[0]
    return value


def _f64_to_bits(value: float) -> int:
    return int.from_bytes(struct.pack("<d", value), "little")


class UnknownValue(Exception):
    """A value or pattern of a type that the runner does not know: only proposals that are not built yet have them."""


def argument(value: Json) -> Any:
    """An argument of an action as host value."""
    kind = value["type"]
    if kind in ("i32", "i64"):
        return int(value["value"])
    if kind == "f32":
        return f32_from_bits(int(value["value"]))
    if kind == "f64":
        return f64_from_bits(int(value["value"]))
    if kind == "v128":
        return b"".join(int(lane).to_bytes(_LANES[value["lane_type"]] // 8, "little") for lane in value["value"])
    if value.get("value") == "null":
        return None
    if kind in ("externref", "anyref"):
        return host_reference(int(value["value"]))
    raise UnknownValue(kind)


_CLASSES = {"eqref": EQ, "i31ref": I31, "structref": STRUCT, "arrayref": ARRAY}
_LANES = {"i8": 8, "i16": 16, "i32": 32, "i64": 64, "f32": 32, "f64": 64}
_WIDTH = {"i32": 32, "i64": 64, "f32": 32, "f64": 64}
_QUIET = {"f32": 1 << 22, "f64": 1 << 51}
_INFINITY = {"f32": 0xFF << 23, "f64": 0x7FF << 52}


def bits(kind: str, value: Any) -> int:
    """A number as its bits.

    :raises TypeError: it is no host value of the type ``kind``
    """
    if kind in ("i32", "i64"):
        width = _WIDTH[kind]
        if type(value) is not int or not -(1 << width - 1) <= value < 1 << width - 1:
            raise TypeError(f"{value!r} is no {kind}")
        return value & (1 << width) - 1
    if type(value) is not float:
        raise TypeError(f"{value!r} is no {kind}")
    if kind == "f64":
        return _f64_to_bits(value)
    image: int = f32_to_bits(value)
    # Exactness: a value that has no 32-bit form would pass for its rounded one.
    if _f64_to_bits(f32_from_bits(image)) != _f64_to_bits(value):
        raise TypeError(f"{value!r} is no f32")
    return image


def _bits_match(kind: str, wanted: str, given: int) -> bool:
    """Whether the bits of a number or lane are what the pattern wants."""
    if wanted in ("nan:canonical", "nan:arithmetic"):
        quiet = _INFINITY[kind] | _QUIET[kind]
        magnitude = given & (1 << _WIDTH[kind] - 1) - 1
        return magnitude == quiet if wanted == "nan:canonical" else magnitude & quiet == quiet
    return given == int(wanted)


def _lanes_match(pattern: Json, value: object) -> bool:
    """Whether all lanes of a vector are what the pattern wants."""
    if type(value) is not bytes or len(value) != 16:
        return False
    kind: str = pattern["lane_type"]
    size = _LANES[kind] // 8
    lanes = [int.from_bytes(value[start : start + size], "little") for start in range(0, 16, size)]
    return len(lanes) == len(pattern["value"]) and all(map(partial(_bits_match, kind), pattern["value"], lanes))


def matches(pattern: Json, value: Any) -> bool:
    """Whether a host value is what the pattern wants."""
    kind: str = pattern["type"]
    if kind == "v128":
        return _lanes_match(pattern, value)
    wanted: str | None = pattern.get("value")
    if wanted is not None and kind in _WIDTH:
        try:
            given = bits(kind, value)
        except TypeError:
            return False
        return _bits_match(kind, wanted, given)
    if wanted == "null":
        return value is None
    if kind == "funcref":
        return isinstance(value, Function)
    if kind in ("externref", "anyref"):
        return value is not None if wanted is None else value is host_reference(int(wanted))
    if kind in _CLASSES:
        return type(value) in _CLASSES[kind]
    raise UnknownValue(kind)


def describe(kind: str, value: Any) -> str:
    """A result for messages: numbers with their bits."""
    try:
        return f"{value!r} (0x{bits(kind, value):x})" if kind in _WIDTH else repr(value)
    except TypeError as error:
        return str(error)
