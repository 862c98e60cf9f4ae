"""Reference types: their names, what matches what, and what the host may pass for them."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from runtime_support import Function, FuncType, Global, LinkError, Module, Table, functype
from runtime_support.references import matches, parse, split
from runtime_support.values import TO_RAW

PLAIN = functype("i32", "i32", "#plain.0")
OTHER = functype("i64", "", "#other.0")


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("funcref", ("func", True)),
        ("externref", ("extern", True)),
        ("(ref func)", ("func", False)),
        ("(ref null #a.0)", ("#a.0", True)),
        ("(ref #a.0)", ("#a.0", False)),
        ("(ref null (exact #a.0))", ("(exact #a.0)", True)),
        ("(ref (exact #a.0))", ("(exact #a.0)", False)),
        ("(ref (exact func))", None),
        ("(ref (exact #a.0)", None),
        ("(ref #a.0 #b.0)", None),
        ("(ref null null #a.0)", None),
        ("i32", None),
        ("(ref)", None),
        ("(ref null)", None),
        ("(ref null null func)", None),
        ("(ref any)", ("any", False)),
        ("nullref", ("none", True)),
        ("(ref anything)", None),
        ("ref func", None),
        ("(ref func", None),
        ("", None),
    ],
)
def test_names(name: str, parsed: object) -> None:
    assert parse(name) == parsed


def test_lists_of_names() -> None:
    assert split("(ref null (exact #a.0)) i32") == ("(ref null (exact #a.0))", "i32")
    assert split("i32 (ref null #a.0) funcref (ref func) (ref #b.1)") == (
        *("i32", "(ref null #a.0)", "funcref", "(ref func)", "(ref #b.1)"),
    )
    assert split("") == ()


@pytest.mark.parametrize(
    ("lower", "upper", "answer"),
    [
        ("(ref #a.0)", "(ref null #a.0)", True),
        ("(ref null #a.0)", "(ref #a.0)", False),
        ("(ref #a.0)", "(ref #b.0)", False),
        ("(ref #plain.0)", "(ref func)", True),
        ("(ref (exact #plain.0))", "(ref null (exact #plain.0))", True),
        ("(ref (exact #plain.0))", "(ref #plain.0)", True),
        ("(ref (exact #plain.0))", "(ref func)", True),
        ("(ref (exact #plain.0))", "(ref (exact #other.0))", False),
        ("(ref #plain.0)", "(ref (exact #plain.0))", False),
        ("(ref nofunc)", "(ref (exact #plain.0))", True),
        ("nullref", "(ref null (exact #plain.0))", False),
        ("(ref null #plain.0)", "funcref", True),
        ("(ref #a.0)", "(ref func)", False),
        ("(ref none)", "i31ref", True),
        ("nullref", "i31ref", True),
        ("nullref", "(ref i31)", False),
        ("(ref none)", "(ref #plain.0)", False),
        ("(ref nofunc)", "(ref #plain.0)", True),
        ("i31ref", "eqref", True),
        ("structref", "anyref", True),
        ("anyref", "structref", False),
        ("funcref", "(ref null #a.0)", False),
        ("(ref #a.0)", "externref", False),
        ("(ref extern)", "externref", True),
        ("i32", "i32", True),
        ("i32", "i64", False),
        ("i32", "funcref", False),
    ],
)
def test_matching(lower: str, upper: str, answer: bool) -> None:
    assert matches(lower, upper) is answer


def test_types_are_told_apart_by_name_only_where_they_mention_names() -> None:
    assert functype("i32", "i32") is PLAIN
    recursive = functype("(ref null #r.0)", "", "#r.0")
    assert functype("(ref null #r.0)", "", "#r.0") is recursive
    assert functype("(ref null #r.0)", "", "#s.0") is not recursive
    assert recursive.params == ("(ref null #r.0)",)
    assert eval(repr(recursive), {"functype": functype}) is recursive
    assert copy.copy(recursive) is recursive
    with pytest.raises(ValueError, match=r"^unknown value type '\(ref thing\)'$"):
        functype("(ref thing)", "")


def test_types_that_are_no_final_ones_are_told_apart_by_name() -> None:
    parent = functype("i32", "i32", "#parent.0", None, True)
    child = functype("i32", "i32", "#child.0", parent, True)
    assert len({PLAIN, parent, child}) == 3
    assert functype("i32", "i32", "#child.0", parent, True) is child
    assert child.above == {parent, child}
    assert matches("(ref #child.0)", "(ref null #parent.0)")
    assert not matches("(ref #parent.0)", "(ref #child.0)")
    assert pickle.loads(pickle.dumps(child)) is child
    assert TO_RAW["(ref #parent.0)"](function(child)).type is child
    with pytest.raises(TypeError, match="^\\(ref #child.0\\) expected: a Function of type"):
        TO_RAW["(ref #child.0)"](function(parent))


def function(type: FuncType) -> Function:
    return Function(type, lambda *x: x[0] if x else None, "f")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("(ref #plain.0)", function(PLAIN)),
        ("(ref null #plain.0)", None),
        ("(ref func)", function(OTHER)),
        ("(ref extern)", "host"),
        ("(ref extern)", 0),
    ],
)
def test_references_that_pass(name: str, value: Any) -> None:
    assert Global(name, value).value is value
    assert Function(functype(name, name), lambda x: x)(value) is value


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("(ref #plain.0)", None, r"a Function of type \(i32\) -> \(i32\), not NoneType"),
        (
            "(ref null #plain.0)",
            function(OTHER),
            r"a Function of type \(i32\) -> \(i32\) or None, not one of type \(i64",
        ),
        ("(ref null #nowhere.0)", function(OTHER), "an object of that type or None"),
        ("(ref func)", None, "a Function, not NoneType"),
        ("funcref", len, "a Function or None, not builtin_function_or_method"),
        ("(ref extern)", None, "an object, not None"),
    ],
)
def test_references_that_do_not(name: str, value: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Global(name, value)
    with pytest.raises(TypeError, match=message):
        Table(name, 1)[0] = value
    with pytest.raises(TypeError, match=message):
        Function(functype(name, ""), lambda x: None)(value)


def link(kind: str, type: Any, given: Any) -> Any:
    return Module("m", factory=lambda i: None, imports=[("m", "x", kind, type)]).instantiate({"m": {"x": given}})


@pytest.mark.parametrize("wanted", ["(ref #plain.0)", "(ref null #plain.0)", "(ref func)", "funcref"])
def test_immutable_globals_may_be_of_a_subtype(wanted: str) -> None:
    link("global", (wanted, False), Global("(ref #plain.0)", function(PLAIN)))


@pytest.mark.parametrize(
    ("kind", "type", "given"),
    [
        ("global", ("(ref func)", False), Global("funcref", None)),
        ("global", ("funcref", True), Global("(ref func)", function(PLAIN), mutable=True)),
        ("global", ("(ref #other.0)", False), Global("(ref #plain.0)", function(PLAIN))),
        ("table", ("funcref", 0, None), Table("(ref null #plain.0)", 0)),
    ],
)
def test_others_must_be_of_the_same_type(kind: str, type: Any, given: Any) -> None:
    with pytest.raises(LinkError, match="^incompatible import type"):
        link(kind, type, given)
