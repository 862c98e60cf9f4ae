"""Print MD5 and SHA-256 of files: ``python hash_files.py FILE…``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import md5_wasm
import sha256_wasm

_CHUNK = 16 * 1024
"""Size of the buffer in the modules' memory."""


def _digest(module: Any, data: bytes, size: int, *start: int) -> str:
    """Hash ``data``; ``start`` are the arguments of ``Hash_Init``, ``size`` is the number of bytes of the result."""
    exports = module.instantiate().exports
    buffer = exports.Hash_GetBuffer()
    exports.Hash_Init(*start)
    for at in range(0, len(data), _CHUNK):
        chunk = data[at : at + _CHUNK]
        exports.memory[buffer : buffer + len(chunk)] = chunk
        exports.Hash_Update(len(chunk))
    exports.Hash_Final()
    digest: bytes = exports.memory[buffer : buffer + size]
    return digest.hex()


def md5(data: bytes) -> str:
    """The MD5 digest in hexadecimal."""
    return _digest(md5_wasm, data, 16)


def sha256(data: bytes) -> str:
    """The SHA-256 digest in hexadecimal."""
    return _digest(sha256_wasm, data, 32, 256)


def main() -> None:
    """Print a line for each file and hash."""
    for name in sys.argv[1:]:
        data = Path(name).read_bytes()
        sys.stdout.write(f"{md5(data)}  {name}\n{sha256(data)}  {name}\n")


if __name__ == "__main__":
    main()
