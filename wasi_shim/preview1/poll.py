"""Waiting for clocks and descriptors."""

from __future__ import annotations

from struct import Struct

from . import abi, errnos
from .clock import OFFERED
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime_support.memory import Buffer

    from ..host.descriptor import Descriptor
    from .state import State

    Event = tuple[int, int, int, int]
    """Userdata, errno, tag and flags."""

    Subscription = tuple[int, int, int, int, int, int]
    """Userdata, tag, clock or descriptor, timeout, precision and flags; the last three are a clock's."""

SUBSCRIPTION = Struct("<QB7xI4xQQHxxxxxx")
"""subscription: userdata u64, tag u8, then for tag 0 (clock): clock id u32, timeout u64, precision u64, flags u16;
for tags 1 (fd_read) and 2 (fd_write): fd u32; 48 bytes, alignment 8."""

EVENT = Struct("<QHBxxxxxQHxxxxxx")
"""event: userdata u64, error u16, type u8, then for descriptors: nbytes u64, flags u16; 32 bytes, alignment 8."""

CLOCK = 0
FD_READ = 1
FD_WRITE = 2

LIMIT = 1 << 16
"""Most subscriptions in a call, so that a large memory full of them costs the host no multiple of it."""

_HANGUP = 1
"""The only flag of an event: the file is at its end."""

_ABSTIME = 1
"""The only flag of a clock subscription: the timeout is a moment of the clock, not a duration."""


@syscall("subscriptions *events count *size")
def poll_oneoff(state: State, subscriptions: int, events: int, count: int, size: int) -> int | None:
    """Wait until one of several things happens, and tell all that have.

    Output is always ready, but that of sockets is waited for; input is, too, but that of sockets, of the process's own
    standard input, and of pipes and devices.

    :param subscriptions: i32, address of an array of subscriptions
    :param events: i32, address of an array with room for as many events
    :param count: i32, number of subscriptions
    :param size: i32, address where the number of events goes, u32
    :returns: ``EINVAL`` for no subscriptions or too many, and for wrong tags, clocks or flags in one; an event's own
        error is ``EBADF`` where the descriptor is not open for what is waited for

    A wait of 1 ms on the monotonic clock, and the event that ends it::

        07 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00   01 00 00 00 00 00 00 00
        userdata u64              tag u8                    clock id u32

        40 42 0f 00 00 00 00 00   00 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00
        timeout u64               precision u64             flags u16

        07 00 00 00 00 00 00 00   00 00       00 00 00 00 00 00   (16 bytes, for descriptors:)
        userdata u64              error u16   type u8             nbytes u64, flags u16
    """
    return poll(state, load_subscriptions, subscriptions, events, count, size)


def load_subscriptions(data: Buffer, pointer: int, count: int) -> list[Subscription]:
    """Load an array of subscriptions.

    :raises Trap: where it is misaligned or leaves the memory
    """
    abi.check(data, pointer, count * SUBSCRIPTION.size, 8)
    return list(SUBSCRIPTION.iter_unpack(data[pointer : pointer + count * SUBSCRIPTION.size]))


def poll(
    state: State,
    load: Callable[[Buffer, int, int], list[Subscription]],
    subscriptions: int,
    events: int,
    count: int,
    size: int,
) -> int | None:
    """Do the work of :func:`poll_oneoff`.

    :param load: loads subscriptions, whose layout differs between versions of WASI; else as there
    """
    if not 0 < count <= LIMIT:
        return errnos.EINVAL
    data = state.data()
    wanted = load(data, subscriptions, count)
    abi.check(data, events, count * EVENT.size, 8)
    abi.check(data, size, 4, 4)
    for _, tag, clock, _, _, flags in wanted:
        if tag > FD_WRITE or (tag == CLOCK and (clock >= OFFERED or flags > _ABSTIME)):
            return errnos.EINVAL
    happened = _wait(state, wanted)
    for index, (userdata, error, tag, flags) in enumerate(happened):
        # How many bytes wait is not known; some readers take 0 for the end of the file.
        size_ready = 1 if tag != CLOCK and not error else 0
        EVENT.pack_into(data, events + index * EVENT.size, userdata, error, tag, size_ready, flags)
    abi.U32.pack_into(data, size, len(happened))
    return None


def _wait(state: State, wanted: list[Subscription]) -> list[Event]:
    """Wait, and return one or more events, in the order of wishes."""
    happened: dict[int, int] = {}
    descriptors: dict[int, Descriptor] = {}
    inputs: dict[int, int] = {}
    outputs: dict[int, int] = {}
    timers: dict[int, int] = {}
    for index, (_, tag, number, timeout, _, flags) in enumerate(wanted):
        if tag == CLOCK:
            timers[index] = max(0, timeout - state.clocks.now(number)) if flags & _ABSTIME else timeout
            continue
        descriptor = state.find(number)
        if descriptor is None or not (descriptor.readable if tag == FD_READ else descriptor.writable):
            happened[index] = errnos.EBADF
            continue
        descriptors[index] = descriptor
        waitable = descriptor.waitable() if tag == FD_READ else descriptor.waitable_output()
        if waitable is None:
            happened[index] = errnos.SUCCESS
        else:
            (inputs if tag == FD_READ else outputs)[index] = waitable
    patience = 0 if happened else min(timers.values(), default=None)
    if inputs or outputs:
        ready = state.wait_until_ready(set(inputs.values()), set(outputs.values()), patience)
        for numbers, found in zip((inputs, outputs), ready):
            happened.update((index, errnos.SUCCESS) for index, number in numbers.items() if number in found)
    elif patience:
        state.clocks.sleep(patience)
    elapsed = 0 if happened else patience or 0
    happened.update((index, errnos.SUCCESS) for index, timeout in timers.items() if timeout <= elapsed)
    return [
        (wanted[index][0], happened[index], wanted[index][1], _flags(wanted[index][1], descriptors.get(index)))
        for index in sorted(happened)
    ]


def _flags(tag: int, descriptor: Descriptor | None) -> int:
    """Return the flags of an event, with the descriptor that it is about."""
    return _HANGUP if tag == FD_READ and descriptor is not None and descriptor.at_end() else 0
