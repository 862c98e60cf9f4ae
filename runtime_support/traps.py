"""Traps and the other errors of running code, and the translation of Python's own exceptions into traps."""

from __future__ import annotations

from struct import error as struct_error

CODES = frozenset(
    {
        "unreachable",
        "integer divide by zero",
        "integer overflow",
        "invalid conversion to integer",
        "out of bounds memory access",
        "out of bounds table access",
        "undefined element",
        "uninitialized element",
        "indirect call type mismatch",
        "call stack exhausted",
        "null reference",
        "null function reference",
        "null structure reference",
        "null array reference",
        "null i31 reference",
        "null descriptor reference",
        "out of bounds array access",
        "array too large",
        "cast failure",
        "descriptor cast failure",
    }
)
"""Every code of a :class:`Trap`, in the wording of the specification's test suite."""


class Trap(Exception):
    """Execution was aborted (spec, section 4.2.1 "Results").

    :param code: one of :data:`CODES`; it is also the message
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ExitError(Exception):
    """The program asked to exit, as by WASI's ``proc_exit``.

    :param code: exit status, an unsigned 32-bit number
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"exit status {code}")
        self.code = code


class LinkError(Exception):
    """An import is missing or has the wrong type (spec, section 4.5.4 "Instantiation").

    :param reason: ``"unknown import"`` or ``"incompatible import type"``
    :param module: module name of the import
    :param field: its name in that module
    :param wanted: what the module declares, in words
    :param given: what was there instead, in words; ``None`` for nothing
    """

    def __init__(self, reason: str, module: str, field: str, wanted: str, given: str | None = None) -> None:
        self.module, self.field, self.wanted, self.given = module, field, wanted, given
        text = f"{reason}: {module!r} {field!r}: wanted {wanted}"
        super().__init__(printable(text if given is None else f"{text}, given {given}"))


class LifecycleError(Exception):
    """An export was used against the rules for WASI commands and reactors."""


def printable(text: str) -> str:
    """``text`` on one line, control characters escaped: names come from untrusted modules, terminals obey escapes."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


TRANSLATED = (AttributeError, IndexError, OverflowError, ZeroDivisionError, RecursionError, struct_error)
"""Exceptions that may stand for a trap; see :func:`as_trap`."""


def as_trap(error: BaseException) -> Trap | None:
    """The trap that ``error``, one of :data:`TRANSLATED`, stands for, with its traceback; ``None`` if it is no trap.

    Generated code does not test bounds or divisors: Python does it anyway.  An exception counts only where generated
    code raised it (the globals of the innermost frame have ``__wasm2py__``); one from a host function is left alone.
    A ``RecursionError`` counts wherever it was raised: the stack is one.  An ``AttributeError`` comes from ``None``,
    the null reference: other attributes that generated code asks for are there.  An ``OverflowError``
    is what :mod:`struct` raises for a 64-bit address that does not fit a C integer.
    """
    traceback = error.__traceback__
    if isinstance(error, RecursionError):
        code = "call stack exhausted"
    else:
        innermost = traceback
        while innermost is not None and innermost.tb_next is not None:
            innermost = innermost.tb_next
        if innermost is None or "__wasm2py__" not in innermost.tb_frame.f_globals:
            return None
        if isinstance(error, AttributeError):
            code = _null(str(error))
        elif isinstance(error, ZeroDivisionError):
            code = "integer divide by zero"
        elif isinstance(error, IndexError) and str(error).startswith(("array ", "list assignment ")):
            code = "out of bounds array access"
        elif isinstance(error, IndexError) and str(error).startswith("list "):
            code = "undefined element"  # only tables are lists that generated code reads without looking
        else:
            code = "out of bounds memory access"
    return Trap(code).with_traceback(traceback)


def _null(message: str) -> str:
    """The code for an attribute that null does not have, as the message says: only functions have ``raw``."""
    if "'raw'" in message:
        return "null function reference"
    if "'items'" in message:
        return "null array reference"
    if "'desc'" in message:
        return "null reference"
    return "null i31 reference" if "'real'" in message else "null structure reference"
