"""Pointers that step through arrays become indices of items.

::

    loop                                      q = p >> 2
      s = s + load.i32 p          becomes     loop
      p = p + 4                                 s = s + items[q]
      if p != end: br loop                      q = q + 1
                                                if q != end >> 2: br loop

A cast view is indexed by items, so each aligned access through a byte pointer pays for a shift that costs as much as
the access.  A loop's variables qualify together with those that they are copied to or from in it, where every use in
the loop is an aligned access of one width, a quotient by it, a step by a multiple of it, or an (in)equality with an
aligned value that the loop does not change; and where no use follows behind the loop, or all of them are such uses as
well.  For a few other uses, the index is multiplied back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, lists, operands, parts, replace_operands, replace_parts
from wasm2py.optimise.addresses import address_base, is_pointer, quotient, quotient_of, rescale


def index_by_words(function: n.Function) -> None:
    """Run the pass."""
    uses = _Uses()
    uses.walk_list(function.body)
    _Rewriter(function, uses).lists(function.body, frozenset())


@dataclass(slots=True)
class _Steps:
    """An assignment of a pointer from another by a constant or an unchanging variable."""

    statement: n.Assign
    wrap: n.Wrap
    source: n.Variable
    amount: n.Expr | None
    sign: int


@dataclass(slots=True)
class _Uses:
    """Where each integer variable is used, by position in the text of the function."""

    position: int = 0
    accesses: dict[n.Variable, list[tuple[int, n.Load | n.Store]]] = field(default_factory=dict)
    steps: dict[n.Variable, list[tuple[int, _Steps]]] = field(default_factory=dict)
    """By source; ``targets`` is the same by the variable assigned."""
    targets: dict[n.Variable, list[tuple[int, _Steps | None]]] = field(default_factory=dict)
    tests: dict[n.Variable, list[tuple[int, n.Compare]]] = field(default_factory=dict)
    amounts: dict[n.Variable, list[int]] = field(default_factory=dict)
    """What is added to a pointer."""
    quotients: dict[n.Variable, list[tuple[int, int]]] = field(default_factory=dict)
    """With the width that they are by."""
    others: dict[n.Variable, list[int]] = field(default_factory=dict)
    order: list[n.Stmt] = field(default_factory=list)
    """The statement at each position, from 1 on."""
    spans: dict[n.Loop, tuple[int, int]] = field(default_factory=dict)

    def walk_list(self, body: list[n.Stmt]) -> None:
        for s in body:
            self.position += 1
            self.order.append(s)
            start = self.position
            self.statement(s)
            for inner in lists(s):
                self.walk_list(inner)
            if isinstance(s, n.Loop):
                self.spans[s] = (start, self.position)

    def statement(self, s: n.Stmt) -> None:
        """Note the uses of one statement."""
        if isinstance(s, n.Assign):
            step = _step(s)
            self.targets.setdefault(s.var, []).append((self.position, step))
            if step is not None:
                self.steps.setdefault(step.source, []).append((self.position, step))
                if isinstance(step.amount, n.Get):
                    self.amounts.setdefault(step.amount.var, []).append(self.position)
                return
        else:
            for variable in assigned(s):
                self.targets.setdefault(variable, []).append((self.position, None))
        if isinstance(s, n.Store):
            self.access(s)
            self.expression(s.value)
            return
        for x in operands(s):
            self.expression(x)

    def access(self, x: n.Load | n.Store) -> None:
        """Note the address of a memory access."""
        base = address_base(x.address)
        if base is None or not x.aligned or x.item in "BV" or x.offset % x.width:
            self.expression(x.address)
            return
        variable, amount = base
        self.accesses.setdefault(variable, []).append((self.position, x))
        if isinstance(amount, n.Get):
            self.amounts.setdefault(amount.var, []).append(self.position)

    def expression(self, x: n.Expr) -> None:
        """Note the uses in an expression."""
        if isinstance(x, n.Load):
            self.access(x)
            return
        if (found := quotient_of(x)) is not None:
            self.quotients.setdefault(found[0], []).append((self.position, 1 << found[1]))
            return
        if isinstance(x, n.Get):
            self.others.setdefault(x.var, []).append(self.position)
            return
        if isinstance(x, n.Compare) and x.op in ("==", "!="):
            sides = [_tested(x.a), _tested(x.b)]
            if all(sides):
                for side in sides:
                    if isinstance(side, n.Get):
                        self.tests.setdefault(side.var, []).append((self.position, x))
                return
        for part in parts(x):
            self.expression(part)


def _step(s: n.Assign) -> _Steps | None:
    """An assignment ``v = w``, ``v = w ± constant`` or ``v = w + u`` between unsigned 32-bit variables."""
    wrap = s.value
    if not isinstance(wrap, n.Wrap) or wrap.bits != 32 or not is_pointer(s.var) or wrap.mode == n.WRAP_SIGNED:
        return None
    x: n.Expr = wrap.x
    amount: n.Expr | None = None
    sign = 1
    if isinstance(x, n.Binary) and x.op in "+-" and isinstance(x.a, n.Get) and isinstance(x.b, (n.Const, n.Get)):
        sign = 1 if x.op == "+" else -1
        amount = x.b
        x = x.a
    if not isinstance(x, n.Get) or not is_pointer(x.var):
        return None
    if isinstance(amount, n.Get) and (sign < 0 or not is_pointer(amount.var)):
        return None
    if wrap.mode != n.NOTHING and wrap.span[0] < 0 and wrap.span[1] >= 1 << 32:
        return None
    return _Steps(s, wrap, x.var, amount, sign)


def _tested(side: n.Expr) -> n.Get | n.Const | None:
    """A side of a comparison that is an unwrapped variable or constant."""
    if isinstance(side, n.Wrap) and side.mode == n.NOTHING and isinstance(side.x, (n.Get, n.Const)):
        return side.x
    return None


class _Rewriter:
    """Finds loops from the outside in and rewrites the families of pointers that qualify."""

    def __init__(self, function: n.Function, uses: _Uses) -> None:
        self.function = function
        self.uses = uses
        self.done: set[n.Variable] = set()
        self.budget = LOOKS * uses.position
        """How many more uses may be looked at."""
        self.end = 0
        """The last position at which the pointers at hand are to be replaced: of the loop, or of the function."""

    def lists(self, body: list[n.Stmt], around: frozenset[n.Variable]) -> None:
        """Go through a list; a loop in it gets what must come before it.

        :param around: what the loops around it carry
        """
        position = 0
        while position < len(body):
            s = body[position]
            if isinstance(s, n.Loop):
                before = self.loop(s, around)
                body[position:position] = before
                position += len(before)
                self.lists(s.body, around.union(s.carried))
            else:
                for inner in lists(s):
                    self.lists(inner, around)
            position += 1

    def loop(self, loop: n.Loop, around: frozenset[n.Variable]) -> list[n.Stmt]:
        """Rewrite the families of one loop; returns the statements that set up their indices."""
        before: list[n.Stmt] = []
        for variable in loop.carried:
            if variable in self.done or variable in around or variable not in self.uses.accesses:
                continue
            for end in (self.uses.spans[loop][1], self.uses.position):
                self.end = end
                family = self.family(loop, variable)
                shift = self.shift(loop, family, around) if family else 0
                if shift:
                    before += self.rewrite(loop, family, shift)
                    break
        return before

    def inside(self, loop: n.Loop, position: int) -> bool:
        """Whether a position is in the loop, or in what follows it where the pointers are replaced there too."""
        return self.uses.spans[loop][0] <= position <= self.end

    def changes(self, loop: n.Loop, variable: n.Variable) -> bool:
        """Whether a loop assigns a variable."""
        return any(self.inside(loop, position) for position, _ in self.uses.targets.get(variable, ()))

    def family(self, loop: n.Loop, variable: n.Variable) -> set[n.Variable]:
        """The variables that values of ``variable`` come from or go to in the loop; empty if one does not qualify."""
        family = {variable}
        pending = [variable]
        while pending:
            member = pending.pop()
            self.budget -= len(self.uses.targets.get(member, ())) + len(self.uses.steps.get(member, ()))
            if self.budget < 0:
                return set()
            linked: list[n.Variable] = []
            for position, step in self.uses.targets.get(member, ()):
                if self.inside(loop, position):
                    if step is None:
                        return set()
                    linked.append(step.source)
            for position, step in self.uses.steps.get(member, ()):
                if self.inside(loop, position):
                    linked.append(step.statement.var)
            for other in linked:
                if other not in family:
                    family.add(other)
                    pending.append(other)
        return family if not family & self.done else set()

    def shift(self, loop: n.Loop, family: set[n.Variable], around: frozenset[n.Variable]) -> int:
        """The exponent of the one width of all accesses, 0 if the family does not qualify."""
        uses = self.uses
        start = uses.spans[loop][0]
        widths: set[int] = set()
        others = worth = 0
        carried = set(loop.carried)
        for v in family:
            accesses = uses.accesses.get(v, [])
            quotients = uses.quotients.get(v, [])
            places = [p for p, _ in accesses] + [p for p, _ in quotients] + [p for p, _ in uses.steps.get(v, ())]
            places += [p for p, _ in uses.tests.get(v, ())] + uses.others.get(v, [])
            places += uses.amounts.get(v, [])
            if any(p > self.end for p in places) or any(start <= p for p in uses.amounts.get(v, ())):
                return 0
            others += sum(start <= p for p in uses.others.get(v, ()))
            if v in around:
                return 0
            if v not in carried and not self.changes(loop, v):
                return 0
            widths |= {x.width for p, x in accesses if p >= start} | {width for p, width in quotients if p >= start}
            worth += sum(p >= start for p, _ in accesses) + sum(p >= start for p, _ in quotients)
            if v in carried and not any(p >= start for p, _ in accesses):
                return 0  # its alignment is known from an access only
        if len(widths) != 1 or others * OTHERS > worth:
            return 0
        width = widths.pop()
        for v in family:
            if not self.fits(loop, v, width):
                return 0
        return width.bit_length() - 1

    def fits(self, loop: n.Loop, v: n.Variable, width: int) -> bool:
        """Whether all steps, accesses and tests of a member keep to multiples of the width."""
        uses = self.uses
        amounts: list[n.Expr | None] = []
        for position, step in uses.targets.get(v, ()):
            if self.inside(loop, position):
                assert step is not None
                amounts.append(step.amount)
        for position, x in uses.accesses.get(v, ()):
            if self.inside(loop, position):
                base = address_base(x.address)
                assert base is not None
                amounts.append(base[1])
        for amount in amounts:
            if isinstance(amount, n.Const) and amount.value % width:
                return False
            if isinstance(amount, n.Get) and self.changes(loop, amount.var):
                return False
        for position, test in uses.tests.get(v, ()):
            if self.inside(loop, position) and not self.fits_test(loop, v, test, width):
                return False
        return True

    def fits_test(self, loop: n.Loop, v: n.Variable, test: n.Compare, width: int) -> bool:
        """Whether a comparison is with an aligned value that the loop does not change."""
        for side, known in zip((test.a, test.b), test.ranges, strict=True):
            x = _tested(side)
            if isinstance(x, n.Get) and x.var is v:
                continue
            if known is None or known[2] < width.bit_length() - 1 or known[0] < 0:
                return False
            if isinstance(x, n.Get) and self.changes(loop, x.var):
                return False
        return True

    # -------------------------------------------------------------------------------------------------------- rewriting

    def rewrite(self, loop: n.Loop, family: set[n.Variable], shift: int) -> list[n.Stmt]:
        """Replace the pointers of a family by indices."""
        before: list[n.Stmt] = []
        indices: dict[n.Variable, n.Variable] = {}
        for v in sorted(family, key=lambda v: v.index):
            indices[v] = index = self.function.temporary()
            if v in loop.carried:
                before.append(n.Assign(index, quotient(v, shift)))
        scale = _Scale(self.function, shift, indices, before)
        for v in indices:
            self.rewrite_uses(loop, v, scale)
        self.rewrite_others(loop, scale)
        self.done |= family
        for other, (start, _) in self.uses.spans.items():
            if self.inside(loop, start):
                other.carried = [indices.get(v, v) for v in other.carried]
        return before

    def rewrite_uses(self, loop: n.Loop, v: n.Variable, scale: _Scale) -> None:
        """Rewrite the accesses, steps and tests of one member."""
        uses = self.uses
        for position, access in uses.accesses.get(v, ()):
            base = address_base(access.address)
            if self.inside(loop, position) and base is not None:
                scale.wrap(access.address, v, base[1], 1)
                access.indexed = True
                access.offset >>= scale.shift
        for position, step in uses.targets.get(v, ()):
            if self.inside(loop, position) and step is not None:
                scale.wrap(step.wrap, step.source, step.amount, step.sign)
                step.statement.var = scale.indices[v]
        for position, test in uses.tests.get(v, ()):
            if self.inside(loop, position):
                for side in (test.a, test.b):
                    x = _tested(side)
                    if isinstance(side, n.Wrap) and x is not None:
                        mine = isinstance(x, n.Get) and x.var is v
                        side.x = n.Get(scale.indices[v]) if mine else scale.amount(x)

    def rewrite_others(self, loop: n.Loop, scale: _Scale) -> None:
        """Multiply indices back where the pointers themselves are used, but not where quotients are."""

        def change(x: n.Expr) -> n.Expr:
            if (found := quotient_of(x)) is not None and found[0] in scale.indices:
                return n.Get(scale.indices[found[0]])
            if isinstance(x, n.Get) and x.var in scale.indices:
                return n.Binary("<<", 32, n.Get(scale.indices[x.var]), n.Const(32, scale.shift))
            replace_parts(x, change)
            return x

        positions = {p for v in scale.indices for p in self.uses.others.get(v, ())}
        positions |= {p for v in scale.indices for p, _ in self.uses.quotients.get(v, ())}
        for position in sorted(p for p in positions if self.inside(loop, p)):
            replace_operands(self.uses.order[position - 1], change)


OTHERS = 4
"""How many accesses it takes to make up for a use of the pointer itself."""

LOOKS = 200
"""How often each statement is looked at, on average, before the rest of a function stays as it is."""


class _Scale:
    """From bytes to items, for one family.

    :ivar indices: by pointer, the variable that counts items instead
    :ivar before: statements to run before the loop
    """

    def __init__(
        self, function: n.Function, shift: int, indices: dict[n.Variable, n.Variable], before: list[n.Stmt]
    ) -> None:
        self.function = function
        self.shift = shift
        self.indices = indices
        self.before = before
        self.shared: dict[n.Variable, n.Variable] = {}

    def amount(self, x: n.Expr) -> n.Expr:
        """A constant, or a variable that the loop does not change, in items."""
        if isinstance(x, n.Const):
            return n.Const(32, x.value >> self.shift)
        assert isinstance(x, n.Get)
        if x.var not in self.shared:
            self.shared[x.var] = self.function.temporary()
            self.before.append(n.Assign(self.shared[x.var], quotient(x.var, self.shift)))
        return n.Get(self.shared[x.var])

    def wrap(self, wrap: n.Expr, source: n.Variable, amount: n.Expr | None, sign: int) -> None:
        """Make a wrapped address, or a wrapped step, one in items."""
        assert isinstance(wrap, n.Wrap)
        x: n.Expr = n.Get(self.indices[source])
        if amount is not None:
            x = n.Binary("+" if sign > 0 else "-", 32, x, self.amount(amount))
        rescale(wrap, x, self.shift)
