"""Random loops over vectors in memory, as compilers write them: lanes of what is loaded, summed up or stored.

Most run often enough for what transpiled code does to many vectors at once.  They start anywhere, near the end of
memory and at odd addresses too; store where they load from, a few bytes away or elsewhere; carry one or two vectors.
"""

from __future__ import annotations

import random

import wasmtime

from tests.differential.loops import as_data, test

_PAGE = 65536
_SHAPES = {"i8x16": 8, "i16x8": 16, "i32x4": 32, "i64x2": 64}
_LOADS = (
    *["v128.load"] * 8,
    "v128.load64_zero", "v128.load32_zero", "v128.load8x8_u", "v128.load8x8_s", "v128.load16x4_s", "v128.load16x4_u",
    "v128.load8_splat", "v128.load32_splat", "v128.load32x2_s",
)  # fmt: skip
_BITWISE = ("v128.and", "v128.or", "v128.xor", "v128.andnot")
_SHIFTS = ("shl", "shr_s", "shr_u")
_WIDEN = tuple(
    f"i{2 * width}x{64 // width}.{kind}_i{width}x{128 // width}_{suffix}"
    for width in (8, 16, 32)
    for kind in ("extend_low", "extend_high", *(["extadd_pairwise"] if width < 32 else []))
    for suffix in "su"
)
_NARROW = ("i8x16.narrow_i16x8_s", "i8x16.narrow_i16x8_u", "i16x8.narrow_i32x4_s", "i16x8.narrow_i32x4_u")
_COMPARE = ("eq", "ne", "lt_s", "gt_s", "le_s", "ge_s")
_COMPARE_U = ("lt_u", "gt_u", "le_u", "ge_u")
_PRODUCTS = ("i32x4.mul", "i32x4.mul", "i32x4.mul", "i32x4.dot_i16x8_s", "i16x8.mul", "i32x4.extmul_high_i16x8_u",
             "i16x8.extmul_low_i8x16_s")  # fmt: skip
_CARRY = ("i32x4.add", "i32x4.add", "i32x4.sub", "i8x16.add", "i16x8.add", "i64x2.add", "i64x2.sub", "v128.xor",
          "v128.or", "v128.and", "i8x16.max_u", "i16x8.min_s", "i32x4.min_s", "i32x4.max_u", "i16x8.mul",
          "i8x16.add_sat_u", "v128.andnot")  # fmt: skip
"""What is done to what is carried; that of the last ones depends on the order."""


def vector_loop_module(seed: object) -> bytes:
    """A random module, the same for the same seed.  It exports its functions and its memory."""
    rng = random.Random(f"vector loops {seed}")
    functions = "\n".join(_Function(rng).text(number) for number in range(rng.randint(1, 3)))
    text = f'(module (memory (export "memory") 1 2) (data (i32.const 256) "{as_data(rng, 4096)}")\n{functions})'
    return bytes(wasmtime.wat2wasm(text))


class _Function:
    """One function: ``$n`` is a parameter, ``$p`` and ``$q`` the pointers, ``$v`` and ``$w`` are carried."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.unrolled = rng.choice((1, 1, 1, 2, 2, 4))
        self.carried = rng.choice((0, 0, 1, 1, 1, 2))
        self.distance = rng.choice((16, 16, 16, 16, 8, 32))

    def text(self, number: int) -> str:
        """The function."""
        rng = self.rng
        stride = self.distance * self.unrolled
        start = rng.choice((256, 256, 272, 264, 260, 1024, _PAGE - 40 * stride, 0))
        apart = rng.choice((0, 0, 16, -16, stride, 8, 512, 520, 2048, 4096, -4096, 8192, 3))
        turns = rng.choice((
            "(i32.and (local.get $n) (i32.const 127))", "(i32.const 32)", "(i32.const 64)", "(i32.const 75)",
            "(i32.const 100)", "(i32.add (i32.and (local.get $n) (i32.const 63)) (i32.const 30))", "(local.get $n)",
        ))  # fmt: skip
        steps = [
            f"(local.set $p (i32.add (local.get $p) (i32.const {stride})))",
            f"(local.set $q (i32.add (local.get $q) (i32.const {stride * rng.choice((1, 1, 1, 1, 2))})))",
        ]
        rng.shuffle(steps)
        body = self.body()
        if rng.random() < 0.1:
            body.insert(rng.randrange(len(body) + 1), steps.pop())
        body += steps
        return (
            f'(func (export "f{number}") (param $n i32) (result i32) (local $p i32) (local $q i32) (local $s i32)'
            f" (local $end i32) (local $i i32) (local $t i32) (local $v v128) (local $w v128) (local $x v128)\n"
            f" (local.set $v {self.constant()}) (local.set $w (i32x4.splat (local.get $n)))\n"
            f" (local.set $p (i32.const {start})) (local.set $q (i32.const {start + apart}))\n"
            f" (local.set $i {turns})"
            f" (local.set $end (i32.add (local.get $p) (i32.mul (local.get $i) (i32.const {stride}))))\n"
            f" (loop {' '.join(body)} {test(rng, stride)})\n"
            f" (v128.store (i32.const 16) (local.get $v)) (v128.store (i32.const 32) (local.get $w))\n"
            f" (i32.add (local.get {rng.choice(('$p', '$q', '$i', '$t'))}) (i32.const 0)))"
        )

    def body(self) -> list[str]:
        """The statements of a turn but for steps."""
        rng = self.rng
        if rng.random() < 0.2:
            return self.products()
        body: list[str] = []
        again = rng.random() < 0.6
        carry = [rng.choice(_CARRY[:-3] if rng.random() < 0.9 else _CARRY) for _ in range(2)]
        value, state = "", rng.getstate()
        for part in range(self.unrolled):
            if again:  # the same once more, further on
                rng.setstate(state)
            value = self.value(rng.choice((1, 2, 2, 3)), part)
            if rng.random() < 0.2:
                body.append(f"(local.set $x {value})")
                value = "(local.get $x)"
            for number, local in enumerate(("$v", "$w")[: self.carried]):
                pair = (f"(local.get {local})", value if not number else self.value(1, part))
                if not carry[number].endswith((".sub", "andnot")) and rng.random() < 0.4:
                    pair = pair[::-1]
                body.append(f"(local.set {local} ({carry[number]} {' '.join(pair)}))")
            if self.carried == 0 or rng.random() < 0.15:
                pointer = rng.choice(("$q", "$q", "$p"))
                body.append(f"(v128.store offset={part * self.distance} (local.get {pointer}) {value})")
        return body

    def products(self) -> list[str]:
        """Products of what is loaded, summed up or stored."""
        rng = self.rng
        name = rng.choice(_PRODUCTS)
        shape = rng.choice(("i32x4", "i32x4", name[:5]))
        loads = (
            ("v128.load",) if "dot" in name else ("v128.load", "v128.load16x4_s", "v128.load8x8_u", "v128.load16x4_u")
        )
        kinds = [rng.choice(loads) for _ in range(2)]
        sums = rng.random() < 0.4
        if not sums and rng.random() < 0.8:
            name, kinds = "i32x4.mul", ["v128.load"] * 2
        target = rng.choice(("$q", "$q", "$p"))
        body = []
        for part in range(self.unrolled):
            if rng.random() < 0.1:
                kinds[0] = rng.choice(loads)
            place = part * self.distance
            pointers = ("$p", rng.choice(("$p", "$q", "$q", "$q")))
            args = [f"({kind} offset={place} (local.get {p}))" for kind, p in zip(kinds, pointers, strict=True)]
            if rng.random() < 0.1:
                args[1] = "(i32x4.extend_high_i16x8_s (v128.load (local.get $q)))"
            value = f"({name} {' '.join(args)})"
            if sums:
                body.append(f"(local.set $v ({shape}.add (local.get $v) {value}))")
            else:
                body.append(f"(v128.store offset={place} (local.get {target}) {value})")
        return body

    def value(self, depth: int, part: int) -> str:
        """A vector of one turn."""
        rng = self.rng
        if depth == 0:
            return rng.choice((self.load, self.load, self.load, lambda _: self.leaf()))(part)
        one = self.value(depth - 1, part)
        kind = rng.randrange(9)
        shape = rng.choice(tuple(_SHAPES))
        narrow = rng.choice(("i8x16", "i16x8"))
        if kind == 0:
            return f"({rng.choice(_WIDEN)} {one})"
        if kind == 1:
            count = "(local.get $n)" if rng.random() < 0.2 else f"(i32.const {rng.choice((1, 3, 7, 8, 15, 31, 33))})"
            return f"({shape}.{rng.choice(_SHIFTS)} {one} {count})"
        if kind == 2:
            return f"({rng.choice(('v128.not', 'i8x16.popcnt', f'{shape}.neg', f'{shape}.abs'))} {one})"
        other = self.value(depth - 1, part) if rng.random() < 0.7 else self.leaf()
        if kind == 3:
            name = rng.choice((*_BITWISE, *_NARROW))
        elif kind == 4:
            name = f"{shape}.{rng.choice(_COMPARE if shape == 'i64x2' else (*_COMPARE, *_COMPARE_U))}"
        elif kind == 5:
            shape = rng.choice(("i8x16", "i16x8", "i32x4"))
            name = f"{shape}.{rng.choice(('min_s', 'min_u', 'max_s', 'max_u'))}"
        elif kind == 6:
            name = f"{narrow}.{rng.choice(('add_sat_s', 'add_sat_u', 'sub_sat_s', 'sub_sat_u', 'avgr_u'))}"
        elif kind == 7:
            name = rng.choice(("i16x8.mul", "i32x4.mul", "i32x4.mul"))
        else:
            name = f"{shape}.{rng.choice(('add', 'sub'))}"
        if rng.random() < 0.1:
            return f"(v128.bitselect {one} {other} {self.leaf()})"
        return f"({name} {one} {other})"

    def load(self, part: int) -> str:
        """A load of this part of a turn."""
        rng = self.rng
        place = part * self.distance + rng.choice((0, 0, 0, 0, 8, 4))
        align = rng.choice(("", "", " align=1"))
        return f"({rng.choice(_LOADS)} offset={place}{align} (local.get {rng.choice(('$p', '$p', '$p', '$q'))}))"

    def leaf(self) -> str:
        """A constant, or a vector that does not change."""
        if self.rng.random() < 0.2:
            return "(i32x4.splat (local.get $n))"
        return self.constant()

    def constant(self) -> str:
        """A constant."""
        rng = self.rng
        lanes = rng.choice((0, 1, 0xFF, 0x7F, 0x80, 0x8000, 0x7FFF, 0x80000000, 0xFFFF, rng.getrandbits(32)))
        if rng.random() < 0.3:
            return "(v128.const i32x4 " + " ".join(str(rng.getrandbits(32)) for _ in range(4)) + ")"
        return f"(v128.const i32x4 {lanes} {lanes} {lanes} {lanes})"
