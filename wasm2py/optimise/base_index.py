"""The base of several accesses is divided once.

::

    p = g0 - 32                               p = g0 - 32
    i32.store offset=4  p  a    becomes       q = p >> 2
    i32.store offset=8  p  b                  items[q + 1] = a
                                              items[q + 2] = b

It pays from the second access on: the shift costs as much as an access.  The quotient is computed behind each
assignment of the base; calls that pass it on count as accesses do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import (
    assigned,
    duplicate,
    evaluated,
    expressions,
    lists,
    replace_operands,
    replace_parts,
    statements,
)
from wasm2py.optimise.addresses import divided, in_items, is_item, quotient, quotient_of, rescale, scale_address

WORTH = 2
"""Accesses that an assignment of the base has to have."""

_PER_LOOP = 4
"""How often the body of a loop is taken to run."""


def share_bases(function: n.Function) -> None:
    """Run the pass."""
    found = _Uses()
    found.collect(function.body, 1)
    indices = _Indices(function, found)
    quotients: dict[int, n.Variable] = {}
    for base in sorted(found.uses, key=lambda v: v.index):
        for shift, uses in sorted(found.uses[base].items()):
            index = indices.get(base, shift, sum(weight for _, weight in uses))
            if index is not None:
                for use, _ in uses:
                    if isinstance(use, n.Binary):
                        quotients[id(use)] = index
                    else:
                        scale_address(use, index, shift)
    if quotients:
        _replace(function, quotients)


def _replace(function: n.Function, quotients: dict[int, n.Variable]) -> None:
    """Put variables in the place of expressions, by identity."""

    def change(x: n.Expr) -> n.Expr:
        if id(x) in quotients:
            return n.Get(quotients[id(x)])
        replace_parts(x, change)
        return x

    for s in statements(function.body):
        replace_operands(s, change)


@dataclass(slots=True)
class _Indices:
    """The variables that hold quotients of bases, by base and shift."""

    function: n.Function
    found: _Uses
    made: dict[tuple[n.Variable, int], n.Variable] = field(default_factory=dict)
    pending: set[n.Variable] = field(default_factory=set)
    """Bases that are being looked at: in loops, one may be a sum of another and the other way round."""

    def get(self, base: n.Variable, shift: int, weight: int) -> n.Variable | None:
        """The quotient of a base, if it is worth it for that many uses."""
        if (base, shift) in self.made:
            return self.made[base, shift]
        assignments = self.found.assigned.get(base, [])
        cost = sum(each.weight for each in assignments) + (base in self.function.params)
        self.pending.add(base)
        sums = [self.same_sum(each, base, shift) for each in assignments]
        self.pending.discard(base)
        # a sum of multiples costs no more than the base itself, which may not be needed any more
        if weight < (cost if sums and all(sums) and base not in self.function.params else WORTH * cost):
            return None
        index = self.made[base, shift] = self.function.temporary()
        if base in self.function.params:
            self.function.body.insert(0, n.Assign(index, quotient(base, shift)))
        for each in assignments:
            if self.same_sum(each, base, shift) is not None:
                self.load_first(each)
            value = self.same_sum(each, base, shift) or quotient(base, shift)
            if isinstance(value, n.Wrap):
                value.var = index
            each.body.insert(each.position + 1, n.Assign(index, value))
        return index

    def load_first(self, assignment: _Assignment) -> None:
        """Give what a base's sum loads a variable of its own, so that it is loaded once for base and index."""

        def move(x: n.Expr) -> n.Expr:
            if not isinstance(x, n.Load):
                replace_parts(x, move)
                return x
            variable = self.function.temporary(x.type)
            variable.signed = x.signed
            assignment.body.insert(assignment.position, n.Assign(variable, x))
            return n.Get(variable)

        replace_operands(assignment.statement, move)

    def same_sum(self, assignment: _Assignment, base: n.Variable, shift: int) -> n.Expr | None:
        """The quotient of a base by the sum that it is assigned, if that is one of multiples, and perhaps a base."""
        s = assignment.statement
        if not isinstance(s, n.Assign) or not isinstance(s.value, n.Wrap) or s.value.mode not in (n.NOTHING, n.MASK):
            return None
        wrap = s.value
        if wrap.span[0] < 0 or any(isinstance(x, n.Get) and x.var is base for x in expressions(wrap.x)):
            return None
        items = divided(wrap.x, shift)
        if items is None:
            items = self.behind_base(wrap.x, shift, assignment.weight)
        if items is None:
            return None
        made = n.Wrap(wrap.bits, "v", items, wrap.mode, None, wrap.span)
        rescale(made, duplicate(items), shift)
        return made

    def behind_base(self, x: n.Expr, shift: int, weight: int) -> n.Expr | None:
        """The quotient of another base plus multiples, ``(b + (i << shift)) >> shift`` being ``(b >> shift) + i``."""
        found = in_items(n.Wrap(32, "u", x, n.NOTHING), shift)
        if found is None or found[1] is None or found[0] in self.pending:
            return None
        index = self.get(found[0], shift, weight)
        return None if index is None else n.Binary("+", 32, n.Get(index), found[1])


@dataclass(frozen=True, slots=True)
class _Assignment:
    """A statement that assigns a base, the list that it is in, and how often it is taken to run."""

    statement: n.Stmt
    body: list[n.Stmt]
    weight: int

    @property
    def position(self) -> int:
        """Of the statement in the list."""
        return next(i for i, s in enumerate(self.body) if s is self.statement)


@dataclass(slots=True)
class _Uses:
    """Aligned accesses, and quotients that are passed, by base and shift, with how often each is taken to run."""

    uses: dict[n.Variable, dict[int, list[tuple[n.Load | n.Store | n.Binary, int]]]] = field(default_factory=dict)
    assigned: dict[n.Variable, list[_Assignment]] = field(default_factory=dict)

    def collect(self, body: list[n.Stmt], weight: int) -> None:
        """Go through a list."""
        for s in body:
            for variable in assigned(s):
                self.assigned.setdefault(variable, []).append(_Assignment(s, body, weight))
            if isinstance(s, n.Store):
                self.access(s, weight)
            for x in evaluated(s):
                if isinstance(x, n.Load):
                    self.access(x, weight)
            if isinstance(s, (n.Call, n.TailCall)):
                self.passed(s, weight)
            for inner in lists(s):
                self.collect(inner, weight * _PER_LOOP if isinstance(s, n.Loop) else weight)

    def access(self, x: n.Load | n.Store, weight: int) -> None:
        """Note an access."""
        shift = x.width.bit_length() - 1
        base = in_items(x.address, shift) if is_item(x) else None
        if base is not None:
            self.note(base[0], shift, x, weight)

    def passed(self, s: n.Call | n.TailCall, weight: int) -> None:
        """Note the quotients among the arguments of a call."""
        for argument in s.args:
            for x in expressions(argument):
                found = quotient_of(x)
                if found is not None and isinstance(x, n.Binary):
                    self.note(*found, x, weight)

    def note(self, base: n.Variable, shift: int, x: n.Load | n.Store | n.Binary, weight: int) -> None:
        """Note a use of a base's quotient."""
        self.uses.setdefault(base, {}).setdefault(shift, []).append((x, weight))
