"""What became of a module of the suite: a file with generated source, or a refusal.

Runs in every Python that generated code runs in: the compiler judges in one process, what it made runs in others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime_support import Module

MALFORMED = "malformed"
INVALID = "invalid"
DISABLED = "disabled"
UNSUPPORTED = "unsupported"
TEXT = "text"
UNKNOWN = "unknown"
FAILED = "failed"
"""Kinds of refusals: by decoder, validator and gate, for a proposal that is not built, by the converter of the text
format, for text without a converter, by mistake."""


class Refused(Exception):
    """A module was refused; the message tells why.

    :ivar kind: one of the kinds above
    """

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        super().__init__(text)


@dataclass(frozen=True)
class Verdict:
    """The generated source, or the refusal.

    :ivar source: path of the source, ``""`` where there is none
    :ivar kind: of the refusal
    :ivar text: its message
    """

    source: str = ""
    kind: str = ""
    text: str = ""

    def module(self) -> Module:
        """Execute the source.

        :raises Refused: there is none
        """
        if not self.source:
            raise Refused(self.kind, self.text)
        namespace: dict[str, Any] = {"__name__": "spec_module"}
        # Code objects are not worth keeping: the suite's modules are small, and compile in half a second, all of them.
        exec(compile(Path(self.source).read_bytes(), self.source, "exec", dont_inherit=True), namespace)
        module = namespace["MODULE"]
        assert isinstance(module, Module)
        return module
