"""Interval analysis: which wraps are needed.

Every integer expression gets its smallest and largest value and its number of known low zero bits.  A
:class:`~wasm2py.ir.nodes.Wrap` whose operand is in range does nothing; others get the cheapest way to do it.  Loads,
stores and comparisons choose their signedness by the same intervals.

The analysis follows the structured tree with one interval per variable and path.  Comparisons narrow the intervals on
both of their branches, and so does a memory access: an address that has not trapped lies within the memory, whose
size is limited (:data:`MEMORY_CAP`), so pointers that step through an array never overflow.

Loops: a pass over the function assumes an interval for every variable that a loop carries.  The first passes start
from what enters the loop and widen each assumption by what arrives at the back edges, until none changes: then the
assumptions hold by induction.  The last passes narrow them again: what enters, joined with what the previous pass found
at the back edges, is an over-approximation whenever the previous assumptions were.  Each pass is linear in the size of
the function, and their number is bounded.
"""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.ir import nodes as n
from wasm2py.ir.assumptions import AssumptionFailed, Assumptions
from wasm2py.ir.definitions import find_definitions
from wasm2py.ir.growth import Group, find_groups
from wasm2py.ir.induction import Induction, find_inductions
from wasm2py.ir.intervals import ARITHMETIC, hull, item, single, trailing_zeros, widen
from wasm2py.ir.operators import canonical
from wasm2py.ir.walk import parts
from wasm2py.wasm.module import Module
from wasm2py.wasm.types import I32, I64, Limits

Range = n.Range
State = dict[n.Variable, Range]

MEMORY_CAP = 1 << 31
"""Bytes that a memory of the runtime never exceeds unless declared to start larger (see runtime_support.memory)."""

MEMORY_LIMIT = {False: 1 << 32, True: 1 << 64}
"""Bytes that no memory exceeds (spec, section 3.2.15), with 32-bit and 64-bit addresses; all that is known of an
imported one."""

_ONE_DIGIT = 2**30
"""CPython's fast paths take integers below this magnitude."""

_NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


MAX_INDUCTION_LOOPS = 20
"""Loops nested deeper are not searched for induction variables: each search goes over all that a loop contains."""

MAX_KNOWN = 150
"""Variables about which something is remembered at any point, at least; at most twice as many."""

MAX_WIDENING = 8
"""Passes after which loops that still change are given up: nothing is assumed about what they carry."""


def analyse(function: n.Function, module: Module, assumptions: Assumptions, narrowing: int = 1) -> None:
    """Annotate all wraps, memory accesses, divisions and comparisons of a function.

    :param assumptions: what is taken for granted about globals
    :param narrowing: number of passes that narrow what is assumed about loops; 0 assumes nothing from the start
    :raises AssumptionFailed: the function does not keep to the assumptions
    """
    analysis = _Analysis(function, module, assumptions)
    _run(analysis, narrowing)
    if analysis.failed:
        raise AssumptionFailed(min(analysis.failed))


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
            analysis.run()


class _Analysis:
    """The state of analysing one function."""

    def __init__(self, function: n.Function, module: Module, assumptions: Assumptions) -> None:
        self.function = function
        self.aligned = assumptions.aligned
        self.failed: set[int] = set()
        """Globals that are assigned something less aligned than assumed."""
        imported = module.imported_memories
        self.caps = [_cap(m.limits, imported=i < imported) for i, m in enumerate(module.memories)]
        self.state: State | None = None
        self.labels: dict[n.Label, State] = {}
        self.back_edges: dict[n.Label, State] = {}
        self.inductions: dict[n.Label, list[Induction]] = {}
        self.groups: dict[n.Label, list[Group]] = {}
        self.definitions = find_definitions(function)
        self.headers: dict[n.Label, State] = {}
        """What is assumed about the variables that each loop carries."""
        self.tries = 0
        """How many statements that catch have begun."""
        self.assigned_in: dict[n.Variable, int] = {}
        """That number at the latest assignment to each integer."""
        self.loops = 0  # that are open
        self.conditional = 0  # inside code that is evaluated only sometimes: nothing may be learned from it
        self.assume_nothing = False
        self.narrowing = False
        self.changed = False

    def run(self) -> bool:
        """One pass; returns whether an assumption about a loop has turned out too narrow."""
        self.back_edges = self.labels
        self.labels = {}
        self.state = {}
        self.changed = False
        self.failed = set()
        self.statements(self.function.body)
        return self.changed

    # ------------------------------------------------------------------------------------------------------ statements

    def statements(self, body: list[n.Stmt]) -> None:
        """Go over a list."""
        handlers = _STATEMENTS
        for statement in body:
            handlers[statement.__class__](self, statement)

    def known(self) -> State:
        """The state of reachable code."""
        assert self.state is not None
        return self.state

    def remember(self, variable: n.Variable, interval: Range) -> None:
        """What is known of a variable that has just been assigned.

        Most are dead soon, so that only the latest are kept: copying and joining what is known stays bounded.
        """
        state = self.known()
        self.forget(variable)  # dicts keep the order of insertion
        state[variable] = interval
        if len(state) > 2 * MAX_KNOWN:
            for old in list(state)[:MAX_KNOWN]:
                del state[old]

    def forget(self, variable: n.Variable) -> None:
        """Nothing is known of a variable that has just been assigned."""
        self.known().pop(variable, None)
        self.assigned_in[variable] = self.tries

    def on_assign(self, s: n.Assign) -> None:
        interval = self.expr(s.value)
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
        s.var = s.var.find()

    def on_eval(self, s: n.Eval) -> None:
        self.expr(s.value)

    def on_global_set(self, s: n.GlobalSet) -> None:
        interval = self.expr(s.value)
        if interval is not None and interval[2] < self.aligned.get(s.index, 0):
            self.failed.add(s.index)

    def on_nothing(self, s: n.Stmt) -> None:
        pass

    def on_store(self, s: n.Store) -> None:
        value = self.expr(s.value)
        if value is not None and s.item in "BHIQ":
            bits = 8 * s.width
            low, high, _ = value
            s.signed = low < 0 and low >= -1 << bits - 1 and high < 1 << bits - 1
            s.mask = not s.signed and (low < 0 or high >= 1 << bits)
        self.access(s)

    def on_put(self, s: n.Put) -> None:
        self.expr(s.value)
        self.expr(s.place)

    def access(self, node: n.Load | n.Store) -> None:
        """Note whether an address is aligned, and what is known once it has not trapped."""
        address = self.expr(node.address)
        assert address is not None
        below = min(node.width, 8) - 1
        if address[0] == address[1]:
            node.aligned = not address[0] + node.offset & below
        else:
            node.aligned = not (node.offset | 1 << address[2]) & below
        wrap = node.address
        if self.conditional or not isinstance(wrap, n.Wrap) or wrap.mode != n.NOTHING:
            return
        x = wrap.x
        limit = self.caps[node.memory] - node.width - node.offset
        if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.b, n.Const):
            limit -= x.b.value
            x = x.a
        if isinstance(x, n.Get) and limit >= 0:
            low, high, zeros = self.expr(x) or (0, 0, 0)
            if low <= limit < high:
                self.known()[x.var] = (low, limit, zeros)

    def on_call(self, s: n.Call | n.TailCall) -> None:
        if s.selector is not None:
            self.expr(s.selector)
        for x in s.args:
            self.expr(x)
        if isinstance(s, n.Call):
            s.results = [v.find() for v in s.results]
            for variable in s.results:
                self.forget(variable)
        else:
            self.state = None

    def on_block(self, s: n.Block) -> None:
        s.label.results = [v.find() for v in s.label.results]
        self.statements(s.body)
        self.state = _join(self.state, self.labels.get(s.label))

    def on_loop(self, s: n.Loop) -> None:
        label = s.label
        if label not in self.inductions:
            label.results = [v.find() for v in label.results]
            s.carried = list(dict.fromkeys(v.find() for v in s.carried))
            self.inductions[label] = find_inductions(s) if self.loops < MAX_INDUCTION_LOOPS else []
            if self.inductions[label] and self.inductions[label][0].bound is not None:
                self.groups[label] = find_groups(s)
        state = self.known()
        entering = {v: state.get(v) or self.top(v) for v in s.carried if n.is_int(v.type)}
        assumed = self.assumption(label, entering)
        state.update(assumed)
        turns = self.count(self.inductions[label], entering)
        if turns:
            self.limit_groups(self.groups[label], turns, entering)
        self.headers[label] = assumed
        self.loops += 1
        self.statements(s.body)
        self.loops -= 1
        arrived = self.labels.get(label)
        if not self.narrowing and arrived is not None:
            for variable, (low, high, zeros) in assumed.items():
                again = arrived.get(variable) or self.top(variable)
                if again[0] < low or again[1] > high or again[2] < zeros:
                    self.changed = True
        self.state = None

    def assumption(self, label: n.Label, entering: State) -> State:
        """What to assume about the carried variables in this pass."""
        if self.assume_nothing:
            return {v: self.top(v) for v in entering}
        before = self.headers.get(label)
        if before is None:
            self.changed = True  # assumed for the first time, to be confirmed
            return entering
        back = self.back_edges.get(label)
        arriving = entering
        if back is not None:
            arriving = {v: hull(r, back.get(v) or self.top(v)) for v, r in entering.items()}
        if self.narrowing:
            return arriving
        return {v: widen(before[v], r, self.top(v)) for v, r in arriving.items()}

    def count(self, inductions: list[Induction], entering: State) -> int:
        """Limit induction variables by the number of turns that the first one leaves the loop; 0 for unknown."""
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
        if main.op == "!=" and (gap[0] <= 0 or not _meets(gap, step, min(start[2], bound[2]))):
            return 0  # it might start behind the bound or step over it
        turns = max(1, -(-gap[1] // step))
        for induction in inductions:
            variable = induction.variable
            low, high, zeros = entering[variable]
            change = induction.step * turns
            low, high = (low, high + change) if change > 0 else (low + change, high)
            top = self.top(variable)
            if low < top[0] or high > top[1]:  # it might wrap around
                if induction is main:
                    return 0
                continue
            last = high - induction.step if change > 0 else high
            first = low if change > 0 else low - induction.step
            zeros = min(zeros, trailing_zeros(induction.step))
            now = self.known()[variable]
            self.known()[variable] = (max(now[0], first), min(now[1], last), max(now[2], zeros))
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

    # --------------------------------------------------------------------------------------------------------- learning

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
            interval = self.expr(condition.x)
            if interval is not None and condition.mode == n.NOTHING:
                self.narrow(condition, "!=" if truth else "==", interval, (0, 0, 64))

    def narrow(self, side: n.Expr, op: str, mine: Range, other: Range) -> None:
        """One side of a comparison that holds."""
        low, high, zeros = mine
        if op == "==":
            low, high, zeros = max(low, other[0]), min(high, other[1]), max(zeros, other[2])
        elif op == "!=":
            if other[0] == other[1]:
                low += low == other[0]
                high -= high == other[0]
        elif op == "<":
            high = min(high, other[1] - 1)
        elif op == "<=":
            high = min(high, other[1])
        elif op == ">":
            low = max(low, other[0] + 1)
        else:
            low = max(low, other[0])
        if low > high or not isinstance(side, n.Wrap):
            return
        if side.mode == n.TO_SIGNED:  # an unsigned variable compared as signed
            if low < 0:
                return
        elif side.mode != n.NOTHING:
            return
        x = side.x
        if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.b, n.Const) and side.mode == n.NOTHING:
            low, high, zeros = low - x.b.value, high - x.b.value, 0
            x = x.a
        if isinstance(x, n.Wrap) and x.form == "m":
            return
        if isinstance(x, n.Get):
            self.limit(x.var, low, high, zeros)

    def limit(self, variable: n.Variable, low: int, high: int, zeros: int) -> None:
        """Narrow a variable, and the one that it was made from by adding a constant."""
        now = self.known().get(variable) or self.top(variable)
        low, high = max(low, now[0]), min(high, now[1])
        if low > high:
            return
        self.known()[variable] = (low, high, max(zeros, now[2]))
        definition = self.definitions.get(variable)
        if definition is not None and definition.wrap.mode == n.NOTHING and definition.op in "+-":
            constant = definition.constant.value
            back = -constant if definition.op == "+" else constant
            self.limit(definition.source, low + back, high + back, 0)

    # ------------------------------------------------------------------------------------------------------ expressions

    def expr(self, x: n.Expr) -> Range | None:
        """The range of an expression, ``None`` for anything but integers."""
        return _EXPRESSIONS[x.__class__](self, x)

    def top(self, variable: n.Variable) -> Range:
        """All values of a variable's form."""
        return (*canonical(64 if variable.type is I64 else 32, variable.signed), 0)

    def on_const(self, x: n.Const) -> Range:
        return single(x.value)

    def on_other(self, x: n.Expr) -> None:
        return None

    def on_get(self, x: n.Get) -> Range | None:
        variable = x.var
        if variable.parent is not None:
            x.var = variable = variable.find()
        if not n.is_int(variable.type):
            return None
        interval = self.known().get(variable) or self.top(variable)
        definition = self.definitions.get(variable)
        if definition is not None and definition.wrap.mode == n.NOTHING:
            source = self.known().get(definition.source) or self.top(definition.source)
            low, high, zeros = ARITHMETIC[definition.op](source, single(definition.constant.value))
            return (max(interval[0], low), min(interval[1], high), max(interval[2], zeros))
        return interval

    def on_global_get(self, x: n.GlobalGet) -> Range | None:
        if not n.is_int(x.type):
            return None
        return (*canonical(64 if x.type is I64 else 32, False), self.aligned.get(x.index, 0))

    def on_binary(self, x: n.Binary) -> Range | None:
        a = self.expr(x.a)
        if not x.bits:
            self.expr(x.b)
            return None
        assert a is not None
        if isinstance(x.b, n.Const):
            self.represent(x.b, x.op, a)
        b = self.expr(x.b)
        assert b is not None
        return ARITHMETIC[x.op](a, b)

    def represent(self, constant: n.Const, op: str, other: Range) -> None:
        """Choose the representative of a constant: one digit if possible, else what keeps results unsigned."""
        value = constant.value
        modulus = 1 << constant.bits
        if value >= 0 and value < modulus >> 1:
            return
        signed = value - modulus if value >= 0 else value
        if op in "|^":
            constant.value = signed % modulus if other[0] >= 0 else signed
        else:
            constant.value = signed if signed > -_ONE_DIGIT else signed % modulus

    def on_divide(self, x: n.Divide) -> Range:
        a, b = self.expr(x.a), self.expr(x.b)
        assert a is not None
        assert b is not None
        x.floor = a[0] >= 0 and b[0] >= 0
        most = max(abs(a[0]), abs(a[1]))
        if x.op == "rem":
            most = min(most, max(abs(b[0]), abs(b[1]), 1) - 1)
        elif b[0] > 0:
            most //= b[0]
        low = 0 if x.floor or (x.op == "rem" and a[0] >= 0) else -most
        return (low, min(most, canonical(x.bits, True)[1]), 0)

    def on_extend(self, x: n.Extend) -> Range:
        interval = self.expr(x.x)
        assert interval is not None
        half = 1 << x.width - 1
        inner = x.x
        if isinstance(inner, n.Load) and inner.width * 8 == x.width:
            inner.signed = True
            interval = (-half, half - 1, 0)
        x.needed = interval[0] < -half or interval[1] >= half
        return (-half, half - 1, 0) if x.needed else interval

    def on_lane(self, x: n.Lane) -> Range:
        self.expr(x.vector)
        return (0, (1 << x.width) - 1, 0)

    def on_unary(self, x: n.Negate | n.BoolInt | n.Not) -> Range | None:
        self.expr(x.x)
        return (0, 1, 0) if isinstance(x, n.BoolInt) else None

    def on_logic(self, x: n.Logic) -> None:
        self.expr(x.a)
        self.conditional += 1
        self.expr(x.b)
        self.conditional -= 1

    def on_compare(self, x: n.Compare) -> None:
        a, b = x.a, x.b
        if isinstance(a, n.Wrap) and a.form == "e" and isinstance(b, n.Wrap):
            x.ranges = self.equal(a, b)
        else:
            x.ranges = (self.expr(a), self.expr(b))

    def equal(self, a: n.Wrap, b: n.Wrap) -> tuple[Range, Range]:
        """Two sides that may stay as they are if equality then means congruence."""
        if isinstance(a.x, n.Const):
            right = self.equal_side(b, None)
            left = self.equal_side(a, right)
        else:
            left = self.equal_side(a, self.expr(b.x) if isinstance(a.x, n.Load) else None)
            right = self.equal_side(b, left)
        modulus = 1 << a.bits
        if left[1] - right[0] < modulus and right[1] - left[0] < modulus:
            a.mode = b.mode = n.NOTHING
            return left, right
        return self.reduce(a, left, False), self.reduce(b, right, False)

    def equal_side(self, side: n.Wrap, other: Range | None) -> Range:
        """The range of one side; constants and loads take the form of the other."""
        x = side.x
        interval = self.expr(x)
        assert interval is not None
        if other is not None and isinstance(x, n.Const):
            signed = x.value - (1 << x.bits) if x.value >> x.bits - 1 else x.value
            x.value = signed if other[0] < 0 else signed % (1 << x.bits)
            return single(x.value)
        if other is not None and isinstance(x, n.Load) and x.flexible:
            x.signed = other[0] < 0
            return (*canonical(8 * x.width, x.signed), 0)
        return interval

    def on_select(self, x: n.Select) -> Range | None:
        self.expr(x.condition)
        self.conditional += 1
        before = self.known()
        self.state = before.copy()
        self.learn(x.condition, True)
        a = self.expr(x.a)
        self.state = before.copy()
        self.learn(x.condition, False)
        b = self.expr(x.b)
        self.state = before
        self.conditional -= 1
        return None if a is None or b is None else hull(a, b)

    def on_load(self, x: n.Load) -> Range | None:
        self.access(x)
        if x.item in "dfV":
            return None
        if x.flexible:
            x.signed = True  # small negative numbers are cheaper than large ones
        return (*item(8 * x.width, x.signed), 0)

    def on_apply(self, x: n.Apply | n.Method) -> Range | None:
        for argument in x.args:
            self.expr(argument)
        return None if x.interval is None else (*x.interval, 0)

    def on_member(self, x: n.Member | n.Item) -> Range | None:
        for part in parts(x):
            self.expr(part)
        return None if x.interval is None else (*x.interval, 0)

    def on_new(self, x: n.New) -> None:
        for argument in x.args:
            self.expr(argument)

    def on_wrap(self, x: n.Wrap) -> Range | None:
        inner = x.x
        if x.var is not None and x.var.parent is not None:
            x.var = x.var.find()
        interval = self.expr(inner)
        form = x.form
        if interval is None:
            raise AssertionError("a wrap of something else than an integer")
        if form == "m":
            return interval
        if form == "t":
            limit = 1 << x.bits
            x.mode = n.NOTHING if -limit < interval[0] and interval[1] < limit else n.MASK
            return interval
        if form == "k":
            x.mode = n.NOTHING if interval[0] >= 0 and interval[1] < x.bits else n.MASK
            if isinstance(inner, n.Const):
                inner.value %= x.bits
                x.mode = n.NOTHING
                return single(inner.value)
            return interval if x.mode == n.NOTHING else (0, x.bits - 1, 0)
        signed = x.var.signed if x.var is not None else form == "s"
        return self.reduce(x, interval, signed)

    def reduce(self, x: n.Wrap, interval: Range, signed: bool) -> Range:
        """Choose how to bring a wrap's operand into signed or unsigned form."""
        low, high = canonical(x.bits, signed)
        inner = x.x
        if isinstance(inner, n.Load) and inner.flexible and inner.width * 8 == x.bits:
            inner.signed = signed
            x.mode = n.NOTHING
            return (low, high, 0)
        if isinstance(inner, n.Const):
            value = inner.value % (1 << x.bits)
            inner.value = value - (1 << x.bits) if value > high else value
            x.mode = n.NOTHING
            return single(inner.value)
        if low <= interval[0] and interval[1] <= high:
            x.mode = n.NOTHING
            return interval
        x.span = interval[:2]
        other = canonical(x.bits, not signed)
        fits = other[0] <= interval[0] and interval[1] <= other[1]
        if signed:
            x.mode = n.TO_SIGNED if fits else n.WRAP_SIGNED
        else:
            x.mode = n.TO_UNSIGNED if fits else n.MASK
        return (low, high, min(interval[2], x.bits))


def _meets(gap: tuple[int, int], step: int, zeros: int) -> bool:
    """Whether steps lead exactly from one end of a gap to the other.

    :param gap: smallest and largest size that it may have
    :param zeros: number of low bits that are zero at both ends
    """
    if gap[0] == gap[1]:
        return not gap[0] % step
    return not step & step - 1 and zeros >= step.bit_length() - 1


def _cap(limits: Limits, *, imported: bool) -> int:
    """Size in bytes that a memory never exceeds."""
    log2 = limits.page_size_log2
    cap = MEMORY_LIMIT[limits.index64] if imported else max(MEMORY_CAP, limits.minimum << log2)
    return cap if limits.maximum is None else min(cap, limits.maximum << log2)


def _join(a: State | None, b: State | None) -> State | None:
    """What is known where two paths meet."""
    if a is None:
        return b
    if b is None:
        return a
    return {v: hull(r, b[v]) for v, r in a.items() if v in b}


# The dispatch tables map classes to methods of one parameter of that class, which a type checker cannot express.
_STATEMENTS: dict[type, Callable[..., None]] = {
    n.Assign: _Analysis.on_assign,
    n.AssignMany: _Analysis.on_assign_many,
    n.Round: _Analysis.on_round,
    n.GlobalSet: _Analysis.on_global_set,
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

_EXPRESSIONS: dict[type, Callable[..., Range | None]] = {
    n.Const: _Analysis.on_const,
    n.FloatConst: _Analysis.on_other,
    n.VectorConst: _Analysis.on_other,
    n.Lane: _Analysis.on_lane,
    n.Null: _Analysis.on_other,
    n.FuncRef: _Analysis.on_other,
    n.ObjectRef: _Analysis.on_other,
    n.Caught: _Analysis.on_other,
    n.Get: _Analysis.on_get,
    n.GlobalGet: _Analysis.on_global_get,
    n.Binary: _Analysis.on_binary,
    n.Divide: _Analysis.on_divide,
    n.Extend: _Analysis.on_extend,
    n.Negate: _Analysis.on_unary,
    n.Not: _Analysis.on_unary,
    n.BoolInt: _Analysis.on_unary,
    n.Logic: _Analysis.on_logic,
    n.Compare: _Analysis.on_compare,
    n.Select: _Analysis.on_select,
    n.Load: _Analysis.on_load,
    n.Apply: _Analysis.on_apply,
    n.Method: _Analysis.on_apply,
    n.RuntimeType: _Analysis.on_other,
    n.Instances: _Analysis.on_other,
    n.New: _Analysis.on_new,
    n.Member: _Analysis.on_member,
    n.Item: _Analysis.on_member,
    n.Wrap: _Analysis.on_wrap,
}
