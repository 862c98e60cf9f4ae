"""What compilers write without branches is written as what it means.

::

    sign = x >> 31                    sign = x >> 31
    y = (x ^ sign) - sign   becomes   y = x if x >= 0 else 0 - x

Python takes four times as long for the three operations, and the intervals of the parts tell nothing of that of the
whole.  What remains of the sign is left out where nothing else needs it.
"""

from __future__ import annotations

from functools import partial

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, lists, replace_operands, replace_parts, statements
from wasm2py.wasm.types import I32, I64


def write_idioms(function: n.Function) -> None:
    """Rewrite the idioms of a function that has been built but not analysed."""
    _list(function.body)
    for s in statements(function.body):
        for inner in lists(s):
            _list(inner)


def _list(body: list[n.Stmt]) -> None:
    """Rewrite what follows the signs that a list assigns, as far as it is straight code."""
    numbers: dict[n.Variable, n.Variable] = {}
    for s in body:
        if numbers:
            replace_operands(s, partial(_changed, numbers))
            if lists(s):
                numbers.clear()
            for variable in assigned(s):
                numbers = {sign: number for sign, number in numbers.items() if variable not in (sign, number)}
        if isinstance(s, n.Assign):
            number = _sign(s.value)
            if number is not None and number is not s.var.find() and number.type is s.var.type:
                numbers[s.var.find()] = number


def _changed(numbers: dict[n.Variable, n.Variable], x: n.Expr) -> n.Expr:
    """An expression with the magnitudes in it as such, where these signs are known with their numbers."""
    replace_parts(x, partial(_changed, numbers))
    number = _magnitude(x, numbers)
    if number is None:
        return x
    assert isinstance(x, n.Binary)
    condition = n.Compare(">=", _signed(number, x.bits), n.Wrap(x.bits, "s", n.Const(x.bits, 0)))
    negated = n.Binary("-", x.bits, n.Const(x.bits, 0), _signed(number, x.bits))
    made = n.Select(condition, _signed(number, x.bits), negated)
    for each in (condition, condition.b, negated, made):
        each.type = x.type
    made.size, made.reads = x.size, x.reads
    return made


def _plain(x: n.Expr) -> n.Expr:
    """An expression without what brings it into a form."""
    while isinstance(x, n.Wrap) and x.form in "usvm":
        x = x.x
    return x


def _variable(x: n.Expr) -> n.Variable | None:
    x = _plain(x)
    return x.var.find() if isinstance(x, n.Get) else None


def _sign(x: n.Expr) -> n.Variable | None:
    """The variable that an expression is the sign of: -1 or 0."""
    x = _plain(x)
    if not isinstance(x, n.Binary) or x.op != ">>" or not isinstance(x.a, n.Wrap) or x.a.form != "s":
        return None
    count = _plain(x.b.x if isinstance(x.b, n.Wrap) and x.b.form == "k" else x.b)
    number = _variable(x.a)
    if number is None or not isinstance(count, n.Const) or count.value != x.bits - 1:
        return None
    return number if number.type is (I64 if x.bits == 64 else I32) else None


def _magnitude(x: n.Expr, numbers: dict[n.Variable, n.Variable]) -> n.Variable | None:
    """The variable that an expression is the magnitude of."""
    if not isinstance(x, n.Binary) or x.op != "-":
        return None
    sign, inner = _variable(x.b), _plain(x.a)
    if sign is None or sign not in numbers or not isinstance(inner, n.Binary) or inner.op != "^":
        return None
    number = numbers[sign]
    if not inner.bits == x.bits == (64 if number.type is I64 else 32):
        return None
    sides = _variable(inner.a), _variable(inner.b)
    return number if sides in ((number, sign), (sign, number)) else None


def _signed(variable: n.Variable, bits: int) -> n.Wrap:
    get = n.Get(variable)
    get.type = variable.type
    made = n.Wrap(bits, "s", get)
    made.type = variable.type
    return made
