"""The calls of preview 1 that are not built yet.

They are present with their signatures, so that every program links, and answer ``ENOSYS``, which programs know how to
take: most import more than they ever call.
"""

from __future__ import annotations

from . import errnos
from .registry import syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

_SIGNATURES = """
fd_advise: i32 i64 i64 i32
fd_allocate: i32 i64 i64
fd_datasync: i32
fd_fdstat_set_rights: i32 i64 i64
fd_filestat_get: i32 i32
fd_filestat_set_size: i32 i64
fd_filestat_set_times: i32 i64 i64 i32
fd_pread: i32 i32 i32 i64 i32
fd_pwrite: i32 i32 i32 i64 i32
fd_readdir: i32 i32 i32 i64 i32
fd_renumber: i32 i32
fd_sync: i32
fd_tell: i32 i32
path_create_directory: i32 i32 i32
path_filestat_get: i32 i32 i32 i32 i32
path_filestat_set_times: i32 i32 i32 i32 i64 i64 i32
path_link: i32 i32 i32 i32 i32 i32 i32
path_open: i32 i32 i32 i32 i32 i64 i64 i32 i32
path_readlink: i32 i32 i32 i32 i32 i32
path_remove_directory: i32 i32 i32
path_rename: i32 i32 i32 i32 i32 i32
path_symlink: i32 i32 i32 i32 i32
path_unlink_file: i32 i32 i32
proc_raise: i32
sock_accept: i32 i32 i32
sock_recv: i32 i32 i32 i32 i32 i32
sock_send: i32 i32 i32 i32 i32
sock_shutdown: i32 i32
"""


def _register() -> None:
    for line in _SIGNATURES.split("\n")[1:-1]:
        name, parameters = line.split(": ")

        def unbuilt(state: State, *arguments: int) -> int:
            return errnos.ENOSYS

        unbuilt.__name__ = name
        syscall(parameters)(unbuilt)


_register()
