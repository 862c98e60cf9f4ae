"""Writing what was generated: all of it or nothing."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from wasm2py.errors import UsageError, Wasm2pyError

STDOUT: Final = "-"

_MARK: Final = b"wasm2py"
_MARK_WITHIN: Final = 1024


def is_package_path(path: str) -> bool:
    """Whether an output path means a package directory: it ends in a slash or is a directory already."""
    return path.endswith(("/", os.sep)) or (path != STDOUT and os.path.isdir(path))


def is_generated(path: Path) -> bool:
    """Whether a file is output of wasm2py, told by its header."""
    try:
        with open(path, "rb") as file:
            return _MARK in file.read(_MARK_WITHIN)
    except OSError:
        return False


def write_stdout(source: str) -> None:
    """Write a module to standard output, in UTF-8 whatever the locale is.

    :param source: the module's text
    :raises Wasm2pyError: standard output is closed or full
    """
    if sys.stdout is None:  # closed by the caller
        raise Wasm2pyError("standard output cannot be written: it is closed")
    try:
        sys.stdout.buffer.write(source.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        # What is left in the buffer would fail a second time when Python flushes it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise _failed("standard output", error) from None


def write_file(path: str, source: str) -> None:
    """Write a single-file module: a temporary file in the same directory, then one rename.

    Symbolic links are followed, an existing file's permissions stay, and a device is written to as it is.

    :param path: the output file
    :param source: the module's text
    :raises Wasm2pyError: it cannot be written; nothing is left behind, and an existing file is untouched
    """
    try:
        mode = _mode(path)
        if mode is not None and not stat.S_ISREG(mode):
            with open(path, "wb") as device:
                device.write(source.encode())
            return
        target = os.path.realpath(path)
        handle, temporary = tempfile.mkstemp(prefix=".wasm2py-", suffix=".tmp", dir=os.path.dirname(target))
        try:
            with open(handle, "wb") as file:
                file.write(source.encode())
            os.chmod(temporary, 0o666 & ~_umask() if mode is None else stat.S_IMODE(mode))
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except (OSError, ValueError) as error:
        raise _failed(path, error) from None


def check_package(path: str) -> None:
    """Refuse to replace a directory that holds anything but earlier output; costs nothing to ask before the work.

    :param path: the output directory
    :raises UsageError: it is a file, the current directory, or has foreign files in it
    """
    target = Path(path)
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{path} is a file: name a directory for the package, or a file without the slash")
    if target.samefile(os.curdir):
        raise UsageError(f"{path} is the current directory: name a new directory for the package")
    for entry in sorted(target.iterdir()):
        if entry.name != "__pycache__" and not is_generated(entry):
            raise UsageError(f"{path} holds {entry.name!r}, which wasm2py did not write: name a new directory")


def write_package(path: str, parts: Mapping[str, str]) -> None:
    """Write a package: a temporary directory beside it, then a rename that replaces earlier output.

    :param path: the output directory
    :param parts: text by file name
    :raises UsageError: see :func:`check_package`
    :raises Wasm2pyError: it cannot be written; nothing is left behind, and an existing package is untouched
    """
    check_package(path)
    target = os.path.realpath(path)
    try:
        with tempfile.TemporaryDirectory(prefix=".wasm2py-", dir=os.path.dirname(target)) as workspace:
            fresh, old = os.path.join(workspace, "new"), os.path.join(workspace, "old")
            os.mkdir(fresh)
            for name, source in parts.items():
                Path(fresh, name).write_bytes(source.encode())
            if os.path.isdir(target):
                shutil.copymode(target, fresh)
                os.rename(target, old)
            try:
                os.rename(fresh, target)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.rename(old, target)
                raise
    except (OSError, ValueError) as error:
        raise _failed(path, error) from None


def _mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _umask() -> int:
    # The only portable way to read it is to set it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _failed(path: str, error: Exception) -> Wasm2pyError:
    folder = os.path.dirname(os.path.normpath(path))
    if isinstance(error, FileNotFoundError) and not os.path.isdir(folder or os.curdir):
        return Wasm2pyError(f"{path} cannot be written: there is no directory {folder}")
    return Wasm2pyError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}")
