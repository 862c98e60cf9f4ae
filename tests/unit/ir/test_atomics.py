"""Every atomic instruction against wasmtime: results, what is in memory afterwards, and traps."""

from __future__ import annotations

import random
from functools import cache
from itertools import product

import pytest

from tests.unit.ir.oracle import Generated, Native, binary
from wasm2py.options import Options
from wasm2py.wasm.opcodes import OPCODES, Opcode

OPS = [op for op in OPCODES.values() if op.feature == "threads" and op.immediate == "memarg"]
WAITS = {"memory.atomic.wait32", "memory.atomic.wait64"}
VARIANTS = [(level, target) for level in (0, 1, 2) for target in ("auto", "pypy")]
MEMORIES = [("1 1 shared", "i32"), ("1", "i32"), ("i64 1 1 shared", "i64"), ("i64 1", "i64")]
PAGE = 65536
UNSHARED = "expected shared memory"

VALUES = [0, 1, 0x7F, 0xFF, 0x1FF, 0xFFFF, 0x1_FFFF, 2**31 - 1, -(2**31), -1]
OFFSETS = {"": "", " far": "offset=65528", " beyond": "offset=0xffffffff", " below zero": "offset=0xfffffffffffffff8"}


def function(op: Opcode, address: str, name: str, offset: str) -> str:
    """The instruction with its parameters; a time for waiting is never unlimited."""
    assert op.params is not None
    assert op.results is not None
    types = [address if type_ == "a" else str(type_) for type_ in op.params]
    operands = [f"(local.get {index})" for index in range(len(types))]
    if op.name in WAITS:
        operands[2] = "(i64.const 0)"
    results = "".join(f"(result {type_})" for type_ in op.results)
    params = " ".join(types)
    return f'(func (export "{op.name}{name}") (param {params}) {results} ({op.name} {offset} {" ".join(operands)}))'


@cache
def module(memory: str, address: str) -> bytes:
    offsets = {name: text for name, text in OFFSETS.items() if address == "i64" or name != " below zero"}
    functions = [function(op, address, name, text) for op in OPS for name, text in offsets.items()]
    return binary(f"""(module (memory {memory}) {" ".join(functions)}
        (func (export "get") (param {address}) (result i64) (i64.load (local.get 0)))
        (func (export "set") (param {address} i64) (i64.store (local.get 0) (local.get 1)))
        (func (export "order") (param {address}) (result i32) (local $before i32)
            (i32.load8_u (local.get 0)) ;; read before it is changed
            (drop (i32.atomic.rmw8.add_u (local.get 0) (i32.const 1)))
            (i32.shl (i32.atomic.load8_u (local.get 0)) (i32.const 8))
            (i32.atomic.store8 (local.get 0) (i32.const 9))
            (atomic.fence)
            (i32.shl (i32.load8_u (local.get 0)) (i32.const 16))
            i32.or i32.or)
        (func (export "order of traps") (param {address}) (result i32)
            (i32.div_u (i32.const 1) (i32.const 0)) (i32.atomic.load (local.get 0)) i32.add))""")


@pytest.mark.parametrize(("level", "target"), VARIANTS)
@pytest.mark.parametrize(("memory", "address"), MEMORIES)
def test_every_instruction(memory: str, address: str, level: int, target: str) -> None:
    data = module(memory, address)
    ours = Generated(data, Options(optimise=level, target=target, format="none"))
    theirs = Native(data, "wasm_threads", "shared_memory")
    source = random.Random(level)
    traps = set()

    def both(name: str, *args: int) -> None:
        given, wanted = ours.call(name, *args), theirs.call(name, *args)
        if "wait on non-shared memory" in str(wanted[1]):
            wanted = "trap", UNSHARED  # in the specification's words
        if given[1] in ("unaligned atomic", UNSHARED) and wanted[0] == "trap":
            wanted = given  # which of two reasons comes first is not specified
        assert (name, args, given) == (name, args, wanted)
        if given[0] == "trap":
            traps.add(given[1])

    for op in OPS:
        assert op.params is not None
        count = len(op.params) - 1
        names = [op.name + name for name in OFFSETS if address == "i64" or name != " below zero"]
        for name, place in product(names, (0, 1, 2, 4, 8, PAGE - 8, PAGE - 4, PAGE - 1, PAGE, -8, -1)):
            both(name, place, *source.choices(VALUES, k=count))
        for operands in product(VALUES, repeat=min(count, 2)):
            contents = source.choice([operands[0] if operands else 5, source.randrange(-(2**63), 2**63)])
            both("set", 16, contents)
            both(op.name, 16, *operands, *[3] * (count - len(operands)))
            both("get", 16)
    for place in (24, 32, PAGE, 1):
        both("order", place)
        both("order of traps", place)
    wanted = {"unaligned atomic", "out of bounds memory access", "integer divide by zero"}
    assert traps == (wanted if "shared" in memory else wanted | {UNSHARED})
