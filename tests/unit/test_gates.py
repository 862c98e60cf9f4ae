"""Every instruction, type, section, flag and form of a proposal is refused where the proposal is disabled."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.unit.decode.binary import entries, module, module_with_body, name, section
from tests.unit.decode.test_instructions import SAMPLES, encode
from tests.unit.ir.oracle import binary
from wasm2py.decode import decode_body, decode_module
from wasm2py.errors import Unsupported
from wasm2py.features import BASE, FEATURES, Gate, Stage
from wasm2py.options import Options
from wasm2py.transpile import transpile
from wasm2py.wasm.opcodes import OPCODES, Opcode

GATED = [op for op in OPCODES.values() if op.feature != BASE]

NEVER_REFUSED = dict.fromkeys(("branch-hinting", "compilation-hints"), "nothing in a custom section makes a module bad")
"""Supported proposals without a gate, each with the reason."""


@dataclass(frozen=True)
class Case:
    """Something that a proposal introduced.

    :ivar feature: the proposal
    :ivar what: how the message names it
    :ivar binary: a valid module that has it
    :ivar at: the bytes where it begins
    :ivar besides: proposals that the module needs besides, apart from those that the proposal builds upon
    """

    feature: str
    what: str
    binary: bytes
    at: bytes
    besides: tuple[str, ...] = ()


def text(feature: str, what: str, fields: str, at: bytes, *besides: str) -> Case:
    return Case(feature, what, binary(f"(module {fields})"), at, besides)


def plain(feature: str, op: str, code: str, operands: str) -> Case:
    """An instruction whose results are dropped."""
    drops = "drop " * (2 if feature == "wide-arithmetic" else 1)
    return text(feature, op, f"(memory 1 1) (func {operands} {op} {drops})", bytes.fromhex(code))


def body(feature: str, what: str, code: str, at: str, *besides: str, local_groups: bytes = b"\0") -> Case:
    """A function ``() -> ()`` in a module with a memory and a table."""
    sections = (
        section(1, entries(b"\x60\0\0")),
        section(3, entries(b"\0")),
        section(4, entries(b"\x70\0\x01")),
        section(5, entries(b"\0\x01")),
        section(9, entries(b"\0\x41\0\x0b\0")),
    )
    instructions = bytes.fromhex(code)
    content = section(10, entries(bytes([len(local_groups + instructions)]) + local_groups + instructions))
    return Case(feature, what, module(*sections, content), bytes.fromhex(at), besides)


def types(feature: str, what: str, encoded: str, *besides: str) -> Case:
    """A module with a type section of one entry."""
    entry = bytes.fromhex(encoded)
    return Case(feature, what, module(section(1, entries(entry))), entry, besides)


def value_type(feature: str, what: str, encoded: str) -> Case:
    """A module with a function type of one parameter."""
    param = bytes.fromhex(encoded)
    return Case(feature, what, module(section(1, entries(b"\x60\x01" + param + b"\0"))), param + b"\0")


def entry(feature: str, what: str, number: int, encoded: str, *besides: str, skip: int = 0) -> Case:
    """A module with a table, a memory and a section of one entry, at fault from its byte ``skip`` on."""
    content = bytes.fromhex(encoded)
    sections = {4: entries(b"\x70\0\x01"), 5: entries(b"\0\x01"), number: entries(content)}
    binary = module(*(section(*item) for item in sorted(sections.items())))
    return Case(feature, what, binary, content[skip:], besides)


LIMITS_64 = "0401"
LONG_ZERO = "8000"
DESCRIBED = "(rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct)))"
ABSTRACT = {"6a": "array", "6b": "struct", "6c": "i31", "6d": "eq", "6e": "any", "71": "null", "72": "nullextern"}
ABSTRACT["73"] = "nullfunc"

CASES = [
    text("mutable-globals", "import of a mutable global", '(import "a" "g" (global (mut i32)))', b"\x01a\x01g"),
    text(
        "mutable-globals",
        "export of a mutable global",
        '(global i64 (i64.const 0)) (global (mut i32) (i32.const 0)) (export "c" (global 0)) (export "g" (global 1))',
        b"\x01g\x03",
    ),
    plain("sign-extension", "i64.extend32_s", "c4", "i64.const 0"),
    plain("saturating-float-to-int", "i64.trunc_sat_f64_u", "fc07", "f64.const 0"),
    types("multi-value", "function type with several results", "6000027f7f"),
    body("multi-value", "block type with a type index", "02000b0b", "000b0b"),
    Case("bulk-memory", "data count section", module_with_body(b"\x0b", data_count=True), b"\x0c\x01\0"),
    entry("bulk-memory", "data segment with flags", 11, "0100"),
    entry("bulk-memory", "data segment with flags", 11, "020041000b00"),
    entry("bulk-memory", "element segment with flags", 9, "010000"),
    entry("bulk-memory", "element segment with flags", 9, "020041000b0000"),
    entry("bulk-memory", "element segment with flags", 9, "030000", "reference-types"),
    entry("bulk-memory", "element segment with flags", 9, "0441000b00", "reference-types"),
    entry("reference-types", "declarative element segment", 9, "030000", "bulk-memory"),
    entry("reference-types", "element segment of expressions", 9, "0441000b00", "bulk-memory"),
    entry("reference-types", "element segment of expressions", 9, "057000", "bulk-memory"),
    entry("reference-types", "element segment of expressions", 9, "060041000b7000", "bulk-memory"),
    entry("reference-types", "declarative element segment", 9, "077000", "bulk-memory"),
    value_type("reference-types", "type funcref", "70"),
    value_type("reference-types", "type externref", "6f"),
    entry("reference-types", "type externref", 4, "6f0000"),
    body("reference-types", "type funcref", "0b", "700b", local_groups=b"\x01\x01\x70"),
    body("reference-types", "type funcref", "0270000b1a0b", "70000b"),
    text("reference-types", "second table", "(table 1 funcref) (table 2 funcref)", b"\x70\0\x02"),
    text("reference-types", "second table", '(import "a" "t" (table 1 funcref)) (table 2 funcref)', b"\x70\0\x02"),
    body("reference-types", "table index 0", f"41001100{LONG_ZERO}0b", f"{LONG_ZERO}0b"),
    body("reference-types", "table index 0", f"410041004100fc0c00{LONG_ZERO}0b", f"{LONG_ZERO}0b", "bulk-memory"),
    body("reference-types", "table index 0", f"410041004100fc0e00{LONG_ZERO}0b", f"{LONG_ZERO}0b", "bulk-memory"),
    body("reference-types", "table index 0", f"410041004100fc0e{LONG_ZERO}000b", f"{LONG_ZERO}000b", "bulk-memory"),
    value_type("simd", "type v128", "7b"),
    body("simd", "type v128", "0b", "7b0b", local_groups=b"\x01\x01\x7b"),
    body("simd", "type v128", "027b000b1a0b", "7b000b"),
    plain("simd", "i8x16.splat", "fd0f", "i32.const 0"),
    *[
        text(
            "extended-const",
            f"{op} in a constant expression",
            f"(global {op[:3]} ({op} ({op[:3]}.const 1) ({op[:3]}.const 2)))",
            bytes.fromhex(code),
        )
        for op, code in {
            "i32.add": "6a0b",
            "i32.sub": "6b0b",
            "i32.mul": "6c0b",
            "i64.add": "7c0b",
            "i64.sub": "7d0b",
            "i64.mul": "7e0b",
        }.items()
    ],
    entry("extended-const", "i32.add in a constant expression", 11, "00410141026a0b00", skip=5),
    text("multi-memory", "second memory", "(memory 1) (memory 2)", b"\0\x02"),
    text("multi-memory", "second memory", '(import "a" "m" (memory 1)) (memory 2)', b"\0\x02"),
    body("multi-memory", "memory index of an access", "4100284200001a0b", "420000"),
    body("multi-memory", "memory index 0", f"3f{LONG_ZERO}1a0b", f"{LONG_ZERO}1a"),
    body("multi-memory", "memory index 0", f"410040{LONG_ZERO}1a0b", f"{LONG_ZERO}1a"),
    body("multi-memory", "memory index 0", f"410041004100fc0a00{LONG_ZERO}0b", f"{LONG_ZERO}0b", "bulk-memory"),
    body("multi-memory", "memory index 0", f"410041004100fc0a{LONG_ZERO}000b", f"{LONG_ZERO}000b", "bulk-memory"),
    body("multi-memory", "memory index 0", f"410041004100fc0b{LONG_ZERO}0b", f"{LONG_ZERO}0b", "bulk-memory"),
    body("multi-memory", "memory index of an access", "41004100364200000b", "420000"),
    text("tail-call", "return_call", "(func return_call 0)", b"\x12\0"),
    text(
        "tail-call",
        "return_call_ref",
        "(type (func)) (func (param (ref 0)) local.get 0 return_call_ref 0)",
        b"\x15\0",
        "function-references",
    ),
    entry("memory64", "limits with 64-bit addresses", 5, LIMITS_64),
    entry("memory64", "limits with 64-bit addresses", 4, f"70{LIMITS_64}", skip=1),
    entry("memory64", "64-bit limits", 5, "00808080808000", skip=1),
    entry("memory64", "64-bit limits", 5, "0100808080808000", skip=2),
    entry("memory64", "64-bit limits", 4, "7000808080808000", skip=2),
    body("memory64", "64-bit offset of an access", "410028028080808080001a0b", "8080808080001a"),
    plain("relaxed-simd", "i8x16.relaxed_swizzle", "fd8002", "v128.const i64x2 0 0 v128.const i64x2 0 0"),
    value_type("function-references", "reference type of two parts", "6370"),
    value_type("function-references", "reference type of two parts", "6470"),
    body("function-references", "heap type 0", "d0001a0b", "001a0b"),
    text("function-references", "table with an initialiser", "(table 1 funcref (ref.null func))", b"\x40\0\x70"),
    types("gc", "structure type", "5f00"),
    types("gc", "array type", "5e7f00"),
    types("gc", "array type", "5e7801"),
    types("gc", "sub type", "5000600000"),
    types("gc", "sub type", "4f00600000"),
    types("gc", "recursive type", "4e01600000"),
    types("gc", "recursive type", "4e00"),
    types("gc", "recursive type", "6001630000"),
    *[value_type("gc", f"type {heap}ref", code) for code, heap in ABSTRACT.items()],
    body("gc", "heap type none", "d0711a0b", "711a0b"),
    text("gc", "ref.i31", "(func i32.const 0 ref.i31 drop)", b"\xfb\x1c"),
    text(
        "gc",
        "global 0, not imported, in a constant expression",
        "(global i32 (i32.const 1)) (global i32 (global.get 0))",
        b"\x23\0\x0b",
    ),
    value_type("exceptions", "type exnref", "69"),
    value_type("exceptions", "type nullexnref", "74"),
    text("exceptions", "tag section", "(tag)", b"\x0d\x03\x01"),
    Case("exceptions", "tag section", module(section(13, b"\0")), b"\x0d\x01\0"),
    text("exceptions", "import of a tag", '(import "a" "t" (tag))', b"\x04\0\0"),
    text("exceptions", "throw_ref", "(func unreachable throw_ref)", b"\x0a\x0b"),
    body("legacy-exceptions", "try", "06400b0b", "06400b"),
    entry("threads", "shared limits", 5, "030101"),
    plain("threads", "i32.atomic.load", "fe10", "i32.const 0"),
    plain("wide-arithmetic", "i64.mul_wide_u", "fc16", "i64.const 0 i64.const 0"),
    entry("custom-page-sizes", "page size", 5, "080010"),
    entry("custom-page-sizes", "page size", 5, "080000"),
    text("custom-descriptors", "type with a descriptor", DESCRIBED, b"\x4d\x01\x5f"),
    text("custom-descriptors", "exact heap type", "(type (func (param (ref null (exact 0)))))", b"\x62\0\0"),
    text("custom-descriptors", "exact heap type", "(type (func)) (func ref.null (exact 0) drop)", b"\x62\0\x1a"),
    text("custom-descriptors", "exact function import", '(import "a" "f" (func (exact)))', b"\x20\0"),
    text(
        "custom-descriptors",
        "br_on_cast to a type that does not match its source",
        "(func (result anyref) ref.null struct br_on_cast 0 structref (ref array))",
        b"\xfb\x18",
    ),
]  # fmt: skip


def identify(case: Case) -> str:
    return f"{case.feature}-{case.what}"


def run(case: Case, enable: tuple[str, ...] = (), disable: tuple[str, ...] = ()) -> None:
    transpile(case.binary, Options(format="none", enable=enable, disable=disable))


@pytest.mark.parametrize("case", CASES, ids=identify)
def test_refused_without_its_proposal_only(case: Case) -> None:
    run(case)
    with pytest.raises(Unsupported) as caught:
        run(case, disable=(case.feature,))
    error = caught.value
    assert (error.feature, error.disabled) == (case.feature, True)
    assert str(error).startswith(f"unsupported module: {case.what} (proposal {case.feature}, which is disabled: ")
    assert error.offset is not None
    assert case.binary[error.offset :].startswith(case.at)


@pytest.mark.parametrize("case", CASES, ids=identify)
def test_needs_nothing_but_its_proposal(case: Case) -> None:
    run(case, disable=("all",), enable=(case.feature, *case.besides))


def test_every_supported_proposal_has_a_case() -> None:
    supported = {feature.name for feature in FEATURES.values() if feature.stage is Stage.SUPPORTED} - {BASE}
    assert {case.feature for case in CASES} | NEVER_REFUSED.keys() == supported
    assert not {case.feature for case in CASES} & NEVER_REFUSED.keys()


@pytest.mark.parametrize("op", GATED, ids=lambda op: op.name)
def test_every_instruction_is_refused_without_its_proposals(op: Opcode) -> None:
    immediate, _, _ = SAMPLES[op.immediate]
    decoded = decode_module(module_with_body(encode(op) + immediate + b"\x0b"))
    for feature in op.features:
        with pytest.raises(Unsupported) as caught:
            decode_body(decoded, 0, Gate(frozenset({feature})))
        assert caught.value.feature == feature
        assert caught.value.offset == decoded.codes[0].start
        assert caught.value.reason.startswith(f"{op.name} (proposal {feature}, ")


def test_export_of_a_tag() -> None:
    with pytest.raises(Unsupported, match="export of a tag"):
        decode_module(module(section(7, entries(name("t") + b"\x04\0"))), Gate(frozenset({"exceptions"})))
