"""What is live where a branch goes is live before it."""

from __future__ import annotations

import pytest

from wasm2py.ir.building.liveness import analyse
from wasm2py.wasm.module import BlockType, Instruction
from wasm2py.wasm.opcodes import BY_NAME, OPCODES

BLOCK = BlockType(None, None)

IMMEDIATES = {"label": 0, "labels": (0, 0), "cast": (0, None, None)}
"""One that branches out of the innermost block, by kind of immediate."""


def body(*instructions: tuple[str, object]) -> list[Instruction]:
    return [Instruction(BY_NAME[name], offset, imm) for offset, (name, imm) in enumerate(instructions)]


@pytest.mark.parametrize("name", [op.name for op in OPCODES.values() if op.name.startswith("br")])
def test_each_branch_goes_to_its_label(name: str) -> None:
    branch = name, IMMEDIATES[BY_NAME[name].immediate]
    end = ("end", None)
    found = analyse(body(("block", BLOCK), branch, ("unreachable", None), end, ("local.get", 3), end))
    assert found.entry == found.label[0] == 1 << 3


def test_loops_carry_what_they_read_first() -> None:
    """Local 0 is read in the next turn, local 1 is not."""
    turn = ("local.get", 0), ("local.set", 1), ("local.get", 1), ("local.tee", 0), ("br_if", 0)
    found = analyse(body(("block", BLOCK), ("loop", BLOCK), *turn, ("end", None), ("end", None), ("end", None)))
    assert found.entry == found.label[1] == 1
    assert found.assigned == {1: 3}
    assert found.label[0] == 0
