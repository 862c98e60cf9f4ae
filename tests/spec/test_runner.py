"""The runner sees errors: every expectation of some files is altered, and every alteration must be reported."""

from __future__ import annotations

import copy
import importlib.util
import math
from pathlib import Path
from typing import Any

import pytest

from runtime_support import f32_from_bits
from tests import spec_data
from tests.spec import expectations, suite, values
from tests.spec.script import Outcome, Script, Status
from tests.spec.suite import compiler
from tests.spec_data import Command
from wasm2py.errors import Invalid, Malformed, Unsupported
from wasm2py.options import Options

_OPTIONS = Options(format="none")

FILES = (
    "i32.json",
    "f32_bitwise.json",
    "float_misc.json",
    "conversions.json",
    "call.json",
    "table_get.json",
    "global.json",
    "linking.json",
    "binary.json",
)


def _other_value(pattern: dict[str, Any]) -> dict[str, Any]:
    """A pattern that nothing matches which matches ``pattern``."""
    kind: str = pattern["type"]
    value: str | None = pattern.get("value")
    if value is not None and kind in ("i32", "i64", "f32", "f64"):
        return {"type": kind, "value": "0" if value.startswith("nan") else str(int(value) ^ 1)}
    if value == "null":
        return {"type": "externref", "value": "1"}
    return {"type": kind, "value": "null"} if value is None else {"type": kind, "value": str(int(value) + 1)}


def _altered(command: Command, valid: Command) -> Command | None:
    """The command with a wrong expectation; ``None`` if it has none."""
    changed = copy.deepcopy(command)
    kind = command["type"]
    if kind == "assert_return":
        changed["expected"] = [*map(_other_value, command["expected"])] or [{"type": "i32", "value": "0"}]
    elif kind in ("assert_trap", "assert_exhaustion", "assert_uninstantiable", "assert_unlinkable"):
        changed["text"] = "another text"
    elif kind in ("assert_invalid", "assert_malformed") and spec_data.has_wasm(command):
        changed["wasm"] = valid["wasm"]
        changed["module_type"] = "binary"
    else:
        return None
    return changed


@spec_data.each_file(only=lambda name: name in FILES)
def test_every_alteration_is_reported(name: str) -> None:
    commands = spec_data.load(name)
    before = list(Script(compiler(_OPTIONS)).run(commands))
    valid = next(command for command in commands if command["type"] == "module")
    altered = [_altered(command, valid) for command in commands]
    after = list(Script(compiler(_OPTIONS)).run(new or old for new, old in zip(altered, commands, strict=True)))
    checked = [
        (then, now)
        for new, then, now in zip(altered, before, after, strict=True)
        if new and then.status is not Status.UNSUPPORTED
    ]
    assert checked
    missed = [now for then, now in checked if now.status is not Status.FAILED]
    assert not missed


def test_an_unexpected_pass_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(expectations.FAILURES, "x.json", {3: "a reason", 9: "another reason"})
    passed, failed = Outcome(3, "assert_return", Status.PASSED), Outcome(3, "assert_return", Status.FAILED)
    assert len(expectations.problems("x.json", "core", [passed, Outcome(9, "module", Status.FAILED)])) == 1
    assert expectations.problems("x.json", "core", [failed, Outcome(9, "module", Status.FAILED)]) == []
    assert len(expectations.problems("x.json", "core", [failed])) == 1


def test_an_unlisted_failure_is_a_problem() -> None:
    assert expectations.problems("x.json", "core", [Outcome(1, "module", Status.FAILED)])
    assert not expectations.problems("x.json", "core", [Outcome(1, "module", Status.SKIPPED)])


def test_unsupported_commands_are_counted_in_complete_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Outcome(1, "module", Status.UNSUPPORTED)
    assert expectations.problems("x.json", "core", [outcome])
    assert not expectations.problems("x.json", "threads", [outcome])
    monkeypatch.setitem(expectations.UNSUPPORTED, "x.json", (1, "threads"))
    assert not expectations.problems("x.json", "core", [outcome])
    assert expectations.problems("x.json", "core", [])


@pytest.mark.parametrize(
    ("kind", "bits", "canonical", "arithmetic"),
    [
        ("f32", 0x7FC00000, True, True),
        ("f32", 0xFFC00000, True, True),
        ("f32", 0x7FC00001, False, True),
        ("f32", 0x7FA00000, False, False),
        ("f32", 0x7F800000, False, False),
        ("f64", 0xFFF8000000000000, True, True),
        ("f64", 0x7FF8000000000001, False, True),
        ("f64", 0x7FF4000000000000, False, False),
    ],
)
def test_nan_patterns(kind: str, bits: int, canonical: bool, arithmetic: bool) -> None:
    value = f32_from_bits(bits) if kind == "f32" else values.f64_from_bits(bits)
    assert values.matches({"type": kind, "value": "nan:canonical"}, value) is canonical
    assert values.matches({"type": kind, "value": "nan:arithmetic"}, value) is arithmetic
    assert values.matches({"type": kind, "value": str(bits)}, value)
    assert not values.matches({"type": kind, "value": str(bits ^ 1 << 20)}, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("i32", 1 << 31),
        ("i32", True),
        ("i32", 1.0),
        ("i64", 1 << 63),
        ("f32", 0.1),
        ("f32", 1),
        ("f64", 1),
        ("f64", None),
    ],
)
def test_values_of_the_wrong_type_match_nothing(kind: str, value: object) -> None:
    assert not any(values.matches({"type": kind, "value": wanted}, value) for wanted in ("0", "1", "2147483648"))
    with pytest.raises(TypeError):
        values.bits(kind, value)


def test_zeros_are_told_apart() -> None:
    assert not values.matches({"type": "f64", "value": "0"}, -0.0)
    assert values.matches({"type": "f32", "value": str(1 << 31)}, math.copysign(0.0, -1))


def test_host_references_are_told_apart() -> None:
    one = values.argument({"type": "externref", "value": "1"})
    assert values.matches({"type": "externref", "value": "1"}, one)
    assert not values.matches({"type": "externref", "value": "2"}, one)
    assert not values.matches({"type": "externref"}, None)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unsupported("multi-value", "refused"), Status.FAILED),
        (Unsupported("multi-value", "refused", disabled=True), Status.FAILED),
        (Unsupported("component-model", "refused"), Status.UNSUPPORTED),
        (Malformed("refused"), Status.FAILED),
        (KeyError("a mistake"), Status.FAILED),
    ],
)
def test_a_supported_proposal_is_no_excuse(error: Exception, status: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _status_where_refused("module", error, monkeypatch) is status


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("refused"), Status.PASSED),
        (Unsupported("multi-value", "refused", disabled=True), Status.PASSED),
        (Unsupported("multi-value", "refused"), Status.FAILED),
        (Unsupported("component-model", "refused"), Status.UNSUPPORTED),
        (Malformed("refused"), Status.FAILED),
        (KeyError("a mistake"), Status.FAILED),
    ],
)
def test_ways_to_refuse_an_invalid_module(error: Exception, status: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _status_where_refused("assert_invalid", error, monkeypatch) is status


def _status_where_refused(kind: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> Status:
    def refuse(data: bytes, options: Options) -> Path:
        raise error

    monkeypatch.setattr(suite, "source_path", refuse)
    return _status({"type": kind, "module_type": "binary", "wasm": "AGFzbQEAAAA="})


def _status(command: Command) -> Status:
    run = Script(compiler(_OPTIONS)).run([{**command, "line": 1, "filename": "a", "text": "wanted"}])
    return next(run).status


@pytest.mark.parametrize(
    ("wat", "status"),
    [
        ("(module (func i32.foo))", Status.TEXT),
        ("(module (func) (start 0) (start 0))", Status.TEXT),
        ("(module)", Status.FAILED),
    ],
)
def test_malformed_texts(wat: str, status: Status) -> None:
    pytest.importorskip("wasmtime", reason="wasmtime is not installed, and nothing else translates text modules")
    assert _status({"type": "assert_malformed", "module_type": "text", "wat": wat}) is status


def test_malformed_texts_without_a_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert _status({"type": "assert_malformed", "module_type": "text", "wat": "("}) is Status.SKIPPED
