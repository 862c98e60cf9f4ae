"""Waiting, where preview 0 has one more number in the subscription of a clock."""

from __future__ import annotations

from struct import Struct

from ..preview1 import abi
from ..preview1.poll import CLOCK, poll
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runtime_support.memory import Buffer

    from ..preview1.poll import Subscription
    from ..preview1.state import State

SUBSCRIPTION = Struct("<QB7xQI4xQQHxxxxxx")
"""subscription: userdata u64, tag u8, then for tag 0 (clock): identifier u64, which has no meaning, clock id u32,
timeout u64, precision u64, flags u16; for tags 1 (fd_read) and 2 (fd_write): fd u32 in the identifier's place;
56 bytes, alignment 8."""


@syscall("subscriptions0 *events count *size")
def poll_oneoff(state: State, subscriptions: int, events: int, count: int, size: int) -> int | None:
    """Wait until one of several things happens, and tell all that have; events are those of preview 1.

    :param subscriptions: i32, address of an array of subscriptions
    :param events: i32, address of an array with room for as many events
    :param count: i32, number of subscriptions
    :param size: i32, address where the number of events goes, u32
    :returns: ``EINVAL`` for no subscriptions or too many, and for wrong tags, clocks or flags in one; an event's own
        error is ``EBADF`` where the descriptor is not open for what is waited for

    A wait of 1 ms on the monotonic clock::

        07 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00   01 00 00 00 00 00 00 00
        userdata u64              tag u8                    identifier u64            clock id u32

        40 42 0f 00 00 00 00 00   00 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00
        timeout u64               precision u64             flags u16
    """
    return poll(state, load_subscriptions, subscriptions, events, count, size)


def load_subscriptions(data: Buffer, pointer: int, count: int) -> list[Subscription]:
    """Load an array of subscriptions.

    :raises Trap: where it is misaligned or leaves the memory
    """
    abi.check(data, pointer, count * SUBSCRIPTION.size, 8)
    found = SUBSCRIPTION.iter_unpack(data[pointer : pointer + count * SUBSCRIPTION.size])
    return [
        (userdata, tag, clock if tag == CLOCK else identifier & 0xFFFF_FFFF, timeout, precision, flags)
        for userdata, tag, identifier, clock, timeout, precision, flags in found
    ]
