"""The linker of generated packages: functions are defined when the first one of their part is called.

Generated functions share the variables of their instance's factory through closure cells.  A part is a Python module
that was compiled with variables of the same names; the linker runs its definitions on the cells of the instance.
"""

from __future__ import annotations

from _thread import RLock

from runtime_support.functions import Function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CellType
    from typing import Any

    from runtime_support.table import Table
    from runtime_support.types import FuncType


class Parts:
    """The functions of one instance.

    :param package: name of the generated package
    :param parts: for each part the name of its module, and the names of its functions with spaces between
    :param shared: a function of the factory that refers to the variables which parts use; those of functions get
        what loads the function

    :ivar tables: tables that may hold functions of the instance
    """

    __slots__ = ("_cells", "_lock", "_package", "_references", "_waiting", "tables")

    def __init__(self, package: str, parts: Mapping[str, str], shared: Callable[[], Any]) -> None:
        from types import CellType  # only packages pay for the import

        self.tables: Sequence[Table] = ()
        self._package = package
        self._lock = RLock()
        self._references: dict[str, Function] = {}
        self._waiting = {part: names.split() for part, names in parts.items()}
        self._cells: dict[str, CellType] = dict(zip(shared.__code__.co_freevars, shared.__closure__ or ()))
        for part, names in self._waiting.items():
            for name in names:
                cell = self._cells.setdefault(name, CellType())
                cell.cell_contents = self._loader(part, cell)

    def reference(self, type: FuncType, name: str) -> Function:
        """The reference to a function; made once for each, before a part is loaded."""
        function = self._references[name] = Function(type, self._cells[name].cell_contents, name)
        return function

    def _loader(self, part: str, cell: CellType) -> Callable[..., Any]:
        """What stands for a function until its part is loaded."""

        def load_and_call(*arguments: Any) -> Any:
            self._load(part)
            return cell.cell_contents(*arguments)

        return load_and_call

    def _load(self, part: str) -> None:
        """Define the functions of a part."""
        from importlib import import_module
        from types import FunctionType

        with self._lock:
            names = self._waiting.get(part)
            if names is None:  # by another thread, or this is an old copy of what loads
                return
            module = import_module(f"{self._package}.{part}")
            cells = self._cells
            loaders = [(cells[name], cells[name].cell_contents, self._references.get(name)) for name in names]
            code = module.variables().__code__
            FunctionType(code, module.__dict__, code.co_name, None, tuple([cells[x] for x in code.co_freevars]))()
            del self._waiting[part]
            defined = set()
            for cell, loader, function in loaders:
                if function is not None and function.raw is loader:  # not replaced by the rules of WASI's lifecycle
                    function.raw = cell.cell_contents
                    defined.add(function)
            for table in self.tables:
                table.refresh(defined)
