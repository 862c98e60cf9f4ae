"""A guest's side of WASI: places strings in memory, calls, and takes the results out again."""

import struct

from runtime_support import Memory
from wasi_shim import Wasi

from .hosts import MODULE, PREVIEW_0, Host

ALL_RIGHTS = (1 << 29) - 1
READ, WRITE = 1 << 1, 1 << 6
CREAT, DIRECTORY, EXCL, TRUNC = 1, 2, 4, 8
FOLLOW = 1

EBADF, EEXIST, EILSEQ, EINVAL, EISDIR, ELOOP, EMFILE = 8, 20, 25, 28, 31, 32, 33
ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, EPERM, EXDEV = 37, 44, 51, 54, 63, 75


FILESTAT = {MODULE: "<QQB7xQQQQQ", PREVIEW_0: "<QQB3xIQQQQ"}
"""Device, inode, filetype, links, size and three times."""


def clock_subscription(userdata, clock_id, timeout, flags=0, module=MODULE):
    """A wish to wait for a clock."""
    identifier = b"ignored!" if module == PREVIEW_0 else b""
    return struct.pack("<QQ", userdata, 0) + identifier + struct.pack("<I4xQQH6x", clock_id, timeout, 0, flags)


def fd_subscription(userdata, tag, number, module=MODULE):
    """A wish to wait for a descriptor."""
    return struct.pack("<QB7xI28x", userdata, tag, number) + bytes(8 if module == PREVIEW_0 else 0)


class Files:
    """File calls over any host with ``call``, ``write`` and ``memory``; errors are returned as their numbers."""

    def __init__(self, host):
        self.host = host

    def _strings(self, *strings):
        arguments, address = [], 1024
        for string in strings:
            data = string if isinstance(string, bytes) else string.encode()
            self.host.write(address, data)
            arguments.append((address, len(data)))
            address += len(data) + 1
        return arguments

    def _result(self, format):
        return struct.unpack_from(format, self.host.memory(), 64)[0]

    def open(self, path, oflags=0, rights=READ, follow=True, fd=3, fdflags=0):
        """Return the descriptor, or the negative errno."""
        (where,) = self._strings(path)
        error = self.host.call("path_open", fd, int(follow), *where, oflags, rights, rights, fdflags, 64)
        return -error if error else self._result("<I")

    def read(self, fd, size=1000):
        """Return the bytes, or the errno."""
        self.host.write(128, struct.pack("<II", 16384, size))
        error = self.host.call("fd_read", fd, 128, 1, 64)
        return error or self.host.memory()[16384 : 16384 + self._result("<I")]

    def write(self, fd, data):
        """Return the errno."""
        self.host.write(128, struct.pack("<II", 16384, len(data)))
        self.host.write(16384, data)
        return self.host.call("fd_write", fd, 128, 1, 64)

    def contents(self, path, **options):
        """Open and read a file; return its contents or the errno."""
        fd = self.open(path, **options)
        if fd < 0:
            return -fd
        data = self.read(fd)
        self.host.call("fd_close", fd)
        return data

    def stat(self, path, follow=True, fd=3):
        """Return ``(inode, filetype, size)``, or the errno."""
        (where,) = self._strings(path)
        error = self.host.call("path_filestat_get", fd, int(follow), *where, 64)
        if error:
            return error
        _, inode, filetype, _, size, *_ = struct.unpack_from(FILESTAT[self.host.module], self.host.memory(), 64)
        return inode, filetype, size

    def path_call(self, name, path, fd=3):
        """Call one of those that take just a path; return the errno."""
        (where,) = self._strings(path)
        return self.host.call(name, fd, *where)

    def mkdir(self, path, fd=3):
        return self.path_call("path_create_directory", path, fd)

    def rmdir(self, path, fd=3):
        return self.path_call("path_remove_directory", path, fd)

    def unlink(self, path, fd=3):
        return self.path_call("path_unlink_file", path, fd)

    def symlink(self, target, path, fd=3):
        there, where = self._strings(target, path)
        return self.host.call("path_symlink", *there, fd, *where)

    def readlink(self, path, fd=3):
        """Return the target, or the errno."""
        (where,) = self._strings(path)
        error = self.host.call("path_readlink", fd, *where, 16384, 4096, 64)
        return error or self.host.memory()[16384 : 16384 + self._result("<I")]

    def rename(self, path, new, fd=3, new_fd=3):
        here, there = self._strings(path, new)
        return self.host.call("path_rename", fd, *here, new_fd, *there)

    def link(self, path, new, fd=3, new_fd=3, follow=False):
        here, there = self._strings(path, new)
        return self.host.call("path_link", fd, int(follow), *here, new_fd, *there)

    def set_times(self, path, atim, mtim, flags, follow=True, fd=3):
        (where,) = self._strings(path)
        return self.host.call("path_filestat_set_times", fd, int(follow), *where, atim, mtim, flags)

    def names(self, fd=3, size=4096, cookie=0):
        """List a directory in pieces of ``size`` bytes; return names with their filetypes, or the errno."""
        found = []
        while True:
            error = self.host.call("fd_readdir", fd, 16384, size, cookie, 64)
            if error:
                return error
            used = self._result("<I")
            data = self.host.memory()[16384 : 16384 + used]
            position = 0
            while position + 24 <= used:
                following, _, length, filetype = struct.unpack_from("<QQIB", data, position)
                if position + 24 + length > used:
                    break
                found.append((data[position + 24 : position + 24 + length], filetype))
                cookie = following
                position += 24 + length
            if used < size:
                return found
            assert position, "an entry has to fit"


class Direct(Host):
    """Our functions, called without a program."""

    def __init__(self, pages=1, config=None, **parameters):
        self._memory = Memory(pages)
        self.functions = (config or Wasi(**parameters)).open(lambda: self._memory)[MODULE]

    def call(self, name, *arguments):
        return self.functions[name](*arguments)

    def write(self, address, data):
        self._memory.data[address : address + len(data)] = data

    def memory(self):
        return bytes(self._memory.data)


def guest(preopens, **config):
    """A guest of ours to which directories are granted; the first is descriptor 3."""
    return Files(Direct(preopens=preopens, **config))
