"""The shell around the functions: what the factory of an instance does before and after defining them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from wasm2py.emit import operators as o
from wasm2py.emit.data import joined_data
from wasm2py.emit.names import TYPE_PARTS, ModuleNames, Uses
from wasm2py.emit.objects import CONSTANT_OBJECTS, mention_parts, push_object, type_line
from wasm2py.naming import comment_safe, literal
from wasm2py.wasm.module import Element, Expression, Module
from wasm2py.wasm.types import Exact, Limits, MemoryType, RefType, TableType, TagType, ValType, defined

_ADDRESSES = {False: "", True: ', "i64"'}
"""What the address type adds to the type of a memory or table."""

_PAGE_SIZE_LOG2 = 16
"""Of the pages that memories have by default."""

_LONGEST_OPERAND = 300
"""Characters of an operand in a constant expression that is written where it is used."""

_HOST_MODULES = ("wasi_snapshot_preview1", "wasi_unstable", "wasi")
"""What programs import WASI from; the last one is for wasi-threads."""


class Shell:
    """Declarations and initialisation of one module.

    :param uses: what the functions refer to; grows by what the shell itself does
    """

    def __init__(self, module: Module, names: ModuleNames, uses: Uses) -> None:
        self.module = module
        self.names = names
        self.uses = uses
        self.types: set[int] = set()
        self.prepared: list[str] = []
        self.operands = 0
        """How many operands of constant expressions have names."""
        self.mentioned: set[int] = set()
        """Types that reference types name."""
        groups = [range(first, first + count) for first, count in module.rec_groups if count > 1]
        self.grouped = {index for group in groups for index in group}
        """Types that are not alone in their recursive group."""

    # ------------------------------------------------------------------------------------------------------ small text

    def type(self, type_index: int) -> str:
        """The name of a type."""
        index = self.names.type_index(type_index)
        self.types.add(index)
        return f"T{index}"

    def value_type(self, type_: ValType) -> str:
        """The name of a value type."""
        heap = defined(type_.heap) if isinstance(type_, RefType) else None
        if heap is not None:
            index = self.names.type_index(heap)
            self.types.add(index)
            self.mentioned.add(index)
        return self.names.context.value_text(type_)

    def limits(self, limits: Limits) -> str:
        """Arguments for the constructor of a memory."""
        arguments = str(limits.minimum) if limits.maximum is None else f"{limits.minimum}, {limits.maximum}"
        if limits.page_size_log2 != _PAGE_SIZE_LOG2:
            arguments += f", page_size={1 << limits.page_size_log2}"
        return f'{arguments}, address_type="i64"' if limits.index64 else arguments

    def described(self, kind: str, index: int) -> str:
        """The type of an import or export, as ``Module`` lists it."""
        module = self.module
        if kind == "func":
            return self.type(module.funcs[index])
        if kind == "tag":
            return self.type(module.tags[index].type_index)
        if kind == "memory":
            limits = module.memories[index].limits
            return f"({limits.minimum}, {limits.maximum}{_further(limits)})"
        if kind == "table":
            table = module.tables[index]
            limits = table.limits
            return (
                f'("{self.value_type(table.element)}", {limits.minimum}, {limits.maximum}{_ADDRESSES[limits.index64]})'
            )
        global_ = module.globals[index]
        return f'("{self.value_type(global_.type)}", {global_.mutable})'

    def constant(self, expression: Expression) -> str:
        """The value of a constant expression (spec, section 3.4.16)."""
        stack: list[str] = []
        for op, _, imm in expression:
            name = op.name
            if name in ("i32.const", "i64.const"):
                assert isinstance(imm, int)
                stack.append(str(imm % 2 ** int(name[1:3])))
            elif name in ("f32.const", "f64.const"):
                assert isinstance(imm, int)
                stack.append(self.float(imm, name[:3]))
            elif name == "v128.const":
                stack.append(str(imm))
            elif name == "global.get":
                assert isinstance(imm, int)
                stack.append(self.global_value(imm))
            elif name == "ref.func":
                assert isinstance(imm, int)
                stack.append(self.reference(imm))
            elif name == "ref.null":
                stack.append("None")
            elif name in CONSTANT_OBJECTS:
                push_object(self, op, imm, stack)
            elif name != "end":
                b, a = self.operand(stack), self.operand(stack)
                operator = {"add": "+", "sub": "-", "mul": "*"}[name[4:]]
                stack.append(f"(({a}) {operator} ({b}) & {o.MASKS[int(name[1:3])]})")
        return stack[-1]

    def operand(self, stack: list[str]) -> str:
        """Pop an operand of a constant expression; a long one gets a name, since Python limits how deep text nests."""
        text = stack.pop()
        if len(text) <= _LONGEST_OPERAND:
            return text
        self.operands += 1
        self.prepared.append(f"o{self.operands} = {text}")
        return f"o{self.operands}"

    def with_operands(self, line: str) -> list[str]:
        """A line, behind those that name operands of the constant expressions in it."""
        prepared, self.prepared = self.prepared, []
        return [*prepared, line]

    def float(self, pattern: int, type_: str) -> str:
        """A float by its bits."""
        helper = f"{type_}_from_bits"
        self.uses.helpers.add(helper)
        return f"{helper}({pattern:#x})"

    def global_value(self, index: int) -> str:
        """The current raw value of a global."""
        return f"g{index}.raw" if index in self.names.boxed else f"g{index}"

    def reference(self, func: int) -> str:
        """The reference to a function."""
        self.uses.references.add(func)
        return f"r{func}"

    # ---------------------------------------------------------------------------------------------------------- before

    def before(self) -> list[str]:
        """What the factory does before it defines functions: imports, memories, their views."""
        lines: list[str] = []
        counts = {"func": 0, "memory": 0, "table": 0, "global": 0, "tag": 0}
        for position, entry in enumerate(self.module.imports):
            kind = _kind(entry.type)
            index = counts[kind]
            counts[kind] += 1
            given = f"instance.imports[{position}]"
            if kind == "func":
                if index in self.uses.references:
                    lines.append(f"r{index} = {given}")
                lines.append(f"{self.names.functions[index]} = {given}.raw")
            elif kind == "global":
                raw = "" if index in self.names.boxed else ".raw"
                lines.append(f"g{index} = {given}{raw}")
                if ("global", index) in self.uses.methods and raw:
                    lines.append(f"global{index} = {given}")
            else:
                lines.append(f"{kind}{index} = {given}")
        for part, index in sorted(self.uses.types):
            self.types.add(index)
            lines.append(f"{part}{index} = T{index}{TYPE_PARTS[part]}")
        for index in range(self.module.imported_memories, len(self.module.memories)):
            limits = self.module.memories[index].limits
            if limits.shared:
                self.uses.library.add(("runtime_support.threads", "SharedMemory"))
            else:
                self.uses.helpers.add("Memory")
            lines.append(f"memory{index} = {'Shared' if limits.shared else ''}Memory({self.limits(limits)})")
        names = {e.index: e.name for e in reversed(self.module.exports) if e.kind == "tag"} | self.module.names.tags
        for index in range(counts["tag"], len(self.module.tags)):
            self.uses.helpers.add("Tag")
            name = literal(names.get(index, f"tag{index}"))
            lines.append(f"tag{index} = Tag({self.type(self.module.tags[index].type_index)}, {name})")
        lines += self.bindings()
        if self.uses.rounds:
            lines.append('R = memoryview(bytearray(4)).cast("f")')
        return lines

    def bindings(self) -> list[str]:
        """The cells that hold the bytes and views of memories, and what assigns them."""
        lines: list[str] = []
        for index in range(len(self.module.memories)):
            suffixes = sorted(suffix for memory, suffix in self.uses.views if memory == index)
            if not suffixes:
                continue
            cells = [f"m{index}{suffix}" for suffix in suffixes]
            views = [suffix[1:] for suffix in suffixes if suffix]
            lines.append(f"{' = '.join(cells)} = None")
            lines.append(f"def bind{index}():")
            lines.append(f" nonlocal {', '.join(cells)}")
            if len(views) < len(cells):
                lines.append(f" {cells.pop(0)} = memory{index}.data")
            if views:
                targets = ", ".join(cells) if len(cells) > 1 else f"({cells[0]},)"
                lines.append(f' {targets} = memory{index}.views("{" ".join(views)}")')
            lines.append(f"instance.bind(memory{index}, bind{index})")
        return lines

    # ----------------------------------------------------------------------------------------------------------- after

    def after(self) -> list[str]:
        """What the factory does once functions exist, in the order of spec section 4.7.2 (instantiation)."""
        initialised = self.globals() + self.tables()
        exports = self.exports_of_instance()
        segments = self.elements() + self.data()
        if self.module.start is not None:
            segments.append(f"{self.names.functions[self.module.start]}()")
        return self.references() + initialised + self.callables() + exports + segments

    def references(self) -> list[str]:
        """Function objects for the functions whose references are taken."""
        lines = []
        for func in sorted(self.uses.references):
            if func >= self.module.imported_funcs:
                self.uses.helpers.add("Function")
                name = self.names.functions[func]
                lines.append(f"r{func} = Function({self.type(self.module.funcs[func])}, {name}, {name!r})")
        return lines

    def globals(self) -> list[str]:
        """Initial values of globals."""
        first = self.module.imported_globals
        lines = []
        for i, definition in enumerate(self.module.global_definitions):
            lines += self.with_operands(f"g{first + i} = {self.constant(definition.init)}")
        return lines

    def tables(self) -> list[str]:
        """Table objects."""
        lines = []
        first = self.module.imported_tables
        for i, table in enumerate(self.module.table_definitions):
            self.uses.helpers.add("Table")
            limits = table.type.limits
            arguments = f'"{self.value_type(table.type.element)}", {limits.minimum}, {limits.maximum}'
            if table.init is not None:
                arguments += f", {self.constant(table.init)}"
            if limits.index64:
                arguments += ', address_type="i64"'
            lines += self.with_operands(f"table{first + i} = Table({arguments})")
        return lines

    def callables(self) -> list[str]:
        """Lists of callables for indirect calls."""
        return [f"c{t}_T{k} = table{t}.callables({self.type(k)})" for t, k in sorted(self.uses.callables)]

    def exports_of_instance(self) -> list[str]:
        """The assignment of the exports, with accessors of exported globals."""
        lines: list[str] = []
        items: list[str] = []
        wrapped: set[int] = set()
        for export in self.module.exports:
            index = export.index
            if export.kind == "func":
                value = self.reference(index)
            elif export.kind == "global":
                value = self.exported_global(index, lines, wrapped)
            else:
                value = f"{export.kind}{index}"
            items.append(f" {literal(export.name)}: {value},")
        return [*lines, "instance.exports = {", *items, "}"] if items else lines

    def exported_global(self, index: int, lines: list[str], wrapped: set[int]) -> str:
        """The object of an exported global."""
        if index in self.names.boxed:
            return f"g{index}"
        if index < self.module.imported_globals:
            self.uses.methods.add(("global", index))
            return f"global{index}"
        if index not in wrapped:
            wrapped.add(index)
            self.uses.helpers.add("Global")
            type_ = self.module.globals[index]
            lines += [f"def get_g{index}():", f" return g{index}"]
            setter = ""
            if type_.mutable:
                lines += [f"def set_g{index}(value):", f" nonlocal g{index}", f" g{index} = value"]
                setter = f", set_g{index}"
            cell = f'Global.cell("{self.value_type(type_.type)}", {type_.mutable}, get_g{index}{setter})'
            lines.append(f"global{index} = {cell}")
        return f"global{index}"

    def elements(self) -> list[str]:
        """Element segments: all are evaluated first, then the active ones are written in order."""
        values: list[str] = []
        writes: list[str] = []
        for index, segment in enumerate(self.module.elements):
            used = ("element", index) in self.uses.methods
            if segment.mode == "active":
                assert segment.start is not None
                values += self.with_operands(f"e{index} = {self.items(segment)}")
                start = self.constant(segment.start)
                write = f"table{segment.table}.init({start}, e{index}, 0, {len(segment.items)})"
                writes += self.with_operands(write)
                writes.append(f"e{index} = ()")
            elif used:
                values += self.with_operands(f"e{index} = {self.items(segment) if segment.mode == 'passive' else '()'}")
        return values + writes

    def items(self, segment: Element) -> str:
        """The references of an element segment."""
        texts = [self.reference(x) if isinstance(x, int) else self.constant(x) for x in segment.items]
        return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"

    def data(self) -> list[str]:
        """Data segments."""
        lines: list[str] = []
        joined = joined_data(self.module)
        for index, segment in enumerate(self.module.data):
            used = ("data", index) in self.uses.methods
            if segment.start is not None:
                if index in joined:
                    data = joined[index].bytes
                    start = self.constant(segment.start)
                    write = f"memory{segment.memory}.init({start}, {data!r}, 0, {len(data)})"
                    lines += self.with_operands(write)
                if used:
                    lines.append(f'd{index} = b""')
            elif used:
                lines.append(f"d{index} = {segment.bytes!r}")
        return lines

    # ---------------------------------------------------------------------------------------------------- declarations

    def imports_list(self) -> list[str]:
        """Entries of ``Module(imports=…)``."""
        counts = {"func": 0, "memory": 0, "table": 0, "global": 0, "tag": 0}
        items = []
        for entry in self.module.imports:
            kind = _kind(entry.type)
            described = self.described(kind, counts[kind])
            counts[kind] += 1
            if isinstance(entry.type, Exact):
                kind = f"exact {kind}"
            items.append(f'({literal(entry.module)}, {literal(entry.name)}, "{kind}", {described})')
        return items

    def exports_list(self) -> list[str]:
        """Entries of ``Module(exports=…)``."""
        return [f'({literal(e.name)}, "{e.kind}", {self.described(e.kind, e.index)})' for e in self.module.exports]

    def type_lines(self) -> list[str]:
        """Definitions of the types in use, and of those that they mention."""
        done: set[int] = set()
        while missing := self.types - done:
            for index in missing:
                mention_parts(self, index)
            done |= missing
        return [type_line(self, index) for index in sorted(done)]

    def words(self, types: tuple[ValType, ...]) -> str:
        """The names of value types."""
        return " ".join(map(self.value_type, types))

    @property
    def wasi(self) -> bool:
        """Whether the module imports WASI."""
        return any(entry.module in _HOST_MODULES for entry in self.module.imports)


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines of every generated file say.

    :ivar source_name: file name of the binary
    :ivar sha256: its hash
    :ivar options: those that change the output, as on the command line
    """

    version: str
    source_name: str
    sha256: str
    options: str

    @property
    def source(self) -> str:
        """The file name, fit for a comment."""
        return comment_safe(self.source_name)

    @property
    def name(self) -> str:
        """The literal of the module's name."""
        return literal(self.source_name.rsplit(".", 1)[0])


def render_shell(shell: Shell, functions: str, header: Header, parts: Sequence[str] | None = None) -> str:
    """The text of a single-file module, or of the ``__init__.py`` of a package.

    :param functions: the definitions of functions
    :param parts: for a package, its table of parts
    """
    after = shell.after()
    before = shell.before()
    imports, exports = shell.imports_list(), shell.exports_list()
    types = shell.type_lines()
    return (
        environment()
        .get_template("module.py.j2")
        .render(
            header=header,
            helpers=sorted({*shell.uses.helpers, "DefaultInstance", "Module"}),
            library=sorted(shell.uses.library),
            types=types,
            parts=parts,
            before=before,
            functions=functions,
            after=after or ["pass"],
            imports=imports,
            exports=exports,
            wasi=shell.wasi,
        )
    )


@cache
def environment() -> Environment:
    """Where templates are."""
    return Environment(
        loader=PackageLoader("wasm2py.emit"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is Python, and every string of a module arrives as a literal
    )


def _further(limits: Limits) -> str:
    """What follows minimum and maximum in the type of a memory, up to the last that is not the default."""
    if limits.shared or limits.page_size_log2 != _PAGE_SIZE_LOG2:
        words = f', "{"i64" if limits.index64 else "i32"}", {1 << limits.page_size_log2}'
        return f"{words}, True" if limits.shared else words
    return _ADDRESSES[limits.index64]


def _kind(type_: object) -> str:
    if isinstance(type_, (int, Exact)):
        return "func"
    if isinstance(type_, MemoryType):
        return "memory"
    if isinstance(type_, TagType):
        return "tag"
    return "table" if isinstance(type_, TableType) else "global"
