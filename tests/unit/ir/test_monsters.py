"""Nesting that no person writes, against wasmtime: what is too deep for Python must still run, and run right."""

from __future__ import annotations

import pytest

from tests.unit.ir.oracle import Generated, Native, binary
from tests.unit.ir.stages import functions_after
from wasm2py.ir.structuring import structure
from wasm2py.options import Options

OPTIONS = [Options(optimise=level, target=target, format="none") for level in (0, 1) for target in ("auto", "pypy")]


def function(body: str) -> bytes:
    """A module with a function of an i32 that counts in ``$acc``."""
    head = '(func (export "f") (param $n i32) (result i32) (local $acc i32) (local $turns i32)'
    text = f"(module {head} {body} local.get $acc))"
    return binary(text)


def add(value: int) -> str:
    """Mark the path; the order of marks shows in the result."""
    return f" local.get $acc i32.const 31 i32.mul i32.const {value} i32.add local.set $acc "


def take() -> str:
    """The next three bits of ``$n``."""
    return " local.get $n i32.const 7 i32.rotl local.tee $n i32.const 7 i32.and "


def nested_loops(depth: int) -> bytes:
    """Each loop runs until the accumulator says so, or 300 turns have been taken in all."""
    body = ""
    for level in range(depth):
        body += f"loop $l{level} {add(level)}"
    for level in reversed(range(depth)):
        body += f"{add(100 + level)} local.get $turns i32.const 1 i32.add local.tee $turns i32.const 300 i32.lt_s "
        body += f"local.get $acc i32.const {3 + level % 5} i32.and i32.eqz i32.and br_if $l{level} end"
    return function(body)


def loops_left_at_once(depth: int) -> bytes:
    """Blocks around nested loops: the innermost branches to any of them."""
    body = "".join(f"block $b{level} {add(level)} loop $l{level} {add(50 + level)}" for level in range(depth))
    targets = " ".join(f"$b{level}" for level in range(0, depth, 3))
    body += f"{take()} br_table {targets} $b{depth - 1}"
    for level in reversed(range(depth)):
        body += f" end {add(200 + level)} end {add(300 + level)}"
    return function(body)


def leading_blocks(depth: int) -> bytes:
    """C's ``switch`` with fall-through everywhere."""
    body = "block $end " + "block " * depth
    body += f"local.get $n br_table {' '.join(map(str, range(depth)))} $end "
    body += "".join(f" end {add(case)}" for case in range(depth)) + " end"
    return function(body)


def switch_with_breaks(depth: int) -> bytes:
    """C's ``switch`` where every third case falls through, in a loop that some cases repeat."""
    body = "loop $again block $end " + "block " * depth
    body += f"local.get $n i32.const 0x7fffffff i32.and br_table {' '.join(map(str, range(depth)))} $end "
    for case in range(depth):
        body += f" end {add(case)}"
        if case % 3 == 1:
            body += " br $end "
        elif case % 7 == 5:
            body += f" local.get $n i32.const {case // 2} i32.sub local.set $n br $again "
    return function(body + " end end")


def nested_blocks(depth: int) -> bytes:
    """Each block is left early by a condition of its own, to itself and to others outside."""
    body = ""
    for level in range(depth):
        body += f"block {add(level)}"
        if level % 5 == 0:
            body += f"{take()} i32.eqz br_if {level % 50 if level > 50 else 0} "
    for level in reversed(range(depth)):
        body += (add(level) if level % 3 == 0 else "") + " end"
    return function(body)


def nested_ifs(depth: int) -> bytes:
    """Choices within choices, with something to do before and behind each."""
    body = "".join(f"{take()} if {add(level)}" for level in range(depth))
    body += "".join(f" else {add(1000 + level)} end {add(2000 + level)}" for level in reversed(range(depth)))
    return function(body)


def else_if_chain(length: int) -> bytes:
    """A chain of equality tests."""
    body = ""
    for case in range(length):
        body += f"local.get $n i32.const {case} i32.eq if {add(case)} else "
    return function(body + add(9999) + " end" * length)


def counted_loop_inside(depth: int) -> bytes:
    """Nested loops around one that counts, over memory, with choices that leave a block."""
    body = "".join(f"loop $l{level} {add(level)}" for level in range(depth))
    body += "i32.const 0 local.set $p loop $inner block $skip"
    body += " local.get $p i32.load local.tee $x i32.const 100 i32.gt_u br_if $skip"
    body += " local.get $x i32.const 3 i32.eq if local.get $p i32.const 7 i32.store br $skip end"
    body += " local.get $p local.get $x local.get $acc i32.add i32.const 127 i32.and i32.store end"
    body += f" {add(5)} local.get $p i32.const 4 i32.add local.tee $p i32.const 80 i32.ne br_if $inner end"
    for level in reversed(range(depth)):
        body += f"{add(100 + level)} local.get $turns i32.const 1 i32.add local.tee $turns i32.const 60 i32.lt_s "
        body += f"local.get $acc i32.const {3 + level % 5} i32.and i32.eqz i32.and br_if $l{level} end"
    head = '(func (export "f") (param $n i32) (result i32) (local $acc i32) (local $turns i32)'
    head += " (local $p i32) (local $x i32)"
    return binary(f"(module (memory 1) {head} {body} local.get $acc))")


MONSTERS = {
    "25 nested loops": nested_loops(25),
    "24 loops around one that counts": counted_loop_inside(24),
    "60 nested loops": nested_loops(60),
    "25 loops left at once": loops_left_at_once(25),
    "300 cases that fall through": leading_blocks(300),
    "300 cases in a loop": switch_with_breaks(300),
    "3289 nested blocks": nested_blocks(3289),
    "120 nested ifs": nested_ifs(120),
    "60 tests in a chain": else_if_chain(60),
    "400 tests in a chain": else_if_chain(400),
}

INPUTS = (0, 1, 2, 3, 5, 59, 60, 150, 299, 300, 12345, 0x55555555, -1, -12345678)


@pytest.mark.parametrize("options", OPTIONS, ids=lambda o: f"O{o.optimise}-{o.target}")
@pytest.mark.parametrize("name", MONSTERS)
def test_monster(name: str, options: Options) -> None:
    data = MONSTERS[name]
    native, generated = Native(data), Generated(data, options)
    for argument in INPUTS:
        assert generated.call("f", argument) == native.call("f", argument), argument


@pytest.mark.parametrize("name", MONSTERS)
def test_invariants_hold(name: str) -> None:
    assert functions_after(MONSTERS[name], "structure")


@pytest.mark.parametrize("name", ["25 loops left at once", "300 cases in a loop", "120 nested ifs"])
def test_cut_into_basic_blocks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "MAX_LOOPS", 0)
    monkeypatch.setattr(structure, "MAX_DEPTH", 0)
    data = MONSTERS[name]
    native, generated = Native(data), Generated(data, OPTIONS[0])
    for argument in INPUTS:
        assert generated.call("f", argument) == native.call("f", argument), argument
