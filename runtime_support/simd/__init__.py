"""Vector instructions: one helper for each that generated code does not write as an expression.

Imported by generated modules that use vectors, and by nothing else.  ``__all__`` is the interface.  A vector is an
unsigned int of 128 bits, lane 0 lowest.
"""

from __future__ import annotations

from runtime_support.simd import floats, integers, vectors, widths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HELPERS: dict[str, Callable[..., Any]] = {
    **integers.helpers(),
    **widths.helpers(),
    **vectors.helpers(),
    **floats.helpers(),
}
"""The helpers by name: that of the instruction, with ``_`` for the dot."""

for _name, _helper in HELPERS.items():
    globals()[_name] = _helper

__all__ = sorted(HELPERS)
