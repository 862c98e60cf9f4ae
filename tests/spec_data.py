"""Access to the official test suite as JSON: where it is, its files, their commands, the modules in them.

The folder is named by the environment variable ``WASM2PY_SPEC``; without it, ``../shared/spec`` beside the repository.
Runs in every Python that generated code runs in.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parent.parent

Command = dict[str, Any]
"""One command of a script; ``type`` and ``line`` are always there."""

MISSING = "the spec suite was not found: set WASM2PY_SPEC to its folder (the one with index.json)"


@cache
def spec_dir() -> Path | None:
    """The folder of the suite, or ``None`` where it is not on this machine.

    A ``WASM2PY_SPEC`` that names a folder without the suite is an error: a typing mistake must not skip the tests.
    """
    named = os.environ.get("WASM2PY_SPEC")
    folder = Path(named) if named else ROOT.parent / "shared" / "spec"
    if (folder / "index.json").is_file():
        return folder
    if named:
        raise FileNotFoundError(f"WASM2PY_SPEC={named}: no index.json there")
    return None


def _folder() -> Path:
    folder = spec_dir()
    if folder is None:
        raise FileNotFoundError(MISSING)
    return folder


@cache
def index() -> dict[str, Any]:
    """The suite's ``index.json``: ``files``, ``groups`` and ``total``."""
    with open(_folder() / "index.json", encoding="utf-8") as file:
        loaded: dict[str, Any] = json.load(file)
    return loaded


def file_names() -> list[str]:
    """Names of all files, such as ``i32.json`` or ``proposals/threads/atomic.json``; empty without the suite."""
    return sorted(index()["files"]) if spec_dir() else []


def load(name: str) -> list[Command]:
    """The commands of a file, in order."""
    with open(_folder() / name, encoding="utf-8") as file:
        commands: list[Command] = json.load(file)["commands"]
    return commands


def has_wasm(command: Command) -> bool:
    """Whether the command carries a binary module."""
    return "wasm" in command


def wasm_bytes(command: Command) -> bytes:
    """The binary module of a command that :func:`has_wasm`."""
    return base64.b64decode(command["wasm"], validate=True)


def text_bytes(command: Command) -> bytes:
    """The text of a command whose module is text; it may be no UTF-8."""
    if "wat_base64" in command:
        return base64.b64decode(command["wat_base64"], validate=True)
    text: str = command["wat"]
    return text.encode()


def each_file(*, only: Callable[[str], bool] = lambda name: True) -> pytest.MarkDecorator:
    """Parametrise a test by ``name`` over the files of the suite; one skipped case says so where it is absent.

    :param only: tells which file names to take
    """
    import pytest  # other interpreters than the one that runs the tests have none

    names = [name for name in file_names() if only(name)]
    if spec_dir() is None:
        return pytest.mark.parametrize("name", [pytest.param("", marks=pytest.mark.skip(reason=MISSING))])
    return pytest.mark.parametrize("name", names)
