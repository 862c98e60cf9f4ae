"""Names of a hostile module never change what generated code is."""

from __future__ import annotations

import ast
import io
import keyword
import tokenize
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasm2py.naming import NAME_LENGTH, comment_safe, function_name, global_name, import_problem, literal, local_name

HOSTILE = [
    "",
    "a\rimport os",
    "a\nimport os",
    "\r\n",
    "\x00",
    "\u2028x\u2029",
    "\x85",
    "\x0c",
    "'",
    '"',
    '"""',
    "\\",
    "\\N{BULLET}",
    "'+__import__('os').system('x')+'",
    "{{ 7 * 7 }}",
    "{x!r}",
    "%s",
    "coding: utf-7",
    "-*- coding=latin-1 -*-",
    "vim: set fileencoding=utf-7 :",
    "\u202eevil\u202c",
    "ﬁ",
    "fi",
    "class",
    "None",
    "__import__",
    "__x",
    "_",
    "é",
    "\ud800",
    "😀",
    "a" * 100_000,
    "\x00" * 100_000,
    "core::fmt::Write::write_str::h0123456789abcdef",
]
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=200))
indexes = st.integers(min_value=0, max_value=10**7)


def module_of(function: str, variable: str, text: str, comment: str) -> str:
    """Generated code in small: names as identifiers, as a literal, and in comments of the first two lines and later."""
    return (
        f"# Generated from {comment}\n# {comment}\n\ndef {function}({variable}):\n"
        f"    # {comment}\n    return {variable}  # {comment}\n\nNAME = {text}\n"
    )


def kinds(source: str) -> list[int]:
    return [token.type for token in tokenize.tokenize(io.BytesIO(source.encode()).readline)]


PLAIN = kinds(module_of("f1_add", "v0_x", "'add'", "add"))


@given(names, indexes)
def test_names_do_not_change_the_structure_of_the_code(name: str, index: int) -> None:
    source = module_of(function_name(index, name), local_name(index, name), literal(name), comment_safe(name))
    assert kinds(source) == PLAIN
    assert tokenize.detect_encoding(io.BytesIO(source.encode()).readline)[0] == "utf-8"
    namespace: dict[str, object] = {}
    exec(compile(source.encode(), "generated", "exec"), namespace)
    assert namespace["NAME"] == name


@pytest.mark.parametrize("make", [function_name, global_name, local_name])
@given(name=names, index=indexes)
def test_identifier_is_plain(make, name: str, index: int) -> None:
    made = make(index, name)
    assert made.isascii()
    assert made.isidentifier()
    assert not keyword.iskeyword(made)
    assert not made.startswith("_")
    assert not made.endswith("__")
    assert unicodedata.normalize("NFKC", made) == made
    assert len(made) <= len(str(index)) + NAME_LENGTH + 3


@given(indexes, names, indexes, names)
def test_different_entities_have_different_identifiers(a: int, a_name: str, b: int, b_name: str) -> None:
    made = [make(i, name) for make in (function_name, global_name) for i, name in {a: a_name, b: b_name}.items()]
    made += [local_name(i, name, web) for i, name in {a: a_name, b: b_name}.items() for web in range(3)]
    assert len(set(made)) == len(made)


def test_function_of_another_is_not_mistaken_for_a_numbered_name() -> None:
    assert function_name(1, "2_x") != function_name(12, "x")
    assert local_name(1, "w1", 0) != local_name(1, None, 1)


@pytest.mark.parametrize(
    ("index", "name", "expected"),
    [
        (12, None, "f12"),
        (12, "", "f12"),
        (12, "add", "f12_add"),
        (12, "core::fmt::Write", "f12_core_fmt_Write"),
        (12, "__main_void", "f12_main_void"),
        (12, "éé", "f12"),
        (12, "x" * 50, "f12_" + "x" * 40),
        (12, "()" * 200 + "x", "f12"),
    ],
)
def test_function_names_read_well(index: int, name: str | None, expected: str) -> None:
    assert function_name(index, name) == expected


@pytest.mark.parametrize(("index", "name"), [(32, "sqrt"), (64, "sqrt"), (32, "demote"), (64, "from_bits")])
def test_function_does_not_hide_a_helper(index: int, name: str) -> None:
    assert function_name(index, name) == f"f{index}__{name}"


@given(names)
def test_literal_is_one_ascii_literal_of_the_text(text: str) -> None:
    made = literal(text)
    assert made.isascii()
    assert made.isprintable()
    assert ast.literal_eval(made) == text


@given(names, st.integers(min_value=0, max_value=50))
def test_comment_is_short_and_printable(text: str, limit: int) -> None:
    made = comment_safe(text, limit)
    assert len(made) <= limit
    assert made.isascii()
    assert made.isprintable() or not made


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("add", None),
        ("my-mod", "is not a Python identifier"),
        ("", "is not a Python identifier"),
        ("a.b", "is not a Python identifier"),
        ("class", "is a Python keyword"),
        ("ﬁ", "is not in the normal form that Python looks for"),
        ("json", "is the name of a standard library module"),
    ],
)
def test_import_problem(name: str, problem: str | None) -> None:
    assert import_problem(name) == problem
