"""Vectors of many turns side by side in one integer: what an expression becomes, and which of its bits are right.

A vector of one turn is an integer of 128 bits (:mod:`wasm2py.ir.building.lanes`).  Where all turns compute the same,
their integers are put side by side, and one operation does what each of them needs, as long as no vector's bits get
into its neighbour: sums must not carry beyond a vector, differences not borrow.  What shifts and products move across
is noted as *dirty*, until a mask removes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from runtime_support.simd import wide
from wasm2py.ir import nodes as n
from wasm2py.ir.building.vector_facts import ALL, HELPER_ONES, carried, ones
from wasm2py.ir.walk import duplicate, expressions
from wasm2py.optimise.facts import is_pure, may_divide
from wasm2py.optimise.loops.counting import Counted
from wasm2py.optimise.loops.lane_sums import find_lane_sum
from wasm2py.optimise.loops.linear import Linear
from wasm2py.wasm.types import V128


class NotWideError(Exception):
    """A loop does something that cannot be done to many vectors at once."""


@dataclass(slots=True)
class Wide:
    """The vectors of a block of turns.

    :ivar node: side by side, the first lowest
    :ivar ones: the bits that may be 1 in the vector of a turn, of which those from 128 on are lost
    :ivar dirty: bits that may be wrong
    :ivar least: no vector is smaller
    :ivar total: the variable carried from turn to turn that it is made of, if there is one
    :ivar fold: by which operation; empty for the variable itself, ``None`` if by none that may be done in any order
    """

    node: n.Expr
    ones: int = ALL
    dirty: int = 0
    least: int = 0
    total: n.Variable | None = None
    fold: str | None = None


class Widener:
    """Makes expressions for the vectors of many turns.

    :ivar places: the index of the first item of loads, by identity
    :ivar left: how many turns are left at the start of a block
    :ivar values: of variables that a turn has assigned, or that are carried from turn to turn
    :ivar totals: those that are carried, and what stands for them
    :ivar before: assignments that precede all turns
    :ivar made: what has been made of expressions of this statement
    """

    def __init__(
        self, function: n.Function, counted: Counted, places: dict[int, tuple[Linear, n.Expr]], left: n.Variable
    ) -> None:
        self.function = function
        self.left = left
        self.counted = counted
        self.places = places
        self.values: dict[n.Variable, Wide] = {}
        self.totals: dict[n.Variable, n.Variable] = {}
        self.before: list[n.Assign] = []
        self.constants: dict[int, n.Variable] = {}
        self.made: dict[int, Wide] = {}

    def value(self, x: n.Expr) -> Wide:
        """The vectors that an expression is in each turn; expressions are told apart by identity."""
        made = self.made.get(id(x))
        if made is None:
            made = self.made[id(x)] = self.make(x)
        return made

    def make(self, x: n.Expr) -> Wide:
        """The vectors that an expression is in each turn."""
        if isinstance(x, n.VectorConst):
            return self.constant(x.value)
        if isinstance(x, n.Get) and x.var in self.counted.changed:
            return self.variable(x.var)
        if isinstance(x, n.Load) and id(x) in self.places:
            return self.load(x)
        if x.type is V128 and self.counted.unchanged(x) and _movable(x):
            return Wide(self.named(apply("wide_copies", duplicate(x))))
        if isinstance(x, n.Binary) and not x.bits:
            return self.binary(x)
        if isinstance(x, n.Apply) and f"wide_{x.helper}" in wide.HELPERS:
            return self.helper(x)
        raise NotWideError

    # ---------------------------------------------------------------------------------------------------------- leaves

    def named(self, x: n.Expr) -> n.Get:
        """What is computed before all turns."""
        variable = self.function.temporary(V128)
        self.before.append(n.Assign(variable, x))
        return n.Get(variable)

    def constant(self, value: int) -> Wide:
        """Copies of a constant."""
        if not value:
            return Wide(n.VectorConst(0), 0)
        if value not in self.constants:
            self.constants[value] = self.named(apply("wide_constant", n.VectorConst(value))).var
        return Wide(n.Get(self.constants[value]), value, 0, value)

    def variable(self, variable: n.Variable) -> Wide:
        """A variable that the turn has assigned, or one that is carried from turn to turn."""
        if variable.type is not V128:
            raise NotWideError
        if variable not in self.values:
            inner = self.totals[variable] = self.function.temporary(V128)
            self.values[variable] = Wide(n.Get(inner), total=variable, fold="")
        return self.values[variable]

    def assign(self, s: n.Assign) -> n.Assign:
        """An assignment, by each turn of a block to a variable of its own."""
        made = self.clean(self.value(s.value))
        if s.var in self.values:
            inner = self.values[s.var].node
            assert isinstance(inner, n.Get)
        else:
            inner = n.Get(self.function.temporary(V128))
        self.values[s.var] = Wide(inner, made.ones, 0, made.least, made.total, made.fold)
        return n.Assign(inner.var, made.node)

    def load(self, x: n.Load) -> Wide:
        """Vectors in memory, or items that are the lowest lanes of vectors."""
        if x.item not in "VBHIQ" or x.signed:
            raise NotWideError
        each, start = self.places[id(x)]
        whole = x.item == "V"
        view = n.Items(x.memory, "Q" if whole else x.item, False, None, None, None)
        node = apply("wide_load" if whole else "wide_load_items", view, start, each.amount, n.Get(self.left))
        return Wide(node, (1 << 8 * x.width) - 1)

    # ------------------------------------------------------------------------------------------------------ operations

    def helper(self, x: n.Apply) -> Wide:
        """A helper, lane by lane; the count of a shift is a number that does not change."""
        args: list[n.Expr] = []
        total: list[Wide] = []
        for arg in x.args:
            if arg.type is V128:
                made = self.clean(self.value(arg))
                args.append(made.node)
                total.append(made)
            elif self.counted.unchanged(arg) and is_pure(arg) and not any(map(may_divide, expressions(arg))):
                args.append(duplicate(arg))
            else:
                raise NotWideError
        made = Wide(apply(f"wide_{x.helper}", *args), HELPER_ONES.get(x.helper, ALL))
        made.total = _total(total)
        if f"wide_fold_{x.helper}" in wide.HELPERS:
            made.fold = _fold(x.helper, total)
        return made

    def binary(self, x: n.Binary) -> Wide:
        """An infix operation, by what it does to the bits of each vector."""
        if x.op in ("<<", ">>"):
            return self.shift(x)
        if x.op == "*":
            return self.multiply(x)
        a, b = self.value(x.a), self.value(x.b)
        if x.op in ("+", "-"):
            made = self.sum(x.op, self.clean(a), self.clean(b))
        elif x.op in ("&", "|", "^"):
            made = Wide(n.Binary(x.op, 0, a.node, b.node))
            if x.op == "&":
                made.ones = a.ones & b.ones
                made.dirty = a.dirty & (b.ones | b.dirty) | b.dirty & (a.ones | a.dirty)
            else:
                made.ones, made.dirty = a.ones | b.ones, a.dirty | b.dirty
                made.least = max(a.least, b.least) if x.op == "|" else 0
        else:
            raise NotWideError
        made.total = _total([a, b])
        if made.total is not None:
            made.fold = self.lane_sum(x) or _fold(_BITWISE.get(x.op), [a, b])
        return made

    def sum(self, op: str, a: Wide, b: Wide) -> Wide:
        """A sum or a difference of numbers, neither of which may leave its vector."""
        made = Wide(n.Binary(op, 0, a.node, b.node))
        if op == "+":
            carries = carried(a.ones, b.ones)
            made.ones, made.least = a.ones | b.ones | carries, a.least + b.least
            if carries > ALL:
                raise NotWideError
        else:
            made.ones, made.least = (1 << a.ones.bit_length()) - 1, a.least - b.ones
            if made.least < 0:
                raise NotWideError
        return made

    def shift(self, x: n.Binary) -> Wide:
        """A shift: what leaves a vector gets into its neighbour."""
        if not isinstance(x.b, n.Const) or not 0 <= x.b.value < 128:
            raise NotWideError
        a, count = self.value(x.a), x.b.value
        held = a.ones & ALL | a.dirty
        if x.op == "<<":
            made = Wide(n.Binary("<<", 0, a.node, x.b), a.ones << count, a.dirty << count & ALL | held << count >> 128)
        else:
            moved = (held | a.ones >> 128) << 128 - count & ALL if count else 0
            made = Wide(n.Binary(">>", 0, a.node, x.b), a.ones >> count, a.dirty >> count | moved)
        made.total = a.total
        return made

    def multiply(self, x: n.Binary) -> Wide:
        """A product with a constant: what leaves a vector is added to its neighbour, where it must not carry on."""
        value, factor = (x.b, x.a) if isinstance(x.a, n.VectorConst) else (x.a, x.b)
        if not isinstance(factor, n.VectorConst):
            raise NotWideError
        a = self.clean(self.value(value))
        found = 0
        for place in range(factor.value.bit_length()):
            if factor.value >> place & 1:
                found |= a.ones << place | carried(found, a.ones << place)
        low, beyond = found & ALL, found >> 128
        carries = carried(low, beyond)
        if beyond > ALL or carries > ALL:
            raise NotWideError
        dirty = beyond
        while dirty << 1 & carries & ~dirty:
            dirty |= dirty << 1 & carries
        return Wide(n.Binary("*", 0, a.node, factor), found, dirty, a.least * factor.value, a.total)

    def clean(self, made: Wide) -> Wide:
        """The same without dirty bits."""
        if made.ones > ALL or made.ones & made.dirty:
            raise NotWideError
        if not made.dirty:
            return made
        mask = self.constant(made.ones).node
        return Wide(n.Binary("&", 0, made.node, mask), made.ones, 0, made.least, made.total, made.fold)

    def lane_sum(self, x: n.Binary) -> str | None:
        """The name of the addition of lanes, if that is what is done to the carried variable."""
        found = find_lane_sum(x)
        if found is None or (found.small and self.value(found.b).ones & ones(found.width) << found.width - 1):
            return None
        terms = [self.value(found.a), self.value(found.b)]
        return None if found.lent and terms[1].total else _fold(f"i{found.width}x{128 // found.width}_add", terms)


_BITWISE = {"&": "v128_and", "|": "v128_or", "^": "v128_xor"}


def _total(args: list[Wide]) -> n.Variable | None:
    """The one carried variable that some vectors are made of."""
    found = {each.total for each in args if each.total is not None}
    if len(found) > 1:
        raise NotWideError
    return next(iter(found), None)


def _fold(name: str | None, args: list[Wide]) -> str | None:
    """The operation, if it is all that has been done to the carried variable, which one of two vectors is made of."""
    made = [each for each in args if each.total is not None]
    return name if len(made) == 1 and made[0].fold in ("", name) else None


def _movable(x: n.Expr) -> bool:
    """Whether an expression may be evaluated earlier: it cannot trap."""
    return is_pure(x) and not any(each.type is not V128 and may_divide(each) for each in expressions(x))


def apply(name: str, *args: n.Expr) -> n.Apply:
    """A call of a helper that gives vectors."""
    made = n.Apply(name, list(args), None)
    made.type = V128
    return made
