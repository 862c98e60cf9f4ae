"""Format the JSON or JSONC document on standard input: ``python format_json.py < in.jsonc > out.jsonc``."""

from __future__ import annotations

import json
import sys
from typing import Any

import dprint_json

_CONFIG = 1
"""The plug-in keeps configurations by number; one is enough here."""

_UNCHANGED, _CHANGED = 0, 1
"""What ``format`` returns; 2 stands for an error."""


class Formatter:
    """One instance of the plug-in with its configuration."""

    def __init__(self, **options: object) -> None:
        """:param options: settings of the plug-in, such as ``lineWidth=80``, ``indentWidth=4``."""
        self._plugin: Any = dprint_json.instantiate().exports
        self._send(json.dumps({"global": {}, "plugin": options}))
        self._plugin.register_config(_CONFIG)

    def format(self, text: str, path: str = "input.jsonc") -> str:
        """Format a document; ``path`` tells JSON from JSONC.

        :raises ValueError: with the plug-in's message if the document does not parse
        """
        self._send(path)
        self._plugin.set_file_path()
        self._send(text)
        outcome = self._plugin.format(_CONFIG)
        if outcome == _UNCHANGED:
            return text
        if outcome == _CHANGED:
            return self._receive(self._plugin.get_formatted_text())
        raise ValueError(self._receive(self._plugin.get_error_text()))

    def _send(self, text: str) -> None:
        data = text.encode()
        start = self._plugin.clear_shared_bytes(len(data))
        self._plugin.memory[start : start + len(data)] = data

    def _receive(self, length: int) -> str:
        start = self._plugin.get_shared_bytes_ptr()
        data: bytes = self._plugin.memory[start : start + length]
        return data.decode()


def main() -> None:
    """Format standard input to standard output."""
    try:
        sys.stdout.write(Formatter().format(sys.stdin.read()))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
