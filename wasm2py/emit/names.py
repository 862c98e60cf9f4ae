"""The names in a generated module, and which of them it uses.

=============  ==========================================================================
``f3_add``     function 3
``r3``         its reference, a ``Function``
``g0``         a global: the value, or the ``Global`` object where it is imported mutable
``m0``         the bytes of memory 0; ``m0_I`` a view of them as 32-bit numbers,
               ``m0_I20`` one that starts at byte 20,
               ``m0_Is`` one that threads may slice at once,
               ``m0_Ix`` four such views that start at bytes 0 to 3, ``m0_Ix20`` at bytes 20 to 23
``memory0``    the ``Memory`` object; ``table0``, ``tag0`` likewise
``error``      the exception that a handler deals with
``c0_T2``      the callables of table 0 with type 2
``d0 e0``      data and element segments
``v5 v5w1``    local 5 and further live ranges of it; ``t7`` a temporary; others may share the name of one
``x y``        short-lived values within one expression
``k3``         runtime type 3; ``ki3`` the classes of its instances, ``kn3`` also that of null
``o1``         an operand of a constant expression
``R``          a buffer that rounds to f32
=============  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wasm2py.ir import nodes as n
from wasm2py.naming import function_name, local_name
from wasm2py.validate import Context
from wasm2py.wasm.types import GlobalType

OBJECTS = {"memory": "memory", "table": "table", "tag": "tag", "data": "d", "element": "e"}
"""How the names of objects begin, by kind."""

TYPE_PARTS = {"k": "", "ki": ".instances", "kn": ".instances_or_null"}
"""How the names of what belongs to a runtime type begin, and where it is."""


@dataclass(slots=True)
class Uses:
    """What the functions of a module refer to; only that is bound and imported."""

    helpers: set[str] = field(default_factory=set)
    views: set[tuple[int, str]] = field(default_factory=set)
    """Memory and the part of the name behind ``m0``."""
    callables: set[tuple[int, int]] = field(default_factory=set)
    references: set[int] = field(default_factory=set)
    methods: set[tuple[str, int]] = field(default_factory=set)
    rounds: bool = False
    library: set[tuple[str, str]] = field(default_factory=set)
    """Module of the standard library and name."""
    functions: set[int] = field(default_factory=set)
    """Functions that are called by their names."""
    globals: set[int] = field(default_factory=set)
    types: set[tuple[str, int]] = field(default_factory=set)
    """Beginning of the name of what belongs to a runtime type, see :data:`TYPE_PARTS`, and type index."""

    def add(self, other: Uses) -> None:
        """Include another's uses."""
        self.helpers |= other.helpers
        self.views |= other.views
        self.callables |= other.callables
        self.references |= other.references
        self.methods |= other.methods
        self.rounds |= other.rounds
        self.library |= other.library
        self.functions |= other.functions
        self.globals |= other.globals
        self.types |= other.types

    @classmethod
    def union(cls, several: Iterable[Uses]) -> Uses:
        """What all of them refer to."""
        union = cls()
        for uses in several:
            union.add(uses)
        return union

    def variables(self, names: ModuleNames) -> set[str]:
        """The variables of the instance's factory that the functions use."""
        return {
            *[names.functions[index] for index in self.functions],
            *[f"g{index}" for index in self.globals],
            *[f"r{index}" for index in self.references],
            *[f"m{memory}{suffix}" for memory, suffix in self.views],
            *[f"c{table}_T{type_index}" for table, type_index in self.callables],
            *[f"{OBJECTS[kind]}{index}" for kind, index in self.methods],
            *[f"{part}{index}" for part, index in self.types],
            *(["R"] if self.rounds else []),
        }


class ModuleNames:
    """Names of module-level entities."""

    def __init__(self, context: Context, *, use_names: bool) -> None:
        self.context = context
        module = self.module = context.module
        given = module.names.functions if use_names else {}
        exported = {e.index: e.name for e in reversed(module.exports) if e.kind == "func"} if use_names else {}
        self.functions = [function_name(i, given.get(i) or exported.get(i)) for i in range(len(module.funcs))]
        self.locals = module.names.locals if use_names else {}
        imported = [e.type.mutable for e in module.imports if isinstance(e.type, GlobalType)]
        self.boxed = {i for i, mutable in enumerate(imported) if mutable}
        """Globals that are held as ``Global`` objects."""

    def type_index(self, index: int) -> int:
        """The first type index with the same type."""
        return self.context.canonical(index)

    def variables(self, function: n.Function) -> dict[n.Variable, str]:
        """Names of a function's variables."""
        names: dict[n.Variable, str] = {}
        ranges: dict[int, int] = {}
        given = self.locals.get(function.index, {})
        for variable in [*function.params, *function.variables]:
            if variable in names:
                continue
            if variable.local is None:
                names[variable] = f"t{variable.index}"
            else:
                web = ranges.get(variable.local, 0)
                ranges[variable.local] = web + 1
                names[variable] = local_name(variable.local, given.get(variable.local), web)
        return {variable: names[variable.home or variable] for variable in names}
