"""A function, which holds everything else."""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.ir.nodes.statements import Stmt
from wasm2py.ir.nodes.variables import Variable
from wasm2py.wasm.types import I32, ValType


@dataclass(slots=True, eq=False)
class Function:
    """A function in IR.

    :ivar index: in the module's index space
    :ivar params: raw parameters, unsigned
    :ivar results: result types
    :ivar offset: of the body in the binary
    :ivar shared: several threads may run it in one instance, since that has a shared memory
    :ivar next_index: number of the next temporary, 0 before the first
    """

    index: int
    params: list[Variable]
    results: tuple[ValType, ...]
    body: list[Stmt]
    offset: int
    variables: list[Variable]
    labels: int
    shared: bool = False
    next_index: int = 0

    def temporary(self, type_: ValType = I32) -> Variable:
        """A new variable of its own."""
        if not self.next_index:
            self.next_index = max((v.index for v in self.variables), default=-1) + 1
        variable = Variable(self.next_index, type_, None)
        self.variables.append(variable)
        self.next_index += 1
        return variable
