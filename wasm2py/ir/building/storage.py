"""Building instructions on memories, tables and segments, a layer of the builder.

Loads and stores are nodes of their own; all else is a method of the runtime's memory or table.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.building.control import ControlBuilder
from wasm2py.ir.building.values import may_signal, need_precise
from wasm2py.ir.building.widths import bits_of, int_type
from wasm2py.ir.operators import ACCESSES
from wasm2py.wasm.module import MemArg
from wasm2py.wasm.opcodes import Opcode


class StorageBuilder(ControlBuilder):
    """Memories, tables and segments."""

    def op_load(self, op: Opcode, arg: MemArg) -> None:
        item, flexible, signed = ACCESSES[op.name]
        address = self.address(self.stack.pop(), arg.memory)
        node = n.Load(item, op.size, arg.memory, address, arg.offset, flexible, signed)
        node.fx = address.fx | n.READS_MEMORY | n.TRAPS
        node.reads = address.reads
        node.size = address.size + 2
        node.type = op.results[0]  # type: ignore[index, assignment]  # loads have one result of a number type
        node.natural = 1 << arg.align == op.size
        self.stack.append(node)

    def op_store(self, op: Opcode, arg: MemArg) -> None:
        item, _, _ = ACCESSES[op.name]
        value, address = self.stack.pop(), self.stack.pop()
        self.spill_effects(n.READS_MEMORY | n.TRAPS)
        if address.fx & value.fx & n.TRAPS:  # Python evaluates the value first
            address = self.simple(address)
        address = self.address(address, arg.memory)
        store = n.Store(item, op.size, arg.memory, address, arg.offset, value)
        store.natural = 1 << arg.align == op.size
        if item == "f":
            self.store_f32(store)
        elif item != "d":
            if 8 * store.width == bits_of(value.type):
                need_precise(value)  # it is stored as it is, in the hope that it is in form
            store.value = self.number(value)
        self.stmts.append(store)

    def store_f32(self, store: n.Store) -> None:
        """Storing an f32 must keep the bits of a signalling NaN, which conversions in C would change."""
        value = store.value
        if isinstance(value, n.Load):  # copy the bytes
            value.item, value.flexible, value.exact, store.item = "I", True, False, "I"
        elif isinstance(value, n.Get):
            self.float_stores.append((store, value.var))
            value.var.find().exact = True
        elif may_signal(value):
            self.demand_exact(value)
            store.value, store.exact = self.simple(value), True

    def method(
        self, kind: str, index: int, name: str, args: list[n.Expr], interval: tuple[int, int] | None
    ) -> n.Method:
        """A method call on a memory or table."""
        return n.Method(n.ObjectRef(kind, index), name, args, interval)

    def do(self, kind: str, index: int, name: str, args: list[n.Expr]) -> None:
        """A method call for its effect."""
        self.spill_effects(n.EFFECTS)
        self.stmts.append(n.Eval(self.method(kind, index, name, args, None)))

    def unsigned(self, *widths: int) -> list[n.Expr]:
        """Pop integer operands of these widths, the last pushed last."""
        return [self.wrap(x, "u", bits) for x, bits in zip(self.pop_many(len(widths)), widths, strict=True)]

    def op_memory_size(self, op: Opcode, index: int) -> None:
        bits = self.memory_bits[index]
        largest = min(1 << bits - self.module.memories[index].limits.page_size_log2, (1 << bits) - 1)
        node = self.method("memory", index, "size", [], (0, largest))
        node.fx, node.type = n.READS_MEMORY, int_type(bits)
        self.push(node)

    def grow(self, kind: str, index: int, args: list[n.Expr], bits: int) -> None:
        """``memory.grow`` or ``table.grow``: evaluated at once."""
        self.spill_effects(n.EFFECTS)
        result = self.variable(int_type(bits))
        self.assign(result, self.method(kind, index, "grow", args, (-1, (1 << bits) - 1)))
        self.push(self.get(result))

    def op_memory_grow(self, op: Opcode, index: int) -> None:
        bits = self.memory_bits[index]
        self.grow("memory", index, self.unsigned(bits), bits)

    def op_memory_fill(self, op: Opcode, index: int) -> None:
        bits = self.memory_bits[index]
        self.do("memory", index, "fill", self.unsigned(bits, 32, bits))

    def op_memory_copy(self, op: Opcode, imm: tuple[int, int]) -> None:
        target, source = imm
        one, two = self.memory_bits[target], self.memory_bits[source]
        to, start, count = self.unsigned(one, two, min(one, two))
        self.do("memory", target, "copy", [to, start, count, n.ObjectRef("memory", source)])

    def op_memory_init(self, op: Opcode, imm: tuple[int, int]) -> None:
        segment, index = imm
        to, start, count = self.unsigned(self.memory_bits[index], 32, 32)
        self.do("memory", index, "init", [to, n.ObjectRef("data", segment), start, count])

    def op_drop_segment(self, op: Opcode, index: int) -> None:
        self.stmts.append(n.DropSegment(n.ObjectRef(op.immediate, index)))

    # ---------------------------------------------------------------------------------------------------------- tables

    def op_table_get(self, op: Opcode, index: int) -> None:
        node = self.method("table", index, "get", self.unsigned(self.table_bits[index]), None)
        node.type = self.module.tables[index].element
        node.fx = n.READS_TABLE | n.TRAPS | node.args[0].fx
        node.reads = node.args[0].reads
        self.push(node)

    def op_table_set(self, op: Opcode, index: int) -> None:
        value = self.pop()
        self.do("table", index, "set", [*self.unsigned(self.table_bits[index]), value])

    def op_table_size(self, op: Opcode, index: int) -> None:
        bits = self.table_bits[index]
        node = self.method("table", index, "size", [], (0, (1 << bits) - 1))
        node.fx, node.type = n.READS_TABLE, int_type(bits)
        self.push(node)

    def op_table_grow(self, op: Opcode, index: int) -> None:
        bits = self.table_bits[index]
        count = self.unsigned(bits)
        self.grow("table", index, [self.pop(), *count], bits)

    def op_table_fill(self, op: Opcode, index: int) -> None:
        bits = self.table_bits[index]
        count = self.unsigned(bits)
        value = self.pop()
        self.do("table", index, "fill", [*self.unsigned(bits), value, *count])

    def op_table_copy(self, op: Opcode, imm: tuple[int, int]) -> None:
        target, source = imm
        one, two = self.table_bits[target], self.table_bits[source]
        to, start, count = self.unsigned(one, two, min(one, two))
        self.do("table", target, "copy", [to, start, count, n.ObjectRef("table", source)])

    def op_table_init(self, op: Opcode, imm: tuple[int, int]) -> None:
        segment, index = imm
        to, start, count = self.unsigned(self.table_bits[index], 32, 32)
        self.do("table", index, "init", [to, n.ObjectRef("element", segment), start, count])
