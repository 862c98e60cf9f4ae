"""Reading of the binary format's primitives (spec, section 5.2): bytes, LEB128 integers, names."""

from __future__ import annotations

import leb128

from wasm2py.errors import Malformed
from wasm2py.features import OPEN, Gate

_U32_BYTES = 5
"""The longest LEB128 form of 32 bits."""


class Reader:
    """A position in a stretch of the binary.

    Offsets are those of the whole binary, so that errors can name them.  Every method raises :class:`Malformed` where
    the stretch ends too early.

    :ivar data: the whole binary
    :ivar position: offset of the next byte
    :ivar end: offset behind the last byte that may be read
    :ivar gate: refuses what belongs to disabled proposals
    """

    __slots__ = ("data", "end", "gate", "position")

    def __init__(self, data: bytes, position: int = 0, end: int | None = None, gate: Gate = OPEN) -> None:
        self.data = data
        self.position = position
        self.end = len(data) if end is None else end
        self.gate = gate

    @property
    def at_end(self) -> bool:
        """Whether all bytes are read."""
        return self.position >= self.end

    def unexpected_end(self) -> Malformed:
        """The error for a stretch that ends too early."""
        whole = self.end == len(self.data)
        return Malformed("unexpected end" if whole else "unexpected end of section or function", self.end)

    def section(self, size: int) -> Reader:
        """A reader of the next ``size`` bytes; this one goes on behind them."""
        start = self.position
        if size > self.end - start:
            raise Malformed("length out of bounds", start)
        self.position = start + size
        return Reader(self.data, start, self.position, self.gate)

    def finish(self) -> None:
        """Check that all bytes are read."""
        if self.position != self.end:
            raise Malformed("section size mismatch", self.position)

    def peek(self) -> int:
        """The next byte, which stays unread."""
        if self.position >= self.end:
            raise self.unexpected_end()
        return self.data[self.position]

    def u8(self) -> int:
        """One byte (spec, section 5.2.1)."""
        byte = self.peek()
        self.position += 1
        return byte

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        start = self.position
        if count > self.end - start:
            raise self.unexpected_end()
        self.position = start + count
        return self.data[start : self.position]

    def zero(self) -> None:
        """A byte that has to be zero."""
        if self.u8() != 0:
            raise Malformed("zero byte expected", self.position - 1)

    def u32(self) -> int:
        """An unsigned 32-bit integer (spec, section 5.2.2)."""
        byte = self.peek()
        if byte < 0x80:
            self.position += 1
            return byte
        return self._unsigned(32)

    def u64(self) -> int:
        """An unsigned 64-bit integer (spec, section 5.2.2)."""
        byte = self.peek()
        if byte < 0x80:
            self.position += 1
            return byte
        return self._unsigned(64)

    def index(self, feature: str, what: str) -> int:
        """A u32 that was a zero byte before a proposal, which any other form of it needs."""
        start = self.position
        index = self.u32()
        if index or self.position - start > 1:
            self.gate.require(feature, f"{what} {index}", start)
        return index

    def size(self, what: str) -> int:
        """A u64 that was a u32 before the memory64 proposal, which larger or longer ones need."""
        start = self.position
        size = self.u64()
        if size >> 32 or self.position - start > _U32_BYTES:
            self.gate.require("memory64", f"64-bit {what}", start)
        return size

    def s32(self) -> int:
        """A signed 32-bit integer (spec, section 5.2.2)."""
        return self._signed(32)

    def s33(self) -> int:
        """A signed 33-bit integer: a type index where negative numbers stand for other types."""
        return self._signed(33)

    def s64(self) -> int:
        """A signed 64-bit integer (spec, section 5.2.2)."""
        return self._signed(64)

    def count(self) -> int:
        """The length of a list (spec, section 5.1.3); every entry takes a byte at the least."""
        start = self.position
        count = self.u32()
        if count > self.end - self.position:
            raise Malformed("length out of bounds", start)
        return count

    def name(self) -> str:
        """A name: UTF-8 behind its length in bytes (spec, section 5.2.4)."""
        length = self.count()
        start = self.position
        try:
            return self.take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("malformed UTF-8 encoding", start + error.start) from None

    def _leb128(self, bits: int) -> bytearray:
        """The bytes of one LEB128 number; at most as many as ``bits`` need, the shortest form is not required."""
        data = self.data
        start = position = self.position
        limit = start + (bits + 6) // 7
        while position < self.end:
            byte = data[position]
            position += 1
            if byte < 0x80:
                self.position = position
                return bytearray(data[start:position])
            if position == limit:
                raise Malformed("integer representation too long", start)
        raise self.unexpected_end()

    def _unsigned(self, bits: int) -> int:
        start = self.position
        value = leb128.u.decode(self._leb128(bits))
        if value >> bits:
            raise Malformed("integer too large", start)
        return value

    def _signed(self, bits: int) -> int:
        start = self.position
        byte = self.peek()
        if byte < 0x80:
            self.position = start + 1
            return byte if byte < 0x40 else byte - 0x80
        value = leb128.i.decode(self._leb128(bits))
        half = 1 << (bits - 1)
        if not -half <= value < half:
            raise Malformed("integer too large", start)
        return value
