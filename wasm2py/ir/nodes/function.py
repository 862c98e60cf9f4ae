"""A function, which holds everything else."""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir.nodes.statements import Stmt
from wasm2py.ir.nodes.variables import Variable
from wasm2py.wasm.types import I32, ValType

Entry = int | tuple[int, int]
"""What is called: a function, or what a table holds of a type."""

Place = tuple[str, Entry, int]
"""A value that crosses between functions: a ``param`` or ``result`` of an entry by its number, or a ``global``."""


@dataclass(slots=True)
class Ballot:
    """How variables that have the same form vote for it, apart from what crosses to other functions.

    :ivar votes: twice the uses that want the signed form minus those that want the unsigned form
    :ivar crossings: places that their values come from or go to, and what a conversion there costs
    """

    votes: int
    crossings: list[tuple[Place, int]]


@dataclass(slots=True, eq=False)
class Function:
    """A function in IR.

    :ivar index: in the module's index space
    :ivar params: parameters as they arrive
    :ivar results: result types
    :ivar shared: several threads may run it in one instance, since that has a shared memory
    :ivar ballots: of the variables whose values cross to other functions
    :ivar leanings: votes of other values that cross, by place
    :ivar gains: what it saves where its results need no form, by place
    :ivar precise: results of calls that are needed in form
    :ivar next_index: number of the next temporary, 0 before the first
    :ivar traits: what it has for passes of the optimiser, see :mod:`wasm2py.optimise.traits`
    """

    index: int
    params: list[Variable]
    results: tuple[ValType, ...]
    body: list[Stmt]
    variables: list[Variable]
    labels: int
    shared: bool = False
    ballots: list[Ballot] = field(default_factory=list)
    leanings: dict[Place, int] = field(default_factory=dict)
    gains: dict[Place, int] = field(default_factory=dict)
    precise: set[Place] = field(default_factory=set)
    next_index: int = 0
    traits: set[str] = field(default_factory=set)

    def temporary(self, type_: ValType = I32) -> Variable:
        """A new variable of its own."""
        return self.adopt(Variable(0, type_, None))

    def adopt(self, variable: Variable) -> Variable:
        """Take in a variable, which gets its number here."""
        if not self.next_index:
            self.next_index = max((v.index for v in self.variables), default=-1) + 1
        variable.index = self.next_index
        self.variables.append(variable)
        self.next_index += 1
        return variable
