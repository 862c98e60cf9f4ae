"""Modules in this process: what is transpiled, what is compiled, and what is found in the cache."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import wasmtime

from wasm2py import loading
from wasm2py.cache import Cache
from wasm2py.errors import Malformed
from wasm2py.loading import load
from wasm2py.options import Options

ADD = bytes(
    wasmtime.wat2wasm("""(module
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "crash") (unreachable)))""")
)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """Forget what the tests import."""
    finders, modules = list(sys.meta_path), set(sys.modules)
    yield
    sys.meta_path[:] = finders
    for name in set(sys.modules) - modules:
        if name.startswith("_wasm2py_"):
            del sys.modules[name]


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that gets what work is done."""
    done: list[str] = []
    from wasm2py import transpile

    original = transpile.transpile

    def transpiled(*arguments: object) -> object:
        done.append("transpile")
        return original(*arguments)  # type: ignore[arg-type]  # passed on as they came

    def compiled(source: str, place: str, *arguments: object, **options: object) -> object:
        done.append(f"compile {place.rpartition('/')[2]}")
        return compile(source, place, *arguments, **options)  # type: ignore[call-overload]  # likewise

    monkeypatch.setattr(transpile, "transpile", transpiled)
    monkeypatch.setattr(loading, "compile", compiled, raising=False)
    return done


def entries(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cache").iterdir())


def test_what_is_known_is_loaded(cache: Cache, work: list[str], tmp_path: Path) -> None:
    assert load(ADD, Options(), cache).instantiate().exports.add(1, 2) == 3
    assert work == ["transpile", "compile module.py"]
    assert load(ADD, Options(jobs=4, format="black"), cache).instantiate().exports.add(1, 2) == 3
    assert len(work) == 2
    assert len(entries(tmp_path)) == 2


def test_without_a_cache_all_is_done_anew(work: list[str]) -> None:
    for _ in range(2):
        assert load(ADD, Options(), None).instantiate().exports.add(1, 2) == 3
    assert work == ["transpile", "compile module.py"] * 2


@pytest.mark.parametrize("options", [Options(optimise=2), Options(target="pypy"), Options(names=False)])
def test_what_changes_the_output_counts(options: Options, cache: Cache, work: list[str]) -> None:
    load(ADD, Options(), cache)
    load(ADD, options, cache)
    assert work.count("transpile") == 2


def test_another_module_or_compiler_counts(cache: Cache, work: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    load(ADD, Options(), cache)
    load(ADD + b"\0\2\1x", Options(), cache)  # a custom section
    monkeypatch.setattr(loading, "__version__", "0.0.0")
    load(ADD, Options(), cache)
    assert work.count("transpile") == 3


def test_another_python_compiles_what_was_transpiled(
    cache: Cache, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ADD, Options(), cache)
    monkeypatch.setattr(loading, "MAGIC_NUMBER", b"1234")
    load(ADD, Options(), cache)
    assert work == ["transpile", "compile module.py", "compile module.py"]


@pytest.mark.parametrize("damage", [b"", b"garbage", b"wasm2py cache 1\n" + bytes(100)])
def test_a_damaged_cache_is_mended(damage: bytes, cache: Cache, work: list[str], tmp_path: Path) -> None:
    load(ADD, Options(), cache)
    whole = {path: path.read_bytes() for path in entries(tmp_path)}
    for path in whole:
        path.write_bytes(damage)
    assert load(ADD, Options(), cache).instantiate().exports.add(1, 2) == 3
    assert work.count("transpile") == 2
    assert {path: path.read_bytes() for path in whole} == whole


def test_entries_in_each_others_place_are_noticed(cache: Cache, work: list[str], tmp_path: Path) -> None:
    load(ADD, Options(), cache)
    first, second = entries(tmp_path)
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert load(ADD, Options(), cache).instantiate().exports.add(1, 2) == 3
    assert work.count("transpile") == 2


def test_a_large_module_is_loaded_in_parts(
    cache: Cache, work: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(loading, "PACKAGE_FROM", 1)
    module = load(ADD, Options(), cache)
    assert work == ["transpile", "compile __init__.py"]
    assert module.instantiate().exports.add(1, 2) == 3
    assert work[2:] == ["compile part0.py"]
    for name in [name for name in sys.modules if name.startswith("_wasm2py_")]:
        del sys.modules[name]
    assert load(ADD, Options(), cache).instantiate().exports.add(1, 2) == 3
    assert len(work) == 3


def test_tracebacks_show_the_generated_source(cache: Cache) -> None:
    for _ in range(2):  # transpiled, and from the cache
        instance = load(ADD, Options(source_name="a\x1b.wasm"), cache).instantiate()
        with pytest.raises(Exception, match="unreachable") as caught:
            instance.exports.crash()
        text = "".join(traceback.format_exception(caught.value))
        assert r'File "wasm2py:a\x1b.wasm/module.py"' in text
        assert "raise Trap" in text


def test_bad_modules_leave_nothing_behind(cache: Cache, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(Malformed):
            load(ADD[:-1], Options(), cache)
    assert not (tmp_path / "cache").exists()
