"""Building 128-bit arithmetic (wide-arithmetic proposal), a layer of the builder.

Integers of the IR are exact, so the upper half of a result is what a shift by 64 leaves of it: there is no carry to
look for.  Each half is an expression of its own over operands that may be named twice.
"""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.building.vectors import VectorBuilder
from wasm2py.wasm.opcodes import Opcode
from wasm2py.wasm.types import I64


class WideBuilder(VectorBuilder):
    """Instructions that take or make integers of 128 bits, as two i64."""

    def wide_operands(self, count: int) -> list[n.Expr]:
        """Pop operands, and make them fit for being named twice."""
        return [self.repeatable(self.number(x)) for x in self.pop_many(count)]

    def exact(self, op: str, a: n.Expr, b: n.Expr, form: str) -> n.Expr:
        """An operation on operands in unsigned (``u``) or signed (``s``) form, or on any (``m``)."""
        return self.made_of(n.Binary(op, 64, self.demand(a, form, 64), self.demand(b, form, 64)), I64)

    def upper(self, value: n.Expr) -> n.Expr:
        """What is left of an exact value without its lower 64 bits."""
        return self.made_of(n.Binary(">>", 64, value, self.constant(64, 64)), I64)

    def sum_or_difference(self, op: str) -> None:
        """Two operands of 128 bits, of which the lower half comes first: -1 is what a borrow leaves."""
        a_low, a_high, b_low, b_high = self.wide_operands(4)
        self.push(self.exact(op, a_low, b_low, "m"))
        carry = self.upper(self.exact(op, a_low, b_low, "u"))
        self.push(self.exact("+", self.exact(op, a_high, b_high, "m"), carry, "m"))

    def wide_product(self, form: str) -> None:
        """The product of two i64."""
        a, b = self.wide_operands(2)
        self.push(self.exact("*", a, b, "m"))
        self.push(self.upper(self.exact("*", a, b, form)))

    def op_i64_add128(self, op: Opcode, imm: None) -> None:
        self.sum_or_difference("+")

    def op_i64_sub128(self, op: Opcode, imm: None) -> None:
        self.sum_or_difference("-")

    def op_i64_mul_wide_s(self, op: Opcode, imm: None) -> None:
        self.wide_product("s")

    def op_i64_mul_wide_u(self, op: Opcode, imm: None) -> None:
        self.wide_product("u")
