"""Packages: the shell of a large module in ``__init__.py``, its functions in parts that are loaded when called.

A part declares the variables of the factory that its functions use, and defines the functions inside; the linker
(:mod:`runtime_support.parts`) runs that definition on the variables of an instance instead::

    def variables():
        f7_free = f8_add = g0 = m0_I = None
        def functions():
            nonlocal f8_add
            def f8_add(v0, v1): ...
        return functions
"""

from __future__ import annotations

from collections.abc import Sequence

from wasm2py.emit.module import Header, Shell, environment, render_shell
from wasm2py.emit.names import ModuleNames, Uses
from wasm2py.emit.parts import Part
from wasm2py.wasm.module import Module


class PackageShell(Shell):
    """The shell of a package.

    :param parts: the functions; at least one part
    """

    def __init__(self, module: Module, names: ModuleNames, parts: Sequence[Part]) -> None:
        uses = Uses.union(part.uses for part in parts)
        uses.helpers.clear()  # parts import their own
        uses.library.clear()
        super().__init__(module, names, uses)
        self.variables = uses.variables(names)  # of the parts: the shell goes on to use more
        self.parts = parts
        self.prefix = self._prefix()

    def _prefix(self) -> str:
        """How the names of parts begin: Python makes loaded parts attributes of the package, where exports are."""
        prefix = "part"
        exports = {export.name for export in self.module.exports}
        while any(f"{prefix}{number}" in exports for number in range(len(self.parts))):
            prefix += "_"
        return prefix

    def defined(self, part: Part) -> list[str]:
        """Names of the functions that a part defines."""
        first = self.module.imported_funcs
        return [self.names.functions[first + body] for body in part.bodies]

    def part_list(self) -> list[str]:
        """Entries of the table of parts: their names and those of their functions."""
        return [f'"{self.prefix}{number}": "{" ".join(self.defined(part))}"' for number, part in enumerate(self.parts)]

    def before(self) -> list[str]:
        """As for a single file, then the linker, with the variables that the factory shares with parts."""
        self.uses.helpers.add("Parts")
        own = {name for part in self.parts for name in self.defined(part)}
        start = None if self.module.start is None else self.names.functions[self.module.start]
        declared = [start] if start in own else []
        shared = sorted({*(self.variables - own), *declared})
        return [
            *super().before(),
            *[f"{name} = None" for name in declared],
            "def shared():",
            f" return ({''.join(f'{name}, ' for name in shared).rstrip()})",
            "parts = Parts(__name__, _PARTS, shared)",
        ]

    def references(self) -> list[str]:
        """Function objects, known to the linker: they begin with what loads the function."""
        lines = []
        for func in sorted(self.uses.references):
            if func >= self.module.imported_funcs:
                name = self.names.functions[func]
                lines.append(f"r{func} = parts.reference({self.type(self.module.funcs[func])}, {name!r})")
        return lines

    def tables(self) -> list[str]:
        """Table objects; the linker keeps those of functions up to date."""
        top = self.names.context.types.top
        indices = [i for i, table in enumerate(self.module.tables) if top(table.element.heap) == "func"]
        names = "".join(f"table{index}, " for index in indices).rstrip()
        return [*super().tables(), *([f"parts.tables = ({names})"] if indices else [])]


def render_package(shell: PackageShell, header: Header) -> dict[str, str]:
    """The files of a package by name."""
    files = {"__init__.py": render_shell(shell, "", header, shell.part_list())}
    template = environment().get_template("part.py.j2")
    for number, part in enumerate(shell.parts):
        defined = shell.defined(part)
        files[f"{shell.prefix}{number}.py"] = template.render(
            header=header,
            helpers=sorted(part.uses.helpers),
            library=sorted(part.uses.library),
            variables=sorted({*part.uses.variables(shell.names), *defined}),
            defined=defined,
            functions=part.source,
        )
    files["__main__.py"] = environment().get_template("main.py.j2").render(header=header)
    return files
