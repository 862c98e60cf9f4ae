"""Random expressions, built to be hard for a compiler that reasons about integers and control.

They have constants at the edges of ranges, addresses near the end of memory, statements between operands, blocks and
loops that give values.
"""

from __future__ import annotations

import math
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
    "i64": (2**30, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53 + 1, 2**60, 2**63 - 1, 2**63, 2**64 - 2**32, 2**64 - 1),
}
_MASKS = (1, 3, 7, 15, 31, 63, 255, 252, 1020, 0xFFFC, 0xFFFF, 0xFF00, 0x7FFFFFFF, 0xFFFFFFFC, 0xFFFFFFFF)
_FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -7.25, 1e10, 2.0**31, 2.0**32, 2.0**63, 1e-40, 1e38, math.inf, math.nan)


def _numeric() -> dict[str, list[Opcode]]:
    """Operators without immediates by the type of their result."""
    found: dict[str, list[Opcode]] = {"i32": [], "i64": [], "f32": [], "f64": []}
    features = ("mvp", "sign-extension", "saturating-float-to-int")
    for op in BY_NAME.values():
        if op.feature in features and op.immediate == "-" and op.params and op.results:
            found[str(op.results[0])].append(op)
    return found


_NUMERIC = _numeric()
COMMON = ("add", "add", "sub", "sub", "mul", "and", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr")
COMPARISONS = ("eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u")


def _accesses(kind: str) -> dict[str, list[Opcode]]:
    """Loads or stores by type."""
    accesses = [op for op in BY_NAME.values() if op.immediate == "memarg"]
    return {t: [op for op in accesses if op.name.startswith(f"{t}.{kind}")] for t in (*_NUMERIC, "v128")}


LOADS, STORES = _accesses("load"), _accesses("store")
_KEEPS_NAN_BITS = ("neg", "abs", "copysign", "reinterpret")


@dataclass(frozen=True)
class Label:
    """What a branch carries, and whether it goes back."""

    types: tuple[str, ...]
    loop: bool = False


class Values:
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

    def statements(self, count: int) -> None:
        for _ in range(count):
            self.statement(0)

    def statement(self, minimum: int) -> None:
        """A statement; the larger ``minimum``, the simpler."""
        raise NotImplementedError

    def block_type(self, params: tuple[str, ...], results: tuple[str, ...]) -> bytes:
        if not params and len(results) <= 1:
            return block_type(results)
        return self.environment.type_index(FuncType(params, results))

    def store_operands(self, types: tuple[str, ...]) -> None:
        """Take values off the stack."""
        for t in reversed(types):
            if self.chance(0.8):
                self.op("local.set", self.rng.choice(self.free[t]))
            else:
                self.op("drop")

    def target(self, types: tuple[str, ...], back: bool = False) -> int:
        """The depth of a label whose branches carry ``types``; the innermost one must if no other does."""
        depths = [
            depth for depth, label in enumerate(reversed(self.labels)) if label.types == types and label.loop <= back
        ]
        return self.rng.choice(depths) if depths else 0

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
            self.op("local.get", self.rng.choice(self.readable(type_)))
        else:
            self.op("global.get", self.rng.choice(self.environment.globals_of(type_)))

    def readable(self, type_: str) -> list[int]:
        """The locals of a type, but for the one that holds raw NaNs."""
        return [i for i, t in enumerate(self.locals) if t == type_ and i != self.scratch.get(t)]

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
        self.op(f"{type_}.{self.rng.choice(COMMON)}")

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
            self.op(f"{t}.{self.rng.choice(COMPARISONS)}")
        elif choice < 0.8:
            t = self.integer_type()
            self.value(t, depth - 1)
            self.op(f"{t}.eqz")
        elif choice < 0.9:
            t = self.rng.choice(FLOATS)
            if self.chance(0.3):
                self.emit(constant(t, math.nan))
            else:
                self.leaf(t)
            self.value(t, depth - 1)
            self.op(f"{t}.{self.rng.choice(('eq', 'ne', 'lt', 'gt', 'le', 'ge'))}")
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
        self.statement(self.rng.choice((1, 3)))

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
            self.op(f"{type_}.{self.rng.choice(COMMON)}")
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
            self.emit(constant("i32", self.rng.choice((0x3FC, 0x3FF, 0xFC, 0xFEF8, 0xFEFF))), instruction("i32.and"))
        elif choice < 0.75:
            self.emit(constant("i32", self.rng.choice((0, 16, 100, 1024, 65000))))
            self.value("i32", 1)
            self.emit(constant("i32", 15), instruction("i32.and"))
            self.emit(constant("i32", self.rng.choice((0, 1, 2, 3))), instruction("i32.shl"), instruction("i32.add"))
        elif choice < 0.985:
            self.emit(constant("i32", self.rng.choice((0, 1, 4, 8, 1000, 65000, 65260))))
        elif choice < 0.99:
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
        op = self.rng.choice(LOADS[type_])
        self.op(op.name, self.alignment(op), offset)

    def constant_or(self, *values: int) -> None:
        """One of some constants, or a small value."""
        if self.chance(0.7):
            self.emit(constant("i32", self.rng.choice(values)))
        else:
            self.value("i32", 1)
            self.emit(constant("i32", 63), instruction("i32.and"))
