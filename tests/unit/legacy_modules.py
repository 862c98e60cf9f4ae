"""Modules with legacy exception handling, which no translator of the text format on PyPI knows."""

from __future__ import annotations

from collections.abc import Iterator

from tests.unit.decode.binary import entries, module, name, s33, section, sized, u32
from wasm2py.wasm.opcodes import BY_NAME

_TYPES = {"i32": b"\x7f", "i64": b"\x7e", "f32": b"\x7d", "none": b"\x40"}

TYPES = (((), ()), (("i32",), ()), (("i64", "i32"), ()), ((), ("i32",)), (("i32",), ("i32",)), (("f32",), ()))
"""Parameters and results of the function types in every module here."""

TAGS = (0, 1, 2, 5)
"""The types of its tags, which are exported as ``tag0`` and so on."""


def assemble(text: str) -> bytes:
    """Instructions, separated by blanks.

    Block types are ``none``, ``i32`` or a type index; labels of a table have commas between them; a ``try_table`` names
    its number of clauses, then those, each a ``catch`` with tag and label.
    """
    words = iter(text.split())
    return b"".join([bytes([op.code]) + _immediate(op.immediate, words) for op in map(BY_NAME.__getitem__, words)])


def _immediate(kind: str, words: Iterator[str]) -> bytes:
    if kind == "-":
        return b""
    word = next(words)
    if kind == "block":
        return _TYPES.get(word) or s33(int(word))
    if kind == "labels":
        *labels, default = [u32(int(label)) for label in word.split(",")]
        return entries(*labels) + default
    if kind == "catches":
        block_type = _immediate("block", iter([word]))
        clauses = [[next(words) for _ in range(3)] for _ in range(int(next(words)))]
        return block_type + entries(*[b"\0" + u32(int(tag)) + u32(int(label)) for _, tag, label in clauses])
    if kind in ("i32", "i64"):
        return s33(int(word))
    return u32(int(word))


def legacy_module(functions: dict[str, tuple[int, str, str]], imported: dict[str, int] | None = None) -> bytes:
    """A module with a mutable global i32.

    :param functions: by exported name: type, types of the locals, instructions
    :param imported: functions of the module ``host`` by name: their types; they come first
    """
    imported = imported or {}
    types = [b"\x60" + entries(*map(_TYPES.get, p)) + entries(*map(_TYPES.get, r)) for p, r in TYPES]  # type: ignore[arg-type]  # all are in the table
    exports = [name(f"tag{i}") + b"\x04" + u32(i) for i in range(len(TAGS))]
    exports += [name(title) + b"\0" + u32(len(imported) + i) for i, title in enumerate(functions)]
    codes = []
    for _, local_types, text in functions.values():
        groups = entries(*[b"\x01" + _TYPES[type_] for type_ in local_types.split()])
        codes.append(sized(groups + assemble(text + " end")))
    return module(
        section(1, entries(*types)),
        section(2, entries(*[name("host") + name(title) + b"\0" + u32(type_) for title, type_ in imported.items()])),
        section(3, entries(*[u32(type_) for type_, _, _ in functions.values()])),
        section(13, entries(*[b"\0" + u32(type_) for type_ in TAGS])),
        section(6, entries(b"\x7f\x01\x41\0\x0b")),
        section(7, entries(*exports)),
        section(10, entries(*codes)),
    )
