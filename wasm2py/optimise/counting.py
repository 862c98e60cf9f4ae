"""Loops that count: how often they run, and which addresses move by a fixed amount with each turn.

::

    loop
      …                               steps: p by 8, i by -1
      p = p + 8                       trips: i // 1, if that is positive and the loop has no other way out
      i = i - 1
      if i: br loop
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, lists, operands, parts, statements
from wasm2py.wasm.types import NumType

INTEGERS: tuple[n.Range, n.Range] = ((0, 0, 0), (0, 0, 0))
"""What a comparison has for ranges if only its operands' being integers matters any more."""


@dataclass(slots=True)
class Step:
    """A variable that each turn changes by ``amount``, a constant or a variable that the loop does not change.

    :ivar position: of ``statement`` in the order of the loop
    """

    variable: n.Variable
    statement: n.Assign
    position: int
    amount: n.Const | n.Get

    def exact(self) -> bool:
        """Whether no step leaves the variable's range."""
        assert isinstance(self.statement.value, n.Wrap)
        return self.statement.value.mode == n.NOTHING


@dataclass(slots=True)
class Counted:
    """A loop whose only way out is a test at the end of a turn, after a number of turns that is known at its start.

    :ivar turns: the statements of a turn, without the test
    :ivar behind: what follows the test, once
    :ivar condition: of going on
    :ivar order: all statements of a turn in the order of the text, and whether each is run in any case
    :ivar changed: variables that it assigns
    :ivar sums: variables that each turn assigns once, with a sum
    :ivar main: the step of the variable that is tested
    :ivar monotonic: the tested variable goes from where it starts to the bound without wrapping around
    :ivar trips: number of turns, in values before the loop; wrong unless it is positive and ``remainder`` is zero
    """

    loop: n.Loop
    turns: list[n.Stmt]
    behind: list[n.Stmt]
    condition: n.Expr
    changed: set[n.Variable]
    order: list[tuple[n.Stmt, bool]] = field(default_factory=list)
    steps: dict[n.Variable, Step] = field(default_factory=dict)
    sums: dict[n.Variable, Sum] = field(default_factory=dict)
    main: Step | None = None
    trips: n.Expr = field(default_factory=lambda: n.Const(32, 0))
    remainder: n.Expr | None = None
    monotonic: bool = False

    def unchanged(self, x: n.Expr) -> bool:
        """Whether an expression has the same value before the loop and in each turn."""
        return not any(
            isinstance(each, n.Load) or (isinstance(each, n.Get) and each.var in self.changed)
            for each in expressions(x)
        )


@dataclass(slots=True)
class Sum:
    """A variable that is assigned a sum in each turn, and by nothing else in the loop."""

    statement: n.Assign
    position: int


def find_counted(loop: n.Loop) -> Counted | None:
    """What is known of a loop, if it counts and its turns are plain: assignments, stores and choices."""
    if loop.label.uses != 1:
        return None
    position = next((i for i, s in enumerate(loop.body) if _goes_on(s, loop.label)), None)
    if position is None:
        return None
    test = loop.body[position]
    assert isinstance(test, n.If)
    turns = loop.body[:position]
    if not all(_plain(s, 0) for s in turns):
        return None
    counts = Counter(variable for s in statements(turns) for variable in assigned(s))
    counted = Counted(loop, turns, loop.body[position + 1 :], test.condition, set(counts))
    _note_order(turns, True, counted.order)
    for index, (s, always) in enumerate(counted.order):
        if not always or not isinstance(s, n.Assign) or counts[s.var] != 1:
            continue
        amount = _amount(s, counts)
        if amount is not None:
            counted.steps[s.var] = Step(s.var, s, index, amount)
        elif _is_sum(s.value):
            counted.sums[s.var] = Sum(s, index)
    return counted if _find_trips(counted) else None


def _note_order(body: list[n.Stmt], always: bool, order: list[tuple[n.Stmt, bool]]) -> set[n.Label]:
    """Note the statements of a list in the order of the text; returns the labels that it may branch to."""
    jumps: set[n.Label] = set()
    for s in body:
        order.append((s, always and not jumps))
        if isinstance(s, n.Br):
            jumps.add(s.label)
        elif isinstance(s, n.Block):
            jumps |= _note_order(s.body, always and not jumps, order) - {s.label}
        else:
            for inner in lists(s):
                jumps |= _note_order(inner, False, order)
    return jumps


def _goes_on(s: n.Stmt, label: n.Label) -> bool:
    """Whether a statement is the conditional branch back to the start."""
    if not isinstance(s, n.If) or s.orelse or len(s.then) != 1:
        return False
    jump = s.then[0]
    return isinstance(jump, n.Br) and jump.label is label


def _plain(s: n.Stmt, labels: int) -> bool:
    """Whether a statement has nothing in it but assignments, stores and choices.

    :param labels: bit set of the blocks around it in the loop, which it may leave
    """
    if isinstance(s, n.If):
        return is_pure(s.condition) and all(_plain(each, labels) for each in (*s.then, *s.orelse))
    if isinstance(s, n.Block):
        labels |= 1 << s.label.index
        return not s.label.results and all(_plain(each, labels) for each in s.body)
    if isinstance(s, n.Br):
        return bool(labels >> s.label.index & 1)
    if not isinstance(s, (n.Assign, n.AssignMany, n.Round, n.Store)) or (isinstance(s, n.Store) and s.item == "V"):
        return False
    return all(map(is_pure, operands(s)))


def is_pure(x: n.Expr) -> bool:
    """Whether evaluating an expression changes nothing: it may be done earlier, or again."""
    return all(
        isinstance(each.type, NumType) if isinstance(each, n.Apply) else isinstance(each, _PURE)
        for each in expressions(x)
    )


_PURE = (
    n.Const, n.FloatConst, n.Get, n.GlobalGet, n.Binary, n.Divide, n.Negate, n.Extend, n.Compare, n.Not, n.Logic,
    n.BoolInt, n.Select, n.Pick, n.Wrap, n.Load, n.VectorConst, n.Lane,
)  # fmt: skip


def may_divide(x: n.Expr) -> bool:
    """Whether a node may trap, other than by access to memory: it divides, or is a helper."""
    return isinstance(x, (n.Divide, n.Apply)) or (isinstance(x, n.Binary) and x.op in ("/", "//", "%"))


def _amount(s: n.Assign, counts: Counter[n.Variable]) -> n.Const | n.Get | None:
    """What an assignment adds to its own variable."""
    if not isinstance(s.value, n.Wrap):
        return None
    x = s.value.x
    if not isinstance(x, n.Binary) or x.op not in "+-" or not isinstance(x.a, n.Get) or x.a.var is not s.var:
        return None
    if isinstance(x.b, n.Const):
        if not x.b.value:
            return None
        return x.b if x.op == "+" else n.Const(x.b.bits, -x.b.value)
    if isinstance(x.b, n.Get) and x.op == "+" and not counts[x.b.var]:
        return x.b
    return None


def _is_sum(x: n.Expr) -> bool:
    """Whether a value is one that addresses are made of."""
    if not isinstance(x, n.Wrap) or not isinstance(x.x, (n.Get, n.Binary)):
        return False
    return not any(isinstance(each, n.Load) for each in expressions(x.x))


def _find_trips(counted: Counted) -> bool:
    """Find the step that is tested and the number of turns."""
    condition = counted.condition
    if isinstance(condition, n.Wrap):
        pairs: list[tuple[n.Expr, str, n.Expr]] = [(condition, "!=", n.Const(32, 0))]
    elif isinstance(condition, n.Compare) and condition.ranges[0] is not None:
        a, b = condition.a, condition.b
        pairs = [(a, condition.op, b), (b, _MIRRORED[condition.op], a)]
    else:
        return False
    return any(_until_equal(counted, *pair) if pair[1] == "!=" else _until_past(counted, *pair) for pair in pairs)


def _until_equal(counted: Counted, side: n.Expr, _op: str, bound: n.Expr) -> bool:
    """The number of turns until a sum is congruent to something that does not change."""
    total = _Sum(counted)
    x = side.x if isinstance(side, n.Wrap) else side
    if not total.add(x, 1, 0) or total.step is None or total.factor != 1 or not counted.unchanged(bound):
        return False
    start = sum_of(total.terms, total.constant)
    exact = all(not isinstance(each, n.Wrap) or each.mode == n.NOTHING for each in (side, bound))
    amount = total.step.amount
    rising = not isinstance(amount, n.Const) or amount.value > 0
    distance = _minus(bound, start) if rising else _minus(start, bound)
    if not exact or len(total.terms) > 1:
        bits = side.bits if isinstance(side, n.Wrap) else 32
        distance = n.Binary("&", 64, distance, n.Const(64, (1 << bits) - 1))
    counted.main = total.step
    counted.monotonic = exact and len(total.terms) == 1 and not total.constant
    size = n.Const(32, abs(amount.value)) if isinstance(amount, n.Const) else amount
    if isinstance(size, n.Const) and size.value == 1:
        counted.trips = distance
    else:
        counted.trips = n.Binary("//", 64, distance, size)
        counted.remainder = n.Binary("%", 64, distance, size)
    return True


def _until_past(counted: Counted, side: n.Expr, op: str, bound: n.Expr) -> bool:
    """The number of turns until a variable has passed something that does not change."""
    for x in (side, bound):
        if isinstance(x, n.Wrap) and x.mode != n.NOTHING:
            return False
    variable = side.x if isinstance(side, n.Wrap) else side
    if not isinstance(variable, n.Get) or variable.var not in counted.steps or not counted.unchanged(bound):
        return False
    step = counted.steps[variable.var]
    rising = not isinstance(step.amount, n.Const) or step.amount.value > 0
    if op not in (("<", "<=") if rising else (">", ">=")) or not step.exact():
        return False
    distance = _minus(bound, variable) if rising else _minus(variable, bound)
    if op in ("<=", ">="):
        distance = n.Binary("+", 64, distance, n.Const(32, 1))
    counted.main = step
    size = n.Const(32, abs(step.amount.value)) if isinstance(step.amount, n.Const) else step.amount
    if isinstance(size, n.Const) and size.value == 1:
        counted.trips = distance
    else:
        rounded = n.Binary("-", 64, n.Binary("+", 64, distance, size), n.Const(32, 1))
        counted.trips = n.Binary("//", 64, rounded, size)
    return True


_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _minus(a: n.Expr, b: n.Expr) -> n.Expr:
    return a if isinstance(b, n.Const) and not b.value else n.Binary("-", 64, a, b)


# ------------------------------------------------------------------------------------------------- linear addresses


@dataclass(slots=True)
class Linear:
    """An access whose address is a sum with one stepping variable in it.

    :ivar origin: what it has in common with others that differ by a constant, in items and values before the loop
    :ivar base: equal for those that have it in common
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
    total = _Sum(counted)
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
    base = (shift, access.item.lower(), access.memory, key(origin), key(amount))
    unaligned = None if access.aligned or not shift else origin
    if shift:
        origin = n.Binary(">>", 64, origin, n.Const(32, shift))
    margin = total.constant >> shift
    return Linear(access, total.step, origin, base, constant >> shift, margin, amount, unaligned)


@dataclass(slots=True)
class _Sum:
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
            if made is not None and made.position < position:
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
        self.terms.append(x if factor == 1 else n.Binary("*", 64, x, n.Const(64, factor)))


def sum_of(terms: list[n.Expr], constant: int) -> n.Expr:
    """The exact sum of some terms and a constant."""
    total = terms[0]
    for x in terms[1:]:
        total = n.Binary("+", 64, total, x)
    return n.Binary("+", 64, total, n.Const(64, constant)) if constant else total


def sum_terms(x: n.Expr) -> Iterator[n.Expr]:
    """The terms of a sum; wraps inside of it that do nothing are looked through."""
    if isinstance(x, n.Wrap) and (x.mode == n.NOTHING or x.form == "m"):
        yield from sum_terms(x.x)
    elif isinstance(x, n.Binary) and x.op == "+":
        yield from sum_terms(x.a)
        yield from sum_terms(x.b)
    else:
        yield x


def natural(x: n.Expr) -> bool:
    """Whether an expression is certainly not negative."""
    if isinstance(x, n.Get):
        return not x.var.signed
    if isinstance(x, n.Const):
        return x.value >= 0
    if isinstance(x, n.Wrap):
        return x.form == "u" or natural(x.x)
    return isinstance(x, n.Binary) and x.op in ("+", "*", "<<", ">>") and natural(x.a) and natural(x.b)


def key(x: n.Expr) -> object:
    """Equal for expressions that are the same, of what occurs in addresses."""
    if isinstance(x, n.Get):
        return x.var
    if isinstance(x, n.Const):
        return x.value
    if isinstance(x, n.Wrap):
        return (x.form, x.mode, key(x.x))
    if isinstance(x, n.Binary):
        return (x.op, key(x.a), key(x.b))
    if isinstance(x, n.GlobalGet):
        return ("global", x.index)
    return id(x)


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
