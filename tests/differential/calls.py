"""Random modules whose functions call each other, for what a compiler concludes from all calls together.

Most functions are internal, take pointers and numbers of either sign, and call others, themselves included: by name,
through tables that are closed, exported or written to, in tail position, and from handlers.
"""

from __future__ import annotations

import random

import wasmtime

_SIGNATURES = (
    (("i32",), ("i32",)),
    (("i32", "i32"), ("i32",)),
    (("i32", "i64"), ("i32",)),
    (("i64", "i32"), ("i64",)),
    (("i32", "i32", "i32"), ()),
    (("i32", "i32"), ("i32", "i64")),
)
_NUMBERS = (
    -1,
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    12,
    16,
    31,
    100,
    1024,
    4096,
    65532,
    2**31 - 1,
    -(2**31),
    -4,
    -16,
    -100,
    -1000,
    -2,
    -3,
    -5,
)
_OPERATORS = ("add", "add", "sub", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u")
_MODULAR = ("add", "sub", "mul", "and", "xor", "shl")
_SIGNED = ("lt_s", "gt_s", "le_s", "ge_s")
_COMPARISONS = ("eq", "ne", *_SIGNED, "lt_u", "gt_u", "le_u", "ge_u")
_ITEMS = (
    (2, "i32.load16_s", "i32.store16"),
    (4, "i32.load", "i32.store"),
    (4, "i32.load", "i32.store"),
    (8, "i64.load", "i64.store"),
)
_LOCALS = {"i32": ("$x", "$y"), "i64": ("$l",)}


def call_module(seed: object) -> bytes:
    """A random module, the same for the same seed."""
    return bytes(wasmtime.wat2wasm(_Calls(random.Random(f"calls {seed}")).module()))


class _Calls:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.functions = [rng.randrange(len(_SIGNATURES)) for _ in range(rng.randint(3, 7))]
        """The signature of each."""
        self.held = [i for i in range(len(self.functions)) if rng.random() < 0.4] or [0]
        """Functions in the table."""
        self.signed = rng.random() < 0.6
        """Numbers are mostly signed, and few are pointers."""
        self.modular = not self.signed and rng.random() < 0.6
        """Results are mostly large, and callers only use their low bits."""
        self.params: tuple[str, ...] = ()
        self.item: tuple[int, str, str] | None = rng.choice(_ITEMS) if rng.random() < 0.4 else None
        """What first parameters point to, if they are pointers and nothing else: width, load and store."""

    def module(self) -> str:
        rng = self.rng
        text = "".join(
            f"(type $t{i} (func{' (param ' + ' '.join(p) + ')'}{' (result ' + ' '.join(r) + ')' if r else ''}))\n"
            for i, (p, r) in enumerate(_SIGNATURES)
        )
        text += (
            '(memory (export "memory") 1) (data (i32.const 0) "\\01\\02\\03\\84\\85\\ff\\ff\\ff\\10\\00\\00\\00\\f0")\n'
        )
        shown = '(export "table") ' if rng.random() < 0.15 else ""
        text += (
            f"(table {shown}{len(self.held)} funcref) (elem (i32.const 0) {' '.join(f'$f{i}' for i in self.held)})\n"
        )
        text += '(global $fuel (mut i32) (i32.const 0)) (global $g (export "g") (mut i32) (i32.const 5))\n'
        text += f"(global $p (mut i32) (i32.const {rng.choice((1024, 1024, 1026, 4096))}))\n"
        text += "".join(self.function(i) for i in range(len(self.functions)))
        if rng.random() < 0.1:
            text += "(func (table.set (i32.const 0) (table.get (i32.const 0))))"
        return f"(module {text})"

    def function(self, index: int) -> str:
        rng = self.rng
        self.params, results = _SIGNATURES[self.functions[index]]
        export = f'(export "f{index}") ' if rng.random() < 0.15 else ""
        body = f"(if (i32.eqz (global.get $fuel)) (then (return {self.results(results)})))"
        body += "(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))"
        body += " ".join(self.statement() for _ in range(rng.randint(1, 5)))
        same = [i for i, s in enumerate(self.functions) if _SIGNATURES[s][1] == results]
        if rng.random() < 0.15:
            callee = rng.choice(same)
            body += f"(return_call $f{callee} {self.arguments(self.functions[callee])})"
        else:
            body += self.results(results)
        locals_ = "(local $x i32) (local $y i32) (local $l i64)"
        type_ = f"(type $t{self.functions[index]})"
        text = f"(func $f{index} {export}{type_} {locals_}\n{body})\n"
        parameters = " ".join(self.params)
        result = f"(result {' '.join(results)})" if results else ""
        given = [f"(local.get {i})" for i in range(len(self.params))]
        if self.item and self.params[0] == "i32":
            given[0] = f"(i32.shl {given[0]} (i32.const {rng.choice((3, 3, 3, 3, 3, 3, 0))}))"
        arguments = " ".join(given)
        if rng.random() < 0.7 or not index:
            call = f"(call $f{index} {arguments})"
            if self.modular and len(results) == 1:
                call = f"({results[0]}.{rng.choice(_MODULAR)} {call} ({results[0]}.const {rng.choice(_NUMBERS)}))"
            text += (
                f'(func (export "e{index}") (param {parameters}) {result} (global.set $fuel (i32.const 30)) {call})\n'
            )
        return text

    def statement(self) -> str:
        rng = self.rng
        if self.item and self.params[0] == "i32" and rng.random() < 0.4:
            width, _, store = self.item
            return f"({store} offset={width * rng.randrange(4)} {self.pointer()} {self.value(store[:3], 1)})"
        choice = rng.random()
        if choice < 0.35:
            return self.call()
        if choice < 0.5:
            return f"(global.set $g (i32.xor (global.get $g) {self.value('i32', 2)}))"
        if choice < 0.65:
            return f"(if {self.condition()} (then {self.statement()}) (else {self.statement()}))"
        if choice < 0.7:
            return f"(i32.store{rng.choice(('', '', '8', '16'))} {self.place()} {self.value('i32', 1)})"
        if choice < 0.75:
            return f"(global.set $p (i32.add (global.get $p) (i32.const {rng.choice((4, -16, 8, 2))})))"
        type_ = rng.choice(("i32", "i32", "i64"))
        return f"(local.set {rng.choice(_LOCALS[type_])} {self.value(type_, 2)})"

    def call(self) -> str:
        """A call whose results go to locals, or are dropped."""
        rng = self.rng
        if rng.random() < 0.3:
            position = rng.randrange(len(self.held))
            signature = self.functions[self.held[position]]
            selector = f"(i32.const {position})"
            if rng.random() < 0.2:
                selector = f"(i32.and {self.value('i32', 1)} (i32.const 3))"
            text = f"(call_indirect (type $t{signature}) {self.arguments(signature)} {selector})"
        else:
            callee = rng.randrange(len(self.functions))
            signature = self.functions[callee]
            text = f"(call $f{callee} {self.arguments(signature)})"
        results = _SIGNATURES[signature][1]
        if self.modular and len(results) == 1:
            local = rng.choice(_LOCALS[results[0]])
            return f"(local.set {local} ({results[0]}.{rng.choice(_MODULAR)} {text} {self.value(results[0], 1)}))"
        for type_ in reversed(results):
            local = rng.choice(_LOCALS[type_])
            text += f" (local.set {local})"
            if rng.random() < 0.5:
                comparison = rng.choice(_SIGNED if self.signed else _COMPARISONS)
                test = f"({type_}.{comparison} (local.get {local}) ({type_}.const {rng.choice(_NUMBERS)}))"
                text += f" (global.set $g (i32.add (i32.mul (global.get $g) (i32.const 3)) {test}))"
        return text

    def arguments(self, signature: int) -> str:
        values = [self.argument(type_) for type_ in _SIGNATURES[signature][0]]
        if self.item and _SIGNATURES[signature][0][0] == "i32" and self.rng.random() < 0.98:
            values[0] = self.aligned()
        return " ".join(values)

    def aligned(self) -> str:
        """A pointer to an item."""
        rng = self.rng
        choice = rng.random()
        if choice < 0.6 and self.params[0] == "i32":
            return self.pointer()
        if choice < 0.8:
            return f"(i32.const {8 * rng.choice((0, 1, 128, 1000, 8191, 8192, -1, 1 << 28))})"
        x = self.value("i32", 1)
        return f"(i32.shl {x} (i32.const 3))" if choice < 0.9 else f"(i32.and {x} (i32.const 0xFFF8))"

    def pointer(self) -> str:
        """What the first parameter points to, or close to it."""
        distance = self.rng.choice((0, 0, 1, 2, 3, 8, -1))
        return "(local.get 0)" if not distance else f"(i32.add (local.get 0) (i32.const {distance * 8}))"

    def argument(self, type_: str) -> str:
        """Often a pointer, a difference or a parameter."""
        rng = self.rng
        value = self.value(type_, 1)
        choice = rng.random()
        if choice < 0.3:
            return value
        if choice < 0.45 and type_ == "i32":
            return (
                "(global.get $p)" if choice < 0.37 else f"(i32.add (global.get $p) (i32.const {rng.choice((4, 8, 6))}))"
            )
        if choice < 0.6:
            return f"({type_}.and {value} ({type_}.const {rng.choice((4092, 4094, 4088, -4))}))"
        if choice < 0.7:
            return f"({type_}.shl {value} ({type_}.const {rng.choice((1, 2, 3))}))"
        return f"({type_}.{rng.choice(('add', 'sub'))} {value} ({type_}.const {rng.choice((1, 4, 8, 12))}))"

    def results(self, types: tuple[str, ...]) -> str:
        """What a function returns: often a number that is signed by its nature."""
        values = []
        for type_ in types:
            value = self.value(type_, 2)
            if self.signed and self.rng.random() < 0.7:
                value = f"({type_}.{self.rng.choice(('extend16_s', 'shr_s'))} {value}"
                value += (
                    f" ({type_}.const {self.rng.choice((0, 1, 20))}))" if value.startswith(f"({type_}.shr_s") else ")"
                )
            elif self.modular and self.rng.random() < 0.7:
                factors = (
                    f"({type_}.xor {x} ({type_}.const {self.rng.choice(_NUMBERS)}))"
                    for x in (value, self.value(type_, 1))
                )
                value = f"({type_}.{self.rng.choice(('mul', 'mul', 'shl'))} {' '.join(factors)})"
            values.append(value)
        return " ".join(values)

    def place(self) -> str:
        """An address, mostly within the memory."""
        choice = self.rng.random()
        pointers = [f"(local.get {i})" for i in self.numbers("i32")]
        pointer = (
            self.rng.choice(pointers) if pointers and choice < (0.1 if self.signed else 0.8) else self.value("i32", 1)
        )
        if choice < 0.3:
            return f"offset={self.rng.choice((0, 4, 8, 2))} {pointer}"
        return f"(i32.and {pointer} (i32.const {self.rng.choice((0xFFFC, 0xFFFF, 0xFFF8))}))"

    def condition(self) -> str:
        type_ = self.rng.choice(("i32", "i32", "i64"))
        comparison = self.rng.choice(_SIGNED if self.signed else _COMPARISONS)
        return f"({type_}.{comparison} {self.value(type_, 1)} {self.value(type_, 1)})"

    def value(self, type_: str, depth: int) -> str:
        rng = self.rng
        choice = rng.random()
        if depth <= 0 or choice < 0.3:
            own = [f"(local.get {i})" for i in self.numbers(type_)]
            if choice < 0.1:
                return f"({type_}.const {rng.choice(_NUMBERS)})"
            return rng.choice(own) if own and choice < 0.7 else f"(local.get {rng.choice(_LOCALS[type_])})"
        if self.item and self.params[0] == "i32" and choice < 0.4 and type_ == self.item[1][:3]:
            return f"({self.item[1]} offset={self.item[0] * rng.randrange(4)} {self.pointer()})"
        a = self.value(type_, depth - 1)
        if choice < 0.65:
            return f"({type_}.{rng.choice(_OPERATORS)} {a} {self.value(type_, depth - 1)})"
        if choice < 0.75:
            return f"({type_}.load{rng.choice(('', '', '8_s', '16_u', '16_s'))} {self.place()})"
        if choice < 0.82:
            return f"(select {a} {self.value(type_, depth - 1)} {self.condition()})"
        if choice < 0.88:
            divisor = f"({type_}.or {self.value(type_, 0)} ({type_}.const 1))"
            return f"({type_}.{rng.choice(('div_u', 'rem_s', 'rem_u'))} {a} {divisor})"
        if choice < 0.93:
            return f"({type_}.extend{rng.choice((8, 16))}_s {a})"
        if type_ == "i64":
            return f"(i64.extend_i32_{rng.choice('su')} {self.value('i32', depth - 1)})"
        return f"(i32.wrap_i64 {self.value('i64', depth - 1)})"

    def numbers(self, type_: str) -> list[int]:
        """The parameters of a type that are used as numbers."""
        pointer = self.item is not None and self.params[0] == "i32" and self.rng.random() < 0.99
        return [i for i, each in enumerate(self.params) if each == type_ and not (pointer and i == 0)]
