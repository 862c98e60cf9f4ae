"""Random function bodies, built to be hard for a compiler that reasons about integers and control.

They have constants at the edges of ranges, loops as compilers write them, statements between the operands of
expressions, branches out of several levels with and without values, locals that are reused for unrelated values.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.differential.encoding import block_type, constant, instruction
from tests.differential.environment import Environment, FuncType
from wasm2py.wasm.opcodes import BY_NAME, Opcode

INTEGERS = ("i32", "i64")
FLOATS = ("f32", "f64")

_SMALL = (0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 24, 31, 32, 33, 48, 63, 64, 100, 127, 128, 255, 256, 1023, 4095, 32767, 32768)
_EDGES = {
    "i32": (65532, 65535, 65536, 2**30 - 1, 2**30, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 65536, 2**32 - 4, 2**32 - 1),
    "i64": (65535, 2**30, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53 + 1, 2**60, 2**63 - 1, 2**63, 2**64 - 2**32, 2**64 - 1),
}
_MASKS = (1, 3, 7, 15, 31, 63, 255, 252, 1020, 0xFFFC, 0xFFFF, 0xFF00, 0x7FFFFFFF, 0xFFFFFFFC, 0xFFFFFFFF)
_FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -7.25, 1e10, 2.0**31, -(2.0**31) - 1, 2.0**32, 2.0**63, 1e-40, 1e38, float("inf"), float("nan"))


def _numeric() -> dict[str, list[Opcode]]:
    """Operators without immediates by the type of their result."""
    found: dict[str, list[Opcode]] = {"i32": [], "i64": [], "f32": [], "f64": []}
    features = ("mvp", "sign-extension", "saturating-float-to-int")
    for op in BY_NAME.values():
        if op.feature in features and op.immediate == "-" and op.params and op.results:
            found[str(op.results[0])].append(op)
    return found


_NUMERIC = _numeric()
_PLAIN = ("add", "add", "sub", "sub", "mul", "and", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr")
_COMPARISONS = ("eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u")
_LOADS = {t: [op for op in BY_NAME.values() if op.name.startswith(f"{t}.load")] for t in _NUMERIC}
_STORES = {t: [op for op in BY_NAME.values() if op.name.startswith(f"{t}.store")] for t in _NUMERIC}
_KEEPS_NAN_BITS = ("neg", "abs", "copysign", "reinterpret")


@dataclass(frozen=True)
class Label:
    """What a branch carries, and whether it goes back."""

    types: tuple[str, ...]
    loop: bool = False


class Body:
    """One function: the locals, the labels around the current place, the code so far.

    :param callees: functions that it may call, by their index
    """

    def __init__(
        self, rng: random.Random, environment: Environment, type_: FuncType, callees: Sequence[int], size: int
    ) -> None:
        self.rng = rng
        self.environment = environment
        self.type = type_
        self.callees = callees
        self.budget = size
        self.code = bytearray()
        self.locals: list[str] = list(type_.params)
        self.free: dict[str, list[int]] = {t: [i for i, p in enumerate(type_.params) if p == t] for t in _NUMERIC}
        """Locals that any statement may write, by type."""
        for t in _NUMERIC:
            for _ in range(rng.randint(1, 4) if t in INTEGERS else 1):
                self.free[t].append(self.new_local(t))
        self.scratch = {t: self.new_local(t) for t in FLOATS}
        self.fuel = self.new_local("i32")
        self.labels = [Label(type_.results)]
        self.loops = 0

    def build(self) -> bytes:
        """The body without its locals."""
        self.emit(constant("i32", 0xFFF), instruction("local.set", self.fuel))
        self.statements(self.rng.randint(2, 8))
        if self.rng.random() < 0.5:
            self.keep_locals()
        for t in self.type.results:
            self.value(t, 3)
        self.emit(b"\x0b")
        return bytes(self.code)

    def new_local(self, type_: str) -> int:
        self.locals.append(type_)
        return len(self.locals) - 1

    def emit(self, *parts: bytes) -> None:
        for part in parts:
            self.code += part

    def op(self, name: str, *immediates: int) -> None:
        self.code += instruction(name, *immediates)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def integer_type(self) -> str:
        return "i32" if self.chance(0.7) else "i64"

    def any_type(self) -> str:
        return self.integer_type() if self.chance(0.85) else self.rng.choice(FLOATS)

    def keep_locals(self) -> None:
        """Make every integer local count."""
        for t in INTEGERS:
            for number, local in enumerate(self.free[t]):
                self.emit(constant("i32", 512 + 8 * number), instruction("local.get", local))
                self.emit(instruction(f"{t}.store", 0, 256 if t == "i64" else 0))

    # ---------------------------------------------------------------------------------------------------------- values

    def constant(self, type_: str) -> None:
        rng = self.rng
        if type_ in INTEGERS:
            choice = rng.random()
            if choice < 0.6:
                value = rng.choice(_SMALL)
            elif choice < 0.95:
                value = rng.choice(_EDGES[type_])
            else:
                value = rng.getrandbits(int(type_[1:]))
            self.emit(constant(type_, -value if self.chance(0.2) else value))
        else:
            self.emit(constant(type_, rng.choice(_FLOATS)))

    def leaf(self, type_: str) -> None:
        choice = self.rng.random()
        if choice < 0.3:
            self.constant(type_)
        elif choice < 0.93:
            self.op("local.get", self.rng.choice([i for i, t in enumerate(self.locals) if t == type_]))
        else:
            self.op("global.get", self.rng.choice(self.environment.globals_of(type_)))

    def value(self, type_: str, depth: int) -> None:
        """Code that leaves one value."""
        self.budget -= 1
        if depth <= 0 or self.budget < 0 or self.chance(0.15):
            self.leaf(type_)
            return
        choice = self.rng.random()
        if type_ in INTEGERS and choice < 0.42:
            self.arithmetic(type_, depth)
        elif choice < 0.6:
            self.operator(self.rng.choice(_NUMERIC[type_]), depth)
        else:
            kinds: tuple[Callable[[str, int], None], ...] = (
                self.load,
                self.load,
                self.select,
                self.tee,
                self.call_value,
                self.block_value,
                self.if_value,
                self.loop_value,
                self.interrupted,
                self.masked,
            )
            self.rng.choice(kinds)(type_, depth)

    def arithmetic(self, type_: str, depth: int) -> None:
        self.value(type_, depth - 1)
        if self.chance(0.06):
            self.statement(4)
        if self.chance(0.4):
            self.constant(type_)
        else:
            self.value(type_, depth - 1)
        self.op(f"{type_}.{self.rng.choice(_PLAIN)}")

    def operator(self, op: Opcode, depth: int) -> None:
        assert op.params is not None
        names = [str(p) for p in op.params]
        division = any(part in op.name for part in (".div_", ".rem_")) and names[0] in INTEGERS
        for number, t in enumerate(names):
            self.value(t, depth - 1)
            if division and number and self.chance(0.8):
                self.emit(constant(t, self.rng.choice((1, 1, 3, 16, -1 if t == "i64" else 5))), instruction(f"{t}.or"))
        if ".trunc_f" in op.name and self.chance(0.8):
            op = BY_NAME[op.name.replace("trunc_", "trunc_sat_")]
        self.op(op.name)
        result = str((op.results or ("",))[0])
        if result in FLOATS and not any(part in op.name for part in _KEEPS_NAN_BITS):
            self.canonical_nan(result)

    def canonical_nan(self, type_: str) -> None:
        """The specification leaves the bits of a NaN result open: make them the canonical ones."""
        local = self.scratch[type_]
        self.emit(instruction("local.tee", local), constant(type_, float("nan")))
        self.emit(instruction("local.get", local) * 2, instruction(f"{type_}.eq"), instruction("select"))

    def masked(self, type_: str, depth: int) -> None:
        if type_ not in INTEGERS:
            self.leaf(type_)
            return
        self.value(type_, depth - 1)
        self.emit(constant(type_, self.rng.choice(_MASKS)), instruction(f"{type_}.and"))

    def condition(self, depth: int) -> None:
        choice = self.rng.random()
        if choice < 0.65:
            t = self.integer_type()
            self.value(t, depth - 1)
            if self.chance(0.5):
                self.constant(t)
            else:
                self.value(t, depth - 1)
            self.op(f"{t}.{self.rng.choice(_COMPARISONS)}")
        elif choice < 0.8:
            t = self.integer_type()
            self.value(t, depth - 1)
            self.op(f"{t}.eqz")
        else:
            self.value("i32", depth)

    def select(self, type_: str, depth: int) -> None:
        self.value(type_, depth - 1)
        self.value(type_, depth - 1)
        self.condition(depth - 1)
        self.op("select")

    def tee(self, type_: str, depth: int) -> None:
        self.value(type_, depth - 1)
        self.op("local.tee", self.rng.choice(self.free[type_]))

    def interrupted(self, type_: str, depth: int) -> None:
        """A value that waits on the stack while a statement runs."""
        self.value(type_, depth - 1)
        self.statement(3)

    def call_value(self, type_: str, depth: int) -> None:
        callees = [c for c in self.callees if self.environment.functions[c].results == (type_,)]
        if not callees or self.loops > 1:
            self.leaf(type_)
            return
        callee = self.rng.choice(callees)
        for t in self.environment.functions[callee].params:
            self.value(t, min(depth - 1, 1))
        self.op("call", callee)

    def block_value(self, type_: str, depth: int) -> None:
        params = tuple(self.any_type() for _ in range(self.rng.choice((0, 0, 0, 1, 2))))
        for t in params:
            self.value(t, 1)
        self.emit(b"\x02", self.block_type(params, (type_,)))
        self.labels.append(Label((type_,)))
        self.store_operands(params)
        self.statements(self.rng.randint(0, 2))
        self.value(type_, depth - 1)
        if self.chance(0.6):
            self.condition(1)
            self.op("br_if", self.target((type_,)))
        self.labels.pop()
        self.emit(b"\x0b")

    def if_value(self, type_: str, depth: int) -> None:
        self.condition(depth - 1)
        self.emit(b"\x04", self.block_type((), (type_,)))
        self.labels.append(Label((type_,)))
        self.statements(self.rng.choice((0, 0, 0, 1, 2)))
        self.value(type_, depth - 1)
        self.emit(b"\x05")
        self.statements(self.rng.choice((0, 0, 0, 1)))
        self.value(type_, depth - 1)
        self.labels.pop()
        self.emit(b"\x0b")

    def loop_value(self, type_: str, depth: int) -> None:
        """A loop with a parameter that a few turns change."""
        if self.loops > 1:
            self.leaf(type_)
            return
        self.value(type_, 1)
        self.emit(b"\x03", self.block_type((type_,), (type_,)))
        self.labels.append(Label((type_,), loop=True))
        self.loops += 1
        if type_ in INTEGERS and self.chance(0.7):
            self.constant(type_)
            self.op(f"{type_}.{self.rng.choice(_PLAIN)}")
        self.statements(self.rng.randint(0, 2))
        self.burn()
        self.op("br_if", 0)
        self.loops -= 1
        self.labels.pop()
        self.emit(b"\x0b")

    def burn(self) -> None:
        """A condition that is true a few times only: branches back end."""
        self.emit(instruction("local.get", self.fuel), constant("i32", 1), instruction("i32.shr_u"))
        self.op("local.tee", self.fuel)

    # ---------------------------------------------------------------------------------------------------------- memory

    def address(self) -> int:
        """Code that leaves an address; returns the offset to use with it."""
        choice = self.rng.random()
        if choice < 0.5:
            self.value("i32", 2)
            self.emit(constant("i32", self.rng.choice((0x3FC, 0x3FF, 0xFC, 0xFFFC, 0xFFF0))), instruction("i32.and"))
        elif choice < 0.75:
            self.emit(constant("i32", self.rng.choice((0, 16, 100, 1024, 65000))))
            self.value("i32", 1)
            self.emit(constant("i32", 15), instruction("i32.and"))
            self.emit(constant("i32", self.rng.choice((0, 1, 2, 3))), instruction("i32.shl"), instruction("i32.add"))
        elif choice < 0.95:
            self.emit(constant("i32", self.rng.choice((0, 1, 4, 8, 1000, 65000, 65520))))
        elif choice < 0.97:
            self.emit(constant("i32", self.rng.choice((65528, 65532, 65535, 65536, 2**32 - 1, 2**32 - 4, 2**32 - 8))))
            return self.rng.choice((0, 1, 4, 7, 8, 65536, 2**32 - 1))
        else:
            self.value("i32", 2)
            return self.rng.choice((0, 4, 65535, 2**31, 2**32 - 1))
        return self.rng.choice((0, 0, 0, 1, 2, 3, 4, 8, 12, 100, 256))

    def alignment(self, op: Opcode) -> int:
        return self.rng.randint(0, op.size.bit_length() - 1)

    def load(self, type_: str, depth: int) -> None:
        offset = self.address()
        op = self.rng.choice(_LOADS[type_])
        self.op(op.name, self.alignment(op), offset)

    def store(self, _depth: int) -> None:
        offset = self.address()
        t = self.any_type()
        self.value(t, 3)
        op = self.rng.choice(_STORES[t])
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

    def constant_or(self, *values: int) -> None:
        """One of some constants, or a small value."""
        if self.chance(0.7):
            self.emit(constant("i32", self.rng.choice(values)))
        else:
            self.value("i32", 1)
            self.emit(constant("i32", 63), instruction("i32.and"))

    # ------------------------------------------------------------------------------------------------------ statements

    def block_type(self, params: tuple[str, ...], results: tuple[str, ...]) -> bytes:
        if not params and len(results) <= 1:
            return block_type(results)
        return self.environment.type_index(FuncType(params, results))

    def statements(self, count: int) -> None:
        for _ in range(count):
            self.statement(0)

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

    def store_operands(self, types: tuple[str, ...]) -> None:
        """Take values off the stack."""
        for t in reversed(types):
            if self.chance(0.8):
                self.op("local.set", self.rng.choice(self.free[t]))
            else:
                self.op("drop")

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
            self.value(t, 1)
        self.op("call", callee)
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
            self.value(t, 1)
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

    def target(self, types: tuple[str, ...], back: bool = False) -> int:
        """The depth of a label whose branches carry ``types``; the innermost one must if no other does."""
        depths = [
            depth for depth, label in enumerate(reversed(self.labels)) if label.types == types and label.loop <= back
        ]
        return self.rng.choice(depths) if depths else 0

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
            callee = self.rng.choice([c for c in self.callees if self.environment.functions[c].results == self.type.results])
            for t in self.environment.functions[callee].params:
                self.value(t, 1)
            self.op("return_call", callee)
        else:
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
        self.emit(constant(t, first))
        if self.chance(0.3):  # an unknown start, and with it an unknown number of turns
            self.leaf(t)
            self.emit(constant(t, rng.choice((1, 3, 4, 7)) * step), instruction(f"{t}.and"))
            self.op(f"{t}.{'sub' if down else 'add'}")
        self.op("local.set", counter)
        bound: bytes
        if self.chance(0.3):
            local = self.new_local(t)
            self.emit(constant(t, last), instruction("local.set", local))
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
            self.loop_body(counter, t, pointer)
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
            self.loop_body(counter, t, pointer)
            self.emit(move, advance, instruction("local.set", counter), instruction("br", 0))
            self.labels.pop()
            self.labels.pop()
            self.emit(b"\x0b\x0b")
        self.loops -= 1

    def loop_body(self, counter: int, type_: str, pointer: int) -> None:
        """What a loop does with its counter and its pointer."""
        rng = self.rng
        skip = self.chance(0.3)
        if skip:
            self.emit(b"\x02\x40")
            self.labels.append(Label(()))
            self.condition(2)
            self.op("br_if", 0)
        choice = rng.random()
        if choice < 0.3:
            t = self.any_type()
            op = rng.choice(_LOADS[t])
            self.emit(instruction("local.get", pointer), instruction(op.name, self.alignment(op), rng.choice((0, 4))))
            self.op("local.set", rng.choice(self.free[t]))
        elif choice < 0.6:
            t = self.any_type()
            self.op("local.get", pointer)
            self.value(t, 2)
            op = rng.choice(_STORES[t])
            self.op(op.name, self.alignment(op), rng.choice((0, 4)))
        elif choice < 0.8:
            local = rng.choice(self.free[type_])
            self.emit(instruction("local.get", local), instruction("local.get", counter))
            self.emit(instruction(f"{type_}.{rng.choice(_PLAIN)}"), instruction("local.set", local))
        self.statements(rng.randint(0, 3))
        if skip:
            self.labels.pop()
            self.emit(b"\x0b")
