"""What was loaded from or stored to a place is not loaded from there again, as long as nothing may have changed it.

::

    store.I [p + 8] = a                     store.I [p + 8] = a
    if load.I [p + 8] < load.I [p + 4]      t = load.I [p + 4]
      b = load.I [p + 4]           becomes  if a < t
                                              b = t

Compilers that do not optimise keep all variables in memory: it is what a debug build does most of the time.  Others
have done the same before, and know more.

Only a load that has succeeded, or a store, vouches for a place, so nothing traps later than it did.  Loops start with
nothing known.  Where several threads may run, memory is left alone.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, operands, parts, replace_operands, replace_parts
from wasm2py.optimise.contents import (
    Contents,
    Fact,
    Key,
    form,
    join,
    overwrite,
    place_of,
    reassign,
    remember,
)
from wasm2py.optimise.facts import bare, is_pure, may_divide
from wasm2py.wasm.types import F32

WORTH = 16
"""Of so many loads of a function, one has to be repeated: each variable that keeps a value makes each call longer."""


def forward_loads(function: n.Function) -> None:
    """Run the pass."""
    if function.shared:
        return
    search = _Search()
    search.follow(function.body, {})
    if len(search.known) * WORTH >= search.loads:
        for variable in search.kept.values():
            function.adopt(variable)
        for body in {id(body): body for body in search.changed.values()}.values():
            search.rewrite(body)


class _Search:
    """Goes over a function in the order of execution, and then changes it."""

    def __init__(self) -> None:
        self.contents: Contents | None = {}
        self.labels: dict[n.Label, Contents | None] = {}
        """What is known where branches arrive."""
        self.involved: set[n.Variable | None] = set()
        """Variables that there are, or were, facts about."""
        self.statement: n.Stmt = n.Unreachable()
        self.body: list[n.Stmt] = []
        self.loads = 0
        """How many loads there are."""
        self.known: dict[int, n.Variable | n.Const] = {}
        """By identity of loads, what takes their place."""
        self.kept: dict[int, n.Variable] = {}
        """By identity of accesses, the variable that their value is kept in from now on."""
        self.changed: dict[int, list[n.Stmt]] = {}
        """By identity of statements that change, the lists that they are in."""
        self.movable: dict[int, bool] = {}

    # ------------------------------------------------------------------------------------------------------ statements

    def follow(self, body: list[n.Stmt], contents: Contents | None) -> None:
        """Go over a list; ``contents`` is what is known at its start."""
        self.contents = contents
        for s in body:
            if self.contents is None:
                return
            self.statement, self.body = s, body
            for x in operands(s):
                if x.fx & n.READS_MEMORY:
                    self.expression(x, always=True)
            if s.__class__ is n.Assign:
                self.assign(s, self.contents)
            elif s.__class__ is n.Store:
                self.store(s, self.contents)
            elif s.__class__ in _ENDS:
                self.contents = None
            else:
                self.other(s, self.contents)

    def other(self, s: n.Stmt, contents: Contents) -> None:
        """The effects of statements that are neither assignments nor stores."""
        if isinstance(s, n.If):
            before = contents.copy()
            self.follow(s.then, contents)
            after = self.contents
            self.follow(s.orelse, before)
            self.contents = join(after, self.contents)
        elif isinstance(s, n.Block):
            self.follow(s.body, contents)
            if s.label in self.labels:
                self.contents = join(self.contents, self.labels[s.label])
        elif isinstance(s, n.Br):
            if s.label.kind != "loop":
                self.labels[s.label] = join(self.labels.get(s.label), contents)
            self.contents = None
        elif isinstance(s, n.Loop):
            self.follow(s.body, {})
            self.contents = None
        elif isinstance(s, n.Switch):
            for arm in s.arms:
                self.follow(arm, contents.copy())
            self.contents = None
        elif isinstance(s, n.Try):
            self.follow(s.body, contents)
            after = self.contents
            self.follow(s.handler, {})
            self.contents = join(after, self.contents)
        elif isinstance(s, n.Call) or (isinstance(s, n.Eval) and _writes(s.value)):
            contents.clear()
        else:
            for variable in assigned(s):
                if variable in self.involved:
                    reassign(contents, variable)

    def assign(self, s: n.Assign, contents: Contents) -> None:
        """A variable gets a value; if that was loaded, it holds what is at the place from now on."""
        if s.var in self.involved:
            reassign(contents, s.var)
        x = bare(s.value)
        if x.__class__ is n.Load:
            if contents and s.var.type is x.type and not s.var.modular:
                last = next(reversed(contents.values()))
                if last.access is x:
                    last.value = s.var
                    self.involved.add(s.var)
        elif contents and _writes(x):
            contents.clear()

    def store(self, s: n.Store, contents: Contents) -> None:
        """A store changes what it may reach, and shows what is there then."""
        place = place_of(s)
        overwrite(contents, place, s.width)
        if place is None or not place.exact:
            return
        x = bare(s.value)
        if isinstance(x, n.Get):
            value: n.Variable | n.Const | None = None if x.var.modular else x.var
        else:
            value = x if isinstance(x, n.Const) else self.known.get(id(x))
        if isinstance(value, n.Variable):
            self.involved.add(value)
        self.learn(contents, (place.base, place.distance, s.width), Fact(place, _modulus(s), s, value, s, self.body))

    def learn(self, contents: Contents, key: Key, fact: Fact) -> None:
        """Add a fact."""
        self.involved.add(fact.place.base[1])
        remember(contents, key, fact)

    # ----------------------------------------------------------------------------------------------------- expressions

    def expression(self, x: n.Expr, *, always: bool) -> None:
        """Go over an expression; ``always`` if it is evaluated whenever the statement runs."""
        if isinstance(x, n.Load):
            if x.address.fx & n.READS_MEMORY:
                self.expression(x.address, always=always)
            self.load(x, always=always)
            return
        if isinstance(x, (n.Select, n.Logic)):
            first, *rest = parts(x)
            self.expression(first, always=always)
            for part in rest:
                self.expression(part, always=False)
            return
        for part in parts(x):
            if part.fx & n.READS_MEMORY:
                self.expression(part, always=always)

    def load(self, x: n.Load, *, always: bool) -> None:
        """Use what is known, or learn."""
        self.loads += 1
        place = place_of(x)
        contents = self.contents
        if place is None or not place.exact or contents is None or (x.item in "BHIQ" and not n.is_int(x.type)):
            return
        key = (place.base, place.distance, form(x))
        fact = contents.get(key)
        if fact is None:
            fact = contents.get((place.base, place.distance, x.width))
            if fact is not None and not _gives(fact, x):
                fact = None
        if fact is not None and (fact.value is not None or self.keep(fact, x)):
            assert fact.value is not None
            self.known[id(x)] = fact.value if isinstance(fact.value, n.Variable) else _as_loaded(fact.value, x)
            self.changed[id(self.statement)] = self.body
        elif always:
            self.learn(contents, key, Fact(place, _modulus(x), x, None, self.statement, self.body))

    def keep(self, fact: Fact, load: n.Load) -> bool:
        """Give what an access loads or stores a variable, if it may be evaluated before the rest of its statement."""
        s = fact.statement
        if id(s) not in self.movable:
            self.movable[id(s)] = all(
                is_pure(x) and not any(may_divide(each) for each in expressions(x)) for x in operands(s)
            )
        if not self.movable[id(s)]:
            return False
        fact.value = variable = n.Variable(0, load.type, None)
        variable.signed, variable.exact, variable.noisy = load.signed, load.exact, load.type is F32
        self.kept[id(fact.access)] = variable
        self.changed[id(s)] = fact.body
        return True

    # ------------------------------------------------------------------------------------------------------- rewriting

    def rewrite(self, body: list[n.Stmt]) -> None:
        """Change the statements of a list."""
        made: list[n.Stmt] = []

        def change(x: n.Expr) -> n.Expr:
            if id(x) in self.known:
                return _use(self.known[id(x)], x)
            replace_parts(x, change)
            if id(x) in self.kept:
                made.append(n.Assign(self.kept[id(x)], x))
                return _use(self.kept[id(x)], x)
            return x

        for s in body:
            if id(s) in self.changed:
                replace_operands(s, change)
                if isinstance(s, n.Store) and id(s) in self.kept:
                    made.append(n.Assign(self.kept[id(s)], s.value))
                    s.value = _use(self.kept[id(s)], s.value)
            made.append(s)
        body[:] = made


_ENDS = frozenset((n.Return, n.Unreachable, n.TailCall, n.Throw, n.ThrowRef, n.Reraise))


def _use(value: n.Variable | n.Const, instead: n.Expr) -> n.Expr:
    """The expression that takes the place of another."""
    made = n.Get(value) if isinstance(value, n.Variable) else n.Const(value.bits, value.value)
    made.type = instead.type
    return made


def _modulus(access: n.Load | n.Store) -> int:
    assert isinstance(access.address, n.Wrap)
    return 1 << access.address.bits


def _writes(x: n.Expr) -> bool:
    """Whether an expression may change what is in a memory."""
    x = bare(x)
    if isinstance(x, n.Method):
        return x.target.kind == "memory" and x.name not in ("size", "grow")
    return isinstance(x, n.Apply) and any(isinstance(arg, n.ObjectRef) for arg in x.args)


def _gives(fact: Fact, load: n.Load) -> bool:
    """Whether a load gives the very value that was stored."""
    s = fact.access
    assert isinstance(s, n.Store)
    if s.item != load.item or s.value.type is not load.type or s.exact or load.exact:
        return False
    if load.item in "BHIQ":
        low, high = _limits(load)
        return isinstance(fact.value, n.Const) or (low <= s.span[0] and s.span[1] <= high)
    if load.type is F32 and isinstance(fact.value, n.Variable):
        return not fact.value.noisy and not fact.value.exact
    return True


def _limits(load: n.Load) -> tuple[int, int]:
    """Smallest and largest integer that a load gives."""
    modulus = 1 << 8 * load.width
    return (-modulus >> 1, (modulus >> 1) - 1) if load.signed else (0, modulus - 1)


def _as_loaded(stored: n.Const, load: n.Load) -> n.Const:
    """What a load gives of a constant."""
    low, high = _limits(load)
    return n.Const(stored.bits, (stored.value - low) % (high - low + 1) + low)
