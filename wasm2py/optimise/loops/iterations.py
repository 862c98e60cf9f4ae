"""Counted loops as ``for`` over ranges and slices."""

from __future__ import annotations

from collections import Counter

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, operands, reads, statements, uses
from wasm2py.optimise.facts import copied
from wasm2py.optimise.loops.cloner import Cloner
from wasm2py.optimise.loops.counting import Counted, Step
from wasm2py.optimise.loops.guards import Plan
from wasm2py.optimise.loops.linear import Linear
from wasm2py.optimise.loops.versions import Fast, Version

MIN_TURNS = 9
"""Turns from which on it pays to set up an iterator."""


def iterated(version: Version, plan: Plan) -> Fast | None:
    """The loop as ``for``."""
    counted = version.counted
    targets: list[n.Variable] = []
    iterables: list[n.Expr] = []
    values: dict[int, n.Variable] = {}
    for each in plan.streams:
        assert isinstance(each.access, n.Load)
        variable = version.function.temporary(each.access.type)
        variable.signed = each.access.signed
        values[id(each.access)] = variable
        targets.append(variable)
        iterables.append(version.slice(each))
    places: dict[int, tuple[n.Variable, int]] = {}
    groups: dict[object, list[Linear]] = {}
    for each in plan.guarded:
        if id(each.access) not in values:
            groups.setdefault(each.base, []).append(each)
    for group in groups.values():
        index = version.function.temporary()
        first = min(group, key=lambda each: each.offset)
        targets.append(index)
        iterables.append(version.indices(first))
        for each in group:
            places[id(each.access)] = (index, each.offset - first.offset)
    steps = {id(step.statement) for step in counted.steps.values()}
    cloner = Cloner(version.function, values, places, set(steps), _rounded(version))
    body = _cloned(version, cloner)
    used = uses(body)
    before: list[n.Stmt] = []
    after: list[n.Stmt] = []
    ranged = _ranged(version.counted, used)
    kept: list[Step] = []
    for step in counted.steps.values():
        if step is ranged:
            end = version.function.temporary(step.variable.type)
            before.append(n.Assign(end, version.final(step)))
            targets.insert(0, step.variable)
            iterables.insert(0, n.Steps(n.Get(step.variable), n.Get(end), step.amount))
            if step.variable in version.kept:
                after.append(n.Assign(step.variable, version.wrapped(step, n.Get(end))))
        elif step.variable in used:
            kept.append(step)
        elif step.variable in version.kept:
            after.append(n.Assign(step.variable, version.wrapped(step, version.final(step))))
    if not targets:
        return None
    if kept:
        # Anew: they may need copies that nothing needed without them.
        cloner.skipped = steps - {id(step.statement) for step in kept}
        body = _cloned(version, cloner)
    _assign_at_once(counted, targets, body)
    return Fast([*before, n.For(targets, iterables, body), *after], MIN_TURNS, plan.tests)


def _rounded(version: Version) -> dict[n.Variable, n.Variable]:
    """Variables of its own for what a turn of the fast version rounds for itself: each may then be used in place."""
    order = version.counted.order
    counts = Counter(variable for place in order for variable in assigned(place.statement))
    early: set[n.Variable] = set()
    found: dict[n.Variable, n.Variable] = {}
    for s, always, _ in order:
        early.update(reads(operands(s)))
        if not always or not isinstance(s, n.Round) or s.var is None:
            continue
        if counts[s.var] == 1 and s.var not in early and s.var not in version.kept:
            found[s.var] = version.function.temporary(s.var.type)
    return found


def _assign_at_once(counted: Counted, targets: list[n.Variable], body: list[n.Stmt]) -> None:
    """Let ``for`` assign an item to the variable that it is copied to, where nothing reads that earlier in a turn."""
    used = uses(body)
    counts = Counter(variable for s in statements(body) for variable in assigned(s))
    early: set[n.Variable] = set()
    for s in list(body):
        if isinstance(s, n.Assign) and counts[s.var] == 1 and s.var not in early:
            item = copied(s)
            if item in targets and used[item] == 1 and item not in counted.changed:
                targets[targets.index(item)] = s.var
                body.remove(s)
        early.update(uses([s]))


def _cloned(version: Version, cloner: Cloner) -> list[n.Stmt]:
    """The turns without the statements to be skipped, and without sums that nothing needs any more."""
    while True:
        body = cloner.list(version.counted.turns)
        used = uses(body)
        idle = [made.statement for v, made in version.counted.sums.items() if v not in version.kept and not used[v]]
        if all(id(s) in cloner.skipped for s in idle):
            return body
        cloner.skipped.update(map(id, idle))


def _ranged(counted: Counted, used: Counter[n.Variable]) -> Step | None:
    """The step whose variable the ``for`` may count itself: exact, and not used behind the step."""
    for step in counted.steps.values():
        if step.variable not in used or not (step.exact or (counted.monotonic and step is counted.main)):
            continue
        later = [operand for s, *_ in counted.order[step.position + 1 :] for operand in operands(s)]
        if not reads(later)[step.variable]:
            return step
    return None
