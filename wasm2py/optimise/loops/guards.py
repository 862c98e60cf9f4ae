"""Which accesses of a counted loop its fast version relies on, and the test before it that they may be relied on."""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.views import natural
from wasm2py.optimise.facts import key
from wasm2py.optimise.loops.counting import Counted
from wasm2py.optimise.loops.linear import Linear, linear, own_accesses
from wasm2py.optimise.loops.versions import Fast, Version, compare, items_of, times
from wasm2py.optimise.traits import ITEMS


@dataclass(slots=True)
class Plan:
    """What the fast version of a loop does with its accesses.

    :ivar guarded: those that the guard covers
    :ivar streams: loads that become targets of ``for``
    :ivar tests: that no store changes what a stream has loaded before
    """

    guarded: list[Linear] = field(default_factory=list)
    streams: list[Linear] = field(default_factory=list)
    tests: list[n.Expr] = field(default_factory=list)


def plan_accesses(counted: Counted) -> Plan:
    """Decide for each access."""
    plan = Plan()
    stores: list[Linear | None] = []
    pairs: list[tuple[Linear, Linear]] = []
    for position, (s, always, _) in enumerate(counted.order):
        for access, whenever in own_accesses(s):
            each = linear(access, counted, position)
            if each is not None:
                plan.guarded.append(each)
            if isinstance(access, n.Store):
                stores.append(each)
            elif each is not None and always and whenever and not access.exact:
                others = _others(each, stores)
                if others is not None:
                    plan.streams.append(each)
                    pairs += [(each, store) for store in others]
    plan.tests = _untouched(pairs)
    return plan


def guard(version: Version, plan: Plan, fast: Fast) -> n.Expr:
    """The condition under which the fast version does what the loop does."""
    counted = version.counted
    if any(each.access.width > 1 for each in plan.guarded):
        version.function.traits.add(ITEMS)
    tests: list[n.Expr] = [compare(">=", version.count, n.Const(32, fast.fewest))]
    if counted.remainder is not None:
        tests.append(compare("==", counted.remainder, n.Const(32, 0)))
    amounts = {step.amount.var: step.amount for step in counted.steps.values() if isinstance(step.amount, n.Get)}
    tests += [compare(">", amount, n.Const(32, 0)) for amount in amounts.values()]
    groups: dict[object, list[Linear]] = {}
    for each in plan.guarded:
        groups.setdefault((each.base, each.access.memory), []).append(each)
    for group in groups.values():
        tests += _inside(version.count, group)
    condition = tests[0]
    for test in tests[1:] + fast.conditions:
        condition = n.Logic("and", condition, test)
    return condition


def _inside(count: n.Get, group: list[Linear]) -> list[n.Expr]:
    """Tests that all items of accesses with a common base are in memory, and that no address wraps around."""
    one = group[0]
    length = n.Apply("len", [items_of(one.access)], (0, 1 << 32))
    way = times(n.Binary("-", 64, count, n.Const(32, 1)), one.amount)
    last = n.Binary("+", 64, one.origin, way)
    lowest, highest = (one.origin, last) if one.forward else (last, one.origin)
    tests: list[n.Expr] = []
    if one.unaligned is not None:
        size = n.Const(32, one.access.width - 1)
        tests.append(n.Not(n.Wrap(64, "t", n.Binary("&", 64, one.unaligned, size), n.NOTHING)))
    margin = min(each.margin for each in group)
    if margin < 0 or not natural(lowest):
        tests.append(compare(">=", _plus(lowest, margin), n.Const(32, 0)))
    return [*tests, compare("<", _plus(highest, max(each.offset for each in group)), length)]


def _others(load: Linear, stores: list[Linear | None]) -> list[Linear] | None:
    """The stores before a load in the same turn that might write what is loaded; ``None`` where one certainly may."""
    others: list[Linear] = []
    for store in stores:
        if store is None or store.access.width != load.access.width or key(store.amount) != key(load.amount):
            return None
        if store.access.memory != load.access.memory:
            continue
        if store.base != load.base:
            others.append(store)
        elif store.offset == load.offset:
            return None
    return others


def _untouched(pairs: list[tuple[Linear, Linear]]) -> list[n.Expr]:
    """Tests that no load reads what the store beside it writes: one for all pairs with the same two bases."""
    groups: dict[tuple[object, object], list[tuple[Linear, Linear]]] = {}
    for load, store in pairs:
        groups.setdefault((load.base, store.base), []).append((load, store))
    tests: list[n.Expr] = []
    for group in groups.values():
        load, store = group[0]
        wrong = [one.offset - two.offset for one, two in group]
        if len(set(wrong)) == 1:
            tests.append(compare("!=", load.start, store.start))
        else:  # unrolled turns: what is between the smallest and the largest may be wrong, too
            between = n.Binary("-", 64, store.origin, load.origin)
            low, high = n.Const(64, min(wrong)), n.Const(64, max(wrong))
            tests.append(n.Logic("or", compare("<", between, low), compare(">", between, high)))
    return tests


def _plus(x: n.Expr, constant: int) -> n.Expr:
    return n.Binary("+", 64, x, n.Const(64, constant)) if constant else x
