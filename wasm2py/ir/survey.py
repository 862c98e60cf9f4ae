"""What one function tells about the module: how aligned is what it passes on, and in which form it had best be.

Each function is surveyed by itself, before any is transpiled; :mod:`wasm2py.ir.conventions` puts the surveys together.
What a function passes to others (arguments, results, globals) is a multiple of ``1 << zeros`` where the numbers are
that it is made from: those that it takes from others, and constants.  So an :class:`Equation` has the zeros that hold
in any case, and the places whose own they are limited by::

    func f(p)
      call g (p + 8, 12)      becomes    g's parameter 0 has at most 3 zeros, and at most those of f's parameter 0
                                         g's parameter 1 has at most 2 zeros
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from wasm2py.ir import nodes as n
from wasm2py.ir.bitsets import members
from wasm2py.ir.constants import Passed, Source, note_passed
from wasm2py.ir.quotients import Given, Taken, survey_pointers
from wasm2py.ir.ranges.intervals import trailing_zeros
from wasm2py.ir.walk import statements
from wasm2py.wasm.module import Instruction
from wasm2py.wasm.opcodes import BY_NAME
from wasm2py.wasm.types import NumType

MOST_ZEROS = 4
"""Low bits that anything is asked about: no access is wider than 16 bytes."""

_MOST_SOURCES = 8
"""Places that one value may come from; with more, nothing is known of it."""

_MOST_STEPS = 8
"""Copies and conversions that are followed back from an argument."""


class Equation(NamedTuple):
    """The place ``target`` has at most ``zeros`` low bits that are zero, and at most as many as each of ``sources``."""

    target: n.Place
    zeros: int
    sources: tuple[n.Place, ...]


@dataclass(slots=True)
class Survey:
    """What a function tells.

    :ivar referenced: functions that ``ref.func`` names
    :ivar touched: tables whose elements the code reads or changes
    :ivar ballots: see :class:`~wasm2py.ir.nodes.Function`, as for ``leanings``, ``gains`` and ``precise``
    :ivar tails: what is left by tail calls, or called by them
    :ivar taken: what is done with parameters
    :ivar given: arguments, and how often each is taken to be passed
    :ivar passed: where arguments come from, if they are numbers or parameters
    """

    equations: list[Equation] = field(default_factory=list)
    referenced: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    ballots: list[n.Ballot] = field(default_factory=list)
    leanings: dict[n.Place, int] = field(default_factory=dict)
    gains: dict[n.Place, int] = field(default_factory=dict)
    precise: set[n.Place] = field(default_factory=set)
    tails: set[n.Entry] = field(default_factory=set)
    taken: list[Taken] = field(default_factory=list)
    given: Counter[Given] = field(default_factory=Counter)
    passed: Passed = field(default_factory=dict)

    @classmethod
    def union(cls, several: Iterable[Survey]) -> Survey:
        """What all of them tell."""
        union = cls()
        for survey in several:
            union.equations += survey.equations
            union.referenced |= survey.referenced
            union.touched |= survey.touched
            union.ballots += survey.ballots
            union.tails |= survey.tails
            union.precise |= survey.precise
            union.taken += survey.taken
            union.given.update(survey.given)
            for place, votes in survey.leanings.items():
                union.leanings[place] = union.leanings.get(place, 0) + votes
            for place, gain in survey.gains.items():
                union.gains[place] = union.gains.get(place, 0) + gain
            for place, sources in survey.passed.items():
                for source in sources or (None,):
                    note_passed(union.passed, place, source)
        return union


def survey_function(function: n.Function, body: list[Instruction]) -> Survey:
    """Survey a function.

    :param function: as built
    :param body: its instructions
    """
    survey = Survey(
        ballots=function.ballots, leanings=function.leanings, gains=function.gains, precise=function.precise
    )
    for op, _, imm in body:
        if op not in _TELLING:
            continue
        if op.name == "table.init":
            survey.touched.add(_indices(imm)[1])
        elif op.name == "ref.func":
            survey.referenced.update(_indices(imm))
        else:
            survey.touched.update(_indices(imm))
    _Alignment(function, survey).run()
    survey.taken, survey.given = survey_pointers(function)
    return survey


_TELLING = frozenset(
    BY_NAME[name]
    for name in ("table.get", "table.set", "table.grow", "table.fill", "table.copy", "table.init", "ref.func")
)
"""Instructions that read elements from the tables that their immediate names, or write some to them, or name a
function."""


def _indices(immediate: object) -> tuple[int, ...]:
    """The indices in an immediate."""
    indices: tuple[int, ...] = immediate if isinstance(immediate, tuple) else (immediate,)
    return indices


_Zeros = tuple[int, int]
"""Zeros that hold in any case, and a bit set of the places that limit them, by number."""

_UNKNOWN: _Zeros = (0, 0)


_SILENT = frozenset((n.Store, n.If, n.Block, n.Br, n.Loop))
"""The most frequent statements that pass nothing on."""


class _Alignment:
    """The equations of one function.

    Variables are looked at only where something that is passed on comes from them.  They start from the most that could
    be true, and are looked at again when one that they come from turns out to have less.
    """

    def __init__(self, function: n.Function, survey: Survey) -> None:
        self.function = function
        self.equations = survey.equations
        self.passed = survey.passed
        self.tails = survey.tails
        self.values: dict[n.Variable, list[n.Expr | n.Place | None]] = {}
        """What each variable is assigned: something of the function, something from elsewhere, or anything."""
        self.places: dict[n.Place, int] = {}
        self.known: dict[n.Variable, _Zeros] = {}
        self.readers: dict[n.Variable, dict[n.Variable, None]] = {}
        """The variables that are assigned something made from each; ordered, as a set would not be."""
        self.reader: n.Variable | None = None
        self.pending: list[n.Variable] = []

    def run(self) -> None:
        """Collect what is passed on, then solve."""
        targets: list[tuple[n.Place, n.Expr]] = []
        index = self.function.index
        for number, variable in enumerate(self.function.params):
            self.values.setdefault(variable.find(), []).append(("param", index, number))
        for s in statements(self.function.body):
            if s.__class__ is n.Assign:
                self.values.setdefault(s.var.find(), []).append(s.value)
            elif s.__class__ in _SILENT:
                continue
            elif isinstance(s, n.AssignMany):
                for variable, value in zip(s.vars, s.values, strict=True):
                    self.values.setdefault(variable.find(), []).append(value)
            elif isinstance(s, n.Unpack):
                for variable in s.vars:
                    self.values.setdefault(variable.find(), []).append(None)
            elif isinstance(s, n.GlobalSet):
                targets.append((("global", s.index, 0), s.value))
            elif isinstance(s, n.Return):
                targets += [(("result", index, i), x) for i, x in enumerate(s.values)]
            elif isinstance(s, n.Call):
                if s.callee is not None:
                    targets += [(("param", s.callee, i), x) for i, x in enumerate(s.args)]
                for number, variable in enumerate(s.results):
                    place: n.Place | None = None if s.callee is None else ("result", s.callee, number)
                    self.values.setdefault(variable.find(), []).append(place)
            elif isinstance(s, n.TailCall):
                self.tail_call(s, targets)
        targets = [(place, x) for place, x in targets if n.is_int(x.type)]
        for target, x in targets:
            if target[0] == "param":
                note_passed(self.passed, target, self.source(x))
            self.expression(x)
        self.solve()
        for target, x in targets:
            zeros, sources = self.expression(x)
            places = list(self.places) if sources else []
            self.equations.append(Equation(target, zeros, tuple([places[number] for number in members(sources)])))

    def source(self, x: n.Expr) -> Source | None:
        """The number that a value is, or the parameter of this function that it comes from."""
        type_ = x.type
        for _ in range(_MOST_STEPS):
            if x.type is not type_:
                break
            if isinstance(x, n.Const):
                return x.value % (1 << x.bits)
            if isinstance(x, n.Get):
                values = self.values.get(x.var.find(), ())
                if len(values) != 1 or values[0] is None:
                    break
                if not isinstance(values[0], n.Expr):
                    return values[0] if values[0][0] == "param" else None
                x = values[0]
            elif isinstance(x, n.Wrap) and isinstance(type_, NumType) and x.bits == type_.bits:
                x = x.x
            else:
                break
        return None

    def tail_call(self, s: n.TailCall, targets: list[tuple[n.Place, n.Expr]]) -> None:
        """What the callee returns is what this function returns."""
        index = self.function.index
        self.tails.add(index)
        if s.callee is not None:
            self.tails.add(s.callee)
        for number, type_ in enumerate(self.function.results):
            if not n.is_int(type_):
                continue
            target: n.Place = ("result", index, number)
            if s.callee is None:
                self.equations.append(Equation(target, 0, ()))
            else:
                self.equations.append(Equation(target, MOST_ZEROS, (("result", s.callee, number),)))
        if s.callee is not None:
            targets += [(("param", s.callee, i), x) for i, x in enumerate(s.args)]

    def solve(self) -> None:
        """Lower what is assumed of variables until it holds."""
        while self.pending:
            variable = self.pending.pop()
            self.reader = variable
            found = self.known[variable]  # it never rises again, so that this ends
            for value in self.values.get(variable, ()):
                if isinstance(value, n.Expr):
                    found = _both(found, self.expression(value))
                else:
                    found = _both(found, _UNKNOWN if value is None else self.place(value))
            if found != self.known[variable]:
                self.known[variable] = found
                self.pending += self.readers[variable]
        self.reader = None

    def place(self, place: n.Place) -> _Zeros:
        """What comes from elsewhere."""
        return MOST_ZEROS, 1 << self.places.setdefault(place, len(self.places))

    def variable(self, variable: n.Variable) -> _Zeros:
        """What a variable is assumed to have."""
        if variable not in self.known:
            self.known[variable] = (MOST_ZEROS, 0)
            self.readers[variable] = {}
            self.pending.append(variable)
        if self.reader is not None:
            self.readers[variable][self.reader] = None
        return self.known[variable]

    def expression(self, x: n.Expr) -> _Zeros:
        """What a value has."""
        while isinstance(x, n.Wrap):
            x = x.x
        if isinstance(x, n.Get):
            return self.variable(x.var.find())
        if isinstance(x, n.Const):
            return min(trailing_zeros(x.value), MOST_ZEROS), 0
        if isinstance(x, n.GlobalGet):
            return self.place(("global", x.index, 0))
        if isinstance(x, n.Select):
            return _both(self.expression(x.a), self.expression(x.b))
        if isinstance(x, n.Binary) and x.bits:
            return self.binary(x)
        return _UNKNOWN

    def binary(self, x: n.Binary) -> _Zeros:
        """What the result of an operation has; less than that where it would take more than one list of sources."""
        if x.op in ("+", "-", "|", "^"):
            return _both(self.expression(x.a), self.expression(x.b))
        if x.op == "<<":
            zeros, sources = self.expression(x.a)
            count = x.b.x if isinstance(x.b, n.Wrap) else x.b
            shift = min(count.value % x.bits, MOST_ZEROS) if isinstance(count, n.Const) else 0
            return (shift, 0) if sources and shift else (min(zeros + shift, MOST_ZEROS), sources)
        if x.op == "*":
            a, b = self.expression(x.a), self.expression(x.b)
            if a[1] and b[1]:
                return _UNKNOWN
            if not (a[1] or b[1]):
                return min(a[0] + b[0], MOST_ZEROS), 0
            constant, other = (b, a) if a[1] else (a, b)
            return (constant[0], 0) if constant[0] else other
        if x.op == "&":
            a, b = self.expression(x.a), self.expression(x.b)
            if a[1] and b[1]:
                return a
            constant, other = (b, a) if a[1] else (a, b)
            return constant if constant[0] >= other[0] or constant[0] > 1 else other
        return _UNKNOWN


def _both(a: _Zeros, b: _Zeros) -> _Zeros:
    """What holds of either."""
    if not a[0] or not b[0]:
        return _UNKNOWN
    sources = a[1] | b[1]
    return _UNKNOWN if sources.bit_count() > _MOST_SOURCES else (min(a[0], b[0]), sources)
