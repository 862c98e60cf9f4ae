"""Copies of the turns of a counted loop."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import replace_operands, replace_parts


@dataclass(slots=True)
class Cloner:
    """Copies plain statements.

    :ivar values: what stands in the place of a load, by identity
    :ivar places: index and offset of other accesses in items, by identity
    :ivar skipped: statements that are left out, by identity
    :ivar renamed: variables that the copy has of its own
    """

    function: n.Function
    values: dict[int, n.Variable]
    places: dict[int, tuple[n.Variable, int]]
    skipped: set[int]
    renamed: dict[n.Variable, n.Variable]
    labels: dict[n.Label, n.Label] = field(default_factory=dict)

    def list(self, body: list[n.Stmt]) -> list[n.Stmt]:
        """Copy a list."""
        return [self.statement(s) for s in body if id(s) not in self.skipped]

    def statement(self, s: n.Stmt) -> n.Stmt:
        """Copy a statement."""
        if isinstance(s, n.Block):
            label = self.labels[s.label] = n.Label(self.function.labels, "block", [], s.label.uses)
            self.function.labels += 1
            return n.Block(label, self.list(s.body))
        if isinstance(s, n.Br):
            return n.Br(self.labels[s.label])
        made = copy.copy(s)
        if isinstance(made, n.If):
            made.then, made.orelse = self.list(made.then), self.list(made.orelse)
            made.targets = -1
        elif isinstance(made, n.Switch):
            made.arms = [self.list(arm) for arm in made.arms]
            made.targets = -1
        elif isinstance(made, n.Round):
            made.var = made.var and self.renamed.get(made.var, made.var)
        elif isinstance(made, n.AssignMany):
            made.vars, made.values = list(made.vars), list(made.values)
        replace_operands(made, self.expression)
        if id(s) in self.places:
            self.put(made, *self.places[id(s)])
        return made

    def expression(self, x: n.Expr) -> n.Expr:
        """Copy an expression."""
        if id(x) in self.values:
            return n.Get(self.values[id(x)])
        made = copy.copy(x)
        if isinstance(made, n.Get):
            made.var = self.renamed.get(made.var, made.var)
        elif isinstance(made, n.Apply):
            made.args = list(made.args)
        replace_parts(made, self.expression)
        if id(x) in self.places:
            self.put(made, *self.places[id(x)])
        return made

    def put(self, access: n.Expr | n.Stmt, index: n.Variable, offset: int) -> None:
        """Let an access be that of an item."""
        assert isinstance(access, (n.Load, n.Store))
        address = n.Get(index) if not offset else n.Binary("+", 32, n.Get(index), n.Const(32, offset))
        access.address = n.Wrap(32, "u", address, n.NOTHING)
        access.offset = 0
        access.aligned = access.indexed = True
