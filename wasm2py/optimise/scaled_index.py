"""Pointers that are made as multiples of an item's size become the indices that they are multiples of.

::

    p = i << 2                        q = i & 0x3FFFFFFF
    r = p + 64            becomes     s = q + 16
    v = load.i32 p                    v = items[q]
    store.i32 r = v + 1               items[s] = v + 1

Where ``word-index`` divides a pointer that enters a loop, here nothing is left to divide.  Variables qualify together
with those that they are made from or that are made from them, if all that is assigned to them consists of multiples,
and if their uses are aligned accesses of one width, quotients and tests for being a certain multiple, such as zero.
For a few other uses, the index is multiplied back.

A parameter that is never assigned may be a term, too: it is divided once, where the function begins.  Nothing says that
it is a multiple, so that there the pointer itself cannot be told from the index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, operands, parts, replace_operands, replace_parts, statements
from wasm2py.optimise.addresses import is_pointer, quotient, rescale
from wasm2py.optimise.facts import bare

OTHERS = 4
"""How many accesses it takes to make up for a use of the pointer itself."""


def index_by_scale(function: n.Function) -> None:
    """Run the pass."""
    changing = {v for s in statements(function.body) for v in assigned(s)}
    uses = _Uses({v for v in function.params if is_pointer(v) and v not in changing}, set(function.params))
    for s in statements(function.body):
        uses.statement(s)
    indices: dict[n.Variable, tuple[n.Variable, int]] = {}
    quotients: dict[n.Variable, tuple[n.Variable, int]] = {}
    for family in uses.families():
        bases = {base for v in family for base in uses.bases_of.get(v, ())}
        shift = uses.shift(family, bases)
        if shift and all(quotients.get(base, ("", shift))[1] == shift for base in bases):
            for v in sorted(family, key=lambda v: v.index):
                indices[v] = (function.temporary(), shift)
            for v in sorted(bases - quotients.keys(), key=lambda v: v.index):
                quotients[v] = (function.temporary(), shift)
    if indices:
        rewriter = _Rewriter(indices, quotients)
        for s in statements(function.body):
            rewriter.statement(s)
    function.body[:0] = [n.Assign(made, quotient(base, shift)) for base, (made, shift) in quotients.items()]


# --------------------------------------------------------------------------------------------------------- candidates


@dataclass(slots=True)
class _Uses:
    """Where pointers are assigned and used.

    :ivar bases: parameters that are never assigned, by which nothing is linked
    :ivar broken: variables that are assigned something else than multiples, or in another way
    :ivar values: what is assigned to each of the others
    :ivar links: pairs of variables of which one is made from the other
    :ivar widths: of the accesses through each variable, and of those that its quotients serve
    :ivar others: uses that need the pointer itself
    :ivar tests: the numbers that it is compared with, by uses that tell only whether it is the same
    :ivar bases_of: the bases that each variable is made from
    """

    bases: set[n.Variable]
    broken: set[n.Variable]
    values: dict[n.Variable, list[n.Expr]] = field(default_factory=dict)
    links: dict[n.Variable, set[n.Variable]] = field(default_factory=dict)
    widths: dict[n.Variable, Counter[int]] = field(default_factory=dict)
    others: Counter[n.Variable] = field(default_factory=Counter)
    tests: dict[n.Variable, list[int]] = field(default_factory=dict)
    bases_of: dict[n.Variable, set[n.Variable]] = field(default_factory=dict)

    def statement(self, s: n.Stmt) -> None:
        """Note what one statement assigns and uses."""
        if isinstance(s, n.Assign) and is_pointer(s.var):
            self.values.setdefault(s.var, []).append(s.value)
            self.link(s.value, s.var)
            return
        self.broken.update(assigned(s))
        if isinstance(s, n.Store):
            self.access(s)
            self.expression(s.value)
            return
        for x in operands(s):
            self.expression(x)

    def link(self, x: n.Expr, target: n.Variable) -> None:
        """Note the pointers that a value is made from by addition, and its other uses."""
        if isinstance(x, n.Get) and x.var in self.bases:
            self.bases_of.setdefault(target, set()).add(x.var)
        elif isinstance(x, n.Get) and is_pointer(x.var):
            self.links.setdefault(x.var, set()).add(target)
            self.links.setdefault(target, set()).add(x.var)
        elif isinstance(x, n.Wrap) or (isinstance(x, n.Binary) and x.op in "+-"):
            for part in parts(x):
                self.link(part, target)
        elif isinstance(x, n.Select):
            self.expression(x.condition)
            self.link(x.a, target)
            self.link(x.b, target)
        else:
            self.expression(x)

    def access(self, x: n.Load | n.Store) -> None:
        """Note the address of a memory access."""
        pointers = address_pointers(x)
        if not pointers:
            self.expression(x.address)
            return
        self.widths.setdefault(pointers[0], Counter())[x.width] += 1
        self.link(x.address, pointers[0])

    def expression(self, x: n.Expr) -> None:
        """Note the uses in an expression."""
        if isinstance(x, n.Load):
            self.access(x)
        elif isinstance(x, n.Get):
            self.others[x.var] += 1
        elif isinstance(x, n.Binary) and isinstance(x.a, n.Get) and _is_quotient(x):
            self.widths.setdefault(x.a.var, Counter())[_divisor(x)] += 1
        elif isinstance(x, n.Wrap) and isinstance(x.x, n.Get) and x.form == "t":
            self.tests.setdefault(x.x.var, []).append(0)
        elif (test := _test(x)) is not None:
            self.tests.setdefault(test[0].var, []).append(test[1].value)
        else:
            for part in parts(x):
                self.expression(part)

    def families(self) -> list[set[n.Variable]]:
        """Variables that are made from each other, where none of them is broken."""
        seen: set[n.Variable] = set()
        found: list[set[n.Variable]] = []
        for first in self.values:
            if first in seen:
                continue
            family: set[n.Variable] = set()
            pending = [first]
            while pending:
                v = pending.pop()
                if v not in family:
                    family.add(v)
                    pending += self.links.get(v, ())
            seen |= family
            if family.isdisjoint(self.broken):
                found.append(family)
        return found

    def shift(self, family: set[n.Variable], bases: set[n.Variable]) -> int:
        """The exponent of the width that most accesses have; 0 if the family does not qualify."""
        widths: Counter[int] = Counter()
        for v in family:
            widths += self.widths.get(v, Counter())
        if not widths:
            return 0
        width, worth = widths.most_common(1)[0]
        others = sum(widths.values()) - worth + sum(self.others[v] for v in family)
        shift = width.bit_length() - 1
        if others * OTHERS > worth or any(v not in self.values for v in family):
            return 0
        if any(number & width - 1 for v in family for number in self.tests.get(v, ())):
            return 0
        if bases and (others or any(v in self.tests or max(map(_anchors, self.values[v])) > 1 for v in family)):
            return 0
        trial = {v: (v, shift) for v in family | bases}
        return shift if all(scaled(x, shift, trial) for v in family for x in self.values[v]) else 0


def address_pointers(x: n.Load | n.Store) -> list[n.Variable]:
    """The pointers that the address of an access is made from, if it can become an index; else none."""
    address = x.address
    if not x.aligned or x.indexed or x.item in "BV" or x.offset % x.width:
        return []
    if not isinstance(address, n.Wrap) or address.bits != 32 or address.mode == n.WRAP_SIGNED:
        return []
    if _anchors(address) != 1:
        return []
    pointers = list(_pointers(address))
    shift = x.width.bit_length() - 1
    return pointers if scaled(address.x, shift, {v: (v, shift) for v in pointers}) is not None else []


def _anchors(x: n.Expr) -> int:
    """How many pointers a sum has, where one that is subtracted counts as several.

    The quotient of a sum is that of its terms where at most one of them may be something else than a multiple.
    """
    if isinstance(x, n.Get):
        return is_pointer(x.var)
    if isinstance(x, n.Wrap):
        return _anchors(x.x)
    if isinstance(x, n.Select):
        return max(_anchors(x.a), _anchors(x.b))
    if isinstance(x, n.Binary) and x.op in "+-":
        return _anchors(x.a) + _anchors(x.b) * (1 if x.op == "+" else 2)
    return 0


def _pointers(x: n.Expr) -> Iterator[n.Variable]:
    """The variables that a sum or a choice is made from."""
    if isinstance(x, n.Get):
        if is_pointer(x.var):
            yield x.var
    elif isinstance(x, n.Wrap):
        yield from _pointers(x.x)
    elif isinstance(x, n.Select) or (isinstance(x, n.Binary) and x.op in "+-"):
        yield from _pointers(x.a)
        yield from _pointers(x.b)


def _is_quotient(x: n.Expr) -> bool:
    return isinstance(x, n.Binary) and isinstance(x.a, n.Get) and _divisor(x) in (2, 4, 8)


def _test(x: n.Expr) -> tuple[n.Get, n.Const] | None:
    """The variable and the constant of an expression that tells whether they are the same."""
    if not isinstance(x, n.Compare) or x.op not in ("==", "!="):
        return None
    a, b = bare(x.a), bare(x.b)
    if not isinstance(a, n.Get) or not is_pointer(a.var) or not isinstance(b, n.Const) or not 0 <= b.value < 1 << 32:
        return None
    return a, b


def _divisor(x: n.Binary) -> int:
    return 1 << x.b.value if x.op == ">>" and isinstance(x.b, n.Const) and x.b.value < 4 else 0


# ------------------------------------------------------------------------------------------------------------ quotients


def scaled(x: n.Expr, shift: int, indices: dict[n.Variable, tuple[n.Variable, int]]) -> n.Expr | None:
    """``x >> shift`` for what is made of multiples of ``1 << shift``, else ``None``; nothing of ``x`` is changed.

    :param indices: pointers that are multiples, with their quotients
    """
    if isinstance(x, n.Const):
        return None if x.value & (1 << shift) - 1 else n.Const(32, x.value >> shift)
    if isinstance(x, n.Get):
        return n.Get(indices[x.var][0]) if x.var in indices and indices[x.var][1] == shift else None
    if isinstance(x, n.Wrap):
        return _scaled_wrap(x, shift, indices)
    if isinstance(x, n.Select):
        a, b = scaled(x.a, shift, indices), scaled(x.b, shift, indices)
        return None if a is None or b is None else n.Select(x.condition, a, b)
    if not isinstance(x, n.Binary):
        return None
    if x.op in "+-":
        a, b = scaled(x.a, shift, indices), scaled(x.b, shift, indices)
        return None if a is None or b is None else n.Binary(x.op, 32, a, b)
    return _scaled_product(x, shift) if isinstance(x.b, n.Const) else None


def _scaled_wrap(x: n.Wrap, shift: int, indices: dict[n.Variable, tuple[n.Variable, int]]) -> n.Expr | None:
    inner = scaled(x.x, shift, indices)
    if inner is None or x.form == "m":
        return inner
    if x.bits != 32 or x.mode not in (n.NOTHING, n.MASK, n.TO_UNSIGNED):
        return None
    made = n.Wrap(32 - shift, "u", inner, x.mode)
    made.span = (x.span[0] >> shift, x.span[1] >> shift)
    return made


def _scaled_product(x: n.Binary, shift: int) -> n.Expr | None:
    """The same of a product with a constant, or of what a mask or shift has made a multiple."""
    assert isinstance(x.b, n.Const)
    value = x.b.value
    if x.op == "<<" and value >= shift:
        return n.Binary("<<", 32, x.a, n.Const(32, value - shift)) if value > shift else x.a
    if value & (1 << shift) - 1:
        return None
    if x.op == "*":
        return n.Binary("*", 32, x.a, n.Const(32, value >> shift)) if value >> shift != 1 else x.a
    a = x.a.x if isinstance(x.a, n.Wrap) and x.a.mode == n.NOTHING else x.a
    if x.op == "&" and isinstance(a, n.Binary) and a.op == ">>" and isinstance(a.b, n.Const):
        return n.Binary("&", 32, n.Binary(">>", 32, a.a, n.Const(32, a.b.value + shift)), n.Const(32, value >> shift))
    return None


# ------------------------------------------------------------------------------------------------------------ rewriting


class _Rewriter:
    """Puts indices in the place of pointers."""

    def __init__(
        self,
        indices: dict[n.Variable, tuple[n.Variable, int]],
        quotients: dict[n.Variable, tuple[n.Variable, int]],
    ) -> None:
        self.indices = indices
        self.terms = indices | quotients

    def statement(self, s: n.Stmt) -> None:
        """Rewrite one statement."""
        if isinstance(s, n.Loop):
            s.carried = [self.indices[v][0] if v in self.indices else v for v in s.carried]
        if isinstance(s, n.Assign) and s.var in self.indices:
            s.var, shift = self.indices[s.var]
            value = scaled(s.value, shift, self.terms)
            assert value is not None
            s.value = value
        if isinstance(s, n.Store):
            self.access(s)
        replace_operands(s, self.expression)

    def expression(self, x: n.Expr) -> n.Expr:
        """What becomes of an expression."""
        if isinstance(x, n.Get) and x.var in self.indices:
            index, shift = self.indices[x.var]
            return n.Binary("<<", 32, n.Get(index), n.Const(32, shift))
        if _is_quotient(x) and isinstance(x, n.Binary) and isinstance(x.a, n.Get) and x.a.var in self.indices:
            assert isinstance(x.b, n.Const)
            index, shift = self.indices[x.a.var]
            rest = x.b.value - shift
            if rest == 0:
                return n.Get(index)
            return n.Binary(">>" if rest > 0 else "<<", 32, n.Get(index), n.Const(32, abs(rest)))
        if isinstance(x, n.Wrap) and x.form == "t" and isinstance(x.x, n.Get) and x.x.var in self.indices:
            x.x = n.Get(self.indices[x.x.var][0])
            return x
        if (test := _test(x)) is not None and test[0].var in self.indices:
            index, shift = self.indices[test[0].var]
            assert isinstance(x, n.Compare)
            x.a, x.b = n.Get(index), n.Const(32, test[1].value >> shift)
            return x
        if isinstance(x, n.Load):
            self.access(x)
        replace_parts(x, self.expression)
        return x

    def access(self, x: n.Load | n.Store) -> None:
        """Let an access use the index, if its pointer has one of its width."""
        pointers = address_pointers(x)
        shift = x.width.bit_length() - 1
        if self.indices.keys().isdisjoint(pointers) or any(self.terms.get(v, ("", 0))[1] != shift for v in pointers):
            return
        assert isinstance(x.address, n.Wrap)
        inner = scaled(x.address.x, shift, self.terms)
        assert inner is not None
        rescale(x.address, inner, shift)
        x.indexed = True
        x.offset >>= shift
