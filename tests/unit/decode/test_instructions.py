"""Every row of the opcode table, encoded by hand and by wasmtime's text parser."""

import pytest
import wasmtime

from tests.unit.decode.binary import module_with_body, s33, u32
from wasm2py.decode import decode_body, decode_module
from wasm2py.errors import Malformed
from wasm2py.wasm.limits import MAX_LOCALS
from wasm2py.wasm.module import BlockType, Catch, Instruction, MemArg
from wasm2py.wasm.opcodes import BY_NAME, IMMEDIATES, OPCODES, Opcode
from wasm2py.wasm.types import EXTERNREF, F64, I32, I64, ref_type

SAMPLES: dict[str, tuple[bytes, str, object]] = {
    "-": (b"", "", None),
    "zero": (b"\0", "", None),
    "i32": (s33(-300), "-300", -300),
    "i64": (s33(-(1 << 63)), "-0x8000000000000000", -(1 << 63)),
    "f32": (b"\x23\x01\x80\xff", "-nan:0x123", 0xFF800123),
    "f64": (b"\x01\0\0\0\0\0\xf0\x7f", "nan:0x1", 0x7FF0000000000001),
    "v128": (b"\x01" + b"\0" * 14 + b"\x80", "i64x2 1 0x8000000000000000", 1 | 1 << 127),
    "block": (s33(300), "(type 300)", BlockType(300, None)),
    "label": (u32(200), "200", 200),
    "labels": (b"\x02" + u32(1) + u32(300) + u32(0), "1 300 0", (1, 300, 0)),
    **{
        kind: (u32(1000), "1000", 1000)
        for kind in ("func", "type", "local", "global", "table", "memory", "data", "element", "tag")
    },
    "type_table": (u32(5) + u32(300), "300 (type 5)", (5, 300)),
    "data_memory": (u32(7) + u32(300), "300 7", (7, 300)),
    "memory_memory": (u32(7) + u32(300), "7 300", (7, 300)),
    "element_table": (u32(7) + u32(300), "300 7", (7, 300)),
    "table_table": (u32(7) + u32(300), "7 300", (7, 300)),
    **{
        kind: (u32(7) + u32(300), "7 300", (7, 300))
        for kind in ("type_field", "type_count", "type_data", "type_element", "type_type")
    },
    "heap": (u32(300), "300", 300),
    "types": (
        b"\x03\x7e\x6f\x64" + u32(300),
        "(result i64 externref (ref 300))",
        (I64, EXTERNREF, ref_type(300, False)),
    ),
    "cast": (
        b"\x01" + u32(200) + b"\x6e" + u32(300),
        "200 anyref (ref 300)",
        (200, ref_type("any"), ref_type(300, False)),
    ),
    "catches": (
        b"\x7c\x04\0" + u32(300) + b"\x01\x01\x05\x02\x02\x06\x03\x03",
        "(result f64) (catch 300 1) (catch_ref 5 2) (catch_all 6) (catch_all_ref 3)",
        (
            BlockType(None, F64),
            (
                Catch("catch", 300, 1),
                Catch("catch_ref", 5, 2),
                Catch("catch_all", None, 6),
                Catch("catch_all_ref", None, 3),
            ),
        ),
    ),
    "memarg": (u32(0x40) + u32(300) + u32(1 << 40), "300 offset=0x10000000000 align=1", MemArg(0, 1 << 40, 300)),
    "memarg_lane": (b"\x40\x03" + u32(300) + b"\x01", "3 offset=300 align=1 1", (MemArg(0, 300, 3), 1)),
    "lane": (b"\x01", "1", 1),
    "shuffle": (bytes(range(31, 15, -1)), " ".join(map(str, range(31, 15, -1))), tuple(range(31, 15, -1))),
}
"""One example for each kind of immediate: bytes, text, decoded."""

CONTEXTS = {
    "else": ("if", "end"),
    "end": ("block", ""),
    "catch": ("try", "end"),
    "catch_all": ("try", "end"),
    "delegate": ("try", ""),
}
"""Instructions without immediates before and behind those that need a block around them."""


def encode(op: Opcode) -> bytes:
    return bytes([op.code]) if op.code < 0x100 else bytes([op.code >> 16]) + u32(op.code & 0xFFFF)


def simple(name: str) -> bytes:
    if not name:
        return b""
    return encode(BY_NAME[name]) + (b"\x40" if BY_NAME[name].immediate == "block" else b"")


def text_form(op: Opcode, immediate: str) -> str:
    """The row's name and immediate as the text format writes them."""
    if op.name == "select_t":
        return f"select {immediate}"
    if op.immediate == "heap" and op.name != "ref.null":
        if op.name.endswith("_null"):
            return f"{op.name.removesuffix('_null')} (ref null {immediate})"
        return f"{op.name} (ref {immediate})"
    return f"{op.name} {immediate}"


def decode_code(instructions: bytes, data_count: bool = True) -> list[Instruction]:
    return decode_body(decode_module(module_with_body(instructions, data_count=data_count)), 0)


def test_there_is_a_sample_of_each_kind() -> None:
    assert set(SAMPLES) == set(IMMEDIATES)


@pytest.mark.parametrize("kind", IMMEDIATES)
def test_every_row_decodes(kind: str) -> None:
    encoded, text, decoded = SAMPLES[kind]
    for op in OPCODES.values():
        if op.immediate != kind:
            continue
        before, after = CONTEXTS.get(op.name, ("", "end" if kind in ("block", "catches") else ""))
        code = simple(before) + encode(op) + encoded + simple(after) + b"\x0b"
        by_wasmtime = wasmtime.wat2wasm(
            f"(module (func {before} {text_form(op, text)} {after}) {'(type (func))' * 301})"
        )
        assert bytes(by_wasmtime).endswith(code), op.name
        instructions = decode_code(code)
        names = [n for n in (before, op.name, after, "end") if n]
        assert [i.op for i in instructions] == [BY_NAME[n] for n in names]
        ours = instructions[1 if before else 0]
        assert isinstance(ours, Instruction)
        assert ours.imm == decoded, op.name
        assert type(ours.imm) is type(decoded), op.name
        assert instructions[-1].offset - ours.offset == len(code) - len(simple(before)) - 1


@pytest.mark.parametrize(
    ("code", "imm"),
    [
        ("2000", 0),
        ("207f", 127),
        ("20ff7f", 16383),
        ("413f", 63),
        ("4140", -64),
        ("417f", -1),
        ("41c000", 64),
        ("4280808080808001", 1 << 42),
        ("2804 7f", MemArg(4, 127, 0)),
        ("2805 01", MemArg(5, 1, 0)),
        ("2800 8001", MemArg(0, 128, 0)),
        ("2840 0001", MemArg(0, 1, 0)),
        ("0240 0b", BlockType(None, None)),
        ("027f 0b", BlockType(None, I32)),
        ("0264 70 0b", BlockType(None, ref_type("func", False))),
        ("0205 0b", BlockType(5, None)),
        ("d070", "func"),
        ("d005", 5),
    ],
)
def test_short_and_long_forms(code: str, imm: object) -> None:
    assert decode_code(bytes.fromhex(code) + b"\x0b")[0].imm == imm


@pytest.mark.parametrize(
    ("code", "reason", "offset"),
    [
        ("ff 0b", "illegal opcode ff", 0),
        ("01 27 0b", "illegal opcode 27", 1),
        ("fc 9f01 0b", "illegal opcode fc 159", 0),
        ("fd 8080808008 0b", "illegal opcode fd 2147483648", 0),
        ("05 0b", "END opcode expected, not else", 0),
        ("0240 05 0b 0b", "END opcode expected, not else", 2),
        ("0440 05 05 0b 0b", "END opcode expected, not else", 3),
        ("0700 0b", "END opcode expected, not catch", 0),
        ("0640 19 0700 0b 0b", "END opcode expected, not catch", 3),
        ("0640 19 1800 0b", "END opcode expected, not delegate", 3),
        ("0b 01", "section size mismatch", 1),
        ("0b 0b", "section size mismatch", 1),
        ("0240 0b", "END opcode expected", 3),
        ("01", "END opcode expected", 1),
        ("", "END opcode expected", 0),
        ("fe0301 0b", "zero byte expected", 2),
        ("28 8001 00 0b", "malformed memop flags", 1),
        ("02 41 0b 0b", "malformed block type", 1),
        ("d0 40 0b", "malformed heap type", 1),
        ("d0 ff7f 0b", "malformed heap type", 1),
        ("1c 01 40 0b", "malformed value type", 2),
        ("1f40 01 04 0b 0b", "malformed catch clause", 3),
        ("fb18 04 00 6e 6e 0b", "malformed cast flags", 2),
        ("0e ffffffff0f 0b", "length out of bounds", 1),
    ],
)
def test_malformed_code(code: str, reason: str, offset: int) -> None:
    binary = module_with_body(bytes.fromhex(code), data_count=True)
    module = decode_module(binary)
    with pytest.raises(Malformed) as caught:
        decode_body(module, 0)
    assert (caught.value.reason, caught.value.offset) == (reason, module.codes[0].start + offset)


@pytest.mark.parametrize(
    "code", ["20", "2080", "41", "28", "2800", "284000", "44 00", "fd", "fd0c 00", "fd0d 00", "02"]
)
@pytest.mark.parametrize("follows", [b"", b"\0\x04\x03abc"])
def test_code_that_ends_within_an_instruction(code: str, follows: bytes) -> None:
    module = decode_module(module_with_body(bytes.fromhex(code)) + follows)
    with pytest.raises(Malformed, match="unexpected end"):
        decode_body(module, 0)


@pytest.mark.parametrize("name", ["memory.init", "data.drop", "array.new_data", "array.init_data"])
def test_data_indices_need_a_data_count_section(name: str) -> None:
    op = BY_NAME[name]
    code = encode(op) + SAMPLES[op.immediate][0] + b"\x0b"
    assert decode_code(code, data_count=True)[0].op is op
    with pytest.raises(Malformed, match="data count section required"):
        decode_code(code, data_count=False)


def test_deep_nesting_needs_no_recursion() -> None:
    depth = 100_000
    instructions = decode_code(b"\x02\x40" * depth + b"\x0b" * (depth + 1))
    assert len(instructions) == 2 * depth + 1


@pytest.mark.parametrize(
    ("groups", "total"),
    [
        (u32(1) + u32(MAX_LOCALS) + b"\x7f", None),
        (u32(1) + u32(MAX_LOCALS + 1) + b"\x7f", MAX_LOCALS + 1),
        (u32(2) + u32(MAX_LOCALS) + b"\x7f\x01\x7e", MAX_LOCALS + 1),
        (u32(1) + u32(0xFFFFFFFF) + b"\x7f", 0xFFFFFFFF),
    ],
)
def test_locals_are_limited(groups: bytes, total: int | None) -> None:
    binary = module_with_body(b"\x0b", groups)
    if total is None:
        assert decode_module(binary).codes[0].locals == ((MAX_LOCALS, I32),)
    else:
        with pytest.raises(Malformed, match=f"too many locals: {total}"):
            decode_module(binary)
