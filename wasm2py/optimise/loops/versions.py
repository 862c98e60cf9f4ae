"""What the versions of a counted loop are made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import reads, uses
from wasm2py.optimise.loops.counting import Counted, Step
from wasm2py.optimise.loops.linear import Linear


class Version:
    """The fast version of one loop, as far as all its parts need it.

    :ivar kept: variables whose values are needed behind the loop
    :ivar count: the number of turns
    """

    def __init__(
        self, function: n.Function, counted: Counted, used: Counter[n.Variable], carried: frozenset[n.Variable]
    ) -> None:
        self.function = function
        self.counted = counted
        here = uses(counted.turns) + reads([counted.condition])
        self.kept = {v for v in counted.changed if v in carried or used[v] > here[v]}
        self.count = n.Get(function.temporary())

    def slice(self, each: Linear) -> n.Items:
        """The items of an access over all turns."""
        return items_of(each.access, each.start, self.count, each.amount)

    def indices(self, each: Linear) -> n.Steps:
        """The indices of these items."""
        behind = n.Binary("+", 64, each.start, times(self.count, each.amount))
        return n.Steps(each.start, behind, each.amount)

    def final(self, step: Step) -> n.Expr:
        """What a variable is after the last turn, if it never wraps."""
        if isinstance(step.amount, n.Const) and step.amount.value < 0:
            return n.Binary("-", 64, n.Get(step.variable), times(self.count, n.Const(64, -step.amount.value)))
        return n.Binary("+", 64, n.Get(step.variable), times(self.count, step.amount))

    def wrapped(self, step: Step, last: n.Expr) -> n.Expr:
        """What a variable is after the last turn, in its form."""
        mode = n.NOTHING if step.exact else n.WRAP_SIGNED if step.variable.signed else n.MASK
        return n.Wrap(step.bits, "v", last, mode, step.variable, (-1 << 80, 1 << 80))


@dataclass(slots=True)
class Fast:
    """Statements that do what a loop does, under further conditions; they pay from ``fewest`` turns on."""

    body: list[n.Stmt]
    fewest: int
    conditions: list[n.Expr] = field(default_factory=list)


def compare(op: str, a: n.Expr, b: n.Expr) -> n.Compare:
    """A comparison of integers."""
    return n.Compare(op, a, b, ((0, 0, 0), (0, 0, 0)))  # of integers: no more is asked of a comparison by now


def times(count: n.Expr, amount: n.Const | n.Get) -> n.Expr:
    """The product with an amount."""
    return count if isinstance(amount, n.Const) and amount.value == 1 else n.Binary("*", 64, count, amount)


def items_of(
    access: n.Load | n.Store, start: n.Expr | None = None, count: n.Expr | None = None, step: n.Expr | None = None
) -> n.Items:
    """The view that an access reads or writes, or a slice of it."""
    return n.Items(access.memory, access.item, access.signed, start, count, step)
