"""What is run: every source of ``sources/`` with arguments and standard input."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass

_TEXT = (
    b"DEFLATE mixes Huffman codes with back references.\n"
    b"Back references copy bytes that were seen before, before, before.\n"
    b"\n"
    b"  The Quick Brown Fox; 0123456789, and an end without a newline"
)

_DOCUMENT = r"""
{"zeta": [1, -2.5, 1e3, 0.1, 1E-7, 12345678901234567890, -0, 5e-324],
 "text": "tab\t quote\" slash\/ \\ \u00e9 \u20ac \ud83d\ude00 \u0001",
 "": {"nested": {"empty": {}, "list": [], "deep": [[[[[null]]]]]}, "true": true, "false": false},
 "alpha": "ünïcode", "alph": 1, "alpha2": 2}
"""

_BROKEN = (
    '{"a": 1,\n "b": tru}',
    "[1, 2",
    '["open',
    '{"a" 1}',
    "[1] x",
    "01",
    "[1e]",
    '["\\u12g4"]',
    '["\\ud800\\u0041"]',
    "",
    "[" * 300,
)

_EXPRESSIONS = """1 + 2 * 3
2 ^ 3 ^ 2
(x + 0) * 1 - 4 / x
sqrt(2) * sqrt(2) - 2
-x ^ 2
last + 1
(1 + 2
3 +
1 / 0
ln(0 - 1)
7 % 3 $
floor(abs(0 - 7.5)) + y
"""


@dataclass(frozen=True)
class Case:
    """One run of a program; ``name`` is unique."""

    source: str
    args: tuple[str, ...] = ()
    stdin: bytes = b""

    @property
    def name(self) -> str:
        shown = "-".join((*(arg[:12] for arg in self.args), *([f"{zlib.crc32(self.stdin):08x}"] if self.stdin else [])))
        return f"{self.source}-{shown}" if shown else self.source


def _raw_deflate(data: bytes, level: int, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    """``data`` compressed by zlib, without header and checksum."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    return packer.compress(data) + packer.flush()


def _deflate() -> list[Case]:
    inputs = (b"", b"a", _TEXT, _TEXT * 9, bytes(2000), random.Random(1951).randbytes(700))
    cases = [Case("deflate.c", ("t", kind), data) for kind in "012" for data in inputs]
    packed = _raw_deflate(_TEXT * 5, 9)
    cases += [Case("deflate.c", ("c", kind), _TEXT * 5) for kind in "012"]
    cases += [Case("deflate.c", ("d",), _raw_deflate(_TEXT * 5, level)) for level in (0, 1, 9)]
    cases += [Case("deflate.c", ("d",), _raw_deflate(_TEXT, 6, zlib.Z_FIXED))]
    cases += [Case("deflate.c", ("d",), broken) for broken in (packed[:40], b"\x07", packed[:30] + b"\xff" * 9, b"")]
    return cases


CASES: tuple[Case, ...] = (
    Case("printf.c"),
    Case("sort.c"),
    Case("sort.c", ("1000",)),
    Case("allocate.c"),
    *(Case("json.c", (), text.encode()) for text in (_DOCUMENT, "[]", "-12.5e-2", *_BROKEN)),
    *_deflate(),
    Case("floats.c"),
    Case("integers.c"),
    Case("text.c", (), _TEXT),
    Case("text.c"),
    Case("bytecode.c"),
    Case("bytecode.c", ("1000",)),
    Case("structs.c"),
    Case("recursion.c"),
    Case("recursion.c", ("10000", "7")),
    Case("failing.c"),
    Case("failing.c", ("12", "30")),
    Case("failing.c", ("", "12x", "99999999999999999999", "ünï")),
    Case("containers.cpp"),
    Case("expressions.cpp", (), _EXPRESSIONS.encode()),
    Case("kernels.c"),
    Case("vectors.c"),
)
