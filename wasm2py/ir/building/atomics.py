"""Building atomic instructions (threads proposal), a layer of the builder.

Each is evaluated where it stands, behind everything that reads memory before it: another thread may change what is read
later.  They are functions of :mod:`runtime_support.threads`, which take the memory and the effective address.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.building.wide import WideBuilder
from wasm2py.ir.building.widths import bits_of
from wasm2py.wasm.module import MemArg
from wasm2py.wasm.opcodes import OPCODES, Opcode
from wasm2py.wasm.types import I64, NumType

_OFFSET_BITS = 66
"""Width of the constant for an offset: the sum with it is exact, so no offset may look like a negative number."""


class AtomicBuilder(WideBuilder):
    """Atomic accesses, wait, notify and fence."""

    def op_atomic_fence(self, op: Opcode, imm: None) -> None:
        self.spill_effects(n.EFFECTS)
        self.stmts.append(n.Eval(n.Apply("atomic_fence", [], None)))

    def op_atomic(self, op: Opcode, arg: MemArg) -> None:
        """All others: operands are passed unsigned, but for the time that ``wait`` may take."""
        assert op.params is not None
        assert op.results is not None
        operation = _operation(op.name)
        forms = "us" if operation == "wait" else "uu"
        values = self.pop_many(len(op.params) - 1)
        args = [
            self.wrap(value, form, bits_of(value.type))
            for value, form in zip(values, forms[: len(values)], strict=True)
        ]
        address = self.effective_address(arg, self.pop())
        size = [] if operation == "notify" else [self.constant(32, op.size)]
        self.spill_effects(n.EFFECTS)
        call = n.Apply(f"atomic_{operation}", [n.ObjectRef("memory", arg.memory), address, *args, *size], None)
        call.fx = n.READS_MEMORY | n.TRAPS
        if not op.results:
            self.stmts.append(n.Eval(call))
            return
        type_ = op.results[0]
        assert isinstance(type_, NumType)
        call.type = type_
        call.interval = (0, 2 if operation == "wait" else (1 << 8 * op.size) - 1)
        result = self.variable(type_)
        self.assign(result, call)
        self.push(self.get(result))

    def effective_address(self, arg: MemArg, address: n.Expr) -> n.Expr:
        """The sum of address and offset, which may exceed the width of addresses."""
        base = self.address(address, arg.memory)
        if not arg.offset:
            return base
        offset = n.Const(_OFFSET_BITS, arg.offset)
        offset.type = I64
        return self.made_of(n.Binary("+", 64, base, offset), I64)


def _operation(name: str) -> str:
    """What an instruction does, without types and widths: ``i64.atomic.rmw8.add_u`` adds."""
    operation = name.rpartition(".")[2].removesuffix("_u")
    return operation.rstrip("0123456789")


METHODS = {
    op.name: "op_atomic_fence" if op.name == "atomic.fence" else "op_atomic"
    for op in OPCODES.values()
    if op.feature == "threads"
}
"""Which method builds which atomic instruction."""
