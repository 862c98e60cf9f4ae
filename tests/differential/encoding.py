"""Instructions as bytes."""

from __future__ import annotations

import struct
from functools import lru_cache

from tests.unit.decode.binary import s33, u32
from wasm2py.wasm.opcodes import BY_NAME

VALUE_TYPES = {"i32": b"\x7f", "i64": b"\x7e", "f32": b"\x7d", "f64": b"\x7c", "v128": b"\x7b"}


@lru_cache(None)
def instruction(name: str, *immediates: int) -> bytes:
    """An instruction whose immediates are unsigned numbers."""
    code = BY_NAME[name].code
    opcode = bytes([code]) if code < 256 else bytes([code >> 16]) + u32(code & 0xFFFF)
    return opcode + b"".join(map(u32, immediates))


@lru_cache(None)
def _integer(type_: str, value: int) -> bytes:
    bits = int(type_[1:])
    value %= 1 << bits
    return (b"\x41" if bits == 32 else b"\x42") + s33(value - (1 << bits) if value >> bits - 1 else value)


def constant(type_: str, value: float) -> bytes:
    """A constant; integers in any representation."""
    if type_ == "f32":
        return b"\x43" + struct.pack("<f", value)
    if type_ == "f64":
        return b"\x44" + struct.pack("<d", value)
    assert isinstance(value, int)
    return _integer(type_, value)


def block_type(results: tuple[str, ...]) -> bytes:
    """The block type of a block without parameters and with at most one result."""
    return VALUE_TYPES[results[0]] if results else b"\x40"
