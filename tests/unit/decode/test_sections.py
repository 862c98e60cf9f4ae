from itertools import pairwise

import pytest
import wasmtime

from tests.unit.decode.binary import FUNCTION, PREAMBLE, TYPE, custom, entries, module, section, sized, u32
from wasm2py.decode import decode_body, decode_module
from wasm2py.errors import Malformed, Unsupported
from wasm2py.wasm.limits import MAX_FIELDS, MAX_PARAMS, MAX_RESULTS
from wasm2py.wasm.module import Expression, Module
from wasm2py.wasm.types import (
    EXTERNREF,
    F32,
    F64,
    FUNCREF,
    I32,
    I64,
    V128,
    ArrayType,
    Exact,
    FieldType,
    FuncType,
    GlobalType,
    Limits,
    MemoryType,
    StructType,
    SubType,
    TableType,
    TagType,
    ref_type,
)

CODE = section(10, entries(sized(b"\0\x0b")))


def from_text(text: str) -> Module:
    return decode_module(bytes(wasmtime.wat2wasm(text)))


def spelled(expression: Expression | None) -> list[tuple[str, object]]:
    assert expression is not None
    return [(i.op.name, i.imm) for i in expression]


def test_types() -> None:
    decoded = from_text("""(module
        (type (func (param i32 i64) (result f32 f64 v128)))
        (rec (type (sub (struct (field i8) (field (mut i16)) (field (mut (ref null 2))))))
             (type (sub final 1 (struct (field i8) (field (mut i16)) (field (mut (ref 2)))))))
        (rec)
        (type (array (mut externref))))""")
    fields = (FieldType("i8", False), FieldType("i16", True))
    assert decoded.types == [
        SubType(FuncType((I32, I64), (F32, F64, V128))),
        SubType(StructType((*fields, FieldType(ref_type(2), True))), (), False),
        SubType(StructType((*fields, FieldType(ref_type(2, False), True))), (1,), True),
        SubType(ArrayType(FieldType(EXTERNREF, True))),
    ]
    assert decoded.rec_groups == [(0, 1), (1, 2), (3, 0), (3, 1)]
    assert [decoded.binary[offset] for offset in decoded.type_offsets] == [0x60, 0x50, 0x4F, 0x5E]


def test_descriptors_and_exact_types() -> None:
    decoded = from_text("""(module
        (rec (type $a (sub (descriptor $b) (struct))) (type $b (describes $a) (descriptor $c) (struct))
          (type $c (describes $b) (struct (field (ref null (exact $a))))))
        (type $f (func))
        (import "a" "f" (func (exact (type $f))))
        (import "a" "g" (func (type $f)))
        (func (type $f)))""")
    held = FieldType(ref_type(Exact(0)), False)
    assert decoded.types[:3] == [
        SubType(StructType(()), (), False, None, 1),
        SubType(StructType(()), (), True, 0, 2),
        SubType(StructType((held,)), (), True, 1, None),
    ]
    assert [entry.type for entry in decoded.imports] == [Exact(3), 3]
    assert decoded.funcs == [3, 3, 3]


def test_no_abstract_type_is_exact() -> None:
    decoded = decode_module(module(section(1, b"\x01\x5e\x63\x62\x70\0")))
    assert decoded.types[0].composite == ArrayType(FieldType(ref_type(Exact(0x70)), False))


@pytest.mark.parametrize(
    ("byte", "text"),
    [
        *((0x7F - i, numeric) for i, numeric in enumerate(("i32", "i64", "f32", "f64", "v128"))),
        *((byte, f"(ref null {heap})") for byte, heap in zip(
            range(0x69, 0x75),
            ("exn", "array", "struct", "i31", "eq", "any", "extern", "func", "none", "noextern", "nofunc", "noexn"),
            strict=True,
        )),
    ],
)  # fmt: skip
def test_value_types_of_one_byte(byte: int, text: str) -> None:
    binary = bytes(wasmtime.wat2wasm(f"(module (type (func (param {text}))))"))
    assert binary.endswith(bytes([byte, 0]))
    composite = decode_module(binary).types[0].composite
    assert isinstance(composite, FuncType)
    param = composite.params[0]
    assert text == (str(param) if byte >= 0x7B else f"(ref null {getattr(param, 'heap', None)})")


def test_index_spaces_start_with_imports() -> None:
    decoded = from_text("""(module
        (type (func)) (type (func (param i32)))
        (import "a" "f" (func (type 1)))
        (import "a" "é" (table 1 2 funcref))
        (import "" "m" (memory i64 3 4))
        (import "a" "g" (global (mut i64)))
        (import "a" "t" (tag (type 1)))
        (func (type 0)) (table 5 externref) (memory 6) (global f32 (f32.const 1)) (tag (type 0))
        (export "one" (func 1)) (export "two" (table 1)) (export "three" (memory 0)) (export "four" (global 1))
        (export "five" (tag 0))
        (start 1))""")
    memory = MemoryType(Limits(3, 4, index64=True))
    table = TableType(FUNCREF, Limits(1, 2))
    assert [(i.module, i.name, i.type) for i in decoded.imports] == [
        ("a", "f", 1),
        ("a", "é", table),
        ("", "m", memory),
        ("a", "g", GlobalType(I64, True)),
        ("a", "t", TagType(1)),
    ]
    assert decoded.funcs == [1, 0]
    assert decoded.tables == [table, TableType(EXTERNREF, Limits(5))]
    assert decoded.memories == [memory, MemoryType(Limits(6))]
    assert decoded.globals == [GlobalType(I64, True), GlobalType(F32, False)]
    assert decoded.tags == [TagType(1), TagType(0)]
    assert spelled(decoded.global_definitions[0].init) == [("f32.const", 0x3F800000), ("end", None)]
    assert [(e.name, e.kind, e.index) for e in decoded.exports] == [
        ("one", "func", 1),
        ("two", "table", 1),
        ("three", "memory", 0),
        ("four", "global", 1),
        ("five", "tag", 0),
    ]
    assert decoded.start == 1
    assert decoded.start_offset is not None
    assert decoded.binary[decoded.start_offset] == 1
    imported = (decoded.imported_funcs, decoded.imported_tables, decoded.imported_memories, decoded.imported_globals)
    assert imported == (1, 1, 1, 1)
    for offsets in (decoded.func_offsets, decoded.memory_offsets, decoded.tag_offsets):
        assert len(offsets) == 2
    assert decoded.binary[decoded.imports[0].offset :].startswith(b"\x01a\x01f")
    assert decoded.binary[decoded.exports[0].offset :].startswith(b"\x03one")
    assert decoded.func_offsets[0] == decoded.imports[0].offset


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("(memory 1)", Limits(1)),
        ("(memory 1 2 shared)", Limits(1, 2, shared=True)),
        ("(memory i64 1 0x1000000000000)", Limits(1, 1 << 48, index64=True)),
        ("(memory i64 1 2 shared)", Limits(1, 2, index64=True, shared=True)),
        ("(memory 1 2 (pagesize 1))", Limits(1, 2, page_size_log2=0)),
        ("(table i64 1 2 funcref)", Limits(1, 2, index64=True)),
    ],
)
def test_limits(text: str, limits: Limits) -> None:
    decoded = from_text(f"(module {text})")
    types: list[MemoryType | TableType] = [*decoded.memories, *decoded.tables]
    assert [t.limits for t in types] == [limits]


def test_tables_with_initialiser() -> None:
    decoded = from_text("(module (func) (table 3 (ref func) (ref.func 0)) (table 1 funcref))")
    with_init, without = decoded.table_definitions
    assert with_init.type == decoded.tables[0] == TableType(ref_type("func", False), Limits(3))
    assert spelled(with_init.init) == [("ref.func", 0), ("end", None)]
    assert decoded.binary[with_init.offset] == 0x40
    assert without.init is None


CONST = b"\x41\x05\x0b"
NULLS = b"\x02\xd0\x70\x0b\xd2\x00\x0b"


@pytest.mark.parametrize(
    ("encoded", "mode", "table", "element_type"),
    [
        (b"\0" + CONST + b"\x02\x07\x08", "active", 0, ref_type("func", False)),
        (b"\x01\0\x02\x07\x08", "passive", None, ref_type("func", False)),
        (b"\x02\x09" + CONST + b"\0\x02\x07\x08", "active", 9, ref_type("func", False)),
        (b"\x03\0\x02\x07\x08", "declarative", None, ref_type("func", False)),
        (b"\x04" + CONST + NULLS, "active", 0, FUNCREF),
        (b"\x05\x63\x6e" + NULLS, "passive", None, ref_type("any")),
        (b"\x06\x09" + CONST + b"\x6f" + NULLS, "active", 9, EXTERNREF),
        (b"\x07\x70" + NULLS, "declarative", None, FUNCREF),
    ],
)
def test_forms_of_element_segments(encoded: bytes, mode: str, table: int | None, element_type: object) -> None:
    (element,) = decode_module(module(section(9, entries(encoded)))).elements
    assert (element.mode, element.table, element.offset) == (mode, table, 11)
    assert element.type is element_type
    if mode == "active":
        assert spelled(element.start) == [("i32.const", 5), ("end", None)]
    else:
        assert element.start is None
    if encoded[0] < 4:
        assert element.items == (7, 8)
    else:
        items = [spelled(item) for item in element.items if not isinstance(item, int)]
        assert items == [[("ref.null", "func"), ("end", None)], [("ref.func", 0), ("end", None)]]


def test_data_segments() -> None:
    decoded = from_text(r"""(module (memory 1) (memory 1)
        (data (i32.const 5) "ab\00") (data "passive") (data (memory 1) (i32.const 6) ""))""")
    assert [(d.bytes, d.memory) for d in decoded.data] == [(b"ab\0", 0), (b"passive", None), (b"", 1)]
    assert spelled(decoded.data[0].start) == [("i32.const", 5), ("end", None)]
    assert decoded.data[1].start is None
    assert decoded.data_count is None
    assert from_text('(module (func data.drop 0) (data "x"))').data_count == 1


def test_bodies_stay_where_they_are() -> None:
    decoded = from_text("(module (func) (func (local i32 i32 f64) nop nop))")
    first, second = decoded.codes
    assert (first.locals, second.locals) == ((), ((2, I32), (1, F64)))
    assert decoded.binary[second.start : second.end] == b"\x01\x01\x0b"
    assert [i.offset for i in decode_body(decoded, 1)] == [second.start, second.start + 1, second.start + 2]


def test_sections_come_once_and_in_order() -> None:
    order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]
    empty = {number: section(number, b"\0") for number in order}
    assert decode_module(module(*empty.values())).start == 0
    for first, second in pairwise(order):
        for wrong in ((second, first), (first, first), (first, second, first)):
            with pytest.raises(Malformed, match="unexpected content after last section"):
                decode_module(module(*[empty[number] for number in wrong]))


def test_custom_sections_may_be_anywhere() -> None:
    decoded = decode_module(
        module(
            custom("a", b"1"), TYPE, custom("", b""), custom(".debug_info", b"\xff"), FUNCTION, CODE, custom("a", b"2")
        )
    )
    assert [(c.name, c.bytes, c.place) for c in decoded.custom] == [
        ("a", b"1", 0),
        ("", b"", 1),
        (".debug_info", b"\xff", 1),
        ("a", b"2", 10),
    ]
    assert decoded.custom[0].offset == 8


@pytest.mark.parametrize(
    ("binary", "reason", "offset"),
    [
        (b"", "unexpected end", 0),
        (b"\0asm\x01\0", "unexpected end", 6),
        (b"#!/bin/s", "magic header not detected", 0),
        (b"\0asm\x02\0\0\0", "unknown binary version", 4),
        (module(b"\x0e\0"), "malformed section id", 8),
        (module(b"\x01"), "unexpected end", 9),
        (module(b"\x01\x05\x01"), "length out of bounds", 10),
        (module(section(1, b"\x01\x60\0\0\0")), "section size mismatch", 14),
        (module(section(1, b"\x01\x60\0")), "unexpected end", 13),
        (module(section(1, b"\xff\xff\xff\xff\x0f")), "length out of bounds", 10),
        (module(section(1, b"\x01\x4e\xff\xff\xff\xff\x0f")), "length out of bounds", 12),
        (module(section(1, b"\x01\x61")), "malformed definition type", 11),
        (module(section(1, b"\x01\x5f\x01\x40\0")), "malformed storage type", 13),
        (module(section(1, b"\x01\x5e\x7f\x02")), "malformed mutability", 13),
        (module(section(2, b"\x01\0\0\x05")), "malformed import kind", 13),
        (module(section(4, b"\x01\x7f\0\0")), "malformed reference type", 11),
        (module(section(4, b"\x01\x70\x02\0")), "malformed limits flags", 12),
        (module(section(4, b"\x01\x40\x01\x70\0\0")), "zero byte expected", 12),
        (module(section(5, b"\x01\x10\0")), "malformed limits flags", 11),
        (module(section(5, b"\x01\x08\0\x41")), "invalid custom page size", 13),
        (module(section(6, b"\x01\x7f\x02")), "malformed mutability", 12),
        (module(section(6, b"\x01\x7f\0\x41\0")), "END opcode expected", 15),
        (module(section(7, b"\x01\0\x05")), "malformed export kind", 12),
        (module(section(9, b"\x01\x08")), "malformed element segment kind", 11),
        (module(section(9, b"\x01\x01\x01")), "malformed element kind", 12),
        (module(section(11, b"\x01\x03")), "malformed data segment kind", 11),
        (module(section(11, b"\x01\x01\x05ab")), "unexpected end", 15),
        (module(section(13, b"\x01\x01\0")), "zero byte expected", 11),
        (module(TYPE, FUNCTION), "function and code section have inconsistent lengths", 18),
        (module(CODE), "function and code section have inconsistent lengths", 14),
        (module(section(12, b"\x01")), "data count and data section have inconsistent lengths", 11),
        (module(section(0, b"")), "unexpected end", 10),
        (module(section(0, b"\x02a")), "length out of bounds", 10),
        (module(section(0, b"\x01\xff")), "malformed UTF-8 encoding", 11),
    ],
)
def test_malformed_modules(binary: bytes, reason: str, offset: int) -> None:
    with pytest.raises(Malformed) as caught:
        decode_module(binary)
    assert (caught.value.reason, caught.value.offset) == (reason, offset)


@pytest.mark.parametrize(
    ("composite", "limit", "what"),
    [
        (b"\x60%s\0", MAX_PARAMS, "parameters"),
        (b"\x60\0%s", MAX_RESULTS, "results"),
        (b"\x5f%s", MAX_FIELDS, "fields"),
    ],
)
def test_types_are_limited_in_size(composite: bytes, limit: int, what: str) -> None:
    entry = b"\x7f\0" if what == "fields" else b"\x7f"

    def binary(count: int) -> bytes:
        return module(section(1, b"\x01" + composite % (u32(count) + entry * count)))

    assert len(decode_module(binary(limit)).types) == 1
    with pytest.raises(Malformed, match=f"too many {what}: {limit + 1}"):
        decode_module(binary(limit + 1))


@pytest.mark.parametrize(
    ("binary", "feature"),
    [
        (b"\0asm\x0d\0\x01\0" + b"anything", "component-model"),
    ],
)
def test_unsupported_encodings(binary: bytes, feature: str) -> None:
    with pytest.raises(Unsupported) as caught:
        decode_module(binary)
    assert caught.value.feature == feature
    assert caught.value.offset is not None


def test_smallest_module() -> None:
    assert decode_module(PREAMBLE) == Module(PREAMBLE)
