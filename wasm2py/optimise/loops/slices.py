"""Counted loops that only fill or copy, as assignments of slices."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.optimise.facts import bare, key
from wasm2py.optimise.loops.counting import Step, Sum
from wasm2py.optimise.loops.linear import Linear, linear
from wasm2py.optimise.loops.versions import Fast, Version, compare, items_of, times

MIN_SLICED = 24
"""Stores from which on it pays to assign a slice instead."""


def sliced(version: Version) -> Fast | None:
    """The loop as assignments of slices, if it only fills or copies."""
    counted = version.counted
    kinds: list[Step | Sum] = [*counted.steps.values(), *counted.sums.values()]
    assignments = {id(each.statement) for each in kinds}
    stores: list[Linear] = []
    loads: list[Linear] = []
    for position, (s, *_) in enumerate(counted.order):
        if id(s) in assignments:
            continue
        if not isinstance(s, n.Store) or s.exact or s.item == "f":
            return None
        stored = linear(s, counted, position)
        if stored is None or not stored.forward:
            return None
        stores.append(stored)
        value = bare(s.value)
        if isinstance(value, n.Load):
            loaded = linear(value, counted, position)
            if loaded is None or not loaded.forward or value.item != s.item or value.memory != s.memory:
                return None
            loads.append(loaded)
    if not stores or not version.kept.isdisjoint(counted.sums):
        return None
    body = _copied(version, stores, loads) if loads else _filled(version, stores)
    if body is None:
        return None
    for step in counted.steps.values():
        if step.variable in version.kept:
            body.append(n.Assign(step.variable, version.wrapped(step, version.final(step))))
    conditions = _apart(version.count, _first(stores), _first(loads)) if loads else []
    return Fast(body, max(MIN_SLICED // len(stores), 1), conditions)


def _filled(version: Version, stores: list[Linear]) -> list[n.Stmt] | None:
    """Fills with one value, if all stores have the same."""
    values = []
    for each in stores:
        assert isinstance(each.access, n.Store)
        value = bare(each.access.value)
        if not isinstance(value, n.Const) and not (
            isinstance(value, n.Get) and value.var not in version.counted.changed
        ):
            return None
        values.append((each.access.item, key(value)))
    if len(set(values)) > 1 and any(value != 0 for _, value in values):
        return None
    return [n.Eval(n.Apply("fill_items", [items, _stored(access)], None)) for items, access in _slices(version, stores)]


def _copied(version: Version, stores: list[Linear], loads: list[Linear]) -> list[n.Stmt] | None:
    """A copy, if all stores together are one slice and all loads another, both from the first item to the last."""
    if len(stores) != len(loads) or key(stores[0].amount) != key(loads[0].amount):
        return None
    order = [store.offset for store in stores]
    distances = {store.offset - load.offset for store, load in zip(stores, loads, strict=True)}
    if len(distances) != 1 or order != sorted(order):
        return None
    targets, sources = _slices(version, stores), _slices(version, loads)
    if len(targets) != 1 or len(sources) != 1:
        return None
    target, source = targets[0][0], sources[0][0]
    target.signed = source.signed = False
    return [n.Eval(n.Apply("copy_items", [target, source], None))]


def _slices(version: Version, accesses: list[Linear]) -> list[tuple[n.Items, n.Load | n.Store]]:
    """The slices that accesses go through: one if they take turns at all items between them."""
    first = _first(accesses)
    stride = len(accesses)
    offsets = sorted(each.offset - first.offset for each in accesses)
    together = all((each.base, each.access.memory) == (first.base, first.access.memory) for each in accesses)
    if (
        together
        and offsets == list(range(stride))
        and isinstance(first.amount, n.Const)
        and first.amount.value == stride
    ):
        count = times(version.count, n.Const(32, stride))
        return [(items_of(first.access, first.start, count, n.Const(32, 1)), first.access)]
    return [(version.slice(each), each.access) for each in accesses]


def _apart(count: n.Get, target: Linear, source: Linear) -> list[n.Expr]:
    """The test that a copy forward reads nothing that it has written."""
    end = n.Binary("+", 64, source.start, times(count, source.amount))
    return [n.Logic("or", compare("<=", target.start, source.start), compare(">=", target.start, end))]


def _first(accesses: list[Linear]) -> Linear:
    return min(accesses, key=lambda each: each.offset)


def _stored(access: n.Load | n.Store) -> n.Expr:
    """The value of a store, in the range of its items."""
    assert isinstance(access, n.Store)
    value = bare(access.value)
    if not access.mask:
        return value
    mask = (1 << 8 * access.width) - 1
    return (
        n.Const(64, value.value & mask) if isinstance(value, n.Const) else n.Binary("&", 64, value, n.Const(64, mask))
    )
