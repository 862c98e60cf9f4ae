"""What is rounded to f32 need not go by way of variables.

::

    x = round f32 (a + b)        becomes        store.f p = a + b
    store.f p = x

    x = round f32 (a + b)        becomes        rounded = round f32 (a + b)
    y = round f32 (x * c)                       y = round f32 (rounded * c)

A store rounds by itself.  What is used once, by the next statement, is taken from where rounding has left it.
"""

from __future__ import annotations

from collections import Counter

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import lists, operands, reads, replace_operands, replace_parts, uses


def round_by_store(function: n.Function) -> None:
    """Run the pass that leaves rounding to stores."""
    for body, position, variable in _used_next(function):
        s, before = body[position + 1], body[position]
        assert isinstance(before, n.Round)
        if isinstance(s, n.Store) and s.item == "f" and not s.exact and _is_value(s.value, variable):
            s.value = before.value
            del body[position]


def round_in_place(function: n.Function) -> None:
    """Run the pass that uses what has been rounded where it is; another thread might round there meanwhile."""
    if function.shared:
        return
    for body, position, variable in _used_next(function):
        s, before = body[position + 1], body[position]
        assert isinstance(before, n.Round)
        if isinstance(s, (n.Assign, n.Round, n.Store, n.Return)):
            _take(s, variable)
            before.var = None


def _used_next(function: n.Function) -> list[tuple[list[n.Stmt], int, n.Variable]]:
    """Where variables are rounded that are used by nothing but the next statement, once; the last ones first."""
    found: list[tuple[list[n.Stmt], int, n.Variable]] = []
    pending = [function.body]
    while pending:
        body = pending.pop()
        for position in range(len(body) - 2, -1, -1):
            s = body[position]
            if isinstance(s, n.Round) and s.var is not None and reads(operands(body[position + 1]))[s.var] == 1:
                found.append((body, position, s.var))
        for s in body:
            pending += lists(s)
    if not found:
        return []
    used, next_ = uses(function.body), Counter(variable for _, _, variable in found)
    return [each for each in found if used[each[2]] == next_[each[2]]]


def _is_value(x: n.Expr, variable: n.Variable) -> bool:
    return isinstance(x, n.Get) and x.var is variable


def _take(s: n.Stmt, variable: n.Variable) -> None:
    """Use what was rounded last instead of a variable."""

    def change(x: n.Expr) -> n.Expr:
        replace_parts(x, change)
        if not _is_value(x, variable):
            return x
        made = n.Rounded()
        made.type = x.type
        return made

    replace_operands(s, change)
