"""A test of a flag becomes the comparison that the flag tells of, where that is all the flag is for.

::

    loop                                        loop
      …                                           …
      f = int(p != 0)                             if not p
      if not p                  becomes             br exit
        br exit                                   …
      …                                         x = (p ? p : q)
    x = (f ? p : q)

Compilers compute a condition once and keep it.  Here a number is tested as fast as a flag, and a comparison with a
constant costs less than to make a flag of it, so that it pays where a flag is made as often as it is tested.  It may be
made in several places, as long as the same variable serves where it is tested: copies count.
"""

from __future__ import annotations

from collections import Counter
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
    uses,
)
from wasm2py.optimise.facts import bare, copied

_PER_LOOP = 4
"""How often the body of a loop is taken to run."""

MAX_FLAGS = 30
"""Flags about which something is remembered at any point; older ones are forgotten."""

MAX_COPIES = 8
"""Variables that may be the number that a flag tells of."""

MAX_NEST = 8
"""Loops within each other that what is known is carried into: each has to be looked through for assignments."""

_LEAVING = (n.Return, n.TailCall, n.Throw, n.ThrowRef, n.Reraise, n.Unreachable)


@dataclass(frozen=True, slots=True, eq=False)
class _Condition:
    """That each of some variables, which are equal, compares so with a constant; ``node`` says it of one of them."""

    op: str
    constant: int
    numbers: frozenset[n.Variable]
    node: n.Expr

    def of(self, numbers: frozenset[n.Variable]) -> _Condition:
        """The same of other variables."""
        return _Condition(self.op, self.constant, numbers, self.node)

    @property
    def short(self) -> bool:
        """Whether it is no more than the truth of a number, or its opposite."""
        return not self.constant and self.op in ("==", "!=")

    def truth(self) -> n.Expr:
        """The truth value, by the oldest of the variables."""
        number = min(self.numbers, key=lambda v: v.index)
        if self.short:
            test = n.Wrap(32, "t", n.Get(number), n.NOTHING)
            return test if self.op == "!=" else n.Not(test)
        made = duplicate(self.node)
        for x in expressions(made):
            if isinstance(x, n.Get):
                x.var = number
        return made


_Facts = dict[n.Variable, _Condition]
"""Flags that are 1 exactly if a condition holds."""


def test_directly(function: n.Function) -> None:
    """Run the pass."""
    if not any(isinstance(s, n.Assign) and _condition(s) for s in statements(function.body)):
        return
    tests = _Tests()
    tests.list(function.body, {})
    cheap = [
        (flag, found)
        for flag, found in tests.found.items()
        if tests.tested[flag] <= tests.made[flag] or all(condition.short for _, condition in found)
    ]
    if not cheap:
        return
    read = uses(function.body)
    instead: dict[int, n.Expr] = {}
    for flag, found in cheap:
        if len(found) == read[flag]:
            instead.update((id(test), condition.truth()) for test, condition in found)

    def change(x: n.Expr) -> n.Expr:
        if id(x) in instead:
            return instead[id(x)]
        replace_parts(x, change)
        return x

    for s in tests.statements if instead else ():
        replace_operands(s, change)


def _condition(s: n.Assign) -> _Condition | None:
    """What a statement makes a flag of, if it compares a variable with a constant."""
    flag = bare(s.value)
    if not isinstance(flag, n.BoolInt):
        return None
    op, constant, number = "==", 0, None
    if isinstance(flag.x, n.Not):
        number = bare(flag.x.x)
    elif isinstance(flag.x, n.Compare):
        compared = bare(flag.x.b)
        if isinstance(compared, n.Const):
            op, constant, number = flag.x.op, compared.value, bare(flag.x.a)
    if not isinstance(number, n.Get) or number.var is s.var:
        return None
    return _Condition(op, constant, frozenset((number.var,)), flag.x)


@dataclass(slots=True)
class _Tests:
    """The tests of flags, each with the condition that could take its place.

    :ivar found: by flag
    :ivar tested: how often, about, it is tested
    :ivar made: how often, about, it is made
    :ivar statements: those with such tests
    :ivar labels: what is known at the branches to a block's end
    :ivar weight: how often, about, the statement at hand runs
    :ivar nest: the number of loops and the like around it
    """

    found: dict[n.Variable, list[tuple[n.Expr, _Condition]]] = field(default_factory=dict)
    tested: Counter[n.Variable] = field(default_factory=Counter)
    made: Counter[n.Variable] = field(default_factory=Counter)
    statements: list[n.Stmt] = field(default_factory=list)
    labels: dict[n.Label, _Facts] = field(default_factory=dict)
    weight: int = 1
    nest: int = 0

    def list(self, body: list[n.Stmt], facts: _Facts) -> _Facts | None:
        """Go through a list; ``facts`` holds at its start, and the result at its end, which may not be reached."""
        known: _Facts | None = facts
        for s in body:
            if known is None:
                break
            if known:
                self.operands(s, known)
            known = self.statement(s, known)
        return known

    def operands(self, s: n.Stmt, facts: _Facts) -> None:
        """Find the tests in a statement itself."""
        for x in evaluated(s):
            if isinstance(x, n.Wrap) and x.form == "t" and x.mode == n.NOTHING and isinstance(x.x, n.Get):
                condition = facts.get(x.x.var)
                if condition is not None:
                    self.found.setdefault(x.x.var, []).append((x, condition))
                    self.tested[x.x.var] += self.weight
                    self.statements.append(s)

    def statement(self, s: n.Stmt, facts: _Facts) -> _Facts | None:
        """Go through what is inside of a statement; what is known behind it."""
        match s:
            case n.Assign():
                return self.assignment(s, facts)
            case n.If():
                return _join(self.list(s.then, facts), self.list(s.orelse, facts))
            case n.Block():
                return _join(self.list(s.body, facts), self.labels.get(s.label))
            case n.Switch():
                for arm in s.arms:
                    self.list(arm, facts)
                return None
            case n.Br():
                arrived = _join(facts, self.labels.get(s.label))
                assert arrived is not None
                self.labels[s.label] = arrived
                return None
        if isinstance(s, _LEAVING):
            return None
        if self.nest >= MAX_NEST:
            facts = {}
        elif facts:
            inner = [v for body in lists(s) for each in statements(body) for v in assigned(each)]
            facts = _without(facts, [*inner, *assigned(s)])
        self.nest += 1
        after = self.inside(s, facts)
        self.nest -= 1
        return after

    def inside(self, s: n.Stmt, facts: _Facts) -> _Facts | None:
        """Go through what may run several times, or only in part; ``facts`` holds all along."""
        if isinstance(s, n.Try):
            return _join(self.list(s.body, facts), self.list(s.handler, facts))
        looping = isinstance(s, (n.Loop, n.For))
        self.weight *= _PER_LOOP if looping else 1
        for body in lists(s):
            self.list(body, facts)
        self.weight //= _PER_LOOP if looping else 1
        return None if isinstance(s, n.Loop) else facts

    def assignment(self, s: n.Assign, facts: _Facts) -> _Facts:
        """What is known behind an assignment."""
        condition, source = _condition(s), copied(s)
        facts = _without(facts, [s.var])
        if condition is not None:
            self.made[s.var] += self.weight
            latest = dict(list(facts.items())[1 - MAX_FLAGS :])
            return {**latest, s.var: condition}
        if source is not None and source is not s.var:
            for flag, known in facts.items():
                if source in known.numbers and len(known.numbers) < MAX_COPIES:
                    facts = {**facts, flag: known.of(known.numbers | {s.var})}
        return facts


def _without(facts: _Facts, changed: list[n.Variable]) -> _Facts:
    """What is still known once variables have new values."""
    gone = set(changed)
    if all(flag not in gone and known.numbers.isdisjoint(gone) for flag, known in facts.items()):
        return facts
    return {
        flag: known.of(left) for flag, known in facts.items() if flag not in gone and (left := known.numbers - gone)
    }


def _join(a: _Facts | None, b: _Facts | None) -> _Facts | None:
    """What is known where two paths meet."""
    if a is None or b is None:
        return b if a is None else a
    both: _Facts = {}
    for flag, known in a.items():
        other = b.get(flag)
        if other is not None and (known.op, known.constant) == (other.op, other.constant):
            numbers = known.numbers & other.numbers
            if numbers:
                both[flag] = known.of(numbers)
    return both
