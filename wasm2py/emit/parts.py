"""Functions that are written together: the unit of work, and in a package a file of its own."""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.emit.names import Uses
from wasm2py.wasm.module import Module

PART_BYTES = 65_536
"""Bytes of function bodies in a part, unless one body alone is larger.

They become some 400 kB of source.  Python takes a tenth of a second and 40 MB to compile that, so parts that are not
called cost little, and 100 MB of source need no more memory than 1 MB.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive functions of a module as text.

    :ivar bodies: positions in ``Module.codes``
    :ivar source: their definitions
    :ivar uses: what they refer to
    """

    bodies: range
    source: str
    uses: Uses


def split(module: Module) -> list[range]:
    """Cut the function bodies of a module into parts of about :data:`PART_BYTES`.

    The cuts depend on the binary alone, so the output is the same however many processes share the work.
    """
    parts: list[range] = []
    first = size = 0
    for index, code in enumerate(module.codes):
        length = code.end - code.start
        if size and size + length > PART_BYTES:
            parts.append(range(first, index))
            first, size = index, 0
        size += length
    if size:
        parts.append(range(first, len(module.codes)))
    return parts
