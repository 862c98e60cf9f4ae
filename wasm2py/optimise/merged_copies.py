"""Variables of which one is copied to the other become one, where they never have to hold different values.

::

    loop                                loop
      if a > b                            if a > b
        x = load [a]                        a = load [a]
        y = b                             else
      else                  becomes         b = load [b]
        x = a                             if a
        y = load [b]                        br loop
      a = x
      b = y
      if x
        br loop

LLVM's values at the head of a loop are such copies.  What is copied for later is copied before it changes: then the old
value and the new one need not be there at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.walk import assigned, expressions, lists, operands, statements
from wasm2py.optimise.facts import copied
from wasm2py.wasm.types import F32

MAX_PASSES = 12
"""Passes over a function after which what lives is not worth finding out."""

MAX_PAIRS = 1000
"""Pairs of variables that are looked at, those in loops first: sets of what lives stay small in enormous functions."""

_NEAR = 4
"""How many statements a copy may move up."""

_LEAVING = (n.Return, n.TailCall, n.Throw, n.ThrowRef, n.Reraise, n.Unreachable)


def merge_copies(function: n.Function) -> None:
    """Run the pass."""
    pairs: Counter[tuple[n.Variable, n.Variable]] = Counter()
    _collect(function.body, 1, pairs)
    if not pairs:
        return
    chosen = [pair for pair, _ in pairs.most_common(MAX_PAIRS)]
    lives = _Lives(list(dict.fromkeys(v for pair in chosen for v in pair)))
    if not lives.find(function):
        return
    leaders = _merge(chosen, lives, function.params)
    if leaders:
        _rename(function, leaders)


def _copy(s: n.Stmt) -> tuple[n.Variable, n.Variable] | None:
    """The variables that a statement copies to and from, if they may be one."""
    if not isinstance(s, n.Assign):
        return None
    source = copied(s)
    if source is None or source is s.var or source.type is not s.var.type or source.type is F32:
        return None
    return (s.var, source) if source.modular == s.var.modular else None


def _collect(body: list[n.Stmt], weight: int, pairs: Counter[tuple[n.Variable, n.Variable]]) -> None:
    """Count the copies of a list, those in loops more, and move them in front of what changes their source."""
    for position, s in enumerate(body):
        pair = _copy(s)
        if pair is not None:
            pairs[pair] += weight
            _move_up(body, position, *pair)
        for inner in lists(s):
            _collect(inner, weight * 4 if isinstance(s, (n.Loop, n.For)) else weight, pairs)


def _move_up(body: list[n.Stmt], position: int, target: n.Variable, source: n.Variable) -> None:
    """Move a copy in front of an assignment that uses the source just before, if that makes no difference."""
    for i in range(position - 1, max(position - 1 - _NEAR, -1), -1):
        s = body[i]
        if not isinstance(s, n.Assign) or s.var in (target, source):
            return
        read = {x.var for x in expressions(s.value) if isinstance(x, n.Get)}
        if target in read:
            return
        if source in read:
            body.insert(i, body.pop(position))
            return


@dataclass(slots=True)
class _Lives:
    """Which of some variables live at the same time; sets of them are bit sets.

    :ivar apart: for each variable, those that live where it is assigned something else than their value
    :ivar headers: what lives at the start of each loop, by its identity
    :ivar labels: what lives where a branch to each label leads
    :ivar reads: what each statement itself reads, by its identity
    :ivar pinned: what an exception or another attempt may need at any point
    """

    variables: list[n.Variable]
    bits: dict[n.Variable, int] = field(init=False)
    apart: dict[n.Variable, int] = field(init=False)
    headers: dict[int, int] = field(default_factory=dict)
    labels: dict[n.Label, int] = field(default_factory=dict)
    reads: dict[int, int] = field(default_factory=dict)
    pinned: int = 0
    changed: bool = False

    def __post_init__(self) -> None:
        self.bits = {v: 1 << i for i, v in enumerate(self.variables)}
        self.apart = dict.fromkeys(self.variables, 0)

    def find(self, function: n.Function) -> bool:
        """Go over a function until nothing changes; whether that is soon enough."""
        for _ in range(MAX_PASSES):
            self.changed = False
            self.start(function.body, 0)
            if not self.changed:
                return True
        return False

    def start(self, body: list[n.Stmt], live: int) -> int:
        """What lives at the start of a list, by what does at its end."""
        for s in reversed(body):
            if not isinstance(s, n.For):  # whose variables are those of each turn
                pair = _copy(s)
                live = self.before(assigned(s), live, self.bits.get(pair[1], 0) if pair is not None else 0)
            live = self.inside(s, live) | self.read(s)
        return live

    def before(self, targets: list[n.Variable], live: int, same: int = 0) -> int:
        """What lives before variables are assigned at once, by what does then; ``same`` is what is copied."""
        together = sum(self.bits.get(v, 0) for v in targets)
        for v in targets:
            if v in self.bits:
                self.apart[v] |= (live | self.pinned | together) & ~same & ~self.bits[v]
        return live & ~together

    def read(self, s: n.Stmt) -> int:
        """What a statement itself reads."""
        if id(s) not in self.reads:
            mask = 0
            for operand in operands(s):
                for x in expressions(operand):
                    if isinstance(x, n.Get):
                        mask |= self.bits.get(x.var, 0)
            self.reads[id(s)] = mask
        return self.reads[id(s)]

    def inside(self, s: n.Stmt, live: int) -> int:
        """What lives at the start of what is inside of a statement."""
        match s:
            case n.Br():
                return self.labels[s.label]
            case n.Block():
                self.labels[s.label] = live
                return self.start(s.body, live)
            case n.If():
                return self.start(s.then, live) | self.start(s.orelse, live)
            case n.Switch():
                start = 0
                for arm in s.arms:
                    start |= self.start(arm, live)
                return start
            case n.Loop():
                self.labels[s.label] = self.headers.get(id(s), 0)
                return self.header(s, self.start(s.body, 0))
            case n.For():
                again = self.headers.get(id(s), 0) | live
                return self.header(s, self.turn(s, again)) | live
            case n.Try():
                handler = self.start(s.handler, live)
                return handler | self.pin(s.body, live, handler)
            case n.Retry():
                first = self.headers.get(id(s), 0)
                return self.header(s, self.pin(s.body, live, first))
        return 0 if isinstance(s, _LEAVING) else live

    def turn(self, s: n.For, live: int) -> int:
        """What lives before a turn's variables are assigned."""
        return self.before(s.vars, self.start(s.body, live))

    def pin(self, body: list[n.Stmt], live: int, needed: int) -> int:
        """What lives at the start of a list that may end anywhere, with a need for some variables."""
        outer, self.pinned = self.pinned, self.pinned | needed
        start = self.start(body, live | needed)
        self.pinned = outer
        return start | needed

    def header(self, s: n.Stmt, live: int) -> int:
        """Remember what lives at the start of a loop."""
        if self.headers.get(id(s)) != live:
            self.headers[id(s)] = live
            self.changed = True
        return live


def _merge(
    pairs: list[tuple[n.Variable, n.Variable]], lives: _Lives, params: list[n.Variable]
) -> dict[n.Variable, n.Variable]:
    """The variable that each of those that are merged becomes."""
    classes = {v: [v] for v in lives.variables}
    members = dict(lives.bits)
    apart = dict(lives.apart)
    arrived = 0
    for param in params:
        arrived |= lives.bits.get(param, 0)
    for one, two in pairs:
        a, b = classes[one][0], classes[two][0]
        if a is b or apart[a] & members[b] or apart[b] & members[a]:
            continue
        if members[a] & arrived and members[b] & arrived:
            continue  # two parameters
        if (members[b] & arrived, -b.index) > (members[a] & arrived, -a.index):
            a, b = b, a
        apart[a] |= apart[b]
        members[a] |= members[b]
        joined = classes[a] + classes[b]
        for v in joined:
            classes[v] = joined
    return {v: group[0] for v, group in classes.items() if group[0] is not v}


def _rename(function: n.Function, leaders: dict[n.Variable, n.Variable]) -> None:
    """Put variables in the places of others, and leave out their copies."""

    def renamed(variables: list[n.Variable]) -> list[n.Variable]:
        return [leaders.get(v, v) for v in variables]

    for s in statements(function.body):
        for operand in operands(s):
            for x in expressions(operand):
                if isinstance(x, (n.Get, n.Wrap)) and x.var in leaders:
                    x.var = leaders[x.var]
        match s:
            case n.Assign():
                s.var = leaders.get(s.var, s.var)
                if isinstance(s.value, n.Wrap) and _is_nothing(s.value.x):
                    zero = n.Const(s.value.bits, 0)
                    zero.type = s.var.type
                    s.value = zero
            case n.AssignMany() | n.For():
                s.vars = renamed(s.vars)
            case n.Call():
                s.results = renamed(s.results)
            case n.Unpack():
                s.vars = renamed(s.vars)
                s.reference = None if s.reference is None else leaders.get(s.reference, s.reference)
            case n.Loop():
                s.carried = list(dict.fromkeys(renamed(s.carried)))
                s.label.results = renamed(s.label.results)
            case n.Block():
                s.label.results = renamed(s.label.results)
    _drop_copies(function.body)
    function.variables[:] = [v for v in function.variables if v not in leaders]


def _is_nothing(x: n.Expr) -> bool:
    """Whether something is subtracted from itself, such as the turns of a loop from those that were left."""
    return (
        isinstance(x, n.Binary)
        and x.op == "-"
        and isinstance(x.a, n.Get)
        and isinstance(x.b, n.Get)
        and x.a.var is x.b.var
    )


def _drop_copies(body: list[n.Stmt]) -> None:
    """Leave out the assignments of variables to themselves."""
    body[:] = [s for s in body if not (isinstance(s, n.Assign) and copied(s) is s.var)]
    for s in body:
        for inner in lists(s):
            _drop_copies(inner)
