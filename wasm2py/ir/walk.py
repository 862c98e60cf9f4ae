"""Going through the tree: what is inside of a node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import fields
from operator import attrgetter
from typing import Any

from wasm2py.ir import nodes as n


def lists(s: n.Stmt) -> tuple[list[n.Stmt], ...]:
    """The lists of statements directly inside a statement."""
    inner = _LISTS.get(s.__class__)
    return () if inner is None else inner(s)


def statements(body: list[n.Stmt]) -> list[n.Stmt]:
    """All statements of a list, nested ones included, in no particular order."""
    found: list[n.Stmt] = []
    pending = [body]
    while pending:
        each = pending.pop()
        found += each
        for s in each:
            inner = _LISTS.get(s.__class__)
            if inner is not None:
                pending += inner(s)
    return found


def assigned(s: n.Stmt) -> Sequence[n.Variable]:
    """The webs that a statement itself assigns."""
    targets = _ASSIGNED.get(s.__class__)
    return () if targets is None else targets(s)


def operands(s: n.Stmt) -> Sequence[n.Expr]:
    """The expressions of a statement itself."""
    inner = _OPERANDS.get(s.__class__)
    return () if inner is None else inner(s)


def parts(x: n.Expr) -> Sequence[n.Expr]:
    """The expressions directly inside an expression."""
    inner = _PARTS.get(x.__class__)
    return () if inner is None else inner(x)


def expressions(x: n.Expr) -> list[n.Expr]:
    """An expression and everything inside of it, in no particular order."""
    return _with_inner([x])


def evaluated(s: n.Stmt) -> list[n.Expr]:
    """The expressions of a statement itself and everything inside of them, in no particular order."""
    inner = _OPERANDS.get(s.__class__)
    return [] if inner is None else _with_inner([*inner(s)])


def all_evaluated(several: Iterable[n.Stmt]) -> list[n.Expr]:
    """The expressions of statements themselves and everything inside of them, in no particular order."""
    found: list[n.Expr] = []
    for s in several:
        inner = _OPERANDS.get(s.__class__)
        if inner is not None:
            found += inner(s)
    return _with_inner(found)


def _with_inner(found: list[n.Expr]) -> list[n.Expr]:
    """A list of expressions, which everything inside of them is added to."""
    variable, wrap, parts_of = n.Get, n.Wrap, _PARTS.get
    each: Any  # its class tells what it has
    for each in found:  # which grows on the way
        kind = each.__class__
        if kind is wrap:  # with variables, these are two thirds of all, which need no look-up
            found.append(each.x)
        elif kind is not variable:
            inner = parts_of(kind)
            if inner is not None:
                found += inner(each)
    return found


def read(evaluated_: Iterable[n.Expr]) -> list[n.Variable]:
    """The variables that expressions are or contain, as often as they do."""
    found: list[n.Variable] = []
    pending = [*evaluated_]
    variable, wrap, parts_of = n.Get, n.Wrap, _PARTS.get
    each: Any  # its class tells what it has
    for each in pending:  # which grows on the way
        kind = each.__class__
        if kind is variable:
            found.append(each.var)
        elif kind is wrap:
            pending.append(each.x)
        else:
            inner = parts_of(kind)
            if inner is not None:
                pending += inner(each)
    return found


def uses(body: list[n.Stmt]) -> Counter[n.Variable]:
    """How often each variable is read in a list of statements."""
    return reads([operand for s in statements(body) for operand in operands(s)])


def reads(operands_: Sequence[n.Expr]) -> Counter[n.Variable]:
    """How often each variable is read in expressions."""
    return Counter(read(operands_))


def duplicate(x: n.Expr) -> n.Expr:
    """A copy of an expression, which shares nothing with it but variables."""
    made = copy(x)
    for name in _PART_FIELDS.get(x.__class__, ()):
        if getattr(made, name).__class__ is list:
            setattr(made, name, list(getattr(made, name)))
    replace_parts(made, duplicate)
    return made


def replace_operands(s: n.Stmt, change: Callable[[n.Expr], n.Expr]) -> None:
    """Put ``change(x)`` in the place of each expression ``x`` of a statement itself."""
    _replace(s, _OPERAND_FIELDS.get(s.__class__, ()), change)


def replace_parts(x: n.Expr, change: Callable[[n.Expr], n.Expr]) -> None:
    """Put ``change(part)`` in the place of each expression directly inside an expression."""
    _replace(x, _PART_FIELDS.get(x.__class__, ()), change)


def _replace(node: n.Stmt | n.Expr, names: tuple[str, ...], change: Callable[[n.Expr], n.Expr]) -> None:
    for name in names:
        value = getattr(node, name)
        if value.__class__ is list:
            value[:] = [change(x) for x in value]
        elif value is not None:
            setattr(node, name, change(value))


_ASSIGNED: dict[type, Callable[[Any], Sequence[n.Variable]]] = {
    n.Assign: lambda s: (s.var if s.var.parent is None else s.var.find(),),  # a call less, once webs are settled
    n.Round: lambda s: () if s.var is None else (s.var.find(),),
    n.AssignMany: lambda s: [v.find() for v in s.vars],
    n.For: lambda s: [v.find() for v in s.vars],
    n.Call: lambda s: [v.find() for v in s.results],
    n.Unpack: lambda s: [v.find() for v in (*s.vars, *([s.reference] if s.reference else []))],
}

_LISTS: dict[type, Callable[[Any], tuple[list[n.Stmt], ...]]] = {
    n.If: attrgetter("then", "orelse"),
    n.Block: lambda s: (s.body,),
    n.Loop: lambda s: (s.body,),
    n.While: lambda s: (s.body,),
    n.For: attrgetter("body", "orelse"),
    n.Retry: lambda s: (s.body,),
    n.Switch: lambda s: tuple(s.arms),
    n.Try: attrgetter("body", "handler"),
}

_OPERAND_FIELDS: dict[type, tuple[str, ...]] = {
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

_PART_FIELDS: dict[type, tuple[str, ...]] = {
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
    n.Divided: ("rest", "quotient"),
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


_ONLY: dict[str, Callable[[Any], tuple[n.Expr]]] = {
    "address": lambda node: (node.address,),
    "condition": lambda node: (node.condition,),
    "index": lambda node: (node.index,),
    "object": lambda node: (node.object,),
    "value": lambda node: (node.value,),
    "vector": lambda node: (node.vector,),
    "x": lambda node: (node.x,),
}
"""What gets the only field of that name as a sequence; written out, it takes half the time."""


def _getter(cls: type, names: tuple[str, ...]) -> Callable[[Any], Sequence[n.Expr]]:
    """A function that gets what is in these fields of a node, in the fastest way: nothing is asked for more often."""
    declared = {each.name: str(each.type) for each in fields(cls)}
    types = [declared[name] for name in names]
    get: Callable[[Any], Any] = attrgetter(*names)
    if types == ["Expr"]:
        return _ONLY[names[0]]
    if types == ["list[Expr]"]:
        return lambda node: tuple(get(node))
    if types == ["Expr"] * len(types):
        return get
    if len(types) > 1 and types == [*["Expr"] * (len(types) - 1), "Expr | None"]:

        def get_all_or_but_the_last(node: Any) -> Sequence[n.Expr]:
            found: tuple[n.Expr, ...] = get(node)
            return found[:-1] if found[-1] is None else found

        return get_all_or_but_the_last

    def gather(node: Any) -> Sequence[n.Expr]:
        found: list[n.Expr] = []
        for name in names:
            value = getattr(node, name)
            if value.__class__ is list:
                found += value
            elif value is not None:
                found.append(value)
        return found

    return gather


_OPERANDS = {cls: _getter(cls, names) for cls, names in _OPERAND_FIELDS.items()}
_PARTS = {cls: _getter(cls, names) for cls, names in _PART_FIELDS.items()}
