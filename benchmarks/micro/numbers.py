"""How to keep integers in range, compare, convert and round."""

from __future__ import annotations

from .idiom import Group, Idiom

_M32 = "0xFFFFFFFF"
_M64 = "0xFFFFFFFFFFFFFFFF"
_SIGNED = """
def s32(x):
    return (x & 0xFFFFFFFF ^ 0x80000000) - 0x80000000
def s64(x):
    return (x & 0xFFFFFFFFFFFFFFFF ^ 0x8000000000000000) - 0x8000000000000000
def to_s32(x):
    return x if x <= 0x7FFFFFFF else x - 0x100000000
"""


def _wraps(title: str, values: str, bits: int) -> Group:
    mask = _M32 if bits == 32 else _M64
    half = f"0x{1 << bits - 1:X}"
    y = "y = 5" if values in ("SMALL", "NEGATIVE") else ""
    wrap = f"s{bits}"

    def idiom(code: str, name: str = "") -> Idiom:
        return Idiom(name or code.replace("\n    ", " ").replace("\n", "; "), code, values, _SIGNED, y)

    return Group(
        f"wrap to {bits} bits, {title}",
        (
            idiom("z = x + y"),
            idiom(f"z = x + y & {mask}"),
            idiom(f"z = z if (z := x + y) <= 0x3FFFFFFF else z & {mask}"),
            idiom(f"z = z if 0 <= (z := x + y) <= 0x3FFFFFFF else z & {mask}"),
            idiom(f"z = z if 0 <= (z := x + y) <= {mask} else z & {mask}"),
            idiom(f"z = x + y\nif z > 0x3FFFFFFF:\n    z &= {mask}"),
            idiom(f"z = x + y\nif not 0 <= z <= 0x3FFFFFFF:\n    z &= {mask}"),
            idiom(f"z = x + y\nif z > {mask}:\n    z &= {mask}"),
            idiom(f"z = x + y\nif z >> {bits}:\n    z &= {mask}"),
            idiom(f"z = x + y\nif not -0x3FFFFFFF <= z <= 0x3FFFFFFF:\n    z = {wrap}(z)"),
            idiom(f"z = x + y\nif not -0x3FFFFFFF <= z <= 0x3FFFFFFF:\n    z = (z & {mask} ^ {half}) - {half}"),
            idiom(f"z = x + y\nif not -{half} <= z < {half}:\n    z = {wrap}(z)"),
            idiom(f"z = (x + y & {mask} ^ {half}) - {half}"),
            idiom(f"z = (x + y + {half} & {mask}) - {half}"),
            idiom(f"z = {wrap}(x + y)"),
        ),
    )


def _to_signed(title: str, values: str, bits: int) -> Group:
    top, size, half = (f"0x{number:X}" for number in ((1 << bits - 1) - 1, 1 << bits, 1 << bits - 1))
    codes = (
        f"r = x if x <= {top} else x - {size}",
        f"r = x if x < {half} else x - {size}",
        f"r = x if x <= 0x3FFFFFFF else s{bits}(x)",
        f"r = (x ^ {half}) - {half}",
        f"r = x - ((x & {half}) << 1)",
        f"r = s{bits}(x)",
        f"if x > {top}:\n    x -= {size}",
        f"r = x <= {top}",
        "r = x <= 0x3FFFFFFF",
    )
    return Group(
        f"unsigned to signed {bits}, {title}",
        tuple(Idiom(code.replace("\n    ", " "), code, values, _SIGNED) for code in codes),
    )


def _to_unsigned(title: str, values: str) -> Group:
    codes = (f"r = x & {_M32}", "r = x if x >= 0 else x + 0x100000000", f"r = x if 0 <= x else x & {_M32}")
    return Group(f"signed to unsigned 32, {title}", tuple(Idiom(code, code, values) for code in codes))


def _plain(title: str, values: str, codes: tuple[str, ...], cells: str = "", local: str = "") -> Group:
    return Group(
        title,
        tuple(Idiom(code.replace("\n    ", " ").replace("\n", "; "), code, values, cells, local) for code in codes),
    )


_ARITHMETIC = _plain(
    "integer operators, one digit",
    "SMALL",
    (
        "r = x - y",
        "r = x * y",
        "r = x << 5",
        "r = x >> 5",
        "r = x * 32",
        "r = x & y",
        "r = x & 0xFF",
        "r = x & 0x3FFFFFFF",
        "r = x ^ y",
        "r = x | 1",
        "r = -x",
        "r = ~x",
        "r = x.bit_length()",
        "r = x == y",
        "r = x & 1 == 0",
        "r = not x & 1",
    ),
)
_MULTIPLY = _plain(
    "multiply, two digits",
    "WORD",
    ("r = x * x", f"r = x * x & {_M32}", f"r = x * x & {_M64}", "r = x * 16777619", f"r = x * 16777619 & {_M32}"),
)
_BITS = _plain(
    "bit operators, two digits",
    "HIGH",
    (
        "r = x ^ 0x9E3779B9",
        "r = x >> 8",
        f"r = x << 8 & {_M32}",
        f"r = (x << 8 | x >> 24) & {_M32}",
        f"r = x << 8 & {_M32} | x >> 24",
        "r = (x << 8 & 0xFFFFFF00) + (x >> 24)",
        "r = x & 0xFF",
        "r = x == 0x9E3779B9",
        "r = x < 0x9E3779B9",
    ),
)
_COUNT = _plain(
    "count bits",
    "WORD",
    (
        "r = 32 - x.bit_length()",
        "r = (x & -x).bit_length() - 1 if x else 32",
        "r = (x & -x).bit_length() - 1",
        "r = bin(x).count('1')",
        "r = (x ^ x - 1).bit_length() - 1",
    ),
)
_LANES = _plain(
    "v128 as one integer of 128 bits",
    "WIDE",
    ("r = x & z", "r = x ^ z", "r = (x & low) + (z & low) ^ (x ^ z) & high", "r = x >> 64", f"r = x & {_M64}"),
    """
WIDE = [(1 << 127) + x for x in LONG]
low = int("7f" * 16, 16)
high = int("80" * 16, 16)
""",
    "z = (1 << 120) + 12345",
)
_DIVIDE = _plain(
    "divide",
    "SMALL",
    (
        "r = x // y",
        "r = x % y",
        "r = int(x / y)",
        "q, r = divmod(x, y)",
        "r = x // y if x >= 0 < y else div_s(x, y)",
        "r = div_s(x, y)",
        "r = x // 8",
        "r = x >> 3",
        "r = x % 8",
        "r = x & 7",
        "r = x % 10",
    ),
    """
def div_s(a, b):
    q = abs(a) // abs(b)
    return -q if (a < 0) != (b < 0) else q
""",
)
_BUILTINS = _plain(
    "builtins or inline",
    "SMALL",
    (
        "r = abs(x)",
        "r = x if x >= 0 else -x",
        "r = min(x, y)",
        "r = x if x < y else y",
        "r = max(x, y)",
        "r = mini(x, y)",
    ),
    "mini = min",
)
_CONVERT = _plain(
    "integer to float",
    "SMALL",
    ("r = float(x)", "r = x * 1.0", "r = x / 1", "r = x + 0.0", "r = flt(x)"),
    "flt = float",
)
_TRUNCATE = _plain(
    "float to integer",
    "FLOAT",
    (
        "r = int(x)",
        "r = integer(x)",
        "r = integer(x) if -2147483649.0 < x < 2147483648.0 else trap(x)",
        "r = trunc(x)",
        "r = x // 1",
        "r = x.__trunc__()",
    ),
    "integer = int\ndef trunc(x):\n    return int(x)\ntrap = trunc",
)
_F32 = _plain(
    "round to f32",
    "FLOAT",
    (
        "r = x + z",
        "R[0] = x + z\nr = R[0]",
        "r = round32(x + z)",
        "r = round_struct(x + z)",
        "R[0] = x + z",
        "r = vf[y] + z",
        "vf[y] = x + z",
    ),
    """
from struct import Struct
_pair = Struct("<f")
R = memoryview(bytearray(4)).cast("f")
vf = memoryview(bytearray(4000)).cast("f")
def round32(x):
    R[0] = x
    return R[0]
def round_struct(x):
    return _pair.unpack(_pair.pack(x))[0]
""",
    "z = 0.1",
)
_REINTERPRET = _plain(
    "reinterpret f64 as i64",
    "FLOAT",
    ("D[0] = x\nr = Q[0]", "r = bits(x)", "r = qs.unpack(ds.pack(x))[0]"),
    """
from struct import Struct
b8 = bytearray(8)
D = memoryview(b8).cast("d")
Q = memoryview(b8).cast("Q")
qs = Struct("<Q")
ds = Struct("<d")
def bits(x):
    D[0] = x
    return Q[0]
""",
)
_FLOATS = _plain(
    "float operators",
    "FLOAT",
    (
        "r = x * z",
        "r = x + z",
        "r = x - z * x",
        "r = x < z",
        "r = x / z",
        "r = x / z if z else div(x, z)",
        "r = abs(x)",
        "r = fabs(x)",
        "r = sqrt(x)",
        "r = sqrt(x) if x >= 0.0 else div(x, z)",
        "r = x ** 0.5",
        "r = fsqrt(x)",
    ),
    """
from math import fabs, sqrt
def div(x, z):
    return x
def fsqrt(x):
    return sqrt(x) if x >= 0.0 else x
""",
    "z = 2.5",
)

NUMBERS: tuple[Group, ...] = (
    _wraps("small values", "SMALL", 32),
    _wraps("small negative values", "NEGATIVE", 32),
    _wraps("values from 2**30 to 2**31", "WORD", 32),
    _wraps("values from 2**31", "HIGH", 32),
    _wraps("small values", "SMALL", 64),
    _wraps("values from 2**31", "HIGH", 64),
    _wraps("values near 2**63", "LONG", 64),
    _to_signed("small values", "SMALL", 32),
    _to_signed("values from 2**30 to 2**31", "WORD", 32),
    _to_signed("values from 2**31", "HIGH", 32),
    _to_signed("small values", "SMALL", 64),
    _to_signed("values from 2**63", "TOP", 64),
    _to_unsigned("small values", "SMALL"),
    _to_unsigned("negative values", "NEGATIVE"),
    _ARITHMETIC,
    _MULTIPLY,
    _BITS,
    _COUNT,
    _LANES,
    _DIVIDE,
    _BUILTINS,
    _CONVERT,
    _TRUNCATE,
    _F32,
    _REINTERPRET,
    _FLOATS,
)
