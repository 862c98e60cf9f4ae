"""How many bytes the memories of an instance may take together, where the embedder sets a limit."""

from __future__ import annotations

from _thread import allocate_lock, get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class Budget:
    """Bytes that memories share: all those that this thread makes inside of ``with``, which several threads may be in.

    :param most: number of bytes
    """

    __slots__ = ("_left", "_lock", "most")

    def __init__(self, most: float) -> None:
        self.most = most
        self._left = most
        self._lock = allocate_lock()

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
        _entered.setdefault(get_ident(), []).append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        budgets = _entered[get_ident()]
        budgets.pop()
        if not budgets:
            del _entered[get_ident()]


_UNLIMITED = Budget(float("inf"))

_entered: dict[int, list[Budget]] = {}
"""Budgets whose ``with`` is under way, by thread, innermost last."""


def current() -> Budget:
    """The budget of new memories in this thread."""
    budgets = _entered.get(get_ident())
    return budgets[-1] if budgets else _UNLIMITED
