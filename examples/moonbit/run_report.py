"""Run the report on a JSON document: ``python run_report.py FILE``.

The module asks its host for the document, an object of the host whose length and UTF-16 units it reads, and prints one
UTF-16 unit at a time.
"""

from __future__ import annotations

import array
import sys
from pathlib import Path
from typing import Any

import report_wasm

_TREE = 200
"""Numbers in the tree whose digest is the last line."""


class Host:
    """What the module imports.

    :ivar printed: the UTF-16 units that it printed
    """

    def __init__(self, document: str) -> None:
        self._document = array.array("H", document.encode("utf-16-le"))
        self.printed = array.array("H")

    def imports(self) -> dict[str, dict[str, Any]]:
        """The functions by module and name."""
        return {
            "host": {
                "text": lambda: self._document,
                "length": len,
                "unit": lambda text, index: text[index],
            },
            "spectest": {"print_char": self.printed.append},
        }


def report(document: str) -> str:
    """What the program prints about a document."""
    host = Host(document)
    report_wasm.instantiate(host.imports()).exports["_start"]()
    return host.printed.tobytes().decode("utf-16-le")


def digest(count: int) -> int:
    """The digest of a tree of ``count`` numbers; this export can be called without running the program."""
    result: int = report_wasm.instantiate(Host("").imports()).exports.digest(count)
    return result


def main() -> None:
    """Print the report on the file."""
    sys.stdout.write(report(Path(sys.argv[1]).read_text(encoding="utf-8")))
    print(f"{_TREE} numbers: {digest(_TREE)}")


if __name__ == "__main__":
    main()
