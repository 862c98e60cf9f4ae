"""The text format becomes the binary format, or one line with line and column."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path

import pytest

from wasm2py.errors import TextError
from wasm2py.text import looks_like_text, to_binary

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"(module)", True),
        (b"\n\t (module)", True),
        (b";; comment\n(module)", True),
        (b"(; block ;)", True),
        (b"\0asm\1\0\0\0", False),
        (b"; one", False),
        (b"", False),
        (b"  ", False),
    ],
)
def test_looks_like_text(data: bytes, expected: bool) -> None:
    assert looks_like_text(data) is expected


def test_translates_the_bundled_example() -> None:
    assert to_binary((EXAMPLES / "add.wat").read_bytes(), "add.wat") == (EXAMPLES / "add.wasm").read_bytes()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"(module\n  (func (bar)))", "mod.wat:2:10: unknown operator or unexpected token"),
        (b"(module", "mod.wat:1:8: expected `)`"),
        (b"foo", "mod.wat:1:1: expected `(`"),
        (b"(module (func local.get $b))", "mod.wat:1:25: unknown local: failed to find name `$b`"),
        ("(module)\n;; é\xa0".encode() + b"\xff", "mod.wat:2:6: malformed UTF-8 encoding"),
        (b"\xff", "mod.wat:1:1: malformed UTF-8 encoding"),
    ],
)
def test_error_names_line_and_column(source: bytes, expected: str) -> None:
    with pytest.raises(TextError) as caught:
        to_binary(source, "mod.wat")
    assert str(caught.value) == expected


def test_error_quotes_control_characters_escaped() -> None:
    with pytest.raises(TextError) as caught:
        to_binary(b'(module (func local.get $"\\1b[31m"))', "mod.wat")
    assert str(caught.value).isprintable()
    assert "31m" in str(caught.value)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    with pytest.raises(TextError) as caught:
        to_binary(b"(module)", "mod.wat")
    assert str(caught.value) == "mod.wat: the text format needs another package: pip install 'wasm2py[wat]'"


def test_without_a_native_library_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def fake_import(name: str, *arguments: object, **keywords: object) -> object:
        if name == "wasmtime":
            raise OSError("cannot load libwasmtime.so")
        return real_import(name, *arguments, **keywords)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.delitem(sys.modules, "wasmtime", raising=False)
    monkeypatch.setattr(builtins, "__import__", fake_import)
    with pytest.raises(TextError, match=r"cannot load libwasmtime\.so"):
        to_binary(b"(module)", "mod.wat")
