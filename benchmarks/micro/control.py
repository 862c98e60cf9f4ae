"""How to branch, loop, dispatch and call."""

from __future__ import annotations

from .idiom import Group, Idiom


def _group(title: str, values: str, idioms: tuple[tuple[str, str], ...], cells: str = "") -> Group:
    return Group(title, tuple(Idiom(name, code, values, cells) for name, code in idioms))


def _tree(low: int, high: int, depth: int) -> str:
    """Return a balanced decision tree over ``x`` that sets ``r``."""
    pad = "    " * depth
    if high - low == 1:
        return f"{pad}r = {low}\n"
    middle = (low + high) // 2
    return f"{pad}if x < {middle}:\n{_tree(low, middle, depth + 1)}{pad}else:\n{_tree(middle, high, depth + 1)}"


_CONDITIONS = _group(
    "conditions as values",
    "SMALL",
    (
        ("r = x < y", "r = x < y"),
        ("r = 1 if x < y else 0", "r = 1 if x < y else 0"),
        ("r = int(x < y)", "r = int(x < y)"),
        ("r = +(x < y)", "r = +(x < y)"),
        ("r = (x < y) + z", "r = (x < y) + 5"),
        ("r = (1 if x < y else 0) + z", "r = (1 if x < y else 0) + 5"),
        ("r = not x", "r = not x"),
        ("r = 0 if x else 1", "r = 0 if x else 1"),
        ("r = x if x < y else y", "r = x if x < y else y"),
    ),
)
_BRANCHES = _group(
    "conditions as branches",
    "SMALL",
    (
        ("if x < y: pass", "if x < y:\n    pass"),
        ("if x: pass", "if x:\n    pass"),
        ("if x != 0: pass", "if x != 0:\n    pass"),
        ("if not x: pass", "if not x:\n    pass"),
        ("if x == 0: pass", "if x == 0:\n    pass"),
        ("if not x & 1: pass", "if not x & 1:\n    pass"),
        ("if x < y and x > 3: pass", "if x < y and x > 3:\n    pass"),
        ("if (x < y) & (x > 3): pass", "if (x < y) & (x > 3):\n    pass"),
        ("if 0 <= x < 70000: pass", "if 0 <= x < 70000:\n    pass"),
        ("b = x < y; if b: pass", "b = x < y\nif b:\n    pass"),
        ("b = 1 if x < y else 0; if b: pass", "b = 1 if x < y else 0\nif b:\n    pass"),
    ),
)
_LOOPS = _group(
    "loops of ten turns (whole loop)",
    "SMALL",
    (
        ("while i < 10: i += 1", "i = 0\nwhile i < 10:\n    i += 1"),
        ("while True: i += 1; if i >= 10: break", "i = 0\nwhile True:\n    i += 1\n    if i >= 10:\n        break"),
        (
            "while True: i += 1; if i < 10: continue; break",
            "i = 0\nwhile True:\n    i += 1\n    if i < 10:\n        continue\n    break",
        ),
        ("while i: i -= 1", "i = 10\nwhile i:\n    i -= 1"),
        ("for i in range(10): pass", "for i in range(10):\n    pass"),
        (
            "while True: …; b = i < 10; if not b: break",
            "i = 0\nwhile True:\n    i += 1\n    b = i < 10\n    if not b:\n        break",
        ),
        (
            "an inner loop once, then a flag test",
            "f = 0\nwhile True:\n    if x:\n        f = 1\n        break\n    break\nif f:\n    pass",
        ),
        ("an inner loop once, no flag", "while True:\n    if x:\n        break\n    break"),
        ("try: raise; except", "try:\n    raise error\nexcept KeyError:\n    pass"),
        ("try: pass; except", "try:\n    pass\nexcept KeyError:\n    pass"),
    ),
    "error = KeyError()",
)
_SWITCHES = Group(
    "br_table with 64 targets",
    (
        Idiom("balanced decision tree", _tree(0, 64, 0), "[i % 64 for i in SMALL]"),
        Idiom(
            "if/elif chain",
            "if x == 0:\n    r = 0\n" + "".join(f"elif x == {k}:\n    r = {k}\n" for k in range(1, 64)),
            "[i % 64 for i in SMALL]",
        ),
        Idiom("tuple of values", "r = (" + ", ".join(map(str, range(64))) + ")[x]", "[i % 64 for i in SMALL]"),
        Idiom("list of functions", "r = F[x]()", "[i % 64 for i in SMALL]", "F = [lambda: 1] * 64"),
    ),
)
_CALLS = _group(
    "calls",
    "SMALL",
    (
        ("r = none()", "r = none()"),
        ("r = one(x)", "r = one(x)"),
        ("r = two(x, y)", "r = two(x, y)"),
        ("r = four(x, y, x, y)", "r = four(x, y, x, y)"),
        ("r = F[3](x), a list", "r = F[3](x)"),
        ("p, q = pair(x, y)", "p, q = pair(x, y)"),
        ("r = seven_locals(x), of which six are set to 0", "r = seven_locals(x)"),
        ("r = obj.method(x)", "r = obj.method(x)"),
    ),
    """
def none():
    return 1
def one(a):
    return a
def two(a, b):
    return a
def four(a, b, c, d):
    return a
def pair(a, b):
    return a, b
def seven_locals(a):
    b = c = d = e = f = g = 0
    return a
F = [one] * 5
class Thing:
    def method(self, a):
        return a
obj = Thing()
""",
)

CONTROL: tuple[Group, ...] = (_CONDITIONS, _BRANCHES, _LOOPS, _SWITCHES, _CALLS)
