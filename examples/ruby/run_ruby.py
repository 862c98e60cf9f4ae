"""Run Ruby code: ``python run_ruby.py CODE``."""

from __future__ import annotations

import struct
import sys
from typing import Any

import ruby

from wasi_shim import INHERIT, Wasi

_VALUE = "handle<rb-abi-value>"
"""How the names of the exports, which are whole signatures, write a Ruby object."""


class RubyError(Exception):
    """An uncaught Ruby exception, as text."""


class Interpreter:
    """A Ruby interpreter; what is defined stays between calls of :meth:`run`."""

    def __init__(self) -> None:
        self._objects: list[int] = []
        imports: dict[str, dict[str, Any]] = {
            "canonical_abi": {
                "resource_new_rb-abi-value": self._new,
                "resource_get_rb-abi-value": self._objects.__getitem__,
                "resource_drop_js-abi-value": self._refuse,
            },
            "rb-js-abi-host": {
                name: self._refuse for module, name, *_ in ruby.MODULE.imports if module == "rb-js-abi-host"
            },
        }
        wasi = Wasi(args=["ruby"], stdin=INHERIT, stdout=INHERIT, stderr=INHERIT)
        self._exports = ruby.instantiate(imports, wasi=wasi).exports
        self._memory: Any = self._exports["memory"]
        arguments = ["ruby\0", "-EUTF-8\0", "--disable=gems\0", "-e_=0\0"]
        self._call("ruby-init: func(args: list<string>) -> ()", *self._list(arguments))

    def run(self, code: str) -> int:
        """Run code and give its result, an object.

        :raises RubyError: if it raises
        """
        start = self._call(f"rb-eval-string-protect: func(str: string) -> tuple<{_VALUE}, s32>", *self._string(code))
        result, raised = self._pair(start)
        if raised:
            error = self._call(f"rb-errinfo: func() -> {_VALUE}")
            self._call("rb-clear-errinfo: func() -> ()")
            raise RubyError(self.text(self.send(error, "full_message")))
        return result

    def send(self, receiver: int, name: str) -> int:
        """Call a method without arguments and give its result, an object."""
        method = self._call("rb-intern: func(name: string) -> u32", *self._string(name + "\0"))
        signature = f"func(recv: {_VALUE}, mid: u32, args: list<{_VALUE}>) -> tuple<{_VALUE}, s32>"
        result, raised = self._pair(self._call(f"rb-funcallv-protect: {signature}", receiver, method, 0, 0))
        if raised:
            raise RubyError(name)
        return result

    def text(self, string: int) -> str:
        """The contents of a Ruby string."""
        start, length = self._pair(self._call(f"rstring-ptr: func(value: {_VALUE}) -> string", string))
        data: bytes = self._memory[start : start + length]
        return data.decode()

    def _new(self, address: int) -> int:
        """Give the host's number for an object; objects stay until the interpreter goes."""
        self._objects.append(address)
        return len(self._objects) - 1

    @staticmethod
    def _refuse(*_: Any) -> Any:
        raise NotImplementedError("this needs a JavaScript host")

    def _call(self, name: str, *arguments: int) -> int:
        result: int = self._exports[name](*arguments)
        return result

    def _pair(self, start: int) -> tuple[int, int]:
        first, second = struct.unpack("<Ii", self._memory[start : start + 8])
        return first, second

    def _string(self, text: str) -> tuple[int, int]:
        """Where a copy of the text is, and its length."""
        data = text.encode()
        start = self._call("cabi_realloc", 0, 0, 1, len(data))
        self._memory[start : start + len(data)] = data
        return start, len(data)

    def _list(self, texts: list[str]) -> tuple[int, int]:
        """Where a list of strings is, and how many they are."""
        strings = [self._string(text) for text in texts]
        start = self._call("cabi_realloc", 0, 0, 4, 8 * len(strings))
        self._memory[start : start + 8 * len(strings)] = b"".join(struct.pack("<II", *string) for string in strings)
        return start, len(strings)


def main() -> None:
    """Run the first argument."""
    try:
        interpreter = Interpreter()
        interpreter.run("$stdout.sync = true")
        interpreter.run(sys.argv[1])
    except RubyError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
