import hashlib

import pytest
import wasmtime

from tests.unit.decode.binary import FUNCTION, TYPE, custom, entries, module, name, section, sized, u32
from wasm2py.decode import decode_module, decode_producers
from wasm2py.options import Options
from wasm2py.transpile import transpile
from wasm2py.wasm.module import CustomSection, Names

TEXT = """(module $a_module
  (type $a_type (func (param i32)))
  (type $a_struct (struct (field $a_field i32) (field i32) (field $b_field i64)))
  (import "m" "f" (func $imported))
  (func $a_func (param $a_param i32) (local $a_local i64) (block $a_label (loop (block $b_label))))
  (func)
  (func $"spaces and \\"quotes\\"\\0a" (local i32) (local $l i32))
  (table $a_table 1 funcref)
  (memory $a_memory 1)
  (global $a_global i32 (i32.const 0))
  (elem $an_elem func)
  (data $a_data "")
  (tag $a_tag (type $a_type)))"""


def subsection(number: int, content: bytes) -> bytes:
    return bytes([number]) + sized(content)


def name_map(names: dict[int, str]) -> bytes:
    return entries(*[u32(index) + name(text) for index, text in names.items()])


def names_of(content: bytes) -> Names:
    return decode_module(module(custom("name", content))).names


def test_all_names_that_the_text_format_has() -> None:
    names = decode_module(bytes(wasmtime.wat2wasm(TEXT))).names
    assert names == Names(
        module="a_module",
        functions={0: "imported", 1: "a_func", 3: 'spaces and "quotes"\n'},
        locals={1: {0: "a_param", 1: "a_local"}, 3: {1: "l"}},
        labels={1: {0: "a_label", 2: "b_label"}},
        types={0: "a_type", 1: "a_struct"},
        tables={0: "a_table"},
        memories={0: "a_memory"},
        globals={0: "a_global"},
        elements={0: "an_elem"},
        data={0: "a_data"},
        fields={1: {0: "a_field", 2: "b_field"}},
        tags={0: "a_tag"},
    )


def test_a_module_without_names() -> None:
    assert decode_module(module()).names == Names()


def test_unknown_subsections_are_skipped() -> None:
    content = subsection(99, b"\xff\xff") + subsection(1, name_map({0: "f"}))
    assert names_of(content) == Names(functions={0: "f"})


@pytest.mark.parametrize(
    "bad",
    [
        b"\x01",
        b"\x01\x05\0",
        subsection(1, b"\x02\0\x01a"),
        subsection(1, b"\x01\0\x01\xff"),
        subsection(1, b"\0\0"),
        subsection(2, b"\xff\xff\xff\xff\x0f"),
        subsection(4, b"\x80\x80\x80\x80\x80\x80\0"),
    ],
)
def test_malformed_names_are_no_error(bad: bytes) -> None:
    good = subsection(0, name("m"))
    assert names_of(good) == Names(module="m")
    assert names_of(good + bad) == Names()


def test_the_first_name_section_counts() -> None:
    first, second = (custom("name", subsection(0, name(text))) for text in ("first", "second"))
    assert decode_module(module(first, second)).names.module == "first"


HINTS = ("branch_hint", "compilation_priority", "instr_freq", "call_targets")


@pytest.mark.parametrize("hint", HINTS)
@pytest.mark.parametrize("content", [b"\x01\0\x01\x01\x01\x01", b"\xff", b"\x01\x07\x01\0\x01\x09"])
@pytest.mark.parametrize("options", [Options(), Options(disable=("branch-hinting", "compilation-hints"))])
def test_hints_change_nothing(hint: str, content: bytes, options: Options) -> None:
    code = section(10, entries(sized(b"\0\x41\x01\x04\x40\x0b\x0b")))
    plain = module(TYPE, FUNCTION, code)
    hinted = module(TYPE, FUNCTION, custom(f"metadata.code.{hint}", content), code)
    (before,) = transpile(plain, options).parts.values()
    (after,) = transpile(hinted, options).parts.values()
    assert after == before.replace(hashlib.sha256(plain).hexdigest(), hashlib.sha256(hinted).hexdigest())


def test_producers() -> None:
    content = entries(
        name("language") + entries(name("C11") + name("")),
        name("processed-by") + entries(name("clang") + name("20.1"), name("wasm-opt") + name("123")),
    )
    (section,) = decode_module(module(custom("producers", content))).custom
    assert decode_producers(section) == {
        "language": [("C11", "")],
        "processed-by": [("clang", "20.1"), ("wasm-opt", "123")],
    }


@pytest.mark.parametrize("content", [b"", b"\x01", b"\0\0", b"\xff\xff\xff\x7f"])
def test_malformed_producers(content: bytes) -> None:
    assert decode_producers(CustomSection("producers", content, 0, 8)) == {}
