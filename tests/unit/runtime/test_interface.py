"""What generated code may import, and that importing it is cheap."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import runtime_support

ROOT = Path(__file__).resolve().parents[3]

OBJECTS = """
    DefaultInstance ExitError Exports FuncType Function Global Instance LifecycleError LinkError Memory Module Table
    Parts Tag TailCall Trap WasmException functype is_trap non_null tail_caller
"""
INTEGERS = "div_s rem_s div_u rem_u clz ctz popcnt rotl rotr trunc_s trunc_u trunc_sat_s trunc_sat_u"
FLOATS = "div sqrt min max ceil floor trunc nearest copysign convert from_bits to_bits"
NAMES = {
    *OBJECTS.split(),
    *(f"i{bits}_{name}" for bits in (32, 64) for name in INTEGERS.split()),
    *(f"f{bits}_{name}" for bits in (32, 64) for name in FLOATS.split()),
    "copy_items",
    "f32_demote",
    "f64_promote",
    "fill_items",
    "s32",
    "s64",
}


def test_the_interface_is_exactly_this() -> None:
    """Modules that people generated and keep depend on every name: none may go away."""
    assert sorted(NAMES) == runtime_support.__all__
    for name in NAMES:
        assert getattr(runtime_support, name) is not None


def test_the_contract_names_every_helper() -> None:
    text = (
        (ROOT / "docs" / "generated-code.md").read_text(encoding="utf-8").replace("iN_", "i32_").replace("fNN_", "f32_")
    )
    for name in NAMES:
        common = name.replace("i64_", "i32_").replace("f64_", "f32_")
        assert name in text or common in text, name


def _imported_by(statement: str) -> set[str]:
    program = f"import sys; before = set(sys.modules); {statement}; print(*set(sys.modules) - before)"
    output = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(output.split())


def test_importing_the_runtime_imports_next_to_nothing() -> None:
    modules = {name for name in _imported_by("import runtime_support") if not name.startswith("runtime_support")}
    assert modules <= {"__future__", "_struct", "math", "struct", "_thread"}
