"""Errors of instructions on references, structures and arrays that the official suite leaves out."""

import pytest

from tests.unit.validate.modules import encode, validate
from wasm2py.errors import Invalid

TYPES = """
(type $func (func))
(type $struct (struct (field $x (mut i32)) (field $packed i8)))
(type $strict (struct (field (ref func))))
(type $bytes (array (mut i8)))
(type $words (array i32))
(type $strict-array (array (ref func)))
(type $refs (array (mut externref)))
(data "") (elem funcref)
"""


def module(body: str) -> bytes:
    return encode(f"(module {TYPES} (func {body}))")


@pytest.mark.parametrize(
    ("body", "reason", "opcode"),
    [
        ("i32.const 0 ref.is_null drop", "type mismatch: expected a reference, found i32", "d1"),
        ("i32.const 0 br_on_null 0 drop", "type mismatch: expected a reference, found i32", "d5"),
        ("unreachable br_on_non_null 0", "type mismatch: the label takes no reference as its last operand", "d6"),
        ("block (result i32) unreachable br_on_cast 0 anyref eqref end drop",
         "type mismatch: the label takes no reference as its last operand", "fb18"),
        ("unreachable br_on_cast 0 eqref funcref", "type mismatch: expected eqref, found funcref", "fb18"),
        ("unreachable br_on_cast 0 anyref (ref null 99)", "unknown type 99", "fb18"),
        ("unreachable br_on_cast 0 (ref null 99) (ref null none)", "unknown type 99", "fb18"),
        ("unreachable ref.test (ref 99) drop", "unknown type 99", "fb14"),
        ("unreachable ref.cast (ref null 99) drop", "unknown type 99", "fb17"),
        ("unreachable struct.new $bytes drop", "type mismatch: type 3 is not a structure type", "fb00"),
        ("unreachable array.new $struct drop", "type mismatch: type 1 is not an array type", "fb06"),
        ("struct.new_default 99 drop", "unknown type 99", "fb01"),
        ("struct.new_default $strict drop", "type mismatch: a field has no default value", "fb01"),
        ("i32.const 0 array.new_default $strict-array drop",
         "type mismatch: the element type has no default value", "fb07"),
        ("unreachable struct.get $struct 2 drop", "unknown field 2", "fb02"),
        ("unreachable struct.get $struct $packed drop", "type mismatch: struct.get on a field of type i8", "fb02"),
        ("unreachable struct.get_s $struct $x drop", "type mismatch: struct.get_s on a field of type i32", "fb03"),
        ("unreachable struct.set $struct $packed", "immutable field", "fb05"),
        ("unreachable array.get $bytes drop", "type mismatch: array.get on a field of type i8", "fb0b"),
        ("unreachable array.get_u $words drop", "type mismatch: array.get_u on a field of type i32", "fb0d"),
        ("unreachable array.set $words", "immutable array", "fb0e"),
        ("unreachable array.new_data $refs 0 drop", "array type is not numeric or vector", "fb09"),
        ("unreachable array.new_data $words 1 drop", "unknown data segment 1", "fb09"),
        ("unreachable array.init_data $bytes 1", "unknown data segment 1", "fb12"),
        ("unreachable array.new_elem $refs 0 drop", "type mismatch: expected externref, found funcref", "fb0a"),
        ("unreachable array.new_elem $words 0 drop", "type mismatch: expected i32, found funcref", "fb0a"),
        ("unreachable array.init_elem $refs 1", "unknown elem segment 1", "fb13"),
        ("unreachable array.copy $bytes $words", "array types do not match", "fb11"),
        ("ref.null $struct call_ref $func", "type mismatch: expected (ref null 0), found (ref null 1)", "1400"),
        ("unreachable call_ref $struct", "type mismatch: type 1 is not a function type", "1401"),
    ],
)  # fmt: skip
def test_body(body: str, reason: str, opcode: str) -> None:
    binary = module(body)
    with pytest.raises(Invalid) as caught:
        validate(binary)
    assert caught.value.reason == reason
    assert caught.value.offset is not None
    assert binary[caught.value.offset :].startswith(bytes.fromhex(opcode))


@pytest.mark.parametrize(
    "body",
    [
        "unreachable",
        "i32.const 1 i32.const 2 struct.new $struct struct.get $struct $x drop",
        "struct.new_default $struct struct.get_s $struct $packed drop",
        "i32.const 0 i32.const 0 array.new_data $bytes 0 i32.const 0 array.get_u $bytes drop",
        "block (result eqref) ref.null any br_on_cast 0 anyref eqref drop ref.null eq end drop",
    ],
)
def test_valid_body(body: str) -> None:
    validate(module(body))
