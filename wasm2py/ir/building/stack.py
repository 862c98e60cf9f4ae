"""The state of building one function: webs, the symbolic operand stack, and the forms that consumers demand.

The operand stack holds expressions, which are evaluated where they are consumed.  An expression is spilled to a
temporary when something between could change its value (an assignment to a local that it reads, a store, a call) or
when a trap of it must come first.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from wasm2py.ir import nodes as n
from wasm2py.ir.building.liveness import Liveness, analyse
from wasm2py.ir.building.values import may_signal, modular_gain, naturally_signed, need_precise, only_loads
from wasm2py.ir.building.widths import bits_of, int_type
from wasm2py.ir.conventions import Conventions
from wasm2py.ir.operators import SUMS
from wasm2py.wasm.module import Instruction, Module
from wasm2py.wasm.types import F32, I32, I64, V128, RefType, ValType

MAX_EXPRESSION = 40
"""Larger expressions are spilled: Python's parser and compiler recurse on them."""

TRUTHS = (n.Compare, n.Not, n.Logic)
"""Expressions whose value is a Python truth value."""

_SMALL = 1 << 28
"""A constant this close below zero is taken for a negative number."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the tree of a function is built from.

    :ivar index: the function's among those with code
    :ivar body: its instructions, validated, without those of legacy exception handling
    :ivar local_types: of all locals, parameters first
    :ivar conventions: in which form values cross to other functions
    :ivar without: what is left out, of :data:`wasm2py.options.CHOICES`
    """

    module: Module
    index: int
    body: list[Instruction]
    local_types: list[ValType]
    conventions: Conventions
    without: Container[str]


class StackBuilder:
    """Variables, values and the symbolic stack."""

    def __init__(self, inputs: Inputs) -> None:
        self.module = inputs.module
        self.conventions = inputs.conventions
        self.without = inputs.without
        self.local_types = inputs.local_types
        self.index = self.module.imported_funcs + inputs.index
        self.type = self.module.func_type(self.module.funcs[self.index])
        self.instructions = inputs.body
        self.memory_bits = [64 if memory.limits.index64 else 32 for memory in self.module.memories]
        """Width of each memory's addresses."""
        self.table_bits = [64 if table.limits.index64 else 32 for table in self.module.tables]
        """Width of each table's indices."""
        self.liveness: Liveness = analyse(inputs.body)
        self.variables: list[n.Variable] = []
        self.state: list[n.Variable] = []
        """The current version of each local."""
        self.position = 0
        """Of the instruction at hand."""
        self.labels = 0
        self.stack: list[n.Expr] = []
        self.stmts: list[n.Stmt] = []
        """The list that statements are appended to."""
        self.reachable = True
        self.loops = 0
        """How many loops are open."""
        self.weight = 1
        """How much a use counts here: more inside loops."""
        self.relations: list[tuple[n.Variable, n.Variable]] = []
        """Pairs of integer variables between which values move."""
        self.rising: list[n.Variable] = []
        """Variables that are assigned another one plus a constant."""
        self.below_zero: list[n.Variable] = []
        """Variables that are assigned a small negative number."""
        self.sums: list[tuple[n.Variable, n.Expr]] = []
        """Variables that are assigned sums, products, shifted numbers, choices or copies, and those."""
        self.addresses: list[n.Expr] = []
        """What is used as an address, or divided to be an index."""
        self.crossings: list[tuple[n.Variable, n.Place, int]] = []
        """Variables whose values go to other functions or come from them, the places there, and twice the weights."""
        self.calls: list[tuple[n.Call, int]] = []
        """Calls and their weights."""
        self.leanings: dict[n.Place, int] = {}
        """Votes of other values that go there."""
        self.gains: dict[n.Place, int] = {}
        """What the function saves where its results need no form."""
        self.has_signs = False
        """Whether some value is perhaps the sign of another."""
        self.float_loads: list[tuple[n.Load, n.Variable]] = []
        self.float_stores: list[tuple[n.Store, n.Variable]] = []

    def variable(self, type_: ValType, local: int | None = None) -> n.Variable:
        """A new version of a local, or a temporary."""
        variable = n.Variable(len(self.variables), type_, local, loops=self.loops)
        self.variables.append(variable)
        return variable

    def label(self, kind: str, results: tuple[ValType, ...]) -> n.Label:
        """A new label with a variable per result."""
        label = n.Label(self.labels, kind, [] if kind == "func" else [self.variable(t) for t in results])
        self.labels += 1
        if kind == "loop":
            for variable in label.results:
                variable.precise = True  # what a loop carries would grow from turn to turn
        return label

    def zero(self, type_: ValType) -> n.Expr:
        """The default value of a type."""
        node: n.Expr
        if isinstance(type_, RefType):
            node = n.Null()
        elif n.is_int(type_):
            node = n.Const(type_.bits, 0)
        elif type_ is V128:
            node = n.VectorConst(0)
        else:
            node = n.FloatConst(0)
        node.type = type_
        return node

    def get(self, variable: n.Variable) -> n.Get:
        """Read a variable."""
        if variable.loops < self.loops:
            variable.find().precise = True  # to bring it into form once is cheaper than sums that are not in each turn
        node = n.Get(variable)
        node.type = variable.type
        if variable.local is not None:
            node.reads = 1 << variable.local
        return node

    def assign(self, variable: n.Variable, value: n.Expr) -> None:
        """``variable = value``, in the variable's form."""
        self.stmts.append(n.Assign(variable, self.stored(variable, value)))

    def stored(self, variable: n.Variable, value: n.Expr) -> n.Expr:
        """``value`` as ``variable`` keeps it."""
        value = self.number(value)
        type_ = variable.type
        if type_ is I32 or type_ is I64:
            self.note_value(variable, value)
            wrap = n.Wrap(type_.bits, "v", self.own(value), n.WRAP_SIGNED, variable)
            wrap.fx, wrap.reads, wrap.size, wrap.type = value.fx, value.reads, value.size, type_
            return wrap
        if type_ is F32:
            self.note_noise(variable, value)
        return value

    def note_value(self, variable: n.Variable, value: n.Expr) -> None:
        """Keep track of what an integer variable is made of, and of the form that suits that."""
        if isinstance(value, n.Get):
            value.var.find().precise = True
            self.relations.append((variable, value.var))
            self.sums.append((variable, value))
            return
        if isinstance(value, n.Binary):
            self.note_relation(variable, value)
            if value.op in SUMS:
                self.sums.append((variable, value))
        elif isinstance(value, n.Const):
            self.note_relation(variable, value)
        elif isinstance(value, n.Select):
            self.note_relation(variable, value)
            need_precise(value, sums=False)
            self.sums.append((variable, value))
        if naturally_signed(value):
            variable.find().votes += self.weight

    def note_relation(self, variable: n.Variable, value: n.Expr) -> None:
        """Variables that are copied, or differ by a sum, had better have the same form."""
        if isinstance(value, n.Binary) and value.op in "+-":
            if isinstance(value.b, n.Const):
                self.rising.append(variable)
            value = value.a
            if isinstance(value, n.Get):
                self.relations.append((variable, value.var))
        elif isinstance(value, n.Get):
            self.relations.append((variable, value.var))
        elif isinstance(value, n.Const):
            if -value.value % (1 << value.bits) <= _SMALL and value.value:
                self.below_zero.append(variable)
        elif isinstance(value, n.Select):
            self.note_relation(variable, value.a)
            self.note_relation(variable, value.b)

    def note_noise(self, variable: n.Variable, value: n.Expr) -> None:
        """Keep track of signalling NaNs in an f32 variable."""
        if isinstance(value, n.Load):
            self.float_loads.append((value, variable))
        if may_signal(value):
            variable.find().noisy = True
            if not isinstance(value, n.Load):
                self.demand_exact(value)

    def demand_exact(self, value: n.Expr) -> n.Expr:
        """The consumer of an f32 looks at all of its bits."""
        if isinstance(value, n.Load):
            value.exact = value.item == "f"
        elif isinstance(value, n.Get):
            value.var.find().exact = True
        elif isinstance(value, n.Select):
            self.demand_exact(value.a)
            self.demand_exact(value.b)
        return value

    def own(self, value: n.Expr) -> n.Expr:
        """A constant gets a node per consumer, since each may choose another representative."""
        if isinstance(value, n.Const):
            node = n.Const(value.bits, value.value)
            node.type = value.type
            return node
        return value

    def constant(self, bits: int, value: int) -> n.Const:
        """An integer constant."""
        node = n.Const(bits, value)
        node.type = int_type(bits)
        return node

    def number(self, value: n.Expr) -> n.Expr:
        """A truth value as an integer; other values as they are."""
        if isinstance(value, TRUTHS):
            node = n.BoolInt(value)
            node.fx, node.reads, node.size = value.fx, value.reads, value.size + 1
            return node
        return value

    def truth(self, value: n.Expr, bits_: int = 32) -> n.Expr:
        """An integer as a truth value."""
        if isinstance(value, TRUTHS):
            return value
        if isinstance(value, n.BoolInt):
            return value.x
        return self.wrap(value, "t", bits_)

    def negated(self, value: n.Expr) -> n.Expr:
        """The opposite of a truth value."""
        if isinstance(value, n.Not) and isinstance(value.x, TRUTHS):
            return value.x  # of an integer, the opposite of the opposite is 0 or 1, not the integer
        node = n.Not(value)
        node.fx, node.reads, node.size = value.fx, value.reads, value.size + 1
        return node

    def wrap(self, value: n.Expr, form: str, bits_: int) -> n.Expr:
        """``value`` in the form that a consumer demands."""
        if isinstance(value, n.Get):
            web = value.var.find()
            if form == "u":
                web.votes -= self.weight
            elif form == "s":
                web.votes += self.weight
            if form != "k":
                web.precise = True
        elif isinstance(value, n.Const):
            value = self.own(value)
        else:
            value = self.number(value)
            if form != "k":
                need_precise(value)
        return self.wrapped(value, form, bits_)

    def address(self, value: n.Expr, memory: int) -> n.Expr:
        """``value`` as an address in a memory."""
        self.addresses.append(value)
        return self.wrap(value, "u", self.memory_bits[memory])

    def wrapped(self, value: n.Expr, form: str, bits_: int) -> n.Expr:
        """``value`` in a form that it has no say in."""
        node = n.Wrap(bits_, form, value)
        node.fx, node.reads, node.size, node.type = value.fx, value.reads, value.size, value.type
        return node

    def demand(self, value: n.Expr, form: str, bits_: int) -> n.Expr:
        """An operand in the form that a row of the operator table names."""
        if form == "m":
            return self.own(value) if isinstance(value, n.Const) else self.number(value)
        if form == "a":
            return value
        if form == "x":
            return self.demand_exact(value)
        if form == "k" and isinstance(value, n.Const):
            count = n.Const(bits_, value.value % bits_)
            count.type = int_type(bits_)
            return count
        return self.wrap(value, form, bits_)

    def raw(self, value: n.Expr, type_: ValType) -> n.Expr:
        """A value by the raw calling convention: integers unsigned, floats exact."""
        if n.is_int(type_):
            return self.wrap(value, "u", bits_of(type_))
        return self.demand_exact(value) if type_ is F32 else value

    def passed(self, value: n.Expr, type_: ValType, place: n.Place | None) -> n.Expr:
        """A value for another function, in the form that it has there; by the raw convention for ``None``."""
        if place is None or not n.is_int(type_):
            return self.raw(value, type_)
        value = self.own(self.number(value))
        need_precise(value, sums=False)
        if place[0] == "result":
            self.gains[place] = self.gains.get(place, 0) + modular_gain(value) * self.weight
            if self.conventions.is_modular(place):
                return self.wrapped(value, "r", bits_of(type_))
        self.note_crossing(value, place, 2 * self.weight)
        form = "s" if self.conventions.is_signed(place) else "u"
        passed = self.wrapped(value, form, bits_of(type_))
        if not (shift := self.conventions.shift(place)):
            return passed
        self.addresses.append(value)
        return self.divided(passed, shift)

    def divided(self, pointer: n.Expr, shift: int) -> n.Expr:
        """A pointer as an index of items."""
        node = n.Binary(">>", 32, pointer, self.constant(32, shift))
        node.fx, node.reads, node.size = pointer.fx, pointer.reads, pointer.size + 2
        return node

    def note_crossing(self, value: n.Expr, place: n.Place, weight: int) -> None:
        """Which form suits a value that goes to another function."""
        if isinstance(value, n.Select):
            self.note_crossing(value.a, place, weight // 2)
            self.note_crossing(value.b, place, weight // 2)
            return
        if isinstance(value, n.Binary) and value.op in "+-":
            weight //= 2  # it is wrapped in any case, unless it is known not to overflow
            if isinstance(value.b, n.Get):
                self.note_crossing(value.b, place, weight)
            value = value.a
        if isinstance(value, n.Get):
            self.crossings.append((value.var, place, weight))
        elif naturally_signed(value):
            self.leanings[place] = self.leanings.get(place, 0) + weight
        elif isinstance(value, n.Binary) and value.op in ("*", "<<"):  # a mask is the cheapest wrap of a large number
            self.leanings[place] = self.leanings.get(place, 0) - weight

    # ----------------------------------------------------------------------------------------------- the symbolic stack

    def push(self, value: n.Expr) -> None:
        """Push an expression."""
        self.stack.append(value)

    def pop(self) -> n.Expr:
        """Pop an expression."""
        return self.stack.pop()

    def pop_many(self, count: int) -> list[n.Expr]:
        """Pop ``count`` expressions, the last pushed last."""
        if not count:
            return []
        values = self.stack[-count:]
        del self.stack[-count:]
        return values

    def spill(self, position: int) -> None:
        """Evaluate a stack entry now, into a temporary; entries below that may trap come first."""
        entry = self.stack[position]
        if entry.fx & n.TRAPS:
            for below in range(position):
                if self.stack[below].fx & n.TRAPS:
                    self.spill_one(below)
        self.spill_one(position)

    def spill_one(self, position: int) -> None:
        """Evaluate a stack entry now, whatever is below it."""
        self.stack[position] = self.simple(self.stack[position])

    def simple(self, value: n.Expr) -> n.Expr:
        """``value`` itself if it may be evaluated twice, else a temporary that holds it."""
        if isinstance(value, (n.Const, n.FloatConst, n.Null)) or (isinstance(value, n.Get) and not value.reads):
            return value
        temporary = self.variable(value.type)
        self.assign(temporary, value)
        return self.get(temporary)

    def repeatable(self, value: n.Expr) -> n.Expr:
        """``value`` if it is a variable or constant, else a temporary: for templates that name an operand twice."""
        if isinstance(value, (n.Get, n.Const, n.FloatConst)):
            return value
        self.traps_first(value)
        return self.simple(value)

    def traps_first(self, value: n.Expr) -> None:
        """Evaluate what is on the stack and traps in another way than ``value``, which has been popped and is next."""
        if value.fx & n.TRAPS:
            plain = only_loads(value)
            for position, entry in enumerate(self.stack):
                if entry.fx & n.TRAPS and not (plain and only_loads(entry)):
                    self.spill(position)

    def spill_effects(self, mask: int) -> None:
        """Evaluate all entries with one of the effects in ``mask``."""
        for position, entry in enumerate(self.stack):
            if entry.fx & mask:
                self.spill_one(position)

    def spill_readers(self, local: int) -> None:
        """Evaluate all entries that read a local, which is about to change."""
        for position, entry in enumerate(self.stack):
            if entry.reads >> local & 1:
                self.spill(position)

    def spill_all(self) -> None:
        """Evaluate every entry: what follows may run conditionally or repeatedly."""
        for position in range(len(self.stack)):
            self.spill_one(position)

    def evaluate(self, value: n.Expr) -> None:
        """A statement for an expression whose value is dropped."""
        if value.fx & n.TRAPS:
            self.spill_effects(n.TRAPS)
            self.stmts.append(n.Eval(value))
