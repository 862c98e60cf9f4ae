"""Exceptions and their handlers in random nests, against wasmtime: where control goes, and what locals hold there."""

from __future__ import annotations

import random

import pytest

from tests.unit.ir.oracle import Generated, Native, Outcome, binary
from tests.unit.ir.stages import functions_after
from wasm2py.ir.structuring import structure
from wasm2py.options import Options

HEAD = """(module
  (tag $one (param i32)) (tag $two (param i64 i32)) (tag $none)
  (global $state (mut i32) (i32.const 0))
  (func $next (result i32)
    (global.set $state (i32.add (i32.mul (global.get $state) (i32.const 1103515245)) (i32.const 12345)))
    (i32.and (i32.shr_u (global.get $state) (i32.const 16)) (i32.const 7)))
  (func $step (param i32) (result i32)
    (block $b3 (block $b2 (block $b1 (block $b0 (br_table $b0 $b1 $b2 $b3 (call $next)))
      (throw $one (local.get 0)))
      (throw $two (i64.extend_i32_s (local.get 0)) (i32.const -5)))
      (throw $none))
    (i32.add (local.get 0) (i32.const 17)))
  (func (export "f") (param $n i32) (result i32) (local $acc i32) (local $b i32) (local $turns i32) (local $x exnref)
    (local $wide i64)
    (global.set $state (local.get $n))
"""


class Nest:
    """A random body."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.labels: list[str] = []
        self.number = 0

    def label(self) -> str:
        self.number += 1
        return f"$l{self.number}"

    def body(self, depth: int) -> str:
        return " ".join(self.statement(depth) for _ in range(self.random.randint(1, 4)))

    def statement(self, depth: int) -> str:
        simple = [self.add, self.keep, self.use, self.call, self.call, self.branch, self.rethrow]
        nested = [self.block, self.loop, self.choice, self.catch_one, self.catch_two, self.catch_all, self.catch_away]
        nested += [self.catch_reference, self.catch_all_reference]
        if depth and self.random.random() < 0.6:
            return self.random.choice(nested)(depth - 1)
        return self.random.choice(simple)()

    def add(self) -> str:
        value = self.random.randint(1, 99)
        return f"(local.set $acc (i32.add (i32.mul (local.get $acc) (i32.const 31)) (i32.const {value})))"

    def keep(self) -> str:
        return f"(local.set $b (i32.xor (local.get $acc) (i32.const {self.random.randint(1, 99)})))"

    def use(self) -> str:
        return "(local.set $acc (i32.add (local.get $acc) (local.get $b)))"

    def call(self) -> str:
        target = self.random.choice(["acc", "b"])
        return f"(local.set ${target} (call $step (local.get $acc)))"

    def branch(self) -> str:
        if not self.labels:
            return self.add()
        return f"(br_if {self.random.choice(self.labels)} (i32.eqz (i32.and (call $next) (i32.const 3))))"

    def rethrow(self) -> str:
        return "(if (i32.and (i32.eqz (ref.is_null (local.get $x))) (call $next)) (then (throw_ref (local.get $x))))"

    def inside(self, label: str, depth: int) -> str:
        self.labels.append(label)
        body = self.body(depth)
        self.labels.pop()
        return body

    def block(self, depth: int) -> str:
        label = self.label()
        return f"(block {label} {self.inside(label, depth)})"

    def loop(self, depth: int) -> str:
        label = self.label()
        turn = "(local.set $turns (i32.add (local.get $turns) (i32.const 1)))"
        limit = "(if (i32.gt_s (local.get $turns) (i32.const 40)) (then (return (local.get $acc))))"
        return f"(loop {label} {turn} {limit} {self.inside(label, depth)})"

    def choice(self, depth: int) -> str:
        return f"(if (i32.and (call $next) (i32.const 1)) (then {self.body(depth)}) (else {self.body(depth)}))"

    def catch_one(self, depth: int) -> str:
        label, end = self.label(), self.label()
        inner = f"(try_table {end} (catch $one {label}) {self.inside(end, depth)})"
        return f"(local.set $acc (block {label} (result i32) {inner} (local.get $b)))"

    def catch_two(self, depth: int) -> str:
        label = self.label()
        inner = f"(try_table (catch $two {label}) {self.body(depth)})"
        block = f"(block {label} (result i64 i32) {inner} (i64.const 3) (i32.const 4))"
        return (
            f"{block} (local.set $acc) (local.set $wide) {self.use()} (local.set $b (i32.wrap_i64 (local.get $wide)))"
        )

    def catch_all(self, depth: int) -> str:
        label = self.label()
        clauses = self.random.choice(["", f"(catch $none {label})"]) + f"(catch_all {label})"
        return f"(block {label} (try_table {clauses} {self.inside(label, depth)}) {self.add()}) {self.use()}"

    def catch_away(self, depth: int) -> str:
        if not self.labels:
            return self.catch_all(depth)
        one, two = self.random.choices(self.labels, k=2)
        return f"(try_table (catch $none {one}) (catch_all {two}) {self.body(depth)})"

    def catch_reference(self, depth: int) -> str:
        label = self.label()
        inner = f"(try_table (catch_ref $one {label}) {self.body(depth)})"
        return (
            f"(block {label} (result i32 exnref) {inner} (local.get $b) (local.get $x)) (local.set $x) (local.set $b)"
        )

    def catch_all_reference(self, depth: int) -> str:
        label = self.label()
        inner = f"(try_table (result exnref) (catch_all_ref {label}) {self.body(depth)} (local.get $x))"
        return f"(local.set $x (block {label} (result exnref) {inner}))"


def module(seed: int) -> bytes:
    body = Nest(seed).body(5)
    result = "(i32.add (local.get $acc) (local.get $b))"
    return binary(f"{HEAD} (block $end (try_table (catch_all $end) {body} (return {result}))) {result}))")


def outcomes(instance: Native | Generated) -> list[Outcome]:
    return [instance.call("f", argument) for argument in range(40)]


OPTIONS = [Options(optimise=level, target=target, format="none") for level, target in ((0, "auto"), (1, "auto"))]


@pytest.mark.parametrize("seed", range(60))
def test_random_nests(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = module(seed)
    functions_after(data, "structure")
    expected = outcomes(Native(data))
    for options in OPTIONS:
        assert outcomes(Generated(data, options)) == expected, options
    monkeypatch.setattr(structure, "MAX_LOOPS", 0)  # now it is cut into basic blocks
    assert outcomes(Generated(data, OPTIONS[1])) == expected


def test_code_behind_a_handled_body_is_not_moved_into_it() -> None:
    data = binary(f"""{HEAD}
      (block $one (result i32)
        (block $caught
          (block $done (try_table (catch_all $caught) (drop (call $step (i32.const 1))) (br $done)) (unreachable))
          (return
            (block $again (result i32) (try_table (catch $one $again) (throw $one (i32.const 77))) (i32.const 1))))
        (i32.const 5))))""")
    moved = binary(f"""{HEAD}
      (block $outer
        (try_table (catch_all $outer)
          (block $caught
            (block $done (try_table (catch_all $caught) (drop (call $step (i32.const 1))) (br $done)) (unreachable))
            (throw $none))
          (return (i32.const 5))))
      (i32.const 6)))""")
    for case in (data, moved):
        assert outcomes(Generated(case, OPTIONS[1])) == outcomes(Native(case))


def test_a_handler_does_not_know_how_far_the_body_came() -> None:
    data = binary(f"""{HEAD}
      (local.set $acc (i32.const 5))
      (block $caught
        (try_table (catch_all $caught)
          (local.set $b (call $step (i32.const 1)))
          (local.set $acc (i32.const 0x7ffffff0))
          (return (call $step (i32.const 1)))))
      (i32.shr_u (i32.add (i32.mul (local.get $acc) (i32.const 3)) (i32.const 0x7fffffff)) (i32.const 28))))""")
    assert outcomes(Generated(data, OPTIONS[1])) == outcomes(Native(data))


def nested(depth: int, clause: str) -> bytes:
    """Handlers within handlers, each of which marks the path and throws again."""
    body = "(local.set $acc (call $step (local.get $acc)))"
    for level in range(depth):
        mark = f"(local.set $acc (i32.add (i32.mul (local.get $acc) (i32.const 31)) (i32.const {level})))"
        again = (
            f"(if (i32.and (call $next) (i32.const 1)) (then (throw ${'none' if level % 3 else 'two'} {{}})))".format(
                "" if level % 3 else "(i64.const 1) (i32.const 2)"
            )
        )
        body = f"(block $l{level} (try_table ({clause} $l{level}) {body}) {mark}) {mark} {again}"
    return binary(f"{HEAD} (block $end (try_table (catch_all $end) {body})) (local.get $acc)))")


@pytest.mark.parametrize("clause", ["catch_all", "catch $none"])
@pytest.mark.parametrize("depth", [5, 7, 8, 9, 14, 15, 16, 17, 20, 400])
def test_deep_nests(depth: int, clause: str) -> None:
    data = nested(depth, clause)
    assert outcomes(Generated(data, OPTIONS[1])) == outcomes(Native(data))
