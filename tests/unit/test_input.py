"""Files and standard input become bytes of a module, or one clear error."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from wasm2py import input as reading
from wasm2py.errors import TextError, UsageError, Wasm2pyError
from wasm2py.input import read_module

EMPTY_MODULE = b"\0asm\1\0\0\0"


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def test_binary(tmp_path: Path) -> None:
    assert read_module(write(tmp_path / "a.wasm", EMPTY_MODULE)) == EMPTY_MODULE


@pytest.mark.parametrize("name", ["a.wat", "a.wasm", "a"])
def test_content_decides_the_format(name: str, tmp_path: Path) -> None:
    assert read_module(write(tmp_path / name, b"(module)")) == EMPTY_MODULE
    assert read_module(write(tmp_path / name, EMPTY_MODULE)) == EMPTY_MODULE


def test_suffix_decides_where_the_content_is_neither(tmp_path: Path) -> None:
    assert read_module(write(tmp_path / "a.wasm", b"junk")) == b"junk"
    with pytest.raises(TextError, match=r"a\.wat:1:1: "):
        read_module(write(tmp_path / "a.wat", b"junk"))


@pytest.mark.parametrize("data", [EMPTY_MODULE, b"(module)"])
def test_standard_input(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    assert read_module("-") == EMPTY_MODULE


def test_text_error_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"(modul)")))
    with pytest.raises(TextError, match="^<stdin>:1:2: "):
        read_module("-")


def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Wasm2pyError, match="^<stdin> cannot be read: it is closed$"):
        read_module("-")


def test_empty_file(tmp_path: Path) -> None:
    with pytest.raises(Wasm2pyError, match=r"a\.wasm is empty"):
        read_module(write(tmp_path / "a.wasm", b""))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.wasm: no such file$"):
        read_module(str(tmp_path / "gone.wasm"))
    with pytest.raises(UsageError, match="no such file$"):
        read_module(write(tmp_path / "file", b"") + "/mod.wasm")


def test_directory(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a directory"):
        read_module(str(tmp_path))


def test_unreadable_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reading, "open", refuse, raising=False)
    with pytest.raises(Wasm2pyError, match=r"^a\.wasm cannot be read: Permission denied$"):
        read_module("a.wasm")


@pytest.mark.parametrize(
    ("name", "reason"), [("\0", "embedded null byte"), ("x" * 5000, "File name too long")], ids=["nul", "long"]
)
def test_impossible_name(name: str, reason: str) -> None:
    with pytest.raises(Wasm2pyError, match=f"cannot be read: {reason}"):
        read_module(name)


def test_endless_input_is_not_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        reads = 0

        def read(self, size: int = -1) -> bytes:
            self.reads += 1
            return bytes(size)

    endless = Endless()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=endless))
    assert not read_module("-").strip(b"\0")
    assert endless.reads == 1


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 8)
    monkeypatch.setattr(reading, "_CHUNK", 4)
    path = write(tmp_path / "a.wasm", EMPTY_MODULE)
    assert read_module(path) == EMPTY_MODULE
    monkeypatch.setattr(reading, "MAX_BYTES", 7)
    with pytest.raises(Wasm2pyError, match=r"a\.wasm is larger than"):
        read_module(path)
