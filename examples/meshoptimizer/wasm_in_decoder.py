"""Take the SIMD build of the module out of meshoptimizer's decoder: ``python wasm_in_decoder.py DECODER.mjs OUT.wasm``.

The script holds it as a string of digits below 64.  Those below 60 stand for one frequent byte each, from a list in the
script; the others are the upper part of a byte whose lower six bits follow.
"""

from __future__ import annotations

import re
import string
import sys
from pathlib import Path

_DIGITS = {
    character: value for value, character in enumerate(string.ascii_lowercase + string.ascii_uppercase + "0123456789:;")
}
_FREQUENT = 60
_BUILD = re.compile(r"wasm_simd\s*=\s*'([^']+)'")
_TABLE = re.compile(r"wasmpack = new Uint8Array\(\[([\d,\s]+)\]\)")


def module(script: str) -> bytes:
    """The module in the text of the script.

    :raises ValueError: the script has none
    """
    build, table = _BUILD.search(script), _TABLE.search(script)
    if build is None or table is None:
        raise ValueError("there is no SIMD build in it")
    frequent = [int(number) for number in re.findall(r"\d+", table.group(1))]
    digits = map(_DIGITS.__getitem__, build.group(1))
    return bytes(frequent[digit] if digit < _FREQUENT else (digit - _FREQUENT) * 64 + next(digits) for digit in digits)


def main() -> None:
    """Write the module of the script named first to the file named second."""
    source, target = map(Path, sys.argv[1:])
    target.write_bytes(module(source.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
