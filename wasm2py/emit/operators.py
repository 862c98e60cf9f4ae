"""How operations are written in Python: precedences, and templates for helpers that have an infix form."""

from __future__ import annotations

# Precedences of Python's expressions, loosest first (Python reference, section 6.17).
CONDITIONAL = 1
OR = 2
AND = 3
NOT = 4
COMPARE = 5
BIT_OR = 6
BIT_XOR = 7
BIT_AND = 8
SHIFT = 9
SUM = 10
PRODUCT = 11
UNARY = 12
NUMBER = 13  # a literal: what follows a dot must not be one
PRIMARY = 14

INFIX = {
    "|": BIT_OR,
    "^": BIT_XOR,
    "&": BIT_AND,
    "<<": SHIFT,
    ">>": SHIFT,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "//": PRODUCT,
    "%": PRODUCT,
}
"""Precedence of infix operators; all of them group from the left."""

TEMPLATES: dict[str, tuple[str, int, int]] = {
    "i32_clz": ("32 - {}.bit_length()", SUM, PRIMARY),
    "i64_clz": ("64 - {}.bit_length()", SUM, PRIMARY),
    "f64_convert": ("{} / 1", PRODUCT, PRODUCT),
    "abs": ("abs({})", PRIMARY, CONDITIONAL),
    "len": ("len({})", PRIMARY, CONDITIONAL),
}
"""Helpers of one operand with an inline form: template, its precedence, and the one that its operand needs.

``x / 1`` of an int is rounded correctly and faster than ``float(x)``.
"""

SHAPES = ("v128_", "i8x16_", "i16x8_", "i32x4_", "i64x2_", "f32x4_", "f64x2_")
"""How the names of the helpers for vectors begin."""

WIDTHS = (8, 16, 29, 30, 31, 32, 61, 62, 63, 64)
"""Of integers; those just below 32 and 64 are what is left of an address that counts items."""

MASKS = {bits: f"0x{(1 << bits) - 1:X}" for bits in WIDTHS}
SIGN_BITS = {bits: f"0x{1 << bits - 1:X}" for bits in WIDTHS}
MODULI = {bits: f"0x{1 << bits:X}" for bits in WIDTHS}
LARGEST_SIGNED = {bits: f"0x{(1 << bits - 1) - 1:X}" for bits in WIDTHS}
