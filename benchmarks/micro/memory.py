"""How to read and write linear memory, locals and other state."""

from __future__ import annotations

from .idiom import Group, Idiom

_CELLS = """
from struct import Struct
m = bytearray(65536 + 8)
mv = memoryview(m)
v1 = mv
v2 = mv[:65536].cast("H")
v4 = mv[:65536].cast("I")
v8 = mv[:65536].cast("Q")
vd = mv[:65536].cast("d")
V2 = tuple(mv[k : 65536 + k].cast("H") for k in range(2))
V4 = tuple(mv[k : 65536 + k].cast("I") for k in range(4))
L4 = list(V4)
w1, w4, wd = mv[8:], mv[8:65536].cast("I"), mv[8:65536].cast("d")
W4 = tuple(mv[8 + k : 65536 + k].cast("I") for k in range(4))
V8 = tuple(mv[k : 65536 + k].cast("Q") for k in range(8))
unpack2, pack2 = Struct("<H").unpack_from, Struct("<H").pack_into
unpack4, pack4 = Struct("<I").unpack_from, Struct("<I").pack_into
unpack8, pack8 = Struct("<Q").unpack_from, Struct("<Q").pack_into
words = [0] * 16384
def slow(a):
    return unpack4(m, a)[0]
def slow_store(a, x):
    pack4(m, a, x)
def bind():
    nonlocal m, v1, v2, v4, v8, vd, V2, V4, V8, w1, w4, wd, W4
"""


def _idiom(name: str, code: str = "", values: str = "ADDRESS", local: str = "") -> Idiom:
    return Idiom(name, code or name, values, _CELLS, local)


def _loads(bits: int) -> Group:
    size = bits // 8
    shift = size.bit_length() - 1
    v, shifted, unpack, mask = f"v{size}", f"V{size}", f"unpack{size}", size - 1
    return Group(
        f"load {bits} bits",
        (
            _idiom("address x + 8 alone", "a = x + 8"),
            _idiom(f"r = {shifted}[x & {mask}][x >> {shift}]"),
            _idiom(f"r = {v}[x >> {shift}] if not x & {mask} else slow(x)"),
            _idiom(
                f"{v}[x >> {shift}] if not x & {mask} else slow(x), unaligned",
                f"r = {v}[x >> {shift}] if not x & {mask} else slow(x)",
                "ODD_ADDRESS",
            ),
            _idiom(f"r = {unpack}(m, x)[0]"),
            _idiom(f"(r,) = {unpack}(m, x)"),
            _idiom(f"r = {shifted}[(a := x + 8) & {mask}][a >> {shift}]"),
            _idiom(f"r = {v}[a >> {shift}] if not (a := x + 8) & {mask} else slow(a)"),
            _idiom(f"r = {unpack}(m, x + 8)[0]"),
            _idiom(f"r = {v}[x + 8 >> {shift}], alignment known", f"r = {v}[x + 8 >> {shift}]"),
            _idiom(f"r = {v}[x >> {shift}], alignment known", f"r = {v}[x >> {shift}]"),
            _idiom(f"r = {v}[x], a word index", f"r = {v}[x]", "SMALL"),
            _idiom(f"r = {v}[x + 2], a word index", f"r = {v}[x + 2]", "SMALL"),
            _idiom("r = int.from_bytes(m[x : x + SIZE], 'little')", f"r = int.from_bytes(m[x : x + {size}], 'little')"),
        ),
    )


def _stores(bits: int) -> Group:
    size = bits // 8
    shift = size.bit_length() - 1
    v, shifted, pack, mask = f"v{size}", f"V{size}", f"pack{size}", size - 1
    return Group(
        f"store {bits} bits",
        (
            _idiom(f"{shifted}[x & {mask}][x >> {shift}] = y"),
            _idiom(
                f"if not x & {mask}: {v}[x >> {shift}] = y; else: slow_store(x, y)",
                f"if not x & {mask}:\n    {v}[x >> {shift}] = y\nelse:\n    slow_store(x, y)",
            ),
            _idiom(f"{pack}(m, x, y)"),
            _idiom(f"{shifted}[(a := x + 8) & {mask}][a >> {shift}] = y"),
            _idiom(
                f"a = x + 8; if not a & {mask}: {v}[a >> {shift}] = y; else: slow_store(a, y)",
                f"a = x + 8\nif not a & {mask}:\n    {v}[a >> {shift}] = y\nelse:\n    slow_store(a, y)",
            ),
            _idiom(f"{pack}(m, x + 8, y)"),
            _idiom(f"{v}[x + 8 >> {shift}] = y, alignment known", f"{v}[x + 8 >> {shift}] = y"),
            _idiom(f"{v}[x >> {shift}] = y, alignment known", f"{v}[x >> {shift}] = y"),
            _idiom(f"{v}[x] = y, a word index", f"{v}[x] = y", "SMALL"),
        ),
    )


_BYTES = Group(
    "load and store bytes",
    (
        _idiom("r = m[x]"),
        _idiom("r = m[x + 8]"),
        _idiom("r = v1[x]"),
        _idiom("m[x] = y"),
        _idiom("m[x + 8] = y"),
        _idiom("v1[x] = y"),
        _idiom("m[x] = y & 0xFF"),
        _idiom("a local name for the bytearray: r = b[x]", "r = b[x]", local="b = m"),
    ),
)

_VARIANTS = Group(
    "variants of the shifted views",
    (
        _idiom("closure tuple: r = V4[x & 3][x >> 2]", "r = V4[x & 3][x >> 2]"),
        _idiom("closure list: r = L4[x & 3][x >> 2]", "r = L4[x & 3][x >> 2]"),
        _idiom("local tuple: r = V[x & 3][x >> 2]", "r = V[x & 3][x >> 2]", local="V = V4"),
        _idiom("local list: r = V[x & 3][x >> 2]", "r = V[x & 3][x >> 2]", local="V = L4"),
        _idiom("local view: r = v[x >> 2]", "r = v[x >> 2]", local="v = v4"),
        _idiom("floats: r = vd[x >> 3]", "r = vd[x >> 3]"),
        _idiom(
            "one guard for three loads off one pointer",
            "if not x & 3:\n    i = x >> 2\n    p = v4[i]\n    q = v4[i + 1]\n    r = v4[i + 2]",
        ),
        _idiom(
            "three loads V4[(a := x + K) & 3][a >> 2]",
            "p = V4[x & 3][x >> 2]\nq = V4[(a := x + 4) & 3][a >> 2]\nr = V4[(a := x + 8) & 3][a >> 2]",
        ),
    ),
)

_STARTS = Group(
    "offsets, and views that start there",
    (
        _idiom("r = v4[x + 2]", values="SMALL"),
        _idiom("r = w4[x]", values="SMALL"),
        _idiom("v4[x + 2] = y", values="SMALL"),
        _idiom("w4[x] = y", values="SMALL"),
        _idiom("r = vd[x + 1]", values="SMALL"),
        _idiom("r = wd[x]", values="SMALL"),
        _idiom("r = m[x + 8]"),
        _idiom("r = w1[x]"),
        _idiom("m[x + 8] = y"),
        _idiom("w1[x] = y"),
        _idiom("r = V4[(a := x + 8) & 3][a >> 2]"),
        _idiom("r = W4[x & 3][x >> 2]"),
        _idiom("two loads, each at the pointer", "p = V4[x & 3][x >> 2]\nq = W4[x & 3][x >> 2]"),
        _idiom("two loads by an index and lowest bits", "a = x & 3\ni = x >> 2\np = V4[a][i]\nq = W4[a][i]"),
        _idiom(
            "three loads, each at the pointer", "p = V4[x & 3][x >> 2]\nq = W4[x & 3][x >> 2]\nr = V4[x & 3][x >> 2]"
        ),
        _idiom(
            "three loads by an index and lowest bits",
            "a = x & 3\ni = x >> 2\np = V4[a][i]\nq = W4[a][i]\nr = V4[a][i]",
        ),
    ),
)

_STATE = Group(
    "state: globals, locals, lists",
    (
        Idiom("wasm global as cell: r = g", "r = g", cells="g = 7"),
        Idiom("wasm global as cell: g = x", "g = x", cells="g = 7", local="nonlocal g"),
        Idiom("g = g - 16", "g = g - 16", cells="g = 7", local="nonlocal g; g = 1 << 20"),
        Idiom("module global: r = SMALL", "r = SMALL"),
        Idiom("module global: glob = x", "glob = x", local="global glob"),
        Idiom("list slot: G[0] = x", "G[0] = x", cells="G = [0]"),
        Idiom("list slot: r = G[0]", "r = G[0]", cells="G = [0]"),
        Idiom("list: r = l[x]", "r = l[x]", cells="l = [0] * 2000"),
        Idiom("list: l[x] = y", "l[x] = y", cells="l = [0] * 2000"),
        Idiom("local copy: r = x", "r = x"),
    ),
)

_BULK = Group(
    "bulk",
    (
        _idiom("m[x : x + 64] = bytes(64)"),
        _idiom("m[x : x + 64] = m[y : y + 64]"),
        _idiom("mv[x : x + 64] = mv[y : y + 64]"),
        _idiom("eight byte stores", "\n".join(f"m[x + {k}] = y" for k in range(8))),
        _idiom("r = m.find(0, x)"),
    ),
)

MEMORY: tuple[Group, ...] = (
    *map(_loads, (32, 64, 16)),
    *map(_stores, (32, 64, 16)),
    _BYTES,
    _VARIANTS,
    _STARTS,
    _STATE,
    _BULK,
)
