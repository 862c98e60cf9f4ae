"""Loops that count become Python's own loops over ranges and slices, or a single assignment of a slice.

::

    loop                                      n = end - i
      s = s + items[p]                        if n > 8 and p >= 0 and p + n <= len(items):
      p = p + 1                 becomes         for x in items[p : p + n]:
      i = i + 1                                   s = s + x
      if i != end: br loop                      p = p + n; i = end
                                              else: the loop as it was

Items that are loaded in each turn come from a slice, unless a store before the load might change them in the same turn
(a slice of a view is read as it is iterated over, so earlier turns' stores are seen).  A loop that does nothing but
store one value, or copy items, becomes an assignment to a slice.  Whatever could go wrong (an address that wraps
around, an access outside of memory, a number of turns that is not positive) is tested once, before the loop, and leads
to the loop as it was; so do few turns, for which setting up a slice does not pay.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import expressions, lists, operands, statements
from wasm2py.optimise.cloner import Cloner
from wasm2py.optimise.counting import Counted, Step, Sum, find_counted
from wasm2py.optimise.facts import key, natural
from wasm2py.optimise.halves import join, split
from wasm2py.optimise.linear import Linear, linear, own_accesses
from wasm2py.optimise.trips import find_trips

MIN_TURNS = 9
"""Turns from which on it pays to set up an iterator."""

MIN_SLICED = 24
"""Stores from which on it pays to assign a slice instead."""

MAX_STATEMENTS = 48
"""Larger turns are not written twice: what the loop itself costs is lost in them."""


def count_loops(function: n.Function) -> None:
    """Run the pass."""
    vectors = split(function.body)
    _lists(function, function.body, _uses(function.body), frozenset())
    if vectors:
        join(function.body)


def _lists(function: n.Function, body: list[n.Stmt], uses: Counter[n.Variable], carried: frozenset[n.Variable]) -> None:
    """Go through a list.

    :param uses: how often each variable is read in the function
    :param carried: by the loops around it
    """
    position = 0
    while position < len(body):
        s = body[position]
        for inner in lists(s):
            _lists(function, inner, uses, carried.union(s.carried) if isinstance(s, n.Loop) else carried)
        if isinstance(s, n.Loop):
            counted = find_counted(s)
            if counted is not None and len(counted.order) <= MAX_STATEMENTS and find_trips(counted):
                body[position : position + 1] = _Version(function, counted, uses, carried).replacement()
                return  # a loop is the last of its list, and what follows it here has been gone through
        position += 1


def _uses(body: list[n.Stmt]) -> Counter[n.Variable]:
    """How often each variable is read."""
    return _reads([operand for s in statements(body) for operand in operands(s)])


def _reads(operands_: list[n.Expr]) -> Counter[n.Variable]:
    return Counter(x.var for operand in operands_ for x in expressions(operand) if isinstance(x, n.Get))


@dataclass(slots=True)
class _Plan:
    """What the fast version of a loop does with its accesses.

    :ivar guarded: those that the guard covers
    :ivar streams: loads that become targets of ``for``
    :ivar tests: that no store changes what a stream has loaded before
    """

    guarded: list[Linear] = field(default_factory=list)
    streams: list[Linear] = field(default_factory=list)
    tests: list[n.Expr] = field(default_factory=list)


class _Version:
    """Makes the fast version of one loop."""

    def __init__(
        self, function: n.Function, counted: Counted, uses: Counter[n.Variable], carried: frozenset[n.Variable]
    ) -> None:
        self.function = function
        here = _uses(counted.turns) + _reads([counted.condition])
        self.kept = {v for v in counted.changed if v in carried or uses[v] > here[v]}
        """Variables whose values are needed behind the loop."""
        self.counted = counted
        self.count = n.Get(function.temporary())

    def replacement(self) -> list[n.Stmt]:
        """What comes in the place of the loop."""
        counted = self.counted
        plan = self.plan()
        fast = self.idiom() or self.iteration(plan)
        if fast is None:
            return [counted.loop]
        label = n.Label(self.function.labels, "block", [], uses=1)
        self.function.labels += 1
        counted.loop.body[len(counted.turns) + 1 :] = [n.Br(label)]
        choice = n.If(self.guard(plan, fast), fast.body, [counted.loop])
        return [
            n.Assign(self.count.var, counted.trips),
            n.Block(label, [choice]),
            *counted.behind,
        ]

    # ------------------------------------------------------------------------------------------------------- planning

    def plan(self) -> _Plan:
        """Decide for each access."""
        plan = _Plan()
        stores: list[Linear | None] = []
        for position, (s, always) in enumerate(self.counted.order):
            for access, whenever in own_accesses(s):
                each = linear(access, self.counted, position)
                if each is not None:
                    plan.guarded.append(each)
                if isinstance(access, n.Store):
                    stores.append(each)
                elif each is not None and always and whenever and not access.exact:
                    tests = _untouched(each, stores)
                    if tests is not None:
                        plan.streams.append(each)
                        plan.tests += tests
        return plan

    def guard(self, plan: _Plan, fast: _Fast) -> n.Expr:
        """The condition under which the fast version does what the loop does."""
        counted = self.counted
        tests: list[n.Expr] = [_compare(">=", self.count, n.Const(32, fast.fewest))]
        if counted.remainder is not None:
            tests.append(_compare("==", counted.remainder, n.Const(32, 0)))
        amounts = {step.amount.var: step.amount for step in counted.steps.values() if isinstance(step.amount, n.Get)}
        tests += [_compare(">", amount, n.Const(32, 0)) for amount in amounts.values()]
        groups: dict[object, list[Linear]] = {}
        for each in plan.guarded:
            groups.setdefault(each.base, []).append(each)
        for group in groups.values():
            tests += self.inside(group)
        condition = tests[0]
        for test in tests[1:] + fast.conditions:
            condition = n.Logic("and", condition, test)
        return condition

    def inside(self, group: list[Linear]) -> list[n.Expr]:
        """Tests that all items of accesses with a common base are in memory, and that no address wraps around."""
        one = group[0]
        length = n.Apply("len", [_items(one.access)], (0, 1 << 32))
        way = _times(n.Binary("-", 64, self.count, n.Const(32, 1)), one.amount)
        last = n.Binary("+", 64, one.origin, way)
        lowest, highest = (one.origin, last) if one.forward else (last, one.origin)
        tests: list[n.Expr] = []
        if one.unaligned is not None:
            size = n.Const(32, one.access.width - 1)
            tests.append(n.Not(n.Wrap(64, "t", n.Binary("&", 64, one.unaligned, size), n.NOTHING)))
        margin = min(each.margin for each in group)
        if margin < 0 or not natural(lowest):
            tests.append(_compare(">=", _plus(lowest, margin), n.Const(32, 0)))
        return [*tests, _compare("<", _plus(highest, max(each.offset for each in group)), length)]

    # ------------------------------------------------------------------------------------------------------ the idioms

    def idiom(self) -> _Fast | None:
        """The loop as assignments of slices, if it only fills or copies."""
        counted = self.counted
        kinds: list[Step | Sum] = [*counted.steps.values(), *counted.sums.values()]
        assignments = {id(each.statement) for each in kinds}
        stores: list[Linear] = []
        loads: list[Linear] = []
        for position, (s, _) in enumerate(counted.order):
            if id(s) in assignments:
                continue
            if not isinstance(s, n.Store) or s.exact or s.item == "f":
                return None
            stored = linear(s, counted, position)
            if stored is None or not stored.forward:
                return None
            stores.append(stored)
            value = _bare(s.value)
            if isinstance(value, n.Load):
                loaded = linear(value, counted, position)
                if loaded is None or not loaded.forward or value.item != s.item or value.memory != s.memory:
                    return None
                loads.append(loaded)
        if not stores or not self.kept.isdisjoint(counted.sums):
            return None
        body = self.copied(stores, loads) if loads else self.filled(stores)
        if body is None:
            return None
        for step in counted.steps.values():
            if step.variable in self.kept:
                body.append(n.Assign(step.variable, self.wrapped(step, self.final(step))))
        conditions = self.apart(_first(stores), _first(loads)) if loads else []
        return _Fast(body, max(MIN_SLICED // len(stores), 1), conditions)

    def filled(self, stores: list[Linear]) -> list[n.Stmt] | None:
        """Fills with one value, if all stores have the same."""
        values = []
        for each in stores:
            assert isinstance(each.access, n.Store)
            value = _bare(each.access.value)
            if not isinstance(value, n.Const) and not (
                isinstance(value, n.Get) and value.var not in self.counted.changed
            ):
                return None
            values.append((each.access.item, key(value)))
        if len(set(values)) > 1 and any(value != 0 for _, value in values):
            return None
        return [n.Eval(n.Apply("fill_items", [items, _stored(access)], None)) for items, access in self.slices(stores)]

    def copied(self, stores: list[Linear], loads: list[Linear]) -> list[n.Stmt] | None:
        """A copy, if all stores together are one slice and all loads another, both from the first item to the last."""
        if len(stores) != len(loads) or key(stores[0].amount) != key(loads[0].amount):
            return None
        order = [store.offset for store in stores]
        distances = {store.offset - load.offset for store, load in zip(stores, loads, strict=True)}
        if len(distances) != 1 or order != sorted(order):
            return None
        targets, sources = self.slices(stores), self.slices(loads)
        if len(targets) != 1 or len(sources) != 1:
            return None
        target, source = targets[0][0], sources[0][0]
        target.signed = source.signed = False
        return [n.Eval(n.Apply("copy_items", [target, source], None))]

    def slices(self, accesses: list[Linear]) -> list[tuple[n.Items, n.Load | n.Store]]:
        """The slices that accesses go through: one if they take turns at all items between them."""
        first = _first(accesses)
        stride = len(accesses)
        offsets = sorted(each.offset - first.offset for each in accesses)
        together = all(each.base == first.base for each in accesses) and offsets == list(range(stride))
        if together and isinstance(first.amount, n.Const) and first.amount.value == stride:
            count = _times(self.count, n.Const(32, stride))
            return [(_items(first.access, first.start, count, n.Const(32, 1)), first.access)]
        return [(self.slice(each), each.access) for each in accesses]

    def apart(self, target: Linear, source: Linear) -> list[n.Expr]:
        """The test that a copy forward reads nothing that it has written."""
        end = n.Binary("+", 64, source.start, _times(self.count, source.amount))
        return [n.Logic("or", _compare("<=", target.start, source.start), _compare(">=", target.start, end))]

    # --------------------------------------------------------------------------------------------------- the iteration

    def iteration(self, plan: _Plan) -> _Fast | None:
        """The loop as ``for``."""
        counted = self.counted
        targets: list[n.Variable] = []
        iterables: list[n.Expr] = []
        values: dict[int, n.Variable] = {}
        for each in plan.streams:
            assert isinstance(each.access, n.Load)
            variable = self.function.temporary(each.access.type)
            variable.signed = each.access.signed
            values[id(each.access)] = variable
            targets.append(variable)
            iterables.append(self.slice(each))
        places: dict[int, tuple[n.Variable, int]] = {}
        indices: dict[object, n.Variable] = {}
        for each in plan.guarded:
            if id(each.access) in values:
                continue
            if each.base not in indices:
                indices[each.base] = index = self.function.temporary()
                behind = n.Binary("+", 64, each.origin, _times(self.count, each.amount))
                targets.append(index)
                iterables.append(n.Steps(each.origin, behind, each.amount))
            places[id(each.access)] = (indices[each.base], each.offset)
        skipped = {id(step.statement) for step in counted.steps.values()}
        cloner = Cloner(self.function, values, places, skipped)
        body = self.cloned(cloner)
        used = _uses(body)
        before: list[n.Stmt] = []
        after: list[n.Stmt] = []
        ranged = self.ranged(used)
        kept: list[Step] = []
        for step in counted.steps.values():
            if step is ranged:
                end = self.function.temporary(step.variable.type)
                before.append(n.Assign(end, self.final(step)))
                targets.insert(0, step.variable)
                iterables.insert(0, n.Steps(n.Get(step.variable), n.Get(end), step.amount))
                if step.variable in self.kept:
                    after.append(n.Assign(step.variable, self.wrapped(step, n.Get(end))))
            elif step.variable in used:
                kept.append(step)
            elif step.variable in self.kept:
                after.append(n.Assign(step.variable, self.wrapped(step, self.final(step))))
        if not targets:
            return None
        if kept:
            skipped -= {id(step.statement) for step in kept}
            body = self.cloned(cloner)
        return _Fast([*before, n.For(targets, iterables, body), *after], MIN_TURNS, plan.tests)

    def cloned(self, cloner: Cloner) -> list[n.Stmt]:
        """The turns without the statements to be skipped, and without sums that nothing needs any more."""
        while True:
            body = cloner.list(self.counted.turns)
            used = _uses(body)
            idle = [made.statement for v, made in self.counted.sums.items() if v not in self.kept and not used[v]]
            if all(id(s) in cloner.skipped for s in idle):
                return body
            cloner.skipped.update(map(id, idle))

    def ranged(self, used: Counter[n.Variable]) -> Step | None:
        """The step whose variable the ``for`` may count itself: exact, and not used behind the step."""
        counted = self.counted
        for step in counted.steps.values():
            if step.variable not in used or not (step.exact() or (counted.monotonic and step is counted.main)):
                continue
            later = [operand for s, _ in counted.order[step.position + 1 :] for operand in operands(s)]
            if not _reads(later)[step.variable]:
                return step
        return None

    def slice(self, each: Linear) -> n.Items:
        """The items of an access over all turns."""
        return _items(each.access, each.start, self.count, each.amount)

    def final(self, step: Step) -> n.Expr:
        """What a variable is after the last turn, if it never wraps."""
        if isinstance(step.amount, n.Const) and step.amount.value < 0:
            return n.Binary("-", 64, n.Get(step.variable), _times(self.count, n.Const(64, -step.amount.value)))
        return n.Binary("+", 64, n.Get(step.variable), _times(self.count, step.amount))

    def wrapped(self, step: Step, last: n.Expr) -> n.Expr:
        """What a variable is after the last turn, in its form."""
        value = step.statement.value
        assert isinstance(value, n.Wrap)
        mode = value.mode
        if mode != n.NOTHING:
            mode = n.WRAP_SIGNED if step.variable.signed else n.MASK
        return n.Wrap(value.bits, value.form, last, mode, step.variable, (-1 << 80, 1 << 80))


@dataclass(slots=True)
class _Fast:
    """Statements that do what a loop does, under further conditions; they pay from ``fewest`` turns on."""

    body: list[n.Stmt]
    fewest: int
    conditions: list[n.Expr] = field(default_factory=list)


def _first(accesses: list[Linear]) -> Linear:
    return min(accesses, key=lambda each: each.offset)


def _plus(x: n.Expr, constant: int) -> n.Expr:
    return n.Binary("+", 64, x, n.Const(64, constant)) if constant else x


def _bare(x: n.Expr) -> n.Expr:
    """An expression without wraps that do nothing."""
    while isinstance(x, n.Wrap) and (x.mode == n.NOTHING or x.form == "m"):
        x = x.x
    return x


def _stored(access: n.Load | n.Store) -> n.Expr:
    """The value of a store, in the range of its items."""
    assert isinstance(access, n.Store)
    value = _bare(access.value)
    if not access.mask:
        return value
    mask = (1 << 8 * access.width) - 1
    return (
        n.Const(64, value.value & mask) if isinstance(value, n.Const) else n.Binary("&", 64, value, n.Const(64, mask))
    )


def _untouched(load: Linear, stores: list[Linear | None]) -> list[n.Expr] | None:
    """Tests that no store before a load in the same turn writes what is loaded; ``None`` where one may."""
    tests: list[n.Expr] = []
    for store in stores:
        if store is None or store.access.width != load.access.width or key(store.amount) != key(load.amount):
            return None
        if store.base != load.base:
            tests.append(_compare("!=", load.start, store.start))
        elif store.offset == load.offset:
            return None
    return tests


def _compare(op: str, a: n.Expr, b: n.Expr) -> n.Compare:
    return n.Compare(op, a, b, ((0, 0, 0), (0, 0, 0)))  # of integers: no more is asked of a comparison by now


def _times(count: n.Expr, amount: n.Const | n.Get) -> n.Expr:
    return count if isinstance(amount, n.Const) and amount.value == 1 else n.Binary("*", 64, count, amount)


def _items(
    access: n.Load | n.Store, start: n.Expr | None = None, count: n.Expr | None = None, step: n.Expr | None = None
) -> n.Items:
    """The view that an access reads or writes, or a slice of it."""
    return n.Items(access.memory, access.item, access.signed, start, count, step)
