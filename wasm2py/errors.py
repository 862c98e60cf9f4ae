"""What can go wrong, one error type per stage of the road.

Every message is one line.  Errors that come from a module carry the byte offset in the binary, so that callers can
tell bad input (these classes) from a bug of ours (:class:`InternalError`).
"""

from __future__ import annotations


def one_line(text: str) -> str:
    """Escape control characters: messages quote names of untrusted modules, and terminals interpret escapes."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class Wasm2pyError(Exception):
    """Base of every error that wasm2py raises on purpose."""


def _remake(kind: type[ModuleError], args: tuple[object, ...], attributes: dict[str, object]) -> ModuleError:
    """An error as it was in another process."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class ModuleError(Wasm2pyError):
    """The module cannot be transpiled.

    :param reason: what is wrong, in the specification's words
    :param offset: byte offset in the binary, or ``None`` where the error has no single place
    """

    def __init__(self, reason: str, offset: int | None = None) -> None:
        self.reason = one_line(reason)
        self.offset = offset
        place = "" if offset is None else f" (at offset 0x{offset:x})"
        super().__init__(f"{self.label}: {self.reason}{place}")

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes send errors; the constructor's parameters are not the message.
        return _remake, (type(self), self.args, self.__dict__)

    label = "bad module"


class Malformed(ModuleError):
    """The bytes do not form a module: the binary format's grammar is violated (spec, chapter 5)."""

    label = "malformed module"


class Invalid(ModuleError):
    """The module decodes, but does not validate (spec, chapter 3)."""

    label = "invalid module"


class Unsupported(ModuleError):
    """The module is fine, but uses a proposal that is not built yet or is disabled.

    :param feature: name of the proposal, as in :mod:`wasm2py.features`
    :param disabled: whether it is built, so that the user can enable it
    """

    label = "unsupported module"

    def __init__(self, feature: str, reason: str, offset: int | None = None, disabled: bool = False) -> None:
        self.feature = feature
        self.disabled = disabled
        advice = f", which is disabled: --enable {feature} allows it" if disabled else ""
        super().__init__(f"{reason} (proposal {feature}{advice})", offset)


class TextError(Wasm2pyError):
    """The text format does not parse; the message has line and column."""


class UsageError(Wasm2pyError):
    """The command line or an option makes no sense."""


class InternalError(Wasm2pyError):
    """A bug of wasm2py: please report it with the module."""
