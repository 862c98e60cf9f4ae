"""Products of lanes that are loaded, as products of the items: large integers cannot multiply lane by lane.

::

    loop                                              if … and all items are in memory:
      s = s + i32x4_mul(load.V[p], load.V[q])           s = wide_add_products(s, 32, n, items, p, 4, items, q, 4, 1)
      p = p + 16; q = q + 16                becomes     p = p + n * 16; q = q + n * 16
      i = i - 1                                       else: the loop as it was
      if i: br loop

Unrolled loops that take turns at neighbouring vectors are rolled up again.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from itertools import pairwise

from wasm2py.ir import nodes as n
from wasm2py.optimise.loops.counting import Counted
from wasm2py.optimise.loops.lane_sums import find_lane_sum
from wasm2py.optimise.loops.linear import Linear, linear, own_accesses
from wasm2py.optimise.loops.versions import Version, items_of
from wasm2py.wasm.types import V128

_EXTENSIONS = {
    f"i{2 * width}x{64 // width}_extend_low_i{width}x{128 // width}_{suffix}": (width, suffix == "s")
    for width in (8, 16)
    for suffix in "su"
}
"""What widens the low half of a vector: the width of an item, and whether it is signed."""


@dataclass(slots=True)
class Kind:
    """A helper that multiplies.

    :ivar width: of a lane of the product
    :ivar item: width of an item that is multiplied
    :ivar signed: of that item
    :ivar first: of the items of a vector
    :ivar together: how many products a lane is the sum of
    """

    width: int
    item: int
    signed: bool
    first: int = 0
    together: int = 1


_KINDS = {
    "i16x8_mul": Kind(16, 16, True),
    "i32x4_mul": Kind(32, 32, True),
    "i32x4_dot_i16x8_s": Kind(32, 16, True, together=2),
    **{
        f"i{2 * width}x{64 // width}_extmul_{half}_i{width}x{128 // width}_{suffix}": Kind(
            2 * width, width, suffix == "s", 64 // width if half == "high" else 0
        )
        for width in (8, 16)
        for half in ("low", "high")
        for suffix in "su"
    },
}


@dataclass(slots=True)
class Product:
    """Products of the items of two loads in each turn."""

    kind: Kind
    a: Linear
    b: Linear

    def behind(self, other: Product) -> bool:
        """Whether the items are those that follow the other's."""
        count = 128 // self.kind.width * self.kind.together
        pairs = ((self.a, other.a), (self.b, other.b))
        return self.kind == other.kind and all(
            x.base == y.base and x.access.memory == y.access.memory and x.access.item == y.access.item
            and x.access.signed == y.access.signed and x.offset == y.offset + count
            for x, y in pairs
        )  # fmt: skip


class ProductFinder:
    """Looks for products in a counted loop.

    :ivar guarded: the first and last items of what they load
    :ivar loads: these loads, by identity
    :ivar made: what each variable has been assigned, and where
    """

    def __init__(self, counted: Counted) -> None:
        self.counted = counted
        self.guarded: list[Linear] = []
        self.loads: set[int] = set()
        self.made: dict[n.Variable, tuple[n.Expr, int]] = {}

    def product(self, x: n.Expr, position: int) -> Product | None:
        """The product that an expression is."""
        x, position = self.followed(x, position)
        kind = _KINDS.get(x.helper) if isinstance(x, n.Apply) else None
        if kind is None or not isinstance(x, n.Apply):
            return None
        found = [self.items(arg, kind, position) for arg in x.args]
        a, b = found
        return None if a is None or b is None else Product(kind, a, b)

    def followed(self, x: n.Expr, position: int) -> tuple[n.Expr, int]:
        """What a variable has been assigned in this turn, and where."""
        while isinstance(x, n.Get) and x.var in self.made:
            x, position = self.made[x.var]
        return x, position

    def items(self, x: n.Expr, kind: Kind, position: int) -> Linear | None:
        """The first item that an operand loads in each turn."""
        x, position = self.followed(x, position)
        width, signed = kind.item, kind.signed
        if isinstance(x, n.Apply) and x.helper in _EXTENSIONS and kind.width == width:
            (width, signed), inner = _EXTENSIONS[x.helper], x.args[0]
            if 2 * width != kind.width:
                return None
            x, position = self.followed(inner, position)
        if not isinstance(x, n.Load) or x.item not in "VQ":
            return None
        if 8 * x.width < (kind.first + 128 // kind.width * kind.together) * width:
            return None
        found: list[Linear] = []
        for number in (kind.first, 0, 8 * x.width // width - 1):
            each = copy.copy(x)
            each.item, each.width, each.signed = {8: "B", 16: "H", 32: "I"}[width], width // 8, signed
            if not x.indexed:
                each.offset, each.natural = x.offset + number * width // 8, True
            made = linear(each, self.counted, position)
            if made is None or not isinstance(made.amount, n.Const) or not made.forward:
                return None
            found.append(_finer(made, 64 // width, number) if x.indexed else made)
        self.guarded += found
        self.loads.add(id(x))
        return found[0]


def summed_products(version: Version) -> tuple[list[n.Stmt], list[Linear]] | None:
    """Statements that do what a loop does that only adds products of lanes to one vector, and what they rely on."""
    counted = version.counted
    finder = ProductFinder(counted)
    skipped = {id(step.statement) for step in counted.steps.values()} | {id(s.statement) for s in counted.sums.values()}
    total: n.Variable | None = None
    for position, (s, always, _) in enumerate(counted.order):
        if id(s) in skipped:
            continue
        if not always or not isinstance(s, n.Assign) or s.var.type is not V128 or s.var in finder.made:
            return None
        finder.made[s.var] = (s.value, position)
        total = s.var
    if total is None:
        return None
    value, position = finder.made.pop(total)  # what is read before is that of the turn before
    products = _addends(finder, total, value, position)
    loads = {id(access) for s, _, _ in counted.order for access, _ in own_accesses(s)}
    if not products or loads != finder.loads or not version.kept <= {total, *counted.steps}:
        return None
    body: list[n.Stmt] = []
    for first, number in rolled_up(products):
        args: list[n.Expr] = [n.Get(total), n.Const(32, first.kind.width), _times(version.count, number)]
        for each in (first.a, first.b):
            assert isinstance(each.amount, n.Const)
            args += [items_of(each.access), each.start, n.Const(64, each.amount.value // number)]
        added = n.Apply("wide_add_products", [*args, n.Const(32, first.kind.together)], None)
        added.type = V128
        body.append(n.Assign(total, added))
    return body, finder.guarded


def _addends(finder: ProductFinder, total: n.Variable, x: n.Expr, position: int) -> list[Product]:
    """The products that a value is the sum of, with the carried variable; empty if it is anything else."""
    products: list[Product] = []
    pending = [(x, position)]
    carried = 0
    width = 0
    while pending:
        x, position = finder.followed(*pending.pop())
        found = find_lane_sum(x)
        product = None if found is not None else finder.product(x, position)
        if isinstance(x, n.Get) and x.var is total:
            carried += 1
        elif found is not None and not found.lent and not found.small and width in (0, found.width):
            width = found.width
            pending += [(found.a, position), (found.b, position)]
        elif product is not None:
            products.append(product)
        else:
            return []
    return products if carried == 1 and all(each.kind.width == width for each in products) else []


def rolled_up(products: list[Product]) -> list[tuple[Product, int]]:
    """Products that take turns at all items, as the first of them and how many they are; others by themselves."""
    order = sorted(products, key=lambda each: each.a.offset)
    number = len(order)
    first = order[0]
    stride = 128 // first.kind.width * first.kind.together * number
    amounts = [each.amount.value if isinstance(each.amount, n.Const) else 0 for each in (first.a, first.b)]
    if amounts == [stride, stride] and all(two.behind(one) for one, two in pairwise(order)):
        return [(first, number)]
    return [(each, 1) for each in products]


def _finer(each: Linear, parts: int, number: int) -> Linear:
    """One of the parts of an item of 64 bits, whose address counts these items."""
    assert isinstance(each.amount, n.Const)
    origin = n.Binary("*", 64, each.origin, n.Const(64, parts))
    amount = n.Const(64, each.amount.value * parts)
    base, margin = (each.base, parts), each.margin * parts
    return replace(each, origin=origin, base=base, offset=each.offset * parts + number, margin=margin, amount=amount)


def _times(count: n.Get, number: int) -> n.Expr:
    return count if number == 1 else n.Binary("*", 64, count, n.Const(32, number))
