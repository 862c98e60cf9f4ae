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
}
"""Helpers of one operand with an inline form: template, its precedence, and the one that its operand needs.

``x / 1`` of an int is rounded correctly and faster than ``float(x)``.
"""

MASKS = {8: "0xFF", 16: "0xFFFF", 32: "0xFFFFFFFF", 64: "0xFFFFFFFFFFFFFFFF"}
SIGN_BITS = {8: "0x80", 16: "0x8000", 32: "0x80000000", 64: "0x8000000000000000"}
MODULI = {32: "0x100000000", 64: "0x10000000000000000"}
LARGEST_SIGNED = {32: "0x7FFFFFFF", 64: "0x7FFFFFFFFFFFFFFF"}
