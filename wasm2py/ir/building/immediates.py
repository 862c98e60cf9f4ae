"""The immediates of instructions and the widths of types, as the builder's layers take them."""

from __future__ import annotations

from wasm2py.wasm.module import Instruction
from wasm2py.wasm.types import I32, I64, Exact, HeapType, NumType, ValType


def bits_of(type_: ValType) -> int:
    """Width of a number type."""
    assert isinstance(type_, NumType)
    return type_.bits


def int_type(bits: int) -> NumType:
    """The integer type of a width."""
    return I32 if bits == 32 else I64


def index_of(instruction: Instruction) -> int:
    """The immediate of an instruction that names one index."""
    assert isinstance(instruction.imm, int)
    return instruction.imm


def heap_of(instruction: Instruction) -> HeapType:
    """The immediate of an instruction that names a heap type."""
    assert isinstance(instruction.imm, (int, Exact, str))
    return instruction.imm


def pair_of(instruction: Instruction) -> tuple[int, int]:
    """The immediate of an instruction that names two indices."""
    pair: tuple[int, int] = instruction.imm  # type: ignore[assignment]  # decoded by the opcode's row
    return pair
