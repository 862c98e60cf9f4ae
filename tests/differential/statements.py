"""Random function bodies, built to be hard for a compiler that reasons about control.

They have loops as compilers write them, branches out of several levels with and without values, switches with
fall-through, dead code, locals that are reused for unrelated values.
"""

from __future__ import annotations

from tests.differential.edges import Edges
from tests.differential.encoding import constant, instruction
from tests.differential.values import COMMON, COMPARISONS, INTEGERS, LOADS, STORES, Label


class Body(Edges):
    """One function.  :meth:`build` writes it."""

    def build(self) -> bytes:
        """The body without its locals."""
        self.emit(constant("i32", 0xFFF), instruction("local.set", self.fuel))
        self.start_vectors()
        self.use_parameters()
        for _ in range(self.rng.choice((0, 1, 2))):
            self.rng.choice((self.call, self.call, self.indirect))(0)
        if self.chance(0.3):  # a function for these alone
            for _ in range(12):
                self.rng.choice((self.guarded, self.guarded, self.counted))(0)
        else:
            self.statements(self.rng.randint(2, 8))
        if self.rng.random() < 0.5:
            self.keep_locals()
        self.keep_vectors()
        for t in self.type.results:
            self.value(t, 3)
        self.emit(b"\x0b")
        return bytes(self.code)

    def use_parameters(self) -> None:
        """Take some parameters for pointers, and compare others."""
        for number, t in enumerate(self.type.params):
            if t == "i32" and self.chance(0.15):
                self.op("local.get", number)
                self.op(self.rng.choice(("i32.load", "i32.load", "i32.load16_s")), 0, self.rng.choice((0, 4, 8, 6)))
                self.op("global.set", self.rng.choice(self.environment.globals_of("i32")))
            elif t in INTEGERS and self.chance(0.2):
                self.op("local.get", number)
                self.value(t, 1)
                self.op(f"{t}.{self.rng.choice(COMPARISONS)}")
                self.op("local.set", self.rng.choice(self.free["i32"]))

    def argument(self, type_: str) -> None:
        """A value for another function: often a multiple of something, often small, and of either sign."""
        self.value(type_, 1)
        if type_ in INTEGERS and self.chance(0.5):
            self.emit(constant(type_, self.rng.choice((0xFFC, 0xFF8, 0xFFE, -16))), instruction(f"{type_}.and"))
            if self.chance(0.5):
                self.emit(constant(type_, self.rng.choice((4, 8, 12, 6, 1024, -8))), instruction(f"{type_}.add"))

    def keep_locals(self) -> None:
        """Make every integer local count."""
        for t in INTEGERS:
            for number, local in enumerate(self.free[t]):
                self.emit(constant("i32", 512 + 8 * number), instruction("local.get", local))
                self.emit(instruction(f"{t}.store", 0, 256 if t == "i64" else 0))

    def statement(self, minimum: int) -> None:
        """A statement; the larger ``minimum``, the simpler."""
        self.budget -= 2
        simple = (self.set_local, self.set_local, self.set_local, self.store, self.set_global, self.call, self.br_if)
        if self.budget < 0 or minimum > 2 or len(self.labels) > 7:
            self.rng.choice((self.set_local, self.set_local, self.store, self.set_global))(2)
        elif self.chance(0.5):
            self.rng.choice(simple)(3)
        else:
            nested = (
                self.if_,
                self.if_,
                self.block,
                self.block,
                self.counted,
                self.counted,
                self.counted,
                self.loop,
                self.switch,
                self.bulk,
                self.indirect,
                self.log,
                self.leave,
                self.guarded,
                self.guarded,
                self.guarded,
                self.guarded,
                self.guarded,
                self.sums,
                self.sums,
                self.table_with_values,
            )
            self.rng.choice(nested)(3)

    def set_local(self, depth: int) -> None:
        t = self.any_type()
        self.value(t, depth + 1)
        self.op("local.set", self.rng.choice(self.free[t]))

    def set_global(self, depth: int) -> None:
        t = self.any_type()
        self.value(t, depth)
        self.op("global.set", self.rng.choice(self.environment.globals_of(t)))

    def log(self, _depth: int) -> None:
        self.value("i32", 2)
        self.value("i64", 1)
        self.op("call", 0)

    def call(self, _depth: int) -> None:
        if not self.callees or self.loops > 1:
            self.set_local(2)
            return
        callee = self.rng.choice(self.callees)
        type_ = self.environment.functions[callee]
        for t in type_.params:
            self.argument(t)
        self.op("call", callee)
        if type_.results and self.chance(0.15):
            self.op("local.tee", self.rng.choice(self.free[type_.results[-1]]))
        self.store_operands(type_.results)

    def indirect(self, _depth: int) -> None:
        """Call through the table: mostly an element of the right type."""
        elements = self.environment.elements
        if not self.callees or not elements or self.loops > 1 or min(elements) < self.callees[0]:
            self.set_local(2)
            return
        number = self.rng.randrange(len(elements))
        type_ = self.environment.functions[elements[number]]
        for t in type_.params:
            self.argument(t)
        if self.chance(0.9):
            self.emit(constant("i32", number))
        else:
            self.value("i32", 1)
            self.emit(constant("i32", 3), instruction("i32.and"))
        self.op("call_indirect", self.environment.type_number(type_), 0)
        self.store_operands(type_.results)

    def if_(self, depth: int) -> None:
        self.condition(depth)
        self.emit(b"\x04\x40")
        self.labels.append(Label(()))
        self.statements(self.rng.randint(0, 3))
        if self.chance(0.5):
            self.emit(b"\x05")
            self.statements(self.rng.randint(0, 3))
        self.labels.pop()
        self.emit(b"\x0b")

    def block(self, _depth: int) -> None:
        results = tuple(self.any_type() for _ in range(self.rng.choice((0, 0, 0, 1, 2, 3))))
        self.emit(b"\x02", self.block_type((), results))
        self.labels.append(Label(results))
        self.statements(self.rng.randint(1, 4))
        for t in results:
            self.value(t, 2)
        self.labels.pop()
        self.emit(b"\x0b")
        self.store_operands(results)

    def loop(self, _depth: int) -> None:
        """A loop that ends by falling out."""
        self.emit(b"\x03\x40")
        self.labels.append(Label((), loop=True))
        self.loops += 1
        self.statements(self.rng.randint(1, 3))
        if self.chance(0.7):
            self.burn()
            self.op("br_if", 0)
        self.loops -= 1
        self.labels.pop()
        self.emit(b"\x0b")

    def br_if(self, _depth: int) -> None:
        """A conditional branch, perhaps across several levels, perhaps with values."""
        depth = self.rng.randrange(len(self.labels))
        label = self.labels[-1 - depth]
        for t in label.types:
            self.value(t, 2)
        if label.loop:
            self.burn()
        else:
            self.condition(2)
        self.op("br_if", depth)
        self.store_operands(label.types)

    def leave(self, _depth: int) -> None:
        """Leave in the middle: nearly always under a condition, because the rest would be dead."""
        guarded = self.chance(0.8)
        if guarded:
            self.condition(2)
            self.emit(b"\x04\x40")
            self.labels.append(Label(()))
        choice = self.rng.random()
        depth = self.rng.randrange(len(self.labels))
        label = self.labels[-1 - depth]
        if choice < 0.08:
            self.op("unreachable")
        elif choice < 0.3 or label.loop:
            for t in self.type.results:
                self.value(t, 2)
            self.op("return")
        elif choice < 0.4 and any(self.environment.functions[c].results == self.type.results for c in self.callees):
            callee = self.rng.choice(
                [c for c in self.callees if self.environment.functions[c].results == self.type.results]
            )
            for t in self.environment.functions[callee].params:
                self.argument(t)
            self.op("return_call", callee)
        else:
            if self.chance(0.3):  # a value that the branch drops, whose trap comes first
                self.emit(constant("i32", 7))
                self.opaque("i32", self.rng.choice((0, 1)))
                self.op("i32.div_u")
            for t in label.types:
                self.value(t, 2)
            self.op("br", depth)
        if self.chance(0.3):  # dead code, whose operands come out of nowhere
            self.emit(instruction("i32.add"), instruction("drop"))
            self.statement(3)
        if guarded:
            self.labels.pop()
            self.emit(b"\x0b")
        elif self.chance(0.3):
            self.op(self.rng.choice(("select", "drop", "i64.mul")))
            self.op("drop")

    def switch(self, _depth: int) -> None:
        """``br_table`` in nested blocks: cases with fall-through, ``break``, holes and repeated targets."""
        count = self.rng.randint(1, 6)
        self.emit(b"\x02\x40" * (count + 1))
        self.labels += [Label(())] * (count + 1)
        cases = [self.rng.randrange(count + 1) for _ in range(self.rng.randint(0, 9))]
        if self.chance(0.5):
            cases = list(range(count))
        default = self.rng.randrange(count + 1)
        outer = [d for d, label in enumerate(reversed(self.labels)) if not label.types and not label.loop]
        if self.chance(0.2):
            cases.append(self.rng.choice(outer))
        self.value("i32", 2)
        if self.chance(0.8):
            self.emit(constant("i32", self.rng.choice((3, 7, 15))), instruction("i32.and"))
        if self.chance(0.2):
            self.emit(constant("i32", self.rng.choice((1, 2, 2**32 - 1, 2**31))), instruction("i32.sub"))
        self.op("br_table", len(cases), *cases, default)
        for remaining in range(count, -1, -1):
            self.labels.pop()
            self.emit(b"\x0b")
            if remaining:
                self.statements(self.rng.randint(0, 2))
                if self.chance(0.5):
                    self.op("br", remaining - 1)

    def store(self, _depth: int) -> None:
        if self.environment.vectors and self.chance(0.4):
            self.rng.choice((self.store_vector, self.store_vector, self.widened))()
            return
        offset = self.address()
        t = self.any_type()
        self.value(t, 3)
        op = self.rng.choice(STORES[t])
        self.op(op.name, self.alignment(op), offset)

    def bulk(self, _depth: int) -> None:
        choice = self.rng.random()
        if choice < 0.25:
            self.constant_or(1, 3, 4)
            self.op("memory.grow", 0)
            self.op("local.set", self.rng.choice(self.free["i32"]))
        elif choice < 0.35:
            self.op("memory.size", 0)
            self.op("local.set", self.rng.choice(self.free["i32"]))
        elif choice < 0.6:
            self.constant_or(0, 1000, 65530)
            self.value("i32", 1)
            self.constant_or(0, 7, 64)
            self.op("memory.fill", 0)
        elif choice < 0.85:
            self.constant_or(0, 1000, 1003)
            self.constant_or(0, 998, 1001)
            self.constant_or(0, 7, 64)
            self.op("memory.copy", 0, 0)
        else:
            self.constant_or(0, 1000, 65530)
            self.constant_or(0, 1, 2)
            self.constant_or(0, 3, 7)
            self.op("memory.init", 0, 0)

    def table_with_values(self, _depth: int) -> None:
        """``br_table`` whose branches carry a value."""
        t = self.any_type()
        count = self.rng.randint(1, 4)
        self.emit((b"\x02" + self.block_type((), (t,))) * count)
        self.labels += [Label((t,))] * count
        self.value(t, 2)
        self.value("i32", 2)
        self.emit(constant("i32", 7), instruction("i32.and"))
        depths = [d for d, label in enumerate(reversed(self.labels)) if label.types == (t,) and not label.loop]
        targets = [self.rng.choice(depths) for _ in range(self.rng.randint(1, 7))]
        self.op("br_table", len(targets) - 1, *targets)
        for _ in range(count):
            self.labels.pop()
            self.emit(b"\x0b")
            if self.chance(0.5):
                self.op("local.tee", self.rng.choice(self.free[t]))
        self.op("local.set", self.rng.choice(self.free[t]))

    # ----------------------------------------------------------------------------------------------------------- loops

    def counted(self, _depth: int) -> None:
        """A loop as compilers write it: a counter, pointers that step along, a test at the end or at the start."""
        if self.loops > 2:
            self.set_local(2)
            return
        rng = self.rng
        t = self.integer_type()
        counter = self.new_local(t)
        turns = rng.choice((0, 1, 2, 3, 5, 8, 17))
        step = rng.choice((1, 1, 1, 2, 4, 8, 3))
        down = self.chance(0.4)
        bits = int(t[1:])
        first = rng.choice((0, 0, 0, 1, 16, 65000, 2**31 - 3, 2**31, 2**32 - 4, (1 << bits) - 8, (1 << bits - 1) - 16))
        if down:
            first += turns * step
        last = first - turns * step if down else first + turns * step
        test = rng.choice(("ne", "ne", "ne", *(("gt_s", "gt_u", "ge_s") if down else ("lt_s", "lt_u", "le_s"))))
        if self.chance(0.4):
            self.opaque(t, first)
        else:
            self.emit(constant(t, first))
        if self.chance(0.3):  # an unknown start, and with it an unknown number of turns
            self.leaf(t)
            self.emit(constant(t, rng.choice((1, 3, 4, 7)) * step), instruction(f"{t}.and"))
            self.op(f"{t}.{'sub' if down else 'add'}")
        self.op("local.set", counter)
        bound: bytes
        if self.chance(0.3):
            local = self.new_local(t)
            if self.chance(0.5):
                self.opaque(t, last)
            else:
                self.emit(constant(t, last))
            self.op("local.set", local)
            bound = instruction("local.get", local)
        else:
            bound = constant(t, last)
        pointer = self.new_local("i32")
        self.emit(constant("i32", rng.choice((0, 4, 1, 1024, 65500))), instruction("local.set", pointer))
        advance = instruction("local.get", counter) + constant(t, step) + instruction(f"{t}.{'sub' if down else 'add'}")
        stride = rng.choice((0, 1, 2, 4, 4, 8, -4))
        move = instruction("local.get", pointer) + constant("i32", stride) + instruction("i32.add")
        move += instruction("local.set", pointer)
        self.loops += 1
        if self.chance(0.6):
            self.emit(b"\x03\x40")
            self.labels.append(Label((), loop=True))
            self.loop_body(counter, t, pointer, rng.choice((first, last, last + step if down else last - step)))
            self.emit(move, advance, instruction("local.tee", counter))
            if last or test != "ne" or self.chance(0.3):
                self.emit(bound, instruction(f"{t}.{test}"))
            else:
                self.emit(constant(t, 0), instruction(f"{t}.ne"))
            self.op("br_if", 0)
            self.labels.pop()
            self.emit(b"\x0b")
        else:
            self.emit(b"\x02\x40\x03\x40")
            self.labels += [Label(()), Label((), loop=True)]
            self.emit(instruction("local.get", counter), bound, instruction(f"{t}.{test}"), instruction("i32.eqz"))
            self.op("br_if", 1)
            self.loop_body(counter, t, pointer, rng.choice((first, last, last + step if down else last - step)))
            self.emit(move, advance, instruction("local.set", counter), instruction("br", 0))
            self.labels.pop()
            self.labels.pop()
            self.emit(b"\x0b\x0b")
        self.loops -= 1
        if self.chance(0.5):
            self.uses(t, counter, last)

    def loop_body(self, counter: int, type_: str, pointer: int, last: int) -> None:
        """What a loop does with its counter and its pointer."""
        rng = self.rng
        skip = self.chance(0.3)
        if skip:
            self.emit(b"\x02\x40")
            self.labels.append(Label(()))
            self.condition(2)
            self.op("br_if", 0)
        if self.chance(0.6):
            self.use(type_, counter, last)
        choice = rng.random()
        if choice < 0.3:
            t = self.any_type()
            op = rng.choice(LOADS[t])
            self.emit(instruction("local.get", pointer), instruction(op.name, self.alignment(op), rng.choice((0, 4))))
            self.op("local.set", rng.choice(self.free[t]))
        elif choice < 0.6:
            t = self.any_type()
            self.op("local.get", pointer)
            self.value(t, 2)
            op = rng.choice(STORES[t])
            self.op(op.name, self.alignment(op), rng.choice((0, 4)))
        elif choice < 0.8:
            local = rng.choice(self.free[type_])
            self.emit(instruction("local.get", local), instruction("local.get", counter))
            self.emit(instruction(f"{type_}.{rng.choice(COMMON)}"), instruction("local.set", local))
        self.statements(rng.randint(0, 3))
        if skip:
            self.labels.pop()
            self.emit(b"\x0b")
