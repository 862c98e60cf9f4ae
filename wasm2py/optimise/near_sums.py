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

from wasm2py.ir import nodes as n
from wasm2py.ir.views import VIEWED
from wasm2py.ir.walk import assigned, expressions, lists, operands, statements
from wasm2py.optimise.addresses import is_pointer

_Sums = dict[n.Variable, tuple[n.Variable, int]]
"""Variables as what they are sums of, which is a variable (at first, themselves) and a constant; the oldest first."""


def use_near_sums(function: n.Function) -> None:
    """Run the pass."""
    _list(function.body, {})


def _list(body: list[n.Stmt], sums: _Sums) -> None:
    """Go through a list; ``sums`` is what is known at its start."""
    for s in body:
        for operand in operands(s):
            for x in expressions(operand):
                if isinstance(x, n.Load):
                    _access(x, sums)
        if isinstance(s, n.Store):
            _access(s, sums)
        inside = [variable for inner in lists(s) for each in statements(inner) for variable in assigned(each)]
        if not isinstance(s, (n.If, n.Block, n.Switch)):  # what is inside may start after some of it has run
            _forget(sums, inside)
        for inner in lists(s):
            started = dict(sums)
            _forget(started, assigned(s))
            _list(inner, started)
        _forget(sums, [*inside, *assigned(s)])
        if isinstance(s, n.Assign) and is_pointer(s.var):
            _remember(s, sums)


def _forget(sums: _Sums, variables: list[n.Variable]) -> None:
    """Variables have new values."""
    if variables:
        changed = set(variables)
        for variable in [v for v, (root, _) in sums.items() if v in changed or root in changed]:
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
