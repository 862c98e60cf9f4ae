"""The text format: ``.wat`` to ``.wasm``, by wasmtime's ``wat2wasm`` where it is installed."""

from __future__ import annotations

import re
from typing import Final

from wasm2py.errors import TextError, one_line

_INSTALL: Final = "the text format needs another package: pip install 'wasm2py[wat]'"

_PLACE = re.compile(r"^ *--> .*:(\d+):(\d+)$", re.MULTILINE)


def looks_like_text(data: bytes) -> bool:
    """Whether ``data`` starts as a module in the text format does: with a parenthesis or a comment."""
    return data.lstrip(b"\t\n\r ").startswith((b"(", b";;"))


def to_binary(source: bytes, name: str) -> bytes:
    """Translate a module from the text format to the binary format.

    The result is not validated.

    :param source: the text, in UTF-8
    :param name: the file's name, for messages
    :raises TextError: the text does not parse, or the translator is not installed; the message is one line that
        starts with ``name:line:column:`` where the error has a place
    """
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line, start = before.count(b"\n") + 1, before.rfind(b"\n") + 1
        column = len(before[start:].decode("utf-8")) + 1
        raise TextError(f"{name}:{line}:{column}: malformed UTF-8 encoding") from None
    try:
        import wasmtime
    except (ImportError, OSError, RuntimeError) as error:  # the latter two: no native library for this platform
        reason = "" if isinstance(error, ModuleNotFoundError) else f" ({one_line(str(error))})"
        raise TextError(f"{name}: {_INSTALL}{reason}") from None
    try:
        return bytes(wasmtime.wat2wasm(text))
    except wasmtime.WasmtimeError as error:
        raise TextError(f"{name}:{_describe(str(error))}") from None


def _describe(message: str) -> str:
    """The translator's message (a sentence, the place, the quoted source) as ``line:column: sentence``."""
    reason = one_line(message.split("\n", 1)[0])
    place = _PLACE.search(message)
    return f"{place[1]}:{place[2]}: {reason}" if place else f" {reason}"
