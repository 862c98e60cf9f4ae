"""Vectors in memory as two items, and back.

::

    v = load.V[p + 16]      becomes      v = load.Q[p + 16] | load.Q[p + 24] << 64

Accesses to items can be streamed by a loop that counts; where they are not, one access to a vector is cheaper.  Halves
of a vector that may not be aligned are said to be *natural*: such a loop tests that first.
"""

from __future__ import annotations

import copy

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import all_evaluated, lists, replace_operands, replace_parts, statements
from wasm2py.optimise.facts import key
from wasm2py.wasm.types import I64, V128

_LOW = (1 << 64) - 1


def split(body: list[n.Stmt]) -> bool:
    """Split the vectors that are loaded and stored in a list; whether there are any."""
    everything = statements(body)
    if not any(map(_is_vector, everything)) and not any(map(_is_vector, all_evaluated(everything))):
        return False
    for inner in [body, *(inner for s in statements(body) for inner in lists(s))]:
        split_here: list[n.Stmt] = []
        for s in inner:
            replace_operands(s, _split_loads)
            split_here += _split_store(s) if _is_vector(s) else [s]
        inner[:] = split_here
    return True


def join(body: list[n.Stmt]) -> None:
    """Make one access again of two halves, and of their stores."""
    for inner in [body, *(inner for s in statements(body) for inner in lists(s))]:
        joined: list[n.Stmt] = []
        for s in inner:
            replace_operands(s, _join_loads)
            whole = _joined_store(joined[-1], s) if joined else None
            if whole is None:
                joined.append(s)
            else:
                joined[-1] = whole
        inner[:] = joined


def _is_vector(access: n.Expr | n.Stmt) -> bool:
    return isinstance(access, (n.Load, n.Store)) and access.item == "V"


def _copied(x: n.Expr) -> n.Expr:
    """The same expression once more: passes change nodes in place."""
    made = copy.copy(x)
    replace_parts(made, _copied)
    return made


def _item(access: n.Load, distance: int) -> n.Load:
    """One half, as an item of 64 bits."""
    half = copy.copy(access)
    half.item, half.width, half.offset, half.natural = "Q", 8, access.offset + distance, not access.aligned
    half.address = _copied(access.address)
    half.type = I64
    return half


def _whole(low: n.Expr, high: n.Expr) -> n.Binary:
    shifted = n.Binary("<<", 0, high, n.Const(32, 64))
    whole = n.Binary("|", 0, low, shifted)
    for node, inner in ((shifted, (high,)), (whole, (low, high))):
        node.type = V128
        for part in inner:
            node.fx |= part.fx
            node.reads |= part.reads
            node.size += part.size
    return whole


def _split_loads(x: n.Expr) -> n.Expr:
    replace_parts(x, _split_loads)
    if isinstance(x, n.Load) and _is_vector(x):
        return _whole(_item(x, 0), _item(x, 8))
    return x


def _split_store(s: n.Stmt) -> list[n.Stmt]:
    """The upper half first, as the writer does: where it is outside of memory, nothing is written."""
    assert isinstance(s, n.Store)
    halves: list[n.Stmt] = []
    for distance in (8, 0):
        half = copy.copy(s)
        half.item, half.width, half.offset, half.natural = "Q", 8, s.offset + distance, not s.aligned
        half.address = _copied(s.address)
        value = _copied(s.value)
        half.value = (
            n.Binary(">>", 0, value, n.Const(32, 64)) if distance else n.Binary("&", 0, value, n.VectorConst(_LOW))
        )
        half.value.reads, half.value.type = value.reads, V128
        halves.append(half)
    return halves


def _neighbours(low: n.Load | n.Store, high: n.Load | n.Store) -> bool:
    return (
        low.item == high.item == "Q"
        and low.memory == high.memory
        and low.aligned == high.aligned
        and not low.indexed
        and not high.indexed
        and high.offset == low.offset + 8
        and key(low.address) == key(high.address)
    )


def _join_loads(x: n.Expr) -> n.Expr:
    replace_parts(x, _join_loads)
    if not isinstance(x, n.Binary) or x.bits or x.op != "|" or not isinstance(x.b, n.Binary) or x.b.op != "<<":
        return x
    low, high = x.a, x.b.a
    if not isinstance(low, n.Load) or not isinstance(high, n.Load) or not _neighbours(low, high):
        return x
    low.item, low.width, low.natural, low.type = "V", 16, False, V128
    return low


def _joined_store(high: n.Stmt, low: n.Stmt) -> n.Store | None:
    if not isinstance(low, n.Store) or not isinstance(high, n.Store) or not _neighbours(low, high):
        return None
    lower, upper = low.value, high.value
    if not isinstance(lower, n.Binary) or not isinstance(upper, n.Binary) or lower.bits or upper.bits:
        return None
    if (lower.op, upper.op) != ("&", ">>") or key(lower.a) != key(upper.a) or not isinstance(lower.b, n.VectorConst):
        return None
    low.item, low.width, low.natural, low.value = "V", 16, False, lower.a
    return low
