"""A hundred instances in one process, one after another and in 16 threads, leave nothing behind."""

import gc
import tracemalloc
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from runtime_support import ExitError, Trap, budget, stack
from runtime_support.threads import DOOMED
from tests.programs.compilers import compile_c
from tests.transpiled import code_of
from tests.wasi.descriptors import descriptors, descriptors_of_the_living, needs_list
from wasi_shim import Directory, MemoryDirectory, Wasi
from wasm2py.options import Options

from .elsewhere import threads_left
from .sides import SOURCES
from .thread_programs import OWN, binary_of

INSTANCES = 100
THREADS = 16
TRACED = 32
"""Further instances, whose allocations are counted, which takes three times as long."""

MOST_BYTES = 1 << 16
"""What may be allocated more after those: a sixteenth of a single memory."""


@dataclass(frozen=True)
class Command:
    """A program, its arguments, and what it ends with."""

    name: str
    binary: bytes
    args: tuple[str, ...] = ()
    ends_with: object = 0


def commands():
    """Programs that end in different ways, and leave files open."""
    return {
        "files left open": lambda: Command("unlinked", compile_c(SOURCES / "unlinked.c")),
        "exit": lambda: Command("exits", compile_c(SOURCES / "exits.c"), ("exit", "3"), 3),
        "trap": lambda: Command("traps", compile_c(SOURCES / "traps.c"), ("memory",), "out of bounds memory access"),
        "threads": lambda: Command("queue", binary_of(OWN / "queue_program.c")),
        "threads and growth": lambda: Command("generations", binary_of(OWN / "generations_program.c"), (), 7),
    }


def run(module, command, folder):
    """Run an instance to its end; returns weak references to it and its memory."""
    wasi = Wasi(
        args=[command.name, *command.args],
        stdin=b"input",
        preopens={"/": MemoryDirectory({"file": b"contents"}), "/real": Directory(folder)},
    )
    instance = module.instantiate(wasi=wasi)
    try:
        instance.exports["_start"]()
        end = 0
    except ExitError as error:
        end = error.code
    except Trap as trap:
        end = trap.code
    assert end == command.ends_with
    return weakref.ref(instance), weakref.ref(instance.exports["memory"])


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, THREADS], ids=["one after another", "in 16 threads"])
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] * (name == "threads and growth")) for name in commands()]
)
def test_nothing_is_left(name, threads, tmp_path):
    command = commands()[name]()
    namespace = {"__name__": "program"}
    exec(code_of(command.binary, Options(format="none")), namespace)

    def batch(count):
        with ThreadPoolExecutor(threads) as pool:
            references = [
                ref
                for pair in pool.map(lambda _: run(namespace["MODULE"], command, tmp_path), range(count))
                for ref in pair
            ]
        assert threads_left() == []
        gc.collect()
        assert [reference() for reference in references if reference() is not None] == []
        return references

    batch(THREADS)  # caches and modules that are imported late
    before = descriptors()
    assert len(batch(INSTANCES)) == 2 * INSTANCES
    assert descriptors() - before == set()
    tracemalloc.start()
    try:
        allocated = tracemalloc.get_traced_memory()[0]
        batch(TRACED)
        assert tracemalloc.get_traced_memory()[0] - allocated < MOST_BYTES
    finally:
        tracemalloc.stop()
    assert (DOOMED, stack._depths, budget._entered) == ({}, {}, {})


@needs_list
def test_descriptors_are_closed_without_the_garbage_collector(tmp_path):
    """Where instances are parts of cycles, their descriptors must not wait for those to be found."""
    command = commands()["files left open"]()
    namespace = {"__name__": "program"}
    exec(code_of(command.binary, Options(format="none")), namespace)
    run(namespace["MODULE"], command, tmp_path)
    before = descriptors_of_the_living()
    gc.disable()
    try:
        references = [run(namespace["MODULE"], command, tmp_path) for _ in range(3)]
        assert descriptors() - before == set()
    finally:
        gc.enable()
    assert len(references) == 3
