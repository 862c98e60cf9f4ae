"""Random valid modules in the text format: structured control with branches across levels, over integer arithmetic.

Every path changes an accumulator, so that taking a wrong one shows in the result.  Loops burn fuel from a global, so
that every call ends.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

FUNCTIONS = 6
"""Functions of a module, exported as ``e0``, ``e1`` …; all take two i32 and give one."""

_FUEL = 60
_LOCALS = {"i32": ["$a", "$b", "$x", "$y", "$p", "$i"], "i64": ["$l", "$m"]}
_INTERESTING = (0, 1, 2, 3, 4, 7, 8, 31, 32, 100, 127, 128, 255, 256, 32767, 32768, 65535, 65536)
_BOUNDS = (2**31 - 1, 2**31, 2**32 - 1, 2**32 - 2, 2**32 - 4, 2**32 - 100, 2**32 - 65536)
_BOUNDS64 = (*_BOUNDS, 2**32, 2**63 - 1, 2**63, 2**64 - 1)
_COMPARE = ("eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u")
_BINARY = ("add", "add", "sub", "sub", "mul", "and", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr")
_UNARY = {"i32": ("clz", "ctz", "popcnt", "extend8_s", "extend16_s"), "i64": ("clz", "ctz", "extend8_s", "extend32_s")}
_LOADS = {
    "i32": ("load", "load8_u", "load8_s", "load16_u", "load16_s"),
    "i64": ("load", "load8_u", "load8_s", "load16_u", "load16_s", "load32_u", "load32_s"),
}
_STORES = {"i32": ("store", "store8", "store16"), "i64": ("store", "store8", "store16", "store32")}


@dataclass(frozen=True)
class _Target:
    """A label: what it is called, and the type of the value that a branch to it carries."""

    name: str
    type: str


def random_module(seed: int) -> str:
    """The text of a module; the same for the same seed."""
    return _Generator(random.Random(seed)).module()


class _Generator:
    def __init__(self, random_: random.Random) -> None:
        self.random = random_
        self.labels: list[_Target] = []
        self.names = 0
        self.function = 0
        self.budget = 0

    def module(self) -> str:
        parts = ['(module (memory (export "memory") 1)', "(global $fuel (mut i32) (i32.const 0))"]
        parts.append('(global $g (export "g") (mut i32) (i32.const 5)) (global $sp (mut i32) (i32.const 4096))')
        for self.function in range(FUNCTIONS):
            parts.append(self.a_function())
            parts.append(
                f'(func (export "e{self.function}") (param i32 i32) (result i32)'
                f" (global.set $fuel (i32.const {_FUEL})) (call $f{self.function} (local.get 0) (local.get 1)))"
            )
        return "\n".join(parts) + ")"

    def a_function(self) -> str:
        self.labels = []
        self.budget = self.random.choice((10, 25, 60))
        body = self.statements(self.random.randint(2, 6), 0)
        return (
            f"(func $f{self.function} (param $a i32) (param $b i32) (result i32)"
            " (local $acc i32) (local $x i32) (local $y i32) (local $p i32) (local $i i32)"
            " (local $l i64) (local $m i64)"
            f"\n{body}\n{self.result()})"
        )

    def result(self) -> str:
        return "(i32.xor (local.get $acc) (i32.wrap_i64 (i64.add (local.get $l) (local.get $m))))"

    # ------------------------------------------------------------------------------------------------------ statements

    def statements(self, count: int, depth: int) -> str:
        return "\n".join(self.statement(depth) for _ in range(count))

    def body(self, depth: int) -> str:
        """A list of statements; its end may be unreachable."""
        text = self.statements(self.random.randint(1, 4), depth + 1)
        if self.random.random() < 0.3:
            text += "\n" + self.jump()
        return text

    def name(self) -> str:
        self.names += 1
        return f"$L{self.names}"

    def step(self) -> str:
        """Mark the path."""
        number = self.random.randint(1, 1000)
        return f"(local.set $acc (i32.add (i32.mul (local.get $acc) (i32.const 31)) (i32.const {number})))"

    def statement(self, depth: int) -> str:
        self.budget -= 1
        choice = self.random.random()
        if depth > 7 or self.budget < 0 or choice < 0.3:
            return self.simple()
        if choice < 0.36:
            return self.frame()
        kinds = (
            self.block,
            self.block,
            self.if_,
            self.if_,
            self.loop,
            self.counted,
            self.br_if,
            self.br_if,
            self.switch,
        )
        return self.random.choice(kinds)(depth)

    def simple(self) -> str:
        choice = self.random.random()
        type_ = self.random.choice(("i32", "i32", "i64"))
        if choice < 0.3:
            return self.step()
        if choice < 0.65:
            return f"(local.set {self.random.choice(_LOCALS[type_])} {self.value(type_, 3)})"
        if choice < 0.8:
            store = self.random.choice(_STORES[type_])
            return f"({type_}.{store} offset={self.offset()} {self.address()} {self.value(type_, 2)})"
        if choice < 0.9 and self.function:
            callee = self.random.randrange(self.function)
            return f"(local.set $x (call $f{callee} {self.value('i32', 1)} {self.value('i32', 1)}))"
        return f"(global.set $g {self.value('i32', 2)})"

    def frame(self) -> str:
        """A frame on a stack in memory: several accesses off one pointer, as compilers spill variables."""
        random_ = self.random
        size = random_.choice((16, 16, 32, 48, 64, 8, 20))
        text = f"(local.set $p (i32.sub (global.get $sp) (i32.const {size})))"
        if random_.random() < 0.5:
            text += "(global.set $sp (local.get $p))"
        for _ in range(random_.randint(1, 4)):
            type_ = random_.choice(("i32", "i64"))
            offset = random_.choice((0, 4, 8, 12, 16, 2))
            if random_.random() < 0.5:
                text += f"({type_}.store offset={offset} (local.get $p) {self.value(type_, 1)})"
            else:
                local = random_.choice(_LOCALS[type_])
                text += f"(local.set {local} ({type_}.load offset={offset} (local.get $p)))"
        return text

    def inside(self, kind: str, type_: str, depth: int) -> tuple[str, str]:
        """A label and the statements inside it; branches to loops carry nothing."""
        name = self.name()
        self.labels.append(_Target(name, "" if kind == "loop" else type_))
        text = self.body(depth)
        self.labels.pop()
        return name, text

    def block(self, depth: int) -> str:
        name, text = self.inside("block", "", depth)
        return f"(block {name}\n{text})\n{self.step()}"

    def if_(self, depth: int) -> str:
        condition = self.condition()
        name, then = self.inside("if", "", depth)
        text = f"(if {name} {condition} (then\n{then})"
        if self.random.random() < 0.6:
            self.labels.append(_Target(name, ""))
            text += f"\n(else\n{self.body(depth)})"
            self.labels.pop()
        return text + ")"

    def burn(self) -> str:
        return (
            "(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))"
            f"(if (i32.le_s (global.get $fuel) (i32.const 0)) (then (return {self.result()})))"
        )

    def loop(self, depth: int) -> str:
        name, text = self.inside("loop", "", depth)
        again = self.random.choice(("", f"(br_if {name} {self.condition()})", f"(br {name})"))
        return f"(loop {name} {self.burn()}\n{text}\n{again})"

    def counted(self, depth: int) -> str:
        """A loop as compilers write them: a counter, a pointer, and a test at the end or the start."""
        random_ = self.random
        step = random_.choice((1, 1, 1, 2, 4, 8, 3))
        down = random_.random() < 0.3
        start = random_.choice(
            (f"(i32.const {random_.choice(_INTERESTING)})", "(local.get $a)", "(i32.and (local.get $a) (i32.const 60))")
        )
        bounds = ["(i32.const 0)", "(local.get $b)", f"(i32.const {self.constant('i32')})"]
        bound = random_.choice((*bounds, "(i32.add (local.get $b) (i32.const 4))"))
        test = random_.choice(("ne", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "ge_u"))
        again = f"(i32.{test} (local.get $i) {bound})"
        if down and random_.random() < 0.5:
            again = "(local.get $i)"
        advance = f"(local.set $i (i32.{'sub' if down else 'add'} (local.get $i) (i32.const {step})))"
        name, text = self.inside("loop", "", depth)
        by = random_.choice((4, 4, 8, -4, 1, 2))
        pointer = random_.choice(("", f"(local.set $p (i32.add (local.get $p) (i32.const {by})))"))
        use = random_.choice(
            (
                "(local.set $acc (i32.add (local.get $acc) (local.get $i)))",
                "(local.set $x (i32.add (local.get $x) (i32.load (local.get $p))))",
                "(i32.store8 (local.get $p) (local.get $i))",
                "(i32.store offset=8 (local.get $p) (local.get $x))",
                "(local.set $y (i32.load (i32.add (local.get $a) (i32.shl (local.get $i) (i32.const 2)))))",
                "(local.set $m (i64.load16_s (i32.add (local.get $y) (local.get $i))))",
                "(local.set $l (i64.add (local.get $l) (i64.extend_i32_u (local.get $i))))",
                "(local.set $m (i64.add (local.get $m) (i64.extend_i32_s (local.get $i))))",
            )
        )
        init = f"(local.set $i {start})(local.set $p {self.address()})"
        if random_.random() < 0.5:
            return f"{init}(loop {name} {self.burn()}{use}\n{text}\n{pointer}{advance}(br_if {name} {again}))"
        out = self.name()
        return (
            f"{init}(block {out} (loop {name} {self.burn()}(br_if {out} (i32.eqz {again}))"
            f"{use}\n{text}\n{pointer}{advance}(br {name})))"
        )

    def br_if(self, depth: int) -> str:
        targets = [t for t in self.labels if not t.type]
        if not targets:
            return self.step()
        return f"(br_if {self.random.choice(targets).name} {self.condition()}){self.step()}"

    def jump(self) -> str:
        """A branch that is always taken, or another end."""
        choice = self.random.random()
        if choice < 0.1:
            return f"(return {self.result()})"
        if choice < 0.13:
            return "(unreachable)"
        targets = [t for t in self.labels if not t.type]
        if not targets:
            return self.step()
        if choice < 0.4 and len(targets) > 1:
            names = " ".join(self.random.choice(targets).name for _ in range(self.random.randint(2, 7)))
            return f"(br_table {names} {self.value('i32', 1)})"
        return f"(br {self.random.choice(targets).name})"

    def switch(self, depth: int) -> str:
        """C's ``switch``: a ``br_table`` in nested blocks, with and without fall-through."""
        names = [self.name() for _ in range(self.random.randint(2, 6))]
        table = [self.random.choice(names) for _ in range(self.random.randint(1, 8))]
        text = f"(br_table {' '.join(table)} {names[-1]} (i32.rem_u {self.value('i32', 1)} (i32.const 9)))"
        for position, name in enumerate(names):
            self.labels += [_Target(outer, "") for outer in reversed(names[position + 1 :])]
            inner = self.statements(self.random.randint(0, 2), depth + 1)
            inner += self.jump() if self.random.random() < 0.4 else ""
            del self.labels[len(self.labels) - (len(names) - position - 1) :]
            text = f"(block {name}\n{text})\n{self.step()}{inner}"
        return f"(block {self.name()}\n{text})"

    # ---------------------------------------------------------------------------------------------------------- values

    def constant(self, type_: str) -> int:
        return self.random.choice((*_INTERESTING, *(_BOUNDS if type_ == "i32" else _BOUNDS64)))

    def offset(self) -> int:
        return self.random.choice((0, 0, 0, 1, 2, 4, 8, 12, 16))

    def address(self) -> str:
        choice = self.random.random()
        if choice < 0.08:
            return f"(local.get {self.random.choice(_LOCALS['i32'])})"
        if choice < 0.16:
            return "(i32.add (local.get $p) (i32.shl (i32.and (local.get $i) (i32.const 31)) (i32.const 2)))"
        mask = self.random.choice((1020, 1020, 1023, 1022, 65535))
        return f"(i32.and {self.value('i32', 1)} (i32.const {mask}))"

    def condition(self) -> str:
        if self.random.random() < 0.2:
            return self.value("i32", 2)
        if self.random.random() < 0.2:
            return f"(i32.eqz {self.value('i32', 2)})"
        type_ = self.random.choice(("i32", "i32", "i32", "i64"))
        return f"({type_}.{self.random.choice(_COMPARE)} {self.value(type_, 2)} {self.value(type_, 1)})"

    def value(self, type_: str, depth: int) -> str:
        random_ = self.random
        choice = random_.random()
        if depth == 0 or choice < 0.2:
            if random_.random() < 0.35:
                return f"({type_}.const {self.constant(type_)})"
            return f"(local.get {random_.choice(_LOCALS[type_])})"
        a = self.value(type_, depth - 1)
        if choice < 0.6:
            return f"({type_}.{random_.choice(_BINARY)} {a} {self.value(type_, depth - 1)})"
        if choice < 0.66:
            return f"({type_}.{random_.choice(_UNARY[type_])} {a})"
        if choice < 0.72:
            divisor = f"({type_}.or {self.value(type_, depth - 1)} ({type_}.const 1))"
            return f"({type_}.{random_.choice(('div_s', 'div_u', 'rem_s', 'rem_u'))} {a} {divisor})"
        if choice < 0.78:
            return f"({type_}.{random_.choice(_LOADS[type_])} offset={self.offset()} {self.address()})"
        if choice < 0.84:
            return f"(select {a} {self.value(type_, depth - 1)} {self.condition_of(depth)})"
        if choice < 0.88:
            local = random_.choice(_LOCALS[type_])
            return f"(local.tee {local} {a})"
        if choice < 0.92:
            other = self.value(type_, depth - 1)
            return f"(if (result {type_}) {self.condition_of(depth)} (then {a}) (else {other}))"
        if choice < 0.93:
            return self.chosen(type_, a, depth)
        if choice < 0.94:
            return self.repeated(type_, a, depth)
        if choice < 0.96:
            name = self.name()
            return f"(block {name} (result {type_}) (drop (br_if {name} {a} {self.condition_of(depth)})) {a})"
        if type_ == "i64":
            return f"(i64.extend_i32_{random_.choice('su')} {self.value('i32', depth - 1)})"
        return random_.choice((f"(i32.wrap_i64 {self.value('i64', depth - 1)})", "(global.get $g)"))

    def chosen(self, type_: str, a: str, depth: int) -> str:
        """A value that a ``br_table`` carries to one of two labels."""
        outer, inner = self.name(), self.name()
        targets = " ".join(self.random.choice((outer, inner)) for _ in range(self.random.randint(1, 4)))
        table = f"(br_table {targets} {a} {self.value('i32', depth - 1)})"
        other = self.value(type_, depth - 1)
        return f"(block {outer} (result {type_}) ({type_}.add (block {inner} (result {type_}) {table}) {other}))"

    def repeated(self, type_: str, a: str, depth: int) -> str:
        """A value that a loop takes and passes on."""
        name, local = self.name(), self.random.choice(_LOCALS[type_])
        again = f"({type_}.{self.random.choice(('add', 'xor', 'mul'))} (local.get {local}) {self.value(type_, 1)})"
        return (
            f"(block (result {type_}) {a} (loop {name} (param {type_}) (result {type_})"
            f" (local.set {local}) {self.burn()}"
            f" (br_if {name} {again} {self.condition_of(depth)})))"
        )

    def condition_of(self, depth: int) -> str:
        return f"(i32.{self.random.choice(_COMPARE)} {self.value('i32', depth - 1)} {self.value('i32', 0)})"
