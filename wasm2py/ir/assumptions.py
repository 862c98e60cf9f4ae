"""What is taken for granted about a module's globals until a function is found that breaks it.

Compilers keep the shadow stack's pointer in a global that only ever holds multiples of 16, so every access relative to
it is aligned.  To prove that, each function is analysed under the assumption; a function that assigns something less
aligned raises :class:`AssumptionFailed`, and the module is transpiled again without.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.wasm.module import Module
from wasm2py.wasm.types import I32, I64


@dataclass(frozen=True, slots=True)
class Assumptions:
    """:ivar aligned: by global, how many low bits are zero."""

    aligned: dict[int, int] = field(default_factory=dict)

    def without(self, index: int) -> Assumptions:
        """The same but for one global."""
        return Assumptions({i: zeros for i, zeros in self.aligned.items() if i != index})


class AssumptionFailed(Exception):
    """:ivar index: the global that is not as assumed."""

    def __init__(self, index: int) -> None:
        self.index = index
        super().__init__(index)


def first_assumptions(module: Module) -> Assumptions:
    """Mutable globals of the address type that start at a multiple of 16 and that nobody outside can assign."""
    address = I64 if module.memories and module.memories[0].limits.index64 else I32
    exported = {export.index for export in module.exports if export.kind == "global"}
    aligned: dict[int, int] = {}
    for index, definition in enumerate(module.global_definitions, module.imported_globals):
        start = definition.init[0]
        plain = len(definition.init) == 2 and start.op.name == f"{address}.const"
        if plain and definition.type.mutable and definition.type.type is address and index not in exported:
            assert isinstance(start.imm, int)
            if start.imm and not start.imm & 15:
                aligned[index] = 4
    return Assumptions(aligned)
