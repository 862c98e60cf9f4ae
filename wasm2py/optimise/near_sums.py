"""Accesses use the sum that is nearest below them, if it is known: a view that starts there adds the rest.

::

    q = p + 7                             q = p + 7
    store items[p + 9] = a     becomes    store items[q + 2] = a
    r = p + 10                            r = p + 10, which nothing reads any more
    store items[r] = b                    store items[q + 3] = b

Views start at small offsets only (see :mod:`wasm2py.ir.views`), so what is far from the variable that all are sums of
would cost an addition each.  The oldest variable that is near enough serves for all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection

from wasm2py.ir import nodes as n
from wasm2py.ir.views import VIEWED
from wasm2py.ir.walk import assigned, evaluated, lists
from wasm2py.optimise.addresses import is_pointer

_Sums = dict[n.Variable, tuple[n.Variable, int]]
"""Variables as what they are sums of, which is a variable (at first, themselves) and a constant; the oldest first."""

_MOST_SUMS = 64
"""Sums that are known at one time: each list within another has its own copy."""


def use_near_sums(function: n.Function) -> None:
    """Run the pass."""
    _Lists(function.body).go_through(function.body, {})


class _Lists:
    """The lists of a function, with what is assigned in each.

    Statements are numbered in the order of the text, so that those inside of another are the ones from its number to
    that of its end: no list of them is made for each level of a nest.
    """

    def __init__(self, body: list[n.Stmt]) -> None:
        self.body = body
        self.assignments: dict[n.Variable, list[int]] = {}
        """The numbers of the statements that assign each variable, in order."""
        self.insides: dict[int, tuple[int, int]] = {}
        """The first number inside of each statement that has lists, and the one after the last, by its identity."""
        self.count = 0
        """Of the statements that have been numbered: all or, as long as no sum may have changed, none."""

    def number(self, body: list[n.Stmt]) -> None:
        """Number what is in a list."""
        for s in body:
            for variable in assigned(s):
                self.assignments.setdefault(variable, []).append(self.count)
            self.count += 1
            if inner := lists(s):
                first = self.count
                for each in inner:
                    self.number(each)
                self.insides[id(s)] = (first, self.count)

    def go_through(self, body: list[n.Stmt], sums: _Sums) -> None:
        """Go through a list; ``sums`` is what is known at its start."""
        for s in body:
            if sums:
                for x in evaluated(s):
                    if isinstance(x, n.Load):
                        _access(x, sums)
                if isinstance(s, n.Store):
                    _access(s, sums)
            own = assigned(s)
            if inner := lists(s):
                if not isinstance(s, (n.If, n.Block, n.Switch)):  # what is inside may start after some of it has run
                    self.forget_inside(s, sums)
                for each in inner:
                    started = dict(sums)
                    _forget(own, started)
                    self.go_through(each, started)
                self.forget_inside(s, sums)
            _forget(own, sums)
            if isinstance(s, n.Assign) and is_pointer(s.var):
                _remember(s, sums)

    def forget_inside(self, s: n.Stmt, sums: _Sums) -> None:
        """Variables may have new values that are assigned inside of a statement."""
        if not sums:
            return
        if not self.count:
            self.number(self.body)
        first, end = self.insides[id(s)]

        def changed(variable: n.Variable) -> bool:
            positions = self.assignments.get(variable, ())
            place = bisect_left(positions, first)
            return place < len(positions) and positions[place] < end

        _forget_where(changed, sums)


def _forget(variables: Collection[n.Variable], sums: _Sums) -> None:
    """Variables have new values."""
    if variables and sums:
        _forget_where(set(variables).__contains__, sums)


def _forget_where(changed: Callable[[n.Variable], bool], sums: _Sums) -> None:
    """Forget the sums that a changed variable is part of."""
    for variable in [v for v, (root, _) in sums.items() if changed(v) or changed(root)]:
        del sums[variable]


def _remember(s: n.Assign, sums: _Sums) -> None:
    """A variable has become the sum of another and a constant, exactly."""
    x = s.value
    if not isinstance(x, n.Wrap) or x.mode != n.NOTHING or not isinstance(x.x, n.Binary) or x.x.op != "+":
        return
    a, b = x.x.a, x.x.b
    if isinstance(a, n.Get) and a.var is not s.var and is_pointer(a.var) and isinstance(b, n.Const) and b.value > 0:
        root, distance = sums.setdefault(a.var, (a.var, 0))
        sums[s.var] = (root, distance + b.value)
        while len(sums) > _MOST_SUMS:
            del sums[next(iter(sums))]


def _access(access: n.Load | n.Store, sums: _Sums) -> None:
    """Let an access of an item use the oldest sum that is near enough."""
    wrap = access.address
    if not access.indexed or not isinstance(wrap, n.Wrap) or wrap.mode != n.NOTHING:
        return
    x, more = wrap.x, access.offset
    if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.b, n.Const):
        more += x.b.value
        x = x.a
    if not isinstance(x, n.Get) or x.var not in sums:
        return
    root, distance = sums[x.var]
    for variable, (other, below) in sums.items():
        rest = distance + more - below
        if other is root and 0 <= rest * access.width < VIEWED:
            wrap.x, access.offset = n.Get(variable), rest
            return
