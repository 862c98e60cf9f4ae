"""Going through the tree: what is inside of a node."""

from __future__ import annotations

from collections.abc import Iterator

from wasm2py.ir import nodes as n


def lists(s: n.Stmt) -> tuple[list[n.Stmt], ...]:
    """The lists of statements directly inside a statement."""
    if isinstance(s, n.If):
        return (s.then, s.orelse)
    if isinstance(s, (n.Block, n.Loop, n.While)):
        return (s.body,)
    if isinstance(s, n.Switch):
        return tuple(s.arms)
    if isinstance(s, n.Try):
        return (s.body, s.handler)
    return ()


def statements(body: list[n.Stmt]) -> Iterator[n.Stmt]:
    """All statements of a list, nested ones included, in no particular order."""
    pending = [body]
    while pending:
        for s in pending.pop():
            yield s
            pending += lists(s)


def assigned(s: n.Stmt) -> list[n.Variable]:
    """The webs that a statement itself assigns."""
    if isinstance(s, (n.Assign, n.Round)):
        return [s.var.find()]
    if isinstance(s, n.AssignMany):
        return [v.find() for v in s.vars]
    if isinstance(s, n.Call):
        return [v.find() for v in s.results]
    if isinstance(s, n.Unpack):
        return [v.find() for v in (*s.vars, *([s.reference] if s.reference else []))]
    return []


def operands(s: n.Stmt) -> list[n.Expr]:
    """The expressions of a statement itself."""
    if isinstance(s, (n.Assign, n.Round, n.GlobalSet, n.Eval, n.ThrowRef)):
        return [s.value]
    if isinstance(s, n.Throw):
        return s.args
    if isinstance(s, n.Store):
        return [s.address, s.value]
    if isinstance(s, n.Put):
        return [s.place, s.value]
    if isinstance(s, (n.AssignMany, n.Return)):
        return s.values
    if isinstance(s, (n.Call, n.TailCall)):
        return s.args if s.selector is None else [s.selector, *s.args]
    if isinstance(s, n.If):
        return [s.condition]
    if isinstance(s, n.Switch):
        return [s.index]
    if isinstance(s, n.While) and s.condition is not None:
        return [s.condition]
    return []


def parts(x: n.Expr) -> tuple[n.Expr, ...]:
    """The expressions directly inside an expression."""
    if isinstance(x, (n.Wrap, n.Extend, n.Negate, n.Not, n.BoolInt)):
        return (x.x,)
    if isinstance(x, (n.Binary, n.Divide, n.Compare, n.Logic)):
        return (x.a, x.b)
    if isinstance(x, n.Load):
        return (x.address,)
    if isinstance(x, n.Lane):
        return (x.vector,)
    if isinstance(x, n.Select):
        return (x.condition, x.a, x.b)
    if isinstance(x, (n.Apply, n.Method, n.New)):
        return tuple(x.args)
    if isinstance(x, n.Member):
        return (x.object,)
    if isinstance(x, n.Item):
        return (x.array, x.index)
    return (x.index,) if isinstance(x, n.Pick) else ()
