"""How the arguments and results of calls are decoded for a trace, by the types that their signatures name.

Nothing here fails, whatever a program passes: what cannot be decoded stays an :class:`Address` or a plain number.
"""

from __future__ import annotations

from runtime_support import LifecycleError, Trap

from . import preview0
from .preview1 import abi
from .preview1.poll import EVENT, load_subscriptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from struct import Struct
    from typing import Any

    from runtime_support.memory import Buffer

    from .preview1.poll import Subscription
    from .preview1.registry import Call
    from .preview1.state import State

    Decoder = Callable[[Buffer, "tuple[int, ...]", int, int], Any]
    """Gets the memory, all arguments, the index of the one to decode, and how much a ``*size`` says was stored."""

MOST_ITEMS = 1024
"""Most subscriptions, events or directory entries that are decoded of a list."""


class Address(int):
    """An address in the program's memory."""

    def __repr__(self) -> str:
        return f"Address({int(self):#x})"


class Symbol(str):
    """The name of an enum's case, or of the flags in a set, separated by ``|``."""

    __slots__ = ()


def arguments_of(call: Call, state: State, arguments: tuple[int, ...]) -> dict[str, Any]:
    """Decode what a program passes, by the names of the parameters; lengths are part of what they belong to."""
    data = _memory(state)
    return {
        name: Address(arguments[index]) if type[0] == "*" else _decoded(type, data, arguments, index, 0)
        for index, (name, type) in enumerate(zip(_names(call), call.signature))
        if type not in _LENGTHS
    }


def results_of(call: Call, state: State, arguments: tuple[int, ...]) -> dict[str, Any]:
    """Decode what a call has stored, by the names of the parameters that say where."""
    data = _memory(state)
    stored = arguments[call.signature.index("*size")] if "*size" in call.signature else None
    filled = _NO_LIMIT if stored is None else _scalar(abi.U32, data, stored)
    return {
        name: _decoded(type, data, arguments, index, filled)
        for index, (name, type) in enumerate(zip(_names(call), call.signature))
        if type[0] == "*"
    }


_LENGTHS = frozenset({"length", "count"})
_NO_LIMIT = 1 << 32


def _names(call: Call) -> tuple[str, ...]:
    """Return the names of the parameters after the state."""
    return call.implementation.__code__.co_varnames[1 : 1 + len(call.signature)]


def _memory(state: State) -> Buffer:
    try:
        return state.data()
    except LifecycleError:
        return bytearray()


def _decoded(type: str, data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> Any:
    decode = _DECODERS.get(type)
    if decode is None:
        return arguments[index]
    try:
        return decode(data, arguments, index, filled)
    except (Trap, IndexError):
        return Address(arguments[index])


def _region(data: Buffer, pointer: int, size: int) -> bytes:
    abi.check(data, pointer, size, 1)
    return bytes(data[pointer : pointer + size])


def _scalar(layout: Struct, data: Buffer, pointer: int) -> int:
    value: int = layout.unpack(_region(data, pointer, layout.size))[0]
    return value


def _path(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> str:
    size = min(arguments[index + 1], abi.PATH_LIMIT)
    return _region(data, arguments[index], size).decode("utf-8", "surrogateescape")


def _buffer(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> bytes:
    return _region(data, arguments[index], min(arguments[index + 1], filled))


def _buffers(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> bytes:
    regions = abi.iovecs(data, arguments[index], arguments[index + 1])
    return b"".join([data[start:end] for start, end in regions])


def _filled_buffers(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> bytes:
    return _buffers(data, arguments, index, filled)[:filled]


def _number(layout: Struct) -> Decoder:
    return lambda data, arguments, index, filled: _scalar(layout, data, arguments[index])


def _signed(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> int:
    value = arguments[index]
    return value - (value >> 63 << 64)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _enum(names: tuple[str, ...]) -> Decoder:
    def decode(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> Symbol | int:
        return _case(names, arguments[index])

    return decode


def _case(names: tuple[str, ...], value: int) -> Symbol | int:
    return Symbol(names[value]) if value < len(names) else value


def _flags(names: tuple[str, ...]) -> Decoder:
    def decode(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> Symbol | int:
        return _set(names, arguments[index])

    return decode


def _flags_at(names: tuple[str, ...]) -> Decoder:
    def decode(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> Symbol | int:
        return _set(names, _scalar(abi.U16, data, arguments[index]))

    return decode


def _set(names: tuple[str, ...], value: int) -> Symbol | int:
    if not value or value >> len(names):
        return value
    return Symbol("|".join([name for bit, name in enumerate(names) if value >> bit & 1]))


_FILETYPES = _words(
    "UNKNOWN BLOCK_DEVICE CHARACTER_DEVICE DIRECTORY REGULAR_FILE SOCKET_DGRAM SOCKET_STREAM SYMBOLIC_LINK"
)
_CLOCKS = _words("REALTIME MONOTONIC PROCESS_CPUTIME_ID THREAD_CPUTIME_ID")
_FDFLAGS = _words("APPEND DSYNC NONBLOCK RSYNC SYNC")
_RIGHTS = _words(
    "FD_DATASYNC FD_READ FD_SEEK FD_FDSTAT_SET_FLAGS FD_SYNC FD_TELL FD_WRITE FD_ADVISE FD_ALLOCATE "
    "PATH_CREATE_DIRECTORY PATH_CREATE_FILE PATH_LINK_SOURCE PATH_LINK_TARGET PATH_OPEN FD_READDIR PATH_READLINK "
    "PATH_RENAME_SOURCE PATH_RENAME_TARGET PATH_FILESTAT_GET PATH_FILESTAT_SET_SIZE PATH_FILESTAT_SET_TIMES "
    "FD_FILESTAT_GET FD_FILESTAT_SET_SIZE FD_FILESTAT_SET_TIMES PATH_SYMLINK PATH_REMOVE_DIRECTORY "
    "PATH_UNLINK_FILE POLL_FD_READWRITE SOCK_SHUTDOWN SOCK_ACCEPT"
)
_TAGS = _words("CLOCK FD_READ FD_WRITE")
_SUBCLOCKFLAGS = _words("ABSTIME")
_EVENTRWFLAGS = _words("FD_READWRITE_HANGUP")


def _fdstat(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> dict[str, Any]:
    kind, flags, base, inheriting = abi.FDSTAT.unpack(_region(data, arguments[index], abi.FDSTAT.size))
    return {
        "filetype": _case(_FILETYPES, kind),
        "flags": _set(_FDFLAGS, flags),
        "rights_base": _set(_RIGHTS, base),
        "rights_inheriting": _set(_RIGHTS, inheriting),
    }


def _filestat(layout: Struct) -> Decoder:
    def decode(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> dict[str, Any]:
        values = layout.unpack(_region(data, arguments[index], layout.size))
        found = dict(zip(("dev", "ino", "filetype", "nlink", "size", "atim", "mtim", "ctim"), values))
        return {**found, "filetype": _case(_FILETYPES, found["filetype"])}

    return decode


def _prestat(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> dict[str, Any]:
    tag, size = abi.PRESTAT.unpack(_region(data, arguments[index], abi.PRESTAT.size))
    return {"tag": _case(("DIR",), tag), "name_len": size}


def _subscriptions(load: Callable[[Buffer, int, int], list[Subscription]]) -> Decoder:
    def decode(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> list[dict[str, Any]]:
        return [_subscription(wish) for wish in load(data, arguments[index], min(arguments[index + 2], MOST_ITEMS))]

    return decode


def _subscription(wish: Subscription) -> dict[str, Any]:
    userdata, tag, number, timeout, _, flags = wish
    found: dict[str, Any] = {"userdata": userdata, "type": _case(_TAGS, tag)}
    if tag:
        return {**found, "fd": number}
    return {**found, "id": _case(_CLOCKS, number), "timeout": timeout, "flags": _set(_SUBCLOCKFLAGS, flags)}


def _events(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> list[dict[str, Any]]:
    stored = _region(data, arguments[index], min(filled, MOST_ITEMS) * EVENT.size)
    return [
        {
            "userdata": userdata,
            "error": error,
            "type": _case(_TAGS, tag),
            "nbytes": size,
            "flags": _set(_EVENTRWFLAGS, flags),
        }
        for userdata, error, tag, size, flags in EVENT.iter_unpack(stored)
    ]


def _entries(data: Buffer, arguments: tuple[int, ...], index: int, filled: int) -> list[dict[str, Any]]:
    stored = _region(data, arguments[index], filled)
    found: list[dict[str, Any]] = []
    position = 0
    while position + abi.DIRENT.size <= len(stored) and len(found) < MOST_ITEMS:
        cookie, inode, size, kind = abi.DIRENT.unpack_from(stored, position)
        position += abi.DIRENT.size
        name = stored[position : position + size].decode("utf-8", "surrogateescape")
        found.append({"next": cookie, "ino": inode, "type": _case(_FILETYPES, kind), "name": name})
        position += size
    return found


_DECODERS: dict[str, Decoder] = {
    "address": lambda data, arguments, index, filled: Address(arguments[index]),
    "advice": _enum(_words("NORMAL SEQUENTIAL RANDOM WILLNEED DONTNEED NOREUSE")),
    "ciovecs": _buffers,
    "clockid": _enum(_CLOCKS),
    "fdflags": _flags(_FDFLAGS),
    "filedelta": _signed,
    "fstflags": _flags(_words("ATIM ATIM_NOW MTIM MTIM_NOW")),
    "lookupflags": _flags(_words("SYMLINK_FOLLOW")),
    "oflags": _flags(_words("CREAT DIRECTORY EXCL TRUNC")),
    "path": _path,
    "riflags": _flags(_words("RECV_PEEK RECV_WAITALL")),
    "rights": _flags(_RIGHTS),
    "sdflags": _flags(_words("RD WR")),
    "subscriptions": _subscriptions(load_subscriptions),
    "subscriptions0": _subscriptions(preview0.poll.load_subscriptions),
    "whence": _enum(_words("SET CUR END")),
    "whence0": _enum(_words("CUR END SET")),
    "*buffer": _buffer,
    "*dirents": _entries,
    "*events": _events,
    "*fd": _number(abi.U32),
    "*fdstat": _fdstat,
    "*filesize": _number(abi.U64),
    "*filestat": _filestat(abi.FILESTAT),
    "*filestat0": _filestat(preview0.filestat.FILESTAT),
    "*iovecs": _filled_buffers,
    "*prestat": _prestat,
    "*roflags": _flags_at(_words("RECV_DATA_TRUNCATED")),
    "*size": _number(abi.U32),
    "*timestamp": _number(abi.U64),
}
