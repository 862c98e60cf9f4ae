"""Which functions are called by this module only, so that all of their callers are known.

A function escapes that is exported, whose reference code takes, or that lies in a table which somebody else may read.
What lies in other tables is called by the module's own indirect calls, which cannot be told apart: all functions of a
type there share one entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.ir.survey import Survey
from wasm2py.validate import Context
from wasm2py.wasm.module import Element, Expression, Module
from wasm2py.wasm.types import FuncType


@dataclass(frozen=True, slots=True)
class Closed:
    """The entries whose callers are known.

    :ivar imported: how many functions are imported
    :ivar canonical: for each type, the first one that is the same
    :ivar tables: the tables that nobody else reads or changes
    :ivar types: canonical types whose functions in these tables are called by nobody else
    :ivar shared: the type, for functions that are called through such a table
    :ivar functions: the functions that are called by their names alone
    :ivar elements: what is where in these tables, by table and index; nothing of a table if not all of that is known
    """

    imported: int
    canonical: tuple[int, ...]
    tables: set[int] = field(default_factory=set)
    types: set[int] = field(default_factory=set)
    shared: dict[int, int] = field(default_factory=dict)
    functions: set[int] = field(default_factory=set)
    elements: dict[tuple[int, int], int] = field(default_factory=dict)

    def entry(self, callee: n.Entry) -> int | None:
        """A number for what is called, the same for what has to agree; ``None`` where others call it, too."""
        if isinstance(callee, int):
            if callee in self.shared:
                return ~self.shared[callee]
            return callee if callee in self.functions else None
        table, type_index = callee
        type_index = self.canonical[type_index]
        return ~type_index if table in self.tables and type_index in self.types else None


def find_closed(context: Context, survey: Survey) -> Closed:
    """Find out.

    :param survey: of all functions
    """
    module = context.module
    closed = Closed(module.imported_funcs, tuple(map(context.canonical, range(len(module.types)))))
    tables = closed.tables
    if not any(isinstance(t.composite, FuncType) and t.supertypes for t in module.types):
        tables.update(range(module.imported_tables, len(module.tables)))
    tables.difference_update(survey.touched, (e.index for e in module.exports if e.kind == "table"))
    tables.difference_update(
        index
        for index, table in enumerate(module.table_definitions, module.imported_tables)
        if table.init is not None and table.init[0].op.name != "ref.null"
    )
    for segment in module.elements:
        if segment.mode == "active" and _functions(segment) is None:
            tables.discard(segment.table or 0)
    escaping = {*range(module.imported_funcs), *survey.referenced}
    escaping.update(e.index for e in module.exports if e.kind == "func")
    for constant in _constants(module):
        escaping.update(_references(constant))
    held: dict[int, list[int]] = {}
    for segment in module.elements:
        members = _functions(segment)
        if segment.mode == "active" and segment.table in tables:
            for function in members or ():
                held.setdefault(closed.canonical[module.funcs[function]], []).append(function)
        elif members is not None:
            escaping.update(members)
        else:
            for item in segment.items:
                escaping.update(_references(item))
    for type_index, functions in held.items():
        if escaping.isdisjoint(functions):
            closed.types.add(type_index)
            closed.shared.update(dict.fromkeys(functions, type_index))
        else:
            escaping.update(functions)
    closed.functions.update(set(range(len(module.funcs))) - escaping - closed.shared.keys())
    closed.elements.update(_elements(module, tables))
    return closed


def _elements(module: Module, tables: set[int]) -> dict[tuple[int, int], int]:
    """The functions in closed tables, by table and index."""
    elements: dict[tuple[int, int], int] = {}
    unknown: set[int] = set()
    for segment in module.elements:
        table = segment.table or 0
        if segment.mode != "active" or table not in tables:
            continue
        assert segment.start is not None
        start = segment.start[0]
        if len(segment.start) != 2 or not isinstance(start.imm, int) or not start.op.name.endswith(".const"):
            unknown.add(table)
            continue
        first = start.imm % (1 << (64 if module.tables[table].limits.index64 else 32))
        items: tuple[int | Expression, ...] = segment.items
        for index, item in enumerate(items, first):
            references = _references(item)
            if references:
                elements[table, index] = references[0]
            else:
                elements.pop((table, index), None)
    return {place: function for place, function in elements.items() if place[0] not in unknown}


def _functions(segment: Element) -> list[int] | None:
    """The functions of a segment, null left out; ``None`` if there is anything else in it."""
    functions = []
    for item in segment.items:
        if isinstance(item, int):
            functions.append(item)
        elif len(item) == 2 and item[0].op.name == "ref.func":
            assert isinstance(item[0].imm, int)
            functions.append(item[0].imm)
        elif len(item) != 2 or item[0].op.name != "ref.null":
            return None
    return functions


def _constants(module: Module) -> list[Expression]:
    """The constant expressions outside of element segments that may name functions."""
    constants = [definition.init for definition in module.global_definitions]
    return constants + [table.init for table in module.table_definitions if table.init is not None]


def _references(item: int | Expression) -> list[int]:
    """The functions that an item of a segment or a constant expression refers to."""
    if isinstance(item, int):
        return [item]
    return [imm for op, _, imm in item if op.name == "ref.func" and isinstance(imm, int)]
