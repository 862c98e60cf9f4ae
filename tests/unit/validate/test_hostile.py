"""Small modules that could cost much: each must be answered at once, or refused."""

import pytest

from tests.unit.decode.binary import entries, module, section, sized, u32
from tests.unit.validate.modules import validate
from wasm2py.errors import Invalid
from wasm2py.wasm.limits import MAX_NESTING

NOTHING = b"\x60\0\0"
THOUSAND = b"\x60" + u32(1000) + b"\x7f" * 1000 + u32(1000) + b"\x7f" * 1000
THOUSAND_RESULTS = b"\x60\0" + u32(1000) + b"\x7f" * 1000


def with_bodies(types: list[bytes], *bodies: bytes) -> bytes:
    """A module whose function i has type i and body i, without locals."""
    return module(
        section(1, entries(*types)),
        section(3, entries(*(u32(index) for index in range(len(bodies))))),
        section(10, entries(*(sized(entries() + body + b"\x0b") for body in bodies))),
    )


def test_operands_are_limited() -> None:
    with pytest.raises(Invalid, match="too many operands: the limit is 1000000"):
        validate(with_bodies([NOTHING, THOUSAND_RESULTS], b"\x10\x01" * 100_000, b"\0"))


def test_block_parameters_of_unreachable_code_are_limited() -> None:
    with pytest.raises(Invalid, match="too many operands: the limit is 1000000"):
        validate(with_bodies([NOTHING, THOUSAND], b"\0" + b"\x02\x01\x02\x40\0" * 3_000 + b"\x0b" * 6_000))


def test_deep_nesting_does_not_recurse() -> None:
    validate(with_bodies([NOTHING], b"\x02\x40" * MAX_NESTING + b"\x0b" * MAX_NESTING))


def test_array_of_more_operands_than_there_can_be() -> None:
    validate(with_bodies([NOTHING, b"\x5e\x7f\0"], b"\0\xfb\x08\x01\xff\xff\xff\xff\x0f\x1a"))
    with pytest.raises(Invalid, match="type mismatch: expected i32, found an empty stack"):
        validate(with_bodies([NOTHING, b"\x5e\x7f\0"], b"\xfb\x08\x01\xff\xff\xff\xff\x0f\x1a"))


def test_chain_of_supertypes_is_limited() -> None:
    def chain(length: int) -> bytes:
        links = [b"\x50\x01" + u32(index) + b"\x5f\0" for index in range(length)]
        return module(section(1, entries(b"\x50\0\x5f\0", *links)))

    validate(chain(63))
    with pytest.raises(Invalid, match="sub type 64 is nested too deeply: the limit is 63"):
        validate(chain(64))
