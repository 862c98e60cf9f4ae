"""Black lays out what is small, and never changes or loses a module."""

from __future__ import annotations

import ast
import subprocess
import sys

import black
import pytest

from wasm2py.formatting import AUTO_LIMIT, LINE_LENGTH, format_source

UGLY = "x = {  'a':1 }\ndef f( a,b ) :\n  return (a\n    +b)\n"
NEAT = 'x = {"a": 1}\n\n\ndef f(a, b):\n    return a + b\n'


@pytest.mark.parametrize("mode", ["auto", "black"])
def test_small_source_is_formatted(mode: str) -> None:
    assert format_source(UGLY, mode) == NEAT


def test_none_keeps_the_layout() -> None:
    assert format_source(UGLY, "none") == UGLY


def test_auto_formats_up_to_the_limit() -> None:
    padding = "#" * (AUTO_LIMIT - len(UGLY) - 1) + "\n"
    assert format_source(padding + UGLY, "auto").endswith(NEAT)
    assert format_source("#" + padding + UGLY, "auto") == "#" + padding + UGLY
    assert format_source("#" + padding + UGLY, "black").endswith(NEAT)


def test_lines_are_long() -> None:
    line = f"x = {'+ '.join(['abc '] * 18)}"
    assert 88 < len(line) < LINE_LENGTH
    assert format_source(line, "black").count("\n") == 1


def test_same_program() -> None:
    source = "def f(a):\n  while 1:\n    if a&0xFFffFFFF<'\\u2028': a=-(-a)\n    else: return a,\n"
    assert ast.dump(ast.parse(source)) == ast.dump(ast.parse(format_source(source, "black")))


def test_what_black_cannot_read_stays() -> None:
    assert format_source("x = = 1\n", "black") == "x = = 1\n"


def test_what_black_would_change_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(black, "format_str", lambda text, *, mode: "y = 2\n")
    assert format_source("x = 1\n", "black") == "x = 1\n"


def test_too_deep_for_black_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflow(text: str, *, mode: black.Mode) -> str:
        raise RecursionError

    monkeypatch.setattr(black, "format_str", overflow)
    assert format_source(UGLY, "black") == UGLY


def test_black_is_loaded_only_when_used() -> None:
    script = (
        "import sys; from wasm2py.formatting import format_source\n"
        "format_source('x', 'none'); format_source('x' * 200_000, 'auto')\n"
        "sys.exit('black' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
