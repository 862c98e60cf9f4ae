"""Random vector expressions: every vector instruction, between scalars and memory.

Only modules of their own have them.  Functions take and give scalars, because the oracle's interface has no vectors.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from tests.differential.encoding import constant, instruction
from tests.differential.values import Values
from wasm2py.wasm.opcodes import BY_NAME, Opcode

V128 = "v128"
_FEATURES = ("simd", "relaxed-simd")
_OPS = [op for op in BY_NAME.values() if op.feature in _FEATURES and not op.name.endswith("madd")]
"""All but ``relaxed_madd`` and ``relaxed_nmadd``: wasmtime rounds once, the deterministic profile twice."""

_MAKE_NANS = [
    "add",
    "sub",
    "mul",
    "div",
    "sqrt",
    "min",
    "max",
    "ceil",
    "floor",
    "trunc",
    "nearest",
    "relaxed_min",
    "relaxed_max",
    "demote_f64x2_zero",
    "promote_low_f32x4",
]
"""Operations on floats whose NaN results have bits that the specification leaves open."""

_LANES = (
    *(bytes([value]) for value in (0, 1, 0x7F, 0x80, 0xFF, 5)),
    *(value.to_bytes(2, "little") for value in (0x8000, 0x7FFF, 0xFFFF, 0x00FF, 0xFF00)),
    *(value.to_bytes(4, "little") for value in (0x80000000, 0x7FFFFFFF, 1, 0x3F800000, 0x7F800000, 0x7FC00000)),
    *(value.to_bytes(8, "little") for value in (1 << 63, 1, 0x3FF0000000000000, 0x41DFFFFFFFC00000, (1 << 32) - 1)),
)
"""Bytes that constants are made of."""


def _giving(result: str) -> list[Opcode]:
    """Instructions with that result, but for loads, constants and shuffles."""
    kinds = ("-", "lane")
    return [op for op in _OPS if op.immediate in kinds and [str(r) for r in op.results or ()] == [result]]


_GIVING = {t: _giving(t) for t in (V128, "i32", "i64", "f32", "f64")}
_SUMS = [op for op in _GIVING[V128] if op.name.startswith("i") and op.name.endswith((".add", ".sub"))]
_COMMON = [*_SUMS, *_SUMS, *(op for op in _GIVING[V128] if op.name.endswith((".eq", ".ne")))]
_COMMON += [op for op in _GIVING[V128] if "extend_low" in op.name or "splat" in op.name or op.name.startswith("v128.")]
"""Instructions that the compiler writes as expressions, and combines."""

_LOAD_LANES = [op for op in _OPS if op.immediate == "memarg_lane" and op.results]
_STORES = [op for op in _OPS if op.immediate in ("memarg", "memarg_lane") and not op.results]


class VectorValues(Values):
    """Vectors, where :attr:`Environment.vectors` asks for them."""

    def add_vectors(self) -> None:
        """Locals for vectors; the last one holds raw NaNs."""
        self.free[V128] = [self.new_local(V128) for _ in range(self.rng.randint(1, 3))]
        self.scratch[V128] = self.new_local(V128)

    def any_type(self) -> str:
        if self.environment.vectors and self.chance(0.4):
            return V128
        return super().any_type()

    def constant(self, type_: str) -> None:
        if type_ != V128:
            super().constant(type_)
            return
        rng = self.rng
        if self.chance(0.5):
            lane = rng.choice(_LANES)
            data = lane * (16 // len(lane))
        elif self.chance(0.5):
            data = rng.randbytes(16)
        else:
            data = b"".join(rng.choice(_LANES) for _ in range(16))[:16]
        self.emit(instruction("v128.const"), data)

    def value(self, type_: str, depth: int) -> None:
        environment = self.environment
        if type_ != V128 and not (environment.vectors and depth > 0 and self.budget > 0 and self.chance(0.3)):
            super().value(type_, depth)
            return
        self.budget -= 1
        if type_ != V128:
            self.vector_operator(self.rng.choice(_GIVING[type_]), depth)
        elif depth <= 0 or self.budget < 0 or self.chance(0.15):
            self.leaf(type_)
        else:
            choices: tuple[Callable[[int], None], ...] = (
                lambda depth: self.vector_operator(self.rng.choice(_COMMON), depth),
                lambda depth: self.vector_operator(self.rng.choice(_COMMON), depth),
                lambda depth: self.vector_operator(self.rng.choice(_GIVING[V128]), depth),
                lambda depth: self.vector_operator(self.rng.choice(_GIVING[V128]), depth),
                lambda depth: self.load(V128, depth),
                self.load_lane,
                self.shuffle,
                lambda depth: self.rng.choice(
                    (self.select, self.tee, self.block_value, self.if_value, self.interrupted, self.loop_value)
                )(V128, depth),
            )
            self.rng.choice(choices)(depth)

    def vector_operator(self, op: Opcode, depth: int) -> None:
        """An instruction on vectors and its operands."""
        for t in op.params or ():
            self.value(str(t), depth - 1)
        if op.immediate == "lane":
            self.op(op.name, self.rng.randrange(op.size))
        else:
            self.op(op.name)
        shape, _, operation = op.name.partition(".")
        if shape in ("f32x4", "f64x2") and operation in _MAKE_NANS:
            self.canonical_nans(shape)

    def canonical_nans(self, shape: str) -> None:
        """Make all NaNs of a vector the canonical one."""
        local = self.scratch[V128]
        number = struct.pack("<4f", *[math.nan] * 4) if shape == "f32x4" else struct.pack("<2d", math.nan, math.nan)
        get = instruction("local.get", local)
        self.emit(instruction("local.tee", local), instruction("v128.const"), number)
        self.emit(get, get, instruction(f"{shape}.eq"), instruction("v128.bitselect"))

    def shuffle(self, depth: int) -> None:
        """Any bytes, or runs of neighbours."""
        self.value(V128, depth - 1)
        self.value(V128, depth - 1)
        rng = self.rng
        if self.chance(0.4):
            lanes = [rng.randrange(32) for _ in range(16)]
        else:
            lanes = []
            while len(lanes) < 16:
                start = rng.choice((0, 4, 8, 12, 16, 20, rng.randrange(32)))
                lanes += [(start + i) % 32 for i in range(rng.choice((4, 4, 8, 16)))]
        self.emit(instruction("i8x16.shuffle"), bytes(lanes[:16]))

    def load_lane(self, depth: int) -> None:
        """A load into one lane."""
        op = self.rng.choice(_LOAD_LANES)
        offset = self.address()
        self.value(V128, depth - 1)
        self.op(op.name, self.alignment(op), offset, self.rng.randrange(16 // op.size))

    def widened(self) -> None:
        """Sum up or count the bytes of a vector in memory, four by four in lanes of 32 bits, as compilers do.

        Mostly the quarters follow each other, but some are elsewhere, or memory changes in between.
        """
        rng = self.rng
        pointer, total = self.new_local("i32"), self.new_local(V128)
        self.emit(constant("i32", rng.choice((0, 512, 65500, 65520, 65521, 2**32 - 1060))))
        self.op("local.set", pointer)
        if self.chance(0.5):
            self.value(V128, 1)
            self.op("local.set", total)
        first = rng.choice((0, 0, 1024, 1060))
        offset = rng.choice((0, 0, 8))
        wanted = self.lane_constant() if self.chance(0.6) else b""
        factors = [rng.choice((1, 1, 255, 3))] * 4
        if self.chance(0.2):
            factors[rng.randrange(4)] = 2
        self.op("local.get", total)
        for place, width in zip((0, 4, 8, 12), (16, 4, 8, 4), strict=True):
            if self.chance(0.1):
                place = rng.choice((0, 4, 8, 12, 16, 2**32 - 4))
            if self.chance(0.1):
                width = rng.choice((4, 8, 16))
            moved = rng.choice((0, place)) if self.chance(0.2) and place < 16 else place
            self.emit(instruction("local.get", pointer), constant("i32", first + moved), instruction("i32.add"))
            name = {16: "v128.load", 8: "v128.load64_zero", 4: "v128.load32_zero"}[width]
            self.op(name, 0, (place - moved + offset) % 2**32 if place < 16 else offset)
            if wanted:
                other = self.lane_constant() if self.chance(0.05) else wanted
                self.emit(instruction("v128.const"), other)
                self.op(rng.choice(("i8x16.eq", "i8x16.eq", "i8x16.eq", "i8x16.eq", "i8x16.ne")))
            self.emit(instruction("i16x8.extend_low_i8x16_u"), instruction("i32x4.extend_low_i16x8_u"))
            if wanted:
                self.emit(instruction("v128.const"), factors[place // 4 % 4].to_bytes(4, "little") * 4)
                self.op("v128.and")
            if self.chance(0.05):
                self.store_vector()
            self.op("i32x4.add")
        self.op("local.set", total)
        self.emit(constant("i32", rng.choice((600, 1056, 65500))), instruction("local.get", total))
        self.op("v128.store", 0, 0)

    def lane_constant(self) -> bytes:
        """The same byte 16 times; that of fresh memory is frequent."""
        return bytes([self.rng.choice((0, 0, 1, 0x80, 0xFF, self.rng.randrange(256)))]) * 16

    def store_vector(self) -> None:
        """A store of a vector or one lane."""
        op = self.rng.choice(_STORES)
        offset = self.address()
        self.value(V128, 3)
        lane = (self.rng.randrange(16 // op.size),) if op.immediate == "memarg_lane" else ()
        self.op(op.name, self.alignment(op), offset, *lane)

    def start_vectors(self) -> None:
        """Give most vector locals values to begin with, from the random bytes at the start of memory or constants."""
        for local in self.free.get(V128, ()):
            if self.chance(0.6):
                self.emit(constant("i32", self.rng.randrange(40)), instruction("v128.load", 0, 0))
            else:
                self.constant(V128)
            self.op("local.set", local)

    def keep_vectors(self) -> None:
        """Make every vector local count."""
        for number, local in enumerate(self.free.get(V128, ())):
            self.emit(constant("i32", 768 + 16 * number), instruction("local.get", local))
            self.op("v128.store", 0, 0)
