"""The error numbers of preview 1 (type ``errno``, u16), and the way from the host's to them.

Both sides agree on the names, those of POSIX, and on nothing else: ``ELOOP`` is 32 here, 40 on Linux, 62 on macOS.
"""

from __future__ import annotations

import errno as host

SUCCESS = 0
E2BIG = 1
EACCES = 2
EADDRINUSE = 3
EADDRNOTAVAIL = 4
EAFNOSUPPORT = 5
EAGAIN = 6
EALREADY = 7
EBADF = 8
EBADMSG = 9
EBUSY = 10
ECANCELED = 11
ECHILD = 12
ECONNABORTED = 13
ECONNREFUSED = 14
ECONNRESET = 15
EDEADLK = 16
EDESTADDRREQ = 17
EDOM = 18
EDQUOT = 19
EEXIST = 20
EFAULT = 21
EFBIG = 22
EHOSTUNREACH = 23
EIDRM = 24
EILSEQ = 25
EINPROGRESS = 26
EINTR = 27
EINVAL = 28
EIO = 29
EISCONN = 30
EISDIR = 31
ELOOP = 32
EMFILE = 33
EMLINK = 34
EMSGSIZE = 35
EMULTIHOP = 36
ENAMETOOLONG = 37
ENETDOWN = 38
ENETRESET = 39
ENETUNREACH = 40
ENFILE = 41
ENOBUFS = 42
ENODEV = 43
ENOENT = 44
ENOEXEC = 45
ENOLCK = 46
ENOLINK = 47
ENOMEM = 48
ENOMSG = 49
ENOPROTOOPT = 50
ENOSPC = 51
ENOSYS = 52
ENOTCONN = 53
ENOTDIR = 54
ENOTEMPTY = 55
ENOTRECOVERABLE = 56
ENOTSOCK = 57
ENOTSUP = 58
ENOTTY = 59
ENXIO = 60
EOVERFLOW = 61
EOWNERDEAD = 62
EPERM = 63
EPIPE = 64
EPROTO = 65
EPROTONOSUPPORT = 66
EPROTOTYPE = 67
ERANGE = 68
EROFS = 69
ESPIPE = 70
ESRCH = 71
ESTALE = 72
ETIMEDOUT = 73
ETXTBSY = 74
EXDEV = 75
ENOTCAPABLE = 76


def _by_host_number() -> dict[int, int]:
    names = globals()
    table = {
        getattr(host, name): number for name, number in list(names.items()) if name[0] == "E" and hasattr(host, name)
    }
    table[host.EOPNOTSUPP] = ENOTSUP
    table[host.EWOULDBLOCK] = EAGAIN
    return table


_BY_HOST_NUMBER = _by_host_number()


def from_exception(error: Exception) -> int:
    """Return the number for an exception that the host's side of a call raised.

    Streams and functions of the embedder may raise anything: what has no number of its own is :data:`EIO`, a closed
    Python stream (``ValueError``) is :data:`EBADF`, a number that the host's types cannot hold :data:`EINVAL`.
    """
    if isinstance(error, OSError):
        try:
            return _BY_HOST_NUMBER.get(error.errno or 0, EIO)
        except Exception:
            return EIO  # a class of the embedder's, with something else for a number
    if isinstance(error, OverflowError):
        return EINVAL
    if isinstance(error, MemoryError):
        return ENOMEM
    if isinstance(error, ValueError):
        return EBADF
    return EIO
