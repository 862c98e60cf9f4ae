"""Invariants of the IR between stages, so that the stage that breaks one gets the blame.

Tests run this after each stage; the road itself does not.  All walks use work lists: trees may be deeper than Python's
stack.
"""

from __future__ import annotations

from collections.abc import Iterator

from wasm2py.errors import InternalError
from wasm2py.ir import nodes as n
from wasm2py.ir.walk import lists, operands, parts

STAGES = ("build", "ranges", "optimise", "structure")
"""The stages, in order."""

MAX_SUITES = 100
"""Python's tokenizer allows 100 levels of indentation; the module's factory and the function take two."""

MAX_OPEN_LOOPS = 20
"""Python's compiler allows 20 statically nested loops."""

_LEAVING = (n.Return, n.Unreachable, n.TailCall, n.Throw, n.ThrowRef, n.Reraise)
_TERMINATORS = (n.Br, *_LEAVING, n.Switch, n.Loop, n.Break, n.Continue)
_WASM_CONTROL = (n.Block, n.Loop, n.Br, n.Switch)
_PYTHON_CONTROL = (n.While, n.Break, n.Continue)


def check(function: n.Function, stage: str) -> None:
    """Check the invariants that hold after a stage.

    :param stage: one of :data:`STAGES`
    :raises InternalError: the stage has broken one
    """
    assert stage in STAGES, stage
    _Checker(function, stage).run()


class _Checker:
    """The state of checking one function."""

    def __init__(self, function: n.Function, stage: str) -> None:
        self.function = function
        self.stage = stage
        self.known = {*function.params, *function.variables}
        self.uses: dict[n.Label, int] = {}
        self.seen: set[int] = set()

    def fail(self, what: str) -> InternalError:
        """The error for a broken invariant."""
        return InternalError(f"after {self.stage}, function {self.function.index}: {what}")

    def run(self) -> None:
        """Check the whole tree."""
        for variable in self.function.variables:
            if variable.parent is not None:
                raise self.fail(f"variable {variable.index} is not the representative of its web")
            if variable.signed and not n.is_int(variable.type):
                raise self.fail(f"variable {variable.index} of type {variable.type} is kept in signed form")
        indices = [v.index for v in self.known]
        if len(set(indices)) != len(indices):
            raise self.fail("two variables share an index")
        scopes: list[tuple[list[n.Stmt], frozenset[n.Label], int, int]] = [(self.function.body, frozenset(), 0, 0)]
        while scopes:
            body, labels, loops, depth = scopes.pop()
            self.body(body)
            for s in body:
                scopes += [(inner, *self.scope(s, labels, loops, depth)) for inner in lists(s)]
                self.statement(s, labels, loops)
        if self.stage != "structure":
            for label, uses in self.uses.items():
                if label.uses != uses:
                    raise self.fail(f"label {label.index} has {uses} branches, but counts {label.uses}")

    def body(self, body: list[n.Stmt]) -> None:
        """No statement follows one that control never leaves at its end."""
        if id(body) in self.seen:
            raise self.fail("a list of statements occurs twice in the tree")
        self.seen.add(id(body))
        for s in body[:-1]:
            if isinstance(s, _TERMINATORS):
                raise self.fail(f"a statement follows {type(s).__name__}")

    def scope(
        self, s: n.Stmt, labels: frozenset[n.Label], loops: int, depth: int
    ) -> tuple[frozenset[n.Label], int, int]:
        """What the lists in a statement are inside of: labels, Python loops, suites."""
        if isinstance(s, (n.Block, n.Loop)):
            if s.label in labels:
                raise self.fail(f"label {s.label.index} is nested in itself")
            labels |= {s.label}
        if self.stage == "structure":
            depth += 1
            if depth + 2 > MAX_SUITES:
                raise self.fail("too deeply nested for Python")
        if isinstance(s, (n.While, n.For)):
            loops += 1
            if loops > MAX_OPEN_LOOPS:
                raise self.fail(f"{loops} nested loops, of which Python allows {MAX_OPEN_LOOPS}")
        return labels, loops, depth

    def statement(self, s: n.Stmt, labels: frozenset[n.Label], loops: int) -> None:
        """A statement by itself."""
        if id(s) in self.seen and not isinstance(s, (n.Break, n.Continue)) and self.stage != "structure":
            raise self.fail(f"{type(s).__name__} occurs twice in the tree")
        self.seen.add(id(s))
        foreign = _WASM_CONTROL if self.stage == "structure" else _PYTHON_CONTROL
        if isinstance(s, foreign):
            raise self.fail(f"{type(s).__name__} is out of place")
        if isinstance(s, (n.Break, n.Continue)) and not loops:
            raise self.fail(f"{type(s).__name__} outside of a loop")
        if isinstance(s, n.Br):
            if s.label not in labels:
                raise self.fail(f"branch to label {s.label.index}, which is not around it")
            self.uses[s.label] = self.uses.get(s.label, 0) + 1
        elif isinstance(s, n.Block):
            self.uses.setdefault(s.label, 0)
        elif isinstance(s, n.Loop):
            self.uses.setdefault(s.label, 0)
            if _falls(s.body):
                raise self.fail(f"control falls out of the end of loop {s.label.index}")
        elif isinstance(s, n.Switch):
            if not all(0 <= case < len(s.arms) for case in (*s.cases, s.default)):
                raise self.fail("a switch without the arm of a case")
            if any(_falls(arm) for arm in s.arms):
                raise self.fail("control falls out of an arm of a switch")
        elif isinstance(s, n.Return) and len(s.values) != len(self.function.results):
            raise self.fail(f"{len(s.values)} values are returned, of {len(self.function.results)}")
        for variable in _variables(s):
            self.variable(variable)
        for x in operands(s):
            self.expression(x)

    def expression(self, x: n.Expr) -> None:
        """An expression and its operands."""
        for node in _walk(x):
            for variable in _variables(node):
                self.variable(variable)
            if isinstance(node, n.Load) and node.signed and node.item not in "BHIQ":
                raise self.fail(f"a signed load of {node.item}")

    def variable(self, variable: n.Variable) -> None:
        """A variable that the tree mentions."""
        if variable.parent is not None and self.stage != "build":
            raise self.fail(f"variable {variable.index} is not resolved to its web")
        if variable.find() not in self.known:
            raise self.fail(f"variable {variable.index} does not belong to the function")


def _variables(node: n.Stmt | n.Expr) -> Iterator[n.Variable]:
    """The variables that a node itself mentions, resolved or not."""
    if isinstance(node, (n.Assign, n.Get)):
        yield node.var
    elif isinstance(node, (n.AssignMany, n.For)):
        yield from node.vars
    elif isinstance(node, n.Call):
        yield from node.results
    elif isinstance(node, n.Unpack):
        yield from node.vars
        if node.reference is not None:
            yield node.reference
    elif isinstance(node, (n.Round, n.Wrap)) and node.var is not None:
        yield node.var
    elif isinstance(node, n.Loop):
        yield from node.carried
        if node.counting is not None and node.counting.var is not None:
            yield node.counting.var


def _walk(x: n.Expr) -> Iterator[n.Expr]:
    """An expression and all its operands."""
    pending = [x]
    while pending:
        node = pending.pop()
        yield node
        pending += parts(node)


def _falls(body: list[n.Stmt]) -> bool:
    """Whether control can reach the end of a list."""
    while body:
        last = body[-1]
        if isinstance(last, n.If):
            if _falls(last.then):
                return True
            body = last.orelse
            continue
        if isinstance(last, n.While):
            return True  # by a break
        if isinstance(last, n.Try):
            if _falls(last.body):
                return True
            body = last.handler
            continue
        return not isinstance(last, _TERMINATORS)
    return True
