"""Modules, their instances, and the one instance that a generated Python module shows (spec, section 4.5.4)."""

from __future__ import annotations

import builtins
from _thread import RLock

from runtime_support.budget import Budget
from runtime_support.exports import Exports
from runtime_support.functions import Function
from runtime_support.linking import resolve
from runtime_support.stack import prepare
from runtime_support.traps import TRANSLATED, LifecycleError, as_trap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, Protocol

    from runtime_support.linking import Declaration
    from runtime_support.memory import Memory

    class WasiConfiguration(Protocol):
        """What ``Module.instantiate`` needs of ``wasi_shim.Wasi``."""

        def open(self, memory: Callable[[], Memory]) -> Mapping[str, Any]:
            """Import modules for a new instance, by name."""


class Instance:
    """A module instance.

    :ivar imports: the imported objects in the order of :attr:`Module.imports`
    :ivar exports: its :class:`Exports`
    """

    __slots__ = ("__weakref__", "_exports", "imports", "module")

    def __init__(self, module: Module, imports: Sequence[Any]) -> None:
        self.module = module
        self.imports = imports
        self._exports = Exports({})

    @property
    def exports(self) -> Exports:
        """What the instance exports; its factory assigns a dict, before segments are written."""
        return self._exports

    @exports.setter
    def exports(self, exports: Mapping[str, Any]) -> None:
        self._exports = Exports(exports)

    def bind(self, memory: Memory, callback: Callable[[], None]) -> None:
        """Call ``callback`` now and whenever ``memory`` gets a new buffer.

        The memory holds it as long as it lives itself: functions of the instance may outlive this object.  Such a
        callback is a closure over the variables that it assigns, and keeps nothing else alive.
        """
        memory.bind(callback)

    def __repr__(self) -> str:
        return f"<Instance of {self.module.name!a}>"


class Module:
    """A compiled module.

    :ivar name: its name
    :ivar imports: what it needs, as tuples of module, name, kind (func, memory, table, global) and type
    :ivar exports: what its instances have, as tuples of name, kind and type
    """

    __slots__ = ("__weakref__", "_factory", "exports", "imports", "name")

    def __init__(
        self,
        name: str,
        *,
        factory: Callable[[Instance], None],
        imports: Iterable[Declaration] = (),
        exports: Iterable[tuple[str, str, Any]] = (),
    ) -> None:
        self.name = name
        self.imports: tuple[Declaration, ...] = tuple(imports)
        self.exports: tuple[tuple[str, str, Any], ...] = tuple(exports)
        self._factory = factory

    def instantiate(
        self,
        imports: Any = None,
        *,
        wasi: WasiConfiguration | None = None,
        start: Iterable[str] = ("_initialize",),
        command_and_reactor: bool = False,
        max_memory: int | None = None,
    ) -> Instance:
        """Make an instance.

        :param imports: import modules by name; each a mapping, an :class:`Instance`, :class:`Exports` or a namespace
            of :class:`Function`, :class:`Memory`, :class:`Table`, :class:`Global`, Python callables (for functions)
            and numbers (for immutable globals)
        :param wasi: provides the import modules that ``imports`` lacks
        :param start: exported functions to call at once, in this order; those that the module lacks are skipped.
            ``_initialize`` must run before other exports of a WASI reactor; ``_start`` runs a WASI command.
        :param command_and_reactor: allow a module that exports both ``_start`` and ``_initialize``
        :param max_memory: most bytes that the instance's own memories may have together; growth beyond gives -1
        :raises LinkError: if an import is missing or has the wrong type
        :raises LifecycleError: for a module with both, unless allowed
        :raises Trap: if a segment does not fit or the start function traps; what was written until then stays
        :raises MemoryError: if there is no room for its memories and tables, or ``max_memory`` is too little
        """
        names = {name for name, kind, _ in self.exports if kind == "func"}
        if not command_and_reactor and {"_start", "_initialize"} <= names:
            raise LifecycleError(
                "the module exports both _start and _initialize: pass command_and_reactor=True to use it anyway"
            )
        prepare()
        instance = Instance(self, ())
        instance.imports = self._resolve(imports, wasi, instance)
        try:
            if max_memory is None:
                self._factory(instance)
            else:
                with Budget(max_memory):
                    self._factory(instance)
        except TRANSLATED as error:
            trap = as_trap(error)
            if trap is None:
                raise
            raise trap from None
        exports = instance.exports
        if "_start" in names:
            _limit_to_one_run(exports, [given for given in instance.imports if isinstance(given, Function)])
        if "_initialize" in names:
            _once(exports["_initialize"], "_initialize has run already: it prepares an instance once")
        for name in start:
            if name in names:
                exports[name]()
        return instance

    def _resolve(self, imports: Any, wasi: WasiConfiguration | None, instance: Instance) -> list[Any]:
        provided: dict[str, Any] = {}
        opened: Mapping[str, Any] | None = None
        for module, *_ in self.imports:
            if module in provided:
                continue
            if imports is not None and module in imports:
                provider = imports[module]
                provided[module] = provider.exports if isinstance(provider, Instance) else provider
            elif wasi is not None:
                if opened is None:
                    opened = wasi.open(lambda: _exported_memory(instance))
                provided[module] = opened.get(module)
        return [resolve(declaration, provided.get(declaration[0])) for declaration in self.imports]

    def __repr__(self) -> str:
        return f"<Module {self.name!a}>"


def _exported_memory(instance: Instance) -> Memory:
    try:
        memory: Memory = instance.exports["memory"]
    except KeyError:
        raise LifecycleError("WASI functions need an exported memory named 'memory'; this module has none") from None
    return memory


def _once(function: Function, message: str) -> None:
    """Let ``function`` refuse all calls but the first."""
    raw = function.raw

    def first(*arguments: Any) -> Any:
        function.raw = refuse
        return raw(*arguments)

    def refuse(*arguments: Any) -> Any:
        raise LifecycleError(message)

    function.raw = first


def _limit_to_one_run(exports: Exports, imported: Sequence[Function]) -> None:
    """Let exported functions refuse to run once ``_start`` has ended: a WASI command runs once, to its end.

    Memories and globals stay readable, and functions that the instance only passes on are none of its business.
    """
    message = "the program has ended: a WASI command runs once, make a new instance to run it again"
    _once(exports["_start"], "the program was started already: make a new instance to run it again")
    start = exports["_start"]
    run = start.raw

    def start_and_end(*arguments: Any) -> Any:
        try:
            return run(*arguments)
        finally:
            for name in exports:
                export = exports[name]
                if isinstance(export, Function) and not any(export is given for given in imported):
                    export.raw = _refusal(message)

    start.raw = start_and_end


def _refusal(message: str) -> Callable[..., Any]:
    def refuse(*arguments: Any) -> Any:
        raise LifecycleError(message)

    return refuse


class DefaultInstance:
    """The instance behind the attributes of a generated Python module; made when the first one is asked for.

    :param module: what it is an instance of
    :param namespace: the globals of the Python module; functions become attributes there
    :param wasi: makes the WASI configuration, if the module needs one
    """

    __slots__ = ("_instance", "_kinds", "_lock", "_module", "_namespace", "_wasi")

    def __init__(
        self, module: Module, namespace: dict[str, Any], wasi: Callable[[], WasiConfiguration] | None = None
    ) -> None:
        self._module = module
        self._namespace = namespace
        self._wasi = wasi
        self._kinds = {name: kind for name, kind, _ in module.exports}
        self._lock = RLock()
        self._instance: Instance | None = None

    def instance(self) -> Instance:
        """The instance; raises what :meth:`Module.instantiate` raises."""
        if self._instance is None:
            with self._lock:
                if self._instance is None:
                    wasi = None if self._wasi is None else self._wasi()
                    self._instance = self._module.instantiate(wasi=wasi)
        return self._instance

    def attribute(self, name: str) -> Any:
        """The export of that name; for the ``__getattr__`` of the Python module.

        :raises AttributeError: if there is none; asking does not make the instance then
        """
        kind = self._kinds.get(name)
        if kind is None:
            raise AttributeError(f"module {self._namespace.get('__name__', '?')!r} has no attribute {name!r}")
        export = self.instance().exports[name]
        # From now on Python finds functions by itself, unless that would hide a name which generated code may use.
        if kind == "func" and not hasattr(builtins, name) and not name.startswith("__"):
            self._namespace.setdefault(name, export)
        return export

    def names(self) -> list[str]:
        """Names for the ``__dir__`` of the Python module."""
        return sorted({*self._namespace, *self._kinds})
