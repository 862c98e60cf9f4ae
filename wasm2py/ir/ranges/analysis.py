"""Interval analysis: which wraps are needed.

Every integer expression gets its smallest and largest value and its number of known low zero bits.  A
:class:`~wasm2py.ir.nodes.Wrap` whose operand is in range does nothing; others get the cheapest way to do it.  Loads,
stores and comparisons choose their signedness by the same intervals.

The analysis follows the structured tree with one interval per variable and path.  Comparisons narrow the intervals on
both of their branches, and so does a memory access: an address that has not trapped lies within the memory, whose size
is limited (:data:`~wasm2py.ir.ranges.expressions.MEMORY_CAP`), so pointers that step through an array never overflow.

Each pass over a function is linear in its size, and their number is bounded; :mod:`wasm2py.ir.ranges.loops` says why
there are several.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import compress
from operator import is_not

from wasm2py.ir import nodes as n
from wasm2py.ir.conventions import Conventions
from wasm2py.ir.ranges.expressions import EXPRESSIONS
from wasm2py.ir.ranges.intervals import hull
from wasm2py.ir.ranges.knowledge import State
from wasm2py.ir.ranges.loops import LoopRanges
from wasm2py.wasm.module import Module
from wasm2py.wasm.types import I32

MAX_WIDENING = 8
"""Passes after which loops that still change are given up: nothing is assumed about what they carry."""


def analyse(function: n.Function, module: Module, conventions: Conventions, narrowing: int = 1) -> None:
    """Annotate all wraps, memory accesses, divisions and comparisons of a function.

    :param conventions: what is known of globals, and of what other functions pass to this one
    :param narrowing: number of passes that narrow what is assumed about loops; 0 assumes nothing from the start
    """
    analysis = _Analysis(function, module, conventions)
    _run(analysis, narrowing)


def _run(analysis: _Analysis, narrowing: int) -> None:
    """Make all passes; the last one is what counts."""
    if narrowing == 0:
        analysis.assume_nothing = True
        analysis.run()
        return
    for _ in range(MAX_WIDENING):
        if not analysis.run():
            break
    else:
        analysis.assume_nothing = True
        analysis.run()
        analysis.assume_nothing = False
    if analysis.headers:
        analysis.narrowing = True
        for _ in range(narrowing):
            if analysis.is_settled():
                break
            analysis.run()


class _Analysis(LoopRanges):
    """Goes over statements."""

    def __init__(self, function: n.Function, module: Module, conventions: Conventions) -> None:
        super().__init__(function, module, conventions)
        self.function = function

    def run(self) -> bool:
        """One pass; returns whether an assumption about a loop has turned out too narrow."""
        self.back_edges = self.labels
        self.labels = {}
        self.state = {}
        for number, variable in enumerate(self.function.params):
            self.arrive(variable, ("param", self.function.index, number))
        self.changed = False
        self.statements(self.function.body)
        return self.changed

    # ------------------------------------------------------------------------------------------------------ statements

    def statements(self, body: list[n.Stmt]) -> None:
        """Go over a list."""
        handlers = STATEMENTS
        for statement in body:
            handlers[statement.__class__](self, statement)

    def arrive(self, variable: n.Variable, place: n.Place) -> None:
        """A variable takes what another function passes."""
        if n.is_int(variable.type) and (zeros := self.conventions.known_zeros(place)):
            low, high, _ = self.top(variable)
            shift = self.conventions.shift(place)
            self.remember(variable, (low, high >> shift, zeros - shift))

    def on_assign(self, s: n.Assign) -> None:
        value = s.value
        interval = EXPRESSIONS[value.__class__](self, value)
        if s.var.parent is not None:
            s.var = s.var.find()
        if interval is not None and s.var.type.__class__ is I32.__class__:
            self.remember(s.var, interval)

    def on_assign_many(self, s: n.AssignMany) -> None:
        intervals = [self.expr(x) for x in s.values]
        s.vars = [v.find() for v in s.vars]
        for variable, interval in zip(s.vars, intervals, strict=True):
            if interval is not None and n.is_int(variable.type):
                self.remember(variable, interval)

    def on_round(self, s: n.Round) -> None:
        self.expr(s.value)
        if s.var is not None:
            s.var = s.var.find()

    def on_eval(self, s: n.Eval | n.GlobalSet) -> None:
        self.expr(s.value)

    def on_nothing(self, s: n.Stmt) -> None:
        pass

    def on_store(self, s: n.Store) -> None:
        value = self.expr(s.value)
        if value is not None and s.item in "BHIQ":
            bits = 8 * s.width
            low, high, _ = value
            s.signed = low < 0 and low >= -1 << bits - 1 and high < 1 << bits - 1
            s.mask = not s.signed and (low < 0 or high >= 1 << bits)
            s.span = (low, high)
        self.access(s)

    def on_put(self, s: n.Put) -> None:
        self.expr(s.value)
        self.expr(s.place)

    def on_call(self, s: n.Call | n.TailCall) -> None:
        if s.selector is not None:
            self.expr(s.selector)
        for x in s.args:
            self.expr(x)
        if isinstance(s, n.Call):
            s.results = [v.find() for v in s.results]
            for number, variable in enumerate(s.results):
                self.forget(variable)
                if s.callee is not None:
                    self.arrive(variable, ("result", s.callee, number))
        else:
            self.state = None

    def on_block(self, s: n.Block) -> None:
        s.label.results = [v.find() for v in s.label.results]
        self.statements(s.body)
        self.state = _join(self.state, self.labels.get(s.label))

    def on_loop(self, s: n.Loop) -> None:
        assumed = self.enter(s)
        self.loops += 1
        self.statements(s.body)
        self.loops -= 1
        self.confirm(s.label, assumed)
        self.state = None

    def on_if(self, s: n.If) -> None:
        self.expr(s.condition)
        before = self.known()
        self.state = before.copy()
        self.learn(s.condition, True)
        self.statements(s.then)
        after, self.state = self.state, before
        self.learn(s.condition, False)
        self.statements(s.orelse)
        self.state = _join(after, self.state)

    def on_switch(self, s: n.Switch) -> None:
        self.expr(s.index)
        before = self.known()
        for arm in s.arms:
            self.state = before.copy()
            self.statements(arm)
        self.state = None

    def on_br(self, s: n.Br) -> None:
        label = s.label
        arrived = self.labels.get(label)
        self.labels[label] = self.known() if arrived is None else _join(arrived, self.state) or {}
        self.state = None

    def on_return(self, s: n.Return) -> None:
        for x in s.values:
            self.expr(x)
        self.state = None

    def on_try(self, s: n.Try) -> None:
        before = self.known().copy()
        self.tries += 1
        number = self.tries
        self.statements(s.body)
        after = self.state
        unchanged = {v: known for v, known in before.items() if self.assigned_in.get(v, 0) < number}
        self.state = unchanged  # what the body assigns may have been assigned or not
        self.statements(s.handler)
        self.state = _join(after, self.state)

    def on_unpack(self, s: n.Unpack) -> None:
        s.vars = [v.find() for v in s.vars]
        for variable in s.vars:
            self.forget(variable)
        if s.reference is not None:
            s.reference = s.reference.find()

    def on_throw(self, s: n.Throw) -> None:
        for x in s.args:
            self.expr(x)
        self.state = None

    def on_throw_ref(self, s: n.ThrowRef) -> None:
        self.expr(s.value)
        self.state = None

    def on_unreachable(self, s: n.Unreachable) -> None:
        self.state = None


def _join(a: State | None, b: State | None) -> State | None:
    """What is known where two paths meet."""
    if a is None:
        return b
    if b is None:
        return a
    joined = a.copy()
    # Most of what is known is the very same on both paths, which takes no Python code to see.
    for variable in compress(a, map(is_not, a.values(), map(b.get, a))):
        other = b.get(variable)
        if other is None:
            del joined[variable]
        else:
            joined[variable] = hull(a[variable], other)
    return joined


# A table of methods of one parameter of the class that they are for, which a type checker cannot express.
STATEMENTS: dict[type, Callable[..., None]] = {
    n.Assign: _Analysis.on_assign,
    n.AssignMany: _Analysis.on_assign_many,
    n.Round: _Analysis.on_round,
    n.GlobalSet: _Analysis.on_eval,
    n.Eval: _Analysis.on_eval,
    n.DropSegment: _Analysis.on_nothing,
    n.Store: _Analysis.on_store,
    n.Put: _Analysis.on_put,
    n.Call: _Analysis.on_call,
    n.TailCall: _Analysis.on_call,
    n.Block: _Analysis.on_block,
    n.Loop: _Analysis.on_loop,
    n.If: _Analysis.on_if,
    n.Switch: _Analysis.on_switch,
    n.Br: _Analysis.on_br,
    n.Return: _Analysis.on_return,
    n.Unreachable: _Analysis.on_unreachable,
    n.Reraise: _Analysis.on_unreachable,
    n.Throw: _Analysis.on_throw,
    n.ThrowRef: _Analysis.on_throw_ref,
    n.Try: _Analysis.on_try,
    n.Unpack: _Analysis.on_unpack,
}
