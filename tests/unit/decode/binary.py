"""Building blocks of binary modules for tests; LEB128 by the ``leb128`` package."""

from __future__ import annotations

import leb128

PREAMBLE = b"\0asm\x01\0\0\0"


def u32(value: int) -> bytes:
    return bytes(leb128.u.encode(value))


def s33(value: int) -> bytes:
    return bytes(leb128.i.encode(value))


def sized(content: bytes) -> bytes:
    return u32(len(content)) + content


def name(text: str) -> bytes:
    return sized(text.encode())


def entries(*items: bytes) -> bytes:
    return u32(len(items)) + b"".join(items)


def section(number: int, content: bytes) -> bytes:
    return bytes([number]) + sized(content)


def custom(title: str, content: bytes) -> bytes:
    return section(0, name(title) + content)


def module(*sections: bytes) -> bytes:
    return PREAMBLE + b"".join(sections)


TYPE = section(1, entries(b"\x60\0\0"))
FUNCTION = section(3, entries(b"\0"))


def module_with_body(instructions: bytes, local_groups: bytes = b"\0", data_count: bool = False) -> bytes:
    """A module with one function, whose type has neither parameters nor results."""
    count = section(12, u32(0)) if data_count else b""
    return module(TYPE, FUNCTION, count, section(10, entries(sized(local_groups + instructions))))
