"""What is assumed about the integers that a loop carries, and what the number of its turns says about them.

A pass over the function assumes an interval for every variable that a loop carries.  The first passes start from what
enters the loop and widen each assumption by what arrives at the back edges, until none changes: then the assumptions
hold by induction.  The last passes narrow them again: what enters, joined with what the previous pass found at the back
edges, is an over-approximation whenever the previous assumptions were.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.conventions import Conventions
from wasm2py.ir.ranges.expressions import ExpressionRanges
from wasm2py.ir.ranges.growth import Group, find_groups
from wasm2py.ir.ranges.induction import Induction, find_inductions
from wasm2py.ir.ranges.intervals import hull, single, trailing_zeros, widen
from wasm2py.ir.ranges.knowledge import State
from wasm2py.wasm.module import Module

MAX_INDUCTION_LOOPS = 20
"""Loops nested deeper are not searched for induction variables: each search goes over all that a loop contains."""


class LoopRanges(ExpressionRanges):
    """Goes into loops and out of them."""

    def __init__(self, function: n.Function, module: Module, conventions: Conventions) -> None:
        super().__init__(function, module, conventions)
        self.labels: dict[n.Label, State] = {}
        """What arrives at each label in this pass."""
        self.back_edges: dict[n.Label, State] = {}
        """What arrived there in the pass before."""
        self.headers: dict[n.Label, State] = {}
        """What is assumed about the variables that each loop carries."""
        self.entering: dict[n.Label, State] = {}
        """What they are where each loop begins."""
        self.retracted: set[tuple[n.Label, n.Variable]] = set()
        """Variables about which too much was assumed once."""
        self.inductions: dict[n.Label, list[Induction]] = {}
        self.groups: dict[n.Label, list[Group]] = {}
        self.loops = 0
        """How many are open."""
        self.assume_nothing = False
        self.narrowing = False
        self.changed = False
        """Whether an assumption about a loop has turned out too narrow."""

    def enter(self, s: n.Loop) -> State:
        """At the beginning of a loop; returns what is assumed."""
        label = s.label
        if label not in self.inductions:
            label.results = [v.find() for v in label.results]
            s.carried = list(dict.fromkeys(v.find() for v in s.carried))
            self.inductions[label] = find_inductions(s) if self.loops < MAX_INDUCTION_LOOPS else []
            if self.inductions[label] and self.inductions[label][0].bound is not None:
                self.groups[label] = find_groups(s)
        state = self.known()
        entering = {v: state.get(v) or self.top(v) for v in s.carried if n.is_int(v.type)}
        self.entering[label] = entering
        assumed = self.assumption(label, entering)
        state.update(assumed)
        turns = self.count(s, self.inductions[label], entering)
        if turns:
            self.limit_groups(self.groups[label], turns, entering)
        self.headers[label] = assumed
        return assumed

    def confirm(self, label: n.Label, assumed: State) -> None:
        """At the end of a loop: whether what arrives at its label is as assumed."""
        arrived = self.labels.get(label)
        if not self.narrowing and arrived is not None:
            for variable, (low, high, zeros) in assumed.items():
                again = arrived.get(variable) or self.top(variable)
                if again[0] < low or again[1] > high or again[2] < zeros:
                    self.changed = True

    def assumption(self, label: n.Label, entering: State) -> State:
        """What to assume about the carried variables in this pass."""
        if self.assume_nothing:
            return {v: self.top(v) for v in entering}
        before = self.headers.get(label)
        if before is None:
            self.changed = True  # assumed for the first time, to be confirmed
            return entering
        arriving = self.arriving(entering, self.back_edges.get(label))
        if self.narrowing:
            return arriving
        return {
            v: self.retract(label, v, before[v], entering[v], r) or widen(before[v], r, self.top(v))
            for v, r in arriving.items()
        }

    def retract(
        self, label: n.Label, variable: n.Variable, before: n.Range, entering: n.Range, now: n.Range
    ) -> n.Range | None:
        """What to assume about a variable if an end of what was assumed before was wrong.

        Where one end has been widened too far, what is added to it wraps around and comes back at the other end.  So
        where that one moves outwards and the first one inwards, it is the first one that moves; but only once.
        """
        zeros = min(before[2], now[2])
        if now[0] < before[0] <= entering[0] and now[1] < before[1]:
            assumed = (before[0], now[1], zeros)
        elif now[1] > before[1] >= entering[1] and now[0] > before[0]:
            assumed = (now[0], before[1], zeros)
        else:
            return None
        if (label, variable) in self.retracted:
            return None
        self.retracted.add((label, variable))
        return assumed

    def arriving(self, entering: State, back: State | None) -> State:
        """What comes to the start of a loop from before it or from its back edges."""
        if back is None:
            return entering
        return {v: hull(r, back.get(v) or self.top(v)) for v, r in entering.items()}

    def is_settled(self) -> bool:
        """Whether a pass that narrows would assume what the latest one has, and so find the same."""
        return all(
            self.arriving(self.entering[label], self.labels.get(label)) == assumed
            for label, assumed in self.headers.items()
        )

    def count(self, s: n.Loop, inductions: list[Induction], entering: State) -> int:
        """Limit induction variables by the number of turns that the first one leaves the loop; 0 for unknown."""
        s.most, s.proven = None, False
        if not inductions or inductions[0].bound is None:
            return 0
        main = inductions[0]
        assert main.bound is not None
        start = entering[main.variable]
        if isinstance(main.bound, n.Const):
            value = main.bound.value % (1 << main.bound.bits)
            bound = single(value if value <= self.top(main.variable)[1] else value - (1 << main.bound.bits))
        else:
            bound = self.expr(main.bound) or self.top(main.variable)
        step = abs(main.step)
        gap = (
            (bound[0] - start[1], bound[1] - start[0]) if main.step > 0 else (start[0] - bound[1], start[1] - bound[0])
        )
        if gap[0] >= 0:
            s.most = -(-gap[1] // step)
        if main.op == "!=" and (gap[0] <= 0 or not _meets(gap, step, min(start[2], bound[2]))):
            return 0  # it might start behind the bound or step over it
        turns = max(1, -(-gap[1] // step))
        for induction in inductions:
            variable = induction.variable
            low, high, zeros = entering[variable]
            change = induction.step * (turns - 1)
            first, last = (low, high + change) if change > 0 else (low + change, high)
            if induction is main and gap[0] > 0:  # no turn begins at the bound or behind it
                least = step if main.op == "!=" else 1
                if main.step > 0:
                    last = min(last, bound[1] - least)
                else:
                    first = max(first, bound[0] + least)
            top = self.top(variable)
            after = induction.step if induction is main else 0  # what it is behind the loop is known, too
            if min(first, first + after) < top[0] or max(last, last + after) > top[1]:  # it might wrap around
                if induction is main:
                    return 0
                continue
            zeros = min(zeros, trailing_zeros(induction.step))
            now = self.known()[variable]
            self.known()[variable] = (max(now[0], first), min(now[1], last), max(now[2], zeros))
        s.proven = gap[0] > 0
        return turns

    def limit_groups(self, groups: list[Group], turns: int, entering: State) -> None:
        """Limit counters by what they start from and what each turn adds."""
        state = self.known()
        for group in groups:
            starts = [entering[v] for v in group.variables if v in entering]
            starts += [state.get(v) or self.top(v) for v in group.sources]
            starts += [(low, high, 0) for low, high in group.resets]
            low = min(start[0] for start in starts) + group.down * (turns - 1)
            high = max(start[1] for start in starts) + group.up * (turns - 1)
            for variable in group.variables:
                top = self.top(variable)
                if low + group.down < top[0] or high + group.up > top[1]:
                    break  # it might wrap around
            else:
                for variable in group.variables:
                    if variable in entering:
                        now = state[variable]
                        state[variable] = (max(now[0], low), min(now[1], high), now[2])


def _meets(gap: tuple[int, int], step: int, zeros: int) -> bool:
    """Whether steps lead exactly from one end of a gap to the other.

    :param gap: smallest and largest size that it may have
    :param zeros: number of low bits that are zero at both ends
    """
    if gap[0] == gap[1]:
        return not gap[0] % step
    return not step & step - 1 and zeros >= step.bit_length() - 1
