"""Assignments of variables that nothing reads any more are left out, such as those of pointers that became indices.

::

    p = i << 2
    q = i             becomes        q = i
    items[q] = 0                     items[q] = 0
"""

from __future__ import annotations

from collections import Counter

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import expressions, lists, operands, statements
from wasm2py.optimise.facts import is_pure, may_divide


def drop_unused(function: n.Function) -> None:
    """Run the pass."""
    reads: Counter[n.Variable] = Counter()
    assignments: dict[n.Variable, list[n.Assign]] = {}
    for s in statements(function.body):
        own = s.var if isinstance(s, n.Assign) and _idle(s.value) else None
        if isinstance(s, n.Assign) and own is not None:
            assignments.setdefault(own, []).append(s)
        reads.update(v for operand in operands(s) for v in _read(operand) if v is not own)
    dropped: set[int] = set()
    pending = list(assignments)
    while pending:
        variable = pending.pop()
        if reads[variable]:
            continue
        for s in assignments.get(variable, ()):
            if id(s) not in dropped:
                dropped.add(id(s))
                for v in _read(s.value):
                    if v is not variable:
                        reads[v] -= 1
                        pending.append(v)
    if dropped:
        _remove(function.body, dropped)


def _read(x: n.Expr) -> list[n.Variable]:
    return [each.var for each in expressions(x) if isinstance(each, n.Get)]


def _idle(x: n.Expr) -> bool:
    """Whether evaluating an expression neither does anything nor traps."""
    return is_pure(x) and not any(isinstance(each, n.Load) or may_divide(each) for each in expressions(x))


def _remove(body: list[n.Stmt], dropped: set[int]) -> None:
    pending = [body]
    while pending:
        body = pending.pop()
        body[:] = [s for s in body if id(s) not in dropped]
        for s in body:
            pending += lists(s)
