"""Addresses that move by a fixed amount with each turn of a counted loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import operands, parts
from wasm2py.optimise.facts import key
from wasm2py.optimise.loops.counting import Counted, Step


@dataclass(slots=True)
class Linear:
    """An access whose address is a sum with one stepping variable in it.

    :ivar origin: what it has in common with others that differ by a constant, in items and values before the loop
    :ivar base: equal for those that have it in common, and items of the same size
    :ivar offset: that constant, in items
    :ivar margin: where ``origin + margin`` is not negative, neither is the address
    :ivar amount: items that a turn adds
    :ivar unaligned: what must be a multiple of the size, in bytes, unless that is known
    """

    access: n.Load | n.Store
    step: Step
    origin: n.Expr
    base: object
    offset: int
    margin: int
    amount: n.Const | n.Get
    unaligned: n.Expr | None

    @property
    def start(self) -> n.Expr:
        """The index of the first item."""
        return n.Binary("+", 64, self.origin, n.Const(64, self.offset)) if self.offset else self.origin

    @property
    def forward(self) -> bool:
        """Whether a slice can follow the access."""
        return not isinstance(self.amount, n.Const) or self.amount.value > 0


def linear(access: n.Load | n.Store, counted: Counted, position: int) -> Linear | None:
    """An access at a position of the loop as a linear one, where it can be one.

    Where all its items are inside of memory, its address needs no wrap in any turn.
    """
    wrap = access.address
    if access.item == "V" or not isinstance(wrap, n.Wrap):
        return None
    shift = 0 if access.indexed or access.width == 1 else access.width.bit_length() - 1
    if shift and not access.aligned and not access.natural:
        return None
    total = Total(counted)
    if not total.add(wrap.x, 1, position) or total.step is None:
        return None
    size = 1 << shift
    amount = total.step.amount
    if isinstance(amount, n.Const):
        amount = n.Const(64, amount.value * total.factor)
        if amount.value % size:
            return None
        amount.value >>= shift
    elif total.factor != 1 or shift:
        return None
    constant = total.constant + access.offset
    if constant % size:
        return None
    origin = sum_of(total.terms, 0)
    base = (shift, key(origin), key(amount))
    unaligned = None if access.aligned or not shift else origin
    if shift:
        origin = n.Binary(">>", 64, origin, n.Const(32, shift))
    margin = total.constant >> shift
    return Linear(access, total.step, origin, base, constant >> shift, margin, amount, unaligned)


@dataclass(slots=True)
class Total:
    """A sum that is taken apart.

    :ivar terms: all but constants, in values before the loop
    :ivar factor: of the stepping variable
    """

    counted: Counted
    terms: list[n.Expr] = field(default_factory=list)
    constant: int = 0
    step: Step | None = None
    factor: int = 0

    def add(self, x: n.Expr, factor: int, position: int) -> bool:
        """Add ``factor`` times an expression at a position of the loop, if it is linear."""
        counted = self.counted
        if isinstance(x, n.Wrap) and (x.mode == n.NOTHING or x.form == "m"):
            return self.add(x.x, factor, position)
        if isinstance(x, n.Binary):
            if x.op == "+":
                return self.add(x.a, factor, position) and self.add(x.b, factor, position)
            if x.op == "<<" and isinstance(x.b, n.Const):
                return self.add(x.a, factor << x.b.value, position)
        if isinstance(x, n.Const):
            self.constant += factor * x.value
            return True
        if isinstance(x, n.Get):
            if x.var in counted.steps:
                return self.add_step(counted.steps[x.var], factor, position)
            made = counted.sums.get(x.var)
            if made is not None and made.position < position <= made.end:
                value = made.statement.value
                assert isinstance(value, n.Wrap)
                return self.add(value.x, factor, made.position)
        if not counted.unchanged(x):
            return False
        self.term(x, factor)
        return True

    def add_step(self, step: Step, factor: int, position: int) -> bool:
        """Add the stepping variable."""
        if self.step is not None:
            return False
        self.step, self.factor = step, factor
        self.term(n.Get(step.variable), factor)
        if position > step.position:
            if not isinstance(step.amount, n.Const):
                return False
            self.constant += factor * step.amount.value
        return True

    def term(self, x: n.Expr, factor: int) -> None:
        """Add ``factor`` times something that does not change, or steps."""
        self.terms.append(x if factor == 1 else n.Binary("*", 64, x, n.Const(64, factor)))


def sum_of(terms: list[n.Expr], constant: int) -> n.Expr:
    """The exact sum of some terms and a constant."""
    total = terms[0]
    for x in terms[1:]:
        total = n.Binary("+", 64, total, x)
    return n.Binary("+", 64, total, n.Const(64, constant)) if constant else total


def own_accesses(s: n.Stmt) -> Iterator[tuple[n.Load | n.Store, bool]]:
    """The accesses of a statement itself in the order of execution, and whether each takes place whenever it runs."""
    for x in operands(s):
        yield from _accesses(x, True)
    if isinstance(s, n.Store):
        yield s, True


def _accesses(x: n.Expr, always: bool) -> Iterator[tuple[n.Load | n.Store, bool]]:
    for number, part in enumerate(parts(x)):
        yield from _accesses(part, always and (not number or not isinstance(x, (n.Logic, n.Select))))
    if isinstance(x, n.Load):
        yield x, always
