"""Memory instances (spec, section 4.2.8)."""

from __future__ import annotations

import sys

from runtime_support import budget
from runtime_support.traps import Trap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from mmap import mmap
    from typing import Any, Union

    Buffer = Union[bytearray, mmap]
    BytesLike = Union[bytes, bytearray, memoryview]

PAGE = 0x1_0000
"""Bytes in a page, unless the custom-page-sizes proposal says otherwise."""

LARGEST = 0x8000_0000
"""Memories do not grow beyond this many bytes: 2 GiB, 32,768 pages.

So where an access succeeded in a memory that did not start larger, the address is below 2**31: generated code adds to
it without a wrap, and it is the same number signed and unsigned.
"""

ADDRESS_BITS = {"i32": 32, "i64": 64}
"""Width of the addresses of a memory or table, by their type."""

_LAZY_FROM = 64 << 20
"""Size in bytes from where a mapping of zero pages pays: ``bytearray(n)`` writes every byte."""

_SIZES = {"b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "q": 8, "Q": 8, "f": 4, "d": 8}


def zero_pages(size: int) -> Buffer:
    """A mapping of ``size`` zero bytes, which takes room where it is written; a ``bytearray`` where there are none.

    :raises MemoryError: if there is no room; so does an ``OSError`` or ``OverflowError`` say
    """
    try:
        import mmap
    except ImportError:  # not part of every build
        return bytearray(size)
    if not size:
        return bytearray()
    if sys.platform == "win32":
        return mmap.mmap(-1, size)
    # Private, so that a fork copies it like any other object.
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def _allocate(size: int) -> Buffer:
    """A buffer of ``size`` zero bytes.

    PyPy keeps to ``bytearray``, which its JIT compiler knows.

    :raises MemoryError: if there is no room
    """
    try:
        if size < _LAZY_FROM or sys.implementation.name == "pypy":
            return bytearray(size)
        return zero_pages(size)
    except (MemoryError, OverflowError, OSError):
        raise MemoryError(f"cannot allocate a memory of {size} bytes") from None


def _extended(data: Buffer, size: int) -> Buffer:
    """``data`` with zero bytes appended, ``size`` bytes altogether: the same object where that is possible, or a copy.

    Allocators of C libraries grow by a page at a time, so copies would cost the square of what is allocated.

    :raises MemoryError: if there is no room; ``data`` is as before
    """
    delta = size - len(data)
    if delta < _LAZY_FROM:
        try:
            if isinstance(data, bytearray):
                data += bytes(delta)
                return data
            if sys.platform == "linux":  # elsewhere mappings move at a price, or not at all
                data.resize(size)
                return data
        except (BufferError, MemoryError, OSError):
            pass  # the host holds a view, or there is no room to grow into
    copy = _allocate(size)
    copy[: len(data)] = data
    return copy


def casts(data: Buffer | memoryview, format: str) -> tuple[memoryview, ...]:
    """The items of a format that are completely inside of ``data``, from each byte on that is in the first item."""
    size = _SIZES[format]
    views = []
    for start in range(size):
        count = (len(data) - start) // size
        # A view without bytes cannot be cast, but one of a single item can, of which there is then nothing.
        whole = memoryview(data)[start : start + count * size] if count > 0 else memoryview(bytearray(size))
        views.append(whole.cast(format)[: max(count, 0)])  # type: ignore[call-overload]  # takes literals
    return tuple(views)


def _parsed(described: str) -> list[tuple[str, str, int, int]]:
    """Of each of :meth:`Memory.views`: format, ``x``, ``s`` or nothing, whole items before it, bytes before these."""
    parsed = _known.get(described)
    if parsed is None:
        parsed = []
        for text in described.split():
            kind = text[1:2].strip("0123456789")
            start = text[1:].lstrip("xs")
            parsed.append((text[0], kind, *divmod(int(start or 0), _SIZES[text[0]])))
        _known[described] = parsed
    return parsed


_known: dict[str, list[tuple[str, str, int, int]]] = {}
"""What was parsed: the views of a module are described once for each memory."""


class Memory:
    """A linear memory.

    :param minimum: size at the start, in pages
    :param maximum: the most it may grow to, in pages; ``None`` for no limit of its own
    :param page_size: bytes in a page
    :param address_type: ``"i32"``, or ``"i64"`` for a memory with 64-bit addresses
    :raises ValueError: if the limits make no sense
    :raises MemoryError: if there is no room for the minimum, or not so much left of the instance's budget

    :ivar data: the bytes: a ``bytearray``, or for a large memory an ``mmap``, which has the same indexing, slicing and
        ``find``.  Growth may replace the object: don't keep it across calls into Wasm.
    :ivar size: size in pages
    """

    __slots__ = (
        "__weakref__",
        "_budget",
        "_callbacks",
        "_limit",
        "_views",
        "address_type",
        "data",
        "maximum",
        "page_size",
        "size",
    )

    def __init__(
        self, minimum: int, maximum: int | None = None, *, page_size: int = PAGE, address_type: str = "i32"
    ) -> None:
        largest = 1 << ADDRESS_BITS[address_type]
        if minimum < 0 or (maximum is not None and maximum < minimum) or minimum * page_size > largest:
            raise ValueError(f"no memory has limits of {minimum} to {maximum} pages")
        self.address_type = address_type
        self.maximum = maximum
        self.page_size = page_size
        self.size = minimum
        self._budget = budget.current()
        self._budget.require(minimum * page_size)
        self._views: dict[str, tuple[memoryview, ...]] = {}
        self.data = _allocate(minimum * page_size)
        limit = LARGEST // page_size
        self._limit = limit if maximum is None else min(limit, maximum)
        self._callbacks: list[Callable[[], None]] = []

    @property
    def type(self) -> tuple[Any, ...]:
        """Size now and maximum, in pages, address type and page size in bytes, as in :attr:`Module.imports`.

        What has the default, i32 and 65536, is left out from the end.
        """
        if self.page_size != PAGE:
            return self.size, self.maximum, self.address_type, self.page_size
        limits = self.size, self.maximum
        return limits if self.address_type == "i32" else (*limits, self.address_type)

    def view(self, format: str, start: int = 0) -> memoryview:
        """The memory from byte ``start`` on as items of a ``struct`` format, one of b B h H i I q Q f d.

        Item ``k`` is at ``start + k * itemsize``.  The view has all items that are completely inside the memory, so one
        that crosses the end raises ``IndexError``.
        """
        size = _SIZES[format]
        return self._wholes(format)[start % size][start // size :]

    def views(self, described: str) -> list[Any]:
        """The views that generated code uses, by their descriptions with spaces between, as in names like ``m0_I20``.

        ``I20`` is ``view("I", 20)``, ``Ix20`` a tuple of the views that start at byte 20 and at each of the next, as
        many as an item has, and ``Is`` is ``view("I")`` where several threads slice it at once.
        """
        views: list[Any] = []
        for format, kind, items, low in _parsed(described):
            wholes = self._wholes(format)
            if not kind:
                views.append(wholes[low][items:] if items else wholes[low])
            elif kind == "s":
                views.append(self._sliced(format))
            elif (items or low) and self.data:
                upper = [view[items:] for view in wholes[low:]]
                views.append((*upper, *[view[items + 1 :] for view in wholes[:low]]))
            else:
                views.append(wholes)
        return views

    def _sliced(self, format: str) -> Any:
        return self.view(format)

    def _wholes(self, format: str) -> tuple[memoryview, ...]:
        """The views from each of the first bytes on: to take a part of one is faster than another cast."""
        views = self._views.get(format)
        if views is None:
            views = self._views[format] = casts(self.data, format)
        return views

    def attach(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called after every growth, and before it with an empty ``data``."""
        self._callbacks.append(callback)

    def bind(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` now, and :meth:`attach` it."""
        self.attach(callback)
        callback()

    def unbind(self, callback: Callable[[], None]) -> None:
        """Take back :meth:`bind`."""
        self._callbacks.remove(callback)

    def grow(self, delta: int) -> int:
        """``memory.grow`` by ``delta`` pages (unsigned).

        :returns: the size before, in pages, or -1 if there is no room
        """
        old = self.size
        new = old + delta
        if not delta:
            return old
        if new > self._limit or not self._budget.take(delta * self.page_size):
            return -1
        data = self.data
        self._rebind(bytearray())  # drops the views of instances, which stand in the way of growth in place
        try:
            data = _extended(data, new * self.page_size)
        except MemoryError:
            self._budget.give_back(delta * self.page_size)
            return -1
        else:
            self.size = new
            return old
        finally:
            self._rebind(data)

    def _rebind(self, data: Buffer) -> None:
        self._views.clear()
        self.data = data
        for callback in self._callbacks:
            callback()

    def fill(self, address: int, value: int, length: int) -> None:
        """``memory.fill``: set ``length`` bytes at ``address`` to the low byte of ``value``; all unsigned.

        :raises Trap: "out of bounds memory access", before anything is written
        """
        end = address + length
        if end > len(self.data):
            raise Trap("out of bounds memory access")
        self.data[address:end] = bytes((value & 0xFF,)) * length

    def copy(self, destination: int, source: int, length: int, memory: Memory | None = None) -> None:
        """``memory.copy``: copy ``length`` bytes from address ``source`` of ``memory``, by default this one.

        All numbers are unsigned.  The ranges may overlap.

        :raises Trap: "out of bounds memory access", before anything is written
        """
        data = self.data if memory is None else memory.data
        end = destination + length
        if end > len(self.data) or source + length > len(data):
            raise Trap("out of bounds memory access")
        self.data[destination:end] = data[source : source + length]

    def init(self, destination: int, segment: BytesLike, source: int, length: int) -> None:
        """``memory.init``: copy ``length`` bytes from ``source`` in a data segment; a dropped one is empty.

        :raises Trap: "out of bounds memory access", before anything is written
        """
        end = destination + length
        if end > len(self.data) or source + length > len(segment):
            raise Trap("out of bounds memory access")
        self.data[destination:end] = segment[source : source + length]

    def read(self, address: int, length: int) -> bytes:
        """``length`` bytes from ``address``.

        :raises IndexError: if they are not all inside the memory
        """
        self._check(address, length)
        return bytes(self.data[address : address + length])

    def write(self, address: int, data: BytesLike) -> None:
        """Write bytes to ``address``.

        :raises IndexError: if they do not fit, before anything is written
        """
        flat = bytes(data)
        self._check(address, len(flat))
        self.data[address : address + len(flat)] = flat

    def _check(self, address: int, length: int) -> None:
        if address < 0 or length < 0 or address + length > len(self.data):
            raise IndexError(f"{length} bytes at address {address} are outside a memory of {len(self.data)} bytes")

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, key: int | slice) -> Any:
        """A byte as an int, or a slice as ``bytes``, with the rules of ``bytes``."""
        if isinstance(key, slice):
            return bytes(self.data[key])
        return self.data[key]

    def __setitem__(self, key: int | slice, value: Any) -> None:
        """Assign a byte or a slice; unlike a ``bytearray``, a memory never changes its size.

        :raises ValueError: if a slice gets another number of bytes than it has
        """
        if isinstance(key, slice):
            flat = bytes(value)
            count = len(range(*key.indices(len(self.data))))
            if len(flat) != count:
                raise ValueError(f"{len(flat)} bytes do not fit a slice of {count} bytes")
            self.data[key] = flat
        else:
            self.data[key] = value

    def __repr__(self) -> str:
        return f"<Memory {self.size} pages of {self.page_size} bytes, maximum {self.maximum}>"
