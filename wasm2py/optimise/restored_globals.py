"""A global that gets back the value that it had gets it from a variable, not from a sum that undoes a difference.

::

    p = global 0 - 16                       q = global 0
    global 0 = p                            p = q - 16
    …                             becomes   global 0 = p
    global 0 = u32:mask(p + 16)             …
                                            global 0 = q

Every C function with a frame ends like this, and most of these sums need their wrap: nothing says how deep a stack is.
The sum is the difference undone whatever has been done to either, as both are so modulo a power of two.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, lists

_Difference = tuple[list[n.Stmt], n.Assign, n.GlobalGet, int]
"""The list of an assignment, the assignment, the global that it takes a sum with, and the constant added."""


def restore_globals(function: n.Function) -> None:
    """Run the pass."""
    differences: dict[n.Variable, _Difference | None] = dict.fromkeys(function.params)
    settings: list[n.GlobalSet] = []
    pending = [function.body]
    while pending:
        body = pending.pop()
        for s in body:
            if isinstance(s, n.GlobalSet):
                settings.append(s)
            for variable in assigned(s):
                # of a variable that is assigned once, the assignment has run before any use
                differences[variable] = None if variable in differences else _difference(s, body)
            pending += lists(s)
    kept: dict[n.Variable, n.Variable] = {}
    for setting in settings:
        total = _sum(setting.value)
        found = differences.get(total[0].var) if total and isinstance(total[0], n.Get) else None
        if total and found and not (total[1] + found[3]) % (1 << total[2]):
            setting.value = _value_before(function, found, kept)


def _difference(s: n.Stmt, body: list[n.Stmt]) -> _Difference | None:
    """What a variable is assigned, if it is the sum of a global and a constant."""
    total = _sum(s.value) if isinstance(s, n.Assign) else None
    if total and isinstance(total[0], n.GlobalGet):
        assert isinstance(s, n.Assign)
        return body, s, total[0], total[1]
    return None


def _sum(x: n.Expr) -> tuple[n.Expr, int, int] | None:
    """What a constant is added to or subtracted from, the constant to add, and the number of bits; the form is open."""
    if not isinstance(x, n.Wrap) or not isinstance(x.x, n.Binary) or not isinstance(x.x.b, n.Const):
        return None
    if x.x.op not in "+-":
        return None
    return x.x.a, x.x.b.value if x.x.op == "+" else -x.x.b.value, x.bits


def _value_before(function: n.Function, difference: _Difference, kept: dict[n.Variable, n.Variable]) -> n.Get:
    """The variable that holds the global's value, which is read once."""
    body, s, before, _ = difference
    if s.var not in kept:
        kept[s.var] = function.temporary(before.type)
        body.insert(next(i for i, each in enumerate(body) if each is s), n.Assign(kept[s.var], before))
        assert isinstance(s.value, n.Wrap)
        assert isinstance(s.value.x, n.Binary)
        s.value.x.a = n.Get(kept[s.var])
    return n.Get(kept[s.var])
