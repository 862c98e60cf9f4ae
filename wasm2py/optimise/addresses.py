"""What the passes on addresses share: their shape, and how to count items instead of bytes."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.wasm.types import I32


def address_base(address: n.Expr) -> tuple[n.Variable, n.Expr | None] | None:
    """The variable of an address that is a variable, or one plus a constant or another variable."""
    if not isinstance(address, n.Wrap) or address.mode not in (n.NOTHING, n.MASK, n.TO_UNSIGNED):
        return None
    x: n.Expr = address.x
    amount: n.Expr | None = None
    if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.a, n.Get) and isinstance(x.b, (n.Const, n.Get)):
        amount = x.b
        x = x.a
    if not isinstance(x, n.Get) or not is_pointer(x.var):
        return None
    if isinstance(amount, n.Get) and not is_pointer(amount.var):
        return None
    return x.var, amount


def in_items(address: n.Expr, shift: int) -> tuple[n.Variable, n.Expr | None] | None:
    """The variable of an aligned address that is one, or one plus a multiple of ``1 << shift``, and that many items."""
    if not isinstance(address, n.Wrap) or address.mode not in (n.NOTHING, n.MASK) or address.span[0] < 0:
        return None
    x = address.x
    if isinstance(x, n.Get):
        return (x.var, None) if is_pointer(x.var) else None
    if not isinstance(x, n.Binary) or x.op != "+":
        return None
    for base, amount in ((x.a, x.b), (x.b, x.a)):
        items = divided(amount, shift)
        if isinstance(base, n.Get) and is_pointer(base.var) and items is not None:
            return base.var, items
    return None


def divided(x: n.Expr, shift: int) -> n.Expr | None:
    """``x >> shift`` for a constant, a shifted expression, or a sum of them, that is a multiple."""
    while isinstance(x, n.Wrap) and (x.mode == n.NOTHING or x.form == "m"):
        x = x.x
    if isinstance(x, n.Const) and not x.value & (1 << shift) - 1:
        return n.Const(32, x.value >> shift)
    if isinstance(x, n.Binary) and x.op == "<<" and isinstance(x.b, n.Const) and x.b.value >= shift:
        rest = x.b.value - shift
        return n.Binary("<<", 32, x.a, n.Const(32, rest)) if rest else x.a
    if isinstance(x, n.Binary) and x.op == "+":
        a, b = divided(x.a, shift), divided(x.b, shift)
        return None if a is None or b is None else n.Binary("+", 32, a, b)
    return None


def is_pointer(variable: n.Variable) -> bool:
    """Whether a variable holds an unsigned i32."""
    return variable.type is I32 and not variable.signed and not variable.modular


def quotient(variable: n.Variable, shift: int) -> n.Expr:
    """A variable divided by a power of two."""
    return n.Binary(">>", 32, n.Get(variable), n.Const(32, shift))


def quotient_of(x: n.Expr) -> tuple[n.Variable, int] | None:
    """The variable that an expression is the :func:`quotient` of, and the shift, if that is one of an item's width."""
    if not isinstance(x, n.Binary) or x.op != ">>" or not isinstance(x.a, n.Get) or not isinstance(x.b, n.Const):
        return None
    return (x.a.var, x.b.value) if 1 <= x.b.value <= 3 and is_pointer(x.a.var) else None


def is_item(x: n.Load | n.Store) -> bool:
    """Whether an access is one of an aligned item by its address in bytes."""
    return x.aligned and x.item not in "BV" and not x.exact and not x.indexed and not x.offset % x.width


def rescale(wrap: n.Wrap, x: n.Expr, shift: int) -> None:
    """Make ``wrap`` one of ``x``, which counts items."""
    wrap.x = x
    wrap.bits = 32 - shift
    wrap.span = (wrap.span[0] >> shift, wrap.span[1] >> shift)


def scale_address(access: n.Load | n.Store, index: n.Variable, shift: int) -> None:
    """Let an access with an address :func:`in_items` use an index instead."""
    wrap = access.address
    base = in_items(wrap, shift)
    assert isinstance(wrap, n.Wrap)
    assert base is not None
    x: n.Expr = n.Get(index)
    if base[1] is not None:
        x = n.Binary("+", 32, x, base[1])
    rescale(wrap, x, shift)
    access.indexed = True
    access.offset >>= shift
