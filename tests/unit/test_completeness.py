"""What has to be added in several places is in all of them."""

from __future__ import annotations

import pytest

import runtime_support
from tests.unit.ir.oracle import binary
from wasm2py.decode.immediates import IMMEDIATE_READERS
from wasm2py.emit import expressions, operators, statements
from wasm2py.features import FEATURES, Stage
from wasm2py.ir import dump, nodes
from wasm2py.ir.building import function
from wasm2py.ir.building.legacy import TRANSLATED
from wasm2py.ir.operators import ACCESSES, ROWS
from wasm2py.ir.ranges import analysis
from wasm2py.ir.ranges import expressions as expression_ranges
from wasm2py.options import Options
from wasm2py.transpile import transpile
from wasm2py.validate.function import rules
from wasm2py.wasm.opcodes import OPCODES, Opcode

SUPPORTED = [op for op in OPCODES.values() if FEATURES[op.feature].stage is Stage.SUPPORTED]
PLAIN = [op for op in SUPPORTED if op.params is not None and op.immediate in ("-", "memarg")]
"""Instructions whose operands and results the table tells, without immediates or with an address only."""

BUILT_BY_METHODS = ("wide-arithmetic", "threads")
"""Proposals whose instructions on numbers have methods of the builder instead of rows."""

WASM_CONTROL = {nodes.Block, nodes.Loop, nodes.Switch, nodes.Br}
"""Statements that structuring replaces, so that the writer does not know them."""

PYTHON_CONTROL = {nodes.While, nodes.For, nodes.Break, nodes.Continue, nodes.Retry}
"""Statements that structuring and the last passes make, behind the analysis of ranges."""

LATE = {nodes.Pick, nodes.Steps, nodes.Items, nodes.Rounded, nodes.Divided}
"""Expressions that structuring and the last passes make."""

ADDRESSES = {nodes.Divided}
"""Expressions that are part of an access, which writes them."""


def classes(base: type) -> set[type]:
    return {x for x in vars(nodes).values() if isinstance(x, type) and issubclass(x, base) and x is not base}


def test_there_is_something_to_check() -> None:
    assert len(SUPPORTED) > 190
    assert len(classes(nodes.Expr)) > 15
    assert len(classes(nodes.Stmt)) > 15


@pytest.mark.parametrize("op", SUPPORTED, ids=lambda op: op.name)
def test_every_supported_instruction_is_handled_by_every_stage(op: Opcode) -> None:
    assert op.immediate in IMMEDIATE_READERS
    assert op in rules()
    assert op in function._HANDLERS.keys() | TRANSLATED


@pytest.mark.parametrize("op", PLAIN, ids=lambda op: op.name)
def test_every_plain_instruction_becomes_python(op: Opcode) -> None:
    assert op.params is not None
    assert op.results is not None
    types = ["i32" if type_ == "a" else str(type_) for type_ in op.params]
    results = ["i32" if type_ == "a" else str(type_) for type_ in op.results]
    operands = " ".join(f"(local.get {number})" for number in range(len(types)))
    text = f'(module (memory 1) (func (export "f") {declared("param", types)} {declared("result", results)} '
    data = binary(f"{text} ({op.name} {operands})))")
    for target in ("auto", "pypy"):
        (source,) = transpile(data, Options(target=target, format="none")).parts.values()
        compile(source, op.name, "exec")


def declared(keyword: str, types: list[str]) -> str:
    return f"({keyword} {' '.join(types)})" if types else ""


def test_the_operator_table_has_the_numeric_instructions() -> None:
    numeric = {op.name for op in PLAIN if op.name[:4] in ("i32.", "i64.", "f32.", "f64.")}
    numeric -= {op.name for op in PLAIN if op.feature in BUILT_BY_METHODS}
    assert numeric == ROWS.keys() | ACCESSES.keys()


def test_every_node_has_a_text_form() -> None:
    assert dump.EXPRESSIONS.keys() == classes(nodes.Expr)
    assert dump.STATEMENTS.keys() == classes(nodes.Stmt)


def test_every_node_has_a_range_handler() -> None:
    assert expression_ranges.EXPRESSIONS.keys() == classes(nodes.Expr) - LATE
    assert analysis.STATEMENTS.keys() == classes(nodes.Stmt) - PYTHON_CONTROL


def test_every_node_has_an_emitter() -> None:
    assert expressions._HANDLERS.keys() == classes(nodes.Expr) - ADDRESSES
    assert statements._HANDLERS.keys() == classes(nodes.Stmt) - WASM_CONTROL


def test_the_runtime_has_every_helper_of_the_tables() -> None:
    helpers = {row.operation for row in ROWS.values() if row.kind in ("helper", "rotate")}
    assert len(helpers) > 40
    assert helpers - operators.TEMPLATES.keys() <= set(runtime_support.__all__)
    divisions = {f"i{bits}_{name}_s" for bits in (32, 64) for name in ("div", "rem")}
    named_in_code = {"Trap", "TailCall", "tail_caller", "f32_demote", "f32_to_bits", "f32_from_bits", "f64_from_bits"}
    assert divisions | named_in_code <= set(runtime_support.__all__)


def test_templates_are_for_helpers_of_one_operand() -> None:
    for name, (template, _, _) in operators.TEMPLATES.items():
        assert template.count("{}") == 1, name
        if name != "len":  # that of array.len, which has no row
            of_row = any(row.operation == name and len(row.operands) == 1 for row in ROWS.values())
        assert of_row or name == "len", name  # array.len is built apart, with the objects
