"""A file system in the memory of this process: for hosts without a sandbox, for tests, and for programs in programs."""

from __future__ import annotations

import errno
import os
import stat as modes
import time
from _thread import RLock

from .descriptor import fail
from .file import LARGEST_SIZE, File, check_range
from .filestat import Filestat
from .folder import CREATE, DIRECTORY, EXCLUSIVE, TRUNCATE, WRITE, Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from .folder import Entry, Times

    Method = TypeVar("Method", bound=Callable[..., Any])

NAME_COST = 512
"""What a name counts for, whatever it stands for, so that empty files and hard links are not free."""

LONGEST_NAME = 255
"""Most bytes of a name, as in the file systems of Linux."""

DEVICE = 1
"""The number that all such file systems give as their device."""


def _exclusive(method: Method) -> Method:
    """Let a method have the file system to itself, which instances in several threads may share."""

    def exclusive(self: Any, *arguments: Any) -> Any:
        with self._lock:
            return method(self, *arguments)

    exclusive.__doc__ = method.__doc__
    return exclusive  # type: ignore[return-value]  # it takes and gives the same


class Volume:
    """What the nodes of one file system share.

    :param capacity: most bytes that it may hold, contents and :data:`NAME_COST` together
    :param clock: returns the time in nanoseconds since 1970

    :ivar lock: held while anything changes
    """

    __slots__ = ("capacity", "clock", "last_inode", "lock", "used")

    def __init__(self, capacity: int, clock: Callable[[], int] | None) -> None:
        self.capacity = capacity
        self.clock = clock or time.time_ns
        self.used = 0
        self.last_inode = 0
        self.lock = RLock()

    def charge(self, size: int) -> None:
        """Take room, or give it back where ``size`` is negative; ``ENOSPC`` where there is none."""
        if size > 0 and self.used + size > self.capacity:
            fail(errno.ENOSPC)
        self.used += size


class Node:
    """A file, directory or symbolic link.

    :ivar links: number of names
    :ivar holders: number of descriptors
    """

    __slots__ = ("holders", "inode", "links", "times", "volume")

    kind = 0

    def __init__(self, volume: Volume) -> None:
        volume.last_inode += 1
        self.volume = volume
        self.inode = volume.last_inode
        self.links = 1
        self.holders = 0
        now = volume.clock()
        self.times = (now, now, now)

    def size(self) -> int:
        """Return the number of bytes of its contents."""
        return 0

    def stat(self) -> Filestat:
        """Describe it."""
        return Filestat(
            self.kind, device=DEVICE, inode=self.inode, links=self.links, size=self.size(), times=self.times
        )

    def changed(self) -> None:
        """Note that the contents have changed just now."""
        now = self.volume.clock()
        self.times = (self.times[0], now, now)

    def set_times(self, times: Times) -> None:
        """Set the times of the last access and of the last change."""
        self.times = (*times, self.volume.clock())

    def drop(self) -> None:
        """Give the room back, once there is neither a name nor a descriptor."""
        if not self.links and not self.holders:
            self.volume.charge(-self.size())


class FileNode(Node):
    """A regular file."""

    __slots__ = ("data",)

    kind = modes.S_IFREG

    def __init__(self, volume: Volume) -> None:
        super().__init__(volume)
        self.data = bytearray()

    def size(self) -> int:
        """See :meth:`Node.size`."""
        return len(self.data)

    def resize(self, size: int) -> None:
        """Cut it off, or lengthen it with zeros; room is checked before any is taken."""
        more = size - len(self.data)
        self.volume.charge(more)
        if more > 0:
            self.data += bytes(more)
        else:
            del self.data[size:]

    def write(self, data: bytes, offset: int) -> None:
        """Write at an offset, after zeros where that is beyond the end."""
        if offset + len(data) > len(self.data):
            self.resize(offset + len(data))
        self.data[offset : offset + len(data)] = data
        self.changed()


class LinkNode(Node):
    """A symbolic link.

    :param target: what it stands for
    """

    __slots__ = ("target",)

    kind = modes.S_IFLNK

    def __init__(self, volume: Volume, target: bytes) -> None:
        volume.charge(len(target))
        super().__init__(volume)
        self.target = target

    def size(self) -> int:
        """See :meth:`Node.size`."""
        return len(self.target)


class DirectoryNode(Node):
    """A directory.

    :param parent: the directory that it is in, ``None`` for the root
    """

    __slots__ = ("nodes", "parent")

    kind = modes.S_IFDIR

    def __init__(self, volume: Volume, parent: DirectoryNode | None) -> None:
        super().__init__(volume)
        self.parent = parent
        self.nodes: dict[bytes, Node] = {}

    def is_within(self, other: Node) -> bool:
        """Tell whether this is ``other``, or below it."""
        node: DirectoryNode | None = self
        while node is not None:
            if node is other:
                return True
            node = node.parent
        return False


class MemoryFolder(Folder):
    """An open directory in memory."""

    __slots__ = ("_lock", "_node")

    def __init__(self, node: DirectoryNode) -> None:
        self._node = node
        self._lock = node.volume.lock

    def enter(self, name: bytes) -> MemoryFolder:
        """See :meth:`.Folder.enter`."""
        node = self._find(name)
        if not isinstance(node, DirectoryNode):
            fail(errno.ENOTDIR)
        return MemoryFolder(node)

    @_exclusive
    def open(self, name: bytes, how: int) -> MemoryFile | MemoryFolder:
        """See :meth:`.Folder.open`."""
        node = self._get(name)
        if node is None:
            if not how & CREATE:
                fail(errno.ENOENT)
            node = self._add(name, lambda: FileNode(self._node.volume))
        elif how & CREATE and how & EXCLUSIVE:
            fail(errno.EEXIST)
        if isinstance(node, LinkNode):
            fail(errno.ELOOP)
        if isinstance(node, DirectoryNode):
            if how & (WRITE | CREATE | TRUNCATE):
                fail(errno.EISDIR)
            return MemoryFolder(node)
        if how & DIRECTORY or not isinstance(node, FileNode):
            fail(errno.ENOTDIR)
        if how & TRUNCATE:
            node.resize(0)
            node.changed()
        return MemoryFile(node, how)

    def read_link(self, name: bytes) -> bytes:
        """See :meth:`.Folder.read_link`."""
        node = self._find(name)
        if not isinstance(node, LinkNode):
            fail(errno.EINVAL)
        return node.target

    def stat(self, name: bytes) -> Filestat:
        """See :meth:`.Folder.stat`."""
        return self._find(name).stat()

    def set_times(self, name: bytes, times: Times) -> None:
        """See :meth:`.Folder.set_times`."""
        self._find(name).set_times(times)

    @_exclusive
    def make_directory(self, name: bytes) -> None:
        """See :meth:`.Folder.make_directory`."""
        self._add(name, lambda: DirectoryNode(self._node.volume, self._node))

    @_exclusive
    def remove_directory(self, name: bytes) -> None:
        """See :meth:`.Folder.remove_directory`."""
        if name == b".":
            fail(errno.EINVAL)
        node = self._find(name)
        if not isinstance(node, DirectoryNode):
            fail(errno.ENOTDIR)
        if node.nodes:
            fail(errno.ENOTEMPTY)
        self._remove(name, node)

    @_exclusive
    def unlink(self, name: bytes) -> None:
        """See :meth:`.Folder.unlink`."""
        node = self._find(name)
        if isinstance(node, DirectoryNode):
            fail(errno.EISDIR)
        self._remove(name, node)

    @_exclusive
    def symlink(self, target: bytes, name: bytes) -> None:
        """See :meth:`.Folder.symlink`."""
        if not target:
            fail(errno.ENOENT)
        self._add(name, lambda: LinkNode(self._node.volume, target))

    @_exclusive
    def link(self, name: bytes, other: Folder, other_name: bytes) -> None:
        """See :meth:`.Folder.link`."""
        node = self._find(name)
        if isinstance(node, DirectoryNode):
            fail(errno.EPERM)
        self._same_volume(other)._add(other_name, lambda: node)
        node.links += 1

    @_exclusive
    def rename(self, name: bytes, other: Folder, other_name: bytes) -> None:
        """See :meth:`.Folder.rename`."""
        there = self._same_volume(other)
        if name == b"." or other_name == b".":
            fail(errno.EBUSY)
        node = self._find(name)
        old = there._get(other_name)
        if old is node:
            return
        if old is not None and self._node.is_within(old):
            fail(errno.ENOTEMPTY)
        there._check_new(other_name)
        if isinstance(node, DirectoryNode):
            if there._node.is_within(node):
                fail(errno.EINVAL)
            if old is not None and not isinstance(old, DirectoryNode):
                fail(errno.ENOTDIR)
        elif isinstance(old, DirectoryNode):
            fail(errno.EISDIR)
        if isinstance(old, DirectoryNode) and old.nodes:
            fail(errno.ENOTEMPTY)
        if old is not None:
            there._remove(other_name, old)
        del self._node.nodes[name]
        there._node.nodes[other_name] = node
        if isinstance(node, DirectoryNode):
            node.parent = there._node
        self._node.changed()
        there._node.changed()

    @_exclusive
    def entries(self) -> list[Entry]:
        """See :meth:`.Folder.entries`."""
        return [(name, node.inode, node.kind) for name, node in self._node.nodes.items()]

    def sync(self) -> None:
        """Do nothing: memory does not last."""

    def release(self) -> None:
        """Do nothing: the directory lives as long as somebody has it."""

    def _get(self, name: bytes) -> Node | None:
        return self._node if name == b"." else self._node.nodes.get(name)

    def _find(self, name: bytes) -> Node:
        node = self._get(name)
        if node is None:
            fail(errno.ENOENT)
        return node

    def _check_new(self, name: bytes) -> None:
        """Check that this directory may have something of that name."""
        if len(name) > LONGEST_NAME:
            fail(errno.ENAMETOOLONG)
        if not self._node.links:
            fail(errno.ENOENT)  # the directory itself has been removed

    def _add(self, name: bytes, make: Callable[[], Node]) -> Node:
        if self._get(name) is not None:
            fail(errno.EEXIST)
        self._check_new(name)
        self._node.volume.charge(NAME_COST)
        try:
            node = make()
        except OSError:
            self._node.volume.charge(-NAME_COST)
            raise
        self._node.nodes[name] = node
        self._node.changed()
        return node

    def _remove(self, name: bytes, node: Node) -> None:
        del self._node.nodes[name]
        self._node.changed()
        self._node.volume.charge(-NAME_COST)
        node.links -= 1
        node.drop()

    def _same_volume(self, other: Folder) -> MemoryFolder:
        if not isinstance(other, MemoryFolder) or other._node.volume is not self._node.volume:
            fail(errno.EXDEV)
        return other


class MemoryFile(File):
    """An open file in memory.

    :param node: the file
    :param how: a sum of the constants of :mod:`.folder`
    """

    __slots__ = ("_lock", "_node", "_position")

    kind = modes.S_IFREG

    def __init__(self, node: FileNode, how: int) -> None:
        super().__init__(how)
        self._lock = node.volume.lock
        self._node: FileNode | None = node
        self._position = 0
        node.holders += 1

    @_exclusive
    def read(self, size: int) -> bytes:
        """See :meth:`.Descriptor.read`."""
        data = self._read(size, self._position)
        self._position += len(data)
        return data

    @_exclusive
    def write(self, data: bytes) -> int:
        """See :meth:`.Descriptor.write`."""
        offset = self._file().size() if self.append else self._position
        self._write(data, offset)
        self._position = offset + len(data)
        return len(data)

    def read_at(self, size: int, offset: int) -> bytes:
        """See :meth:`.Descriptor.read_at`."""
        check_range(offset, size)
        return self._read(size, offset)

    @_exclusive
    def write_at(self, data: bytes, offset: int) -> int:
        """See :meth:`.Descriptor.write_at`; a file that is appended to is appended to."""
        check_range(offset, len(data))
        self._write(data, self._file().size() if self.append else offset)
        return len(data)

    def seek(self, offset: int, whence: int) -> int:
        """See :meth:`.Descriptor.seek`."""
        if whence == os.SEEK_CUR:
            offset += self._position
        elif whence == os.SEEK_END:
            offset += self._file().size()
        if not 0 <= offset <= LARGEST_SIZE:
            fail(errno.EINVAL)
        self._position = offset
        return offset

    def stat(self) -> Filestat:
        """See :meth:`.Descriptor.stat`."""
        return self._file().stat()

    @_exclusive
    def set_size(self, size: int) -> None:
        """See :meth:`.Descriptor.set_size`."""
        self._need_write(errno.EINVAL)
        self._file().resize(size)
        self._file().changed()

    def set_times(self, times: Times) -> None:
        """See :meth:`.Descriptor.set_times`."""
        self._need_times()
        self._file().set_times(times)

    @_exclusive
    def allocate(self, offset: int, size: int) -> None:
        """See :meth:`.Descriptor.allocate`."""
        self._need_write()
        if offset + size > self._file().size():
            self._file().resize(offset + size)

    def sync(self, data_only: bool) -> None:
        """Do nothing: memory does not last."""

    @_exclusive
    def close(self) -> None:
        """Give the file up, and its room where it has no name any more."""
        node, self._node = self._node, None
        if node is not None:
            node.holders -= 1
            node.drop()

    __del__ = close

    def _file(self) -> FileNode:
        if self._node is None:
            fail(errno.EBADF)
        return self._node

    def _read(self, size: int, offset: int) -> bytes:
        return bytes(self._file().data[offset : offset + size])

    def _write(self, data: bytes, offset: int) -> None:
        if data:
            self._file().write(data, offset)
