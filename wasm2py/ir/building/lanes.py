"""Lanes of vectors as expressions (spec, section 4.3.2), and what is known of their bits: a layer of the builder.

A vector is one integer, so lanes are added without their top bits, that nothing be carried, and the top bits apart::

    (a & 0x7FFF…) + (b & 0x7FFF…) ^ (a ^ b) & 0x8000…

Compilers widen bytes to words before they add them, and compare only to count.  There much is known: what a mask, an
extension or a comparison leaves has few bits that may be 1, and small lanes can simply be added.  So the builder
remembers how it has made some of the values on the stack (:class:`Sum`, :class:`Mask`, :class:`Spread`), and makes them
anew when it sees what becomes of them.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from functools import cached_property
from operator import and_, or_, xor
from typing import TypeVar

from wasm2py.ir import nodes as n
from wasm2py.ir.building.control import ControlBuilder
from wasm2py.ir.building.stack import Inputs
from wasm2py.ir.building.vector_facts import (
    ALL,
    HELPER_ONES,
    SHUFFLE,
    Access,
    Compared,
    Fact,
    Mask,
    Quarters,
    Spread,
    Sum,
    carried,
    lane_width,
    ones,
    runs,
)
from wasm2py.wasm.opcodes import Opcode
from wasm2py.wasm.types import I32, V128, ValType

_JOINS = ("loop", "end", "else")
"""Instructions where a local may have got another value than the one that was assigned before."""

_BITWISE = {"&": and_, "|": or_, "^": xor}

_MAX_SMALL = 200
"""Most nodes of the small part of a sum that is to grow."""

_WRITES = ("store", "call", "memory", "atomic")
"""Parts of the names of instructions that may write memory."""

AnyFact = TypeVar("AnyFact", bound=Fact)


class LaneBuilder(ControlBuilder):
    """Sums, comparisons and extensions of lanes.

    :ivar facts: how values were made, by identity
    :ivar known_ones: the bits that may be 1 in a temporary
    :ivar constants: constants that were assigned to a version of a local, and the place of the assignment
    """

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self.facts: dict[int, Fact] = {}
        self.known_ones: dict[n.Variable, int] = {}
        self.constants: dict[n.Variable, tuple[n.VectorConst, int]] = {}
        self.vectors: list[Access] = []
        """Loads of whole vectors, so far."""
        self.compared: list[Compared] = []

    # -------------------------------------------------------------------------------------------------------- building

    def vector_const(self, value: int) -> n.VectorConst:
        """A constant."""
        node = n.VectorConst(value)
        node.type = V128
        return node

    def infix(self, op: str, a: n.Expr, b: n.Expr | int) -> n.Expr:
        """An infix operation on vectors, or on a vector and a constant."""
        if isinstance(b, int):
            b = self.vector_const(b)
        if isinstance(a, n.VectorConst) and isinstance(b, n.VectorConst) and op in _BITWISE:
            return self.vector_const(_BITWISE[op](a.value, b.value))
        return self.made_of(n.Binary(op, 0, a, b), V128)

    def shifted(self, op: str, a: n.Expr, count: int) -> n.Expr:
        """A shift of the vector as a whole."""
        return self.made_of(n.Binary(op, 0, a, n.Const(32, count)), V128) if count else a

    def made_of(self, node: n.Binary | n.Apply | n.Compare, type_: ValType) -> n.Expr:
        """Note the type and the effects of a node that was made from others."""
        parts = node.args if isinstance(node, n.Apply) else (node.a, node.b)
        node.type = type_
        for part in parts:
            node.fx |= part.fx
            node.reads |= part.reads
            node.size += part.size
        return node

    def repeated(self, value: n.Expr) -> n.Expr:
        """``value`` itself if it is a variable, which may be named several times, else a temporary."""
        if isinstance(value, (n.Get, n.VectorConst)):
            return value
        known = self.ones_in(value)
        self.traps_first(value)
        named = self.simple(value)
        if isinstance(named, n.Get):
            self.known_ones[named.var] = known
        return named

    # ------------------------------------------------------------------------------------------------------- knowledge

    def remember(self, fact: Fact) -> n.Expr:
        """Note a fact; returns its node."""
        self.facts[id(fact.node)] = fact
        return fact.node

    def fact(self, node: n.Expr, kind: type[AnyFact]) -> AnyFact | None:
        """How a node was made, if it is one of that kind."""
        found = self.facts.get(id(node))
        return found if isinstance(found, kind) and found.node is node else None

    def ones_in(self, x: n.Expr, depth: int = 8) -> int:
        """The bits of a vector that may be 1."""
        if isinstance(x, n.VectorConst):
            return x.value
        if isinstance(x, n.Load):
            return (1 << 8 * x.width) - 1
        if isinstance(x, n.Get):
            return self.known_ones.get(x.var, ALL)
        if isinstance(x, n.Apply):
            return HELPER_ONES.get(x.helper, ALL)
        if not isinstance(x, n.Binary) or x.bits or not depth:
            return ALL
        a = self.ones_in(x.a, depth - 1)
        if isinstance(x.b, n.Const):
            return a << x.b.value if x.op == "<<" else a >> x.b.value
        b = self.ones_in(x.b, depth - 1)
        if x.op == "&":
            return a & b
        if x.op == "+":
            return a | b | carried(a, b)
        return a | b if x.op in "|^" else ALL

    @cached_property
    def joins(self) -> list[int]:
        """The places where locals may get other values."""
        return [place for place, (op, _, _) in enumerate(self.instructions) if op.name in _JOINS]

    def assign(self, variable: n.Variable, value: n.Expr) -> None:
        super().assign(variable, value)
        if isinstance(value, n.VectorConst):
            self.constants[variable] = value, self.position

    def local_value(self, version: n.Variable) -> n.Expr:
        """A local, or the constant that was assigned to it since it could last get another value.

        What locals start with is assigned at the place of the first instruction, which may be a loop.
        """
        if version in self.constants:
            value, place = self.constants[version]
            if bisect_left(self.joins, place) == bisect(self.joins, self.position):
                return self.vector_const(value.value)
        return self.get(version)

    # ------------------------------------------------------------------------------------------------- parts of vectors

    def note_access(self, load: n.Load, address: n.Expr) -> None:
        """Remember from where a load is; ``address`` is what it was before it was wrapped."""
        base, constant = address, 0
        if isinstance(address, n.Binary) and address.op == "+" and isinstance(address.b, n.Const):
            base, constant = address.a, address.b.value
        if isinstance(base, n.Get) and base.type is I32:
            access = Access(load, load.memory, base.var, constant, load.offset, self.position)
            self.remember(access)
            if load.width == 16:
                self.vectors.append(access)

    def part_of(self, part: Access, vectors: list[Access]) -> tuple[Access, int] | None:
        """A vector, loaded before, which has the bytes of a load, and the place of the first of them.

        Where their addresses wrap differently, the vector is not in memory at all.
        """
        assert isinstance(part.node, n.Load)
        for vector in reversed(vectors):
            if bisect(self.writes, vector.position) != bisect(self.writes, self.position):
                break
            moved = (part.constant - vector.constant) % (1 << 32)
            place = moved + part.offset - vector.offset
            same = part.memory == vector.memory and part.variable is vector.variable
            if same and moved < 16 and 0 <= place <= 16 - part.node.width:
                return vector, place
        return None

    @cached_property
    def writes(self) -> list[int]:
        """The places where memory may be written, or locals get other values."""
        return [
            place
            for place, (op, _, _) in enumerate(self.instructions)
            if op.name in _JOINS or any(word in op.name for word in _WRITES)
        ]

    # ----------------------------------------------------------------------------------------------------- comparisons

    def op_vector_equal(self, op: Opcode, imm: None) -> None:
        """``eq`` and ``ne``: a lane of the difference that is not 0 carries into its top bit, or has it."""
        name = op.name
        width = lane_width(name)
        b, a = self.pop(), self.pop()
        if (a.fx | b.fx) & n.TRAPS:
            self.spill_effects(n.TRAPS)
        if isinstance(a, n.VectorConst):
            a, b = b, a
        access = self.fact(a, Access)
        if access is not None and isinstance(b, n.VectorConst) and name.endswith("eq"):
            known = self.compared_before(access, b.value, width)
            if known is not None:
                self.push(known)
                return
        zero = isinstance(b, n.VectorConst) and not b.value
        difference = self.repeated(a if zero else self.infix("^", a, b))
        rest = ones(width) * ((1 << width - 1) - 1)
        carries = self.infix("+", self.infix("&", difference, rest), rest)
        differing = self.shifted(">>", self.infix("|", carries, difference), width - 1)
        if access is not None and access in self.vectors and isinstance(b, n.VectorConst):
            differing = self.repeated(differing)
            self.compared.append(Compared(access, b.value, width, differing))
        self.push(self.mask(width, differing, name.endswith("eq"), ones(width)))

    def compared_before(self, access: Access, constant: int, width: int) -> n.Expr | None:
        """Whether bytes equal a constant, if the vector that they are part of has been compared to the same.

        The lanes beyond, which are 0, must differ from it.
        """
        assert isinstance(access.node, n.Load)
        bits = 8 * access.node.width
        for earlier in reversed(self.compared):
            found = self.part_of(access, [earlier.vector])
            if found is None or earlier.width != width or bits == 128 or bits % width:
                continue
            start = 8 * found[1]
            beyond = [constant >> lane & (1 << width) - 1 for lane in range(bits, 128, width)]
            if start % width or (earlier.constant >> start ^ constant) & (1 << bits) - 1 or not all(beyond):
                continue
            differing = self.shifted(">>", earlier.differing, start)
            return self.mask(width, differing, True, ones(width) & (1 << bits) - 1)
        return None

    def mask(self, width: int, differing: n.Expr, equal: bool, lanes: int) -> n.Expr:
        """The result of a comparison."""
        found = self.infix("&", differing, lanes)
        if equal:
            found = self.infix("^", found, lanes)
        return self.remember(Mask(self.infix("*", found, (1 << width) - 1), width, found, differing, equal, lanes))

    # --------------------------------------------------------------------------------------------------------- bitwise

    def both(self, a: n.Expr, b: n.Expr) -> n.Expr:
        """``v128.and``."""
        if isinstance(a, n.VectorConst):
            a, b = b, a
        if isinstance(b, n.VectorConst):
            mask, spread = self.fact(a, Mask), self.fact(a, Spread)
            if mask is not None and not b.value & ~mask.lanes:
                return self.mask_ones(mask, b.value)
            if spread is not None and b.value & ones(32) * 0xFF == ones(32) * (b.value & 0xFF):
                return self.spread(self.both(spread.source, self.vector_const(0x01010101 * (b.value & 0xFF))))
        return self.infix("&", a, b)

    def mask_ones(self, mask: Mask, lanes: int) -> n.Expr:
        """1 in some lanes of a mask."""
        if lanes == mask.lanes:
            return mask.ones
        found = self.infix("&", mask.differing, lanes)
        return self.infix("^", found, lanes) if mask.equal else found

    # ------------------------------------------------------------------------------------------------------ extensions

    def lowest(self, x: n.Expr, count: int) -> n.Expr:
        """The lowest ``count`` bytes of a vector, and nothing else."""
        x, kept = self.unshuffled(x, count), (1 << 8 * count) - 1
        if self.ones_in(x) | kept == kept:
            return x
        mask = self.fact(x, Mask)
        if mask is not None and 8 * count % mask.width == 0:
            return self.mask(mask.width, mask.differing, mask.equal, mask.lanes & kept)
        return self.infix("&", x, kept)

    def unshuffled(self, x: n.Expr, count: int) -> n.Expr:
        """A vector whose lowest ``count`` bytes are those of ``x``: of a shuffle, if they are neighbours, a shift."""
        if isinstance(x, n.Apply) and x.helper == SHUFFLE:
            *sources, selectors = x.args
            assert isinstance(selectors, n.VectorConst)
            (_, start, length), *_ = runs(tuple(selectors.value.to_bytes(16, "little")))
            source, other = reversed(sources) if start & 16 else sources
            if length >= count and not other.fx & n.TRAPS:
                return self.shifted(">>", source, (start & 15) * 8)
        return x

    def spread(self, source: n.Expr) -> n.Expr:
        """Four bytes, which are all there is of ``source``, in lanes of 32 bits.

        Factors make copies: of bytes so small that overlapping copies carry nothing, all at once; of others first one
        in which two bytes move up by 48 bits, then one in which every second byte does by 24.
        """
        known = self.ones_in(source)
        if carried(known, (known & 0xFF) << 24) >> 32:
            pairs = self.infix("&", self.infix("*", source, 1 | 1 << 48), ones(64) * 0xFFFF)
            copies = self.infix("*", pairs, 1 | 1 << 24)
        else:
            copies = self.infix("*", source, 1 | 1 << 24 | 1 << 48 | 1 << 72)
        return self.remember(Spread(self.infix("&", copies, ones(32) * 0xFF), source))

    def quarters(self, x: n.Expr) -> Quarters | None:
        """What is known of a sum of spread bytes."""
        spread = self.fact(x, Spread)
        if spread is None:
            return self.fact(x, Quarters)
        source: n.Expr = spread.source
        if isinstance(source, n.Binary) and source.op == "&" and isinstance(source.b, n.VectorConst):
            if source.b.value != 0xFFFF_FFFF:
                return None
            source = source.a
        access = self.fact(source, Access)
        found = None if access is None else self.part_of(access, self.vectors)
        if found is None or (found[1] == 0 and found[0] is not access):
            return None
        return Quarters(x, found[0], frozenset({found[1]}))

    def folded(self, load: n.Expr) -> n.Expr:
        """The sum of the four quarters of a vector, spread: even and odd bytes apart, in lanes of 16 bits."""
        if load.fx & n.TRAPS:
            self.spill_effects(n.TRAPS)
        vector = self.repeated(load)
        result: n.Expr | None = None
        for start in (0, 8):
            half = self.infix("&", self.shifted(">>", vector, start), ones(16) * 0xFF)
            summed = self.infix("&", self.shifted(">>", self.infix("*", half, ones(32)), 96), 0xFFFF_FFFF)
            copies = self.infix("*", summed, (1 | 1 << 48) << 4 * start)
            placed = self.infix("&", copies, (0xFFFF | 0xFFFF << 64) << 4 * start)
            result = placed if result is None else self.infix("|", result, placed)
        assert result is not None
        return result

    def op_vector_pairwise(self, op: Opcode, imm: None) -> None:
        """``extadd_pairwise_…_u``: of each wide lane the lower half plus the upper."""
        wide = lane_width(op.name)
        narrow = wide >> 1
        value = self.pop()
        if value.fx & n.TRAPS:
            self.spill_effects(n.TRAPS)
        pairs = self.repeated(value)
        kept = ones(wide) * ((1 << narrow) - 1)
        upper = self.infix("&", self.shifted(">>", pairs, narrow), kept)
        self.push(self.infix("+", self.infix("&", pairs, kept), upper))

    # ------------------------------------------------------------------------------------------------------------ sums

    def op_vector_sum(self, op: Opcode, imm: None) -> None:
        """``add`` and ``sub``: without the top bits of the lanes, so that nothing is carried; they are added apart."""
        name = op.name
        width, adds = lane_width(name), name.endswith("add")
        mask = self.fact(self.stack[-1], Mask)
        if not adds and mask is not None and mask.width == width:  # a mask is -1 or 0
            self.stack[-1], adds = mask.ones, True
        if adds:
            b, a = self.pop(), self.pop()
            result = self.small_sum(a, b, width)
            if result is not None:
                self.push(result)
                return
            self.stack += (a, b)
        if (self.stack[-1].fx | self.stack[-2].fx) & n.TRAPS:
            self.spill_effects(n.TRAPS)
        b, a = self.pop(), self.pop()
        a = self.repeated(a)
        b = self.repeated(b)
        signs = ones(width) << width - 1
        low = self.infix("&", b, ALL ^ signs)
        top = self.infix("&", self.infix("^", a, b), signs)
        if adds:
            self.push(self.infix("^", self.infix("+", self.infix("&", a, ALL ^ signs), low), top))
        else:
            lent = self.infix("-", self.infix("|", a, signs), low)
            self.push(self.infix("^", self.infix("^", lent, top), signs))

    def small_sum(self, a: n.Expr, b: n.Expr, width: int) -> n.Expr | None:
        """The sum of two vectors by fewer operations, if what is known of their bits allows it.

        If nothing can be carried into another lane, they are added as numbers.  If one has no top bits, only those of
        the other are kept apart; and what is added to that sum next joins the small part of it.
        """
        if isinstance(b, n.Get) and not isinstance(a, n.Get):
            a, b = b, a
        result = self.number_sum(a, b, width)
        if result is None:
            earlier = self.fact(a, Sum)
            large, small = a, b
            if earlier is not None and earlier.width == width:
                together = self.number_sum(earlier.small, b, width)
                if together is None:
                    return None
                large, small = earlier.variable, together
            signs = ones(width) << width - 1
            if self.ones_in(small) & signs or not isinstance(large, n.Get):
                return None
            rest = self.infix("+", self.infix("&", large, ALL ^ signs), small)
            result = self.infix("^", rest, self.infix("&", large, signs))
            self.remember(Sum(result, width, large, small))
            if small.size < _MAX_SMALL:  # not yet to be put into a variable: more may come
                result.size = 1
        return result

    def number_sum(self, a: n.Expr, b: n.Expr, width: int) -> n.Expr | None:
        """The sum of two vectors as numbers, if no lane carries into the next; bytes are added before they spread."""
        if carried(self.ones_in(a), self.ones_in(b)) & (ones(width) | ALL + 1):
            return None
        one, two = self.fact(a, Spread), self.fact(b, Spread)
        if one is not None and two is not None:
            source = self.number_sum(one.source, two.source, 8)
            if source is not None and not self.ones_in(source) >> 32:
                return self.spread(source)
        result = self.infix("+", a, b)
        first, second = self.quarters(a), self.quarters(b)
        if first is not None and second is not None and first.vector is second.vector:
            places = first.places | second.places
            if places == {0, 4, 8, 12}:
                return self.folded(first.vector.node)
            if first.places.isdisjoint(second.places):
                self.remember(Quarters(result, first.vector, places))
        return result
