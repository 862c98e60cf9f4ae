"""Real directories and files, where the host can open a name relative to a directory (Linux, macOS, the BSDs).

Every call of the host gets a directory's descriptor and one bare name, and none follows a symbolic link: see
:mod:`.paths` for why that keeps a guest inside.
"""

from __future__ import annotations

import errno
import os
import stat as modes
import sys

from .descriptor import fail
from .file import MOST_READ, File, check_range
from .filestat import Filestat
from .folder import APPEND, CREATE, DIRECTORY, EXCLUSIVE, NONBLOCK, READ, TRUNCATE, WRITE, Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .folder import Entry, Times

SANDBOXED = hasattr(os, "O_NOFOLLOW") and {os.open, os.stat, os.mkdir, os.rename, os.unlink} <= os.supports_dir_fd
"""Whether this host has what the walk needs; Windows does not."""

if SANDBOXED:
    _COMMON = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY
    # O_PATH goes through directories that may be passed but not listed; macOS has no such thing.
    _ENTER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

NEW_FILE = 0o666
NEW_DIRECTORY = 0o777
"""Permissions before the umask of this process."""


def open_folder(path: str | os.PathLike[str], trusted: bool = False) -> Folder:
    """Open the directory that an embedder grants; links in its own path are followed.

    :param trusted: whether the program need not be confined where this host cannot do that
    :raises OSError: where there is none; ``ENOTSUP`` where the host cannot keep a guest inside of it
    """
    if not SANDBOXED:
        if not trusted:
            advice = "grant a MemoryDirectory, or pass trusted=True if the program need not be confined"
            raise OSError(errno.ENOTSUP, f"this host cannot confine a program to a directory: {advice}")
        from .trusted_files import TrustedFolder

        folder = TrustedFolder(os.path.realpath(path))
        if folder.stat(b".").kind != modes.S_IFDIR:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), os.fspath(path))
        return folder
    return HostFolder(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))


class _Handle:
    """Owns a descriptor of the host, and closes it at the latest when nobody holds the object any more.

    :ivar number: the descriptor; -1, which the host refuses, once it is closed
    """

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def close(self, close: Callable[[int], None] = os.close) -> None:
        """Close it, once; at the end of the interpreter, global names may be gone."""
        number, self.number = self.number, -1
        if number >= 0:
            close(number)

    __del__ = close


class HostFolder(Folder):
    """A real directory.

    :param number: descriptor of the host, which the object owns from now on
    """

    __slots__ = ("_handle",)

    def __init__(self, number: int) -> None:
        self._handle = _Handle(number)

    def enter(self, name: bytes) -> HostFolder:
        """See :meth:`.Folder.enter`."""
        return HostFolder(os.open(name, _ENTER, dir_fd=self._handle.number))

    def open(self, name: bytes, how: int) -> HostFile | HostFolder:
        """See :meth:`.Folder.open`."""
        # Opening a named pipe must not wait for its other end.
        flags = _COMMON | os.O_NONBLOCK
        if how & (WRITE | TRUNCATE):
            flags |= os.O_RDWR if how & READ else os.O_WRONLY
        for ours, theirs in (
            (CREATE, os.O_CREAT),
            (EXCLUSIVE, os.O_EXCL),
            (TRUNCATE, os.O_TRUNC),
            (DIRECTORY, os.O_DIRECTORY),
            (APPEND, os.O_APPEND),
        ):
            if how & ours:
                flags |= theirs
        try:
            number = os.open(name, flags, NEW_FILE, dir_fd=self._handle.number)
        except OSError as error:
            raise self._explained(error, name) from None
        mode = os.fstat(number).st_mode
        if modes.S_ISDIR(mode):
            return HostFolder(number)
        if not how & NONBLOCK:
            os.set_blocking(number, True)
        return HostFile(number, how, modes.S_IFMT(mode))

    def _explained(self, error: OSError, name: bytes) -> OSError:
        """Tell a link from what is no directory: hosts report either one for ``O_DIRECTORY | O_NOFOLLOW``."""
        if error.errno in (errno.ENOTDIR, errno.EMLINK):
            try:
                if self.stat(name).kind == modes.S_IFLNK:
                    return OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            except OSError:
                return error
        return error

    def read_link(self, name: bytes) -> bytes:
        """See :meth:`.Folder.read_link`."""
        return os.readlink(name, dir_fd=self._handle.number)

    def stat(self, name: bytes) -> Filestat:
        """See :meth:`.Folder.stat`."""
        return Filestat.of(os.stat(name, dir_fd=self._handle.number, follow_symlinks=False))

    def set_times(self, name: bytes, times: Times) -> None:
        """See :meth:`.Folder.set_times`."""
        os.utime(name, ns=times, dir_fd=self._handle.number, follow_symlinks=False)

    def make_directory(self, name: bytes) -> None:
        """See :meth:`.Folder.make_directory`."""
        os.mkdir(name, NEW_DIRECTORY, dir_fd=self._handle.number)

    def remove_directory(self, name: bytes) -> None:
        """See :meth:`.Folder.remove_directory`."""
        os.rmdir(name, dir_fd=self._handle.number)

    def unlink(self, name: bytes) -> None:
        """See :meth:`.Folder.unlink`."""
        try:
            os.unlink(name, dir_fd=self._handle.number)
        except PermissionError:
            # POSIX lets hosts say so of directories.
            if self.stat(name).kind == modes.S_IFDIR:
                fail(errno.EISDIR)
            raise

    def symlink(self, target: bytes, name: bytes) -> None:
        """See :meth:`.Folder.symlink`."""
        os.symlink(target, name, dir_fd=self._handle.number)

    def link(self, name: bytes, other: Folder, other_name: bytes) -> None:
        """See :meth:`.Folder.link`."""
        number = _same_kind(other)._handle.number
        link(name, other_name, self._handle.number, number)

    def rename(self, name: bytes, other: Folder, other_name: bytes) -> None:
        """See :meth:`.Folder.rename`."""
        os.rename(name, other_name, src_dir_fd=self._handle.number, dst_dir_fd=_same_kind(other)._handle.number)

    def entries(self) -> list[Entry]:
        """See :meth:`.Folder.entries`."""
        with os.scandir(self._handle.number) as found:
            return [(os.fsencode(entry.name), entry.inode(), kind_of(entry)) for entry in found]

    def sync(self) -> None:
        """See :meth:`.Folder.sync`."""
        os.fsync(self._handle.number)

    def release(self) -> None:
        """See :meth:`.Folder.release`."""
        self._handle.close()


def _same_kind(folder: Folder) -> HostFolder:
    if not isinstance(folder, HostFolder):
        fail(errno.EXDEV)
    return folder


def link(old: str | bytes, new: str | bytes, folder: int | None = None, new_folder: int | None = None) -> None:
    """Make a hard link, of a symbolic link itself where that is what has the old name.

    :param folder: descriptor of the directory that ``old`` is relative to
    :param new_folder: that of ``new``
    """
    try:
        os.link(old, new, src_dir_fd=folder, dst_dir_fd=new_folder, follow_symlinks=False)
    except OSError as error:
        # PyPy 7.3 passes a flag here that linkat() does not have, and passes none, which is what is wanted, where
        # links are to be followed.
        if error.errno != errno.EINVAL or sys.implementation.name != "pypy":
            raise
        os.link(old, new, src_dir_fd=folder, dst_dir_fd=new_folder)


def kind_of(entry: os.DirEntry[str]) -> int:
    """Return the type of an entry; hosts tell the common ones without another call."""
    if entry.is_symlink():
        return modes.S_IFLNK
    if entry.is_dir(follow_symlinks=False):
        return modes.S_IFDIR
    if entry.is_file(follow_symlinks=False):
        return modes.S_IFREG
    try:
        return modes.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
    except OSError:
        return 0  # it has just gone


class HostFile(File):
    """A real file, or a device or pipe in a granted directory.

    :param number: descriptor of the host, which the object owns from now on
    :param how: a sum of the constants of :mod:`.folder`
    :param kind: its type
    """

    __slots__ = ("_handle", "kind")

    def __init__(self, number: int, how: int, kind: int) -> None:
        super().__init__(how)
        self._handle = _Handle(number)
        self.kind = kind

    def read(self, size: int) -> bytes:
        """See :meth:`.Descriptor.read`."""
        return os.read(self._handle.number, min(size, MOST_READ))

    def write(self, data: bytes) -> int:
        """See :meth:`.Descriptor.write`."""
        return os.write(self._handle.number, data)

    def read_at(self, size: int, offset: int) -> bytes:
        """See :meth:`.Descriptor.read_at`."""
        check_range(offset, size)
        return os.pread(self._handle.number, min(size, MOST_READ), offset)

    def write_at(self, data: bytes, offset: int) -> int:
        """See :meth:`.Descriptor.write_at`; a file that is appended to is appended to, on every host as on Linux."""
        if self.append:
            position = os.lseek(self._handle.number, 0, os.SEEK_CUR)
            try:
                return os.write(self._handle.number, data)
            finally:
                os.lseek(self._handle.number, position, os.SEEK_SET)
        check_range(offset, len(data))
        return os.pwrite(self._handle.number, data, offset)

    def seek(self, offset: int, whence: int) -> int:
        """See :meth:`.Descriptor.seek`."""
        return os.lseek(self._handle.number, offset, whence)

    def stat(self) -> Filestat:
        """See :meth:`.Descriptor.stat`."""
        return Filestat.of(os.fstat(self._handle.number))

    def set_size(self, size: int) -> None:
        """See :meth:`.Descriptor.set_size`."""
        self._need_write(errno.EINVAL)
        check_range(size, 0)
        os.ftruncate(self._handle.number, size)

    def set_times(self, times: Times) -> None:
        """See :meth:`.Descriptor.set_times`."""
        self._need_times()
        os.utime(self._handle.number, ns=times)

    def allocate(self, offset: int, size: int) -> None:
        """See :meth:`.Descriptor.allocate`; hosts without ``posix_fallocate`` refuse."""
        self._need_write()
        check_range(offset, size)
        if not hasattr(os, "posix_fallocate"):
            fail(errno.ENOTSUP)
        os.posix_fallocate(self._handle.number, offset, size)

    def sync(self, data_only: bool) -> None:
        """See :meth:`.Descriptor.sync`."""
        (getattr(os, "fdatasync", os.fsync) if data_only else os.fsync)(self._handle.number)

    def set_status_flags(self, append: bool, nonblock: bool, synchronous: bool) -> None:
        """See :meth:`.Descriptor.set_status_flags`."""
        super().set_status_flags(append, nonblock, synchronous)
        from fcntl import F_GETFL, F_SETFL, fcntl

        flags = fcntl(self._handle.number, F_GETFL) & ~(os.O_APPEND | os.O_NONBLOCK)
        fcntl(self._handle.number, F_SETFL, flags | append * os.O_APPEND | nonblock * os.O_NONBLOCK)

    def close(self) -> None:
        """See :meth:`.Descriptor.close`."""
        self._handle.close()

    def waitable(self) -> int | None:
        """Return the host's descriptor of a pipe or device; regular files are always ready."""
        return None if self.kind == modes.S_IFREG else self._handle.number
