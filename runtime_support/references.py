"""Names of reference types (spec, section 2.3.6): what they say, and which matches which.

``funcref``, ``externref``, ``(ref func)``, ``(ref null #0123.0)``: a heap type that begins with ``#`` is a function
type, named by a digest of its definition, so that it means the same in every module.
"""

from __future__ import annotations

_SHORT = {
    "funcref": ("func", True),
    "externref": ("extern", True),
    "exnref": ("exn", True),
    "nullexnref": ("noexn", True),
}
_HEAPS = ("func", "extern", "exn", "noexn")


def parse(name: str) -> tuple[str, bool] | None:
    """Heap type and nullability of the reference type called ``name``; ``None`` for any other name."""
    if name in _SHORT:
        return _SHORT[name]
    words = name[5:-1].split(" ")
    nullable = len(words) == 2 and words[0] == "null"
    heap = words[-1]
    if not name.startswith("(ref ") or not name.endswith(")") or len(words) != 1 + nullable:
        return None
    return (heap, nullable) if heap in _HEAPS or heap.startswith("#") else None


def matches(lower: str, upper: str) -> bool:
    """Whether the value type called ``lower`` matches ``upper`` (spec, section 3.3.3)."""
    if lower == upper:
        return True
    given, wanted = parse(lower), parse(upper)
    if given is None or wanted is None or (given[1] and not wanted[1]):
        return False
    if wanted[0] == "func" and given[0].startswith("#"):
        return True
    return given[0] == wanted[0] or (given[0], wanted[0]) == ("noexn", "exn")


def split(names: str) -> tuple[str, ...]:
    """The value types in a text that has one space between them; names of reference types may contain spaces."""
    words: list[str] = []
    for word in names.split():
        if words and words[-1].startswith("(") and not words[-1].endswith(")"):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return tuple(words)
