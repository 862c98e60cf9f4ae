"""The programs of wasi-threads: those of the official suite, and ours in ``threads/``."""

import json
from functools import cache
from pathlib import Path

import wasmtime

from tests.programs.compilers import compile_c, compile_zig

from .test_suite import SUITE

OFFICIAL = SUITE / "proposals" / "wasi-threads"
TEXTS = sorted(OFFICIAL.glob("*.wat"))
SIMPLE = OFFICIAL / "thread_spawn-simple.c"

OWN = Path(__file__).parent / "threads"
SOURCES = sorted(OWN.glob("*_program.*"))
EVERYWHERE = OWN / "everywhere.wat"
"""Ends with status 5 while its threads are in all the places that there are."""

_FLAGS = (
    *("-mcpu=generic+atomics+bulk_memory+mutable_globals", "-D_REENTRANT", "-fno-sanitize=all", "-Wno-unused"),
    "-Wl,--shared-memory,--import-memory,--export-memory,--max-memory=67108864",
)

_ZIG_FLAGS = (
    *("-mcpu=generic+atomics+bulk_memory", "-fno-single-threaded", "--export=wasi_thread_start"),
    *("--shared-memory", "--import-memory", "--export-memory", "--max-memory=67108864"),
)


def status_of(program):
    """The exit status that a program of the suite ends with."""
    path = program.with_suffix(".json")
    return json.loads(path.read_text(encoding="utf-8")).get("exit_code", 0) if path.exists() else 0


@cache
def binary_of(program):
    """A program as a module: from the text format, from C or from Zig."""
    if program.suffix == ".wat":
        return bytes(wasmtime.wat2wasm(program.read_text(encoding="utf-8")))
    if program.suffix == ".zig":
        return compile_zig(program, *_ZIG_FLAGS)
    others = [OFFICIAL / "wasi_thread_spawn.S"] if program == SIMPLE else [OWN / "start.S", OWN / "threads.c"]
    return compile_c(program, *_FLAGS, f"-I{OWN}", *map(str, [OWN / "spawn.c", *others]))
