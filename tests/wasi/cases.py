"""What is run: every source of ``sources/``, with arguments, environment, standard input and directories."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from .trees import Plan

_EMPTY: Mapping[str, Plan] = {"/": {}}


@dataclass(frozen=True)
class Case:
    """One run of a program.

    ``preopens`` are the directories that it may use, by the names that it knows, with what they hold at first;
    ``in_memory`` is whether file systems in memory can do the same.
    """

    source: str
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    preopens: Mapping[str, Plan] = field(default_factory=lambda: _EMPTY)
    read_only: tuple[str, ...] = ()
    in_memory: bool = True

    @property
    def name(self) -> str:
        """The source and what its first arguments begin with."""
        return "-".join((self.source, *(arg[:12] for arg in self.args[:3])))


_LINKS: Plan = {"file": b"contents", "folder": None, "folder/inside": b"in the folder"}
_KINDS: Plan = {
    "file": b"in the file",
    "empty": b"",
    "folder": None,
    "folder/inside": b"inside",
    "link": "file",
    "dirlink": "folder",
    "dangling": "nowhere",
    "loop": "loop",
}
_TRAPS = "none abort assert trap divide overflow memory stack call whence clock pointer alignment"
_BINARY = random.Random(5).randbytes(23_456) + bytes(range(256)) * 3

CASES: tuple[Case, ...] = (
    Case(
        "readdir_cookies.c",
        preopens={
            "/": {
                "folder": None,
                **{f"folder/{letter * length}": b"" for length, letter in enumerate("abcdefghij", 1)},
                "folder/a name that is much longer than all of the other names here": b"",
                "folder/link": "a",
                "folder/folder": None,
                "folder/ünïcödé": b"",
            }
        },
    ),
    Case("many_files.c"),
    Case("seek.c"),
    Case("truncate.c"),
    Case("append.c"),
    Case("rename.c"),
    Case("symlinks.c", preopens={"/": {**_LINKS, "planted-absolute": "/file", "planted-up": ".."}}),
    Case("hard_links.c", preopens={"/": {"folder": None}}),
    Case("unlinked.c"),
    Case("times.c", preopens={"/": {"planted": b""}}),
    Case("stat_fields.c", preopens={"/": _KINDS}),
    Case("open_flags.c", preopens={"/": _KINDS}),
    Case("pread_pwrite.c"),
    Case("directories.c", preopens={"/": _KINDS}),
    Case("renumber.c", preopens={"/": {"one": b"first", "two": b"second", "folder": None, "folder/inside": b""}}),
    Case("polling.c", preopens={"/": {"file": b"something to read"}}),
    Case("arguments.c"),
    Case("arguments.c", ("",)),
    Case("arguments.c", ("one", "two words", "ünïcödé 参数 \U0001f40d", "--", "-x", "'\"\\", "a\nb\t")),
    Case("arguments.c", tuple(f"argument {n}" for n in range(2000)), {f"VARIABLE_{n}": "x" * n for n in range(500)}),
    Case("arguments.c", ("long", "x" * 100_000), {"NAME": "valüe=with=signs", "EMPTY": "", "LONG": "y" * 70_000}),
    Case("stdin_lines.c"),
    Case("stdin_lines.c", ("lines",), stdin=b"one\n\ntwo\nthree, which is longer than the buffer\nno end"),
    Case("stdin_lines.c", ("end",), stdin=b"\n\n"),
    Case("stdin_binary.c"),
    Case("stdin_binary.c", ("random",), stdin=_BINARY),
    *(Case("exits.c", (way, str(status))) for way in ("return", "exit", "_exit") for status in (0, 1, 42, 125)),
    *(Case("traps.c", (way,)) for way in _TRAPS.split()),
    Case(
        "read_only.c",
        preopens={"/ro": {**_LINKS, "link": "file"}, "/rw": {"file": b"writable"}},
        read_only=("/ro",),
    ),
    Case(
        "preopens.c",
        preopens={
            "/data": {"file": b"in data", "innermost": None, "innermost/file": b"innermost"},
            "/": {"file": b"in the root", "database": None, "database/file": b"in the database"},
            "relative": {"file": b"in relative"},
            "/data/inner": {"file": b"inner"},
        },
    ),
    Case("preopens.c", ("none",), preopens={}),
    Case("preopens.c", ("current",), preopens={".": {"file": b"here"}}),
    # In memory, each directory is a file system of its own.
    Case("across.c", preopens={"/one": {**_LINKS, "link": "file"}, "/two": {}}, in_memory=False),
    Case("randomness.c"),
    Case("clocks.c"),
    Case("vectors.c"),
    Case("streams.c"),
    Case(
        "paths.c",
        preopens={"/": {"a": None, "a/file": b"contents", "a/b": None, "a/ünïcödé": b"unicode"}},
    ),
    Case("descriptors.c", preopens={"/": {"folder": None}}),
    Case("syncing.c"),
    Case("at_calls.c"),
    Case("walk.c", preopens={"/": {}, "/other": {}}),
    Case("large_file.c"),
    Case(
        "words.cpp",
        ("/one", "/missing", "/two"),
        {"HOME": "/home"},
        b"the\nnothing\n",
        {"/": {"one": b"the cat and the dog\nand the \xc3\xbcber-mouse", "two": b"one dog more\n" * 50}},
    ),
    Case("words.cpp", stdin=b"the"),
    Case("files.zig"),
)
