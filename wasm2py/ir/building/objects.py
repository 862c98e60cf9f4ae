"""Building instructions on aggregates and casts (spec, sections 4.6.5 to 4.6.9), a layer of the builder.

Structures are Python objects whose fields are attributes, arrays hold their elements in ``items``, an i31 is an int of
a class of its own; null is ``None``, which has none of these attributes.  So nothing here tests for null: where it is
wrong, Python raises ``AttributeError``, and the runtime knows by the attribute which trap that is.

Every read of a field or element counts as one that may trap.  Expressions that may trap are evaluated before anything
with an effect, so no write overtakes a read.
"""

from __future__ import annotations

from runtime_support.gc import LARGEST
from wasm2py.ir import nodes as n
from wasm2py.ir.building.control import ControlBuilder
from wasm2py.ir.building.widths import bits_of
from wasm2py.wasm.opcodes import Opcode
from wasm2py.wasm.types import (
    I32,
    V128,
    ArrayType,
    Exact,
    FieldType,
    FuncType,
    HeapType,
    RefType,
    StructType,
    ValType,
    defined,
    ref_type,
)

INSTANCES = {"eq": "EQ", "i31": "I31", "struct": "STRUCT", "array": "ARRAY"}
"""How the sets of classes in :mod:`runtime_support.gc` begin, by abstract heap type."""

PACKED = {"i8": 8, "i16": 16}
"""Widths of packed types."""

_TOPS = ("any", "func", "extern", "exn")
_BOTTOMS = ("none", "nofunc", "noextern", "noexn")
_LENGTH = (0, LARGEST)


def is_boxed(field: FieldType) -> bool:
    """Whether arrays of such elements are lists; others are of :class:`array.array`."""
    return isinstance(field.type, RefType) or field.type is V128


class ObjectBuilder(ControlBuilder):
    """Structures, arrays, i31 and casts."""

    def struct_field(self, type_index: int, field: int) -> FieldType:
        """A field of a struct type."""
        composite = self.module.types[type_index].composite
        assert isinstance(composite, StructType)
        return composite.fields[field]

    def element(self, type_index: int) -> FieldType:
        """The element of an array type."""
        composite = self.module.types[type_index].composite
        assert isinstance(composite, ArrayType)
        return composite.field

    def combined(self, node: n.Expr, parts: list[n.Expr], type_: ValType, fx: int = 0) -> n.Expr:
        """Note the type of a node, and the effects of its parts besides its own."""
        node.type, node.fx = type_, fx
        for part in parts:
            node.fx |= part.fx
            node.reads |= part.reads
            node.size += part.size
        return node

    def kept(self, value: n.Expr, field: FieldType) -> n.Expr:
        """A value as a field or element keeps it: raw, packed integers cut to their width."""
        if isinstance(field.type, str):
            value = self.demand(value, "m", 32)
            mask = n.Const(32, (1 << PACKED[field.type]) - 1)
            return self.combined(n.Binary("&", 32, value, mask), [value], I32)
        return self.raw(value, field.type)

    def read(self, node: n.Member | n.Item, parts: list[n.Expr], field: FieldType, signed: bool) -> None:
        """Push what a field or element holds."""
        width = PACKED[field.type] if isinstance(field.type, str) else 0
        type_ = I32 if isinstance(field.type, str) else field.type
        if width or n.is_int(type_):
            node.interval = (0, (1 << (width or bits_of(type_))) - 1)
        value = self.combined(node, parts, type_, n.TRAPS)
        if signed:
            value = self.combined(n.Extend(width, 32, value), [value], I32)
        self.push(value)

    def act(self, helper: str, args: list[n.Expr]) -> None:
        """A statement that calls a helper."""
        self.spill_effects(n.TRAPS)
        self.stmts.append(n.Eval(self.combined(n.Apply(helper, args, None), args, I32, n.TRAPS)))

    def made(self, node: n.New | n.Apply, type_index: int, fx: int = 0) -> None:
        """Push a new object."""
        self.push(self.combined(node, node.args, ref_type(type_index, nullable=False), fx))

    # ------------------------------------------------------------------------------------------------------ structures

    def op_struct_new(self, op: Opcode, index: int) -> None:
        self.new_structure(index, [], 0)

    def op_struct_new_desc(self, op: Opcode, index: int) -> None:
        self.new_structure(index, [self.pop()], n.TRAPS)

    def new_structure(self, index: int, descriptor: list[n.Expr], fx: int) -> None:
        """Push a new structure with the fields on the stack."""
        composite = self.module.types[index].composite
        assert isinstance(composite, StructType)
        values = self.pop_many(len(composite.fields))
        fields = [self.kept(x, f) for x, f in zip(values, composite.fields, strict=True)]
        self.made(n.New(index, fields + descriptor), index, fx)

    def op_struct_new_default(self, op: Opcode, index: int) -> None:
        self.made(n.New(index, []), index)  # the class knows the default values

    def op_struct_new_default_desc(self, op: Opcode, index: int) -> None:
        self.made(n.New(index, [self.pop()]), index, n.TRAPS)

    def op_ref_get_desc(self, op: Opcode, index: int) -> None:
        descriptor = self.module.types[index].descriptor
        assert descriptor is not None
        reference = self.pop()
        node = n.Member(reference, "desc", None)
        self.push(self.combined(node, [reference], ref_type(descriptor, nullable=False), n.TRAPS))

    def op_struct_get(self, op: Opcode, imm: tuple[int, int]) -> None:
        type_index, field = imm
        structure = self.pop()
        signed = op.name.endswith("_s")
        node = n.Member(structure, f"f{field}", None)
        self.read(node, [structure], self.struct_field(type_index, field), signed)

    op_struct_get_s = op_struct_get_u = op_struct_get

    def op_struct_set(self, op: Opcode, imm: tuple[int, int]) -> None:
        type_index, field = imm
        value = self.kept(self.pop(), self.struct_field(type_index, field))
        self.spill_effects(n.TRAPS)  # the structure too: Python evaluates the value first
        structure = self.pop()
        self.stmts.append(n.Put(n.Member(structure, f"f{field}", None), value))

    # ---------------------------------------------------------------------------------------------------------- arrays

    def new_array(self, type_index: int, value: n.Expr, length: n.Expr) -> None:
        """Push an array with one value many times."""
        args = [n.RuntimeType(type_index), value, length]
        self.made(n.Apply("array_new", args, None), type_index, n.TRAPS)

    def op_array_new(self, op: Opcode, index: int) -> None:
        length = self.wrap(self.pop(), "u", 32)
        self.new_array(index, self.kept(self.pop(), self.element(index)), length)

    def op_array_new_default(self, op: Opcode, index: int) -> None:
        type_ = self.element(index).type
        value = self.zero(I32 if isinstance(type_, str) else type_)
        self.new_array(index, value, self.wrap(self.pop(), "u", 32))

    def op_array_new_fixed(self, op: Opcode, imm: tuple[int, int]) -> None:
        index, count = imm
        field = self.element(index)
        self.made(n.New(index, [self.kept(x, field) for x in self.pop_many(count)]), index)

    def new_from_segment(self, imm: tuple[int, int], kind: str) -> None:
        """Push an array of what a segment holds."""
        index, segment = imm
        start, length = self.numbers(2)
        args = [n.RuntimeType(index), n.ObjectRef(kind, segment), start, length]
        self.made(n.Apply("array_new_data" if kind == "data" else "array_new_elem", args, None), index, n.TRAPS)
        self.spill(len(self.stack) - 1)  # the segment may be dropped

    def op_array_new_data(self, op: Opcode, imm: tuple[int, int]) -> None:
        self.new_from_segment(imm, "data")

    def op_array_new_elem(self, op: Opcode, imm: tuple[int, int]) -> None:
        self.new_from_segment(imm, "element")

    def numbers(self, count: int) -> list[n.Expr]:
        """Pop unsigned 32-bit operands."""
        return [self.wrap(x, "u", 32) for x in self.pop_many(count)]

    def place(self, type_index: int, array: n.Expr, index: n.Expr) -> n.Item:
        """An element of an array."""
        return n.Item(array, index, None, is_boxed(self.element(type_index)))

    def op_array_get(self, op: Opcode, type_index: int) -> None:
        field = self.element(type_index)
        index = self.number(self.pop())
        if index.fx & n.TRAPS or is_boxed(field):
            self.spill_effects(n.TRAPS)  # the array comes first
            index = self.repeatable(index)
        index = self.wrap(index, "u", 32)
        array = self.pop()
        node = self.place(type_index, array, index)
        self.read(node, [array, index], field, op.name.endswith("_s"))

    op_array_get_s = op_array_get_u = op_array_get

    def op_array_set(self, op: Opcode, type_index: int) -> None:
        value = self.kept(self.pop(), self.element(type_index))
        self.spill_effects(n.TRAPS)  # array and index too: Python evaluates the value first
        index = self.wrap(self.pop(), "u", 32)
        self.stmts.append(n.Put(self.place(type_index, self.pop(), index), value))

    def op_array_len(self, op: Opcode, imm: None) -> None:
        array = self.pop()
        items = self.combined(n.Member(array, "items", None), [array], array.type, n.TRAPS)
        self.push(self.combined(n.Apply("len", [items], _LENGTH), [items], I32))

    def op_array_fill(self, op: Opcode, index: int) -> None:
        (length,) = self.numbers(1)
        value = self.kept(self.pop(), self.element(index))
        (start,) = self.numbers(1)
        self.act("array_fill", [self.pop(), start, value, length])

    def op_array_copy(self, op: Opcode, imm: None) -> None:
        start, length = self.numbers(2)
        source = self.pop()
        (destination,) = self.numbers(1)
        self.act("array_copy", [self.pop(), destination, source, start, length])

    def init_from_segment(self, imm: tuple[int, int], kind: str) -> None:
        """Write what a segment holds into an array."""
        _, segment = imm
        numbers = self.numbers(3)
        destination, start, length = numbers
        helper = "array_init_data" if kind == "data" else "array_init_elem"
        self.act(helper, [self.pop(), destination, n.ObjectRef(kind, segment), start, length])

    def op_array_init_data(self, op: Opcode, imm: tuple[int, int]) -> None:
        self.init_from_segment(imm, "data")

    def op_array_init_elem(self, op: Opcode, imm: tuple[int, int]) -> None:
        self.init_from_segment(imm, "element")

    # ------------------------------------------------------------------------------------------------- i31, conversions

    def op_ref_i31(self, op: Opcode, imm: None) -> None:
        value = self.demand(self.pop(), "m", 32)
        self.push(self.combined(n.Apply("ref_i31", [value], None), [value], ref_type("i31", nullable=False)))

    def op_i31_get_s(self, op: Opcode, imm: None) -> None:
        reference = self.pop()
        node = n.Member(reference, "real", (-(2**30), 2**30 - 1))
        self.push(self.combined(node, [reference], I32, n.TRAPS))

    def op_i31_get_u(self, op: Opcode, imm: None) -> None:
        self.op_i31_get_s(op, imm)
        value = self.pop()
        self.push(self.combined(n.Binary("&", 32, value, n.Const(32, 2**31 - 1)), [value], I32))

    def op_any_convert_extern(self, op: Opcode, imm: None) -> None:
        """Both hierarchies hold the same Python objects."""

    op_extern_convert_any = op_any_convert_extern

    # ------------------------------------------------------------------------------------------------ comparison, casts

    def op_ref_eq(self, op: Opcode, imm: None) -> None:
        """Structures and arrays are equal if they are identical, for Python too."""
        b, a = self.pop(), self.pop()
        self.push(self.combined(n.Compare("==", a, b), [a, b], I32))

    def has_type(self, value: n.Expr, heap: HeapType, nullable: bool) -> n.Expr:
        """Whether a reference, which may be evaluated twice, has a type."""
        if heap in _TOPS:  # any reference, or any but null
            return self.is_null(n.Null()) if nullable else self.negated(self.is_null(value))
        if heap in _BOTTOMS:  # null, or nothing at all
            return self.is_null(value) if nullable else self.negated(self.is_null(n.Null()))
        index = defined(heap)
        if index is not None and isinstance(self.module.types[index].composite, FuncType):
            helper = "exact_func_test" if isinstance(heap, Exact) else "func_test"
            test = n.Apply(helper, [value, n.RuntimeType(index)], (0, 1))
            found = self.truth(self.combined(test, [value], I32))
        else:
            class_ = self.combined(n.Member(value, "__class__", None), [value], value.type)
            if not isinstance(heap, Exact):
                return self.combined(n.Compare("in", class_, n.Instances(heap, nullable)), [class_], I32)
            found = self.combined(n.Compare("is", class_, n.RuntimeType(heap.index)), [class_], I32)
        if not nullable:
            return found
        null = self.is_null(value)
        return self.combined(n.Logic("or", null, found), [null, found], I32)

    def described(self, nullable: bool) -> tuple[n.Expr, n.Expr]:
        """Pop a descriptor and the operand of a cast; the operand, and whether it has that descriptor or may be null.

        Types need no look: what has a descriptor of some type is of the type that it describes.
        """
        self.spill_effects(n.TRAPS)
        descriptor = self.pop()
        value = self.repeatable(self.pop())
        helper = "has_descriptor_or_null" if nullable else "has_descriptor"
        test = n.Apply(helper, [value, descriptor], (0, 1))
        return value, self.truth(self.combined(test, [value, descriptor], I32, n.TRAPS))

    def tested(self, op: Opcode, heap: HeapType) -> tuple[n.Expr, n.Expr]:
        """Pop the operand of a test; it, and the condition."""
        value = self.repeatable(self.pop())
        return value, self.has_type(value, heap, op.name.endswith("_null"))

    def op_ref_test(self, op: Opcode, heap: HeapType) -> None:
        self.push(self.tested(op, heap)[1])

    op_ref_test_null = op_ref_test

    def op_ref_cast(self, op: Opcode, heap: HeapType) -> None:
        self.cast(*self.tested(op, heap), op, heap, "cast_failure")

    op_ref_cast_null = op_ref_cast

    def op_ref_cast_desc_eq(self, op: Opcode, heap: HeapType) -> None:
        operands = self.described(op.name.endswith("_null"))
        self.cast(*operands, op, heap, "descriptor_failure")

    op_ref_cast_desc_eq_null = op_ref_cast_desc_eq

    def cast(self, value: n.Expr, condition: n.Expr, op: Opcode, heap: HeapType, helper: str) -> None:
        """Push a reference if a condition holds; else a helper raises the trap."""
        failure = n.Apply(helper, [], None)
        type_ = ref_type(heap, nullable=op.name.endswith("_null"))
        self.push(self.combined(n.Select(condition, value, failure), [condition, value], type_, n.TRAPS))

    def op_br_on_cast(self, op: Opcode, imm: tuple[int, RefType, RefType]) -> None:
        depth, _, target = imm
        self.spill_effects(n.TRAPS)
        value = self.repeatable(self.pop())
        self.branch_on_cast(op, depth, value, self.has_type(value, target.heap, target.nullable))

    op_br_on_cast_fail = op_br_on_cast

    def op_br_on_cast_desc_eq(self, op: Opcode, imm: tuple[int, RefType, RefType]) -> None:
        depth, _, target = imm
        self.branch_on_cast(op, depth, *self.described(target.nullable))

    op_br_on_cast_desc_eq_fail = op_br_on_cast_desc_eq

    def branch_on_cast(self, op: Opcode, depth: int, value: n.Expr, condition: n.Expr) -> None:
        """Branch with a reference if a cast succeeds, or fails, and keep it otherwise."""
        self.push(value)
        fails = op.name.endswith("_fail")
        self.branch_if(depth, self.negated(condition) if fails else condition)
