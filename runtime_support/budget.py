"""How many bytes the memories of an instance may take together, where the embedder sets a limit."""

from __future__ import annotations

from _thread import allocate_lock, get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class Budget:
    """Bytes that memories share: all those that this thread makes inside of ``with``.

    :param most: number of bytes
    """

    __slots__ = ("_left", "_lock", "_outer", "most")

    def __init__(self, most: float) -> None:
        self.most = most
        self._left = most
        self._lock = allocate_lock()
        self._outer: Budget | None = None

    def take(self, size: int) -> bool:
        """Take ``size`` bytes, if they are there."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def require(self, size: int) -> None:
        """Take the ``size`` bytes that a new memory starts with.

        :raises MemoryError: if there are not as many
        """
        if not self.take(size):
            raise MemoryError(f"cannot allocate a memory of {size} bytes: the limit is {self.most} bytes in all")

    def give_back(self, size: int) -> None:
        """Return bytes that were taken in vain."""
        with self._lock:
            self._left += size

    def __enter__(self) -> Budget:
        self._outer = _current.get(get_ident())
        _current[get_ident()] = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._outer is None:
            del _current[get_ident()]
        else:
            _current[get_ident()] = self._outer


_UNLIMITED = Budget(float("inf"))

_current: dict[int, Budget] = {}
"""Budgets whose ``with`` is under way, by thread."""


def current() -> Budget:
    """The budget of new memories in this thread."""
    return _current.get(get_ident(), _UNLIMITED)
