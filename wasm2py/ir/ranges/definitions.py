"""Variables that are another one plus, minus or masked by a constant, for as long as both live.

What a branch teaches about one of them then holds for the other: LLVM computes ``n & -2`` and ``n - 1`` before it
tests either.
"""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, lists


@dataclass(frozen=True, slots=True)
class Definition:
    """``source op constant``, brought into form by ``wrap``: it holds exactly where that does nothing."""

    op: str
    source: n.Variable
    constant: n.Const
    wrap: n.Wrap


def find_definitions(function: n.Function) -> dict[n.Variable, Definition]:
    """Definitions of variables that are assigned once, from sources that no loop changes."""
    once: dict[n.Variable, n.Assign | None] = {}
    moving: set[n.Variable] = set()  # assigned in a loop
    work: list[tuple[list[n.Stmt], bool]] = [(function.body, False)]
    while work:
        body, looping = work.pop()
        for s in body:
            assignment = s if isinstance(s, n.Assign) else None
            for variable in assigned(s):
                once[variable] = assignment if variable not in once else None
                if looping:
                    moving.add(variable)
            if assignment is None:
                work += [(inner, looping or isinstance(s, n.Loop)) for inner in lists(s)]
    params = {v.find() for v in function.params}
    definitions: dict[n.Variable, Definition] = {}
    for variable, assignment in once.items():
        if assignment is None or variable in params or not isinstance(assignment.value, n.Wrap):
            continue
        value = assignment.value.x
        if isinstance(value, n.Binary) and value.op in "+-&" and isinstance(value.b, n.Const):
            source = value.a.var.find() if isinstance(value.a, n.Get) else None
            if source is None or source in moving or not n.is_int(source.type):
                continue
            fixed = source not in once if source in params else once.get(source) is not None
            if fixed and source is not variable:
                definitions[variable] = Definition(value.op, source, value.b, assignment.value)
    return definitions
