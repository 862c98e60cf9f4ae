"""Addresses are wrapped only where it turns out that they had to be.

::

    x = p + 64                                try:
    if x > 0xFFFFFFFF: x &= 0xFFFFFFFF          v = items[(p + 64) >> 2]
    v = items[x >> 2]                         except IndexError:
                              becomes           v = items[(p + 64 & 0xFFFFFFFF) >> 2]

A sum that is not negative and that needs its wrap lies at or above 2^32, where no memory is: the access fails, and the
statement runs once more with its addresses wrapped.  A ``try`` costs nothing until then.  Several statements share one
where running them again from the first gives the same.  A load in a condition or in an argument moves out of it, into a
variable of its own.

A variable that serves for such addresses only is not wrapped either (it is *late*): what it holds is congruent to its
value and not negative.  It may grow, but only by a bounded amount with each assignment.

So are values that a store would have to cut: an item of memory does not take a number out of its range either.

::

    items[q] = items[q] + 1 & 0xFFFFFFFF                try: items[q] = items[q] + 1
                                              becomes   except (IndexError, ValueError, TypeError): …

An exception costs as much as thirty accesses, so that it has to be rare: an address with a term that may well stand for
a negative number (see :func:`_dubious`) is wrapped at once, and a value that may well be any number is cut at once.

A loop that has a faster version beside it is not worth writing its statements twice: what is assigned there is wrapped
at once, and addresses that need it because of variables that are late elsewhere have masks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

from wasm2py.ir import nodes as n
from wasm2py.ir.ranges.overflow import is_tame, leaves, scrambled
from wasm2py.ir.walk import (
    assigned,
    evaluated,
    expressions,
    lists,
    operands,
    parts,
    replace_operands,
    replace_parts,
    statements,
)
from wasm2py.optimise.addresses import is_pointer
from wasm2py.optimise.facts import is_pure, may_divide, sum_terms
from wasm2py.wasm.types import I64

_CHOICES = (n.If, n.Switch, n.Call, n.TailCall, n.Return, n.GlobalSet)
"""Statements that cannot run twice, but whose operands are evaluated before anything else happens."""

_WITHOUT_CONTROL = frozenset((n.Assign, n.AssignMany, n.Round, n.Store))
"""Statements that may run twice, if evaluating their operands changes nothing."""


def wrap_late(function: n.Function) -> None:
    """Run the pass."""
    everything = statements(function.body)
    pointers = [s for s in everything if isinstance(s, n.Assign) and is_pointer(s.var)]
    negative = {s.var for s in pointers if isinstance(s.value, n.Wrap) and _may_be_negative(s.value)}
    loops = [s for s in everything if isinstance(s, n.Loop) and s.rare]
    rare = {id(s) for loop in loops for s in statements(loop.body)}
    flows = _Flows(negative, rare)
    for assignment in pointers:
        flows.assignment(assignment)
    accesses = _Accesses(negative, flows.behind(flows.masked) - flows.doubled, flows.carried)
    for s in everything:
        accesses.statement(s)
    late = _late_variables(flows, accesses.candidates)
    retried: dict[int, list[n.Load | n.Store]] = {}
    for statement, found in accesses.found.items():
        made = [access for access in found if _make_late(access, late, statement in rare)]
        if made and statement not in rare:
            retried[statement] = made
    cut = {id(s) for s in everything if _is_cut(s)} - rare
    if retried or cut:
        _Rewriter(function, negative, retried, cut).lists(function.body)


# ---------------------------------------------------------------------------------------------------------- accesses


def _repeatable(s: n.Stmt) -> bool:
    """Whether a statement that fails may simply run once more."""
    if isinstance(s, n.Store) and (s.item == "V" or s.exact):
        return False
    return s.__class__ in _WITHOUT_CONTROL and all(map(is_pure, operands(s)))


def _late_accesses(s: n.Stmt, accesses: list[n.Load | n.Store], negative: set[n.Variable]) -> list[n.Load | n.Store]:
    """Those of the accesses of a statement whose addresses can be late.

    :param negative: variables that may well be negative
    """
    found = [
        access
        for access in accesses
        if access.item != "V"
        and not access.exact
        and (_may_be_late(access.address) or _may_be_tested(access))
        and not _dubious(access.address, negative)
    ]
    if not found or _repeatable(s):
        return found
    if not isinstance(s, _CHOICES) or not all(map(_movable, operands(s))):
        return []
    movable = {id(load) for x in operands(s) for load in _unconditional(x)}
    return [access for access in found if id(access) in movable]


def _movable(x: n.Expr) -> bool:
    """Whether loads may be moved out of an expression: nothing else in it traps."""
    return is_pure(x) and not any(may_divide(each) for each in expressions(x))


def _unconditional(x: n.Expr) -> Iterator[n.Load]:
    """The loads of an expression that are evaluated in any case."""
    if isinstance(x, n.Load):
        yield x
    if isinstance(x, n.Select):
        yield from _unconditional(x.condition)
    elif isinstance(x, n.Logic):
        yield from _unconditional(x.a)
    else:
        for part in parts(x):
            yield from _unconditional(part)


def _may_be_late(wrap: n.Expr) -> bool:
    """Whether a wrap of an address or assigned value does nothing, or only ever subtracts."""
    return isinstance(wrap, n.Wrap) and (wrap.mode == n.NOTHING or (wrap.mode == n.MASK and wrap.span[0] >= 0))


def _is_masked(access: n.Load | n.Store) -> bool:
    return isinstance(access.address, n.Wrap) and access.address.mode == n.MASK


def _terms(access: n.Load | n.Store) -> list[n.Expr]:
    """The terms of an address that can be late."""
    assert isinstance(access.address, n.Wrap)
    return sum_terms(access.address.x)


def _may_be_tested(access: n.Load | n.Store) -> bool:
    """Whether an address can be negative or too large, so that a test for the former does instead of a mask.

    An index of items has a mask of one digit, which is as cheap.
    """
    wrap = access.address
    return (
        isinstance(wrap, n.Wrap)
        and wrap.mode == n.MASK
        and wrap.span[0] < 0
        and wrap.span[1] >> wrap.bits > 0
        and not access.indexed
        and not (access.aligned and access.width > 1)
    )


def _dubious(wrap: n.Expr, negative: set[n.Variable]) -> bool:
    """Whether a sum has a term that may well stand for a negative number."""
    assert isinstance(wrap, n.Wrap)
    terms = sum_terms(wrap.x)
    for x in terms:
        if isinstance(x, n.Const):
            if x.value >= _HALF:
                return True
        elif isinstance(x, n.Get):
            if x.var in negative:
                return True
        elif isinstance(x, n.Load):  # a difference of positions, as likely as not
            if len(terms) > 1 and wrap.span[0] >= 0:
                return True
        elif any(isinstance(part, n.Get) and part.var in negative for part in expressions(x)):
            return True
    return False


_HALF = 1 << 31


def _may_be_negative(wrap: n.Wrap) -> bool:
    if isinstance(wrap.x, n.Const):
        return wrap.x.value >= _HALF
    return wrap.mode != n.NOTHING and wrap.span[0] < 0


# -------------------------------------------------------------------------------------------------- late variables


@dataclass(slots=True)
class _Flows:
    """Where the values of pointers go.

    :ivar negative: variables that may well be negative
    :ivar rare: the identities of statements that are wrapped at once
    :ivar targets: where they go, from variable to variable by a sum or a quotient
    :ivar carried: by the identity of assignments, the uses by which they do
    :ivar doubled: variables that would grow exponentially
    :ivar wraps: the wraps of assignments that may be left out, by variable
    :ivar masked: the variables for which that pays
    """

    negative: set[n.Variable]
    rare: set[int]
    targets: dict[n.Variable, set[n.Variable]] = field(default_factory=dict)
    carried: dict[int, list[n.Variable]] = field(default_factory=dict)
    doubled: set[n.Variable] = field(default_factory=set)
    wraps: dict[n.Variable, list[n.Wrap]] = field(default_factory=dict)
    masked: set[n.Variable] = field(default_factory=set)

    def assignment(self, s: n.Assign) -> None:
        """Note the assignment of a pointer, if it is that of a sum or quotient."""
        value = s.value
        if isinstance(value, n.Wrap) and value.bits <= 32 and value.form != "m" and self.may_be_late(value):
            terms = sum_terms(value.x)
            if id(s) not in self.rare:
                self.wraps.setdefault(s.var, []).append(value)
                if value.mode == n.MASK:
                    self.masked.add(s.var)
        elif isinstance(value, n.Binary) and value.op == ">>" and isinstance(value.a, n.Get):
            terms = [value.a]
        else:
            return
        variables = [x.var for x in terms if isinstance(x, n.Get)]
        if not variables:
            return
        growing = s.var if s.var in variables else variables[0]
        self.targets.setdefault(growing, set()).add(s.var)
        self.carried[id(s)] = carried = [variable for variable in variables if variable is growing]
        if len(carried) > 1:
            self.doubled.add(growing)

    def may_be_late(self, wrap: n.Wrap) -> bool:
        return _may_be_late(wrap) and (wrap.mode == n.NOTHING or not _dubious(wrap, self.negative))

    def behind(self, variables: Iterable[n.Variable]) -> set[n.Variable]:
        """Some variables, and all that their values go to."""
        found: set[n.Variable] = set()
        pending = [*variables]
        while pending:
            variable = pending.pop()
            if variable not in found:
                found.add(variable)
                pending += self.targets.get(variable, ())
        return found


@dataclass(slots=True)
class _Accesses:
    """What addresses can be late, and what variables.

    :ivar negative: variables that may well be negative
    :ivar candidates: variables that may be late, as far as their uses have been seen
    :ivar carried: by the identity of assignments, the uses by which values go from one to the other
    :ivar found: the accesses that can be late, by the identity of their statements; those whose address needs no wrap
        are of interest only where it has candidates
    """

    negative: set[n.Variable]
    candidates: set[n.Variable]
    carried: dict[int, list[n.Variable]]
    found: dict[int, list[n.Load | n.Store]] = field(default_factory=dict)

    def statement(self, s: n.Stmt) -> None:
        """Note the accesses and uses of a statement."""
        inside = evaluated(s)
        if not inside:
            return
        uses = [x.var for x in inside if x.__class__ is n.Get and x.var in self.candidates]
        accesses: list[n.Load | n.Store] = [x for x in inside if x.__class__ is n.Load]
        if isinstance(s, n.Store):
            accesses.append(s)
        late: list[n.Load | n.Store] = []
        if uses or any(map(_is_masked, accesses)):
            late = _late_accesses(s, accesses, self.negative)
            if late:
                self.found[id(s)] = late
        if uses:
            harmless = [x.var for access in late for x in _terms(access) if isinstance(x, n.Get)]
            harmless += self.carried.get(id(s), ())
            for variable in uses:
                if variable in harmless:
                    harmless.remove(variable)
                else:
                    self.candidates.discard(variable)  # the value itself is needed


def _late_variables(flows: _Flows, candidates: set[n.Variable]) -> set[n.Variable]:
    """The variables that are left unwrapped; the wraps of their assignments are left out.

    :param candidates: those without a use that needs the value itself
    """
    while spoilt := [v for v in candidates if not candidates.issuperset(flows.targets.get(v, ()))]:
        candidates.difference_update(spoilt)
    late = flows.behind(flows.masked & candidates)
    for variable in late:
        for wrap in flows.wraps.get(variable, ()):
            wrap.mode = n.NOTHING
    return late


def _make_late(access: n.Load | n.Store, late: set[n.Variable], rare: bool) -> bool:
    """Wrap the address of an access late if it may need it; returns whether the access may have to be retried.

    :param late: the late variables
    :param rare: whether it is not retried, so that only what is late by its variables needs a mask
    """
    wrap = access.address
    assert isinstance(wrap, n.Wrap)
    needed = wrap.mode == n.MASK and not rare
    if needed or any(isinstance(x, n.Get) and x.var in late for x in _terms(access)):
        wrap.mode = n.LATE
    return wrap.mode == n.LATE


# -------------------------------------------------------------------------------------------------------- rewriting


class _Rewriter:
    """Makes statements with late accesses repeatable.

    :ivar negative: variables that may well be negative
    :ivar retried: the late accesses, by the identity of their statements
    :ivar cut: the identities of statements that store a value that has to be cut
    """

    def __init__(
        self,
        function: n.Function,
        negative: set[n.Variable],
        retried: dict[int, list[n.Load | n.Store]],
        cut: set[int],
    ) -> None:
        self.function = function
        self.negative = negative
        self.retried = retried
        self.cut = cut
        self.concerned = retried.keys() | cut

    def lists(self, body: list[n.Stmt]) -> None:
        """Rewrite a list and all lists in it."""
        if self.concerned.isdisjoint(map(id, body)):
            for s in body:
                for inner in lists(s):
                    self.lists(inner)
            return
        out: list[n.Stmt] = []
        group = _Group()

        def put(s: n.Stmt, late: bool) -> None:
            nonlocal group
            if group.add(s, late):
                return
            if group.body:
                out.extend(group.close())
                group = _Group()
            if not group.add(s, late):
                out.append(s)

        for s in body:
            for inner in lists(s):
                self.lists(inner)
            accesses, cut = self.retried.get(id(s)), id(s) in self.cut
            if not (accesses or group.body or cut):
                out.append(s)
                continue
            if _repeatable(s):
                tried = cut and self.try_value(s)
                put(s, bool(accesses) or tried)
                continue
            for moved in self.move_out(s, accesses):
                put(moved, True)
            if group.body:
                out += group.close()
                group = _Group()
            out.append(s)
        body[:] = out + group.close()

    @cached_property
    def wild(self) -> set[n.Variable]:
        """Variables that may well hold any number."""
        return scrambled(self.function) | self.negative

    def try_value(self, s: n.Stmt) -> bool:
        """Store a value that has to be cut as it is at first, if it is likely to fit; returns whether it is."""
        assert isinstance(s, n.Store)
        if not is_tame(s.value, self.wild):
            return False
        signs = {x.var.signed if isinstance(x, n.Get) else x.signed for x in leaves(s.value)}
        if s.span[0] < -_SMALL and not all(signs):
            return False  # a difference of numbers of which some are negative, but kept as large ones
        s.signed = s.span[0] < -_SMALL
        s.tried = True
        return True

    def move_out(self, s: n.Stmt, accesses: list[n.Load | n.Store] | None) -> list[n.Stmt]:
        """Move late loads out of a statement that cannot run twice; returns their assignments."""
        if not accesses:
            return []
        moved: list[n.Stmt] = []
        wanted = {id(access) for access in accesses}
        replace_operands(s, partial(self.move, wanted, moved))
        return moved

    def move(self, wanted: set[int], moved: list[n.Stmt], x: n.Expr) -> n.Expr:
        """What is left of an expression whose ``wanted`` loads are moved to the end of ``moved``."""
        if wanted.isdisjoint(map(id, expressions(x))):
            return x
        if not isinstance(x, n.Load):
            replace_parts(x, partial(self.move, wanted, moved))
            return x
        variable = self.function.temporary(x.type)
        variable.signed = x.signed
        moved.append(n.Assign(variable, x))
        return n.Get(variable)


def _is_cut(s: n.Stmt) -> bool:
    """Whether a statement stores an integer that has to be cut to the width of its type."""
    return isinstance(s, n.Store) and s.mask and s.width == (8 if s.value.type is I64 else 4)


_SMALL = 1 << 16
"""What counters may be decreased by."""

MAX_BETWEEN = 2
"""Statements without late accesses that a group may have between two with."""


@dataclass(slots=True)
class _Group:
    """Statements in a row that may run again from the first if one of them fails.

    :ivar end: number of statements up to the last one with a late access; a group starts with one
    :ivar read: variables whose values from before the group are used
    :ivar closed: the last statement has changed what an earlier one, or itself, depends on
    """

    body: list[n.Stmt] = field(default_factory=list)
    end: int = 0
    read: set[n.Variable] = field(default_factory=set)
    written: set[n.Variable] = field(default_factory=set)
    loads: bool = False
    stores: bool = False
    closed: bool = False

    def add(self, s: n.Stmt, late: bool) -> bool:
        """Take a repeatable statement, if it can."""
        if not self.body and not late:
            return False
        if self.closed or len(self.body) - self.end >= MAX_BETWEEN:
            return False
        inside = evaluated(s)
        loads = any(x.__class__ is n.Load for x in inside)
        if loads and self.stores:
            return False
        self.body.append(s)
        if late:
            self.end = len(self.body)
        self.read |= {x.var for x in inside if isinstance(x, n.Get)} - self.written
        self.loads |= loads
        if isinstance(s, n.Store):
            self.stores = True
            self.closed = self.loads
        targets = assigned(s)
        self.closed |= not self.read.isdisjoint(targets)
        self.written.update(targets)
        return True

    def close(self) -> list[n.Stmt]:
        """The statements of the group, which becomes empty."""
        return [n.Retry(self.body[: self.end]), *self.body[self.end :]] if self.body else []
