"""What a job is: a module of C, how it is used, and the packages in pure Python that do the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.libraries.hosts import Host, HostFunctions

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

#: Does the job once; its result is compared with those of all others.
Work = Callable[[], bytes]


@dataclass(frozen=True)
class Job:
    """A module and how it is used.

    ``module`` gives its path, and raises SourceError or BuildError. ``data`` takes a host and gives what to work on.
    ``prepare`` takes a host and the data and gives what does the job. ``packages`` take the data and give what does
    the same in Python, and raise ImportError where a package is not installed. ``functions`` are what the module
    imports from ``env``.
    """

    name: str
    module_name: str
    module: Callable[[], Path]
    data: Callable[[Host], bytes]
    prepare: Callable[[Host, bytes], Work]
    packages: Mapping[str, Callable[[bytes], Work]]
    functions: HostFunctions = field(default_factory=dict)


def documents(_: Host) -> bytes:
    """Return this repository's documents in one."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return b"\n".join(path.read_bytes() for path in paths)


def put(host: Host, data: bytes) -> int:
    """Return the address of a copy of ``data`` in the host's memory, with a NUL behind it."""
    start: int = host.call("malloc", len(data) + 1)
    host.write(start, data + b"\0")
    return start
