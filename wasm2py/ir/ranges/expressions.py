"""The range of each kind of expression; the wraps, signs and alignments that follow from what is inside of it."""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.ir import nodes as n
from wasm2py.ir.conventions import Conventions
from wasm2py.ir.operators import SUMS, canonical, modular
from wasm2py.ir.ranges.intervals import ARITHMETIC, ITEMS, hull, single
from wasm2py.ir.ranges.knowledge import Knowledge
from wasm2py.ir.walk import parts
from wasm2py.wasm.module import Module
from wasm2py.wasm.types import F32, I64, Limits

Range = n.Range

MEMORY_CAP = 1 << 31
"""Bytes that a memory of the runtime never exceeds unless declared to start larger (see runtime_support.memory)."""

MEMORY_LIMIT = {False: 1 << 32, True: 1 << 64}
"""Bytes that no memory exceeds (spec, section 3.2.15), with 32-bit and 64-bit addresses; all that is known of an
imported one."""

_TO_F32 = ("f32_convert", "f64_convert")
_EXACT_F32 = 2**24
"""An f32 holds all integers up to here, so that converting them is converting them to an f64."""

_ONE_DIGIT = 2**30
"""CPython's fast paths take integers below this magnitude."""


class ExpressionRanges(Knowledge):
    """Goes over expressions."""

    def __init__(self, function: n.Function, module: Module, conventions: Conventions) -> None:
        super().__init__(function)
        self.conventions = conventions
        imported = module.imported_memories
        self.caps = [_cap(m.limits, imported=i < imported) for i, m in enumerate(module.memories)]
        self.conditional = 0
        """How many constructs are open that evaluate code only sometimes: nothing may be learned from it."""

    def expr(self, x: n.Expr) -> Range | None:
        """The range of an expression, ``None`` for anything but integers."""
        return EXPRESSIONS[x.__class__](self, x)

    def on_const(self, x: n.Const) -> Range:
        return single(x.value)

    def on_other(self, x: n.Expr) -> None:
        return None

    def on_global_get(self, x: n.GlobalGet) -> Range | None:
        if not n.is_int(x.type):
            return None
        return (*canonical(64 if x.type is I64 else 32, False), self.conventions.known_zeros(("global", x.index, 0)))

    def on_binary(self, x: n.Binary) -> Range | None:
        left, right = x.a, x.b
        a = EXPRESSIONS[left.__class__](self, left)
        if not x.bits:
            self.expr(right)
            return None
        assert a is not None
        if right.__class__ is n.Const:
            self.represent(right, x.op, a)
            b = single(right.value)
            if x.op == "&":
                possible = (1 << a[1].bit_length()) - (1 << a[2]) if a[0] >= 0 else -1
                x.idle = right.value & possible == possible and a[0] >= 0
        else:
            other = EXPRESSIONS[right.__class__](self, right)
            assert other is not None
            b = other
        return ARITHMETIC[x.op](a, b)

    def represent(self, constant: n.Const, op: str, other: Range) -> None:
        """Choose the representative of a constant: one digit if possible, else what keeps results unsigned."""
        value = constant.value
        modulus = 1 << constant.bits
        if value >= 0 and value < modulus >> 1:
            return
        signed = value - modulus if value >= 0 else value
        if op in "|^":
            constant.value = signed % modulus if other[0] >= 0 else signed
        else:
            constant.value = signed if signed > -_ONE_DIGIT else signed % modulus

    def on_divide(self, x: n.Divide) -> Range:
        a, b = self.expr(x.a), self.expr(x.b)
        assert a is not None
        assert b is not None
        x.floor = a[0] >= 0 and b[0] >= 0
        most = max(abs(a[0]), abs(a[1]))
        if x.op == "rem":
            most = min(most, max(abs(b[0]), abs(b[1]), 1) - 1)
        elif b[0] > 0:
            most //= b[0]
        low = 0 if x.floor or (x.op == "rem" and a[0] >= 0) else -most
        return (low, min(most, canonical(x.bits, True)[1]), 0)

    def on_extend(self, x: n.Extend) -> Range:
        interval = self.expr(x.x)
        assert interval is not None
        half = 1 << x.width - 1
        inner = x.x
        if isinstance(inner, n.Load) and inner.width * 8 == x.width:
            inner.signed = True
            interval = (-half, half - 1, 0)
        x.needed = interval[0] < -half or interval[1] >= half
        return (-half, half - 1, 0) if x.needed else interval

    def on_lane(self, x: n.Lane) -> Range:
        self.expr(x.vector)
        return (0, (1 << x.width) - 1, 0)

    def on_unary(self, x: n.Negate | n.BoolInt | n.Not) -> Range | None:
        self.expr(x.x)
        return (0, 1, 0) if isinstance(x, n.BoolInt) else None

    def on_logic(self, x: n.Logic) -> None:
        self.expr(x.a)
        self.conditional += 1
        self.expr(x.b)
        self.conditional -= 1

    def on_compare(self, x: n.Compare) -> None:
        a, b = x.a, x.b
        if isinstance(a, n.Wrap) and a.form == "e" and isinstance(b, n.Wrap):
            x.ranges = self.equal(a, b)
        else:
            x.ranges = (self.expr(a), self.expr(b))

    def equal(self, a: n.Wrap, b: n.Wrap) -> tuple[Range, Range]:
        """Two sides that may stay as they are if equality then means congruence."""
        if isinstance(a.x, n.Const):
            right = self.equal_side(b, None)
            left = self.equal_side(a, right)
        else:
            left = self.equal_side(a, self.expr(b.x) if isinstance(a.x, n.Load) else None)
            right = self.equal_side(b, left)
        modulus = 1 << a.bits
        if left[1] - right[0] < modulus and right[1] - left[0] < modulus:
            a.mode = b.mode = n.NOTHING
            return left, right
        return self.reduce(a, left, False), self.reduce(b, right, False)

    def equal_side(self, side: n.Wrap, other: Range | None) -> Range:
        """The range of one side; constants and loads take the form of the other."""
        x = side.x
        interval = self.expr(x)
        assert interval is not None
        if other is not None and isinstance(x, n.Const):
            value = x.value % (1 << x.bits)
            x.value = value - (1 << x.bits) if other[0] < 0 and value >> x.bits - 1 else value
            return single(x.value)
        if other is not None and isinstance(x, n.Load) and x.flexible:
            x.signed = other[0] < 0
            return ITEMS[x.width, x.signed]
        return interval

    def on_select(self, x: n.Select) -> Range | None:
        self.expr(x.condition)
        self.conditional += 1
        before = self.known()
        self.state = before.copy()
        self.learn(x.condition, True)
        a = self.expr(x.a)
        self.state = before.copy()
        self.learn(x.condition, False)
        b = self.expr(x.b)
        self.state = before
        self.conditional -= 1
        return None if a is None or b is None else hull(a, b)

    def on_load(self, x: n.Load) -> Range | None:
        self.access(x)
        if x.item in "dfV":
            return None
        if x.flexible:
            x.signed = True  # small negative numbers are cheaper than large ones
        return ITEMS[x.width, x.signed]

    def on_apply(self, x: n.Apply | n.Method) -> Range | None:
        intervals = [self.expr(argument) for argument in x.args]
        if isinstance(x, n.Apply) and x.helper in _TO_F32 and x.type is F32:
            assert intervals[0] is not None
            low, high, _ = intervals[0]
            x.helper = _TO_F32[low >= -_EXACT_F32 and high <= _EXACT_F32]
        return None if x.interval is None else (*x.interval, 0)

    def on_member(self, x: n.Member | n.Item) -> Range | None:
        for part in parts(x):
            self.expr(part)
        return None if x.interval is None else (*x.interval, 0)

    def on_new(self, x: n.New) -> None:
        for argument in x.args:
            self.expr(argument)

    def on_wrap(self, x: n.Wrap) -> Range | None:
        inner = x.x
        variable = x.var
        if variable is not None and variable.parent is not None:
            x.var = variable = variable.find()
        interval = EXPRESSIONS[inner.__class__](self, inner)
        form = x.form
        if interval is None:
            raise AssertionError("a wrap of something else than an integer")
        if form == "m":
            return interval
        if variable is not None:
            limits = variable.modular
            fits = limits is not None and limits[0] <= interval[0] and interval[1] <= limits[1]
            if fits and inner.__class__ is n.Binary and inner.op in SUMS:
                x.mode = n.NOTHING
                return interval
            return self.reduce(x, interval, variable.signed)
        if form == "t":
            limit = 1 << x.bits
            x.mode = n.NOTHING if -limit < interval[0] and interval[1] < limit else n.MASK
            return interval
        if form == "k":
            x.mode = n.NOTHING if interval[0] >= 0 and interval[1] < x.bits else n.MASK
            if isinstance(inner, n.Const):
                inner.value %= x.bits
                x.mode = n.NOTHING
                return single(inner.value)
            return interval if x.mode == n.NOTHING else (0, x.bits - 1, 0)
        if form == "r":
            low, high = modular(x.bits)
            if low <= interval[0] and interval[1] <= high:
                x.mode = n.NOTHING
                return interval
        return self.reduce(x, interval, form == "s")

    def bitwise_loads(self, x: n.Expr, bits: int) -> list[n.Load] | None:
        """The loads that are all that can be negative in an expression of bitwise operations; None if there is more."""
        if isinstance(x, n.Load):
            full = x.flexible and x.width * 8 == bits
            return [x] if full else [] if x.item in "BHIQ" and not x.signed else None
        if isinstance(x, n.Wrap):
            if x.form == "m" or x.mode == n.NOTHING:
                return self.bitwise_loads(x.x, bits)
            unsigned = not x.var.signed if x.var is not None else x.form in "uk"
            return [] if unsigned and x.bits == bits else None
        if isinstance(x, n.Binary) and x.op in "&|^" and x.bits == bits:
            a, b = self.bitwise_loads(x.a, bits), self.bitwise_loads(x.b, bits)
            return None if a is None or b is None else a + b
        if isinstance(x, n.Binary) and x.op == ">>":
            return [] if self.bitwise_loads(x.a, bits) == [] else None
        if isinstance(x, (n.Get, n.Const)):
            interval = self.expr(x)
            return [] if interval is not None and interval[0] >= 0 and interval[1] < 1 << bits else None
        return None

    def reduce(self, x: n.Wrap, interval: Range, signed: bool) -> Range:
        """Choose how to bring a wrap's operand into signed or unsigned form."""
        low, high = canonical(x.bits, signed)
        if low <= interval[0] and interval[1] <= high:  # as nearly all are
            x.mode = n.NOTHING
            return interval
        inner = x.x
        if isinstance(inner, n.Load) and inner.flexible and inner.width * 8 == x.bits:
            inner.signed = signed
            x.mode = n.NOTHING
            return (low, high, 0)
        if isinstance(inner, n.Const):
            value = inner.value % (1 << x.bits)
            inner.value = value - (1 << x.bits) if value > high else value
            x.mode = n.NOTHING
            return single(inner.value)
        loads = None if signed else self.bitwise_loads(inner, x.bits)
        if loads:  # which are as well read unsigned
            for load in loads:
                load.signed = False
            x.mode = n.NOTHING
            return (low, high, 0)
        x.span = interval[:2]
        other = canonical(x.bits, not signed)
        fits = other[0] <= interval[0] and interval[1] <= other[1]
        if signed:
            x.mode = n.TO_SIGNED if fits else n.WRAP_SIGNED
        else:
            x.mode = n.TO_UNSIGNED if fits else n.MASK
        return (low, high, min(interval[2], x.bits))

    def access(self, node: n.Load | n.Store) -> None:
        """Note whether an address is aligned, and what is known once it has not trapped."""
        wrap = node.address
        address = EXPRESSIONS[wrap.__class__](self, wrap)
        assert address is not None
        width = node.width
        below = width - 1 if width < 8 else 7
        if address[0] == address[1]:
            node.aligned = not address[0] + node.offset & below
        else:
            node.aligned = not (node.offset | 1 << address[2]) & below
        if self.conditional or wrap.__class__ is not n.Wrap or wrap.mode != n.NOTHING:
            return
        x = wrap.x
        limit = self.caps[node.memory] - width - node.offset
        interval: Range | None = address
        if x.__class__ is n.Binary:
            if x.op != "+" or x.b.__class__ is not n.Const:
                return
            limit -= x.b.value
            x = x.a
            interval = None
        if x.__class__ is n.Get and limit >= 0:
            low, high, zeros = interval or self.on_get(x) or (0, 0, 0)
            if low <= limit < high:
                self.known()[x.var] = (low, limit, zeros)


def _cap(limits: Limits, *, imported: bool) -> int:
    """Size in bytes that a memory never exceeds."""
    log2 = limits.page_size_log2
    cap = MEMORY_LIMIT[limits.index64] if imported else max(MEMORY_CAP, limits.minimum << log2)
    return cap if limits.maximum is None else min(cap, limits.maximum << log2)


# A table of methods of one parameter of the class that they are for, which a type checker cannot express.
EXPRESSIONS: dict[type, Callable[..., Range | None]] = {
    n.Const: ExpressionRanges.on_const,
    n.FloatConst: ExpressionRanges.on_other,
    n.VectorConst: ExpressionRanges.on_other,
    n.Lane: ExpressionRanges.on_lane,
    n.Null: ExpressionRanges.on_other,
    n.FuncRef: ExpressionRanges.on_other,
    n.ObjectRef: ExpressionRanges.on_other,
    n.Caught: ExpressionRanges.on_other,
    n.Get: ExpressionRanges.on_get,
    n.GlobalGet: ExpressionRanges.on_global_get,
    n.Binary: ExpressionRanges.on_binary,
    n.Divide: ExpressionRanges.on_divide,
    n.Extend: ExpressionRanges.on_extend,
    n.Negate: ExpressionRanges.on_unary,
    n.Not: ExpressionRanges.on_unary,
    n.BoolInt: ExpressionRanges.on_unary,
    n.Logic: ExpressionRanges.on_logic,
    n.Compare: ExpressionRanges.on_compare,
    n.Select: ExpressionRanges.on_select,
    n.Load: ExpressionRanges.on_load,
    n.Apply: ExpressionRanges.on_apply,
    n.Method: ExpressionRanges.on_apply,
    n.RuntimeType: ExpressionRanges.on_other,
    n.Instances: ExpressionRanges.on_other,
    n.New: ExpressionRanges.on_new,
    n.Member: ExpressionRanges.on_member,
    n.Item: ExpressionRanges.on_member,
    n.Wrap: ExpressionRanges.on_wrap,
}
