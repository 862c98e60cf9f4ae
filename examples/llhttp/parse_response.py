"""Parse the HTTP response on standard input and print what was understood: ``python parse_response.py < response``."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

import llhttp

_RESPONSE = 2
"""The parser type; 1 is a request, 0 either."""


@dataclass
class Response:
    """A parsed response."""

    version: str = ""
    status: int = 0
    reason: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    complete: bool = False


class Parser:
    """One parser; bytes may come in pieces of any size."""

    def __init__(self) -> None:
        self.response = Response()
        self._name = self._value = b""
        callbacks = {
            "wasm_on_message_begin": lambda parser: 0,
            "wasm_on_url": lambda parser, at, length: 0,
            "wasm_on_status": self._on_status,
            "wasm_on_header_field": self._on_header_field,
            "wasm_on_header_value": self._on_header_value,
            "wasm_on_headers_complete": self._on_headers_complete,
            "wasm_on_body": self._on_body,
            "wasm_on_message_complete": self._on_message_complete,
        }
        self._wasm: Any = llhttp.instantiate({"env": callbacks}).exports
        self._parser = self._wasm.llhttp_alloc(_RESPONSE)

    def feed(self, data: bytes) -> None:
        """Parse the next bytes.

        :raises ValueError: with llhttp's reason if they are malformed
        """
        start = self._wasm.malloc(len(data))
        self._wasm.memory[start : start + len(data)] = data
        error = self._wasm.llhttp_execute(self._parser, start, len(data))
        self._wasm.free(start)
        self._check(error)

    def finish(self) -> None:
        """Say that the connection was closed; it ends bodies of unknown length.

        :raises ValueError: if the message is cut short
        """
        self._check(self._wasm.llhttp_finish(self._parser))

    def _check(self, error: int) -> None:
        if error:
            raise ValueError(self._text(self._wasm.llhttp_get_error_reason(self._parser)))

    def _text(self, start: int) -> str:
        end = start
        while self._wasm.memory[end]:
            end += 1
        text: bytes = self._wasm.memory[start:end]
        return text.decode("latin-1")

    def _bytes(self, at: int, length: int) -> bytes:
        data: bytes = self._wasm.memory[at : at + length]
        return data

    def _on_status(self, parser: int, at: int, length: int) -> int:
        self.response.reason += self._bytes(at, length).decode("latin-1")
        return 0

    def _on_header_field(self, parser: int, at: int, length: int) -> int:
        if self._value:
            self._end_header()
        self._name += self._bytes(at, length)
        return 0

    def _on_header_value(self, parser: int, at: int, length: int) -> int:
        self._value += self._bytes(at, length)
        return 0

    def _on_headers_complete(self, parser: int, status: int, upgrade: int, keep_alive: int) -> int:
        self._end_header()
        major, minor = self._wasm.llhttp_get_http_major(parser), self._wasm.llhttp_get_http_minor(parser)
        self.response.version = f"HTTP/{major}.{minor}"
        self.response.status = status
        return 0

    def _on_body(self, parser: int, at: int, length: int) -> int:
        self.response.body += self._bytes(at, length)
        return 0

    def _on_message_complete(self, parser: int) -> int:
        self.response.complete = True
        return 0

    def _end_header(self) -> None:
        if self._name:
            self.response.headers.append((self._name.decode("latin-1"), self._value.decode("latin-1")))
        self._name = self._value = b""


def main() -> None:
    """Parse standard input, 16 bytes at a time."""
    parser, data = Parser(), sys.stdin.buffer.read()
    try:
        for at in range(0, len(data), 16):
            parser.feed(data[at : at + 16])
        parser.finish()
    except ValueError as error:
        sys.exit(str(error))
    response = parser.response
    lines = [f"{response.version} {response.status} {response.reason}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    sys.stdout.write("".join(f"{line}\n" for line in [*lines, ""]))
    sys.stdout.flush()
    sys.stdout.buffer.write(response.body + b"\n")


if __name__ == "__main__":
    main()
