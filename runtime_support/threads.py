"""Shared memories and atomic instructions (threads proposal); only modules that have either import this.

Everything atomic happens under the lock of its memory, so it is sequentially consistent with and without the global
interpreter lock.  What is not atomic goes through the same views as in other memories, and takes no lock.
"""

from __future__ import annotations

import operator
import sys
import threading
from _thread import get_ident

from runtime_support.memory import ADDRESS_BITS, PAGE, Memory, casts, zero_pages
from runtime_support.traps import Trap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from runtime_support.memory import Buffer

__all__ = [
    "SharedMemory",
    "atomic_add",
    "atomic_and",
    "atomic_cmpxchg",
    "atomic_fence",
    "atomic_load",
    "atomic_notify",
    "atomic_or",
    "atomic_store",
    "atomic_sub",
    "atomic_wait",
    "atomic_xchg",
    "atomic_xor",
]

_one_at_a_time: Callable[[], bool] = getattr(sys, "_is_gil_enabled", lambda: True)
"""Whether there is a global interpreter lock; where there is one, it stays."""

_UNSHARED = threading.RLock()
"""The lock of all memories that are not shared."""

DOOMED: dict[int, BaseException] = {}
"""Threads that must not wait any more, by their identifiers, and what they raise instead: their program has ended.

Whoever adds one wakes those who wait already with :meth:`SharedMemory.wake`, and takes it out when the thread is over.
"""


class _Waiter:
    """A thread that waits at an address."""

    __slots__ = ("condition", "woken")

    def __init__(self, lock: threading.RLock) -> None:
        self.condition = threading.Condition(lock)
        self.woken = False


class _Slices:
    """The items of a memory, for slices only: each is one of a view of its own.

    Slices of one view share a count, which builds without the global interpreter lock do not keep right where several
    threads make and drop them: what they show is then released early (CPython issue 127716).
    """

    __slots__ = ("_memory", "format", "itemsize")

    def __init__(self, memory: SharedMemory, format: str) -> None:
        self._memory = memory
        self.format = format
        self.itemsize = memory.view(format).itemsize

    def __len__(self) -> int:
        return self._memory._length // self.itemsize

    def __getitem__(self, key: slice) -> memoryview:
        length = self._memory._length
        whole = memoryview(self._memory._reserved)[: length - length % self.itemsize]
        return whole.cast(self.format)[key]  # type: ignore[call-overload, no-any-return]  # takes literals

    def __setitem__(self, key: slice, value: memoryview) -> None:
        self[key][:] = value


class SharedMemory(Memory):
    """A memory that instances in several threads use at once.

    The address space for its maximum, 2 GiB at most, is reserved at the start, so that growth leaves every view valid
    and concurrent accesses undisturbed.  If there is no room for the maximum, less is reserved, and growth fails there.

    :param minimum: size at the start, in pages
    :param maximum: the most it may grow to, in pages
    :raises ValueError: if the limits make no sense
    :raises MemoryError: if there is no room for the minimum, or not so much left of the instance's budget

    :ivar lock: held by whatever is atomic
    """

    __slots__ = ("_length", "_reserved", "_waiters", "lock")

    def __init__(self, minimum: int, maximum: int, *, page_size: int = PAGE, address_type: str = "i32") -> None:
        super().__init__(0, maximum, page_size=page_size, address_type=address_type)
        if not 0 <= minimum <= maximum or minimum * page_size > 1 << ADDRESS_BITS[address_type]:
            raise ValueError(f"no memory has limits of {minimum} to {maximum} pages")
        self._budget.require(minimum * page_size)
        self.lock = threading.RLock()
        self._waiters: dict[int, list[_Waiter]] = {}
        self._reserve(minimum)
        self._length = minimum * page_size
        self.size = minimum

    def _reserve(self, minimum: int) -> None:
        """Get address space for as much of the limit as there is."""
        self._limit = max(self._limit, minimum)
        while True:
            try:
                self._reserved = zero_pages(self._limit * self.page_size)
                return
            except (MemoryError, OverflowError, OSError):
                if self._limit == minimum:
                    size = minimum * self.page_size
                    raise MemoryError(f"cannot allocate a memory of {size} bytes") from None
                self._limit = max(minimum, self._limit // 2)

    @property  # type: ignore[override]  # what a Buffer is used for, a memoryview does too
    def data(self) -> memoryview:
        """The bytes, as a new ``memoryview``, which stays valid for what it shows.

        Each thread slices views of its own, see :class:`_Slices`.
        """
        return memoryview(self._reserved)[: self._length]

    @data.setter
    def data(self, buffer: Buffer) -> None:
        self._reserved, self._length = buffer, len(buffer)

    @property
    def type(self) -> tuple[Any, ...]:
        """Size now and maximum, in pages, address type, page size in bytes, and ``True`` for shared."""
        return self.size, self.maximum, self.address_type, self.page_size, True

    def _wholes(self, format: str) -> tuple[memoryview, ...]:
        """Views of the thread's own: see :attr:`data`."""
        return casts(self.data, format)

    def _sliced(self, format: str) -> memoryview | _Slices:
        return self.view(format) if _one_at_a_time() else _Slices(self, format)

    def bind(self, callback: Callable[[], None]) -> None:
        """As :meth:`Memory.bind`; growth in another thread comes before or after it."""
        with self.lock:
            super().bind(callback)

    def unbind(self, callback: Callable[[], None]) -> None:
        """As :meth:`Memory.unbind`, between growths."""
        with self.lock:
            super().unbind(callback)

    def grow(self, delta: int) -> int:
        """``memory.grow``: every instance can access what has been added before any sees the new size."""
        with self.lock:
            old = self.size
            if old + delta > self._limit or not self._budget.take(delta * self.page_size):
                return -1
            if delta:
                self._length = (old + delta) * self.page_size
                for callback in self._callbacks:
                    callback()
                self.size = old + delta
            return old

    def wait(self, address: int, timeout: int) -> bool:
        """Wait until notified; the lock, which the caller holds once, is free meanwhile.

        :param timeout: in nanoseconds, negative for none
        :returns: whether it was notified in time
        :raises BaseException: what :data:`DOOMED` has for this thread
        """
        seconds = None if timeout < 0 else timeout / 1e9
        if seconds is not None and seconds > threading.TIMEOUT_MAX / 2:
            seconds = None  # centuries, where that is what the platform can count to
        thread = get_ident()
        waiter = _Waiter(self.lock)
        queue = self._waiters.setdefault(address, [])
        queue.append(waiter)
        try:
            waiter.condition.wait_for(lambda: waiter.woken or thread in DOOMED, seconds)
            if thread in DOOMED:
                raise DOOMED[thread]
        finally:
            if not waiter.woken:  # timed out or interrupted, so still in the queue
                queue.remove(waiter)
                if not queue:
                    del self._waiters[address]
        return waiter.woken

    def wake(self) -> None:
        """Let those who wait look whether they are :data:`DOOMED`; the others go on waiting."""
        with self.lock:
            for queue in self._waiters.values():
                for waiter in queue:
                    waiter.condition.notify()

    def notify(self, address: int, count: int) -> int:
        """Wake those who have waited longest; the caller holds the lock.

        :returns: how many there were, at most ``count``
        """
        queue = self._waiters.get(address)
        if not queue:
            return 0
        woken = queue[:count]
        del queue[:count]
        if not queue:
            del self._waiters[address]
        for waiter in woken:
            waiter.woken = True
            waiter.condition.notify()
        return len(woken)


def _lock(memory: Memory) -> threading.RLock:
    return memory.lock if isinstance(memory, SharedMemory) else _UNSHARED


def _checked(memory: Memory, address: int, size: int) -> Buffer:
    """A buffer that begins with the bytes of a memory, after the checks of an atomic access."""
    if address % size:
        raise Trap("unaligned atomic")
    if isinstance(memory, SharedMemory):
        data, length = memory._reserved, memory._length
    else:
        data, length = memory.data, len(memory.data)
    if address + size > length:
        raise Trap("out of bounds memory access")
    return data


def atomic_load(memory: Memory, address: int, size: int) -> int:
    """``tNN.atomic.load``: ``size`` bytes at ``address``, an unsigned number.

    This and the other functions raise ``Trap``: "unaligned atomic" for an address that is no multiple of the size, or
    "out of bounds memory access".
    """
    with _lock(memory):
        data = _checked(memory, address, size)
        return int.from_bytes(data[address : address + size], "little")


def atomic_store(memory: Memory, address: int, value: int, size: int) -> None:
    """``tNN.atomic.store``: the low ``size`` bytes of ``value``, unsigned."""
    with _lock(memory):
        data = _checked(memory, address, size)
        data[address : address + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")


def _read_modify_write(operate: Callable[[int, int], int], name: str) -> Callable[[Memory, int, int, int], int]:
    """The function for ``tNN.atomic.rmw.name``."""

    def atomic(memory: Memory, address: int, value: int, size: int) -> int:
        with _lock(memory):
            data = _checked(memory, address, size)
            old = int.from_bytes(data[address : address + size], "little")
            new = operate(old, value) & (1 << 8 * size) - 1
            data[address : address + size] = new.to_bytes(size, "little")
        return old

    atomic.__name__ = atomic.__qualname__ = f"atomic_{name}"
    atomic.__doc__ = f"``tNN.atomic.rmw.{name}``: returns the ``size`` bytes that were there, an unsigned number."
    return atomic


atomic_add = _read_modify_write(operator.add, "add")
atomic_sub = _read_modify_write(operator.sub, "sub")
atomic_and = _read_modify_write(operator.and_, "and")
atomic_or = _read_modify_write(operator.or_, "or")
atomic_xor = _read_modify_write(operator.xor, "xor")
atomic_xchg = _read_modify_write(lambda old, new: new, "xchg")


def atomic_cmpxchg(memory: Memory, address: int, expected: int, replacement: int, size: int) -> int:
    """``tNN.atomic.rmw.cmpxchg``: write ``replacement`` if ``expected`` is there, both cut to ``size`` bytes.

    :returns: the unsigned number that was there
    """
    with _lock(memory):
        data = _checked(memory, address, size)
        old = int.from_bytes(data[address : address + size], "little")
        mask = (1 << 8 * size) - 1
        if old == expected & mask:
            data[address : address + size] = (replacement & mask).to_bytes(size, "little")
    return old


def atomic_wait(memory: Memory, address: int, expected: int, timeout: int, size: int) -> int:
    """``memory.atomic.wait32`` and ``wait64``.

    :param expected: unsigned
    :param timeout: in nanoseconds, signed; negative for none
    :returns: 0 when notified, 1 if something else than ``expected`` is there, 2 when the time is over
    :raises Trap: "expected shared memory" if nobody else can notify, and as :func:`atomic_load`
    """
    if not isinstance(memory, SharedMemory):
        raise Trap("expected shared memory")
    with memory.lock:
        data = _checked(memory, address, size)
        if int.from_bytes(data[address : address + size], "little") != expected:
            return 1
        return 0 if memory.wait(address, timeout) else 2


def atomic_notify(memory: Memory, address: int, count: int) -> int:
    """``memory.atomic.notify``: wake up to ``count`` threads that wait at ``address``; returns how many."""
    with _lock(memory):
        _checked(memory, address, 4)
        return memory.notify(address, count) if isinstance(memory, SharedMemory) else 0


def atomic_fence() -> None:
    """``atomic.fence``: taking a lock orders what comes before and after it."""
    with _UNSHARED:
        pass
