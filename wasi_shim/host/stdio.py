"""Standard input and output: byte streams without a position.

Writing has the meaning of ``write(2)``: when it returns, the bytes have left this process, so nothing is lost or out of
order however the guest ends, and errors are reported to the call that caused them.  Guests bring their own buffers.
"""

from __future__ import annotations

import codecs
import errno
import io
import stat as modes
import sys
from _thread import allocate_lock

from .descriptor import Descriptor, fail
from .filestat import Filestat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

READ_LIMIT = 1 << 24
"""Most bytes that one read asks a stream for: the guest names the size, and Python allocates it beforehand."""


class Stream(Descriptor):
    """A byte stream: it has no position, so that seeking fails as on a pipe."""

    __slots__ = ()

    def seek(self, offset: int, whence: int) -> int:
        """Raise ``ESPIPE``."""
        fail(errno.ESPIPE)

    def read_at(self, size: int, offset: int) -> bytes:
        """Raise ``ESPIPE``."""
        fail(errno.ESPIPE)

    def write_at(self, data: bytes, offset: int) -> int:
        """Raise ``ESPIPE``."""
        fail(errno.ESPIPE)

    def stat(self) -> Filestat:
        """Describe a stream of which nothing is known, but whether it is a terminal."""
        return Filestat(modes.S_IFCHR if self.terminal else 0)


class Empty(Stream):
    """Input that is at its end."""

    __slots__ = ()

    readable = True

    def read(self, size: int) -> bytes:
        """Return ``b""``."""
        return b""


class Discard(Stream):
    """Output that goes nowhere."""

    __slots__ = ()

    writable = True

    def write(self, data: bytes) -> int:
        """Take everything."""
        return len(data)


class Input(Stream):
    """Input from a binary stream of Python.

    :param stream: has ``read(size) -> bytes``, and possibly ``read1(size)``, which is preferred since it returns what
        is there instead of waiting for the full size
    """

    __slots__ = ("_read", "terminal")

    readable = True

    def __init__(self, stream: Any) -> None:
        self._read = getattr(stream, "read1", None) or stream.read
        self.terminal = _is_terminal(stream)

    def read(self, size: int) -> bytes:
        """Read what is there; ``EAGAIN`` if the stream does not block and has nothing."""
        data = self._read(min(size, READ_LIMIT))
        if data is None:
            fail(errno.EAGAIN)
        return bytes(memoryview(data))


class RawInput(Input):
    """Input from a descriptor of the host, unbuffered: bytes that the guest does not ask for stay for others.

    :param stream: the raw stream
    """

    __slots__ = ("_number",)

    def __init__(self, stream: io.FileIO) -> None:
        super().__init__(stream)
        self._number: int = stream.fileno()

    def waitable(self) -> int | None:
        """Return the host's descriptor."""
        return self._number


class TextInput(Stream):
    """Input from a text stream that has no bytes below it, as under IDLE and in notebooks; it is read by lines."""

    __slots__ = ("_lock", "_pending", "_stream", "terminal")

    readable = True

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._lock = allocate_lock()
        self._pending = b""
        self.terminal = _is_terminal(stream)

    def read(self, size: int) -> bytes:
        """Return the next bytes of the current line, in UTF-8."""
        if not size:
            return b""
        with self._lock:
            pending: bytes = self._pending or self._stream.readline().encode("utf-8", "surrogateescape")
            self._pending = pending[size:]
        return pending[:size]


class Output(Stream):
    """Output to a binary stream of Python.

    :param stream: has ``write(data)``, and possibly ``flush()``
    :param upper: a text layer above ``stream``, whose own pending text has to go first
    """

    __slots__ = ("_flush", "_flush_first", "_raw", "_write", "terminal")

    writable = True

    def __init__(self, stream: Any, upper: Any = None) -> None:
        self.terminal = _is_terminal(stream)
        above = upper or stream
        if isinstance(stream, io.BufferedWriter):
            # Bytes that a broken pipe refuses would stay in Python's buffer, to fail once more when Python ends.
            stream = stream.raw
        self._raw = isinstance(stream, io.RawIOBase)
        self._write = stream.write
        self._flush_first = None if above is stream else above.flush
        self._flush = None if self._raw else getattr(stream, "flush", None)

    def write(self, data: bytes) -> int:
        """Write everything, in as many pieces as the stream wants, and flush it."""
        if self._flush_first is not None:
            self._flush_first()
        size = len(data)
        count = self._piece(data)
        while count < size:
            try:
                count += self._piece(data[count:])
            except OSError:
                break
        if self._flush is not None:
            self._flush()
        return count

    def _piece(self, data: bytes) -> int:
        """Write once and return how much was taken, at least one byte of any.

        Streams of the embedder may return anything.
        """
        count = self._write(data)
        if count is None:
            # Raw streams say "it would block" so; of other streams it means that they do not count.
            if self._raw:
                fail(errno.EAGAIN)
            return len(data)
        if not isinstance(count, int) or not bool(data) <= count <= len(data):
            fail(errno.EIO)
        return count


class TextOutput(Stream):
    """Output to a text stream that has no bytes below it, as under IDLE, in notebooks and in redirections to StringIO.

    What is not UTF-8 shows as U+FFFD.
    """

    __slots__ = ("_decode", "_lock", "_stream", "terminal")

    writable = True

    def __init__(self, stream: Any) -> None:
        self._lock = allocate_lock()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._stream = stream
        self.terminal = _is_terminal(stream)

    def write(self, data: bytes) -> int:
        """Write everything; the beginning of a character waits for its end."""
        with self._lock:
            self._stream.write(self._decode(data))
            self._stream.flush()
        return len(data)


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except Exception:  # streams of the embedder may lack it, or raise anything
        return False


def open_input(source: Any) -> Descriptor:
    """Make the standard input of one instance.

    :param source: ``None`` (empty), bytes, a text or binary stream
    """
    if source is None:
        return Empty()
    if isinstance(source, (bytes, bytearray, memoryview)):
        return Input(io.BytesIO(source))
    if isinstance(source, io.TextIOBase):
        binary = getattr(source, "buffer", None)
        return TextInput(source) if binary is None else Input(binary)
    return RawInput(source) if isinstance(source, io.FileIO) else Input(source)


def open_output(sink: Any) -> Descriptor:
    """Make the standard output or error of one instance.

    :param sink: ``None`` (discarded), a text or binary stream
    """
    if sink is None:
        return Discard()
    if isinstance(sink, io.TextIOBase):
        binary = getattr(sink, "buffer", None)
        return TextOutput(sink) if binary is None else Output(binary, sink)
    return Output(sink)


def process_input() -> Descriptor:
    """Make a standard input that is this process's own, or what ``sys.stdin`` has been replaced with."""
    raw = getattr(getattr(sys.stdin, "buffer", None), "raw", None)
    return open_input(raw if isinstance(raw, io.FileIO) else sys.stdin)


def process_output(name: str) -> Descriptor:
    """Make a standard output that is this process's own, or what it has been replaced with.

    :param name: ``"stdout"`` or ``"stderr"``
    """
    return open_output(getattr(sys, name))
