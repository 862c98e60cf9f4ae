"""Going through the tree: what is inside of a node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from wasm2py.ir import nodes as n


def lists(s: n.Stmt) -> tuple[list[n.Stmt], ...]:
    """The lists of statements directly inside a statement."""
    inner = _LISTS.get(s.__class__)
    return () if inner is None else inner(s)


def statements(body: list[n.Stmt]) -> Iterator[n.Stmt]:
    """All statements of a list, nested ones included, in no particular order."""
    pending = [body]
    while pending:
        for s in pending.pop():
            yield s
            pending += lists(s)


def assigned(s: n.Stmt) -> list[n.Variable]:
    """The webs that a statement itself assigns."""
    if isinstance(s, n.Assign):
        return [s.var.find()]
    if isinstance(s, n.Round):
        return [] if s.var is None else [s.var.find()]
    if isinstance(s, (n.AssignMany, n.For)):
        return [v.find() for v in s.vars]
    if isinstance(s, n.Call):
        return [v.find() for v in s.results]
    if isinstance(s, n.Unpack):
        return [v.find() for v in (*s.vars, *([s.reference] if s.reference else []))]
    return []


def operands(s: n.Stmt) -> list[n.Expr]:
    """The expressions of a statement itself."""
    return _fields(s, _OPERANDS.get(s.__class__, ()))


def parts(x: n.Expr) -> list[n.Expr]:
    """The expressions directly inside an expression."""
    return _fields(x, _PARTS.get(x.__class__, ()))


def expressions(x: n.Expr) -> Iterator[n.Expr]:
    """An expression and everything inside of it, in no particular order."""
    pending = [x]
    while pending:
        each = pending.pop()
        yield each
        for name in _PARTS.get(each.__class__, ()):
            value = getattr(each, name)
            if value.__class__ is list:
                pending += value
            elif value is not None:
                pending.append(value)


def uses(body: list[n.Stmt]) -> Counter[n.Variable]:
    """How often each variable is read in a list of statements."""
    return reads([operand for s in statements(body) for operand in operands(s)])


def reads(operands_: list[n.Expr]) -> Counter[n.Variable]:
    """How often each variable is read in expressions."""
    return Counter(x.var for operand in operands_ for x in expressions(operand) if isinstance(x, n.Get))


def duplicate(x: n.Expr) -> n.Expr:
    """A copy of an expression, which shares nothing with it but variables."""
    made = copy(x)
    for name in _PARTS.get(x.__class__, ()):
        if getattr(made, name).__class__ is list:
            setattr(made, name, list(getattr(made, name)))
    replace_parts(made, duplicate)
    return made


def replace_operands(s: n.Stmt, change: Callable[[n.Expr], n.Expr]) -> None:
    """Put ``change(x)`` in the place of each expression ``x`` of a statement itself."""
    _replace(s, _OPERANDS.get(s.__class__, ()), change)


def replace_parts(x: n.Expr, change: Callable[[n.Expr], n.Expr]) -> None:
    """Put ``change(part)`` in the place of each expression directly inside an expression."""
    _replace(x, _PARTS.get(x.__class__, ()), change)


def _fields(node: n.Stmt | n.Expr, names: tuple[str, ...]) -> list[n.Expr]:
    found: list[n.Expr] = []
    for name in names:
        value = getattr(node, name)
        if value.__class__ is list:
            found += value
        elif value is not None:
            found.append(value)
    return found


def _replace(node: n.Stmt | n.Expr, names: tuple[str, ...], change: Callable[[n.Expr], n.Expr]) -> None:
    for name in names:
        value = getattr(node, name)
        if value.__class__ is list:
            value[:] = [change(x) for x in value]
        elif value is not None:
            setattr(node, name, change(value))


_LISTS: dict[type, Callable[[Any], tuple[list[n.Stmt], ...]]] = {
    n.If: lambda s: (s.then, s.orelse),
    n.Block: lambda s: (s.body,),
    n.Loop: lambda s: (s.body,),
    n.While: lambda s: (s.body,),
    n.For: lambda s: (s.body,),
    n.Retry: lambda s: (s.body,),
    n.Switch: lambda s: tuple(s.arms),
    n.Try: lambda s: (s.body, s.handler),
}

_OPERANDS: dict[type, tuple[str, ...]] = {
    n.Assign: ("value",),
    n.AssignMany: ("values",),
    n.Round: ("value",),
    n.GlobalSet: ("value",),
    n.Eval: ("value",),
    n.Store: ("address", "value"),
    n.Put: ("place", "value"),
    n.Call: ("selector", "args"),
    n.TailCall: ("selector", "args"),
    n.Return: ("values",),
    n.If: ("condition",),
    n.Switch: ("index",),
    n.While: ("condition",),
    n.For: ("iterables",),
    n.Throw: ("args",),
    n.ThrowRef: ("value",),
}
"""The fields of statements that hold expressions, or lists of them, in the order of evaluation."""

_PARTS: dict[type, tuple[str, ...]] = {
    n.Wrap: ("x",),
    n.Extend: ("x",),
    n.Negate: ("x",),
    n.Not: ("x",),
    n.BoolInt: ("x",),
    n.Binary: ("a", "b"),
    n.Divide: ("a", "b"),
    n.Compare: ("a", "b"),
    n.Logic: ("a", "b"),
    n.Select: ("condition", "a", "b"),
    n.Load: ("address",),
    n.Lane: ("vector",),
    n.Apply: ("args",),
    n.Method: ("args",),
    n.New: ("args",),
    n.Member: ("object",),
    n.Item: ("array", "index"),
    n.Pick: ("index",),
    n.Items: ("start", "count", "step"),
    n.Steps: ("start", "stop", "step"),
}
"""The same of expressions."""
