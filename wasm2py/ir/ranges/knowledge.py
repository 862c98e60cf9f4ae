"""What is known of integer variables at a point of the analysis, and what conditions add to it."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.operators import canonical
from wasm2py.ir.ranges.definitions import find_definitions
from wasm2py.ir.ranges.intervals import ARITHMETIC, single
from wasm2py.wasm.types import I32, I64

State = dict[n.Variable, n.Range]
"""The ranges of variables; one that is missing may have any value of its form."""

MAX_KNOWN = 150
"""Variables about which something is remembered at any point, at least; at most twice as many."""

_NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


_TOPS = {
    (wide, signed): (*canonical(64 if wide else 32, signed), 0) for wide in (False, True) for signed in (False, True)
}
"""All values of a form."""


class Knowledge:
    """The ranges of variables where the analysis is."""

    def __init__(self, function: n.Function) -> None:
        self.state: State | None = None
        """``None`` in unreachable code."""
        self.definitions = find_definitions(function)
        self.tries = 0
        """How many statements that catch have begun."""
        self.assigned_in: dict[n.Variable, int] = {}
        """That number at the latest assignment to each integer."""

    def known(self) -> State:
        """The state of reachable code."""
        assert self.state is not None
        return self.state

    def remember(self, variable: n.Variable, interval: n.Range) -> None:
        """What is known of a variable that has just been assigned.

        Most are dead soon, so that only the latest are kept: copying and joining what is known stays bounded.
        """
        state = self.known()
        state.pop(variable, None)  # dicts keep the order of insertion
        state[variable] = interval
        self.assigned_in[variable] = self.tries
        if len(state) > 2 * MAX_KNOWN:
            for old in list(state)[:MAX_KNOWN]:
                del state[old]

    def forget(self, variable: n.Variable) -> None:
        """Nothing is known of a variable that has just been assigned."""
        self.known().pop(variable, None)
        self.assigned_in[variable] = self.tries

    def top(self, variable: n.Variable) -> n.Range:
        """All values of a variable's form, or all that it may hold in none."""
        if variable.modular:
            return variable.modular
        return _TOPS[variable.type is I64, variable.signed]

    def on_get(self, x: n.Get) -> n.Range | None:
        """The range of an expression that is a variable."""
        variable = x.var
        if variable.parent is not None:
            x.var = variable = variable.find()
        if variable.type is not I32 and variable.type is not I64:
            return None
        state = self.state
        assert state is not None
        interval = state.get(variable) or self.top(variable)
        if variable in self.definitions and (definition := self.definitions[variable]).wrap.mode == n.NOTHING:
            source = state.get(definition.source) or self.top(definition.source)
            low, high, zeros = ARITHMETIC[definition.op](source, single(definition.constant.value))
            return (max(interval[0], low), min(interval[1], high), max(interval[2], zeros))
        return interval

    def learn(self, condition: n.Expr, truth: bool) -> None:
        """Narrow variables by a condition that has turned out ``truth``."""
        if isinstance(condition, n.Compare):
            left, right = condition.ranges
            if left is None or right is None:
                return
            op = condition.op if truth else _NEGATED[condition.op]
            self.narrow(condition.a, op, left, right)
            self.narrow(condition.b, _MIRRORED[op], right, left)
        elif isinstance(condition, n.Not):
            self.learn(condition.x, not truth)
        elif isinstance(condition, n.Logic):
            if truth == (condition.op == "and"):
                self.learn(condition.a, truth)
                self.learn(condition.b, truth)
        elif isinstance(condition, n.Wrap) and condition.form == "t" and isinstance(condition.x, n.Get):
            interval = self.on_get(condition.x)
            if interval is not None and condition.mode == n.NOTHING:
                self.narrow(condition, "!=" if truth else "==", interval, (0, 0, 64))

    def narrow(self, side: n.Expr, op: str, mine: n.Range, other: n.Range) -> None:
        """One side of a comparison that holds."""
        if side.__class__ is not n.Wrap:
            return
        low, high, zeros = mine
        if op == "==":
            low, high, zeros = max(low, other[0]), min(high, other[1]), max(zeros, other[2])
        elif op == "!=":
            if other[0] == other[1]:
                low += low == other[0]
                high -= high == other[0]
        elif op == "<":
            high = high if high < other[1] else other[1] - 1
        elif op == "<=":
            high = high if high < other[1] else other[1]
        elif op == ">":
            low = low if low > other[0] else other[0] + 1
        else:
            low = low if low > other[0] else other[0]
        if low > high:
            return
        if side.mode == n.TO_SIGNED:  # an unsigned variable compared as signed
            if low < 0:
                return
        elif side.mode != n.NOTHING:
            return
        x = side.x
        if x.__class__ is n.Binary and x.op == "+" and x.b.__class__ is n.Const and side.mode == n.NOTHING:
            low, high, zeros = low - x.b.value, high - x.b.value, 0
            x = x.a
        if x.__class__ is n.Get:
            self.limit(x.var, low, high, zeros)

    def limit(self, variable: n.Variable, low: int, high: int, zeros: int) -> None:
        """Narrow a variable, and the one that it was made from by adding a constant."""
        state = self.known()
        now = state.get(variable) or self.top(variable)
        low = low if low > now[0] else now[0]
        high = high if high < now[1] else now[1]
        if low > high:
            return
        state[variable] = (low, high, zeros if zeros > now[2] else now[2])
        if variable not in self.definitions:
            return
        definition = self.definitions[variable]
        if definition.wrap.mode == n.NOTHING and definition.op in "+-":
            constant = definition.constant.value
            back = -constant if definition.op == "+" else constant
            self.limit(definition.source, low + back, high + back, 0)
