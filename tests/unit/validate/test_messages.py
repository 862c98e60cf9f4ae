"""What errors say and where they point: the byte at the offset is the opcode at fault, or the entry's first byte."""

import pytest

from tests.unit.decode import binary as b
from tests.unit.legacy_modules import legacy_module
from tests.unit.validate.modules import encode, validate
from wasm2py.decode import decode_body, decode_module
from wasm2py.errors import Invalid, Malformed
from wasm2py.validate import validate_function, validate_module
from wasm2py.validate.function import rules
from wasm2py.wasm.module import Instruction
from wasm2py.wasm.opcodes import BY_NAME, OPCODES


def refusal(text: str) -> tuple[Invalid, bytes]:
    """The error for a module, and the bytes that its offset points to."""
    module = encode(text)
    with pytest.raises(Invalid) as caught:
        validate(module)
    assert caught.value.offset is not None
    return caught.value, module[caught.value.offset :]


@pytest.mark.parametrize(
    ("body", "reason", "opcode"),
    [
        ("i32.const 1 f32.const 2 i32.add drop", "type mismatch: expected i32, found f32", "6a"),
        ("i32.add drop", "type mismatch: expected i32, found an empty stack", "6a"),
        ("i32.const 1", "type mismatch: 1 values remain at the end of a block", "0b"),
        ("block i32.const 1 drop drop end", "type mismatch: expected a value, found an empty stack", "1a0b"),
        ("block (result i32) end drop", "type mismatch: expected i32, found an empty stack", "0b1a"),
        ("i32.const 1 if (result i32) i32.const 1 end drop", "type mismatch: expected [i32], found []", "0b1a"),
        ("local.get 7 drop", "unknown local 7", "2007"),
        ("i32.const 1 local.set 7", "unknown local 7", "2107"),
        ("br 1", "unknown label 1", "0c01"),
        ("i32.const 0 br_table 0 4", "unknown label 4", "0e01"),
        ("block (result i32) i32.const 0 i32.const 0 br_table 0 1 end drop",
         "type mismatch: labels take 0 and 1 operands", "0e01"),
        ("call 9", "unknown function 9", "1009"),
        ("i32.const 0 call_indirect 5 (type 0)", "unknown table 5", "1100"),
        ("i32.const 0 call_indirect 1 (type 0)",
         "type mismatch: expected a table of functions, found a table of externref", "1100"),
        ("global.get 4 drop", "unknown global 4", "2304"),
        ("i32.const 0 global.set 0", "immutable global", "2400"),
        ("i32.const 0 i32.load align=8 drop", "alignment must not be larger than natural", "2803"),
        ("i32.const 0 i32.load 3 drop", "unknown memory 3", "2842"),
        ("i32.const 0 i32.load offset=0x100000000 drop", "offset out of range", "2802"),
        ("i32.const 0 i32.load 1 drop", "type mismatch: expected i64, found i32", "2842"),
        ("memory.size 2 drop", "unknown memory 2", "3f02"),
        ("ref.func 1 drop", "undeclared function reference", "d201"),
        ("ref.func 8 drop", "unknown function 8", "d208"),
        ("ref.null 9 drop", "unknown type 9", "d009"),
        ("ref.null func ref.null func i32.const 0 select drop",
         "type mismatch: select without a type on references", "1b"),
        ("i32.const 0 i64.const 0 i32.const 0 select drop", "type mismatch: expected i32, found i64", "1b"),
        ("throw 0", "unknown tag 0", "0800"),
        ("elem.drop 0", "unknown elem segment 0", "fc0d"),
        ("i32.const 0 i32.atomic.load align=2 drop", "alignment of atomic instructions must be natural", "fe10"),
        ("return_call 1", "type mismatch: expected [], found [i32]", "1201"),
        ("unreachable ref.as_non_null i32.eqz drop", "type mismatch: expected i32, found (ref bot)", "45"),
    ],
)  # fmt: skip
def test_body(body: str, reason: str, opcode: str) -> None:
    error, found = refusal(
        "(module (type (func)) (memory 1) (memory i64 1) (table 1 funcref) (table 1 externref)"
        f"(global i32 (i32.const 0)) (func {body}) (func (result i32) i32.const 0))"
    )
    assert error.reason == reason
    assert found.startswith(bytes.fromhex(opcode))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(memory 2 1)", "size minimum must not be greater than maximum"),
        ("(memory 65537)", "memory size must be at most 65536 pages (4GiB)"),
        ("(memory i64 0x1_0000_0000_0001)", "memory size must be at most 281474976710656 pages"),
        ("(memory 0x1_0000_0000 (pagesize 1))", "memory size must be at most 4294967295 pages"),
        ("(table 0x1_0000_0000 funcref)", "table size must be at most 4294967295"),
        ("(table 1 (ref func))", "type mismatch: a table of (ref func) needs an initialiser"),
        ("(memory 1 (pagesize 2))", "invalid custom page size"),
        ('(export "a" (func 3))', "unknown function 3"),
        ('(memory 1) (export "a" (memory 0)) (export "a" (memory 0))', "duplicate export name"),
        ("(func (param i32)) (start 0)", "start function must have neither parameters nor results"),
        ("(func (type 4))", "unknown type 4"),
        ("(tag (result i32))", "non-empty tag result type"),
        ("(type (struct)) (type (sub 0 (struct)))", "sub type 1 does not match super type 0"),
        ("(type (sub (struct (field i32)))) (type (sub 0 (struct)))", "sub type 1 does not match super type 0"),
        ("(type (struct (field (ref 1))))", "unknown type 1"),
        ("(func (type 0)) (type (struct))", "type mismatch: type 0 is not a function type"),
        ("(elem func 0)", "unknown function 0"),
        ("(elem (i32.const 0) func)", "unknown table 0"),
        ('(data (i32.const 0) "a")', "unknown memory 0"),
        ('(import "a" "b" (table 2 1 funcref))', "size minimum must not be greater than maximum"),
        ('(import "a" "b" (table 1 (ref null 3)))', "unknown type 3"),
        ('(import "a" "b" (global (ref null 3)))', "unknown type 3"),
        ("(global (ref null 3) ref.null none)", "unknown type 3"),
        ("(func (local (ref null 3)))", "unknown type 3"),
        ("(type (sub 1 (struct))) (type (sub (struct)))", "unknown type 1: a super type must come before its sub type"),
        ("(table 1 externref) (elem (i32.const 0) func)",
         "type mismatch: a segment of (ref func) for a table of externref"),
    ],
)  # fmt: skip
def test_entry(text: str, reason: str) -> None:
    error, _ = refusal(f"(module {text})")
    assert error.reason == reason


@pytest.mark.parametrize(
    ("initialiser", "reason", "opcode"),
    [
        ("i64.const 1", "type mismatch: expected i32, found i64", "0b"),
        ("global.get 1", "unknown global 1", "2301"),
        ("global.get 2", "unknown global 2", "2302"),
        ("i32.const 1 i32.const 1 i32.div_s", "constant expression required: i32.div_s", "6d"),
        ("global.get 0", "constant expression required: global 0 is mutable", "2300"),
    ],
)
def test_constant_expression(initialiser: str, reason: str, opcode: str) -> None:
    error, found = refusal(
        f'(module (import "a" "b" (global (mut i32))) (global i32 {initialiser}) (global i32 i32.const 0))'
    )
    assert error.reason == reason
    assert found.startswith(bytes.fromhex(opcode))


def test_several_super_types() -> None:
    types = b.section(1, b.entries(b"\x50\0\x5f\0", b"\x50\0\x5f\0", b"\x50\x02\0\x01\x5f\0"))
    with pytest.raises(Invalid, match="sub type 2 has more than one super type"):
        validate(b.module(types))


def test_offset_of_an_entry_is_where_it_starts() -> None:
    _, found = refusal('(module (memory 1) (export "a" (memory 0)) (export "a" (memory 0)))')
    assert found.startswith(b"\x01a\x02\x00")
    assert b"\x01a" not in found[1:]


def test_many_types_make_a_short_message() -> None:
    error, _ = refusal(f"(module (func (result {'i32 ' * 900}) return_call 1) (func))")
    assert error.reason == f"type mismatch: expected [{'i32 ' * 8}... 892 more], found []"


@pytest.mark.parametrize(
    ("body", "reason", "opcode"),
    [
        ("rethrow 0", "invalid rethrow label 0: no catch of it is around", "0900"),
        ("rethrow 1", "unknown label 1", "0901"),
        ("try none rethrow 0 catch_all end", "invalid rethrow label 0: no catch of it is around", "0900"),
        ("try none catch_all block none rethrow 0 end end",
         "invalid rethrow label 0: no catch of it is around", "0900"),
        ("try none delegate 1", "unknown label 1", "1801"),
        ("try none i32.const 1 delegate 0", "type mismatch: 1 values remain at the end of a block", "1800"),
        ("try i32 catch 1 catch_all end drop", "type mismatch: expected i32, found an empty stack", "0701"),
        ("try none catch 1 end", "type mismatch: 1 values remain at the end of a block", "0b"),
        ("try none catch 9 end", "unknown tag 9", "0709"),
        ("try none catch_all i32.eqz drop end", "type mismatch: expected i32, found an empty stack", "45"),
    ],
)  # fmt: skip
def test_legacy_exception_handling(body: str, reason: str, opcode: str) -> None:
    module = legacy_module({"f": (0, "", body)})
    with pytest.raises(Invalid) as caught:
        validate(module)
    assert caught.value.reason == reason
    assert caught.value.offset is not None
    assert module[caught.value.offset :].startswith(bytes.fromhex(opcode))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("catch 0", "END opcode expected, not catch"),
        ("try none catch_all catch 0 end", "END opcode expected, not catch"),
        ("try none catch_all catch_all end", "END opcode expected, not catch_all"),
        ("try none catch 0 delegate 0", "END opcode expected, not delegate"),
        ("block none delegate 0", "END opcode expected, not delegate"),
    ],
)
def test_clauses_out_of_place(body: str, reason: str) -> None:
    with pytest.raises(Malformed, match=f"{reason} "):
        validate(legacy_module({"f": (0, "", body)}))


def test_unbalanced_bodies_are_refused() -> None:
    """The decoder never makes them."""
    module = decode_module(encode("(module (func))"))
    context = validate_module(module)
    (end,) = decode_body(module, 0)
    for body, reason in [
        ([], "END opcode expected"),
        ([end, end], "operators remaining after end of function"),
        ([Instruction(BY_NAME["else"], 0, None), end], "else found outside of an if"),
    ]:
        with pytest.raises(Invalid, match=reason):
            validate_function(context, 0, body)


def test_every_instruction_has_a_rule() -> None:
    assert rules() == frozenset(OPCODES.values())


def test_tested_texts_are_valid_but_for_what_they_test() -> None:
    validate(
        encode(
            "(module (type (func)) (memory 1) (memory i64 1) (table 1 funcref) (table 1 externref)"
            "(global i32 (i32.const 0)) (func) (func (result i32) i32.const 0))"
        )
    )
