"""Format a shell script: ``python format_shell.py < SCRIPT``."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import sh_syntax

from runtime_support import ExitError
from wasi_shim import INHERIT, Wasi

_OBJECT = 0x7FF8_0001 << 32
"""How TinyGo passes a JavaScript object: a NaN that has the object's number in its lower half."""

_BASH = 1


class FormatError(Exception):
    """What is wrong with the script, and where."""


class Formatter:
    """The formatter; it was made for a JavaScript host, of which it uses nothing to format."""

    def __init__(self) -> None:
        host = {
            "runtime.ticks": time.monotonic_ns,
            # Its main looks for objects as soon as it starts; any will do.
            "syscall/js.valueGet": lambda *_: _OBJECT,
            "syscall/js.stringVal": lambda *_: _OBJECT,
            "syscall/js.finalizeRef": lambda *_: None,
        }
        for name in ("Call", "Index", "Length", "LoadString", "PrepareString", "Set"):
            host[f"syscall/js.value{name}"] = self._refuse
        # Its main ends before the host calls the other functions, as is usual with TinyGo.
        wasi = Wasi(stdout=INHERIT, stderr=INHERIT)
        self._exports: Any = sh_syntax.instantiate({"gojs": host}, wasi=wasi, command_and_reactor=True).exports
        try:
            self._exports._start()
        except ExitError as end:
            if end.code:
                raise

    @staticmethod
    def _refuse(*_: Any) -> Any:
        raise NotImplementedError("this needs a JavaScript host")

    def format(self, script: str, name: str = "script", indent: int = 2) -> str:
        """Format a script of bash.

        :raises FormatError: where it is none
        """
        start = self._exports.process(
            *self._slice(name),
            *self._slice(script),
            *(1, 1, _BASH),  # print, with comments
            *self._slice(""),  # not up to some word
            *(0, 0, indent, 1, 1, 1, 0, 0, 0, 0),  # recover, simplify, and the layout
        )
        data = self._exports.memory.data
        size = next(length for length in range(len(data) - start) if not data[start + length])
        result = json.loads(bytes(data[start : start + size]))
        if result["message"]:
            raise FormatError(result["message"])
        text: str = result["text"]
        return text

    def _slice(self, text: str) -> tuple[int, int, int]:
        """A Go slice of the text's bytes: where they are, their number and the room for them."""
        data = text.encode()
        start = self._exports.wasmAlloc(len(data))
        self._exports.memory[start : start + len(data)] = data
        return start, len(data), len(data)


def main() -> None:
    """Format standard input."""
    try:
        sys.stdout.write(Formatter().format(sys.stdin.read()))
    except FormatError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
