"""Take the WebAssembly modules out of a JavaScript file that carries them as base64 strings.

    python wasm_in_js.py FILE.js OUT.wasm

A file with several modules gives OUT.wasm, OUT-1.wasm and so on.
"""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path

_MODULE = re.compile(r"""(["'])(AGFzbQ[A-Za-z0-9+/]+=*)\1""")  # base64 of the magic number


def modules(script: str) -> list[bytes]:
    """The modules in the text of a script, in order."""
    return [base64.b64decode(found.group(2)) for found in _MODULE.finditer(script)]


def main() -> None:
    """Write the modules of the script named first to the file named second."""
    source, target = map(Path, sys.argv[1:])
    found = modules(source.read_text(encoding="utf-8"))
    if not found:
        sys.exit(f"{source}: there is no WebAssembly module in it")
    for number, module in enumerate(found):
        target.with_stem(f"{target.stem}-{number}" if number else target.stem).write_bytes(module)


if __name__ == "__main__":
    main()
