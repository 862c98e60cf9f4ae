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
from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, lists, operands, parts, statements
from wasm2py.wasm.types import NumType

INTEGERS: tuple[n.Range, n.Range] = ((0, 0, 0), (0, 0, 0))
"""What a comparison has for ranges if only its operands' being integers matters any more."""


@dataclass(slots=True)
class Step:
    """A variable that each turn changes by ``amount``, a constant or a variable that the loop does not change.

    :ivar position: of ``statement`` among those of the loop
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
    :ivar main: the step of the variable that is tested
    :ivar trips: number of turns, in values before the loop; wrong unless it is positive and ``remainder`` is zero
    """

    loop: n.Loop
    turns: list[n.Stmt]
    behind: list[n.Stmt]
    condition: n.Expr
    steps: dict[n.Variable, Step]
    changed: set[n.Variable]
    main: Step
    trips: n.Expr
    remainder: n.Expr | None


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
    steps: dict[n.Variable, Step] = {}
    for index, s in enumerate(turns):
        amount = _amount(s, counts)
        if amount is not None:
            assert isinstance(s, n.Assign)
            steps[s.var] = Step(s.var, s, index, amount)
    found = _trips(test.condition, steps, set(counts))
    if found is None:
        return None
    main, trips, remainder = found
    return Counted(
        loop, turns, loop.body[position + 1 :], test.condition, steps, set(counts), main, trips, remainder
    )  # fmt: skip


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
    n.BoolInt, n.Select, n.Pick, n.Wrap, n.Load,
)  # fmt: skip


def _amount(s: n.Stmt, counts: Counter[n.Variable]) -> n.Const | n.Get | None:
    """What an assignment adds to its own variable, the only one to do so."""
    if not isinstance(s, n.Assign) or counts[s.var] != 1 or not isinstance(s.value, n.Wrap):
        return None
    x = s.value.x
    if not isinstance(x, n.Binary) or x.op not in "+-" or not isinstance(x.a, n.Get) or x.a.var is not s.var:
        return None
    if isinstance(x.b, n.Const):
        return x.b if x.op == "+" else n.Const(x.b.bits, -x.b.value)
    if isinstance(x.b, n.Get) and x.op == "+" and not counts[x.b.var]:
        return x.b
    return None


def _trips(
    condition: n.Expr, steps: dict[n.Variable, Step], changed: set[n.Variable]
) -> tuple[Step, n.Expr, n.Expr | None] | None:
    """The step that is tested, the number of turns, and what must be zero for that to be right."""
    if isinstance(condition, n.Wrap) and condition.mode == n.NOTHING:
        pairs: list[tuple[n.Expr, str, n.Expr]] = [(condition.x, "!=", n.Const(32, 0))]
    elif isinstance(condition, n.Compare) and condition.ranges[0] is not None:
        sides = [side.x if isinstance(side, n.Wrap) and side.mode == n.NOTHING else side for side in
                 (condition.a, condition.b)]  # fmt: skip
        pairs = [(sides[0], condition.op, sides[1]), (sides[1], _MIRRORED[condition.op], sides[0])]
    else:
        return None
    for side, op, bound in pairs:
        if not isinstance(side, n.Get) or side.var not in steps:
            continue
        if not isinstance(bound, n.Const) and not (isinstance(bound, n.Get) and bound.var not in changed):
            continue
        step = steps[side.var]
        start: n.Expr = n.Get(side.var)
        rising = not isinstance(step.amount, n.Const) or step.amount.value > 0
        distance = _minus(bound, start) if rising else _minus(start, bound)
        size = n.Const(32, abs(step.amount.value)) if isinstance(step.amount, n.Const) else step.amount
        if op == "!=":
            if isinstance(size, n.Const) and size.value == 1:
                return step, distance, None
            return step, n.Binary("//", 64, distance, size), n.Binary("%", 64, distance, size)
        if op not in (("<", "<=") if rising else (">", ">=")) or not step.exact():
            continue
        if op in ("<=", ">="):
            distance = n.Binary("+", 64, distance, n.Const(32, 1))
        if isinstance(size, n.Const) and size.value == 1:
            return step, distance, None
        rounded = n.Binary("-", 64, n.Binary("+", 64, distance, size), n.Const(32, 1))
        return step, n.Binary("//", 64, rounded, size), None
    return None


_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _minus(a: n.Expr, b: n.Expr) -> n.Expr:
    return a if isinstance(b, n.Const) and not b.value else n.Binary("-", 64, a, b)


# ------------------------------------------------------------------------------------------------- linear addresses


@dataclass(slots=True)
class Linear:
    """An access whose address is a sum with one stepping variable in it.

    :ivar start: the index of its first item, in values before the loop
    :ivar amount: items that a turn adds
    :ivar base: what it has in common with others that differ by a constant
    :ivar offset: that constant, in items
    """

    access: n.Load | n.Store
    step: Step
    start: n.Expr
    amount: n.Const | n.Get
    base: object
    offset: int


def linear(access: n.Load | n.Store, counted: Counted, position: int) -> Linear | None:
    """An access at a position of the loop as a linear one, where it can be one.

    Where all its items are inside of memory, its address needs no wrap in any turn.
    """
    wrap = access.address
    if access.item == "V" or not isinstance(wrap, n.Wrap) or wrap.mode not in (n.NOTHING, n.MASK):
        return None
    shift = 0 if access.indexed or access.width == 1 else access.width.bit_length() - 1
    if shift and not access.aligned:
        return None
    step: Step | None = None
    factor = 1
    constant = access.offset
    rest: list[n.Expr] = []
    for x in sum_terms(wrap.x):
        scale = 1
        term = x
        if isinstance(x, n.Binary) and x.op == "<<" and isinstance(x.b, n.Const):
            scale, term = 1 << x.b.value, x.a
            while isinstance(term, n.Wrap) and (term.mode == n.NOTHING or term.form == "m"):
                term = term.x
        if isinstance(x, n.Const):
            constant += x.value
        elif isinstance(term, n.Get) and term.var in counted.steps:
            if step is not None:
                return None
            step, factor = counted.steps[term.var], scale
            rest.append(x)
        elif any(isinstance(each, n.Load) or (isinstance(each, n.Get) and each.var in counted.changed)
                 for each in expressions(x)):  # fmt: skip
            return None
        else:
            rest.append(x)
    if step is None:
        return None
    amount = step.amount
    items: n.Const | n.Get
    if isinstance(amount, n.Const):
        if amount.value * factor % (1 << shift):
            return None
        items = n.Const(64, amount.value * factor >> shift)
        if position > step.position:
            constant += amount.value * factor
    elif factor != 1 or shift or position > step.position:
        return None
    else:
        items = amount
    if constant % (1 << shift):
        return None
    total = rest[0]
    for x in rest[1:]:
        total = n.Binary("+", 64, total, x)
    start: n.Expr = n.Binary(">>", 64, total, n.Const(32, shift)) if shift else total
    offset = constant >> shift
    if offset:
        start = n.Binary("+", 64, start, n.Const(64, offset))
    return Linear(access, step, start, items, (shift, access.item.lower(), access.memory, key(total)), offset)


def sum_terms(x: n.Expr) -> Iterator[n.Expr]:
    """The terms of a sum; wraps inside of it that do nothing are looked through."""
    if isinstance(x, n.Wrap) and (x.mode == n.NOTHING or x.form == "m"):
        yield from sum_terms(x.x)
    elif isinstance(x, n.Binary) and x.op == "+":
        yield from sum_terms(x.a)
        yield from sum_terms(x.b)
    else:
        yield x


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
    return id(x)


def inner_accesses(s: n.Stmt) -> Iterator[tuple[n.Load | n.Store, bool]]:
    """The accesses of a plain statement in the order of execution, and whether each takes place in any case."""
    for x in operands(s):
        yield from _accesses(x, True)
    if isinstance(s, n.Store):
        yield s, True
    for inner in lists(s):
        for each in inner:
            for access, _ in inner_accesses(each):
                yield access, False


def _accesses(x: n.Expr, always: bool) -> Iterator[tuple[n.Load | n.Store, bool]]:
    for number, part in enumerate(parts(x)):
        yield from _accesses(part, always and (not number or not isinstance(x, (n.Logic, n.Select))))
    if isinstance(x, n.Load):
        yield x, always
