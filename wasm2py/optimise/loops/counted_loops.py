"""Loops that count become Python's own loops over ranges and slices, or a single assignment of a slice.

::

    loop                                      n = end - i
      s = s + items[p]                        if n > 8 and p >= 0 and p + n <= len(items):
      p = p + 1                 becomes         for x in items[p : p + n]:
      i = i + 1                                   s = s + x
      if i != end: br loop                      p = p + n; i = end
                                              else: the loop as it was

Items that are loaded in each turn come from a slice, unless a store before the load might change them in the same turn
(a slice of a view is read as it is iterated over, so earlier turns' stores are seen).  A loop that does nothing but
store one value, or copy items, becomes an assignment to a slice.  Whatever could go wrong (an address that wraps
around, an access outside of memory, a number of turns that is not positive) is tested once, before the loop, and leads
to the loop as it was; so do few turns, for which setting up a slice does not pay.  A loop of which it is known that it
never has more, as what is left of an unrolled one, stays as it is, and so does one that has a faster version already.
"""

from __future__ import annotations

from collections import Counter

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import lists, statements, uses
from wasm2py.optimise.loops.counting import Counted, find_counted
from wasm2py.optimise.loops.guards import guard, plan_accesses
from wasm2py.optimise.loops.halves import join, split
from wasm2py.optimise.loops.iterations import iterated
from wasm2py.optimise.loops.slices import sliced
from wasm2py.optimise.loops.trips import find_trips
from wasm2py.optimise.loops.versions import Version

MAX_STATEMENTS = 48
"""Larger turns are not written twice: what the loop itself costs is lost in them."""


def count_loops(function: n.Function) -> None:
    """Run the pass."""
    if not any(isinstance(s, n.Loop) and _counted(s) for s in statements(function.body)):
        return
    vectors = split(function.body)
    _lists(function, function.body, uses(function.body), frozenset())
    if vectors:
        join(function.body)


def _counted(loop: n.Loop) -> Counted | None:
    """What is known of a loop that may be worth a faster version."""
    counted = None if loop.rare else find_counted(loop)
    if counted is None or len(counted.order) > MAX_STATEMENTS or not find_trips(counted):
        return None
    return counted


def _lists(function: n.Function, body: list[n.Stmt], used: Counter[n.Variable], carried: frozenset[n.Variable]) -> None:
    """Go through a list.

    :param used: how often each variable is read in the function
    :param carried: by the loops around it
    """
    position = 0
    while position < len(body):
        s = body[position]
        for inner in lists(s):
            _lists(function, inner, used, carried.union(s.carried) if isinstance(s, n.Loop) else carried)
        if isinstance(s, n.Loop):
            counted = _counted(s)
            if counted is not None:
                body[position : position + 1] = _replacement(Version(function, counted, used, carried))
                return  # a loop is the last of its list, and what follows it here has been gone through
        position += 1


def _replacement(version: Version) -> list[n.Stmt]:
    """What comes in the place of a loop."""
    counted = version.counted
    plan = plan_accesses(counted)
    fast = sliced(version) or iterated(version, plan)
    most = counted.loop.most
    if fast is None or (most is not None and most < fast.fewest):
        return [counted.loop]
    label = n.Label(version.function.labels, "block", [], uses=1)
    version.function.labels += 1
    counted.loop.body[len(counted.turns) + 1 :] = [n.Br(label)]
    counted.loop.rare = True
    choice = n.If(guard(version, plan, fast), fast.body, [counted.loop])
    return [
        n.Assign(version.count.var, counted.trips),
        n.Block(label, [choice]),
        *counted.behind,
    ]
