"""The state of a program with threads, which all of them use at once."""

from __future__ import annotations

from _thread import allocate_lock, get_ident

from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from runtime_support import Memory

    from ..host.alarm import Alarm
    from ..host.descriptor import Descriptor
    from ..threads import Program


class SharedState(State):
    """The state of a program with threads.

    A descriptor is closed when no call uses it any more: otherwise one thread could close it in the middle of a call of
    another, and that go on with the next file of the host, which gets the same number.

    :param memory: as for :class:`State`; so are the others
    :param program: its threads
    :param alarm: rings when the program has ended
    """

    __slots__ = ("_alarm", "_calls", "_closing", "_lock", "_uses", "program")

    def __init__(self, memory: Callable[[], Memory], program: Program, alarm: Alarm, **others: Any) -> None:
        super().__init__(memory, **others)
        self.program = program
        self._alarm = alarm
        self._lock = allocate_lock()
        self._calls: dict[int, list[Descriptor]] = {}
        self._uses: dict[Descriptor, int] = {}
        self._closing: set[Descriptor] = set()
        program.busy = self._calls
        self.spawn = self.around(program.spawn)

    def run(self, start: Callable[[], Any]) -> Any:
        """See :meth:`State.run`; all threads have ended then, or are left behind."""
        return super().run(lambda: self.program.run(start))

    def find(self, number: int) -> Descriptor | None:
        """See :meth:`State.find`; the descriptor stays open until the call ends."""
        with self._lock:
            found = super().find(number)
            if found is not None:
                self._uses[found] = self._uses.get(found, 0) + 1
                self._calls[get_ident()].append(found)
            return found

    def around(self, call: Callable[..., int]) -> Callable[..., int]:
        """See :meth:`State.around`: note what the call uses, and end the thread where the program has ended."""
        calls, check = self._calls, self.program.check

        def noted(*arguments: int) -> int:
            check()
            thread = get_ident()
            outer = calls.get(thread)  # where a stream of the embedder's calls the program
            used = calls[thread] = []
            try:
                return call(*arguments)
            finally:
                if used:
                    self._release(used)
                if outer is None:
                    del calls[thread]
                else:
                    calls[thread] = outer
                check()

        return noted

    def check_room(self) -> None:
        """See :meth:`State.check_room`; descriptors that are still in use count."""
        self._check_number(len(self.descriptors) + len(self._closing))

    def add(self, descriptor: Descriptor) -> int:
        """See :meth:`State.add`."""
        with self._lock:
            return super().add(descriptor)

    def await_input(self, descriptor: Descriptor) -> None:
        """See :meth:`State.await_input`."""
        number = None if descriptor.nonblock else descriptor.waitable()
        if number is not None:
            self.wait_until_ready({number}, set(), None)
            self.program.check()

    def wait_until_ready(self, inputs: set[int], outputs: set[int], patience: int | None) -> tuple[set[int], set[int]]:
        """See :meth:`State.wait_until_ready`."""
        return self._alarm.wait_until_ready(inputs, outputs, patience)

    def _take(self, number: int) -> Descriptor:
        with self._lock:
            return super()._take(number)

    def _move(self, number: int, to: int) -> Descriptor:
        with self._lock:
            return super()._move(number, to)

    def _close(self, descriptor: Descriptor) -> None:
        with self._lock:
            if descriptor in self._uses:
                self._closing.add(descriptor)
                return
        descriptor.close()

    def _release(self, used: list[Descriptor]) -> None:
        """Note that a call does not use descriptors any more."""
        unused = []
        with self._lock:
            for descriptor in used:
                uses = self._uses[descriptor] - 1
                if uses:
                    self._uses[descriptor] = uses
                    continue
                del self._uses[descriptor]
                if descriptor in self._closing:
                    self._closing.remove(descriptor)
                    unused.append(descriptor)
        for descriptor in unused:
            descriptor.close()
