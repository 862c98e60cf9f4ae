"""What a host knows about a file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os


class Filestat:
    """The attributes of a file.

    :ivar device: number of the device that holds it
    :ivar inode: its number there
    :ivar kind: its type as in ``st_mode``, an ``S_IF`` constant of :mod:`stat`, or 0 where there is none
    :ivar links: number of its hard links
    :ivar size: in bytes
    :ivar times: of the last access, change of the contents, and change of the attributes, in nanoseconds since 1970
    """

    __slots__ = ("device", "inode", "kind", "links", "size", "times")

    def __init__(
        self,
        kind: int,
        *,
        device: int = 0,
        inode: int = 0,
        links: int = 0,
        size: int = 0,
        times: tuple[int, int, int] = (0, 0, 0),
    ) -> None:
        self.kind = kind
        self.device = device
        self.inode = inode
        self.links = links
        self.size = size
        self.times = times

    @classmethod
    def of(cls, found: os.stat_result) -> Filestat:
        """Take over what ``os.stat`` found."""
        return cls(
            found.st_mode & 0o170000,
            device=found.st_dev,
            inode=found.st_ino,
            links=found.st_nlink,
            size=found.st_size,
            times=(found.st_atime_ns, found.st_mtime_ns, found.st_ctime_ns),
        )
