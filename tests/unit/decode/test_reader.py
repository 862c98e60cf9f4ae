from collections.abc import Callable

import leb128
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasm2py.decode.reader import Reader
from wasm2py.errors import Malformed

SIGNED: dict[int, Callable[[Reader], int]] = {32: Reader.s32, 33: Reader.s33, 64: Reader.s64}
UNSIGNED: dict[int, Callable[[Reader], int]] = {32: Reader.u32, 64: Reader.u64}


@pytest.mark.parametrize("bits", SIGNED)
@given(data=st.data())
def test_signed_numbers_survive(bits: int, data: st.DataObject) -> None:
    value = data.draw(st.integers(-(1 << (bits - 1)), (1 << (bits - 1)) - 1))
    encoded = bytes(leb128.i.encode(value))
    reader = Reader(b"\xff" + encoded + b"\xff", 1)
    assert SIGNED[bits](reader) == value
    assert reader.position == 1 + len(encoded)


@pytest.mark.parametrize("bits", UNSIGNED)
@given(data=st.data())
def test_unsigned_numbers_survive(bits: int, data: st.DataObject) -> None:
    value = data.draw(st.integers(0, (1 << bits) - 1))
    encoded = bytes(leb128.u.encode(value))
    reader = Reader(b"\xff" + encoded + b"\xff", 1)
    assert UNSIGNED[bits](reader) == value
    assert reader.position == 1 + len(encoded)


@pytest.mark.parametrize(
    ("read", "encoded", "value"),
    [
        (Reader.u32, "8000", 0),
        (Reader.u32, "8380808000", 3),
        (Reader.u32, "ffffffff0f", 0xFFFFFFFF),
        (Reader.s32, "ff7f", -1),
        (Reader.s32, "ffffffff7f", -1),
        (Reader.s32, "8080808078", -0x80000000),
        (Reader.s32, "ffffffff07", 0x7FFFFFFF),
        (Reader.s33, "ffffffff0f", 0xFFFFFFFF),
        (Reader.u64, "ffffffffffffffffff01", 0xFFFFFFFFFFFFFFFF),
        (Reader.s64, "8080808080808080807f", -0x8000000000000000),
    ],
)
def test_forms_up_to_the_longest(read: Callable[[Reader], int], encoded: str, value: int) -> None:
    assert read(Reader(bytes.fromhex(encoded))) == value


@pytest.mark.parametrize(
    ("read", "encoded", "reason"),
    [
        (Reader.u32, "808080808000", "integer representation too long"),
        (Reader.u32, "ffffffff1f", "integer too large"),
        (Reader.u32, "8080808070", "integer too large"),
        (Reader.s32, "808080808000", "integer representation too long"),
        (Reader.s32, "8080808008", "integer too large"),
        (Reader.s32, "8080808070", "integer too large"),
        (Reader.s32, "ffffffff6f", "integer too large"),
        (Reader.s33, "8080808010", "integer too large"),
        (Reader.u64, "8080808080808080808000", "integer representation too long"),
        (Reader.u64, "80808080808080808002", "integer too large"),
        (Reader.s64, "80808080808080808001", "integer too large"),
        (Reader.u32, "80", "unexpected end"),
        (Reader.s32, "", "unexpected end"),
    ],
)
def test_bad_numbers(read: Callable[[Reader], int], encoded: str, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(Reader(b"\xff\xff" + bytes.fromhex(encoded), 2))
    assert caught.value.reason == reason
    if reason != "unexpected end":
        assert caught.value.offset == 2


def test_a_number_must_not_leave_its_section() -> None:
    reader = Reader(b"\x01\x80\x00")
    section = reader.section(2)
    assert section.u32() == 1
    with pytest.raises(Malformed, match=r"unexpected end of section or function .*0x2"):
        section.u32()


def test_names() -> None:
    assert Reader(b"\x04a\xc3\xa9\0rest").name() == "aé\0"
    with pytest.raises(Malformed, match=r"malformed UTF-8 encoding \(at offset 0x2\)"):
        Reader(b"\x02a\xc3").name()
    with pytest.raises(Malformed, match="malformed UTF-8 encoding"):
        Reader(b"\x03\xed\xa0\x80").name()
    with pytest.raises(Malformed, match="length out of bounds"):
        Reader(b"\x05abcd").name()


def test_lengths_are_checked_before_anything_is_read() -> None:
    for read in (Reader.count, Reader.name):
        with pytest.raises(Malformed, match="length out of bounds"):
            read(Reader(b"\xff\xff\xff\xff\x0f\0"))
    with pytest.raises(Malformed, match="length out of bounds"):
        Reader(b"ab").section(3)
    with pytest.raises(Malformed, match="unexpected end"):
        Reader(b"ab").take(3)
