"""What the passes on addresses share: their shape, and how to count items instead of bytes."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.wasm.types import I32


def address_base(address: n.Expr) -> tuple[n.Variable, n.Expr | None] | None:
    """The variable of an address that is a variable, or one plus a constant or another variable."""
    if not isinstance(address, n.Wrap) or address.mode not in (n.NOTHING, n.MASK) or address.span[0] < 0:
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


def is_pointer(variable: n.Variable) -> bool:
    """Whether a variable is an unsigned i32."""
    return variable.type is I32 and not variable.signed


def new_variable(function: n.Function) -> n.Variable:
    """A new temporary."""
    variable = n.Variable(1 + max((v.index for v in function.variables), default=0), I32, None)
    function.variables.append(variable)
    return variable


def quotient(variable: n.Variable, shift: int) -> n.Expr:
    """A variable divided by a power of two."""
    return n.Binary(">>", 32, n.Get(variable), n.Const(32, shift))


def rescale(wrap: n.Wrap, x: n.Expr, shift: int) -> None:
    """Make ``wrap`` one of ``x``, which counts items."""
    wrap.x = x
    wrap.bits = 32 - shift
    wrap.span = (wrap.span[0] >> shift, wrap.span[1] >> shift)


def scale_address(access: n.Load | n.Store, index: n.Variable, shift: int) -> None:
    """Let an access whose base is a variable, plus a constant perhaps, use an index instead."""
    wrap = access.address
    base = address_base(wrap)
    assert isinstance(wrap, n.Wrap)
    assert base is not None
    x: n.Expr = n.Get(index)
    if base[1] is not None:
        assert isinstance(base[1], n.Const)
        x = n.Binary("+", 32, x, n.Const(32, base[1].value >> shift))
    rescale(wrap, x, shift)
    access.indexed = True
    access.offset >>= shift
