"""Random loops over memory, as compilers write them: counters, pointers that step, unrolled loads and stores.

They end with a test of a counter or pointer; start anywhere, near the end of memory and at odd addresses too; go up or
down; store where they load from, a few bytes away or elsewhere; some have choices, step by way of a copy, or make
addresses in a branch.
"""

from __future__ import annotations

import random

import wasmtime

_LOADS = {
    "i32.load8_u": ("i32", 1), "i32.load8_s": ("i32", 1), "i32.load16_u": ("i32", 2), "i32.load16_s": ("i32", 2),
    "i32.load": ("i32", 4), "i64.load": ("i64", 8), "f32.load": ("f32", 4), "f64.load": ("f64", 8),
    "i64.load32_u": ("i64", 4),
}  # fmt: skip
_STORES = {
    "i32.store8": ("i32", 1), "i32.store16": ("i32", 2), "i32.store": ("i32", 4), "i64.store": ("i64", 8),
    "f32.store": ("f32", 4), "f64.store": ("f64", 8), "i64.store32": ("i64", 4),
}  # fmt: skip
_PAGE = 65536


def loop_module(seed: object) -> bytes:
    """A random module, the same for the same seed.  It exports its functions and its memory."""
    rng = random.Random(f"loops {seed}")
    functions = "\n".join(_function(rng, number) for number in range(rng.randint(1, 4)))
    text = f'(module (memory (export "memory") 1 2) (data (i32.const 256) "{as_data(rng, 1024)}")\n{functions})'
    return bytes(wasmtime.wat2wasm(text))


def as_data(rng: random.Random, length: int) -> str:
    """Random bytes, as the text format writes them."""
    return "".join(f"\\{rng.randrange(256):02x}" for _ in range(length))


def _function(rng: random.Random, number: int) -> str:
    """``$n`` is a parameter, ``$p`` and ``$q`` the pointers, ``$s`` a sum."""
    width = rng.choice((1, 1, 2, 4, 4, 4, 8, 8))
    unrolled = rng.choice((1, 1, 2, 4))
    stride = width * unrolled * rng.choice((1, 1, 1, 2)) * rng.choice((1, 1, 1, -1))
    start = rng.choice((256, 300, 257, 1024, _PAGE - 40 * width, 0)) // rng.choice((1, width)) // width * width
    apart = rng.choice((0, width, -width, 64, 512, 3, -8))
    few = f"(i32.and (local.get $n) (i32.const {rng.choice((3, 7, 63))}))"
    turns = rng.choice(("$n", "(i32.const 40)", "(i32.const 12)", few))
    turns = turns.replace("$n", "(local.get $n)") if turns == "$n" else turns
    body = _body(rng, width, unrolled)
    copied = rng.random() < 0.25
    if copied:
        body = [line.replace("$p", rng.choice(("$p", "$c"))) for line in body]
        body.insert(0, "(local.set $c (local.get $p))")
    steps = [
        f"(local.set $p (i32.add (local.get {'$c' if copied else '$p'}) (i32.const {stride})))",
        f"(local.set $q (i32.add (local.get $q) (i32.const {stride * rng.choice((1, 1, 1, 2))})))",
    ]
    rng.shuffle(steps)
    if rng.random() < 0.2:
        body.insert(rng.randrange(copied, len(body) + 1), steps.pop())
    body += steps
    return (
        f'(func (export "f{number}") (param $n i32) (result i32) (local $p i32) (local $q i32) (local $s i32)'
        f" (local $end i32) (local $i i32) (local $t i32) (local $c i32) (local $d i32)\n"
        f" (local.set $p (i32.const {start})) (local.set $q (i32.const {start + apart}))\n"
        f" (local.set $i {turns})"
        f" (local.set $end (i32.add (local.get $p) (i32.mul (local.get $i) (i32.const {stride}))))\n"
        f" (loop {' '.join(body)} {test(rng, stride)})\n"
        f" {_result(rng)})"
    )


def _body(rng: random.Random, width: int, unrolled: int) -> list[str]:
    """The statements of a turn but for steps."""
    kind = rng.choice(("sum", "fill", "copy", "mix", "mix", "choice", "branch", "switch"))
    loads = [name for name, (_, size) in _LOADS.items() if size == width]
    stores = [name for name, (_, size) in _STORES.items() if size == width]
    body = []
    for part in range(unrolled):
        offset = part * width
        source = f"offset={offset}" + rng.choice(("", "", " align=1"))
        load = rng.choice(loads)
        value = _as_i32(_LOADS[load][0], f"({load} {source} (local.get $p))")
        store = rng.choice(stores)
        made = _STORES[store][0]
        target = f"{store} offset={offset} (local.get $q)"
        if kind == "sum":
            body.append(f"(local.set $s (i32.add (i32.mul (local.get $s) (i32.const 31)) {value}))")
        elif kind == "fill":
            body.append(f"({target} ({made}.const {5 if made[0] == 'i' else 0}))")
        elif kind == "copy":
            same = next(name for name in loads if _LOADS[name][0] == made)
            body.append(f"({target} ({same} {source} (local.get $p)))")
        else:
            given = f"(i32.add {value} (local.get $i))"
            body.append(_chosen(rng, kind, value, f"({target} {_from_i32(made, given)})"))
            if rng.random() < 0.5:
                body.append(f"(local.set $s (i32.xor (local.get $s) {value}))")
    if rng.random() < 0.3:
        rng.shuffle(body)
    return body


def _chosen(rng: random.Random, kind: str, value: str, write: str) -> str:
    """A store that may depend on a value."""
    if kind == "mix":
        return write
    if kind == "choice":
        return f"(if (i32.and {value} (i32.const 1)) (then {write}))"
    if kind == "branch":
        apart = rng.choice((0, 4, 8, 16))
        moved = f"(local.set $d (i32.add (local.get $q) (i32.const {apart})))"
        inside = f"(if (i32.and {value} (i32.const 1)) (then {moved} {write.replace('$q', '$d')}))"
        return inside + rng.choice(("", f"(if (i32.and {value} (i32.const 2)) (then {write.replace('$q', '$d')}))"))
    other = write.replace("offset=", "offset=1")
    return (
        f"(block $b (block $1 (block $0 (br_table $0 $1 $b (i32.and {value} (i32.const 3))))"
        f" {write} (br $b)) (local.set $s (i32.add (local.get $s) (i32.const 3))) {other})"
    )


def _as_i32(kind: str, value: str) -> str:
    if kind == "f64":
        return f"(i32.wrap_i64 (i64.reinterpret_f64 {value}))"
    convert = {"i32": "", "i64": "i32.wrap_i64", "f32": "i32.reinterpret_f32"}[kind]
    return f"({convert} {value})" if convert else value


def _from_i32(kind: str, value: str) -> str:
    convert = {"i32": "", "i64": "i64.extend_i32_s", "f32": "f32.convert_i32_s", "f64": "f64.convert_i32_u"}[kind]
    return f"({convert} {value})" if convert else value


def test(rng: random.Random, stride: int) -> str:
    """The branch back to the start."""
    down = "(local.tee $i (i32.sub (local.get $i) (i32.const 1)))"
    up = "(local.tee $t (i32.add (local.get $t) (i32.const 1)))"
    less = "lt" if stride > 0 else "gt"
    condition = rng.choice((
        down,
        f"(i32.ne {up} (local.get $i))",
        f"(i32.lt_s {up} (local.get $i))",
        f"(i32.lt_u {up} (local.get $i))",
        f"(i32.le_s {up} (local.get $i))",
        "(i32.ne (local.get $p) (local.get $end))",
        f"(i32.{less}_u (local.get $p) (local.get $end))",
        f"(i32.{less}_s (local.get $p) (local.get $end))",
        "(i32.sub (local.get $end) (local.get $p))",
    ))  # fmt: skip
    return f"(br_if 0 {condition})"


def _result(rng: random.Random) -> str:
    """What the function returns: the sum, or a variable that the loop has stepped."""
    name = rng.choice(("$s", "$s", "$p", "$q", "$i", "$t"))
    return f"(i32.add (local.get $s) (local.get {name}))"
