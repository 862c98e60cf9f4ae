"""Smaller modules with the same fault.

Instructions are taken out of function bodies, or replaced by a constant, as long as wasmtime still finds the module
valid and the fault stays.

Binaryen's ``wasm-reduce`` does more, but reads only what binaryen itself would write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import wasmtime

from tests.differential.encoding import VALUE_TYPES, constant
from tests.differential.oracle import engine
from tests.unit.decode.binary import PREAMBLE, entries, section, sized, u32
from wasm2py.decode import decode_body, decode_module

_REPLACEMENTS = (b"", *(constant(t, 0) for t in ("i32", "i64", "f32", "f64")), b"\x1a", b"\x00")
"""Nothing, constants, ``drop``, ``unreachable``."""

_CODE = 10


def reduce(data: bytes, faulty: Callable[[bytes], bool]) -> bytes:
    """The smallest module found.

    :param faulty: whether a valid module still shows the fault
    """
    bodies = _Bodies(data)

    def accepted(candidate: _Bodies) -> bool:
        binary = candidate.binary()
        try:
            wasmtime.Module.validate(engine(), binary)
        except wasmtime.WasmtimeError:
            return False
        return faulty(binary)

    changed = True
    while changed:
        changed = False
        for index in range(len(bodies.codes)):
            size = len(bodies.codes[index])
            while size:
                position = 0
                while position < len(bodies.codes[index]) - 1:
                    for candidate in bodies.smaller(index, position, size):
                        if accepted(candidate):
                            bodies, changed = candidate, True
                            break
                    else:
                        position += max(1, size // 2)
                size = size // 2 if size > 12 else size - 1
    return bodies.binary()


class _Bodies:
    """A module whose function bodies are lists of instructions, each as its bytes."""

    def __init__(self, data: bytes) -> None:
        module = decode_module(data)
        self.before, self.after = _around_code(data)
        self.locals: list[bytes] = []
        self.codes: list[list[bytes]] = []
        for index, code in enumerate(module.codes):
            self.locals.append(entries(*(u32(count) + VALUE_TYPES[str(type_)] for count, type_ in code.locals)))
            offsets = [i.offset for i in decode_body(module, index)] + [code.end]
            self.codes.append([data[a:b] for a, b in pairwise(offsets)])

    def binary(self) -> bytes:
        bodies = (sized(local + b"".join(code)) for local, code in zip(self.locals, self.codes, strict=True))
        return self.before + section(_CODE, entries(*bodies)) + self.after

    def smaller(self, index: int, position: int, size: int) -> Iterator[_Bodies]:
        """Variants with ``size`` instructions less or so, and without one structured instruction's ends."""
        code = self.codes[index]
        end = min(position + size, len(code) - 1)
        old = b"".join(code[position:end])
        for new in _REPLACEMENTS:
            if len(new) < len(old):
                yield self.with_code(index, code[:position] + ([new] if new else []) + code[end:])
        if size == 1 and code[position][0] in (0x02, 0x03):
            depth = 0
            for other in range(position + 1, len(code)):
                depth += (code[other][0] in (0x02, 0x03, 0x04)) - (code[other] == b"\x0b")
                if depth < 0:
                    yield self.with_code(index, code[:position] + code[position + 1 : other] + code[other + 1 :])
                    break

    def with_code(self, index: int, code: list[bytes]) -> _Bodies:
        copy = object.__new__(_Bodies)
        copy.before, copy.after, copy.locals = self.before, self.after, self.locals
        copy.codes = [*self.codes[:index], code, *self.codes[index + 1 :]]
        return copy


def _around_code(data: bytes) -> tuple[bytes, bytes]:
    """What stands before and behind the code section."""
    position = len(PREAMBLE)
    while True:
        start, number, size, shift = position, data[position], 0, 0
        while True:
            position += 1
            size |= (data[position] & 0x7F) << shift
            shift += 7
            if data[position] < 0x80:
                break
        position += 1 + size
        if number == _CODE:
            return data[:start], data[position:]
