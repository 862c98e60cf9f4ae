"""Pointers that are passed as indices of items are used as indices.

::

    func f(q)                            func f(q)
      p = q << 2                           store items[q + 1] = 1
      store.i32 offset=4 p 1             call f (r >> 2) + 2
    call f ((r + 8) >> 2)     becomes

The pointer itself stays where something else needs it.  An argument becomes the quotient of a variable, plus a
constant: that of a variable with accesses is known as a rule.  Which parameters are indices, all functions together
decide (:mod:`wasm2py.ir.quotients`).
"""

from __future__ import annotations

from collections import Counter

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, replace_operands, replace_parts, statements
from wasm2py.optimise.addresses import in_items, is_item, quotient, quotient_of, rescale, scale_address
from wasm2py.optimise.facts import bare
from wasm2py.optimise.scaled_index import scaled


def use_passed_indices(function: n.Function) -> None:
    """Run the pass."""
    everything = statements(function.body)
    for s in everything:
        if s.__class__ is n.Call or s.__class__ is n.TailCall:
            s.args = [_argument(x) for x in s.args]
    uses = _Uses(_arrivals(function))
    if uses.indices:
        for s in everything:
            replace_operands(s, uses.change)
            if isinstance(s, n.Store):
                uses.access(s)


_Indices = dict[n.Variable, tuple[n.Variable, int]]
"""By pointer, the variable that is its index, and the shift that makes one of the other."""


class _Uses:
    """What is changed where pointers are used."""

    def __init__(self, indices: _Indices) -> None:
        self.indices = indices

    def change(self, x: n.Expr) -> n.Expr:
        """An expression with indices in the place of pointers."""
        replace_parts(x, self.change)
        indices = self.indices
        if isinstance(x, n.Load):
            self.access(x)
        elif isinstance(x, n.Wrap) and x.form == "t" and isinstance(x.x, n.Get) and x.x.var in indices:
            x.x = n.Get(indices[x.x.var][0])
        elif (found := quotient_of(x)) is not None and indices.get(found[0], (None, 0))[1] == found[1]:
            return n.Get(indices[found[0]][0])
        return x

    def access(self, x: n.Load | n.Store) -> None:
        """An access by index, if its address is such a pointer."""
        shift = x.width.bit_length() - 1
        base = in_items(x.address, shift) if is_item(x) else None
        if base is not None and self.indices.get(base[0], (None, 0))[1] == shift:
            scale_address(x, self.indices[base[0]][0], shift)


def _arrivals(function: n.Function) -> _Indices:
    """The pointers that are made from parameters where the function begins, and nowhere else: index and shift."""
    found: _Indices = {}
    params = set(function.params)
    for s in function.body:
        if not isinstance(s, n.Assign):
            break
        x = bare(s.value)
        if not isinstance(x, n.Binary) or x.op != "<<" or not isinstance(x.a, n.Get) or not isinstance(x.b, n.Const):
            continue
        if x.a.var in params:
            found[s.var] = (x.a.var, x.b.value)
    if found:
        times = Counter(v for s in statements(function.body) for v in assigned(s))
        found = {v: (index, shift) for v, (index, shift) in found.items() if times[v] == 1 and not times[index]}
    return found


def _argument(x: n.Expr) -> n.Expr:
    """A quotient of a sum as the sum of a variable's quotient and a constant."""
    if not isinstance(x, n.Binary) or x.op != ">>" or not isinstance(x.b, n.Const) or not isinstance(x.a, n.Wrap):
        return x
    pointer, shift = x.a, x.b.value
    multiple = scaled(pointer, shift, {})
    if multiple is not None:
        return multiple
    base = in_items(pointer, shift)
    if base is None:
        return x
    if base[1] is None:
        return quotient(base[0], shift)
    rescale(pointer, n.Binary("+", 32, quotient(base[0], shift), base[1]), shift)
    return pointer
