"""Print the imports and exports of JavaScript modules as JSON: ``python lex_modules.py FILE…``.

An import is its kind, the text of its specifier, the places where that begins and ends, those of the statement, and its
attributes.  An export is its kind, its name, the places where that begins and ends, and where the statement
begins.  Places are counted in UTF-16 units, as JavaScript does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from struct import Struct
from typing import Any

import lexer_wasm

_PAGE = 65_536
_NOTHING = -1
_IMPORTS = {2: "dynamic", 3: "import-meta", 5: "dynamic", 7: "dynamic", 8: "reexport-star"}
"""Kinds of imports by the lexer's number; all others are static."""

_EXPORTS = {1: "direct", 3: "reexport-all"}
"""Kinds of exports by the lexer's number; all others are re-exports of one name."""

_EXPORT = Struct("<II 8x I 4x B")
"""Addresses where the name begins and ends and where the statement begins; the kind."""


class LexError(ValueError):
    """The text is no JavaScript module; the message is the place where that shows."""


def lex(source: str) -> tuple[list[list[Any]], list[list[Any]]]:
    """The imports and exports of a module.

    :raises LexError: the text does not parse
    """
    wasm = lexer_wasm.instantiate().exports
    memory = wasm.memory
    data = source.encode("utf-16-le", "surrogatepass")
    needed = wasm["__heap_base"].value + 2 * (len(data) + 2) + 16  # the text, and as much for what the lexer finds
    memory.grow(max(0, -(-needed // _PAGE) - memory.size))
    base = wasm.sa(len(data) // 2)
    memory[base : base + len(data)] = data

    def text(start: int, end: int) -> str:
        return data[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")

    if not wasm.parse():
        raise LexError(wasm.e())
    imports: list[list[Any]] = []
    while wasm.ri():
        start, end = wasm["is"](), wasm.ie()
        attributes = []
        if wasm.ai() != _NOTHING and wasm.id() == _NOTHING:
            wasm.rsa()
            while wasm.ra():
                pair = text(wasm.aks(), wasm.ake()), text(wasm.avs(), wasm.ave())
                attributes.append([part[1:-1] if part[0] in "'\"" else part for part in pair])
        kind = _IMPORTS.get(wasm.it() & 15, "static")
        imports.append([kind, text(start, end), start, end, wasm.ss(), wasm.se(), attributes or None])
    exports: list[list[Any]] = []
    while record := wasm.re():
        *addresses, kind = _EXPORT.unpack(memory[record : record + _EXPORT.size])
        start, end, statement = [(address - base) // 2 for address in addresses]
        exports.append([_EXPORTS.get(kind, "reexport"), text(start, end), start, end, statement])
    return imports, exports


def main() -> None:
    """Print a line for each file."""
    for name in sys.argv[1:]:
        try:
            print(json.dumps(lex(Path(name).read_bytes().decode()), ensure_ascii=False, separators=(",", ":")))
        except LexError as error:
            sys.exit(f"{name}: parse error at {error}")


if __name__ == "__main__":
    main()
