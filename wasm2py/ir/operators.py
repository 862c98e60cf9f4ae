"""What each numeric and memory instruction becomes in the IR: one row per instruction.

A row names the IR operation and, per operand, the form that it demands:

====  ======================================================================================
``m``  modular: only the low bits count
``u``  unsigned, in range
``s``  signed, in range
``k``  a shift count, reduced modulo the width
``e``  the same form on both sides (equality)
``a``  a float operand of arithmetic: a signalling NaN may arrive as a quiet one
``x``  a float, bit-exact
====  ======================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

U32 = (0, 2**32 - 1)
U64 = (0, 2**64 - 1)
S32 = (-(2**31), 2**31 - 1)
S64 = (-(2**63), 2**63 - 1)

SUMS = frozenset(("+", "-", "*", "<<"))
"""Operations whose result may be larger than all values of a type, though only its low bits count."""


def canonical(bits: int, signed: bool) -> tuple[int, int]:
    """The interval of the signed or unsigned form of ``bits`` (32 or 64) bits."""
    if bits == 32:
        return S32 if signed else U32
    return S64 if signed else U64


def modular(bits: int) -> tuple[int, int]:
    """The interval of numbers that stand for values of ``bits`` bits between functions where no use needs a form.

    Products of two numbers in form are inside of it, sums of some, and products of small sums; it takes CPython no more
    digits of 30 bits than the former.
    """
    bound = 1 << 2 * bits + bits // 4
    return (-bound, bound - 1)


def loose(bits: int) -> tuple[int, int]:
    """The interval of numbers that stand for values of ``bits`` bits in variables where no use needs a form.

    They take CPython as many digits of 30 bits as numbers in form do.  Sums of many numbers in form are inside of it,
    their products are not.
    """
    bound = 1 << (60 if bits == 32 else 90)
    return (-bound, bound)


@dataclass(frozen=True, slots=True)
class Row:
    """One instruction.

    :ivar kind: infix, divide, compare, eqz, rotate, extend, wrap, helper, round (an f32 operation that needs
        rounding), negate
    :ivar operation: infix operator or name of the runtime helper
    :ivar operands: demanded forms, see above
    :ivar interval: of an integer result, where the helper's is known; ``None`` for floats
    :ivar traps: it may trap
    :ivar noisy: an f32 result may be a signalling NaN
    """

    kind: str
    operation: str
    operands: str
    interval: tuple[int, int] | None = None
    traps: bool = False
    noisy: bool = False


def _integer_rows(n: int) -> dict[str, Row]:
    """Rows of the instructions that i32 and i64 share."""
    unsigned, signed = canonical(n, False), canonical(n, True)
    infix = {"add": ("+", "mm"), "sub": ("-", "mm"), "mul": ("*", "mm"), "and": ("&", "mm"), "or": ("|", "mm")}
    infix |= {"xor": ("^", "mm"), "shl": ("<<", "mk"), "shr_s": (">>", "sk"), "shr_u": (">>", "uk")}
    compare = {"lt": "<", "gt": ">", "le": "<=", "ge": ">="}
    rows = {name: Row("infix", *row) for name, row in infix.items()}
    rows |= {f"{name}_{form}": Row("compare", op, form * 2) for name, op in compare.items() for form in "su"}
    rows |= {
        "eq": Row("compare", "==", "ee"),
        "ne": Row("compare", "!=", "ee"),
        "eqz": Row("eqz", "", "t"),
        "div_u": Row("infix", "//", "uu", traps=True),
        "rem_u": Row("infix", "%", "uu", traps=True),
        "div_s": Row("divide", "div", "ss", traps=True),
        "rem_s": Row("divide", "rem", "ss", traps=True),
        "rotl": Row("rotate", f"i{n}_rotl", "um", unsigned),
        "rotr": Row("rotate", f"i{n}_rotr", "um", unsigned),
        "clz": Row("helper", f"i{n}_clz", "u", (0, n)),
        "ctz": Row("helper", f"i{n}_ctz", "u", (0, n)),
        "popcnt": Row("helper", f"i{n}_popcnt", "u", (0, n)),
        "extend8_s": Row("extend", "8", "m"),
        "extend16_s": Row("extend", "16", "m"),
    }
    for width in (32, 64):
        for suffix, interval in (("s", signed), ("u", unsigned)):
            rows[f"trunc_f{width}_{suffix}"] = Row("helper", f"i{n}_trunc_{suffix}", "a", interval, traps=True)
            rows[f"trunc_sat_f{width}_{suffix}"] = Row("helper", f"i{n}_trunc_sat_{suffix}", "a", interval)
    return {f"i{n}.{name}": row for name, row in rows.items()}


def _float_rows(n: int) -> dict[str, Row]:
    """Rows of the instructions that f32 and f64 share."""
    rounded = "round" if n == 32 else "infix"
    rows = {name: Row(rounded, op, "aa") for name, op in (("add", "+"), ("sub", "-"), ("mul", "*"))}
    rows |= {name: Row("helper", f"f{n}_{name}", "aa") for name in ("div", "min", "max")}
    rows |= {name: Row("helper", f"f{n}_{name}", "a") for name in ("sqrt", "ceil", "floor", "trunc", "nearest")}
    rows |= {
        "copysign": Row("helper", f"f{n}_copysign", "xx", noisy=True),
        "abs": Row("helper", "abs", "x", noisy=True),
        "neg": Row("negate", "-", "x", noisy=True),
    }
    comparisons = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
    rows |= {name: Row("compare", op, "aa") for name, op in comparisons.items()}
    for width in (32, 64):
        for form in "su":
            rows[f"convert_i{width}_{form}"] = Row("helper", f"f{n}_convert", form)
    return {f"f{n}.{name}": row for name, row in rows.items()}


ROWS: dict[str, Row] = {
    **_integer_rows(32),
    **_integer_rows(64),
    **_float_rows(32),
    **_float_rows(64),
    "i32.wrap_i64": Row("wrap", "", "m"),
    "i64.extend_i32_s": Row("wrap", "", "s"),
    "i64.extend_i32_u": Row("wrap", "", "u"),
    "i64.extend32_s": Row("extend", "32", "m"),
    "f32.demote_f64": Row("helper", "f32_demote", "a"),
    "f64.promote_f32": Row("helper", "f64_promote", "a"),
    "i32.reinterpret_f32": Row("helper", "f32_to_bits", "x", U32),
    "i64.reinterpret_f64": Row("helper", "f64_to_bits", "x", U64),
    "f32.reinterpret_i32": Row("helper", "f32_from_bits", "u", noisy=True),
    "f64.reinterpret_i64": Row("helper", "f64_from_bits", "u"),
}
"""Every numeric instruction of Wasm 2.0 but those on vectors and the constants."""


def _access_rows() -> dict[str, tuple[str, bool, bool]]:
    """Memory accesses: item format of :mod:`struct`, full width of the type, signed."""
    rows: dict[str, tuple[str, bool, bool]] = {}
    for n, full in ((32, "I"), (64, "Q")):
        rows[f"i{n}.load"] = rows[f"i{n}.store"] = (full, True, False)
        for width, item in ((8, "B"), (16, "H"), (32, "I")):
            if width < n:
                rows[f"i{n}.load{width}_u"] = (item, False, False)
                rows[f"i{n}.load{width}_s"] = (item, False, True)
                rows[f"i{n}.store{width}"] = (item, False, False)
    rows["f32.load"] = rows["f32.store"] = ("f", False, False)
    rows["f64.load"] = rows["f64.store"] = ("d", False, False)
    return rows


ACCESSES = _access_rows()
"""Every memory access of Wasm 2.0 but those on vectors: (item, full width of an integer type, signed)."""
