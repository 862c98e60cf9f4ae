"""Memories: accesses through views, growth, bulk operations, the host's access."""

from __future__ import annotations

import struct
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from runtime_support import Memory, Trap, memory
from runtime_support.budget import Budget
from runtime_support.threads import SharedMemory

PAGE = 65536


@pytest.mark.parametrize("start", [0, 1, 24, 62])
@pytest.mark.parametrize("format", list("bBhHiIqQfd"))
def test_shifted_views_reach_every_address_that_fits(format: str, start: int) -> None:
    m = Memory(1, page_size=64)
    m[0:64] = bytes(range(64))
    size = struct.calcsize(format)
    [view, views] = m.views(f"{format}{start} {format}x{start}")
    assert len(views) == size
    assert m.view(format, start) == view == views[0]
    assert start or m.views(f"{format} {format}x") == [view, views]
    for address in range(70):
        view, index = views[address % size], address // size
        if start + address + size <= 64:
            assert view[index] == struct.unpack_from(f"<{format}", bytes(range(64)), start + address)[0]
        else:
            with pytest.raises(IndexError):
                view[index]


def test_view_writes_to_the_memory() -> None:
    m = Memory(1)
    m.view("I")[2] = 0x04030201
    assert m[8:12] == bytes([1, 2, 3, 4])


@pytest.mark.parametrize("format", ["B", "Q"])
def test_views_of_an_empty_memory_have_no_items(format: str) -> None:
    m = Memory(0)
    one, there, all_, all_there = m.views(f"{format} {format}20 {format}x {format}x20")
    for view in (m.view(format), m.view(format, 20), one, there, *all_, *all_there):
        assert view.format == format
        with pytest.raises(IndexError):
            view[0]


def test_growth_keeps_the_bytes_and_rebinds() -> None:
    m = Memory(1, 3)
    m[0:3] = b"abc"
    seen: list[Any] = []
    m.attach(lambda: seen.append((m.size, bytes(m.data[:3]), len(m.data))))
    assert m.grow(2) == 1
    assert (m.size, len(m), m[0:4], m[3 * PAGE - 1]) == (3, 3 * PAGE, b"abc\0", 0)
    assert seen == [(1, b"", 0), (3, b"abc", 3 * PAGE)]
    assert m.grow(1) == -1
    assert m.grow(0) == 3
    assert (m.size, len(seen)) == (3, 2)


@pytest.mark.parametrize("size", [1, 1025])  # the larger one is a mapping where there are mappings
def test_growth_copies_only_while_the_host_holds_a_view(size: int) -> None:
    m = Memory(size)
    bound: list[memoryview] = []
    m.attach(lambda: bound.__setitem__(slice(None), [m.view("I")]))
    m.grow(1)
    bound[0][0] = 7
    before = m.data
    m.grow(1)
    assert (m.data is before) == (size == 1 or sys.platform == "linux")
    held = m.view("Q")
    assert m.grow(1) == size + 2
    assert (len(m), m[(size + 3) * PAGE - 1], bound[0][0], held[0]) == ((size + 3) * PAGE, 0, 7, 7)
    bound[0][0] = 8
    assert held[0] == 7


def test_growth_stops_at_half_of_the_address_space(monkeypatch: pytest.MonkeyPatch) -> None:
    requested: list[int] = []
    monkeypatch.setattr(memory, "_allocate", lambda size: requested.append(size) or bytearray(8))
    m = Memory(1)
    assert m.grow(32768) == -1
    assert requested == [PAGE]
    assert m.grow(32767) == 1
    assert requested[1:] == [32768 * PAGE]
    assert m.grow(1) == -1
    whole = Memory(65536, 65536)
    assert whole.grow(1) == -1
    assert whole.grow(0) == 65536


def test_growth_without_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    m = Memory(1)

    def no_room(size: int) -> bytearray:
        raise MemoryError

    monkeypatch.setattr(memory, "_allocate", no_room)
    m[0] = 5
    with m.view("B"):
        assert m.grow(1) == -1
    assert (m.size, len(m), m[0]) == (1, PAGE, 5)


def test_no_room_for_the_minimum_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MemoryError, match=r"^cannot allocate a memory of 9223372036854775807 bytes$"):
        memory._allocate(2**63 - 1)


@pytest.mark.parametrize("limits", [(2, 1), (-1, None), (65537, None)])
def test_impossible_limits(limits: tuple[int, int | None]) -> None:
    with pytest.raises(ValueError, match="no memory has limits"):
        Memory(*limits)


@pytest.mark.parametrize("size", [1, 1025])  # the larger one is a mapping where there are mappings
def test_bulk_operations(size: int) -> None:
    m = Memory(size)
    end = size * PAGE
    m.fill(end - 4, 0x1AB, 4)
    assert m.read(end - 5, 5) == b"\0\xab\xab\xab\xab"
    m.init(0, b"0123456789", 2, 5)
    assert m.read(0, 6) == b"23456\0"
    m.copy(2, 0, 5)
    assert m.read(0, 8) == b"2323456\0"
    m.copy(0, 2, 5)
    assert m.read(0, 8) == b"2345656\0"
    other = Memory(1)
    other.copy(1, 0, 3, m)
    assert other.read(0, 5) == b"\x00234\0"
    assert m.data.find(b"456") == 2
    assert len(m) == end


@pytest.mark.parametrize(
    "operation",
    [
        lambda m: m.fill(PAGE - 1, 1, 2),
        lambda m: m.fill(PAGE + 1, 1, 0),
        lambda m: m.fill(2**32 - 1, 1, 2**32 - 1),
        lambda m: m.copy(PAGE - 1, 0, 2),
        lambda m: m.copy(0, PAGE - 1, 2),
        lambda m: m.copy(0, 1, 1, Memory(0)),
        lambda m: m.copy(0, PAGE + 1, 0),
        lambda m: m.init(PAGE - 1, b"abc", 0, 2),
        lambda m: m.init(0, b"abc", 2, 2),
        lambda m: m.init(0, b"", 1, 0),
    ],
)
def test_bulk_operations_check_before_they_write(operation: Any) -> None:
    m = Memory(1)
    m[0] = m[PAGE - 1] = 9
    before = m[:]
    with pytest.raises(Trap, match="^out of bounds memory access$"):
        operation(m)
    assert m[:] == before


def test_bulk_operations_of_no_bytes_at_the_end() -> None:
    m = Memory(1)
    m.fill(PAGE, 1, 0)
    m.copy(PAGE, PAGE, 0)
    m.init(PAGE, b"ab", 2, 0)
    assert m[:] == bytes(PAGE)


def test_host_access() -> None:
    m = Memory(1, 5)
    m.write(10, memoryview(b"hello"))
    assert m[10:15] == m.read(10, 5) == b"hello"
    assert m[10] == ord("h")
    m[10] = ord("j")
    m[11:13] = bytearray(b"iu")
    assert m[9:16] == b"\0jiulo\0"
    assert type(m[9:16]) is bytes
    assert m.type == (1, 5)
    with pytest.raises(ValueError, match="3 bytes do not fit a slice of 2 bytes"):
        m[0:2] = b"abc"
    for address, length in ((PAGE, 1), (-1, 1), (0, PAGE + 1), (0, -1)):
        with pytest.raises(IndexError, match="outside a memory of 65536 bytes"):
            m.read(address, length)
    with pytest.raises(IndexError):
        m.write(PAGE - 1, b"ab")
    assert len(m) == PAGE


def test_a_budget_ends_growth_of_all_its_memories_together() -> None:
    with Budget(5 * PAGE):
        first, second = Memory(1), Memory(2)
    outside = Memory(1)
    assert (first.grow(1), second.grow(2), second.grow(1), first.grow(1)) == (1, -1, 2, -1)
    assert (first.size, second.size, outside.grow(9)) == (2, 3, 1)


def test_growth_without_room_costs_no_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    with Budget(2 * PAGE):
        m = Memory(1)
    with monkeypatch.context() as patch:
        patch.setattr(memory, "_extended", raises_memory_error)
        assert m.grow(1) == -1
    assert m.grow(1) == 1


def raises_memory_error(*arguments: Any) -> None:
    raise MemoryError


@pytest.mark.parametrize("make", [lambda: Memory(3), lambda: SharedMemory(3, 4)], ids=["own", "shared"])
def test_a_minimum_beyond_the_budget_is_a_clear_error(make: Callable[[], Memory]) -> None:
    with pytest.raises(MemoryError, match="a memory of 196608 bytes: the limit is 196607 bytes in all"), Budget(196607):
        make()


def test_a_budget_limits_shared_memories() -> None:
    with Budget(2 * PAGE):
        m = SharedMemory(1, 4)
    assert (m.grow(2), m.grow(1), m.grow(1)) == (-1, 1, -1)


def test_budgets_nest_and_belong_to_a_thread() -> None:
    with Budget(PAGE):
        with Budget(4 * PAGE):
            inner = Memory(1)
        outer = Memory(1)
        made: list[Memory] = []
        thread = threading.Thread(target=lambda: made.append(Memory(3)))
        thread.start()
        thread.join()
    assert (inner.grow(3), outer.grow(1), made[0].grow(1)) == (1, -1, 3)
