"""Names of reference types (spec, section 2.3.6): what they say, and which matches which.

``funcref``, ``externref``, ``(ref func)``, ``(ref null #0123.0)``: a heap type that begins with ``#`` is a defined
type, named by a digest of its definition, so that it means the same in every module.  ``(ref (exact #0123.0))`` leaves
out the values of its subtypes.
"""

from __future__ import annotations

_ABOVE: dict[str, frozenset[str]] = {
    "any": frozenset({"any"}),
    "eq": frozenset({"eq", "any"}),
    "i31": frozenset({"i31", "eq", "any"}),
    "struct": frozenset({"struct", "eq", "any"}),
    "array": frozenset({"array", "eq", "any"}),
    "func": frozenset({"func"}),
    "extern": frozenset({"extern"}),
    "exn": frozenset({"exn"}),
}
"""The heap types that each heap type matches, but for those below all others; :func:`declare` adds defined types."""

_BOTTOMS = {"none": "any", "nofunc": "func", "noextern": "extern", "noexn": "exn"}
"""The heap types that match all others of a hierarchy, and its top."""

_SHORT = {f"{heap}ref": (heap, True) for heap in _ABOVE}
_SHORT.update({"nullref": ("none", True), "nullfuncref": ("nofunc", True), "nullexternref": ("noextern", True)})
_SHORT["nullexnref"] = ("noexn", True)


def declare(name: str, above: str) -> None:
    """Make a defined type known.

    :param name: its heap type, such as ``#0123.0``
    :param above: its supertype, or ``func``, ``struct`` or ``array``
    """
    _ABOVE[name] = _ABOVE[above] | {name}


def parse(name: str) -> tuple[str, bool] | None:
    """Heap type and nullability of the reference type called ``name``; ``None`` for any other name."""
    if name in _SHORT:
        return _SHORT[name]
    if not name.startswith("(ref ") or not name.endswith(")"):
        return None
    heap = name[5:-1]
    nullable = heap.startswith("null ")
    if nullable:
        heap = heap[5:]
    defined, _ = exactness(heap)
    is_defined = defined.startswith("#") and " " not in defined
    return (heap, nullable) if is_defined or heap in _ABOVE or heap in _BOTTOMS else None


def exactness(heap: str) -> tuple[str, bool]:
    """The heap type in an exact one such as ``(exact #0123.0)``, or the one given; whether it was exact."""
    return (heap[7:-1], True) if heap.startswith("(exact #") and heap.endswith(")") else (heap, False)


def _above(heap: str) -> frozenset[str]:
    """The heap types that ``heap`` matches, besides itself."""
    return _ABOVE.get(exactness(heap)[0], frozenset())


def matches(lower: str, upper: str) -> bool:
    """Whether the value type called ``lower`` matches ``upper`` (spec, section 3.3.3)."""
    if lower == upper:
        return True
    given, wanted = parse(lower), parse(upper)
    if given is None or wanted is None or (given[1] and not wanted[1]):
        return False
    if given[0] in _BOTTOMS:
        return wanted[0] == given[0] or _BOTTOMS[given[0]] in _above(wanted[0])
    return given[0] == wanted[0] or wanted[0] in _above(given[0])


def split(names: str) -> tuple[str, ...]:
    """The value types in a text that has one space between them; names of reference types may contain spaces."""
    words: list[str] = []
    for word in names.split():
        if words and words[-1].startswith("(") and not words[-1].endswith(")"):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return tuple(words)
