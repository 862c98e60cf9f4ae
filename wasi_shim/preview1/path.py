"""Calls on paths, which are relative to an open directory and never lead outside of it.

What all of them return: ``EBADF`` where the descriptor is not open or is a stream; ``ENOTDIR`` where it is a file, or
something on the way is; ``ENOENT`` for an empty path, and where something on the way is missing; ``EPERM`` where the
path leads outside, or something is to be changed and the directory is read-only; ``EILSEQ`` where it is not UTF-8,
``EINVAL`` where it has a NUL; ``ELOOP`` for more than 40 links; ``ENAMETOOLONG``; what the host reports.
"""

from __future__ import annotations

from ..host import folder
from . import abi, errnos
from .filestat import follows
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

_CREAT, _DIRECTORY, _EXCL, _TRUNC = 1, 2, 4, 8
_OFLAGS = 15


@syscall("fd lookupflags path length oflags rights rights fdflags *fd")
def path_open(
    state: State,
    fd: int,
    lookup: int,
    path: int,
    size: int,
    oflags: int,
    base: int,
    inheriting: int,
    fdflags: int,
    opened: int,
) -> int | None:
    """Open a file or directory, possibly making the file.

    :param fd: i32, a directory
    :param lookup: i32, lookupflags: 1 follow a symbolic link at the end
    :param path: i32, address of the path
    :param size: i32, its length in bytes
    :param oflags: i32: 1 make it, 2 fail if it is no directory, 4 fail if it is there already, 8 drop the contents
    :param base: i64, rights: whether those to read and to write are among them decides how the file is opened
    :param inheriting: i64, rights; they have no meaning here
    :param fdflags: i32: 1 append, 4 nonblock; 2, 8 and 16, the synchronous ones, are not offered
    :param opened: i32, address where the number of the new descriptor goes, u32
    :returns: besides what all calls return, ``EINVAL`` for a directory to be made or truncated; ``ENOTSUP`` for
        synchronous flags; ``EEXIST``; ``EISDIR`` where a directory is to be written; ``ELOOP`` where it is a link that
        is not followed; ``EMFILE``
    :raises Trap: where a bit of ``lookup``, ``oflags`` or ``fdflags`` is no flag

    Descriptor 5::

        05 00 00 00
    """
    follow = follows(lookup)
    if oflags & ~_OFLAGS:
        abi.bad_value("set of oflags", oflags)
    if fdflags & ~abi.FDFLAGS:
        abi.bad_value("set of fdflags", fdflags)
    data = state.data()
    abi.check(data, opened, 4, 4)
    directory = state.descriptor(fd).directory()
    name = abi.path(data, path, size)
    if fdflags & ~(abi.FDFLAG_APPEND | abi.FDFLAG_NONBLOCK):
        return errnos.ENOTSUP
    if oflags & _DIRECTORY and oflags != _DIRECTORY:
        return errnos.EINVAL
    state.check_room()
    how = _how(oflags, base, fdflags)
    abi.U32.pack_into(data, opened, state.add(directory.open_at(name, how, follow)))
    return None


def _how(oflags: int, rights: int, fdflags: int) -> int:
    """Translate to the constants of :mod:`wasi_shim.host.folder`."""
    how = 0
    for given, flag, meaning in (
        (rights, abi.RIGHT_FD_READ, folder.READ),
        (rights, abi.RIGHT_FD_WRITE, folder.WRITE),
        (oflags, _CREAT, folder.CREATE),
        (oflags, _DIRECTORY, folder.DIRECTORY),
        (oflags, _EXCL, folder.EXCLUSIVE),
        (oflags, _TRUNC, folder.TRUNCATE),
        (fdflags, abi.FDFLAG_APPEND, folder.APPEND),
        (fdflags, abi.FDFLAG_NONBLOCK, folder.NONBLOCK),
    ):
        if given & flag:
            how |= meaning
    return how


@syscall("fd path length")
def path_create_directory(state: State, fd: int, path: int, size: int) -> None:
    """Make an empty directory.

    :param fd: i32, a directory
    :param path: i32, address of the path; a slash at its end makes no difference
    :param size: i32, its length in bytes
    :returns: besides what all calls return, ``EEXIST``
    """
    state.descriptor(fd).directory().make_directory_at(abi.path(state.data(), path, size))


@syscall("fd path length")
def path_remove_directory(state: State, fd: int, path: int, size: int) -> None:
    """Remove an empty directory.

    :param fd: i32, a directory
    :param path: i32, address of the path
    :param size: i32, its length in bytes
    :returns: besides what all calls return, ``ENOTEMPTY``; ``ENOTDIR`` where it is no directory
    """
    state.descriptor(fd).directory().remove_directory_at(abi.path(state.data(), path, size))


@syscall("fd path length")
def path_unlink_file(state: State, fd: int, path: int, size: int) -> None:
    """Remove a file or symbolic link.

    :param fd: i32, a directory
    :param path: i32, address of the path
    :param size: i32, its length in bytes
    :returns: besides what all calls return, ``EISDIR`` where it is a directory
    """
    state.descriptor(fd).directory().unlink_at(abi.path(state.data(), path, size))


@syscall("fd path length *buffer length *size")
def path_readlink(state: State, fd: int, path: int, size: int, buffer: int, length: int, used: int) -> None:
    """Store the target of a symbolic link, cut off where it does not fit, without a NUL.

    :param fd: i32, a directory
    :param path: i32, address of the path
    :param size: i32, its length in bytes
    :param buffer: i32, address where the target goes
    :param length: i32, room there, in bytes
    :param used: i32, address where the number of bytes stored goes, u32
    :returns: besides what all calls return, ``EINVAL`` where it is no symbolic link; ``EPERM`` where the target is
        absolute, since it tells of the host

    The target ``a/b``::

        buffer     used
        61 2f 62   03 00 00 00
    """
    data = state.data()
    abi.check(data, buffer, length, 1)
    abi.check(data, used, 4, 4)
    target = state.descriptor(fd).directory().read_link_at(abi.path(data, path, size))[:length]
    data[buffer : buffer + len(target)] = target
    abi.U32.pack_into(data, used, len(target))


@syscall("path length fd path length")
def path_symlink(state: State, target: int, target_size: int, fd: int, path: int, size: int) -> None:
    """Make a symbolic link.

    :param target: i32, address of what it stands for, a path relative to the directory of the link
    :param target_size: i32, its length in bytes
    :param fd: i32, a directory
    :param path: i32, address of the path of the link
    :param size: i32, its length in bytes
    :returns: besides what all calls return, ``EEXIST``; ``EPERM`` where the target is absolute
    """
    data = state.data()
    directory = state.descriptor(fd).directory()
    directory.symlink_at(abi.path(data, target, target_size), abi.path(data, path, size))


@syscall("fd lookupflags path length fd path length")
def path_link(
    state: State, fd: int, lookup: int, path: int, size: int, new_fd: int, new_path: int, new_size: int
) -> int | None:
    """Make a hard link.

    :param fd: i32, a directory
    :param lookup: i32, lookupflags: following links is not offered
    :param path: i32, address of the path of the file
    :param size: i32, its length in bytes
    :param new_fd: i32, a directory
    :param new_path: i32, address of the path of the link
    :param new_size: i32, its length in bytes
    :returns: besides what all calls return, ``EINVAL`` where links are to be followed; ``EPERM`` where it is a
        directory; ``EEXIST``; ``EXDEV`` between file systems
    :raises Trap: where a bit of ``lookup`` is no flag
    """
    if follows(lookup):
        return errnos.EINVAL
    data = state.data()
    old, new = state.descriptor(fd).directory(), state.descriptor(new_fd).directory()
    old.link_at(abi.path(data, path, size), new, abi.path(data, new_path, new_size))
    return None


@syscall("fd path length fd path length")
def path_rename(state: State, fd: int, path: int, size: int, new_fd: int, new_path: int, new_size: int) -> None:
    """Move a file or directory, in place of what has the new name.

    :param fd: i32, a directory
    :param path: i32, address of the path
    :param size: i32, its length in bytes
    :param new_fd: i32, a directory
    :param new_path: i32, address of the new path
    :param new_size: i32, its length in bytes
    :returns: besides what all calls return, ``ENOTEMPTY``, ``EISDIR`` or ``ENOTDIR`` where it cannot take the place of
        what is there; ``EINVAL`` for a directory into itself; ``EXDEV`` between file systems
    """
    data = state.data()
    old, new = state.descriptor(fd).directory(), state.descriptor(new_fd).directory()
    old.rename_at(abi.path(data, path, size), new, abi.path(data, new_path, new_size))
