"""Assignments of variables that nothing reads any more are left out, such as those of pointers that became indices.

::

    p = i << 2
    q = i             becomes        q = i
    items[q] = 0                     items[q] = 0
"""

from __future__ import annotations

from collections import Counter

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import expressions, lists, operands, read, statements
from wasm2py.optimise.facts import is_pure, may_divide


def drop_unused(function: n.Function) -> None:
    """Run the pass."""
    found: list[n.Variable] = []
    assignments: dict[n.Variable, list[n.Assign]] = {}
    for s in statements(function.body):
        variables = read(operands(s))
        if isinstance(s, n.Assign):
            assignments.setdefault(s.var, []).append(s)
            if s.var in variables and _idle(s.value):
                variables = [v for v in variables if v is not s.var]
        found += variables
    reads = Counter(found)
    dropped: set[int] = set()
    pending = [variable for variable in assignments if variable not in reads]
    while pending:
        variable = pending.pop()
        if reads[variable]:
            continue
        for s in assignments.pop(variable, ()):
            if _idle(s.value):
                dropped.add(id(s))
                for v in read([s.value]):
                    if v is not variable:
                        reads[v] -= 1
                        pending.append(v)
    if dropped:
        _remove(function.body, dropped)


def _idle(x: n.Expr) -> bool:
    """Whether evaluating an expression neither does anything nor traps."""
    return is_pure(x) and not any(each.__class__ is n.Load or may_divide(each) for each in expressions(x))


def _remove(body: list[n.Stmt], dropped: set[int]) -> None:
    pending = [body]
    while pending:
        body = pending.pop()
        body[:] = [s for s in body if id(s) not in dropped]
        for s in body:
            pending += lists(s)
