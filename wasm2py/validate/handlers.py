"""How the rules of single instructions are registered: one function per instruction, or per family of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from wasm2py.validate.operands import Operands
from wasm2py.wasm.opcodes import BY_NAME, Opcode

Handler = Callable[[Operands, Opcode, Any], None]
"""Applies the typing rule of an instruction to the state; the third argument is ``Instruction.imm``."""

Handlers = dict[Opcode, Handler]

_H = TypeVar("_H", bound=Handler)


def handles(registry: Handlers, *names: str) -> Callable[[_H], _H]:
    """Register the decorated function for the instructions called ``names``."""

    def register(handler: _H) -> _H:
        registry.update({BY_NAME[name]: handler for name in names})
        return handler

    return register
