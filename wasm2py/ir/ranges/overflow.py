"""What is likely to leave the range of its type: a guess, on which nothing but speed depends.

::

    seed = seed * 1664525 + 1013904223        a product with a large constant does so nearly each time, and so does
    state = seed ^ seed >> 15                 what is made from it, or by xor
    count = count + 1                         a sum of few terms hardly ever does
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import statements

_SPINE = frozenset("+-*^|") | {"<<"}
"""Operations whose result is large where an operand is."""


def overflows(x: n.Expr) -> bool:
    """Whether an expression leaves its range more often than not: it has a product with a large constant."""
    return any(_is_large_product(each) for each in _spine(x, through=(n.NOTHING,)))


def scrambled(function: n.Function) -> set[n.Variable]:
    """The variables that may well hold any number of their type: generators, hashes, and what is made from them."""
    flows: dict[n.Variable, list[n.Variable]] = {}
    pending: list[n.Variable] = []
    for s in statements(function.body):
        if s.__class__ is n.Assign:
            for each in _spine(s.value):
                if each.__class__ is n.Get:
                    flows.setdefault(each.var, []).append(s.var)
                elif each.__class__ is n.Binary and (_is_large_product(each) or _mixes(each)):
                    pending.append(s.var)
    found: set[n.Variable] = set()
    while pending:
        variable = pending.pop()
        if variable not in found:
            found.add(variable)
            pending += flows.get(variable, ())
    return found


def is_tame(x: n.Expr, wild: set[n.Variable]) -> bool:
    """Whether an expression is a sum that hardly ever leaves the range of its type.

    :param wild: variables that may well hold any number
    """
    for each in _spine(x):
        if isinstance(each, n.Get):
            if each.var in wild:
                return False
        elif isinstance(each, n.Const):
            if abs(each.value) >= _LARGE:
                return False
        elif isinstance(each, n.Binary) and (
            _mixes(each)
            or (each.op in ("*", "<<") and not (isinstance(each.b, n.Const) and each.b.value <= _FACTOR[each.op]))
        ):
            return False
    return True


def leaves(x: n.Expr) -> list[n.Get | n.Load]:
    """The variables and full-width loads that the size of an expression follows from."""
    return [
        each
        for each in _spine(x)
        if isinstance(each, n.Get) or (isinstance(each, n.Load) and each.flexible and each.item in "IQ")
    ]


_LARGE = 1 << 30
_FACTOR = {"*": 100, "<<": 6}
"""What a tame number may be multiplied by, or shifted."""


def _spine(x: n.Expr, through: tuple[int, ...] | None = None) -> list[n.Expr]:
    """An expression and the parts that its size follows from.

    :param through: modes of the wraps that are looked through, all if not given
    """
    found = [x]
    for each in found:  # which grows on the way
        if each.__class__ is n.Wrap:
            if through is None or each.mode in through or each.form == "m":
                found.append(each.x)
        elif each.__class__ is n.Select:
            found += each.a, each.b
        elif each.__class__ is n.Binary and each.bits and each.op in _SPINE:
            found.append(each.a)
            if each.op != "<<":
                found.append(each.b)
    return found


def _is_large_product(x: n.Expr) -> bool:
    return (
        isinstance(x, n.Binary)
        and x.op == "*"
        and isinstance(x.b, n.Const)
        and abs(x.b.value) >> x.bits // 2 > 0
        and x.bits > 0
    )


def _mixes(x: n.Expr) -> bool:
    """Whether two numbers are mixed bit by bit."""
    return isinstance(x, n.Binary) and x.op == "^" and not isinstance(x.b, n.Const)
