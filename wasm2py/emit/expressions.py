"""Expressions of the IR as Python text."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from runtime_support import gc
from wasm2py.emit import operators as o
from wasm2py.emit.accesses import AccessWriter
from wasm2py.emit.names import OBJECTS, ModuleNames, Uses
from wasm2py.emit.objects import arguments
from wasm2py.emit.targets import Target
from wasm2py.ir import nodes as n
from wasm2py.ir.building.objects import INSTANCES
from wasm2py.ir.ranges.overflow import leaves, overflows
from wasm2py.wasm.types import F32


class ExpressionWriter(AccessWriter):
    """Writes expressions of one function.

    :ivar variables: names of the function's variables
    :ivar wild: those that may well hold any number of their type
    :ivar uses: what has been referred to
    """

    def __init__(self, names: ModuleNames, target: Target, uses: Uses) -> None:
        super().__init__(target, uses, names.context.module.memories)
        self.names = names
        self.variables: dict[n.Variable, str] = {}
        self.wild: set[n.Variable] = set()

    def overflows(self, x: n.Expr) -> bool:
        """Whether a sum leaves its range about as often as not: it is masked at once."""
        return overflows(x) or any(isinstance(leaf, n.Get) and leaf.var in self.wild for leaf in leaves(x))

    def text(self, x: n.Expr, precedence: int = 0) -> str:
        """An expression, in parentheses if it binds looser than ``precedence``."""
        text, own = _HANDLERS[x.__class__](self, x)
        return f"({text})" if own < precedence else text

    # ---------------------------------------------------------------------------------------------------------- leaves

    def float_const(self, x: n.FloatConst) -> tuple[str, int]:
        if x.type is F32:
            value = struct.unpack("<f", struct.pack("<I", x.pattern))[0]
        else:
            value = struct.unpack("<d", struct.pack("<Q", x.pattern))[0]
        if math.isnan(value):
            return f"{self.helper('f32_from_bits' if x.type is F32 else 'f64_from_bits')}({x.pattern:#x})", o.PRIMARY
        if math.isinf(value):
            return ("1e999", o.NUMBER) if value > 0 else ("-1e999", o.UNARY)
        return repr(value), o.UNARY if x.pattern >> (31 if x.type is F32 else 63) else o.NUMBER

    def vector_const(self, x: n.VectorConst) -> tuple[str, int]:
        return f"0x{x.value:X}" if x.value > 9 else str(x.value), o.NUMBER

    def lane(self, x: n.Lane) -> tuple[str, int]:
        mask = o.MASKS[x.width]
        if not x.index:
            return f"{self.text(x.vector, o.BIT_AND)} & {mask}", o.BIT_AND
        shifted = f"{self.text(x.vector, o.SHIFT)} >> {x.index * x.width}"
        return (shifted, o.SHIFT) if (x.index + 1) * x.width == 128 else (f"{shifted} & {mask}", o.BIT_AND)

    def rounded(self, _x: n.Rounded) -> tuple[str, int]:
        return "R[0]", o.PRIMARY

    def null(self, _x: n.Null) -> tuple[str, int]:
        return "None", o.PRIMARY

    def func_ref(self, x: n.FuncRef) -> tuple[str, int]:
        self.uses.references.add(x.func)
        return f"r{x.func}", o.PRIMARY

    def get(self, x: n.Get) -> tuple[str, int]:
        return self.variables[x.var], o.PRIMARY

    def global_get(self, x: n.GlobalGet) -> tuple[str, int]:
        self.uses.globals.add(x.index)
        return (f"g{x.index}.raw" if x.index in self.names.boxed else f"g{x.index}"), o.PRIMARY

    def runtime_type(self, x: n.RuntimeType) -> tuple[str, int]:
        return self.type_part("k", x.index), o.PRIMARY

    def instances(self, x: n.Instances) -> tuple[str, int]:
        if isinstance(x.heap, int):
            return self.type_part("kn" if x.nullable else "ki", x.heap), o.PRIMARY
        return self.library("gc", INSTANCES[x.heap] + "_OR_NULL" * x.nullable), o.PRIMARY

    def type_part(self, part: str, index: int) -> str:
        """The name of what belongs to a runtime type."""
        index = self.names.type_index(index)
        self.uses.types.add((part, index))
        return f"{part}{index}"

    def new(self, x: n.New) -> tuple[str, int]:
        args = arguments(self.names.context.module.types[x.type_index], [self.text(a) for a in x.args])
        return f"{self.type_part('k', x.type_index)}({args})", o.PRIMARY

    def member(self, x: n.Member) -> tuple[str, int]:
        return f"{self.text(x.object, o.PRIMARY)}.{x.name}", o.PRIMARY

    def item(self, x: n.Item) -> tuple[str, int]:
        if not x.boxed:
            return self.item_place(x), o.PRIMARY
        index = self.text(x.index, o.BIT_OR)  # a list's own error would be taken for that of a table
        items = f"{self.text(x.array, o.PRIMARY)}.items"
        return f"y[{index}] if {index} < len(y := {items}) else {self.helper('array_bounds')}()", o.CONDITIONAL

    def item_place(self, x: n.Item) -> str:
        """An element of an array: what may stand on either side of an assignment."""
        return f"{self.text(x.array, o.PRIMARY)}.items[{self.text(x.index)}]"

    def object_ref(self, x: n.ObjectRef) -> tuple[str, int]:
        return self.object_name(x), o.PRIMARY

    def object_name(self, x: n.ObjectRef) -> str:
        """The name of a memory, table or segment."""
        self.uses.methods.add((x.kind, x.index))
        return f"{OBJECTS[x.kind]}{x.index}"

    def helper(self, name: str) -> str:
        """Note the use of a helper of the runtime."""
        if name.startswith(o.SHAPES):
            return self.library("simd", name)
        if name.startswith("wide_"):
            return self.library("simd.wide", name)
        if name in gc.__all__:
            return self.library("gc", name)
        if name.startswith("atomic_"):
            return self.library("threads", name)
        self.uses.helpers.add(name)
        return name

    def library(self, part: str, name: str) -> str:
        """Note the use of a name of a part of the runtime that only its users load."""
        self.uses.library.add((f"runtime_support.{part}", name))
        return name

    # ------------------------------------------------------------------------------------------------------ operations

    def binary(self, x: n.Binary) -> tuple[str, int]:
        op, own = x.op, o.INFIX[x.op]
        b = x.b
        if op == "<<" and x.bits <= 32 and isinstance(b, n.Const) and b.value < 30:  # faster for numbers of one digit
            return f"{self.text(x.a, o.PRODUCT)} * {1 << b.value}", o.PRODUCT
        if op == "+" and isinstance(b, n.Const) and b.value < 0:
            return f"{self.text(x.a, own)} - {self.const(n.Const(b.bits, -b.value))[0]}", own
        return f"{self.text(x.a, own)} {op} {self.text(b, own + 1)}", own

    def divide(self, x: n.Divide) -> tuple[str, int]:
        if x.floor:
            op = "//" if x.op == "div" else "%"
            return f"{self.text(x.a, o.PRODUCT)} {op} {self.text(x.b, o.UNARY)}", o.PRODUCT
        divisor = x.b.x if isinstance(x.b, n.Wrap) else x.b
        if isinstance(divisor, n.Const) and divisor.value > 0:  # towards zero, where Python goes down
            op, c = "//" if x.op == "div" else "%", divisor.value
            return f"x {op} {c} if (x := {self.text(x.a)}) >= 0 else -(-x {op} {c})", o.CONDITIONAL
        name = self.helper(f"i{x.bits}_{x.op}_s")
        a, b = self.text(x.a), self.text(x.b)
        if a.isidentifier() and b.isidentifier():  # two tests are faster than a chained one
            op = "//" if x.op == "div" else "%"
            return f"{a} {op} {b} if {a} >= 0 and {b} > 0 else {name}({a}, {b})", o.CONDITIONAL
        return f"{name}({a}, {b})", o.PRIMARY

    def negate(self, x: n.Negate) -> tuple[str, int]:
        return f"-{self.text(x.x, o.UNARY)}", o.UNARY

    def extend(self, x: n.Extend) -> tuple[str, int]:
        if not x.needed:
            return _HANDLERS[x.x.__class__](self, x.x)
        sign = o.SIGN_BITS[x.width]
        return f"({self.text(x.x, o.BIT_AND)} & {o.MASKS[x.width]} ^ {sign}) - {sign}", o.SUM

    def compare(self, x: n.Compare) -> tuple[str, int]:
        return self.compared(x, x.op)

    def compared(self, x: n.Compare, op: str) -> tuple[str, int]:
        a, b = x.a, x.b
        if isinstance(a, n.Wrap) and a.mode == n.TO_SIGNED and isinstance(b, n.Wrap) and isinstance(b.x, n.Const):
            test = _SIGN_TESTS.get((op, b.x.value))  # of an unsigned number, without making it signed
            if test:
                return f"{self.text(a.x, o.BIT_OR)} {test} {o.LARGEST_SIGNED[a.bits]}", o.COMPARE
        return f"{self.text(a, o.BIT_OR)} {op} {self.text(b, o.BIT_OR)}", o.COMPARE

    def not_(self, x: n.Not) -> tuple[str, int]:
        inner = x.x
        if isinstance(inner, n.Caught):
            return self.tagged(inner, "is not")
        if isinstance(inner, n.Compare) and inner.op == "is":
            return self.compared(inner, "is not")
        return f"not {self.text(inner, o.NOT)}", o.NOT

    def logic(self, x: n.Logic) -> tuple[str, int]:
        own = o.OR if x.op == "or" else o.AND
        return f"{self.text(x.a, own)} {x.op} {self.in_place(x.b, own + 1)}", own

    def bool_int(self, x: n.BoolInt) -> tuple[str, int]:
        if isinstance(x.x, n.Not):
            return f"0 if {self.text(x.x.x, o.OR)} else 1", o.CONDITIONAL
        return f"1 if {self.text(x.x, o.OR)} else 0", o.CONDITIONAL

    def select(self, x: n.Select) -> tuple[str, int]:
        condition, a, b = x.condition, x.a, x.b
        if isinstance(condition, n.Not):
            condition, a, b = condition.x, b, a
        tested = self.text(condition, o.OR)
        return f"{self.in_place(a, o.OR)} if {tested} else {self.in_place(b, o.CONDITIONAL)}", o.CONDITIONAL

    def pick(self, x: n.Pick) -> tuple[str, int]:
        index = self.text(x.index, o.PRIMARY)
        return f"{x.values!r}[{index}] if {index} < {len(x.values)} else {x.default}", o.CONDITIONAL

    def apply(self, x: n.Apply) -> tuple[str, int]:
        template = o.TEMPLATES.get(x.helper)
        if template is not None:
            form, own, needed = template
            return form.format(self.text(x.args[0], needed)), own
        if x.helper == "f64_sqrt":
            return self.square_root(x)
        if x.helper == "i8x16_shuffle":
            return self.shuffle(x)
        arguments = ", ".join([self.text(a) for a in x.args])
        return f"{self.helper(x.helper)}({arguments})", o.PRIMARY

    def shuffle(self, x: n.Apply) -> tuple[str, int]:
        """The lanes of a shuffle are written as bytes."""
        a, b, lanes = x.args
        assert isinstance(lanes, n.VectorConst)
        selectors = lanes.value.to_bytes(16, "little")
        return f"{self.helper(x.helper)}({self.text(a)}, {self.text(b)}, {selectors!r})", o.PRIMARY

    def square_root(self, x: n.Apply) -> tuple[str, int]:
        """The library's root where it does not raise; the helper takes what is negative or not a number."""
        self.uses.library.add(("math", "sqrt"))
        first = later = self.text(x.args[0])
        if not isinstance(x.args[0], n.Get):
            first, later = f"(y := {first})", "y"
        return f"sqrt({later}) if {first} >= 0.0 else {self.helper('f64_sqrt')}({later})", o.CONDITIONAL

    def caught(self, x: n.Caught) -> tuple[str, int]:
        return self.tagged(x, "is")

    def tagged(self, x: n.Caught, op: str) -> tuple[str, int]:
        tag = self.object_name(n.ObjectRef("tag", x.tag))
        given = 'getattr(error, "tag", None)' if x.foreign else "error.tag"
        return f"{given} {op} {tag}", o.COMPARE

    def method(self, x: n.Method) -> tuple[str, int]:
        target = self.object_name(x.target)
        if x.name == "size":
            return f"{target}.size", o.PRIMARY
        return f"{target}.{x.name}({', '.join([self.text(a) for a in x.args])})", o.PRIMARY

    # ----------------------------------------------------------------------------------------------------------- wraps

    def wrap(self, x: n.Wrap) -> tuple[str, int]:
        mode, inner = x.mode, x.x
        if self.left_out(x):
            return _HANDLERS[inner.__class__](self, inner)
        if x.form == "k":
            return f"{self.text(inner, o.BIT_AND)} & {x.bits - 1}", o.BIT_AND
        if self.hoistable(x) and not x.fx & n.TRAPS:  # what may trap keeps its place
            name = self.hoist(x)
            if name:
                return name, o.PRIMARY
        if mode == n.LATE and self.trying:  # what is negative must not count from the end
            return f"x if (x := {self.text(inner)}) >= 0 else x & {o.MASKS[x.bits]}", o.CONDITIONAL
        if mode in (n.MASK, n.LATE):
            return f"{self.text(inner, o.BIT_AND)} & {o.MASKS[x.bits]}", o.BIT_AND
        if mode == n.WRAP_SIGNED:
            sign = o.SIGN_BITS[x.bits]
            return f"({self.text(inner, o.SUM)} + {sign} & {o.MASKS[x.bits]}) - {sign}", o.SUM
        first = later = self.text(inner)
        if not isinstance(inner, n.Get):
            first, later = f"(x := {first})", "x"
        if mode == n.TO_SIGNED:
            return f"{later} if {first} <= {o.LARGEST_SIGNED[x.bits]} else {later} - {o.MODULI[x.bits]}", o.CONDITIONAL
        return f"{later} if {first} >= 0 else {later} + {o.MODULI[x.bits]}", o.CONDITIONAL

    def alone(self, x: n.Expr) -> str:
        """Text of all that a statement evaluates: where the rest of it does nothing, it may be computed before."""
        name = self.hoist(x) if isinstance(x, n.Wrap) and self.hoistable(x) else ""
        return name or self.text(x, o.CONDITIONAL)

    def hoistable(self, x: n.Wrap) -> bool:
        """Whether a wrap is of a sum that a statement before may compute, if what it evaluates may move there."""
        if x.mode not in (n.MASK, n.WRAP_SIGNED) or x.form == "t" or self.before is None:
            return False
        return is_sum(x.x) and not self.overflows(x.x)

    def hoist(self, x: n.Wrap) -> str:
        """Compute a wrapped sum before the statement, where a test that rarely holds is cheaper than a mask.

        Returns its name, or an empty string where the mask is cheaper.
        """
        low, high = x.span
        mask, modulus = o.MASKS[x.bits], 1 << x.bits
        if x.mode == n.WRAP_SIGNED:
            test = make_signed("{0}", x.span, x.bits)
        elif low >= 0:
            test = f"if {{0}} > {mask}: {{0}} &= {mask}"
        elif high < modulus:
            test = make_unsigned("{0}", low, x.bits)
        else:
            return ""
        return self.prepare(self.text(x.x), test)

    def in_place(self, x: n.Expr, precedence: int) -> str:
        """Text of what is evaluated only sometimes: nothing of it may be hoisted."""
        before, self.before = self.before, None
        text = self.text(x, precedence)
        self.before = before
        return text


def is_sum(x: n.Expr) -> bool:
    """Whether an expression is a sum or difference."""
    return isinstance(x, n.Binary) and x.op in "+-"


def make_unsigned(name: str, low: int, bits: int) -> str:
    """A statement that brings a variable that may be negative, but not too large, into unsigned form."""
    return f"if {name} < 0: {name} " + (f"+= {o.MODULI[bits]}" if low >= -1 << bits else f"&= {o.MASKS[bits]}")


def make_signed(name: str, span: tuple[int, int], bits: int) -> str:
    """A statement that brings a variable from an interval into signed form, where small numbers take a test or two."""
    half = 1 << bits - 1
    if span[0] >= -half:
        test = f"{name} > 0x3FFFFFFF"
    elif span[1] < half:
        test = f"{name} < -0x3FFFFFFF"
    else:
        test = f"{name} > 0x3FFFFFFF or {name} < -0x3FFFFFFF"
    return f"if {test}: {name} = ({name} + {o.SIGN_BITS[bits]} & {o.MASKS[bits]}) - {o.SIGN_BITS[bits]}"


_SIGN_TESTS = {("<", 0): ">", ("<=", -1): ">", (">=", 0): "<=", (">", -1): "<="}


_HANDLERS: dict[type, Callable[..., tuple[str, int]]] = {
    n.Const: ExpressionWriter.const,
    n.FloatConst: ExpressionWriter.float_const,
    n.VectorConst: ExpressionWriter.vector_const,
    n.Lane: ExpressionWriter.lane,
    n.Rounded: ExpressionWriter.rounded,
    n.Null: ExpressionWriter.null,
    n.FuncRef: ExpressionWriter.func_ref,
    n.Get: ExpressionWriter.get,
    n.GlobalGet: ExpressionWriter.global_get,
    n.RuntimeType: ExpressionWriter.runtime_type,
    n.Instances: ExpressionWriter.instances,
    n.New: ExpressionWriter.new,
    n.Member: ExpressionWriter.member,
    n.Item: ExpressionWriter.item,
    n.ObjectRef: ExpressionWriter.object_ref,
    n.Binary: ExpressionWriter.binary,
    n.Divide: ExpressionWriter.divide,
    n.Negate: ExpressionWriter.negate,
    n.Extend: ExpressionWriter.extend,
    n.Compare: ExpressionWriter.compare,
    n.Not: ExpressionWriter.not_,
    n.Logic: ExpressionWriter.logic,
    n.BoolInt: ExpressionWriter.bool_int,
    n.Select: ExpressionWriter.select,
    n.Pick: ExpressionWriter.pick,
    n.Apply: ExpressionWriter.apply,
    n.Caught: ExpressionWriter.caught,
    n.Method: ExpressionWriter.method,
    n.Wrap: ExpressionWriter.wrap,
    n.Load: ExpressionWriter.load,
    n.Items: ExpressionWriter.items,
    n.Steps: ExpressionWriter.steps,
}
