"""The command line, and how preview 1 passes a list of strings (the environment likewise)."""

from __future__ import annotations

from struct import pack_into

from . import abi
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .state import State


@syscall("*size *size")
def args_sizes_get(state: State, count: int, size: int) -> None:
    """Tell how much room :func:`args_get` needs.

    :param count: i32, address where the number of arguments goes, u32
    :param size: i32, address where the total length goes, u32: of all arguments in bytes, each with its NUL
    :returns: nothing but success

    With the arguments ``a`` and ``bc``::

        count         size
        02 00 00 00   05 00 00 00
    """
    store_sizes(state, state.args, count, size)


@syscall("address address")
def args_get(state: State, pointers: int, buffer: int) -> None:
    """Store the command line.

    :param pointers: i32, address of an array with room for one u32 an argument: their addresses
    :param buffer: i32, address where the arguments go, one after the other, each with a NUL at its end
    :returns: nothing but success

    With the arguments ``a`` and ``bc``, ``pointers`` 16 and ``buffer`` 32::

        16                        32
        20 00 00 00 22 00 00 00   61 00 62 63 00
                                  a     b  c
    """
    store_strings(state, state.args, pointers, buffer)


def store_sizes(state: State, strings: Sequence[bytes], count: int, size: int) -> None:
    """Store the number of strings at ``count``, their length with NULs at ``size``, both u32."""
    data = state.data()
    abi.store_u32(data, count, len(strings))
    abi.store_u32(data, size, sum(map(len, strings)) + len(strings))


def store_strings(state: State, strings: Sequence[bytes], pointers: int, buffer: int) -> None:
    """Store NUL-terminated strings at ``buffer`` and the array of their addresses at ``pointers``."""
    addresses = []
    address = buffer
    for string in strings:
        addresses.append(address)
        address += len(string) + 1
    data = state.data()
    if not strings:
        return
    abi.check(data, pointers, 4 * len(strings), 4)
    abi.store_bytes(data, buffer, b"\0".join(strings) + b"\0")
    pack_into(f"<{len(addresses)}I", data, pointers, *addresses)
