"""A command and a library (a reactor) in each language whose compiler is at hand; the rest is in docs/languages.md."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.programs.compilers import compile_c, compile_go, compile_rust, compile_zig
from tests.transpiled import code_of
from tests.wasi.cases import Case
from tests.wasi.sides import on_disk, under_wasmtime
from wasi_shim import Wasi
from wasm2py.options import Options

SOURCES = Path(__file__).parent / "languages"

LANGUAGES: dict[str, tuple[Callable[..., bytes], tuple[str, ...]]] = {
    "c": (compile_c, ("-mexec-model=reactor",)),
    "cpp": (compile_c, ("-mexec-model=reactor",)),
    "zig": (compile_zig, ("-fno-entry", "-rdynamic")),
    "go": (compile_go, ("-buildmode=c-shared",)),
    "rs": (compile_rust, ("--crate-type=cdylib",)),
}
"""The compiler by the suffix of the source, and the flags for a library instead of a command."""

PARAMETERS = [pytest.param(suffix, marks=[pytest.mark.slow] if suffix == "go" else []) for suffix in LANGUAGES]
"""Go's programs have megabytes."""

RICH = Case(
    "command",
    ("one", "zwölf und mehr", "-x"),
    {"GREETING": "grüß dich", "OTHER": "x"},
    b"some input\x00\xff",
    {"/": {"input.txt": b"what the file has", "folder": None, "folder/b": b"12345", "folder/a": b""}},
)
"""Everything is there."""

POOR = Case("command", preopens={})
"""Nothing is granted."""

FULL_OUTPUT = """\
argument: one
argument: zwölf und mehr
argument: -x
greeting: grüß dich
input: 12 bytes
file: what the file has
a: 0 bytes
b: 5 bytes
"""

EMPTY_OUTPUT = """\
greeting: none
input: 0 bytes
file: none
"""


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("suffix", PARAMETERS)
def test_command_same_as_wasmtime(suffix: str, level: int, tmp_path: Path) -> None:
    compiler, _ = LANGUAGES[suffix]
    binary = compiler(SOURCES / f"command.{suffix}")
    for case, stdout in (RICH, FULL_OUTPUT), (POOR, EMPTY_OUTPUT):
        folders = [tmp_path / f"{side}-{case is RICH}" for side in ("theirs", "ours")]
        for folder in folders:
            folder.mkdir()
        theirs = under_wasmtime(binary, case, folders[0])
        assert on_disk(binary, case, folders[1], level) == theirs
        assert (theirs.stdout.decode(), theirs.stderr, theirs.status) == (stdout, b"done\n", len(case.args))
        for tree in theirs.trees.values():
            assert tree["output.txt"].contents == b"written by the program"


@pytest.mark.parametrize("suffix", PARAMETERS)
def test_library(suffix: str) -> None:
    compiler, flags = LANGUAGES[suffix]
    module = SimpleNamespace(__name__="library")
    exec(code_of(compiler(SOURCES / f"reactor.{suffix}", *flags), Options(format="none")), vars(module))
    stdout = io.BytesIO()
    exports = module.instantiate(wasi=Wasi(env={"NAME": "wörld"}, stdout=stdout)).exports
    assert [exports.add(1, 2), exports.add(-7, 2)] == [3, -5]
    assert [exports.count(), exports.count()] == [101, 102]
    exports.greet(2)
    assert stdout.getvalue().decode() == "hello wörld\n" * 2
    assert module.instantiate(wasi=Wasi()).exports.count() == 101
