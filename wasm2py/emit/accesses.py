"""Accesses to memory as Python text: views that are indexed, or for PyPy struct."""

from __future__ import annotations

from wasm2py.emit import operators as o
from wasm2py.emit.names import Uses
from wasm2py.emit.targets import Target
from wasm2py.ir import nodes as n
from wasm2py.ir.views import VIEWED, natural
from wasm2py.wasm.types import MemoryType

_SHIFTS = {1: 0, 2: 1, 4: 2, 8: 3}


class AccessWriter:
    """What an :class:`~wasm2py.emit.expressions.ExpressionWriter` writes about memory.

    :ivar uses: what has been referred to
    :ivar shared: memories that several threads use
    """

    def __init__(self, target: Target, uses: Uses, memories: list[MemoryType]) -> None:
        self.target = target
        self.uses = uses
        self.shared = {index for index, memory in enumerate(memories) if memory.limits.shared}
        self.before: list[str] | None = None
        """Lines to run before the statement at hand, or ``None`` where it may not have any."""
        self.hoisted = 0
        self.trying = False
        """Whether late wraps are left out: the statement is written for its first attempt of two."""

    def text(self, x: n.Expr, precedence: int = 0) -> str:
        """An expression, in parentheses if it binds looser than ``precedence``."""
        raise NotImplementedError

    def helper(self, name: str) -> str:
        """Note the use of a helper of the runtime."""
        raise NotImplementedError

    def const(self, x: n.Const) -> tuple[str, int]:
        """A number and how tightly it binds: for a negative one, as a sign does."""
        value = x.value
        text = hex(value) if not -65536 < value < 65536 else str(value)
        return text, o.UNARY if value < 0 else o.NUMBER

    def left_out(self, x: n.Expr) -> bool:
        """Whether an expression is a wrap that does nothing, at this attempt at least."""
        late = isinstance(x, n.Wrap) and x.mode == n.LATE and self.trying and x.span[0] >= 0
        return isinstance(x, n.Wrap) and (late or x.mode == n.NOTHING)

    def prepare(self, value: str, test: str) -> str:
        """Assign ``value`` before the statement and correct it by the statement ``test``; returns the name."""
        assert self.before is not None
        self.hoisted += 1
        name = f"x{self.hoisted}"
        self.before += [f"{name} = {value}", test.format(name)]
        return name

    def load(self, x: n.Load) -> tuple[str, int]:
        """A load."""
        if x.item == "V":
            if not self.target.views:
                self.uses.library.add(("struct", "unpack_from"))
                pair = f'unpack_from("<QQ", {self.view(x.memory)}, {self.address(x)})'
                return f"(y := {pair})[0] | y[1] << 64", o.BIT_OR
            low, high = self.halves(x)
            return f"{low} | {high} << 64", o.BIT_OR
        place = self.place(x, x.item.lower() if x.signed and x.item in "BHIQ" else x.item)
        if x.item == "f" and x.exact:
            bits = self.place(x, "I")
            return f"y if (y := {place}) == y else {self.helper('f32_from_bits')}({bits})", o.CONDITIONAL
        return place, o.PRIMARY

    def place(self, x: n.Load | n.Store, item: str) -> str:
        """A memory operand: what may stand on either side of an assignment, or for PyPy a read by struct."""
        if not self.target.views and (x.width > 1 or item == "b"):  # a bytearray has unsigned bytes
            self.uses.library.add(("struct", "unpack_from"))
            return f'unpack_from("<{item}", {self.view(x.memory)}, {self.address(x)})[0]'
        base, offset, start = self.split(x)
        if x.width == 1:
            view = self.view(x.memory, "" if item == "B" and not start else item, start)
            return f"{view}[{self.sum(base, offset)}]"
        if x.indexed:
            return f"{self.view(x.memory, item, start)}[{self.sum(base, offset)}]"
        if x.aligned:
            return f"{self.view(x.memory, item, start)}[{self.divided(base, offset, _SHIFTS[x.width])}]"
        view, index = self.either(base, offset, x.width)
        return f"{self.view(x.memory, item + 'x', start)}[{view}][{index}]"

    def halves(self, x: n.Load | n.Store, distances: tuple[int, int] = (0, 8)) -> tuple[str, str]:
        """The halves of a vector in memory; the second one's text relies on that the first one's has run.

        :param distances: from the vector's first byte to those of the halves
        """
        base, offset, start = self.split(x)
        items = "Q" if x.aligned else "Qx"
        one, other = (self.view(x.memory, items, start + distance) for distance in distances)
        if not x.aligned:
            view, index = self.either(base, offset, 8)
            again = view if view.partition(" ")[0].isidentifier() else "x & 7"
            return f"{one}[{view}][{index}]", f"{other}[{again}][{index}]"
        index = self.divided(base, offset, 3)
        if index.isidentifier() or index.isdecimal():
            return f"{one}[{index}]", f"{other}[{index}]"
        return f"{one}[(x := {index})]", f"{other}[x]"

    def view(self, memory: int, items: str = "", start: int = 0) -> str:
        """The name of a memory's bytes or views.

        :param items: format of the items, and ``x`` for one view for each byte that an item may start at, ``s`` for a
            view that threads slice at once
        :param start: byte that it starts at
        """
        suffix = f"_{items}{start or ''}" if items else ""
        self.uses.views.add((memory, suffix))
        return f"m{memory}{suffix}"

    # ------------------------------------------------------------------------------------------------------- addresses

    def bare(self, x: n.Expr) -> n.Expr:
        """An address without wraps that do nothing."""
        while self.left_out(x):
            assert isinstance(x, n.Wrap)
            x = x.x
        return x

    def parted(self, x: n.Expr) -> tuple[n.Expr, int]:
        """A sum as what a constant is added to, and the constant."""
        if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.b, n.Const):
            return x.a, x.b.value
        return x, 0

    def split(self, x: n.Load | n.Store) -> tuple[n.Expr, int, int]:
        """An address as a base, what is to be added to it, and the byte that the view starts at: often instead.

        Past the end of a view is past the end of memory, and a base that is not negative needs no test at its start.
        """
        base, constant = self.parted(self.bare(x.address))
        offset = constant + x.offset
        size = min(x.width, 8)
        start = offset * size if x.indexed else offset
        if isinstance(base, n.Const) or not 0 < start < VIEWED or not self.target.views:
            return base, offset, 0
        if constant and not natural(base):
            return base, offset, 0
        if x.aligned and start % size:  # neither is the base a multiple
            return base, offset, 0
        return base, 0, start

    def sum(self, base: n.Expr, offset: int) -> str:
        """A base plus an offset."""
        if isinstance(base, n.Const):
            return self.const(n.Const(64, base.value + offset))[0]
        return self.plus(self.text(base, o.SUM if offset else 0), offset)

    def plus(self, text: str, constant: int) -> str:
        """A sum or what binds as tightly, plus a constant."""
        if not constant:
            return text
        return f"{text} {'-' if constant < 0 else '+'} {self.const(n.Const(64, abs(constant)))[0]}"

    def address(self, x: n.Load | n.Store) -> str:
        """The effective address."""
        base, constant = self.parted(self.bare(x.address))
        return self.sum(base, constant + x.offset)

    def either(self, base: n.Expr, offset: int, width: int) -> tuple[str, str]:
        """Which of the views for unaligned items an address belongs to, and the index of its item there.

        What is added in whole items changes the index only, and so does a wrap.
        """
        inner, constant, mask = base, offset, ""
        shift = _SHIFTS[width]
        if isinstance(base, n.Divided):
            return self.text(base.rest), self.sum(base.quotient, offset >> shift)
        if isinstance(base, n.Wrap) and not offset and self.masked(base):
            inner, constant = self.parted(self.bare(base.x))
            mask = f" & {o.MASKS[base.bits - shift]}"
        if isinstance(inner, n.Get) and not constant % width:
            return f"{self.text(inner)} & {width - 1}", f"{_divided(self.sum(inner, constant), shift)}{mask}"
        address = self.sum(base, offset)
        if address.isidentifier():
            return f"{address} & {width - 1}", _divided(address, shift)
        return f"(x := {address}) & {width - 1}", _divided("x", shift)

    def masked(self, x: n.Wrap) -> bool:
        """Whether a wrap is written as a mask where it stands."""
        return not self.left_out(x) and (x.mode == n.LATE or (x.mode == n.MASK and self.before is None))

    def divided(self, base: n.Expr, offset: int, shift: int) -> str:
        """The address of an aligned access as an index of items."""
        if isinstance(base, n.Const):
            return str(base.value + offset >> shift)
        whole = not offset & (1 << shift) - 1
        if isinstance(base, n.Wrap) and base.mode in (n.MASK, n.LATE) and whole:
            name = self.hoist_index(base, shift) if base.mode == n.MASK else ""
            if name:
                return self.plus(name, offset >> shift)
            inner = self.quotient(base.x, shift) or self.half_quotient(base.x, shift)
            if inner is not None:
                masked = f"{inner} & {o.MASKS[base.bits - shift]}"
                return self.plus(f"({masked})", offset >> shift) if offset else masked
        quotient = self.quotient(base, shift) or self.half_quotient(base, shift)
        if quotient is None or not whole:
            text = self.sum(base, offset)
            return f"({text}) >> {shift}" if any(c in text for c in "&|^") or " if " in text else _divided(text, shift)
        return self.plus(quotient, offset >> shift)

    def hoist_index(self, x: n.Wrap, shift: int) -> str:
        """Compute an aligned address before the statement, as an index of items: its terms are multiples of the size.

        Returns its name, or an empty string where it cannot be done: what may trap keeps its place.
        """
        inner = x.x
        if self.before is None or x.fx & n.TRAPS or x.span[0] < 0 or not isinstance(inner, n.Binary) or inner.op != "+":
            return ""
        mask = o.MASKS[x.bits - shift]
        value = f"{self.term(inner.a, shift)} + {self.term(inner.b, shift)}"
        return self.prepare(value, f"if {{0}} > {mask}: {{0}} &= {mask}")

    def term(self, x: n.Expr, shift: int) -> str:
        """``x >> shift`` as a term of a sum."""
        if isinstance(x, n.Const):
            return self.const(n.Const(x.bits, x.value >> shift))[0]
        return self.quotient(x, shift) or f"({self.text(x, o.SHIFT)} >> {shift})"

    def half_quotient(self, x: n.Expr, shift: int) -> str | None:
        """``x >> shift`` of a sum of multiples, where it undoes a multiplication in one of them."""
        if isinstance(x, n.Binary) and x.op == "+":
            a, b = self.quotient(x.a, shift), self.quotient(x.b, shift)
            if (a is None) != (b is None):
                return f"{self.term(x.a, shift)} + {self.term(x.b, shift)}"
        return None

    def quotient(self, x: n.Expr, shift: int) -> str | None:
        """``x >> shift`` where that undoes a multiplication, else ``None``."""
        if isinstance(x, n.Wrap) and self.left_out(x):
            return self.quotient(x.x, shift)
        if isinstance(x, n.Wrap) and x.mode in (n.MASK, n.LATE) and x.bits - shift in o.WIDTHS:
            inner = self.quotient(x.x, shift)
            return None if inner is None else f"({inner} & {o.MASKS[x.bits - shift]})"
        if not isinstance(x, n.Binary):
            return None
        if x.op == "+":
            if isinstance(x.b, n.Const) and not x.b.value & (1 << shift) - 1:
                a = self.quotient(x.a, shift)
                return None if a is None else self.plus(a, x.b.value >> shift)
            a, b = self.quotient(x.a, shift), self.quotient(x.b, shift)
            return None if a is None or b is None else f"{a} + {b}"
        if x.op == "<<" and isinstance(x.b, n.Const) and x.b.value >= shift:
            rest = x.b.value - shift
            return self.text(x.a, o.SUM) if not rest else f"{self.text(x.a, o.PRODUCT)} * {1 << rest}"
        return None

    # -------------------------------------------------------------------------------------------------------- iterables

    def items(self, x: n.Items) -> tuple[str, int]:
        """A view that is to be sliced, or a slice of it."""
        item = x.item.lower() if x.signed and x.item in "BHIQ" else x.item
        view = self.view(x.memory, f"{item}s" if x.memory in self.shared else item)
        if x.start is None or x.count is None or x.step is None:
            return view, o.PRIMARY
        first = again = self.text(x.start, o.SUM)
        if not first.isidentifier() and not first.isdecimal():
            first, again = f"(x := {self.text(x.start)})", "x"
        if isinstance(x.step, n.Const) and x.step.value == 1:
            return f"{view}[{first}:{again} + {self.text(x.count, o.SUM)}]", o.PRIMARY
        step = self.text(x.step, o.PRODUCT)
        if isinstance(x.step, n.Const) and x.step.value < 0:
            last = f"{first} + ({self.text(x.count, o.SUM)} - 1) * {step}"
            return f"{view}[{last}:{again} + 1][::{step}]", o.PRIMARY
        return f"{view}[{first}:{again} + {self.text(x.count, o.PRODUCT)} * {step}:{step}]", o.PRIMARY

    def steps(self, x: n.Steps) -> tuple[str, int]:
        """A range."""
        ends = f"{self.text(x.start)}, {self.text(x.stop)}"
        if isinstance(x.step, n.Const) and x.step.value == 1:
            if isinstance(x.start, n.Const) and not x.start.value:
                ends = self.text(x.stop)
            return f"range({ends})", o.PRIMARY
        return f"range({ends}, {self.text(x.step)})", o.PRIMARY


def _divided(address: str, shift: int) -> str:
    """The address as an index of items: for small numbers, Python divides faster than it shifts."""
    return f"{address} // {1 << shift}" if address.isidentifier() else f"{address} >> {shift}"
