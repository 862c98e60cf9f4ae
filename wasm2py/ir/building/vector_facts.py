"""What the builder remembers of vectors: how it has made values, and which of their bits may be 1."""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.ir import nodes as n

ALL = (1 << 128) - 1

SHUFFLE = "i8x16_shuffle"
"""The helper that shuffles."""


def lane_width(name: str) -> int:
    """Bits in a lane of the shape that the name of an instruction begins with."""
    return int(name[1 : name.index("x")])


def ones(width: int) -> int:
    """The vector with 1 in every lane."""
    return ALL // ((1 << width) - 1)


def carried(a: int, b: int) -> int:
    """The bits that a carry may reach when numbers are added, of which these bits may be 1."""
    return a + b ^ a ^ b


def runs(lanes: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """A shuffle as runs of bytes that stay neighbours: first byte in the result, first in the source, length."""
    found: list[tuple[int, int, int]] = []
    for target, source in enumerate(lanes):
        if found:
            to, start, length = found[-1]
            if source == start + length and source & 15:
                found[-1] = (to, start, length + 1)
                continue
        found.append((target, source, 1))
    return found


@dataclass(slots=True)
class Fact:
    """How a value was made.

    :ivar node: the value; facts are found by its identity
    """

    node: n.Expr


@dataclass(slots=True)
class Sum(Fact):
    """A variable plus a small vector, whose lanes have no top bits."""

    width: int
    variable: n.Get
    small: n.Expr


@dataclass(slots=True)
class Mask(Fact):
    """All bits of a lane, or none: where two vectors are equal, or where they differ.

    :ivar ones: 1 or 0 in each lane
    :ivar differing: 1 in the lanes that differ, among other bits
    :ivar lanes: 1 in the lanes that count; others are 0
    """

    width: int
    ones: n.Expr
    differing: n.Expr
    equal: bool
    lanes: int


@dataclass(slots=True)
class Spread(Fact):
    """Four bytes in lanes of 32 bits."""

    source: n.Expr


@dataclass(slots=True)
class Quarters(Fact):
    """A sum of quarters of a vector in memory, spread; by the places of their first bytes in it."""

    vector: Access
    places: frozenset[int]


@dataclass(slots=True)
class Access(Fact):
    """A load from the sum of a variable, a constant and an offset.

    :ivar position: of the instruction
    """

    memory: int
    variable: n.Variable
    constant: int
    offset: int
    position: int


@dataclass(slots=True)
class Compared:
    """A vector in memory that has been compared to a constant.

    :ivar differing: a temporary with 1 in the lanes that differ, among other bits
    """

    vector: Access
    constant: int
    width: int
    differing: n.Expr


HELPER_ONES = {
    "i16x8_extend_low_i8x16_u": ones(16) * 0xFF,
    "i16x8_extend_high_i8x16_u": ones(16) * 0xFF,
    "i32x4_extend_low_i16x8_u": ones(32) * 0xFFFF,
    "i32x4_extend_high_i16x8_u": ones(32) * 0xFFFF,
    "i8x16_popcnt": ones(8) * 0xF,
}
"""The bits that may be 1 in the results of helpers, where that is not all."""
