"""Building constants and instructions on numbers by their rows in the operator table, a layer of the builder."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.building.control import ControlBuilder
from wasm2py.ir.building.values import may_signal, need_precise
from wasm2py.ir.building.widths import int_type
from wasm2py.ir.operators import ROWS, Row
from wasm2py.wasm.opcodes import OPCODES, Opcode, SigType
from wasm2py.wasm.types import F32, F64, I64, NumType


class NumberBuilder(ControlBuilder):
    """Constants, arithmetic, comparisons and conversions."""

    def op_i32_const(self, op: Opcode, value: int) -> None:
        self.stack.append(n.Const(32, value))

    def op_i64_const(self, op: Opcode, value: int) -> None:
        node = n.Const(64, value)
        node.type = I64
        self.stack.append(node)

    def op_float_const(self, op: Opcode, pattern: int) -> None:
        node = n.FloatConst(pattern)
        node.type = F32 if op.immediate == "f32" else F64
        self.stack.append(node)

    def op_unary(self, op: Opcode, imm: None) -> None:
        """An instruction with a row in the operator table, and one operand."""
        row, bits, type_ = _NUMBERS[op]
        node = self.unary(row, bits, self.stack.pop(), type_ is I64)
        node.type = type_
        self.stack.append(node)

    def op_binary(self, op: Opcode, imm: None) -> None:
        """An instruction with a row in the operator table, and two operands."""
        row, bits, type_ = _NUMBERS[op]
        stack = self.stack
        b, a = stack.pop(), stack.pop()
        operands = row.operands
        node = self.binary(row, bits, self.demand(a, operands[0], bits), self.demand(b, operands[1], bits))
        if node is not None:
            node.type = type_
            stack.append(node)

    def op_shr_s(self, op: Opcode, imm: None) -> None:
        """A shift to the right, which may leave nothing but the sign."""
        bits, count = _NUMBERS[op][1], self.stack[-1]
        if not isinstance(count, n.Const) or count.value % bits == bits - 1:
            self.has_signs = True
        self.op_binary(op, imm)

    def op_shr_u(self, op: Opcode, imm: None) -> None:
        """A shift to the right, which is a comparison where it leaves nothing but the sign."""
        bits = _NUMBERS[op][1]
        b, a = self.stack[-1], self.stack[-2]
        if isinstance(b, n.Const) and b.value % bits == bits - 1:
            bit = self.sign_bit(a, bits)
            if bit is not None:
                self.stack[-2:] = [bit]
                return
        self.op_binary(op, imm)

    def binary(self, row: Row, bits: int, a: n.Expr, b: n.Expr) -> n.Expr | None:
        """A node for two operands in the demanded forms; ``None`` where it has been pushed already."""
        kind = row.kind
        node: n.Expr
        if kind == "infix":
            operation = row.operation
            if operation in "&|^" and not (operation == "&" and (_is_small(a) or _is_small(b))):
                need_precise(a, sums=False)  # the result is in form if both operands are
                need_precise(b, sums=False)
            node = n.Binary(operation, bits, a, b)
        elif kind == "compare":
            node = n.Compare(row.operation, a, b)
        elif kind == "divide":
            node = n.Divide(row.operation, bits, a, b)
        elif kind == "round":
            self.round(row.operation, a, b)
            return None
        elif kind == "rotate":
            if isinstance(b, n.Const):
                return self.rotate(row, bits, a, b)
            node = n.Apply(row.operation, [a, b], row.interval)
        else:
            node = self.float_helper(row, a, b)
        node.fx = a.fx | b.fx
        if row.traps and not _nonzero(b):
            node.fx |= n.TRAPS
        node.reads = a.reads | b.reads
        node.size = a.size + b.size + 1
        return node

    def sign_bit(self, x: n.Expr, bits: int) -> n.Expr | None:
        """A variable, or its complement, shifted right by all bits but one: a comparison, which suits either form."""
        operation = "<"
        if isinstance(x, n.Binary) and x.op == "^" and isinstance(x.b, n.Const) and (x.b.value + 1) % (1 << bits) == 0:
            x, operation = x.a, ">="
        if not isinstance(x, n.Get):
            return None
        need_precise(x)
        test = n.Compare(operation, self.wrapped(x, "s", bits), self.wrapped(self.constant(bits, 0), "s", bits))
        test.fx, test.reads, test.size = x.fx, x.reads, x.size + 2
        bit = self.number(test)
        bit.type = int_type(bits)
        return bit

    def float_helper(self, row: Row, a: n.Expr, b: n.Expr) -> n.Expr:
        """A helper of two floats; f64 division by something else than zero is Python's."""
        if row.operation == "f64_div":
            a, b = self.repeatable(a), self.repeatable(b)
            quotient = n.Binary("/", 0, a, b)
            quotient.type = F64
            if isinstance(b, n.FloatConst) and b.pattern << 1 & 2**64 - 1:
                return quotient
            return n.Select(b, quotient, n.Apply(row.operation, [a, b], None))
        return n.Apply(row.operation, [a, b], None, row.noisy)

    def round(self, operation: str, a: n.Expr, b: n.Expr) -> None:
        """An f32 operation: Python computes in f64, then the result is rounded, which is exact (no double rounding)."""
        value = n.Binary(operation, 0, a, b)
        value.fx, value.reads, value.size, value.type = a.fx | b.fx, a.reads | b.reads, a.size + b.size + 1, F32
        if value.fx & n.TRAPS:
            self.spill_effects(n.TRAPS)
        result = self.variable(F32)
        self.stmts.append(n.Round(result, value))
        self.push(self.get(result))

    def rotate(self, row: Row, bits: int, a: n.Expr, b: n.Const) -> n.Expr:
        """A rotation by a constant distance: two shifts."""
        assert isinstance(a, n.Wrap)
        left = b.value % bits if row.operation.endswith("l") else -b.value % bits
        if not left:
            return a
        x = self.repeatable(a.x)
        high = n.Binary("<<", bits, self.own(x), self.constant(bits, left))
        low = n.Binary(">>", bits, self.wrap(x, "u", bits), self.constant(bits, bits - left))
        node = n.Binary("|", bits, high, low)
        high.type = low.type = int_type(bits)
        node.reads, node.size = x.reads, 7
        return node

    def unary(self, row: Row, bits: int, x: n.Expr, wide: bool) -> n.Expr:
        """A node for one operand."""
        kind, form = row.kind, row.operands
        node: n.Expr
        if kind == "eqz":
            return self.negated(self.truth(x, bits))
        if kind == "wrap":
            # i32.wrap_i64: the low bits are what they are
            node = n.Wrap(32, "m", self.number(x), n.NOTHING) if form == "m" else self.wrap(x, form, 32)
            node.fx, node.reads, node.size = x.fx, x.reads, x.size
            return node
        if kind == "extend":
            width = int(row.operation)
            node = n.Extend(width, bits, self.number(x))
        elif kind == "negate":
            node = n.Negate(self.demand(x, form, bits))
        elif row.operation == "f64_promote" and not may_signal(x) and not isinstance(x, n.FloatConst):
            return x
        elif row.operation == "f32_to_bits" and isinstance(x, n.Load):
            x.item, x.flexible = "I", True  # the same bytes read as an integer
            x.exact = False
            return x
        elif row.operation == "f64_promote" and isinstance(x, n.Load):
            return x  # reading an f32 as a Python float makes NaNs quiet
        else:
            node = n.Apply(row.operation, [self.demand(x, form, bits)], row.interval, row.noisy)
        node.fx, node.reads, node.size = x.fx, x.reads, x.size + 1
        if row.traps:
            node.fx |= n.TRAPS
        return node


def _number_type(types: tuple[SigType, ...] | None) -> NumType:
    """The first of some operands or results that are numbers."""
    assert types is not None
    assert isinstance(types[0], NumType)
    return types[0]


def _number(op: Opcode) -> tuple[Row, int, NumType]:
    """Row, width of the operands if they are integers, else 0, and type of the result."""
    type_ = _number_type(op.params)
    return ROWS[op.name], type_.bits if n.is_int(type_) else 0, _number_type(op.results)


_NUMBERS = {op: _number(op) for op in OPCODES.values() if op.name in ROWS}


def _is_small(mask: n.Expr) -> bool:
    """Whether what a mask leaves of any number is in form."""
    return isinstance(mask, n.Const) and 0 <= mask.value < 1 << mask.bits - 1


def _nonzero(divisor: n.Expr) -> bool:
    """Whether a divisor is a constant that cannot trap (-1 overflows)."""
    if isinstance(divisor, n.Wrap):
        divisor = divisor.x
    return isinstance(divisor, n.Const) and divisor.value not in (0, -1)
