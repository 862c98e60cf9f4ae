"""Choices in a row that depend on the same condition become one conditional statement.

::

    f = int(x > -1)                       if x > -1
    store items[k] = (f ? a : b)            f = 1; store items[k] = a; i = i + 1
    i = i + f                   becomes   else
    j = j + int(x < 0)                      f = 0; store items[k] = b; j = j + 1

Compilers make choices of branches, because processors guess wrong.  In Python each choice tests its condition anew,
and a number that is 0 or 1 is made only to be tested or added.
"""

from __future__ import annotations

from copy import copy
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
from wasm2py.optimise.facts import bare, is_pure, may_divide
from wasm2py.wasm.types import I64

WORTH = 3
"""Choices that one conditional statement has to take the place of."""

MOST_STATEMENTS = 8
"""More are not written twice."""

MOST_NODES = 80
"""Larger expressions, all together, are not written twice."""

_Key = tuple[n.Variable, str, int]
"""That a variable is, or is greater than, a constant."""


def join_choices(function: n.Function) -> None:
    """Run the pass."""
    for s in statements(function.body):
        for inner in lists(s):
            _list(inner)
    _list(function.body)


def _list(body: list[n.Stmt]) -> None:
    """Join the choices in one list."""
    position = 0
    while position < len(body):
        key = _first_choice(body[position])
        if key is not None:
            run = _Run(key)
            run.collect(body, position)
            if run.choices >= WORTH:
                body[position : run.end] = [run.joined(), *run.postponed]
                position += len(run.postponed)
        position += 1


def _first_choice(s: n.Stmt) -> _Key | None:
    """The condition of a choice in a statement that assigns or stores."""
    if s.__class__ is n.Assign or s.__class__ is n.Store:
        for x in evaluated(s):
            if x.__class__ in _CHOICES and (test := _test(x)) is not None:
                return test[0]
    return None


_CHOICES = frozenset((n.Select, n.BoolInt))


def _test(x: n.Expr) -> tuple[_Key, bool] | None:
    """What a choice depends on, and whether it is true where that holds."""
    if isinstance(x, n.Select):
        return _condition(x.condition)
    return _condition(x.x) if isinstance(x, n.BoolInt) else None


def _condition(x: n.Expr) -> tuple[_Key, bool] | None:
    """What a truth value says of one variable, and whether it says so or the opposite."""
    truth = True
    while isinstance(x, n.Not):
        x, truth = x.x, not truth
    if isinstance(x, n.Wrap) and x.form == "t" and x.mode == n.NOTHING:
        x = x.x
    if isinstance(x, n.Get):
        return ((x.var, "==", 0), not truth)
    if not isinstance(x, n.Compare):
        return None
    number, constant = bare(x.a), bare(x.b)
    if not isinstance(number, n.Get) or not isinstance(constant, n.Const):
        return None
    op, beside, holds = _COMPARED.get(x.op, ("", 0, True))
    return ((number.var, op, constant.value + beside), truth is holds) if op else None


_COMPARED = {
    "==": ("==", 0, True),
    "!=": ("==", 0, False),
    ">": (">", 0, True),
    ">=": (">", -1, True),
    "<": (">", -1, False),
    "<=": (">", 0, False),
}
"""Comparisons with a constant by two of them: which one, with how much beside the constant, and whether it holds."""


@dataclass(slots=True)
class _Run:
    """Statements in a row that choose by the same condition.

    :ivar key: the condition
    :ivar test: it, or its opposite, as the first choice has it
    :ivar flags: variables that are 1 where the condition holds, and 0 elsewhere; or the other way round
    :ivar choices: how many choices there are, uses of flags included
    :ivar postponed: statements between them that may as well run behind them
    :ivar end: the position behind all of them
    :ivar nodes: how large their expressions are
    """

    key: _Key
    test: n.Expr | None = None
    holds: bool = True
    flags: dict[n.Variable, bool] = field(default_factory=dict)
    choices: int = 0
    chosen: list[n.Stmt] = field(default_factory=list)
    postponed: list[n.Stmt] = field(default_factory=list)
    end: int = 0
    nodes: int = 0

    def collect(self, body: list[n.Stmt], position: int) -> None:
        """Find the statements, from a position of a list on."""
        waiting: list[n.Stmt] = []
        touched: set[n.Variable] = set()
        """What the waiting statements read or assign."""
        for i in range(position, len(body)):
            s = body[i]
            if not isinstance(s, (n.Assign, n.Store)) or len(self.chosen) == MOST_STATEMENTS:
                return
            here = self.count(s)
            self.nodes += len(evaluated(s)) if here else 0
            if self.nodes > MOST_NODES:
                return
            changed = set(assigned(s))
            read = {x.var.find() for x in evaluated(s) if isinstance(x, n.Get)}
            if not here:
                if not isinstance(s, n.Assign) or not _movable(s.value) or self.key[0] in changed:
                    return
                if len(waiting) == MOST_STATEMENTS:
                    return
                waiting.append(s)
                touched |= changed | read
                continue
            if (changed & touched) or any(set(assigned(each)) & read for each in waiting):
                return
            self.chosen.append(s)
            self.choices += here
            self.postponed = list(waiting)
            self.end = i + 1
            self.note_flag(s)
            if self.key[0] in changed:
                return

    def count(self, s: n.Assign | n.Store) -> int:
        """How many choices a statement makes by the condition."""
        found = 0
        for x in evaluated(s):
            test = _test(x)
            if test is not None and test[0] == self.key:
                found += 1
                if self.test is None:
                    self.test, self.holds = (x.condition if isinstance(x, n.Select) else x.x), test[1]  # type: ignore[attr-defined]
            elif isinstance(x, n.Get) and x.var in self.flags:
                found += 1
        return found

    def note_flag(self, s: n.Assign | n.Store) -> None:
        """Remember that an assigned variable is a flag, or is none any more."""
        if isinstance(s, n.Assign):
            self.flags.pop(s.var, None)
            value = bare(s.value)
            if isinstance(value, n.BoolInt) and (test := _test(value)) is not None and test[0] == self.key:
                self.flags[s.var] = test[1]

    def joined(self) -> n.If:
        """One statement instead of all."""
        assert self.test is not None
        return n.If(duplicate(self.test), self.arm(self.holds), self.arm(not self.holds))

    def arm(self, holds: bool) -> list[n.Stmt]:
        """What the statements do where the condition holds, or where it does not."""
        flags: dict[n.Variable, int] = {}

        def truth(test: tuple[_Key, bool]) -> bool | None:
            (variable, op, constant), says = test
            if test[0] == self.key:
                return says is holds
            return (flags[variable] == 0) is says if variable in flags and (op, constant) == ("==", 0) else None

        def change(x: n.Expr) -> n.Expr:
            test = _test(x)
            known = None if test is None else truth(test)
            if isinstance(x, n.Select) and known is not None:
                return change(x.a if known else x.b)
            if isinstance(x, n.BoolInt) and known is not None:
                return _number(x, int(known))
            if isinstance(x, n.Get) and x.var in flags:
                return _number(x, flags[x.var])
            replace_parts(x, change)
            return _without_zero(x)

        made: list[n.Stmt] = []
        for s in self.chosen:
            each = copy(s)
            replace_operands(each, lambda x: change(duplicate(x)))
            made.append(each)
            if isinstance(each, n.Assign):
                flags.pop(each.var, None)
                value = bare(each.value)
                if each.var in self.flags and isinstance(value, n.Const):
                    flags[each.var] = value.value
                same = _in_form(each)
                if same is each.var:
                    made.pop()
                elif same is not None:
                    each.value = n.Get(same)
        return made


def _movable(x: n.Expr) -> bool:
    """Whether evaluating an expression later makes no difference, but for its variables."""
    return is_pure(x) and not any(isinstance(each, n.Load) or may_divide(each) for each in expressions(x))


def _number(x: n.Expr, value: int) -> n.Const:
    """A constant instead of an expression."""
    made = n.Const(64 if x.type is I64 else 32, value)
    made.type = x.type
    return made


def _without_zero(x: n.Expr) -> n.Expr:
    """A sum with zero is its other operand."""
    if isinstance(x, n.Binary) and x.op in "+-" and x.bits:
        if _is_zero(x.b):
            return x.a
        if x.op == "+" and _is_zero(x.a):
            return x.b
    return x


def _is_zero(x: n.Expr) -> bool:
    x = bare(x)
    return isinstance(x, n.Const) and not x.value


def _in_form(s: n.Assign) -> n.Variable | None:
    """The variable that a statement copies, which needs no wrap if it is in the form of the one assigned."""
    x = s.value
    while isinstance(x, n.Wrap) and x.bits == (64 if s.var.type is I64 else 32):
        x = x.x
    if not isinstance(x, n.Get) or x.var.type is not s.var.type or x.var.modular or s.var.modular:
        return None
    return x.var if x.var.signed == s.var.signed and n.is_int(x.var.type) else None
