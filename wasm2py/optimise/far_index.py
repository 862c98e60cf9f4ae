"""What all accesses add to an index is added where the index is assigned, if no view starts that far.

::

    q = i * 4                                q = i * 4 + 0x40000
    a = items[q + 0x40000]    becomes        a = items[q]
    b = items[q + 0x40001]                   b = items[q + 1]

Arrays of C have constant addresses, so that the index of an element is that of the first one plus a constant.  Small
constants cost nothing: a view starts there (:mod:`wasm2py.ir.views`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.views import VIEWED
from wasm2py.ir.walk import assigned, lists, operands, parts
from wasm2py.optimise.addresses import is_pointer


def bring_near(function: n.Function) -> None:
    """Run the pass."""
    found = _Found(others=set(function.params))
    found.collect(function.body)
    for index in sorted(found.uses, key=lambda v: v.index):
        if index not in found.others and index in found.assignments:
            _bring_near(found.assignments[index], found.uses[index])


@dataclass(frozen=True, slots=True)
class _Use:
    """An access by an index plus a constant, or another index that is assigned such a sum.

    :ivar weight: how often it is taken to run
    """

    access: n.Load | n.Store | None
    wrap: n.Wrap
    added: int
    weight: int

    def subtract(self, constant: int) -> None:
        """Add less to the index."""
        total = self.wrap.x
        assert isinstance(total, n.Binary)
        assert isinstance(total.b, n.Const)
        rest = total.b.value - constant
        self.wrap.x = n.Binary("+", 32, total.a, n.Const(32, rest)) if rest else total.a


@dataclass(slots=True)
class _Found:
    """Indices, where they are assigned, and where they are used.

    :ivar others: variables that are used, or assigned, in another way
    """

    others: set[n.Variable]
    uses: dict[n.Variable, list[_Use]] = field(default_factory=dict)
    assignments: dict[n.Variable, list[tuple[n.Assign, int]]] = field(default_factory=dict)

    def collect(self, body: list[n.Stmt]) -> None:
        """Go through a list."""
        pending = [(body, 1)]
        while pending:
            body, weight = pending.pop()
            for s in body:
                if isinstance(s, n.Assign) and is_pointer(s.var):
                    self.assignments.setdefault(s.var, []).append((s, weight))
                else:
                    self.others.update(assigned(s))
                if isinstance(s, n.Store):
                    if not self.access(s, weight):
                        self.expression(s.address, weight)
                    self.expression(s.value, weight)
                elif not isinstance(s, n.Assign) or not self.use(s, s.value, weight):
                    for x in operands(s):
                        self.expression(x, weight)
                inside = min(weight * _PER_LOOP, _MOST) if isinstance(s, (n.Loop, n.For)) else weight
                pending += [(inner, inside) for inner in lists(s)]

    def expression(self, x: n.Expr, weight: int) -> None:
        """Note the uses in an expression."""
        pending = [x]
        for each in pending:  # which grows on the way
            if isinstance(each, n.Get):
                self.others.add(each.var)
            elif not isinstance(each, n.Load) or not self.access(each, weight):
                pending += parts(each)

    def access(self, x: n.Load | n.Store, weight: int) -> bool:
        """Note the address of an access, if that is by an index."""
        return x.indexed and self.use(x, x.address, weight)

    def use(self, user: n.Load | n.Store | n.Assign, x: n.Expr, weight: int) -> bool:
        """Note the use of an index, if an expression is nothing else than that, or a sum with a constant."""
        if not isinstance(x, n.Wrap) or x.mode not in (n.NOTHING, n.MASK):
            return False
        index: n.Expr = x.x
        added = 0
        if isinstance(index, n.Binary) and index.op == "+" and isinstance(index.b, n.Const):
            added = index.b.value
            index = index.a
        if not isinstance(index, n.Get) or added < 0:
            return False
        if isinstance(user, n.Assign):
            if user.var is index.var:
                return False
            self.uses.setdefault(index.var, []).append(_Use(None, x, added, weight))
        else:
            self.uses.setdefault(index.var, []).append(_Use(user, x, added, weight))
        return True


_FARTHEST = 1 << 27
"""Constants from here on stand for negative numbers, or might as well."""

_PER_LOOP = 4
"""How often the body of a loop is taken to run."""

_MOST = 1 << 60
"""What such numbers are limited to."""


def _bring_near(assignments: list[tuple[n.Assign, int]], uses: list[_Use]) -> None:
    """Add what uses have in common to an index."""
    accesses = [each.access for each in uses if each.access is not None]
    if not accesses or sum(each.weight for each in uses) <= sum(weight for _, weight in assignments):
        return
    nearest = VIEWED // min(access.width for access in accesses)
    values = [s.value for s, _ in assignments]
    added = min(each.added for each in uses)
    if added >= nearest:
        # The index is the same but for multiples of what sums wrap around at, if all wrap around at the same, and where
        # one has not, neither has what is less.
        bits = {x.bits for x in [*values, *[each.wrap for each in uses]] if isinstance(x, n.Wrap)}
        if max(each.added for each in uses) >= _FARTHEST or len(bits) > 1:
            return
        for s, _ in assignments:
            s.value = _plus(s.value, added)
        for each in uses:
            each.subtract(added)
        return
    offset = min(each.added if each.access is None else each.access.offset for each in uses)
    if offset < nearest or not all(map(_is_exact, [*values, *[each.wrap for each in uses]])):
        return
    # Offsets do not wrap around, so that the index must not, now or later: as a bare sum it does not.
    for s, _ in assignments:
        s.value = n.Binary("+", 32, s.value, n.Const(32, offset))
    for each in uses:
        if each.access is None:
            each.subtract(offset)
        else:
            each.access.offset -= offset


def _is_exact(value: n.Expr) -> bool:
    return not isinstance(value, n.Wrap) or value.mode == n.NOTHING


def _plus(value: n.Expr, constant: int) -> n.Expr:
    """A value, or what it wraps, plus a constant."""
    if isinstance(value, n.Wrap):
        value.x = _plus(value.x, constant)
        value.span = (value.span[0] + constant, value.span[1] + constant)
        return value
    if isinstance(value, n.Binary) and value.op == "+" and isinstance(value.b, n.Const):
        return n.Binary("+", 32, value.a, n.Const(32, value.b.value + constant))
    return n.Binary("+", 32, value, n.Const(32, constant))
