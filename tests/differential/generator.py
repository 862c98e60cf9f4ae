"""Random valid modules of our own, made for what this compiler does: see :mod:`tests.differential.statements`."""

from __future__ import annotations

import random

from tests.differential.encoding import VALUE_TYPES, constant, instruction
from tests.differential.environment import Environment, FuncType
from tests.differential.statements import Body
from tests.differential.values import Label
from tests.unit.decode.binary import entries, module, name, section, sized, u32

_LOG = FuncType(("i32", "i64"), ())
_GLOBALS = ("i32", "i64", "i64", "i32", "f32", "f64")
_TYPES = ("i32", "i32", "i32", "i64", "i64", "f32", "f64")


def random_module(seed: object) -> bytes:
    """A random module, the same for the same seed.  It exports its memory, its globals and most of its functions."""
    return _module(random.Random(f"own {seed}"), vectors=False)


def vector_module(seed: object) -> bytes:
    """A random module whose functions use vectors; a global for them is not exported."""
    return _module(random.Random(f"vectors {seed}"), vectors=True)


def _module(rng: random.Random, vectors: bool) -> bytes:
    count = rng.randint(1, 5)
    functions = [_LOG] + [_type(rng) for _ in range(count)]
    tail = rng.random() < 0.3
    if tail:  # one more, which calls itself in tail position: its first parameter counts down
        functions.append(FuncType(("i32", *functions[-1].params), functions[-1].results))
    leaves = [index for index in range(2, len(functions)) if rng.random() < 0.4]
    environment = Environment(functions, list(_GLOBALS), leaves[-3:], {"i32": 6, "i64": 7}, vectors)
    bodies = []
    for index in range(1, len(functions)):
        size = rng.choice((50, 150, 150, 400))
        callees = range(index + 1, len(functions))  # no recursion
        body = Body(rng, environment, functions[index], callees, size)
        if vectors:
            body.add_vectors()
        if tail and index == len(functions) - 1:
            _begin_tail_call(body, index)
        code = body.build()
        groups = entries(*(u32(1) + VALUE_TYPES[t] for t in body.locals[len(functions[index].params) :]))
        bodies.append(sized(groups + code))
    return _assemble(rng, environment, bodies)


def _type(rng: random.Random) -> FuncType:
    params = rng.choice((0, 1, 2, 2, 3, 4, 12))
    results = rng.choice((0, 1, 1, 1, 1, 2, 3))
    return FuncType(tuple(rng.choice(_TYPES) for _ in range(params)), tuple(rng.choice(_TYPES) for _ in range(results)))


def _types(names: tuple[str, ...]) -> bytes:
    return entries(*(VALUE_TYPES[t] for t in names))


def _begin_tail_call(body: Body, index: int) -> None:
    """Begin with a self tail call under a condition that ends it; nothing else may write the counter."""
    body.free["i32"].remove(0)
    body.emit(instruction("local.get", 0), constant("i32", 7), instruction("i32.and"), b"\x04\x40")
    body.labels.append(Label(()))
    body.emit(instruction("local.get", 0), constant("i32", 1), instruction("i32.sub"))
    for t in body.type.params[1:]:
        body.value(t, 2)
    body.emit(instruction("return_call", index), b"\x0b")
    body.labels.pop()


def _assemble(rng: random.Random, environment: Environment, bodies: list[bytes]) -> bytes:
    numbers = [environment.type_number(type_) for type_ in environment.functions]
    types = entries(*(b"\x60" + _types(type_.params) + _types(type_.results) for type_ in environment.types))
    hidden = rng.choice((0, 0.5, 1))
    shown = [index for index in range(1, len(environment.functions)) if index == 1 or rng.random() >= hidden]
    exports = [name(f"f{index}") + b"\x00" + u32(index) for index in shown]
    if rng.random() < 0.2:
        exports.append(name("table") + b"\x01\x00")
    exports += [name(f"g{index}") + b"\x03" + u32(index) for index in range(len(_GLOBALS) + len(environment.zeros))]
    exports.append(name("memory") + b"\x02\x00")
    globals_ = [
        VALUE_TYPES[t] + b"\x01" + constant(t, rng.choice((0, 1, 2, 100))) + b"\x0b" for t in environment.globals
    ]
    globals_ += [VALUE_TYPES[t] + b"\x01" + constant(t, 0) + b"\x0b" for t in environment.zeros]
    if environment.vectors:
        globals_.append(VALUE_TYPES["v128"] + b"\x01" + instruction("v128.const") + rng.randbytes(16) + b"\x0b")
    elements = b"\x00" + constant("i32", 0) + b"\x0b" + entries(*(u32(index) for index in environment.elements))
    data = rng.randbytes(rng.choice((64, 300, 2000)))
    return module(
        section(1, types),
        section(2, entries(name("env") + name("log") + b"\x00" + u32(numbers[0]))),
        section(3, entries(*map(u32, numbers[1:]))),
        section(4, entries(b"\x70\x00" + u32(len(environment.elements) + rng.randint(0, 2)))),
        section(5, entries(b"\x01\x01\x03")),
        section(6, entries(*globals_)),
        section(7, entries(*exports)),
        section(9, entries(elements)),
        section(12, u32(2)),
        section(10, entries(*bodies)),
        section(11, entries(b"\x01" + sized(rng.randbytes(7)), b"\x00" + constant("i32", 0) + b"\x0b" + sized(data))),
    )
