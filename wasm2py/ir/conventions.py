"""What is known of the values that cross between the functions of a module.

The surveys of all functions (:mod:`wasm2py.ir.survey`) are put together once, before any function is analysed.
Everything that only the module itself passes on is at first taken to be as aligned as anything is; an equation lowers
the place that it is about, which may lower others.  What is left in the end holds by induction over the run of the
module, recursion included.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.closed import Closed
from wasm2py.ir.constants import constant_arguments
from wasm2py.ir.quotients import Key, elect_shifts
from wasm2py.ir.ranges.intervals import trailing_zeros
from wasm2py.ir.survey import MOST_ZEROS, Equation, Survey
from wasm2py.wasm.module import Module


@dataclass(frozen=True, slots=True)
class Conventions:
    """What is known of places.

    :ivar zeros: how many low bits are known to be zero; none where a place is not mentioned
    :ivar signed: places where integers are in signed form
    :ivar modular: results in no form, only congruent to what is returned; elsewhere they are raw
    :ivar shifts: parameters that are pointers, but passed as indices of items: by which shift they have been divided
    :ivar constants: parameters that are always the same number, unsigned; ``None`` where that is not to be used
    """

    closed: Closed | None = None
    zeros: dict[Key, int] = field(default_factory=dict)
    signed: frozenset[Key] = frozenset()
    modular: frozenset[Key] = frozenset()
    shifts: dict[Key, int] = field(default_factory=dict)
    constants: dict[Key, int] | None = None

    def is_signed(self, place: n.Place) -> bool:
        """Whether the integer at a place is in signed form."""
        return self._has(self.signed, place)

    def is_modular(self, place: n.Place) -> bool:
        """Whether a place is in no form; :func:`~wasm2py.ir.operators.modular` is what it may hold."""
        return self._has(self.modular, place)

    def shift(self, place: n.Place) -> int:
        """By which shift what a place holds has been divided; 0 where it is as it is."""
        if self.closed is None or not self.shifts:
            return 0
        kind, entry, number = place
        found = self.closed.entry(entry)
        return 0 if found is None else self.shifts.get((kind, found, number), 0)

    def constant(self, place: n.Place) -> int | None:
        """The number that is passed to a parameter by all calls; ``None`` if they may differ."""
        if self.closed is None or not self.constants:
            return None
        kind, entry, number = place
        found = self.closed.entry(entry)
        return None if found is None else self.constants.get((kind, found, number))

    def _has(self, places: frozenset[Key], place: n.Place) -> bool:
        if self.closed is None or not places:
            return False
        kind, entry, number = place
        found = self.closed.entry(entry)
        return found is not None and (kind, found, number) in places

    def known_zeros(self, place: n.Place) -> int:
        """How many low bits of what a place holds are known to be zero."""
        if self.closed is None:
            return 0
        key = _key(self.closed, place)
        return 0 if key is None else self.zeros.get(key, 0)


NOTHING_KNOWN = Conventions()
"""Where the module is not looked at as a whole."""


def _key(closed: Closed, place: n.Place) -> Key | None:
    """What a place is known by; ``None`` where others put something there, too."""
    kind, entry, number = place
    if kind == "global":
        assert isinstance(entry, int)
        return kind, entry, number
    found = closed.entry(entry)
    if found is None:
        if kind == "result" and isinstance(entry, int) and entry >= closed.imported:
            return kind, entry, number  # it is this module's own code that returns it
        return None
    return kind, found, number


def settle(
    module: Module, closed: Closed, survey: Survey, *, divide: bool = True, without: Container[str] = ()
) -> Conventions:
    """Conclude from the surveys of all functions together.

    :param divide: whether pointers may be passed as indices
    :param without: what is left out, of :data:`wasm2py.options.CHOICES`
    """

    def key(place: n.Place) -> Key | None:
        found = closed.entry(place[1])
        return None if found is None else (place[0], found, place[2])

    zeros = _solve(module, closed, survey.equations) if "aligned-crossings" not in without else {}
    signed = _elect(closed, survey) if "signed-crossings" not in without else frozenset()
    modular = _modular(closed, survey) if "formless-results" not in without else frozenset()
    shifts = elect_shifts(survey.taken, survey.given, zeros, key) if divide else {}
    constants = constant_arguments(survey.passed, key) if "constant-arguments" not in without else None
    return Conventions(closed, zeros, signed - modular - shifts.keys(), modular, shifts, constants)


def _solve(module: Module, closed: Closed, equations: Iterable[Equation]) -> dict[Key, int]:
    """The zeros of all places."""
    zeros: dict[Key, int] = _globals(module)
    limits: dict[Key, list[Key]] = {}
    lowered: dict[Key, None] = {}

    def lower(key: Key, to: int) -> None:
        if to < zeros.get(key, MOST_ZEROS):
            zeros[key] = to
            lowered[key] = None

    for equation in equations:
        target = _key(closed, equation.target)
        if target is None:
            continue
        zeros.setdefault(target, MOST_ZEROS)
        lower(target, equation.zeros)
        for source in equation.sources:
            key = _key(closed, source)
            if key is None:
                lower(target, 0)
            else:
                limits.setdefault(key, []).append(target)
    for key in list(zeros):
        lowered[key] = None
    while lowered:
        key = next(iter(lowered))
        del lowered[key]
        for target in limits.get(key, ()):
            lower(target, zeros[key])
    return {key: each for key, each in zeros.items() if each}


def _modular(closed: Closed, survey: Survey) -> frozenset[Key]:
    """The results that no caller needs in form, where it saves something that they are in none."""
    tails = {closed.entry(entry) for entry in survey.tails}  # they pass on what others return
    gains: dict[Key, int] = {}
    for (kind, entry, number), gain in survey.gains.items():
        if (found := closed.entry(entry)) is not None and found not in tails:
            gains[kind, found, number] = gains.get((kind, found, number), 0) + gain
    for kind, entry, number in survey.precise:
        if (found := closed.entry(entry)) is not None:
            gains.pop((kind, found, number), None)
    return frozenset(place for place, gain in gains.items() if gain > 0)


def _elect(closed: Closed, survey: Survey) -> frozenset[Key]:
    """The places whose integers are in signed form.

    Variables and places vote in turn: each takes the form that fits more of what it is used for, and more of those
    that values go to or come from; who has no reason for either waits.  Changes make fewer conversions necessary.
    """
    unsigned = {("result", closed.entry(entry)) for entry in survey.tails}  # they pass on what others return

    def key(place: n.Place) -> Key | None:
        found = closed.entry(place[1])
        return None if found is None or (place[0], found) in unsigned else (place[0], found, place[2])

    places: dict[Key, int] = {}
    for place, votes in survey.leanings.items():
        if (found := key(place)) is not None:
            places[found] = places.get(found, 0) + votes
    voters: list[_Voter] = []
    sides: dict[Key, list[tuple[_Voter, int]]] = {found: [] for found in places}
    for ballot in survey.ballots:
        voter = _Voter(ballot.votes, [])
        for place, weight in ballot.crossings:
            found = key(place)
            if found is None:
                voter.votes -= weight
            else:
                voter.places.append((found, weight))
                sides.setdefault(found, []).append((voter, weight))
        if voter.places:
            voter.form = _sign(voter.votes)
            voters.append(voter)
    forms: dict[Key, int] = {}
    for _ in range(_MOST_ROUNDS):
        before = forms.copy()
        for found, around in sides.items():
            forms[found] = _sign(places.get(found, 0) + sum(weight * voter.form for voter, weight in around))
        if forms == before:
            break
        for voter in voters:
            voter.form = _sign(voter.votes + sum(weight * forms[found] for found, weight in voter.places))
    return frozenset(found for found, form in forms.items() if form > 0)


_MOST_ROUNDS = 10
"""Rounds of an election: hardly any place changes its mind after three."""


@dataclass(slots=True, eq=False)
class _Voter:
    """Variables that have the same form.

    :ivar votes: for the signed form by their own uses
    :ivar places: where their values cross, and what a conversion there costs
    :ivar form: 1 signed, -1 unsigned, 0 undecided
    """

    votes: int
    places: list[tuple[Key, int]]
    form: int = 0


def _sign(votes: int) -> int:
    """The form that most votes are for."""
    return (votes > 0) - (votes < 0)


def _globals(module: Module) -> dict[Key, int]:
    """What the globals begin with, those left out that others may assign."""
    exported = {export.index for export in module.exports if export.kind == "global"}
    zeros: dict[Key, int] = {("global", index, 0): 0 for index in range(module.imported_globals)}
    for index, definition in enumerate(module.global_definitions, module.imported_globals):
        start = definition.init[0]
        own = index not in exported or not definition.type.mutable
        plain = own and len(definition.init) == 2 and start.op.name in ("i32.const", "i64.const")
        value = start.imm if plain else 1
        assert isinstance(value, int)
        zeros["global", index, 0] = min(trailing_zeros(value), MOST_ZEROS)
    return zeros
