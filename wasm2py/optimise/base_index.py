"""The base of several accesses is divided once.

::

    p = g0 - 32                               p = g0 - 32
    i32.store offset=4  p  a    becomes       q = p >> 2
    i32.store offset=8  p  b                  items[q + 1] = a
                                              items[q + 2] = b

It pays from the second access on: the shift costs as much as an access.  The quotient is computed behind each
assignment of the base.

Where the alignment of a base is not known but the module says that its accesses are aligned, the quotient is a guess
(a pass of its own, since it makes the output larger):
``p >> 2 if not p & 3 else NO_ITEM``.  An access by a wrong guess fails and is made once more at the address itself (see
:class:`~wasm2py.ir.nodes.Retry`): two accesses by one guess are cheaper than two that look at the lowest bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, lists, operands
from wasm2py.optimise.addresses import divided, in_items, new_variable, quotient, rescale, scale_address
from wasm2py.optimise.late_wraps import late_accesses, negative_variables

WORTH = 2
"""Accesses that an assignment of the base has to have."""

_PER_LOOP = 4
"""How often the body of a loop is taken to run."""

NO_ITEM = 1 << 62
"""An index that no memory has."""


def share_bases(function: n.Function) -> None:
    """Run the pass for accesses that are known to be aligned."""
    _share(function, guessed=False)


def guess_bases(function: n.Function) -> None:
    """Run the pass for accesses that should be aligned."""
    _share(function, guessed=True)


def _share(function: n.Function, *, guessed: bool) -> None:
    found = _Accesses(guessed, negative_variables(function))
    found.collect(function.body, 1)
    for base in sorted(found.accesses, key=lambda v: v.index):
        assignments = found.assigned.get(base, [])
        cost = sum(each.weight for each in assignments) + (base in function.params)
        for width, accesses in sorted(found.accesses[base].items()):
            if sum(weight for _, weight in accesses) < WORTH * cost:
                continue
            shift = width.bit_length() - 1
            index = new_variable(function)
            if base in function.params:
                function.body.insert(0, n.Assign(index, _value(base, shift, guessed)))
            for each in assignments:
                position = next(i for i, s in enumerate(each.body) if s is each.statement)
                value = None if guessed else _same_sum(each.statement, base, index, shift)
                each.body.insert(position + 1, n.Assign(index, value or _value(base, shift, guessed)))
            for access, _ in accesses:
                if guessed:
                    access.guess = _guess(access, index, shift)
                else:
                    scale_address(access, index, shift)


def _value(base: n.Variable, shift: int, guessed: bool) -> n.Expr:
    """The quotient of a base."""
    if not guessed:
        return quotient(base, shift)
    low_bits = n.Binary("&", 32, n.Get(base), n.Const(32, (1 << shift) - 1))
    return n.Select(n.Wrap(32, "t", low_bits, n.NOTHING), n.Const(64, NO_ITEM), quotient(base, shift))


def _same_sum(s: n.Stmt, base: n.Variable, index: n.Variable, shift: int) -> n.Expr | None:
    """The quotient of a base by the sum that it is assigned, where that is a sum of multiples."""
    if not isinstance(s, n.Assign) or not isinstance(s.value, n.Wrap) or s.value.mode not in (n.NOTHING, n.MASK):
        return None
    wrap = s.value
    items = divided(wrap.x, shift)
    if items is None or wrap.span[0] < 0 or any(isinstance(x, n.Get) and x.var is base for x in expressions(wrap.x)):
        return None
    made = n.Wrap(wrap.bits, "v", items, wrap.mode, index, wrap.span)
    rescale(made, items, shift)
    return made


def _guess(access: n.Load | n.Store, index: n.Variable, shift: int) -> n.Expr:
    """The index of an access, from that of its base."""
    base = in_items(access.address, shift)
    assert base is not None
    items = base[1]
    offset = access.offset >> shift
    x: n.Expr = n.Get(index)
    if isinstance(items, n.Const):
        offset += items.value
    elif items is not None:
        x = n.Binary("+", 64, x, items)
    return n.Binary("+", 64, x, n.Const(64, offset)) if offset else x


@dataclass(frozen=True, slots=True)
class _Assignment:
    """A statement that assigns a base, the list that it is in, and how often it is taken to run."""

    statement: n.Stmt
    body: list[n.Stmt]
    weight: int


@dataclass(slots=True)
class _Accesses:
    """Accesses by base and width, each with the number of times that it is taken to run.

    :ivar guessed: those that should be aligned, otherwise those that are
    :ivar negative: variables that may well be negative
    """

    guessed: bool
    negative: set[n.Variable]
    accesses: dict[n.Variable, dict[int, list[tuple[n.Load | n.Store, int]]]] = field(default_factory=dict)
    assigned: dict[n.Variable, list[_Assignment]] = field(default_factory=dict)

    def collect(self, body: list[n.Stmt], weight: int) -> None:
        """Go through a list."""
        for s in body:
            for variable in assigned(s):
                self.assigned.setdefault(variable, []).append(_Assignment(s, body, weight))
            late = {id(access) for access in late_accesses(s, self.negative)} if self.guessed else set()
            if isinstance(s, n.Store):
                self.access(s, weight, late)
            for operand in operands(s):
                for x in expressions(operand):
                    if isinstance(x, n.Load):
                        self.access(x, weight, late)
            for inner in lists(s):
                self.collect(inner, weight * _PER_LOOP if isinstance(s, n.Loop) else weight)

    def access(self, x: n.Load | n.Store, weight: int, late: set[int]) -> None:
        """Note an access."""
        if x.item in "BV" or x.exact or x.indexed or x.offset % x.width:
            return
        if x.aligned == self.guessed or (self.guessed and not (x.natural and id(x) in late)):
            return
        base = in_items(x.address, x.width.bit_length() - 1)
        if base is not None:
            self.accesses.setdefault(base[0], {}).setdefault(x.width, []).append((x, weight))
