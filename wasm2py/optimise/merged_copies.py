"""Variables of which one is copied to the other become one, where they never have to hold different values.

::

    loop                                loop
      if a > b                            if a > b
        x = load [a]                        a = load [a]
        y = b                             else
      else                  becomes         b = load [b]
        x = a                             if a
        y = load [b]                        br loop
      a = x
      b = y
      if x
        br loop

LLVM's values at the head of a loop are such copies.  What is copied for later is copied before it changes: then the old
value and the new one need not be there at once.
"""

from __future__ import annotations

from collections import Counter

from wasm2py.ir import nodes as n
from wasm2py.ir.lives import Lives, find_lives
from wasm2py.ir.walk import all_evaluated, lists, read, statements
from wasm2py.optimise.facts import copied, source
from wasm2py.wasm.types import F32

MAX_PAIRS = 1000
"""Pairs of variables that are looked at, those in loops first: sets of what lives stay small in enormous functions."""

_NEAR = 4
"""How many statements a copy may move up."""


def merge_copies(function: n.Function) -> None:
    """Run the pass."""
    pairs: Counter[tuple[n.Variable, n.Variable]] = Counter()
    _collect(function.body, 1, pairs)
    if not pairs:
        return
    chosen = [pair for pair, _ in pairs.most_common(MAX_PAIRS)]
    variables = list(dict.fromkeys(v for pair in chosen for v in pair))
    lives = find_lives(function, variables, _source)
    leaders = {} if lives is None else _merge(chosen, lives, function.params)
    if leaders:
        _rename(function, leaders)


def _source(target: n.Variable, value: n.Expr) -> n.Variable | None:
    """The variable that an assignment copies, if both may be one."""
    found = source(target, value)
    if found is None or found is target or found.type is not target.type or found.type is F32:
        return None
    return found if found.modular == target.modular else None


def _collect(body: list[n.Stmt], weight: int, pairs: Counter[tuple[n.Variable, n.Variable]]) -> None:
    """Count the copies of a list, those in loops more, and move them in front of what changes their source."""
    for position, s in enumerate(body):
        if isinstance(s, n.Assign):
            found = _source(s.var, s.value)
            if found is not None:
                pairs[s.var, found] += weight
                _move_up(body, position, s.var, found)
        else:
            for inner in lists(s):
                _collect(inner, weight * 4 if isinstance(s, (n.Loop, n.For)) else weight, pairs)


def _move_up(body: list[n.Stmt], position: int, target: n.Variable, source: n.Variable) -> None:
    """Move a copy in front of an assignment that uses the source just before, if that makes no difference."""
    for i in range(position - 1, max(position - 1 - _NEAR, -1), -1):
        s = body[i]
        if not isinstance(s, n.Assign) or s.var in (target, source):
            return
        used = read([s.value])
        if target in used:
            return
        if source in used:
            body.insert(i, body.pop(position))
            return


def _merge(
    pairs: list[tuple[n.Variable, n.Variable]], lives: Lives, params: list[n.Variable]
) -> dict[n.Variable, n.Variable]:
    """The variable that each of those that are merged becomes."""
    classes = {v: [v] for v in lives.variables}
    members = {v: 1 << number for number, v in enumerate(lives.variables)}
    apart = dict(zip(lives.variables, lives.clashes, strict=True))
    arrived = 0
    for param in params:
        arrived |= members.get(param, 0)
    for one, two in pairs:
        a, b = classes[one][0], classes[two][0]
        if a is b or apart[a] & members[b] or apart[b] & members[a]:
            continue
        if (members[b] & arrived, -b.index) > (members[a] & arrived, -a.index):
            a, b = b, a
        apart[a] |= apart[b]
        members[a] |= members[b]
        joined = classes[a] + classes[b]
        for v in joined:
            classes[v] = joined
    return {v: group[0] for v, group in classes.items() if group[0] is not v}


def _rename(function: n.Function, leaders: dict[n.Variable, n.Variable]) -> None:
    """Put variables in the places of others, and leave out their copies."""

    def renamed(variables: list[n.Variable]) -> list[n.Variable]:
        return [leaders.get(v, v) for v in variables]

    everything = statements(function.body)
    for x in all_evaluated(everything):
        if (x.__class__ is n.Get or x.__class__ is n.Wrap) and x.var in leaders:
            x.var = leaders[x.var]
    for s in everything:
        match s:
            case n.Assign():
                s.var = leaders.get(s.var, s.var)
                if isinstance(s.value, n.Wrap) and isinstance(s.value.x, n.Binary) and _is_nothing(s.value.x):
                    zero = n.Const(s.value.bits, 0)
                    zero.type = s.var.type
                    s.value = zero
            case n.AssignMany() | n.For():
                s.vars = renamed(s.vars)
            case n.Call():
                s.results = renamed(s.results)
            case n.Unpack():
                s.vars = renamed(s.vars)
                s.reference = None if s.reference is None else leaders.get(s.reference, s.reference)
            case n.Loop():
                s.carried = list(dict.fromkeys(renamed(s.carried)))
                s.label.results = renamed(s.label.results)
            case n.Block():
                s.label.results = renamed(s.label.results)
    _drop_copies(function.body)
    function.variables[:] = [v for v in function.variables if v not in leaders]


def _is_nothing(x: n.Binary) -> bool:
    """Whether something is subtracted from itself, such as the turns of a loop from those that were left."""
    return x.op == "-" and isinstance(x.a, n.Get) and isinstance(x.b, n.Get) and x.a.var is x.b.var


def _drop_copies(body: list[n.Stmt]) -> None:
    """Leave out the assignments of variables to themselves."""
    pending = [body]
    while pending:
        each = pending.pop()
        each[:] = [s for s in each if s.__class__ is not n.Assign or copied(s) is not s.var]
        for s in each:
            pending += lists(s)
