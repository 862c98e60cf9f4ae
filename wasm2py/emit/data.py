"""Data segments joined where that changes nothing: Go's linker leaves out every short run of zeros, 27,000 of them."""

from __future__ import annotations

from dataclasses import replace

from wasm2py.wasm.module import Data, Module

GAP = 32
"""Zeros between two segments that are written out: a call of its own costs more."""

_BLOCK = 12
"""What has been written is remembered in blocks of 4 KiB (log2)."""


def joined_data(module: Module) -> dict[int, Data]:
    """The data segments by index; one that continues the one before it is missing, and that one has its bytes.

    Active segments of a memory of the module's own are joined where they are close, at known addresses inside it, and
    nothing before them has been written in between: a new memory is zero (spec, section 4.7.2).
    """
    segments = dict(enumerate(module.data))
    unknown = set(range(module.imported_memories))
    """Memories that may hold anything anywhere."""
    written: set[tuple[int, int]] = set()
    """Memories and blocks, without those of the run at hand."""
    run: list[int] = []
    """Segments that are joined."""
    begin = end = 0  # the addresses that it covers
    for index, segment in enumerate(module.data):
        if segment.memory is None:
            continue
        memory, start, length = segment.memory, _constant(segment), len(segment.bytes)
        if start is None or start + length > _bytes(module, memory):
            unknown.add(memory)
            start = 0
        near = run and memory == module.data[run[0]].memory and memory not in unknown and 0 <= start - end <= GAP
        if near and not any((memory, block) in written for block in range(end >> _BLOCK, (start >> _BLOCK) + 1)):
            run.append(index)
        else:
            _join(segments, run, module)
            if run:
                memory_before = module.data[run[0]].memory
                assert memory_before is not None
                written.update((memory_before, block) for block in range(begin >> _BLOCK, (end >> _BLOCK) + 1))
            run, begin = [index], start
        end = start + length
    _join(segments, run, module)
    return segments


def _join(segments: dict[int, Data], run: list[int], module: Module) -> None:
    """Replace a run of segments by one."""
    if len(run) < 2:
        return
    pieces: list[bytes] = []
    end: int | None = None
    for index in run:
        segment = segments.pop(index)
        start = _constant(segment)
        assert start is not None
        pieces += [bytes(0 if end is None else start - end), segment.bytes]
        end = start + len(segment.bytes)
    segments[run[0]] = replace(module.data[run[0]], bytes=b"".join(pieces))


def _bytes(module: Module, memory: int) -> int:
    """The size of a memory at the start."""
    limits = module.memories[memory].limits
    return limits.minimum << limits.page_size_log2


def _constant(segment: Data) -> int | None:
    """The address of an active segment, if it is a plain constant."""
    assert segment.start is not None
    first = segment.start[0]
    if len(segment.start) == 2 and first.op.name in ("i32.const", "i64.const"):
        assert isinstance(first.imm, int)
        bits = 32 if first.op.name == "i32.const" else 64
        return first.imm & (1 << bits) - 1
    return None
