"""Structures, arrays and i31 (spec, section 4.2.16): Python objects, collected by Python.

Each type is a class, the same for equal types of different modules.  Which classes a reference type covers is a set, to
which a class is added together with those of its supertypes: so a test is one look into a set, however deep the
hierarchy is.  Host values that ``any.convert_extern`` brings in stay what they are.

Only modules that use these load this file; ``__all__`` is the interface.
"""

from __future__ import annotations

import sys
from array import array

from runtime_support.floats import f32_from_bits
from runtime_support.references import declare, exactness
from runtime_support.traps import Trap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from runtime_support.types import FuncType

__all__ = [
    "ARRAY",
    "ARRAY_OR_NULL",
    "EQ",
    "EQ_OR_NULL",
    "I31",
    "I31_OR_NULL",
    "STRUCT",
    "STRUCT_OR_NULL",
    "Array",
    "I31Reference",
    "Struct",
    "array_bounds",
    "array_copy",
    "array_fill",
    "array_init_data",
    "array_init_elem",
    "array_new",
    "array_new_data",
    "array_new_elem",
    "arraytype",
    "cast_failure",
    "descriptor_failure",
    "exact_func_test",
    "func_test",
    "has_descriptor",
    "has_descriptor_or_null",
    "ref_i31",
    "structtype",
]

LARGEST = 1 << 30
"""The most bytes that an array may have, or the references in it."""


class I31Reference(int):
    """An unboxed scalar of 31 bits, as a signed number; equal to others of the same value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"i31 {int(self)}"


class _Object:
    """What structures and arrays have in common.

    :cvar name: of the type
    :cvar instances: the classes of this type and its subtypes
    :cvar instances_or_null: the same with the class of null
    """

    __slots__ = ("__weakref__",)
    name = ""
    instances: set[type]
    instances_or_null: set[type]


class Struct(_Object):
    """A structure instance; its fields are ``f0``, ``f1``, …, which hold raw values.

    Where its type has a descriptor, ``desc`` is the structure that describes it (custom-descriptors).

    :cvar fields: storage types of the fields, as in ``"i32, mut i8"``; those after ``mut`` can be assigned
    """

    __slots__ = ()
    fields = ""


class Array(_Object):
    """An array instance.

    :ivar items: the elements as raw values: an ``array``, or for vectors and references a list.  An f32 takes the 8
        bytes of the Python float that it is.
    :cvar element: storage type of the elements, after ``mut`` if they can be assigned
    :cvar code: type code of the ``array``, or an empty string for a list
    :cvar size: bytes of an element in a data segment
    """

    __slots__ = ("items",)
    element = ""
    code = ""
    size = 0
    items: Any

    def __init__(self, *values: Any) -> None:
        self.items = _kept(array(self.code, values) if self.code else list(values))

    def __len__(self) -> int:
        return len(self.items)


if sys.implementation.name == "pypy":
    # PyPy words the errors of arrays like those of memories, and those of assignments to lists like those of tables.

    class _Array(array):  # type: ignore[type-arg]  # no parameters at run time on 3.9
        __slots__ = ()

        def __getitem__(self, index: Any) -> Any:
            try:
                return array.__getitem__(self, index)
            except IndexError:
                array_bounds()

        def __setitem__(self, index: Any, value: Any) -> None:
            try:
                array.__setitem__(self, index, value)
            except IndexError:
                array_bounds()

    class _List(list):  # type: ignore[type-arg]  # likewise
        __slots__ = ()

        def __setitem__(self, index: Any, value: Any) -> None:
            try:
                list.__setitem__(self, index, value)
            except IndexError:
                array_bounds()

    def _kept(items: Any) -> Any:
        """Items as an array keeps them."""
        return _List(items) if items.__class__ is list else _Array(items.typecode, items)

else:

    def _kept(items: Any) -> Any:
        """Items as an array keeps them."""
        return items


_NULL = type(None)

I31: set[type] = {I31Reference}
STRUCT: set[type] = set()
ARRAY: set[type] = set()
EQ: set[type] = {I31Reference}
I31_OR_NULL: set[type] = {I31Reference, _NULL}
STRUCT_OR_NULL: set[type] = {_NULL}
ARRAY_OR_NULL: set[type] = {_NULL}
EQ_OR_NULL: set[type] = {I31Reference, _NULL}

_DESCRIBED: set[Any] = set()
"""The classes of structures that have a descriptor."""

_TYPES: dict[str, Any] = {}
_ABSTRACT = {"eq": EQ, "i31": I31, "struct": STRUCT, "array": ARRAY}
_STORAGE = {"i8": ("B", 1), "i16": ("H", 2), "i32": ("I", 4), "i64": ("Q", 8), "f32": ("d", 4), "f64": ("d", 8)}


def instances(heap: str) -> set[type]:
    """The classes of the values of a heap type: eq, i31, struct, array, or the name of a defined type, if known."""
    if heap in _ABSTRACT:
        return _ABSTRACT[heap]
    name, exact = exactness(heap)
    if name not in _TYPES:
        return set()
    known: set[type] = {_TYPES[name]} if exact else _TYPES[name].instances
    return known


def _define(name: str, base: type, namespace: dict[str, Any], parent: Any, described: bool = False) -> Any:
    """Make the class of a type, and known to its supertypes."""
    sets: tuple[set[type], ...]
    sets = (STRUCT, EQ, STRUCT_OR_NULL, EQ_OR_NULL) if base is Struct else (ARRAY, EQ, ARRAY_OR_NULL, EQ_OR_NULL)
    if described:
        sets += (_DESCRIBED,)
    made: Any = type(base.__name__, (base,), {"name": name, **namespace})
    above = () if parent is None else parent.above
    made.instances, made.instances_or_null = {made}, {made, _NULL}
    made.above = (*above, made)
    for type_ in above:
        sets += (type_.instances, type_.instances_or_null)
    declare(name, base.__name__.lower() if parent is None else parent.name)
    for classes in sets:  # before another thread can find the class
        classes.add(made)
    known = _TYPES.setdefault(name, made)  # two threads may come here at once
    if known is not made:
        for classes in sets:
            classes.discard(made)
    return known


def structtype(name: str, fields: str, parent: Any = None, described: bool = False) -> Any:
    """The class of a struct type.

    :param name: as reference types call it
    :param fields: storage types of its fields, with a comma and a space between
    :param parent: class of its supertype
    :param described: whether it has a descriptor, which is the last argument for a new structure
    """
    known = _TYPES.get(name)
    if known is None:
        slots = tuple([f"f{index}" for index in range(len(fields.split(", ")) if fields else 0)])
        parameters = "".join([f", {slot}={_default(field)}" for slot, field in zip(slots, fields.split(", "))])
        body = "".join([f"\n self.{slot} = {slot}" for slot in slots]) or "\n pass"
        if described:
            slots += ("desc",)
            parameters += ", desc=None"
            body = f"\n if desc is None: no_descriptor()\n self.desc = desc{body}"
        namespace: dict[str, Any] = {"__slots__": slots, "fields": fields}
        exec(f"def __init__(self{parameters}):{body}", {"no_descriptor": _no_descriptor}, namespace)
        known = _define(name, Struct, namespace, parent, described)
    return known


def _default(field: str) -> str:
    """The default value of a field, as text; what has none is always given."""
    if field.endswith(("ref", ")")):
        return "None"
    return "0.0" if field.endswith(("f32", "f64")) else "0"


def arraytype(name: str, element: str, parent: Any = None) -> Any:
    """The class of an array type.

    :param name: as reference types call it
    :param element: storage type of its elements
    :param parent: class of its supertype
    """
    known = _TYPES.get(name)
    if known is None:
        code, size = _STORAGE.get(element.split(" ")[-1], ("", 16))
        namespace = {"__slots__": (), "element": element, "code": code, "size": size}
        known = _define(name, Array, namespace, parent)
    return known


# ------------------------------------------------------------------------------------------------------- i31 and casts


def ref_i31(value: int) -> I31Reference:
    """``ref.i31`` of an int, of which the low 31 bits count."""
    return I31Reference((value + 0x40000000 & 0x7FFFFFFF) - 0x40000000)


def func_test(reference: Any, type: FuncType) -> int:
    """``ref.test``: whether a function, or null, is a function of a type; 1 or 0."""
    return 1 if reference is not None and type in reference.type.above else 0


def exact_func_test(reference: Any, type: FuncType) -> int:
    """The same, of exactly that type."""
    return 1 if reference is not None and reference.type is type else 0


def cast_failure() -> NoReturn:
    """Raise the trap of ``ref.cast``."""
    raise Trap("cast failure")


def _no_descriptor() -> NoReturn:
    raise Trap("null descriptor reference")


def has_descriptor(reference: Any, descriptor: Any) -> int:
    """``br_on_cast_desc_eq``: whether a reference is to a structure that has this very descriptor; 1 or 0.

    :raises Trap: "null descriptor reference"
    """
    if descriptor is None:
        _no_descriptor()
    return 1 if reference.__class__ in _DESCRIBED and reference.desc is descriptor else 0


def has_descriptor_or_null(reference: Any, descriptor: Any) -> int:
    """The same for a type that has null.

    :raises Trap: "null descriptor reference"
    """
    return 1 if has_descriptor(reference, descriptor) or reference is None else 0


def descriptor_failure() -> NoReturn:
    """Raise the trap of ``ref.cast_desc_eq``."""
    raise Trap("descriptor cast failure")


# -------------------------------------------------------------------------------------------------------------- arrays


def array_bounds() -> NoReturn:
    """Raise the trap of an index beyond the end of an array."""
    raise Trap("out of bounds array access")


def _checked(reference: Any) -> Array:
    if reference is None:
        raise Trap("null array reference")
    found: Array = reference
    return found


def _made(type: Any, items: Any) -> Array:
    made: Array = type.__new__(type)
    made.items = _kept(items)
    return made


def _check_length(type: Any, length: int) -> None:
    if length * (array(type.code).itemsize if type.code else 8) > LARGEST:
        raise Trap("array too large")


def array_new(type: Any, value: Any, length: int) -> Array:
    """``array.new``: ``length`` (unsigned) times the raw ``value``.

    :raises Trap: "array too large", beyond :data:`LARGEST`
    """
    _check_length(type, length)
    return _made(type, (array(type.code, (value,)) if type.code else [value]) * length)


def _decoded(type: Any, segment: bytes, start: int, length: int) -> Any:
    """Elements from a data segment."""
    size = type.size
    end = start + length * size
    if end > len(segment):
        raise Trap("out of bounds memory access")
    data = segment[start:end]
    if not type.code:
        return [int.from_bytes(data[at : at + size], "little") for at in range(0, len(data), size)]
    if type.code == "d" and size == 4:
        return array("d", [f32_from_bits(bits) for bits in memoryview(data).cast("I")])
    return array(type.code, data)


def array_new_data(type: Any, segment: bytes, start: int, length: int) -> Array:
    """``array.new_data``: ``length`` elements from byte ``start`` of a data segment; a dropped one is empty.

    :raises Trap: "out of bounds memory access", "array too large"
    """
    items = _decoded(type, segment, start, length)
    _check_length(type, length)
    return _made(type, items)


def array_new_elem(type: Any, segment: Sequence[Any], start: int, length: int) -> Array:
    """``array.new_elem``: ``length`` references from ``start`` in an element segment; a dropped one is empty.

    :raises Trap: "out of bounds table access", "array too large"
    """
    if start + length > len(segment):
        raise Trap("out of bounds table access")
    _check_length(type, length)
    return _made(type, list(segment[start : start + length]))


def array_fill(reference: Any, start: int, value: Any, length: int) -> None:
    """``array.fill``: set ``length`` elements from ``start`` to the raw ``value``.

    :raises Trap: "null array reference", "out of bounds array access"
    """
    items = _checked(reference).items
    if start + length > len(items):
        array_bounds()
    items[start : start + length] = (array(reference.code, (value,)) if reference.code else [value]) * length


def array_copy(reference: Any, destination: int, source: Any, start: int, length: int) -> None:
    """``array.copy``: copy ``length`` elements from ``start`` in ``source``; the ranges may overlap.

    :raises Trap: "null array reference", "out of bounds array access"
    """
    items, others = _checked(reference).items, _checked(source).items
    if destination + length > len(items) or start + length > len(others):
        array_bounds()
    items[destination : destination + length] = others[start : start + length]


def array_init_data(reference: Any, destination: int, segment: bytes, start: int, length: int) -> None:
    """``array.init_data``: write ``length`` elements from byte ``start`` of a data segment.

    :raises Trap: "null array reference", "out of bounds array access", "out of bounds memory access"
    """
    items = _checked(reference).items
    if destination + length > len(items):
        array_bounds()
    items[destination : destination + length] = _decoded(reference, segment, start, length)


def array_init_elem(reference: Any, destination: int, segment: Sequence[Any], start: int, length: int) -> None:
    """``array.init_elem``: write ``length`` references from ``start`` in an element segment.

    :raises Trap: "null array reference", "out of bounds array access", "out of bounds table access"
    """
    items = _checked(reference).items
    if destination + length > len(items):
        array_bounds()
    if start + length > len(segment):
        raise Trap("out of bounds table access")
    items[destination : destination + length] = segment[start : start + length]
