"""Real directories on hosts that cannot open a name relative to a directory (Windows), for programs that are trusted.

A path is walked as in :mod:`.paths`, and each name is looked at before it is used.  But it is used by its full path, so
that another process which swaps a directory for a link in between leads the program outside: this is no sandbox.
"""

from __future__ import annotations

import errno
import os
import stat as modes

from . import portable_names
from .descriptor import fail
from .file import MOST_READ, check_range
from .files import NEW_DIRECTORY, NEW_FILE, HostFile, kind_of, link
from .filestat import Filestat
from .folder import CREATE, DIRECTORY, EXCLUSIVE, READ, TRUNCATE, WRITE, Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .folder import Entry, Times

_COMMON = sum(
    # No translation of line ends, nothing inherited by child processes, no links, no wait for the ends of pipes.
    getattr(os, name, 0)
    for name in ("O_BINARY", "O_NOINHERIT", "O_CLOEXEC", "O_NOFOLLOW", "O_NOCTTY", "O_NONBLOCK")
)

_LIKE_LINKS = (0xA000000C, 0xA0000003)
"""Windows's reparse tags of symbolic links and of junctions, which lead elsewhere likewise."""


class TrustedFolder(Folder):
    """A real directory, known by its path.

    :param path: absolute, without links
    """

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def enter(self, name: bytes) -> TrustedFolder:
        """See :meth:`.Folder.enter`."""
        kind = self.stat(name).kind
        if kind != modes.S_IFDIR:
            fail(errno.ELOOP if kind == modes.S_IFLNK else errno.ENOTDIR)
        return TrustedFolder(self._at(name))

    def open(self, name: bytes, how: int) -> TrustedFile | TrustedFolder:
        """See :meth:`.Folder.open`."""
        kind = self._kind(name)
        if kind is None:
            if not how & CREATE:
                fail(errno.ENOENT)
        elif how & CREATE and how & EXCLUSIVE:
            fail(errno.EEXIST)
        elif kind == modes.S_IFLNK:
            fail(errno.ELOOP)
        elif kind == modes.S_IFDIR:
            if how & (WRITE | CREATE | TRUNCATE):
                fail(errno.EISDIR)
            return TrustedFolder(self._at(name))
        elif how & DIRECTORY:
            fail(errno.ENOTDIR)
        flags = _COMMON
        if how & (WRITE | TRUNCATE):
            flags |= os.O_RDWR if how & READ else os.O_WRONLY
        for ours, theirs in (CREATE, os.O_CREAT), (EXCLUSIVE, os.O_EXCL), (TRUNCATE, os.O_TRUNC):
            if how & ours:
                flags |= theirs
        number = os.open(self._at(name), flags, NEW_FILE)
        return TrustedFile(number, how, modes.S_IFMT(os.fstat(number).st_mode), self._at(name))

    def read_link(self, name: bytes) -> bytes:
        """See :meth:`.Folder.read_link`; one with a drive is absolute, whatever it begins with."""
        if self.stat(name).kind != modes.S_IFLNK:
            fail(errno.EINVAL)
        target = os.readlink(self._at(name))
        outside = "/" if os.path.isabs(target) or os.path.splitdrive(target)[0] else ""
        return os.fsencode(outside + target.replace(os.sep, "/"))

    def stat(self, name: bytes) -> Filestat:
        """See :meth:`.Folder.stat`."""
        found = os.lstat(self._at(name))
        stat = Filestat.of(found)
        if getattr(found, "st_reparse_tag", 0) in _LIKE_LINKS:
            stat.kind = modes.S_IFLNK
        return stat

    def set_times(self, name: bytes, times: Times) -> None:
        """See :meth:`.Folder.set_times`; hosts that cannot set those of a link refuse."""
        if os.utime in os.supports_follow_symlinks:
            os.utime(self._at(name), ns=times, follow_symlinks=False)
            return
        if self.stat(name).kind == modes.S_IFLNK:
            fail(errno.ENOTSUP)
        os.utime(self._at(name), ns=times)

    def make_directory(self, name: bytes) -> None:
        """See :meth:`.Folder.make_directory`."""
        os.mkdir(self._other(name, errno.EEXIST), NEW_DIRECTORY)

    def remove_directory(self, name: bytes) -> None:
        """See :meth:`.Folder.remove_directory`."""
        path = self._other(name, errno.EINVAL)
        if self.stat(name).kind != modes.S_IFDIR:
            fail(errno.ENOTDIR)
        os.rmdir(path)

    def unlink(self, name: bytes) -> None:
        """See :meth:`.Folder.unlink`."""
        path = self._other(name, errno.EISDIR)
        if self.stat(name).kind == modes.S_IFDIR:
            fail(errno.EISDIR)
        os.unlink(path)

    def symlink(self, target: bytes, name: bytes) -> None:
        """See :meth:`.Folder.symlink`."""
        os.symlink(os.fsdecode(target).replace("/", os.sep), self._other(name, errno.EEXIST))

    def link(self, name: bytes, other: Folder, other_name: bytes) -> None:
        """See :meth:`.Folder.link`."""
        new = _same_kind(other)._other(other_name, errno.EEXIST)
        if self.stat(name).kind == modes.S_IFDIR:
            fail(errno.EEXIST if os.path.lexists(new) else errno.EPERM)
        if os.link in os.supports_follow_symlinks:
            link(self._at(name), new)
        else:
            os.link(self._at(name), new)

    def rename(self, name: bytes, other: Folder, other_name: bytes) -> None:
        """See :meth:`.Folder.rename`."""
        new = _same_kind(other)._other(other_name, errno.EBUSY)
        os.replace(self._other(name, errno.EBUSY), new)

    def entries(self) -> list[Entry]:
        """See :meth:`.Folder.entries`."""
        with os.scandir(self._path) as found:
            return [(os.fsencode(entry.name), entry.inode(), kind_of(entry)) for entry in found]

    def sync(self) -> None:
        """Do nothing: hosts without relative names do not sync directories."""

    def release(self) -> None:
        """Do nothing: the host holds nothing."""

    def _at(self, name: bytes) -> str:
        """Return the path of a name."""
        return self._path if name == b"." else os.path.join(self._path, portable_names.check(name))

    def _other(self, name: bytes, number: int) -> str:
        """Return the path of a name that is not to be this directory's, which is the error with that number."""
        if name == b".":
            fail(number)
        return self._at(name)

    def _kind(self, name: bytes) -> int | None:
        try:
            return self.stat(name).kind
        except FileNotFoundError:
            return None


def _same_kind(folder: Folder) -> TrustedFolder:
    if not isinstance(folder, TrustedFolder):
        fail(errno.EXDEV)
    return folder


class TrustedFile(HostFile):
    """A real file, on hosts that cannot read and write at offsets, nor change flags, nor set the times of what is open.

    :param path: of the file; the others are those of :class:`HostFile`
    """

    __slots__ = ("_path",)

    def __init__(self, number: int, how: int, kind: int, path: str) -> None:
        super().__init__(number, how, kind)
        self._path = path

    def write(self, data: bytes) -> int:
        """See :meth:`.Descriptor.write`."""
        if self.append:
            self.seek(0, os.SEEK_END)
        return super().write(data)

    def read_at(self, size: int, offset: int) -> bytes:
        """See :meth:`.Descriptor.read_at`."""
        check_range(offset, size)
        position = self.seek(0, os.SEEK_CUR)
        self.seek(offset, os.SEEK_SET)
        try:
            return self.read(min(size, MOST_READ))
        finally:
            self.seek(position, os.SEEK_SET)

    def write_at(self, data: bytes, offset: int) -> int:
        """See :meth:`.Descriptor.write_at`."""
        check_range(offset, len(data))
        position = self.seek(0, os.SEEK_CUR)
        self.seek(offset, os.SEEK_SET)
        try:
            return self.write(data)
        finally:
            self.seek(position, os.SEEK_SET)

    def set_times(self, times: Times) -> None:
        """See :meth:`.Descriptor.set_times`."""
        self._need_times()
        os.utime(self._path, ns=times)

    def set_status_flags(self, append: bool, nonblock: bool, synchronous: bool) -> None:
        """See :meth:`.Descriptor.set_status_flags`."""
        if synchronous:
            fail(errno.EINVAL)
        self.append = append
        self.nonblock = nonblock
