"""What is stored as f32 is rounded by the store.

::

    x = round f32 (a + b)        becomes        store.f p = a + b
    store.f p = x
"""

from __future__ import annotations

from collections import Counter

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import expressions, lists, operands, statements


def round_by_store(function: n.Function) -> None:
    """Run the pass."""
    rounded = {s.var for s in statements(function.body) if isinstance(s, n.Round)}
    if not rounded:
        return
    uses = Counter(
        x.var
        for s in statements(function.body)
        for operand in operands(s)
        for x in expressions(operand)
        if isinstance(x, n.Get) and x.var in rounded
    )
    pending = [function.body]
    while pending:
        body = pending.pop()
        for position in range(len(body) - 1, 0, -1):
            s, before = body[position], body[position - 1]
            if not isinstance(s, n.Store) or not isinstance(before, n.Round) or s.item != "f" or s.exact:
                continue
            if isinstance(s.value, n.Get) and s.value.var is before.var and uses[before.var] == 1:
                s.value = before.value
                del body[position - 1]
        for s in body:
            pending += lists(s)
