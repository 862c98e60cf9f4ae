"""The binary format (spec, chapter 5): bytes to :class:`wasm2py.wasm.module.Module`."""

from __future__ import annotations

from wasm2py.decode.custom import decode_producers
from wasm2py.decode.instructions import read_instructions
from wasm2py.decode.reader import Reader
from wasm2py.decode.sections import decode_module
from wasm2py.features import OPEN, Gate
from wasm2py.wasm.module import Instruction, Module

__all__ = ["decode_body", "decode_module", "decode_producers"]


def decode_body(module: Module, index: int, gate: Gate = OPEN) -> list[Instruction]:
    """The instructions of ``module.codes[index]``, in order and flat, up to and including the final ``end``.

    :param module: the result of :func:`decode_module`
    :param index: of the body, so 0 is the first function that is not imported
    :param gate: refuses what belongs to disabled proposals
    :raises Malformed: for unknown opcodes, bad immediates, unbalanced blocks, a missing ``end`` or bytes behind it,
        and for data indices in a module without a data count section
    :raises Unsupported: for what the gate refuses
    """
    code = module.codes[index]
    reader = Reader(module.binary, code.start, code.end, gate)
    instructions = read_instructions(reader, has_data_count=module.data_count is not None)
    reader.finish()
    return instructions
