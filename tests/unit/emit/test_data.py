"""Joining data segments must not change what an instance finds in its memory."""

from __future__ import annotations

import wasmtime
from hypothesis import example, given
from hypothesis import strategies as st

from wasm2py.decode import decode_module
from wasm2py.emit.data import GAP, joined_data
from wasm2py.wasm.module import Data, Module

SIZE = 65536
GLOBAL = 4090

Segment = tuple[int, bytes]

starts = st.one_of(st.integers(0, 200), st.integers(4060, 4130), st.integers(SIZE - 40, SIZE))
segments = st.lists(st.tuples(st.one_of(starts, st.just(-1)), st.binary(max_size=40)), max_size=12)


def module(segments: list[Segment], memory: str = "(memory 1)") -> Module:
    """A module with these segments; the address -1 stands for a global with the value :data:`GLOBAL`."""
    imported = memory if "import" in memory else ""
    own = "" if imported else memory
    lines = []
    for start, data in segments:
        place = "(global.get 0)" if start < 0 else f"(i32.const {start})"
        text = "".join(f"\\{byte:02x}" for byte in data)
        lines.append(f'(data {place} "{text}")')
    text = f'(module {imported} (import "m" "g" (global i32)) {own} {"".join(lines)})'
    return decode_module(bytes(wasmtime.wat2wasm(text)))


def start_of(segment: Data) -> int:
    assert segment.start is not None
    instruction = segment.start[0]
    assert isinstance(instruction.imm, int)
    return GLOBAL if instruction.op.name == "global.get" else instruction.imm


def image(segments: dict[int, Data]) -> tuple[bytes, bool]:
    """What a memory holds when the segments have been written in order, and whether all did fit."""
    memory = bytearray(SIZE)
    for index in sorted(segments):
        start, data = start_of(segments[index]), segments[index].bytes
        if start + len(data) > SIZE:
            return bytes(memory), False
        memory[start : start + len(data)] = data
    return bytes(memory), True


@given(segments)
@example([(0, b"ab"), (4, b"cd")])
@example([(2, b"xy"), (8, b"z"), (0, b"a"), (6, b"b")])
@example([(-1, b"ab"), (3, b"c")])
@example([(-1, b"ab"), (GLOBAL - 5, b"c"), (GLOBAL + 5, b"d")])
@example([(-1, b"xy"), (GLOBAL - 1, b"a"), (GLOBAL + 3, b"b")])
@example([(GLOBAL - 1, b"a"), (-1, b"xy"), (GLOBAL + 3, b"b")])
def test_the_memory_is_the_same(segments: list[Segment]) -> None:
    decoded = module(segments)
    assert image(joined_data(decoded)) == image(dict(enumerate(decoded.data)))


def test_close_segments_are_joined() -> None:
    joined = joined_data(module([(8, b"ab"), (12, b"c"), (13 + GAP, b"d"), (15 + 2 * GAP, b"e")]))
    assert {index: (start_of(s), s.bytes) for index, s in joined.items()} == {
        0: (8, b"ab\0\0c" + bytes(GAP) + b"d"),
        3: (15 + 2 * GAP, b"e"),
    }


def test_an_imported_memory_may_hold_anything() -> None:
    assert len(joined_data(module([(0, b"a"), (1, b"b")]))) == 1
    assert len(joined_data(module([(0, b"a"), (1, b"b")], '(import "m" "memory" (memory 1))'))) == 2
