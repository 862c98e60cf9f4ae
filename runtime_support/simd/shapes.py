"""Shapes: how the 128 bits of a vector are divided into lanes (spec, section 2.3.3).

A vector is one int, lane 0 in its lowest bits.  So an operation on the int acts on all lanes at once, if nothing is
carried from one lane into the next.  The constants of a shape are what it takes to prevent that.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Helpers = dict[str, Callable[..., Any]]

ALL = (1 << 128) - 1
"""All bits of a vector."""


class Shape:
    """Constants of integer lanes.

    :param width: bits in a lane
    :param total: bits in all lanes; a multiple of those of a vector where several are handled at once

    :ivar name: as in the text format
    :ivar all: all bits of all lanes
    :ivar mask: the bits of one lane
    :ivar ones: every lane is 1
    :ivar signs: the top bit of every lane
    :ivar rest: all other bits
    """

    __slots__ = ("all", "count", "mask", "name", "ones", "rest", "signs", "width")

    def __init__(self, width: int, total: int = 128) -> None:
        self.width = width
        self.count = total // width
        self.name = f"i{width}x{128 // width}"
        self.all = (1 << total) - 1
        self.mask = (1 << width) - 1
        self.ones = sum(1 << start for start in range(0, total, width))
        self.signs = self.ones << width - 1
        self.rest = self.signs - self.ones

    def splat(self, value: int) -> int:
        """A vector with ``value``, which fits into a lane, in every lane."""
        return self.ones * value


I8X16, I16X8, I32X4, I64X2 = (Shape(width) for width in (8, 16, 32, 64))
