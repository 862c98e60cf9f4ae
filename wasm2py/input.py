"""Reading the module that is to be transpiled: a file or standard input, binary or text."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO, Final

from wasm2py.errors import UsageError, Wasm2pyError
from wasm2py.text import looks_like_text, to_binary

STDIN: Final = "-"

MAX_BYTES: Final = 1 << 30
"""The largest module that engines accept (WebAssembly JavaScript Interface, implementation-defined limits)."""

_MAGIC: Final = b"\0asm"

_CHUNK: Final = 1 << 20


def shown_name(path: str) -> str:
    """How messages call a module.

    :param path: a file name, or :data:`STDIN`
    """
    return "<stdin>" if path == STDIN else path


def source_name(path: str) -> str:
    """How the output calls a module: without the directory.

    :param path: a file name, or :data:`STDIN`
    """
    return os.path.basename(shown_name(path))


def read_module(path: str) -> bytes:
    """The module in the binary format.

    The content decides which format it is; the suffix only where the content is neither.

    :param path: a file name, or :data:`STDIN`
    :raises UsageError: there is no such file, or it is a directory
    :raises TextError: a text module does not parse
    :raises Wasm2pyError: the file cannot be read, is empty or too large
    """
    name = shown_name(path)
    data = _read(path, name)
    if not data:
        raise Wasm2pyError(f"{name} is empty: expected a WebAssembly module")
    if not data.startswith(_MAGIC) and (looks_like_text(data) or path.endswith(".wat")):
        return to_binary(data, name)
    return data


def _read(path: str, name: str) -> bytes:
    try:
        if path == STDIN:
            if sys.stdin is None:
                raise Wasm2pyError(f"{name} cannot be read: it is closed")
            return _read_limited(sys.stdin.buffer, name)
        with open(path, "rb") as file:
            return _read_limited(file, name)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{name}: no such file") from None
    except IsADirectoryError:
        raise UsageError(f"{name} is a directory: name a .wasm or .wat file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        reason = getattr(error, "strerror", None) or error
        raise Wasm2pyError(f"{name} cannot be read: {reason}") from None


def _read_limited(file: BinaryIO, name: str) -> bytes:
    """Everything up to :data:`MAX_BYTES`; only the first chunk of what is no module, as a device may never end."""
    data = file.read(_CHUNK)
    if not data.startswith(_MAGIC) and not looks_like_text(data):
        return data
    chunks = [data]
    size = len(data)
    while data := file.read(_CHUNK):
        chunks.append(data)
        size += len(data)
        if size > MAX_BYTES:
            raise Wasm2pyError(f"{name} is larger than {MAX_BYTES >> 30} GiB, the limit for a module")
    return b"".join(chunks)
