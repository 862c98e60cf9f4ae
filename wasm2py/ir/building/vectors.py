"""Building vector instructions (spec, section 4.4.3), a layer of the builder between control and everything else.

A vector is one integer of 128 bits.  What a few infix operations on it can do is built from :class:`Binary` nodes with
``bits=0``; the rest are helpers of :mod:`runtime_support.simd`, named like the instruction.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.building.lanes import LaneBuilder
from wasm2py.ir.building.vector_facts import ALL, SHUFFLE, lane_width, ones, runs
from wasm2py.wasm.module import MemArg
from wasm2py.wasm.opcodes import OPCODES, Opcode
from wasm2py.wasm.types import F32, F64, I32, I64, V128

_ITEMS = {1: "B", 2: "H", 4: "I", 8: "Q"}
_MAX_RUNS = 3
"""A shuffle of more runs of bytes than this goes through a table."""

_BYTES_TO_SHORTS = "i16x8_extend_low_i8x16_u"

INFIX = {"v128.and": "&", "v128.or": "|", "v128.xor": "^"}
"""Instructions that are an infix operation."""

INTEGER_RESULTS = {
    **{f"i{128 // count}x{count}.all_true": (0, 1) for count in (2, 4, 8, 16)},
    **{f"i{128 // count}x{count}.bitmask": (0, (1 << count) - 1) for count in (2, 4, 8, 16)},
}
"""Helpers whose results are integers, with their range."""


class VectorBuilder(LaneBuilder):
    """Instructions that have a vector as operand or result."""

    # -------------------------------------------------------------------------------------------------------- building

    def lane(self, vector: n.Expr, width: int, index: int) -> n.Expr:
        """One lane as an unsigned integer."""
        node = n.Lane(vector, width, index)
        node.fx, node.reads, node.size = vector.fx, vector.reads, vector.size + 1
        node.type = I64 if width == 64 else I32
        return node

    def lane_bits(self, value: n.Expr, width: int) -> n.Expr:
        """A scalar operand as the unsigned integer that goes into a lane."""
        if value.type is F32 or value.type is F64:
            return self.float_bits(value)
        if width >= 32:
            return self.wrap(value, "u", width)
        value = self.number(value)
        if isinstance(value, n.Load) and 8 * value.width == width and not value.signed:
            return value
        node = self.made_of(n.Binary("&", 32, value, n.Const(32, (1 << width) - 1)), I32)
        return node

    def float_bits(self, value: n.Expr) -> n.Expr:
        """The bits of a float."""
        single = value.type is F32
        integer = I32 if single else I64
        if isinstance(value, n.Load):  # the same bytes read as an integer
            value.item, value.exact, value.type = "I" if single else "Q", False, integer
            return value
        interval = (0, (1 << (32 if single else 64)) - 1)
        helper = "f32_to_bits" if single else "f64_to_bits"
        return self.made_of(n.Apply(helper, [self.demand_exact(value)], interval), integer)

    # --------------------------------------------------------------------------------------------------------- numbers

    def op_v128_const(self, op: Opcode, value: int) -> None:
        self.push(self.vector_const(value))

    def op_vector(self, op: Opcode, imm: None) -> None:
        """An instruction that is a helper of the runtime; its integer operands are counts of shifts."""
        assert op.params is not None
        args = [self.number(x) for x in self.pop_many(len(op.params))]
        inner = args[0]
        if op.name == "i32x4.extend_low_i16x8_u" and isinstance(inner, n.Apply) and inner.helper == _BYTES_TO_SHORTS:
            self.push(self.spread(self.lowest(inner.args[0], 4)))
            return
        if "_low_" in op.name:
            args = [self.unshuffled(x, 8) for x in args]
        interval = INTEGER_RESULTS.get(op.name)
        helper = n.Apply(op.name.replace(".", "_"), args, interval)
        self.push(self.made_of(helper, V128 if interval is None else I32))

    def op_vector_infix(self, op: Opcode, imm: None) -> None:
        b, a = self.pop(), self.pop()
        operator = INFIX[op.name]
        self.push(self.both(a, b) if operator == "&" else self.infix(operator, a, b))

    def op_v128_not(self, op: Opcode, imm: None) -> None:
        self.push(self.infix("^", self.pop(), ALL))

    def op_v128_andnot(self, op: Opcode, imm: None) -> None:
        b, a = self.pop(), self.pop()
        self.push(self.infix("&", a, self.infix("^", b, ALL)))

    def op_v128_any_true(self, op: Opcode, imm: None) -> None:
        self.push(self.made_of(n.Compare("!=", self.pop(), self.vector_const(0)), I32))

    def op_vector_shift(self, op: Opcode, imm: None) -> None:
        """Shifts: by a constant count a shift of the whole, with what crosses lanes masked.

        A sign bit times ``2 ** (count + 1) - 2`` is all that belongs above it.
        """
        count = self.stack[-1]
        name = op.name
        width = lane_width(name)
        if not isinstance(count, n.Const):
            self.op_vector(op, imm)
            return
        self.pop()
        value = self.pop()
        distance = count.value % width
        kept = ones(width) * ((1 << width - distance) - 1)
        if not distance:
            self.push(value)
        elif name.endswith("shl"):
            self.push(self.shifted("<<", self.infix("&", value, kept), distance))
        elif name.endswith("shr_u"):
            self.push(self.infix("&", self.shifted(">>", value, distance), kept))
        else:
            if value.fx & n.TRAPS:
                self.spill_effects(n.TRAPS)
            low = self.repeated(self.infix("&", self.shifted(">>", value, distance), kept))
            negative = self.infix("&", low, ones(width) << width - 1 - distance)
            self.push(self.infix("+", low, self.infix("*", negative, (2 << distance) - 2)))

    def op_i8x16_shuffle(self, op: Opcode, lanes: tuple[int, ...]) -> None:
        """Few runs of neighbouring bytes are shifted into place, others picked from a table."""
        b, a = self.pop(), self.pop()
        found = runs(lanes)
        if len(found) > _MAX_RUNS:
            selectors = self.vector_const(int.from_bytes(bytes(lanes), "little"))
            self.push(self.made_of(n.Apply(SHUFFLE, [a, b, selectors], None), V128))
            return
        if (a.fx | b.fx) & n.TRAPS:
            self.spill_effects(n.TRAPS)
        sources = [self.repeated(x) for x in (a, b)]
        result: n.Expr | None = None
        for target, start, length in found:
            piece = self.shifted(">>", sources[start >> 4], (start & 15) * 8)
            if (start & 15) + length < 16 or target:
                piece = self.infix("&", piece, (1 << 8 * length) - 1)
            piece = self.shifted("<<", piece, target * 8)
            result = piece if result is None else self.infix("|", result, piece)
        assert result is not None
        self.push(result)

    # ----------------------------------------------------------------------------------------------------------- lanes

    def op_vector_splat(self, op: Opcode, imm: None) -> None:
        width = lane_width(op.name)
        self.push(self.infix("*", self.lane_bits(self.pop(), width), ones(width)))

    def op_vector_extract_lane(self, op: Opcode, index: int) -> None:
        name = op.name
        width = lane_width(name)
        lane = self.lane(self.pop(), width, index)
        if name.endswith("_s"):
            extended = n.Extend(width, 32, lane)
            extended.fx, extended.reads, extended.size = lane.fx, lane.reads, lane.size + 1
            self.push(extended)
        elif name.startswith("f"):
            helper = n.Apply(f"f{width}_from_bits", [lane], None, noisy=True)
            self.push(self.made_of(helper, F32 if width == 32 else F64))
        else:
            self.push(lane)

    def op_vector_replace_lane(self, op: Opcode, index: int) -> None:
        value, vector = self.pop(), self.pop()
        self.push(self.replaced(vector, lane_width(op.name), index, value))

    def replaced(self, vector: n.Expr, width: int, index: int, value: n.Expr) -> n.Expr:
        """``vector`` with another value in one lane."""
        start = index * width
        rest = self.infix("&", vector, ALL ^ (1 << width) - 1 << start)
        return self.infix("|", rest, self.shifted("<<", self.lane_bits(value, width), start))

    # -------------------------------------------------------------------------------------------------------- memories

    def vector_load(self, arg: MemArg, item: str, width: int, address: n.Expr) -> n.Load:
        """Bytes from memory as an unsigned number, the lowest lane of a vector."""
        pointer = address
        address = self.address(pointer, arg.memory)
        node = n.Load(item, width, arg.memory, address, arg.offset, flexible=False)
        node.fx = address.fx | n.READS_MEMORY | n.TRAPS
        node.reads = address.reads
        node.size = address.size + 2
        node.type = V128
        self.note_access(node, pointer)
        return node

    def op_vector_load(self, op: Opcode, arg: MemArg) -> None:
        """``v128.load`` and the forms that read less and fill the other lanes."""
        load = self.vector_load(arg, "V" if op.size == 16 else _ITEMS[op.size], op.size, self.pop())
        kind = op.name.removeprefix("v128.load")
        if kind.endswith("_splat"):
            self.push(self.infix("*", load, ones(8 * op.size)))
        elif kind in EXTENDED:
            self.push(self.made_of(n.Apply(EXTENDED[kind], [load], None), V128))
        else:
            self.push(load)

    def op_vector_load_lane(self, op: Opcode, imm: tuple[MemArg, int]) -> None:
        arg, index = imm
        size = op.size
        vector, address = self.pop(), self.pop()
        if address.fx & vector.fx & n.TRAPS:  # Python evaluates the vector first
            address = self.repeatable(address)
        load = self.vector_load(arg, _ITEMS[size], size, address)
        load.type = I64 if size == 8 else I32
        self.push(self.replaced(vector, 8 * size, index, load))

    def op_vector_store(self, op: Opcode, arg: MemArg) -> None:
        value, address = self.pop(), self.pop()
        self.store_vector(arg, "V", 16, address, value)

    def op_vector_store_lane(self, op: Opcode, imm: tuple[MemArg, int]) -> None:
        arg, index = imm
        size = op.size
        vector, address = self.pop(), self.pop()
        self.store_vector(arg, _ITEMS[size], size, address, self.lane(vector, 8 * size, index))

    def store_vector(self, arg: MemArg, item: str, width: int, address: n.Expr, value: n.Expr) -> None:
        """Write a vector or one lane; a store of a whole vector names its value twice."""
        self.spill_effects(n.READS_MEMORY | n.TRAPS)
        if address.fx & value.fx & n.TRAPS:  # Python evaluates the value first
            address = self.simple(address)
        if item == "V":
            value = self.repeated(value)
        address = self.address(address, arg.memory)
        self.stmts.append(n.Store(item, width, arg.memory, address, arg.offset, value))


EXTENDED = {
    f"{narrow}x{count}_{form}": f"i{2 * narrow}x{count}_extend_low_i{narrow}x{2 * count}_{form}"
    for narrow, count in ((8, 8), (16, 4), (32, 2))
    for form in "su"
}
"""Loads of eight bytes whose lanes are extended, and the helper that does it."""


def method_name(name: str, immediate: str) -> str:
    """The method of :class:`VectorBuilder` that builds an instruction."""
    operation = name.partition(".")[2]
    if name in ("v128.const", "v128.not", "v128.andnot", "v128.any_true", "i8x16.shuffle"):
        return "op_" + name.replace(".", "_")
    if name in INFIX:
        return "op_vector_infix"
    if immediate == "memarg":
        return "op_vector_load" if operation.startswith("load") else "op_vector_store"
    if immediate == "memarg_lane":
        return "op_vector_load_lane" if operation.startswith("load") else "op_vector_store_lane"
    if operation == "splat":
        return "op_vector_splat"
    if immediate == "lane":
        return "op_vector_replace_lane" if operation == "replace_lane" else "op_vector_extract_lane"
    if operation in ("add", "sub") and name.startswith("i"):
        return "op_vector_sum"
    if operation.startswith("extadd_pairwise") and operation.endswith("_u"):
        return "op_vector_pairwise"
    if operation in ("eq", "ne") and name.startswith("i"):
        return "op_vector_equal"
    return "op_vector_shift" if operation in ("shl", "shr_s", "shr_u") else "op_vector"


METHODS = {
    op.name: method_name(op.name, op.immediate) for op in OPCODES.values() if op.feature in ("simd", "relaxed-simd")
}
"""Which method builds which vector instruction."""
