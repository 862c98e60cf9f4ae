"""Evaluate JavaScript and print the result: ``python run_js.py CODE``."""

from __future__ import annotations

import sys
from typing import Any

import quickjs

from wasi_shim import INHERIT, Wasi

_EXCEPTION = 6
"""Tag of a value, in its upper 32 bits, that stands for a thrown exception."""


class JavaScriptError(Exception):
    """An uncaught JavaScript exception, as text."""


class Engine:
    """A JavaScript engine; globals stay between calls of :meth:`evaluate`."""

    def __init__(self) -> None:
        self._qjs: Any = quickjs.instantiate(wasi=Wasi(stdout=INHERIT, stderr=INHERIT)).exports
        if self._qjs.qjs_init():
            raise RuntimeError("QuickJS could not start")
        self._context = self._qjs.qjs_get_context()

    def evaluate(self, code: str) -> str:
        """Evaluate a script and give ``String(result)``.

        :raises JavaScriptError: if it throws
        """
        data = code.encode() + b"\0"
        start = self._qjs.malloc(len(data))
        self._qjs.memory[start : start + len(data)] = data
        value = self._qjs.JS_Eval(self._context, start, len(data) - 1, 0, 0)
        self._qjs.free(start)
        if value >> 32 == _EXCEPTION:
            raise JavaScriptError(self._text(self._qjs.JS_GetException(self._context)))
        return self._text(value)

    def _text(self, value: int) -> str:
        """``String(value)``; the value is released."""
        length_at = self._qjs.malloc(4)
        start = self._qjs.JS_ToCStringLen2(self._context, length_at, value, 0)
        length = int.from_bytes(self._qjs.memory[length_at : length_at + 4], "little")
        text: bytes = self._qjs.memory[start : start + length]
        self._qjs.free(length_at)
        self._qjs.JS_FreeCString(self._context, start)
        self._qjs.JS_FreeValue(self._context, value)
        return text.decode()


def main() -> None:
    """Evaluate the first argument."""
    try:
        sys.stdout.write(f"{Engine().evaluate(sys.argv[1])}\n")
    except JavaScriptError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
