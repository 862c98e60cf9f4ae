"""Loops over vectors that compute the same in each turn do it for 32 turns at once, in one large integer.

::

    loop                                  n = turns
      v = load.V[p]                       if n >= 12 and the vectors are in memory:
      s = s ^ v & 0xFF…      becomes        wide = s
      store.V[q] = v                        for left, x, y in zip(range(n, 0, -32), range(…), range(…)):
      p = p + 16                              v = wide_load(items, x, 2, left)
      q = q + 16                              wide = wide ^ v & wide_constant(0xFF…)
      if p != end: br loop                    wide_store(items, y, 2, left, v)
                                            s = wide_fold_v128_xor(wide)
                                            p = p + n * 16; q = q + n * 16
                                          else: the loop as it was

What is carried from turn to turn must be a sum, or another operation whose order does not matter: each of the 32 places
has a part of it, and they are combined at the end.  The last block may be smaller; its other places are cut off.  Loads
and stores of 32 turns change their order, so the test before them asks that none of them meets another where that would
show.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from itertools import combinations_with_replacement

from runtime_support.simd.wide import VECTORS
from wasm2py.ir import nodes as n
from wasm2py.ir.walk import lists, uses
from wasm2py.optimise.loops.counting import Counted, Step, Sum, find_counted
from wasm2py.optimise.loops.guards import Plan, guard
from wasm2py.optimise.loops.lane_products import ProductFinder, summed_products
from wasm2py.optimise.loops.linear import Linear, linear, own_accesses
from wasm2py.optimise.loops.trips import find_trips
from wasm2py.optimise.loops.versions import Fast, Version, compare, times
from wasm2py.optimise.loops.wide_values import NotWideError, Widener, apply
from wasm2py.wasm.types import V128

_MIN_TURNS = 12
"""Turns from which on it pays."""

_MAX_ACCESSES = 64
"""Most accesses in a turn: each is compared with each other one."""

_COPIED = ("_and", "_or", "_min_s", "_min_u", "_max_s", "_max_u")
"""Operations that may be given the same twice: every place starts with what was there before the loop."""


def widen_vectors(function: n.Function) -> None:
    """Run the pass."""
    if any(variable.type is V128 for variable in function.variables):
        _lists(function, function.body, uses(function.body), frozenset())


def _lists(function: n.Function, body: list[n.Stmt], used: Counter[n.Variable], carried: frozenset[n.Variable]) -> None:
    """Go through a list; parameters as in :mod:`wasm2py.optimise.loops.counted_loops`."""
    for position, s in enumerate(body):
        for inner in lists(s):
            _lists(function, inner, used, carried.union(s.carried) if isinstance(s, n.Loop) else carried)
        if isinstance(s, n.Loop):
            counted = find_counted(s)
            if counted is not None and find_trips(counted):
                try:
                    body[position : position + 1] = _replacement(Version(function, counted, used, carried))
                except NotWideError:
                    continue
                return  # a loop is the last of its list


def _replacement(version: Version) -> list[n.Stmt]:
    """What comes in the place of a loop."""
    counted = version.counted
    products = summed_products(version)
    if products is None:
        block = _Block(version)
        fast, guarded = block.fast(), block.guarded
    else:
        fast, guarded = Fast(products[0], _MIN_TURNS), products[1]
    label = n.Label(version.function.labels, "block", [], uses=2)
    version.function.labels += 1
    for step in counted.steps.values():
        fast.body.append(n.Assign(step.variable, version.wrapped(step, version.final(step))))
    fast.body.append(n.Br(label))
    counted.loop.body[len(counted.turns) + 1 :] = [n.Br(label)]
    counted.loop.rare = not fast.conditions  # else those that hide a vector from a later turn may fail for any number
    choice = n.If(guard(version, Plan(guarded), fast), fast.body, [])
    return [n.Assign(version.count.var, counted.trips), n.Block(label, [choice, counted.loop]), *counted.behind]


class _Block:
    """Makes the version of one loop that does many turns at once.

    :ivar accesses: those that are made at once for all turns of a block, in order
    :ivar vectors: how many vectors each of them is for
    """

    def __init__(self, version: Version) -> None:
        self.version = version
        self.accesses: list[tuple[n.Load | n.Store, Linear]] = []
        self.guarded: list[Linear] = []
        self.indices: dict[object, n.Variable] = {}
        self.ranges: list[n.Expr] = []
        self.vectors = VECTORS
        accesses = _accesses(version.counted)
        if not 0 < len(accesses) <= _MAX_ACCESSES:
            raise NotWideError
        places = {id(access): self.place(access, position) for access, position in accesses}
        self.widener = Widener(version.function, version.counted, places, version.function.temporary())

    def place(self, access: n.Load | n.Store, position: int) -> tuple[Linear, n.Expr]:
        """An access, and the index of its first item in each block."""
        found: list[Linear] = []
        for distance in (0, 8) if access.item == "V" else (0,):
            each = copy.copy(access)
            if access.item == "V" and not access.indexed:
                each.item, each.width, each.offset, each.natural = "Q", 8, access.offset + distance, True
            made = linear(each, self.version.counted, position)
            if made is None or not isinstance(made.amount, n.Const) or not made.forward:
                raise NotWideError
            found.append(made)
        self.guarded += found
        first = found[0]
        self.accesses.append((access, first))
        if first.base not in self.indices:
            self.indices[first.base] = self.version.function.temporary()
            behind = n.Binary("+", 64, first.origin, times(self.version.count, first.amount))
            assert isinstance(first.amount, n.Const)
            self.ranges.append(n.Steps(first.origin, behind, n.Const(64, VECTORS * first.amount.value)))
        start: n.Expr = n.Get(self.indices[first.base])
        if first.offset:
            start = n.Binary("+", 64, start, n.Const(64, first.offset))
        return first, start

    def fast(self) -> Fast:
        """The version, and what its blocks rely on."""
        body = self.products() or self.turns()
        totals = self.totals()
        body = self.cut(body)
        starts, ends = [start for start, _ in totals], [end for _, end in totals]
        targets = [self.widener.left, *self.indices.values()]
        loop = n.For(targets, [n.Steps(self.version.count, n.Const(32, 0), n.Const(32, -VECTORS)), *self.ranges], body)
        return Fast([*self.widener.before, *starts, loop, *ends], _MIN_TURNS, self.apart())

    def products(self) -> list[n.Stmt] | None:
        """The statements of a block that stores products of neighbouring lanes of 32 bits, unrolled or not."""
        finder = ProductFinder(self.version.counted)
        found: list[list[n.Load | n.Store]] = []
        for position, s in self.statements():
            if isinstance(s, n.Assign) and s.var not in finder.made:
                finder.made[s.var] = (s.value, position)
            elif isinstance(s, n.Store) and s.item == "V":
                x, place = finder.followed(s.value, position)
                args = [finder.followed(arg, place)[0] for arg in x.args] if isinstance(x, n.Apply) else []
                loads = [arg for arg in args if isinstance(arg, n.Load) and arg.item == "V"]
                if not isinstance(x, n.Apply) or x.helper != "i32x4_mul" or len(loads) != 2:
                    return None
                found.append([*loads, s])
            else:
                return None
        number = len(found)
        merged: list[tuple[n.Load | n.Store, Linear]] = []
        for accesses in zip(*found, strict=True):
            each = [self.widener.places[id(access)][0] for access in accesses]
            distances = [(one.base, one.offset - each[0].offset) for one in each]
            amount = each[0].amount
            if not isinstance(amount, n.Const) or amount.value != 2 * number:
                return None
            if any(one.memory != accesses[0].memory for one in accesses):
                return None
            if distances != [(each[0].base, 2 * place) for place in range(number)]:
                return None
            merged.append((accesses[0], replace(each[0], amount=n.Const(64, 2))))
        if len(merged) * number != len(self.accesses):
            return None
        self.accesses, self.vectors = merged, VECTORS * number
        args = []
        for access, _ in merged:
            view = n.Items(access.memory, "I", False, None, None, None)
            args += [view, self.widener.places[id(access)][1]]
        (*sources, target, start) = args
        call = n.Apply(
            "wide_store_products", [target, start, *sources, n.Get(self.widener.left), n.Const(32, number)], None
        )
        return [n.Eval(call)]

    def statements(self) -> list[tuple[int, n.Stmt]]:
        """What a turn does besides steps, in order; a choice is nothing for vectors of many turns."""
        counted = self.version.counted
        kinds: list[Step | Sum] = [*counted.steps.values(), *counted.sums.values()]
        skipped = {id(each.statement) for each in kinds}
        if not all(always for _, always, _ in counted.order):
            raise NotWideError
        return [(position, s) for position, (s, _, _) in enumerate(counted.order) if id(s) not in skipped]

    def turns(self) -> list[n.Stmt]:
        """The statements of a turn, for all vectors of a block."""
        widener = self.widener
        body: list[n.Stmt] = []
        for _, s in self.statements():
            widener.made.clear()
            if isinstance(s, n.Assign) and s.var.type is V128:
                body.append(widener.assign(s))
            elif isinstance(s, n.Store) and s.item == "V":
                made = widener.clean(widener.value(s.value))
                if made.total is not None:
                    raise NotWideError
                each, start = widener.places[id(s)]
                view = n.Items(s.memory, "Q", False, None, None, None)
                args = [view, start, each.amount, n.Get(widener.left), made.node]
                body.append(n.Eval(n.Apply("wide_store", args, None)))
            else:
                raise NotWideError
        return body

    def totals(self) -> list[tuple[n.Stmt, n.Stmt]]:
        """How what is carried from turn to turn is taken apart before all turns, and put together behind them."""
        widener = self.widener
        pairs: list[tuple[n.Stmt, n.Stmt]] = []
        for variable, inner in widener.totals.items():
            made = widener.values[variable]
            if made.total is not variable or not made.fold:
                raise NotWideError
            start: n.Expr = n.Get(variable)
            if made.fold.endswith(_COPIED):
                start = apply("wide_copies", start)
            pairs.append((n.Assign(inner, start), n.Assign(variable, apply(f"wide_fold_{made.fold}", n.Get(inner)))))
        if not self.version.kept <= {*widener.totals, *self.version.counted.steps}:
            raise NotWideError
        return pairs

    def cut(self, body: list[n.Stmt]) -> list[n.Stmt]:
        """The statements of a block; one that is not full leaves the other places of what is carried as they were."""
        before: list[n.Stmt] = []
        after: list[n.Stmt] = []
        left = n.Get(self.widener.left)
        for inner in self.widener.totals.values():
            old = self.version.function.temporary(V128)
            before.append(n.Assign(old, n.Get(inner)))
            after.append(n.Assign(inner, apply("wide_part", n.Get(inner), n.Get(old), left)))
        room = n.Const(32, VECTORS)
        return [*before, *body, *([n.If(compare("<", left, room), after, [])] if after else [])]

    def apart(self) -> list[n.Expr]:
        """Tests that no access of a block meets one of a later turn, if that stands before it in the loop or is it."""
        bounds: dict[tuple[object, object], tuple[n.Expr, int, int]] = {}
        for (one, first), (other, second) in combinations_with_replacement(self.accesses, 2):
            if one.memory != other.memory or not (isinstance(one, n.Store) or isinstance(other, n.Store)):
                continue
            size, step = _bytes(first)
            other_size, other_step = _bytes(second)
            if step != other_step:
                raise NotWideError
            constant = second.offset * other_size - first.offset * size
            below, above = step - other.width - constant, step * (self.vectors - 1) + one.width - constant
            if first.base == second.base:
                if below < 0 < above:
                    raise NotWideError
                continue
            distance = n.Binary(
                "-", 64, times(second.origin, n.Const(64, other_size)), times(first.origin, n.Const(64, size))
            )
            known = bounds.get((first.base, second.base), (distance, below, above))
            bounds[first.base, second.base] = (distance, min(known[1], below), max(known[2], above))
        return [
            n.Logic("or", compare("<=", x, n.Const(64, below)), compare(">=", x, n.Const(64, above)))
            for x, below, above in bounds.values()
        ]


def _bytes(each: Linear) -> tuple[int, int]:
    """The size of an item, and the distance between turns."""
    assert isinstance(each.amount, n.Const)
    return each.access.width, each.access.width * each.amount.value


def _accesses(counted: Counted) -> list[tuple[n.Load | n.Store, int]]:
    """The accesses of a turn in order, and the positions of their statements."""
    return [(access, position) for position, (s, _, _) in enumerate(counted.order) for access, _ in own_accesses(s)]
