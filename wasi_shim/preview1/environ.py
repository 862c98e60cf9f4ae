"""The environment: strings of the form ``NAME=value``, passed as the command line is."""

from __future__ import annotations

from .args import store_sizes, store_strings
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State


@syscall("*size *size")
def environ_sizes_get(state: State, count: int, size: int) -> None:
    """Tell how much room :func:`environ_get` needs.

    :param count: i32, address where the number of variables goes, u32
    :param size: i32, address where the total length goes, u32: of all strings in bytes, each with its NUL
    :returns: nothing but success

    With ``A=1`` and ``B=``::

        count         size
        02 00 00 00   07 00 00 00
    """
    store_sizes(state, state.environ, count, size)


@syscall("address address")
def environ_get(state: State, pointers: int, buffer: int) -> None:
    """Store the environment.

    :param pointers: i32, address of an array with room for one u32 a variable: the addresses of the strings
    :param buffer: i32, address where the strings go, one after the other, each with a NUL at its end
    :returns: nothing but success

    With ``A=1`` and ``B=``, ``pointers`` 16 and ``buffer`` 32::

        16                        32
        20 00 00 00 24 00 00 00   41 3d 31 00 42 3d 00
                                  A  =  1     B  =
    """
    store_strings(state, state.environ, pointers, buffer)
