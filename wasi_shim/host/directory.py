"""The directory that a guest holds as a descriptor: all that it can do with paths below it."""

from __future__ import annotations

import errno
import stat as modes

from .descriptor import Descriptor, fail
from .folder import CHANGING, CREATE, DIRECTORY, EXCLUSIVE, TIMES, Folder
from .paths import Place, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .filestat import Filestat
    from .folder import Entry, Times


class OpenDirectory(Descriptor):
    """An open directory, which is the root of every path that a guest gives with it.

    :param folder: the directory; it is released when the descriptor is closed
    :param read_only: whether the guest may change nothing in it, nor in what it opens through it
    :param preopened: the guest's path, where it was opened before the guest began
    """

    __slots__ = ("_folder", "_listing", "preopened", "read_only")

    kind = modes.S_IFDIR

    def __init__(self, folder: Folder, read_only: bool, preopened: bytes | None = None) -> None:
        self._folder = folder
        self.read_only = read_only
        self.preopened = preopened
        self._listing: list[Entry] | None = None

    def directory(self) -> OpenDirectory:
        """Return itself."""
        return self

    def seek(self, offset: int, whence: int) -> int:
        """Raise ``EBADF``."""
        fail(errno.EBADF)

    def stat(self) -> Filestat:
        """Describe the directory itself."""
        return self._folder.stat(b".")

    def set_times(self, times: Times) -> None:
        """Set the times of the directory itself."""
        self._allow_changes()
        self._folder.set_times(b".", times)

    def sync(self, data_only: bool) -> None:
        """Make changes of the directory itself lasting."""
        self._folder.sync()

    def listing(self, anew: bool) -> list[Entry]:
        """List what is in the directory, ``.`` and ``..`` first.

        :param anew: whether to look, instead of returning what the last call has returned

        The parent is outside of the guest's world: ``..`` has the number of the directory itself.
        """
        if anew or self._listing is None:
            inode = self._folder.stat(b".").inode
            self._listing = [(b".", inode, modes.S_IFDIR), (b"..", inode, modes.S_IFDIR), *self._folder.entries()]
        return self._listing

    def close(self) -> None:
        """Release the folder."""
        self._folder.release()

    def open_at(self, path: bytes, how: int, follow: bool) -> Descriptor:
        """Open a file or directory.

        :param how: a sum of the constants of :mod:`.folder`
        :param follow: whether to follow a symbolic link at the end
        """
        if how & CHANGING:
            self._allow_changes()
        if not self.read_only:
            how |= TIMES
        with self._file(path, follow and not how & EXCLUSIVE) as place:
            if place.directory:
                if how & CREATE:
                    fail(errno.EISDIR)
                how |= DIRECTORY
            found = place.folder.open(place.name, how)
        return OpenDirectory(found, self.read_only) if isinstance(found, Folder) else found

    def stat_at(self, path: bytes, follow: bool) -> Filestat:
        """Describe a file."""
        with self._file(path, follow) as place:
            found = place.folder.stat(place.name)
            if place.directory and found.kind != modes.S_IFDIR:
                fail(errno.ENOTDIR)
            return found

    def set_times_at(self, path: bytes, follow: bool, times: Times) -> None:
        """Set the times of a file."""
        self._allow_changes()
        with self._file(path, follow) as place:
            if place.directory and place.folder.stat(place.name).kind != modes.S_IFDIR:
                fail(errno.ENOTDIR)
            place.folder.set_times(place.name, times)

    def read_link_at(self, path: bytes) -> bytes:
        """Return the target of a symbolic link; ``EPERM`` where it is absolute, for then it tells of the host."""
        with self._file(path, False) as place:
            target = place.folder.read_link(place.name)
        if target[:1] == b"/":
            fail(errno.EPERM)
        return target

    def make_directory_at(self, path: bytes) -> None:
        """Make an empty directory."""
        self._allow_changes()
        with self._name(path) as place:
            place.folder.make_directory(place.name)

    def remove_directory_at(self, path: bytes) -> None:
        """Remove an empty directory."""
        self._allow_changes()
        with self._name(path) as place:
            place.folder.remove_directory(place.name)

    def unlink_at(self, path: bytes) -> None:
        """Remove what is no directory."""
        self._allow_changes()
        with self._name(path) as place:
            if place.directory:
                is_directory = place.folder.stat(place.name).kind == modes.S_IFDIR
                fail(errno.EISDIR if is_directory else errno.ENOTDIR)
            place.folder.unlink(place.name)

    def symlink_at(self, target: bytes, path: bytes) -> None:
        """Make a symbolic link; its target may be anything but absolute, since following it is what is checked."""
        self._allow_changes()
        if target[:1] == b"/":
            fail(errno.EPERM)
        with self._name(path) as place:
            if place.directory:
                is_directory = place.folder.stat(place.name).kind == modes.S_IFDIR
                fail(errno.EEXIST if is_directory else errno.ENOTDIR)
            place.folder.symlink(target, place.name)

    def link_at(self, path: bytes, other: OpenDirectory, other_path: bytes) -> None:
        """Make a hard link.

        A file that may only be read must not get a name through which it may be written, so neither directory may be
        read-only.
        """
        self._allow_changes()
        other._allow_changes()
        with self._name(path) as place, other._name(other_path) as new:
            if place.directory:
                is_directory = place.folder.stat(place.name).kind == modes.S_IFDIR
                fail(errno.EPERM if is_directory else errno.ENOTDIR)
            if new.directory:
                new.folder.stat(new.name)
                fail(errno.EEXIST)
            place.folder.link(place.name, new.folder, new.name)

    def rename_at(self, path: bytes, other: OpenDirectory, other_path: bytes) -> None:
        """Move a file or directory; neither directory may be read-only."""
        self._allow_changes()
        other._allow_changes()
        with self._name(path) as place, other._name(other_path) as new:
            if (place.directory or new.directory) and place.folder.stat(place.name).kind != modes.S_IFDIR:
                fail(errno.ENOTDIR)
            place.folder.rename(place.name, new.folder, new.name)

    def _file(self, path: bytes, follow: bool) -> Place:
        """Find a file; the link in ``link/`` is followed in any case, as POSIX has it."""
        return resolve(self._folder, path, follow or path[-1:] == b"/")

    def _name(self, path: bytes) -> Place:
        """Find a name that is to be made, removed or moved, whatever it stands for."""
        return resolve(self._folder, path, False)

    def _allow_changes(self) -> None:
        if self.read_only:
            fail(errno.EPERM)
