"""Random loops that count and do anything else: call, contain loops, are left early.

Counters start anywhere, near the ends of their range and at the bound too, go by one or more, up or down, step before,
between or behind what reads them, or by way of a copy; beside them other variables step.  A function that they call
counts the calls, and ends those loops that go on for too long.
"""

from __future__ import annotations

import random

import wasmtime

_STARTS = (0, 0, 0, 1, 5, -1, -10, 100, 2**31 - 3, -(2**31), -(2**31) + 2, 2**32 - 4)
_STEPS = (1, 1, 1, 1, -1, -1, -1, 2, -2, 3, 4, -8, 24)
_TURNS = (0, 1, 2, 7, 8, 9, 12, 16, 17, 30)


def range_module(seed: object) -> bytes:
    """A random module, the same for the same seed.  It exports its functions."""
    rng = random.Random(f"ranges {seed}")
    functions = "\n".join(_Function(rng, number).text() for number in range(rng.randint(1, 4)))
    text = f"""(module
 (global $calls (mut i32) (i32.const 0))
 (func $f (param i32) (result i32)
  (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
  (i32.gt_u (i32.and (global.get $calls) (i32.const 255)) (i32.const {rng.choice((100, 250))})))
{functions})"""
    return bytes(wasmtime.wat2wasm(text))


class _Function:
    """Loops nest in each other up to three deep; those at depth ``d`` count ``$i<d>`` and step ``$k<d>`` beside."""

    def __init__(self, rng: random.Random, number: int) -> None:
        self.rng = rng
        self.number = number
        self.labels = 0
        self.types = [rng.choice(("i32", "i32", "i32", "i64")) for _ in range(3)]

    def text(self) -> str:
        """The function."""
        locals_ = " ".join(f"(local $i{d} {t}) (local $k{d} i32) (local $c{d} {t})" for d, t in enumerate(self.types))
        body = "\n".join(self.loop(0) for _ in range(self.rng.randint(1, 2)))
        used = self.rng.choice(("(local.get $s)", f"(i32.xor (local.get $s) {self.number_in(0)})"))
        return (
            f'(func (export "f{self.number}") (param $n i32) (result i32) (local $s i32) {locals_}\n'
            f"{body}\n (i32.add (i32.mul (global.get $calls) (i32.const 7)) {used}))"
        )

    def number_in(self, depth: int) -> str:
        """The counter at a depth as i32."""
        get = f"(local.get $i{depth})"
        return get if self.types[depth] == "i32" else f"(i32.wrap_i64 {get})"

    def loop(self, depth: int) -> str:
        """A loop."""
        rng, kind = self.rng, self.types[depth]
        i, c, k = f"$i{depth}", f"$c{depth}", f"$k{depth}"
        self.labels += 1
        label, out = f"$l{self.labels}", f"$o{self.labels}"
        step = rng.choice(_STEPS)
        before: list[str] = []
        start = rng.choice(_STARTS)
        unknown = rng.choice(("(local.get $n)", "(i32.and (local.get $n) (i32.const 31))"))
        if kind == "i64":
            unknown = f"({rng.choice(('i64.extend_i32_s', 'i64.extend_i32_u'))} {unknown})"
        origin = rng.choice(("constant", "constant", "constant", "unknown", "carried"))
        if origin == "constant":
            before.append(f"(local.set {i} ({kind}.const {start}))")
        elif origin == "unknown":
            before.append(f"(local.set {i} {unknown})")
        if rng.random() < 0.5:
            before.append(f"(local.set {k} (i32.const {rng.choice(_STARTS)}))")
        rng.shuffle(before)
        bits = 64 if kind == "i64" else 32
        end = (start + step * rng.choice(_TURNS) + rng.choice((0, 0, 0, 1)) + 2 ** (bits - 1)) % 2**bits - 2 ** (
            bits - 1
        )
        bound = rng.choice((f"({kind}.const {end})", f"({kind}.const {end})", f"({kind}.const 0)", unknown))
        body = [self.statement(depth, out) for _ in range(rng.randint(1, 4))]
        if rng.random() < 0.1:
            body.append(f"(br_if {label} (call $f {self.number_in(depth)}))")
        if rng.random() < 0.5:
            body.append(f"(local.set {k} (i32.add (local.get {k}) (i32.const {rng.choice(_STEPS)})))")
        rng.shuffle(body)
        step_text = f"(local.set {i} ({kind}.add (local.get {i}) ({kind}.const {step})))"
        if rng.random() < 0.2:
            body.insert(0, f"(local.set {c} (local.get {i}))")
            step_text = step_text.replace(f"(local.get {i})", f"(local.get {c})")
        body.insert(rng.choice((1, len(body), len(body), len(body))), step_text)
        up = ("lt_s", "lt_u", "le_s") if step > 0 else ("gt_s", "gt_u", "ge_s")
        test = f"({kind}.{rng.choice(('ne', 'ne', *up))} (local.get {i}) {bound})"
        turn = " ".join(body)
        loop = rng.choice(
            (
                f"(loop {label} {turn} (br_if {label} {test}))",
                f"(loop {label} {turn} (br_if {label} {test}))",
                f"(loop {label} (if {test} (then {turn} (br {label}))))",
                f"(block $x (loop {label} (br_if $x (i32.eqz {test})) {turn} (br {label})))",
                f"(loop {label} (block $x (br_if $x (i32.eqz {test})) {turn} (br {label})))",
            )
        )
        guard = rng.choice(("", "", f"(br_if {out} (i32.eqz (local.get $n)))"))
        if guard:
            guard = rng.choice((guard, f"(br_if {out} (i32.lt_s (local.get $n) (i32.const 1)))"))
        return f"(block {out} {' '.join(before)} {guard} {loop})"

    def statement(self, depth: int, out: str) -> str:
        """A statement of a turn."""
        rng = self.rng
        i, k = self.number_in(depth), f"(local.get $k{depth})"
        value = rng.choice((i, i, k, "(local.get $n)", f"(i32.sub {i} {k})"))
        kind = rng.choice(("sum", "sum", "call", "leave", "leave", "return", "loop", "skip"))
        if kind == "loop" and depth < 2:
            return self.loop(depth + 1)
        if kind == "call":
            return f"(local.set $s (i32.xor (local.get $s) (call $f {value})))"
        if kind in ("leave", "loop"):
            return f"(br_if {out} (call $f {value}))"
        if kind == "return":
            return f"(if (call $f {value}) (then (return {value})))"
        sum_ = f"(local.set $s (i32.add (i32.mul (local.get $s) (i32.const 31)) {value}))"
        if kind == "skip":
            return f"(block $b (br_if $b (i32.and {value} (i32.const 1))) {sum_})"
        return sum_
