"""Which pointers cross between functions as indices of items, so that it is the caller who divides.

::

    func f(p)                              func f(q)
      store.i32 offset=4 p 1     becomes     items[q + 1] = 1
    call f (64)                            call f (16)

A caller often has the index already, of accesses of its own, or knows the number.  A parameter qualifies where all
functions that are called in the same way use it for nothing but accesses of one width that it is aligned for, for tests
for zero, and for passing it on to parameters that are such indices, too.  What callers have to divide for it is weighed
against what the callees need not divide any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, lists, operands, parts
from wasm2py.wasm.types import I32

SHIFTS = (1, 2, 3)
"""The exponents of the widths of items."""

_DIVISION = 2
"""What a division costs; half of that is for one that takes place in some cases only."""

_PER_LOOP = 4
"""How often the body of a loop is taken to run."""

_MOST = 1 << 40
"""What such numbers are limited to."""

_MOST_ROUNDS = 10
"""Rounds of an election."""

_ALL = sum(1 << shift for shift in SHIFTS)


class Taken(NamedTuple):
    """What a function does with a parameter.

    :ivar shifts: bit set of those by which it may be divided
    :ivar gain: what it costs to divide the pointer in the function
    :ivar passed: the parameters that it is passed on to
    """

    place: n.Place
    shifts: int
    gain: int
    passed: frozenset[n.Place]


class Given(NamedTuple):
    """An argument.

    :ivar place: where it goes
    :ivar source: the parameter that it is made from, by adding a constant: if that is an index, this costs nothing
    :ivar costs: what it costs otherwise to divide it, for each of :data:`SHIFTS`
    """

    place: n.Place
    source: n.Place | None
    costs: tuple[int, ...]


def survey_pointers(function: n.Function) -> tuple[list[Taken], Counter[Given]]:
    """What a function does with its parameters, and what it gives to others, with the number of times."""
    index = function.index
    params: dict[n.Variable, n.Place] = {
        v.find(): ("param", index, i) for i, v in enumerate(function.params) if v.type is I32
    }
    uses = _Uses(params)
    uses.collect(function.body, 1, certain=True)
    uses.others = {v.find() for v in uses.others}
    return [uses.taken(v, place) for v, place in params.items()], uses.given()


@dataclass(slots=True)
class _Uses:
    """Where the pointers of a function are used; the numbers say how often that is taken to happen.

    :ivar params: the parameters that may be pointers
    :ivar assigned: how often each variable is assigned
    :ivar accesses: accesses by variable and shift
    :ivar others: variables of which the pointer itself is needed
    :ivar shifts: bit set of those by which each parameter may be divided
    :ivar gains: what it costs to divide each parameter
    :ivar passed: the parameters that each is passed on to
    :ivar arguments: where they go, with the variable and constant that they are made from, or another value
    """

    params: Mapping[n.Variable, n.Place]
    assigned: dict[n.Variable, int] = field(default_factory=dict)
    accesses: dict[tuple[n.Variable, int], int] = field(default_factory=dict)
    others: set[n.Variable] = field(default_factory=set)
    shifts: dict[n.Variable, int] = field(default_factory=dict)
    gains: dict[n.Variable, int] = field(default_factory=dict)
    passed: dict[n.Variable, set[n.Place]] = field(default_factory=dict)
    arguments: list[tuple[n.Place, int, tuple[n.Variable, int] | n.Expr]] = field(default_factory=list)

    def collect(self, body: list[n.Stmt], weight: int, *, certain: bool) -> None:
        """Go through a list.

        :param certain: whether it runs whenever the function does
        """
        for s in body:
            if s.__class__ is n.Assign:
                variable = s.var.find()
                self.assigned[variable] = self.assigned.get(variable, 0) + weight
                self.expression(s.value, weight, certain)
                continue
            if s.__class__ is n.Store:
                self.access(s, weight, certain)
                self.expression(s.value, weight, certain)
                continue
            for variable in assigned(s):
                self.assigned[variable] = self.assigned.get(variable, 0) + weight
            if isinstance(s, (n.Call, n.TailCall)) and s.callee is not None:
                if s.selector is not None:
                    self.expression(s.selector, weight, certain)
                for number, x in enumerate(s.args):
                    self.argument(("param", s.callee, number), x, weight, certain)
                continue
            for x in operands(s):
                self.expression(x, weight, certain)
            inside = min(weight * _PER_LOOP, _MOST) if s.__class__ is n.Loop else weight
            for inner in lists(s):
                certain = False
                self.collect(inner, inside, certain=False)

    def expression(self, x: n.Expr, weight: int, certain: bool) -> None:
        """Note the uses in an expression."""
        pending = [x]
        for each in pending:  # which grows on the way
            tested = False
            while each.__class__ is n.Wrap:
                tested = each.form == "t"
                each = each.x
            if each.__class__ is n.Get:
                if not tested:
                    self.others.add(each.var)
            elif each.__class__ is n.Load:
                self.access(each, weight, certain)
            elif each.__class__ is not n.Const:
                pending += parts(each)

    def access(self, x: n.Load | n.Store, weight: int, certain: bool) -> None:
        """Note the address of an access."""
        base = None if x.item in "BV" or x.exact else _base(x.address)
        if base is None:
            self.expression(x.address, weight, certain)
            return
        shift = x.width.bit_length() - 1
        variable, added = base
        if (added | x.offset) & x.width - 1:
            self.others.add(variable)
        self.accesses[variable, shift] = self.accesses.get((variable, shift), 0) + weight
        if variable in self.params:
            self.limit(variable, 1 << shift, certain)

    def argument(self, place: n.Place, x: n.Expr, weight: int, certain: bool) -> None:
        """Note an argument."""
        if x.type is not I32:
            self.expression(x, weight, certain)
            return
        base = _base(x)
        if base is None:
            self.expression(x, weight, certain)
        else:
            if base[0] in self.params:
                self.limit(base[0], _ALL, certain)
                self.passed.setdefault(base[0], set()).add(place)
        self.arguments.append((place, weight, base or x))

    def limit(self, variable: n.Variable, shifts: int, certain: bool) -> None:
        """A parameter may only be divided by some shifts, and is likely to be divided."""
        self.shifts[variable] = self.shifts.get(variable, _ALL) & shifts
        self.gains[variable] = max(self.gains.get(variable, 0), _DIVISION if certain else _DIVISION // 2)

    def taken(self, variable: n.Variable, place: n.Place) -> Taken:
        """What is done with a parameter."""
        fits = variable not in self.others and variable not in self.assigned
        shifts = self.shifts.get(variable, _ALL) if fits else 0
        return Taken(place, shifts, self.gains.get(variable, 0), frozenset(self.passed.get(variable, ())))

    def given(self) -> Counter[Given]:
        """The arguments."""
        weights: Counter[n.Variable] = Counter()
        for _, weight, x in self.arguments:
            if isinstance(x, tuple):
                weights[x[0]] += weight
        given: Counter[Given] = Counter()
        for place, weight, x in self.arguments:
            if isinstance(x, tuple):
                variable, added = x
                source = self.params.get(variable) if variable not in self.assigned else None
                costs = [
                    _DIVISION if added & (1 << shift) - 1 else self.shared(variable, shift, weights[variable])
                    for shift in SHIFTS
                ]
            else:
                source, costs = None, [0 if _is_multiple(x, shift) else _DIVISION for shift in SHIFTS]
            given[Given(place, source, tuple(costs))] += weight
        return given

    def shared(self, variable: n.Variable, shift: int, arguments: int) -> int:
        """What dividing a variable costs for each argument: it is divided where it is used, or where it is assigned."""
        times = self.assigned.get(variable, 0) + (variable in self.params)
        accesses = self.accesses.get((variable, shift), 0)
        more = min(accesses + arguments, times) - min(accesses, times)
        return -(-_DIVISION * more // arguments)


def _base(x: n.Expr) -> tuple[n.Variable, int] | None:
    """The variable of an address or argument that is one, or one plus a constant; and that constant."""
    if not isinstance(x, n.Wrap) or x.bits != 32:
        return None
    x = x.x
    added = 0
    if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.b, n.Const):
        added = x.b.value
        x = x.a
    return (x.var.find(), added) if isinstance(x, n.Get) and x.type is I32 and 0 <= added < 1 << 31 else None


def _is_multiple(x: n.Expr, shift: int) -> bool:
    """Whether an argument can be divided without doing so, by the way that it is made."""
    if isinstance(x, n.Wrap):
        return _is_multiple(x.x, shift)
    if isinstance(x, n.Const):
        return not x.value & (1 << shift) - 1
    if isinstance(x, n.Binary) and x.op == "+":
        return _is_multiple(x.a, shift) and _is_multiple(x.b, shift)
    if not isinstance(x, n.Binary) or not isinstance(x.b, n.Const):
        return False
    return x.b.value >= shift if x.op == "<<" else x.op == "*" and not x.b.value & (1 << shift) - 1


# ------------------------------------------------------------------------------------------------------------- election

Key = tuple[str, int, int]
"""A place whose entry is a number."""


def elect_shifts(
    taken: Iterable[Taken],
    given: Mapping[Given, int],
    zeros: Mapping[Key, int],
    key: Callable[[n.Place], Key | None],
) -> dict[Key, int]:
    """The parameters that are divided, and by which shift.

    :param zeros: of places, how many low bits are known to be zero
    :param key: what a place is known by; ``None`` where others call, too
    """
    candidates: dict[Key, _Candidate] = {}
    for use in taken:
        if (found := key(use.place)) is not None:
            candidates.setdefault(found, _Candidate()).add(use, key)
    arguments: list[tuple[Key, Given, int]] = []
    for each, weight in given.items():
        if (found := key(each.place)) is not None and found in candidates:
            arguments.append((found, each, weight))
    shifts: dict[Key, int] = {}
    for shift in SHIFTS:
        chosen = {
            found
            for found, candidate in candidates.items()
            if candidate.shifts >> shift & 1 and zeros.get(found, 0) >= shift
        }
        for _ in range(_MOST_ROUNDS):
            votes: Counter[Key] = Counter()
            for found, each, weight in arguments:
                if found in chosen:
                    source = None if each.source is None else key(each.source)
                    cost = 0 if source in chosen else each.costs[shift - SHIFTS[0]]
                    candidate = candidates[found]
                    votes[found] += weight * (candidate.gain - cost * candidate.functions)
            left = {found for found in chosen if votes[found] > 0 and candidates[found].passed <= chosen}
            if left == chosen:
                break
            chosen = left
        shifts.update(dict.fromkeys(chosen, shift))
    return shifts


@dataclass(slots=True)
class _Candidate:
    """A parameter of all functions that are called in the same way.

    :ivar gain: of all of them
    """

    functions: int = 0
    shifts: int = _ALL
    gain: int = 0
    passed: set[Key | None] = field(default_factory=set)

    def add(self, taken: Taken, key: Callable[[n.Place], Key | None]) -> None:
        """One more function."""
        self.functions += 1
        self.shifts &= taken.shifts
        self.gain += taken.gain
        self.passed.update(map(key, taken.passed))
