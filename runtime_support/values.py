"""Values at the boundary between Wasm and the host: one converter per value type and direction.

Inside generated code values are *raw* (docs/generated-code.md, "Values"): unsigned ints, floats, references.
"""

from __future__ import annotations

from runtime_support.floats import f32_convert, f32_demote, f32_from_bits, f32_to_bits
from runtime_support.integers import s32, s64
from runtime_support.references import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Converter = Callable[[Any], Any]
    _Dict = dict[str, Converter]
else:
    _Dict = dict


class Converters(_Dict):
    """Converters by name of the value type; those of reference types are made when they are first needed.

    :ivar make: makes the converter of the reference type of that name
    """

    __slots__ = ("make",)
    make: Callable[[str], Converter]

    def __missing__(self, name: str) -> Converter:
        if parse(name) is None:
            raise KeyError(name)
        converter = self[name] = self.make(name)
        return converter


def _integer(name: str, bits: int) -> Converter:
    least, mask = -(1 << bits - 1), (1 << bits) - 1

    def to_raw(value: Any) -> int:
        """Reduce an int of either signedness to unsigned; ``OverflowError`` out of range, else ``TypeError``."""
        if isinstance(value, int):
            if least <= value <= mask:
                return value & mask
            raise OverflowError(f"{name} expected: {_short(value)} is outside {least} .. {mask}")
        raise _mismatch(name, "int", value)

    return to_raw


def _short(value: int) -> str:
    return str(value) if value.bit_length() <= 128 else f"an int of {value.bit_length()} bits"


def _mismatch(name: str, wanted: str, value: object) -> TypeError:
    return TypeError(f"{name} expected: {wanted}, not {type(value).__name__}")


def f64_to_raw(value: Any) -> float:
    """Take a float or int; ``OverflowError`` for an int beyond any float, ``TypeError`` for other types."""
    if isinstance(value, (float, int)):
        return float(value)
    raise _mismatch("f64", "float or int", value)


def f32_to_raw(value: Any) -> float:
    """Round a float or int to the nearest f32, once; a NaN keeps the upper bits of its payload, quiet or not."""
    if isinstance(value, float):
        return f32_demote(value) if value == value else f32_from_bits(f32_to_bits(value))
    if isinstance(value, int):
        return f32_convert(value)
    raise _mismatch("f32", "float or int", value)


def v128_to_raw(value: Any) -> int:
    """Take 16 bytes in the order of memory, or an int of 128 bits; ``OverflowError`` for other lengths and ints."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        data = bytes(value)
        if len(data) == 16:
            return int.from_bytes(data, "little")
        raise OverflowError(f"v128 expected: 16 bytes, not {len(data)}")
    return int(_v128_int(value))


_v128_int = _integer("v128", 128)


def _v128_from_raw(value: int) -> bytes:
    return value.to_bytes(16, "little")


def same(value: Any) -> Any:
    """Return the value as it is: raw and host form agree."""
    return value


TO_RAW = Converters(
    {
        "i32": _integer("i32", 32),
        "i64": _integer("i64", 64),
        "f32": f32_to_raw,
        "f64": f64_to_raw,
        "v128": v128_to_raw,
    }
)
"""Host value to raw value, by value type; :mod:`runtime_support.functions` has what makes those of references."""

FROM_RAW = Converters({"i32": s32, "i64": s64, "f32": same, "f64": same, "v128": _v128_from_raw})
"""Raw value to host value, by value type."""

FROM_RAW.make = lambda name: same

DEFAULTS: dict[str, object] = {"i32": 0, "i64": 0, "f32": 0.0, "f64": 0.0, "v128": 0}
"""Raw default values (spec, section 4.2.1); a reference defaults to ``None``, null."""
