"""Shared memories on real threads."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from runtime_support import Instance, Trap, threads
from runtime_support.threads import SharedMemory, atomic_load, atomic_notify, atomic_wait
from tests.unit.ir.oracle import binary
from wasm2py.options import Options
from wasm2py.transpile import transpile

MODULE = """(module (import "m" "memory" (memory 1 8 shared))
    (func (export "count") (param $times i32)
        (loop $again
            (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
            (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
    (func $lock (local $old i32) ;; 0 free, 1 held, 2 held and somebody waits
        (local.set $old (i32.atomic.rmw.cmpxchg (i32.const 8) (i32.const 0) (i32.const 1)))
        (block $held
            (br_if $held (i32.eqz (local.get $old)))
            (loop $again
                (if (i32.atomic.rmw.xchg (i32.const 8) (i32.const 2))
                    (then
                        (drop (memory.atomic.wait32 (i32.const 8) (i32.const 2) (i64.const -1)))
                        (br $again))))))
    (func $unlock
        (if (i32.ne (i32.atomic.rmw.xchg (i32.const 8) (i32.const 0)) (i32.const 1))
            (then (drop (memory.atomic.notify (i32.const 8) (i32.const 1))))))
    (func (export "count locked") (param $times i32)
        (loop $again
            (call $lock)
            (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
            (call $unlock)
            (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "size") (result i32) (memory.size))
    (func (export "last") (result i32)
        (i32.load8_u (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1))))
    (func (export "touch until") (param $pages i32) (result i32) (local $turns i32)
        (loop $again
            (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
            (i32.store (i32.const 65000) (local.get $turns))
            (i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 7))
            (br_if $again (i32.lt_u (memory.size) (local.get $pages))))
        (i32.load (i32.const 65000))))"""

WORKERS = 4
TURNS = 1500


@pytest.fixture(scope="module")
def instantiate() -> Callable[[SharedMemory], Instance]:
    (source,) = transpile(binary(MODULE), Options(format="none")).parts.values()
    namespace: dict[str, Any] = {"__name__": "generated"}
    exec(compile(str(source), "<generated>", "exec"), namespace)
    return lambda memory: namespace["instantiate"]({"m": {"memory": memory}})  # type: ignore[no-any-return]  # generated code has no types


@pytest.fixture
def _busy() -> Iterator[None]:
    """Switch threads as often as possible."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def run(*functions: Callable[[], object]) -> list[object]:
    """Call each function in a thread of its own; their results."""
    results: list[object] = [None] * len(functions)

    def work(index: int) -> None:
        results[index] = functions[index]()

    workers = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(len(functions))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results


@pytest.mark.usefixtures("_busy")
@pytest.mark.parametrize("shared_instance", [False, True])
@pytest.mark.parametrize(("name", "address"), [("count", 0), ("count locked", 4)])
def test_no_turn_is_lost(
    instantiate: Callable[[SharedMemory], Instance], name: str, address: int, shared_instance: bool
) -> None:
    memory = SharedMemory(1, 8)
    one = instantiate(memory)
    instances = [one if shared_instance else instantiate(memory) for _ in range(WORKERS)]
    run(*[partial(instance.exports[name], TURNS) for instance in instances])
    assert atomic_load(memory, address, 4) == WORKERS * TURNS


LOOPS = """(module (import "m" "memory" (memory 4 8 shared))
    (func (export "copy") (param $to i32) (param $from i32) (param $words i32)
        (loop $again
            (i32.store (local.get $to) (i32.load (local.get $from)))
            (local.set $to (i32.add (local.get $to) (i32.const 4)))
            (local.set $from (i32.add (local.get $from) (i32.const 4)))
            (br_if $again (local.tee $words (i32.sub (local.get $words) (i32.const 1))))))
    (func $sum (param $from i32) (param $words i32) (result i32) (local $sum i32)
        (loop $again
            (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $from))))
            (local.set $from (i32.add (local.get $from) (i32.const 4)))
            (br_if $again (local.tee $words (i32.sub (local.get $words) (i32.const 1)))))
        (local.get $sum))
    (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "sums") (param $from i32) (param $times i32) (result i32) (local $sum i32)
        (loop $again
            (local.set $sum (i32.add (local.get $sum) (call $sum (local.get $from) (i32.const 64))))
            (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
        (local.get $sum))
    (func (export "rounded") (param $x f32) (param $times i32) (result i32) (local $right i32)
        (loop $again
            (local.set $right (i32.add (local.get $right) (f32.eq (local.get $x)
                (f32.mul (f32.div (local.get $x) (f32.const 3)) (f32.const 3)))))
            (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
        (local.get $right)))"""


def loops(memory: SharedMemory) -> Instance:
    """An instance with loops over memory that are slices in Python, and f32 that are rounded."""
    (source,) = transpile(binary(LOOPS), Options(format="none")).parts.values()
    namespace: dict[str, Any] = {"__name__": "generated"}
    exec(compile(str(source), "<generated>", "exec"), namespace)
    return namespace["instantiate"]({"m": {"memory": memory}})  # type: ignore[no-any-return]  # generated code has no types


@pytest.mark.usefixtures("_busy")
def test_threads_in_one_instance_do_not_disturb_each_other() -> None:
    exports = loops(SharedMemory(4, 8)).exports

    def work(number: int) -> list[int]:
        base, found = number * 4096, []
        for turn in range(10):
            exports.fill(base, turn, 512)
            exports.copy(base + 1024, base, 64)
            found.append(exports.sums(base + 1024, TURNS))
            found.append(exports.rounded(number + 1, TURNS))
        return found

    sums = [turn * 0x01010101 * 64 * TURNS for turn in range(10)]
    wanted = [each for total in sums for each in ((total + 0x80000000) % 0x100000000 - 0x80000000, TURNS)]
    assert run(*[partial(work, number) for number in range(WORKERS)]) == [wanted] * WORKERS


def test_slices_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the place of a view there."""
    memory = SharedMemory(1, 2, page_size=16)
    assert isinstance(memory.views("Hs")[0], memoryview) is threads._one_at_a_time()
    monkeypatch.setattr(threads, "_one_at_a_time", lambda: False)
    [items] = memory.views("Hs")
    assert (len(items), items.itemsize, items.format) == (8, 2, "H")
    items[1:4] = memoryview(b"abcdef").cast("H")
    assert memory[:8] == b"\0\0abcdef"
    assert items[0:4:2].tolist() == [0, int.from_bytes(b"cd", sys.byteorder)]
    assert memory.grow(1) == 1
    assert len(items) == 16


def test_growth_reaches_every_instance(instantiate: Callable[[SharedMemory], Instance]) -> None:
    memory = SharedMemory(1, 3)
    one, two = instantiate(memory), instantiate(memory)
    before = memory.data
    assert run(lambda: one.exports.grow(2)) == [1]
    memory[3 * 65536 - 1] = 99
    memory[5] = 8
    assert (two.exports.size(), two.exports.last(), before[5]) == (3, 99, 8)
    assert (one.exports.grow(1), one.exports.grow(0), memory.grow(1)) == (-1, 3, -1)


@pytest.mark.usefixtures("_busy")
def test_growth_disturbs_nobody(instantiate: Callable[[SharedMemory], Instance]) -> None:
    memory = SharedMemory(1, 8)
    one, two, three = (instantiate(memory) for _ in range(3))

    def grow() -> None:
        while memory.size < 8:
            three.exports.grow(1)

    turns = run(lambda: one.exports["touch until"](8), lambda: two.exports["touch until"](8), grow)
    assert all(isinstance(count, int) and count > 0 for count in turns[:2])


def test_the_new_size_shows_when_it_can_be_used() -> None:
    memory = SharedMemory(1, 3)
    seen: list[tuple[int, int]] = []
    memory.bind(lambda: seen.append((memory.size, len(memory.data))))
    memory.grow(2)
    assert seen == [(1, 65536), (1, 3 * 65536)]
    assert memory.size == 3


def notified(memory: SharedMemory, address: int, count: int, wanted: int) -> list[int]:
    """Notify until ``wanted`` threads have been woken, however late they come; how many each time, but for none."""
    woken: list[int] = []
    while sum(woken) < wanted:
        number = atomic_notify(memory, address, count)
        woken += [number] if number else []
    return woken


def test_notify_wakes_as_many_as_it_may() -> None:
    memory = SharedMemory(1, 1)
    results: list[list[object]] = []
    waiting = threading.Thread(
        target=lambda: results.append(run(*[lambda: atomic_wait(memory, 8, 0, -1, 4)] * 3)), daemon=True
    )
    waiting.start()
    assert notified(memory, 8, 1, 3) == [1, 1, 1]
    waiting.join()
    assert results == [[0, 0, 0]]
    assert atomic_notify(memory, 8, 2**32 - 1) == 0


def test_waiting_is_by_address_and_memory() -> None:
    memory, other = SharedMemory(1, 1), SharedMemory(1, 1)
    results: list[int] = []
    waiting = threading.Thread(target=lambda: results.append(atomic_wait(memory, 8, 0, -1, 8)), daemon=True)
    waiting.start()
    while not memory._waiters:
        assert not results
    assert (atomic_notify(memory, 12, 1), atomic_notify(other, 8, 1), results) == (0, 0, [])
    assert notified(memory, 8, 5, 1) == [1]
    waiting.join()
    assert results == [0]
    assert memory._waiters == {}


def test_waiting_ends_by_itself() -> None:
    memory = SharedMemory(1, 1)
    memory[0:4] = b"\xff\xff\xff\xff"
    assert atomic_wait(memory, 0, 0, -1, 4) == 1
    assert atomic_wait(memory, 0, 0xFFFF_FFFF, 0, 4) == 2
    assert atomic_wait(memory, 0, 0xFFFF_FFFF, 1000, 8) == 2
    assert memory._waiters == {}


def test_the_longest_time_is_no_error() -> None:
    memory = SharedMemory(1, 1)
    results: list[int] = []
    waiting = threading.Thread(target=lambda: results.append(atomic_wait(memory, 0, 0, 2**63 - 1, 4)), daemon=True)
    waiting.start()
    assert notified(memory, 0, 1, 1) == [1]
    waiting.join()
    assert results == [0]


def test_an_interrupted_wait_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    memory = SharedMemory(1, 1)
    monkeypatch.setattr(threads.threading.Condition, "wait_for", interrupted)
    with pytest.raises(KeyboardInterrupt):
        atomic_wait(memory, 0, 0, -1, 4)
    assert memory._waiters == {}
    assert run(lambda: memory.grow(0)) == [1]  # the lock is free


def test_bulk_operations_and_bounds() -> None:
    memory = SharedMemory(1, 2, page_size=16)
    memory.init(0, b"0123456789abcdef", 0, 16)
    memory.copy(2, 0, 10)
    assert memory[:] == b"010123456789cdef"
    memory.copy(0, 3, 10)
    assert memory[:] == b"123456789c89cdef"
    memory.fill(14, 0x141, 2)
    assert memory[13:] == b"dAA"
    with pytest.raises(Trap, match="out of bounds"):
        memory.fill(15, 0, 2)
    assert memory.grow(1) == 1
    assert (len(memory), memory[16:]) == (32, bytes(16))


def test_a_large_maximum_takes_no_room() -> None:
    memory = SharedMemory(0, 65536)
    assert (memory.grow(32768), memory.grow(1), len(memory)) == (0, -1, 2**31)
    memory[2**31 - 1] = 1


def test_less_is_reserved_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def zero_pages(size: int) -> bytearray:
        if size > 5 * 65536:
            raise OSError("no room")
        return bytearray(size)

    monkeypatch.setattr(threads, "zero_pages", zero_pages)
    memory = SharedMemory(2, 16)
    assert (memory.type, memory.grow(2), memory.grow(1)) == ((2, 16, "i32", 65536, True), 2, -1)
    with pytest.raises(MemoryError, match="cannot allocate a memory of 393216 bytes"):
        SharedMemory(6, 16)


@pytest.mark.parametrize("limits", [(2, 1), (-1, 1), (65537, 65537)])
def test_senseless_limits(limits: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no memory has limits"):
        SharedMemory(*limits)
