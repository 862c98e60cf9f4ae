"""Definitions of types, and objects in constant expressions, as Python text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wasm2py.ir.building.objects import PACKED
from wasm2py.wasm.opcodes import Opcode
from wasm2py.wasm.types import ArrayType, FieldType, FuncType, RefType, StructType, SubType, ValType

if TYPE_CHECKING:
    from wasm2py.emit.module import Shell

CONSTANT_OBJECTS = frozenset(
    {
        "struct.new",
        "struct.new_desc",
        "struct.new_default",
        "struct.new_default_desc",
        "array.new",
        "array.new_default",
        "array.new_fixed",
        "ref.i31",
        "any.convert_extern",
        "extern.convert_any",
    }
)
"""Instructions on objects that constant expressions may contain (spec, section 3.4.16, and custom-descriptors)."""


def push_object(shell: Shell, op: Opcode, imm: object, stack: list[str]) -> None:
    """Do one of :data:`CONSTANT_OBJECTS` on a stack of texts."""
    name = op.name
    if name == "ref.i31":
        stack.append(f"{_helper(shell, 'ref_i31')}({shell.operand(stack)})")
        return
    if name.endswith(("convert_extern", "convert_any")):
        return  # both hierarchies hold the same Python objects
    index, count = imm if isinstance(imm, tuple) else (imm, 0)
    sub = shell.module.types[index]
    composite = sub.composite
    assert isinstance(composite, (StructType, ArrayType))
    type_ = shell.type(index)
    if isinstance(composite, StructType):
        descriptor = [] if sub.descriptor is None else [shell.operand(stack)]
        values = [] if name.startswith("struct.new_default") else _popped(shell, stack, composite.fields)
        stack.append(f"{type_}({arguments(sub, values + descriptor)})")
    elif name == "array.new_fixed":
        stack.append(f"{type_}({', '.join(_popped(shell, stack, (composite.field,) * count))})")
    else:
        length = shell.operand(stack)
        value = _default(composite.field) if name.endswith("default") else _popped(shell, stack, (composite.field,))[0]
        stack.append(f"{_helper(shell, 'array_new')}({type_}, {value}, {length})")


def arguments(type_: SubType, texts: list[str]) -> str:
    """The arguments for a new object: the descriptor, which comes last, by name where the fields are default ones."""
    if type_.descriptor is not None and len(texts) == 1:
        return f"desc={texts[0]}"
    return ", ".join(texts)


def _helper(shell: Shell, name: str) -> str:
    shell.uses.library.add(("runtime_support.gc", name))
    return name


def _popped(shell: Shell, stack: list[str], fields: tuple[FieldType, ...]) -> list[str]:
    """The last values of a stack as fields keep them."""
    values = [shell.operand(stack) for _ in fields][::-1]
    return [
        f"({value}) & {(1 << PACKED[field.type]) - 1}" if isinstance(field.type, str) else value
        for value, field in zip(values, fields, strict=True)
    ]


def _default(field: FieldType) -> str:
    """The default value of a field (spec, section 4.2.1)."""
    if isinstance(field.type, RefType):
        return "None"
    return "0.0" if str(field.type) in ("f32", "f64") else "0"


def mention_parts(shell: Shell, index: int) -> None:
    """Make the shell define what the definition of a type mentions."""
    sub = shell.module.types[index]
    for parent in sub.supertypes:
        shell.type(parent)
    composite = sub.composite
    if isinstance(composite, FuncType):
        shell.words(composite.params + composite.results)
    else:
        for field in composite.fields if isinstance(composite, StructType) else (composite.field,):
            _storage(shell, field)


def type_line(shell: Shell, index: int) -> str:
    """The definition of a type, once everything that mentions it is known."""
    sub = shell.module.types[index]
    name = shell.names.context.heap_text(index)
    parent = shell.type(sub.supertypes[0]) if sub.supertypes else ""
    composite = sub.composite
    if isinstance(composite, FuncType):
        shell.uses.helpers.add("functype")
        text = f'"{shell.words(composite.params)}", "{shell.words(composite.results)}"'
        if parent or not sub.final or index in shell.grouped:  # told apart from others by its name alone
            text += f', "{name}", {parent or None}, True'
        elif index in shell.mentioned or "#" in text:
            text += f', "{name}"'
        return f"T{index} = functype({text})"
    ending = f", {parent})" if parent else ")"
    if sub.descriptor is not None:
        ending = f", {parent or None}, True)"
    if isinstance(composite, StructType):
        fields = ", ".join(_storage(shell, field) for field in composite.fields)
        return f'T{index} = {_helper(shell, "structtype")}("{name}", "{fields}"{ending}'
    return f'T{index} = {_helper(shell, "arraytype")}("{name}", "{_storage(shell, composite.field)}"{ending}'


def _storage(shell: Shell, field: FieldType) -> str:
    """A field type as the runtime names it."""
    type_: ValType | str = field.type
    text = type_ if isinstance(type_, str) else shell.value_type(type_)
    return f"mut {text}" if field.mutable else text
