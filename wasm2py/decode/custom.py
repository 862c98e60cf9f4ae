"""Contents of custom sections (spec, section 7.7): names and producers.  DWARF and everything else stay bytes."""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.decode.reader import Reader
from wasm2py.errors import Malformed
from wasm2py.wasm.module import CustomSection, IndirectNameMap, NameMap, Names


def _name_map(reader: Reader) -> NameMap:
    return {reader.u32(): reader.name() for _ in range(reader.count())}


def _indirect_name_map(reader: Reader) -> IndirectNameMap:
    return {reader.u32(): _name_map(reader) for _ in range(reader.count())}


_SUBSECTIONS: tuple[tuple[str, Callable[[Reader], object]], ...] = (
    ("module", Reader.name),
    ("functions", _name_map),
    ("locals", _indirect_name_map),
    ("labels", _indirect_name_map),
    ("types", _name_map),
    ("tables", _name_map),
    ("memories", _name_map),
    ("globals", _name_map),
    ("elements", _name_map),
    ("data", _name_map),
    ("fields", _indirect_name_map),
    ("tags", _name_map),
)
"""Attribute of :class:`Names` and reader by subsection id (spec, section 7.7.1, and the extended name section)."""


def decode_names(section: bytes) -> Names:
    """The contents of a name section.

    Errors in it must not invalidate the module (spec, section 5.5.3), and half of the names would mislead: a
    malformed section gives no names.  Unknown subsections are skipped, and the order of subsections is not enforced.
    """
    reader = Reader(section)
    names = Names()
    try:
        while not reader.at_end:
            number = reader.u8()
            content = reader.section(reader.u32())
            if number < len(_SUBSECTIONS):
                attribute, read = _SUBSECTIONS[number]
                setattr(names, attribute, read(content))
                content.finish()
    except Malformed:
        return Names()
    return names


def decode_producers(section: CustomSection) -> dict[str, list[tuple[str, str]]]:
    """The contents of a producers section: (name, version) pairs by field, such as ``language``.

    The format is that of WebAssembly's tool conventions.  A malformed section gives nothing.
    """
    reader = Reader(section.bytes)
    try:
        fields = {
            reader.name(): [(reader.name(), reader.name()) for _ in range(reader.count())]
            for _ in range(reader.count())
        }
        reader.finish()
    except Malformed:
        return {}
    return fields
