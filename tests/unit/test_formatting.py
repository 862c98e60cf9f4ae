"""Black lays out what is small, and never changes or loses a module."""

from __future__ import annotations

import ast
import subprocess
import sys

import black
import pytest

from wasm2py.formatting import ALWAYS_SMALL, AUTO_LIMIT, AUTO_RATIO, LINE_LENGTH, format_source, format_sources

UGLY = "x = {  'a':1 }\ndef f( a,b ) :\n  return (a\n    +b)\n"
NEAT = 'x = {"a": 1}\n\n\ndef f(a, b):\n    return a + b\n'


def laid_out(text: str, mode: str, module_size: int = AUTO_LIMIT) -> str:
    return format_sources({"module.py": text}, mode, module_size)["module.py"]


@pytest.mark.parametrize("mode", ["auto", "black"])
def test_small_source_is_formatted(mode: str) -> None:
    assert laid_out(UGLY, mode) == NEAT


def test_none_keeps_the_layout() -> None:
    assert laid_out(UGLY, "none") == UGLY


def test_auto_formats_up_to_the_limit() -> None:
    padding = "#" * (AUTO_LIMIT - len(UGLY) - 1) + "\n"
    assert laid_out(padding + UGLY, "auto").endswith(NEAT)
    assert laid_out("#" + padding + UGLY, "auto") == "#" + padding + UGLY
    assert laid_out("#" + padding + UGLY, "black").endswith(NEAT)


# Black makes two lines of one, and four spaces of one.
@pytest.mark.parametrize("line", ["if x: y = 1\n", "while x:\n y = 1\n"])
def test_auto_formats_what_is_then_small_for_its_module(line: str) -> None:
    text = line * 2000
    formatted = format_source(text)
    assert len(text) < AUTO_LIMIT
    assert laid_out(text, "auto", len(formatted) // AUTO_RATIO + 1) == formatted
    assert laid_out(text, "auto", len(formatted) // AUTO_RATIO - 1) == text
    assert laid_out(text, "black", 1) == formatted


def test_auto_formats_the_smallest_whatever_their_modules() -> None:
    line = "if x: y = 1\n"
    assert laid_out(line * 100, "auto", 1) == format_source(line * 100)
    assert laid_out(line * (ALWAYS_SMALL // len(line)), "auto", 1) == line * (ALWAYS_SMALL // len(line))


def test_black_is_not_loaded_for_nothing() -> None:
    deep = "".join(f"{' ' * depth}while x:\n" for depth in range(90)) + " " * 90 + "y = 1\n"
    script = (
        "import sys; from wasm2py.formatting import format_sources\n"
        f"format_sources({{'m.py': {deep!r} * 5}}, 'auto', 2_000)\n"
        "sys.exit('black' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


def test_lines_are_long() -> None:
    line = f"x = {'+ '.join(['abc '] * 18)}"
    assert 88 < len(line) < LINE_LENGTH
    assert format_source(line).count("\n") == 1


def test_same_program() -> None:
    source = "def f(a):\n  while 1:\n    if a&0xFFffFFFF<'\\u2028': a=-(-a)\n    else: return a,\n"
    assert ast.dump(ast.parse(source)) == ast.dump(ast.parse(format_source(source)))


def test_what_black_cannot_read_stays() -> None:
    assert format_source("x = = 1\n") == "x = = 1\n"


def test_what_black_would_change_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(black, "format_str", lambda text, *, mode: "y = 2\n")
    assert format_source("x = 1\n") == "x = 1\n"


def test_too_deep_for_black_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflow(text: str, *, mode: black.Mode) -> str:
        raise RecursionError

    monkeypatch.setattr(black, "format_str", overflow)
    assert format_source(UGLY) == UGLY


def test_black_is_loaded_only_when_used() -> None:
    script = (
        "import sys; from wasm2py.formatting import format_sources\n"
        "format_sources({'m.py': 'x'}, 'none', 1); format_sources({'m.py': 'x' * 200_000}, 'auto', 200_000)\n"
        "sys.exit('black' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
