"""The type section (spec, section 3.2, "Recursive Types", and the custom-descriptors proposal)."""

from __future__ import annotations

from collections.abc import Iterator

from wasm2py.errors import Invalid
from wasm2py.validate.context import Context
from wasm2py.validate.subtyping import Types
from wasm2py.wasm.limits import MAX_SUBTYPING_DEPTH
from wasm2py.wasm.types import CompositeType, FuncType, RefType, StructType, SubType, ValType, defined


def check_types(context: Context) -> None:
    """Check recursive groups and declared supertypes, and define the types of the context."""
    module = context.module
    types = context.types
    depths: list[int] = []
    for start, count in module.rec_groups:
        end = start + count
        members = range(start, end)
        for index in members:
            offset = module.type_offsets[index]
            member = module.types[index]
            for mentioned in mentioned_types(member.composite):
                if mentioned >= end:
                    raise Invalid(f"unknown type {mentioned}", offset)
            if member.describes is not None or member.descriptor is not None:
                _check_clauses(module.types, index, members, offset)
            if len(member.supertypes) > 1:
                raise Invalid(f"sub type {index} has more than one super type", offset)
            depth = 0
            for parent in member.supertypes:
                if parent >= index:
                    raise Invalid(f"unknown type {parent}: a super type must come before its sub type", offset)
                depth = depths[parent] + 1
            if depth > MAX_SUBTYPING_DEPTH:
                raise Invalid(f"sub type {index} is nested too deeply: the limit is {MAX_SUBTYPING_DEPTH}", offset)
            depths.append(depth)
        types.define(start, count)
        for index in members:
            for parent in module.types[index].supertypes:
                _check_supertype(types, index, parent, module.type_offsets[index])


def _check_clauses(types: list[SubType], index: int, group: range, offset: int) -> None:
    """Check that a type and its descriptor name each other, the described one first, and are structures."""
    member = types[index]
    describes, descriptor = member.describes, member.descriptor
    if describes is not None:
        if describes not in group:
            raise Invalid(f"described type is outside rec group: {describes}", offset)
        if types[describes].descriptor != index:
            raise Invalid(f"described type is not described by descriptor: {describes} by {index}", offset)
        if describes >= index:
            raise Invalid(f"forward use of described type {describes}", offset)
    if descriptor is not None:
        if descriptor not in group:
            raise Invalid(f"descriptor type is outside rec group: {descriptor}", offset)
        if types[descriptor].describes != index:
            raise Invalid(f"type is not described by its descriptor: {index} by {descriptor}", offset)
    if not isinstance(member.composite, StructType):
        which = "described" if descriptor is None else "descriptor"
        raise Invalid(f"{which} type must be a struct, as that of type {index}", offset)


def _check_supertype(types: Types, index: int, parent: int, offset: int) -> None:
    """Check that a type matches a supertype that it declares.

    What describes a type has a supertype that describes one of its supertypes; what has a descriptor may have a
    supertype without one, otherwise its own matches.
    """
    lower, upper = types.subtypes[index], types.subtypes[parent]
    fits = not upper.final and types.composite_matches(lower.composite, upper.composite)
    if not fits or (lower.describes is None) != (upper.describes is None):
        raise Invalid(f"sub type {index} does not match super type {parent}", offset)
    for what, given, wanted in (
        ("described", lower.describes, upper.describes),
        ("descriptor", lower.descriptor, upper.descriptor),
    ):
        if wanted is None:
            continue
        if given is None:
            raise Invalid(f"sub type {index} does not match super type {parent}: it has no {what} type", offset)
        if not types.heap_matches(given, wanted):
            raise Invalid(f"{what} type {given} does not match {wanted}", offset)


def mentioned_types(composite: CompositeType) -> Iterator[int]:
    """The type indices that a composite type mentions."""
    storage: Iterator[ValType | str]
    if isinstance(composite, FuncType):
        storage = iter(composite.params + composite.results)
    elif isinstance(composite, StructType):
        storage = (field.type for field in composite.fields)
    else:
        storage = iter((composite.field.type,))
    for type_ in storage:
        index = defined(type_.heap) if isinstance(type_, RefType) else None
        if index is not None:
            yield index
