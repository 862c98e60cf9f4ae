"""Modules, their instances, and the one instance that a generated Python module shows (spec, section 4.5.4)."""

from __future__ import annotations

import builtins
from _thread import RLock

from runtime_support.budget import Budget, current
from runtime_support.exports import Exports
from runtime_support.functions import Function
from runtime_support.linking import provides, resolve
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

        def open(self, memory: Callable[[], Memory], instance: Instance) -> Mapping[str, Any]:
            """Import modules for a new instance, by name; it may set :attr:`Instance.runner`."""


class Instance:
    """A module instance.

    :ivar imports: the imported objects in the order of :attr:`Module.imports`
    :ivar exports: its :class:`Exports`
    :ivar runner: calls the function that it is given, a command's ``_start``: what lends the command its world sets it,
        to clear up behind it.  Without it an instance is no command, whatever it exports.
    """

    __slots__ = ("__weakref__", "_bound", "_budget", "_exports", "imports", "module", "runner")

    def __init__(self, module: Module, imports: Sequence[Any]) -> None:
        self.module = module
        self.imports = imports
        self.runner: Callable[[Callable[[], Any]], Any] | None = None
        self._exports = Exports({})
        self._budget = current()
        self._bound: list[tuple[Memory, Callable[[], None]]] = []

    @property
    def exports(self) -> Exports:
        """What the instance exports; its factory assigns a dict, before segments are written."""
        return self._exports

    @exports.setter
    def exports(self, exports: Mapping[str, Any]) -> None:
        self._exports = Exports(exports)

    def bind(self, memory: Memory, callback: Callable[[], None]) -> None:
        """Call ``callback`` now and whenever ``memory`` gets a new buffer, until :meth:`detach`.

        The memory holds it as long as it lives itself: functions of the instance may outlive this object.  Such a
        callback is a closure over the variables that it assigns, and keeps nothing else alive.
        """
        self._bound.append((memory, callback))
        memory.bind(callback)

    def detach(self) -> None:
        """Let memories that live on forget this instance, whose functions must not run any more."""
        while self._bound:
            memory, callback = self._bound.pop()
            memory.unbind(callback)

    def sibling(self) -> Instance:
        """Another instance of the module with the same imports: what a thread of its own needs.

        Its start function runs, but neither ``_initialize`` nor ``_start``.

        :raises Trap: as :meth:`Module.instantiate`; so with ``MemoryError``
        """
        other = Instance(self.module, self.imports)
        other._budget = self._budget
        with self._budget:
            self.module.fill(other)
        return other

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
        :param wasi: provides what ``imports`` lacks
        :param start: exported functions to call at once, in this order; those that the module lacks are skipped.
            ``_initialize`` must run before other exports of a WASI reactor; ``_start`` runs a WASI command, whose
            exports refuse to run after its end.
        :param command_and_reactor: allow a module that exports both ``_start`` and ``_initialize``, and calls of its
            exports after ``_start`` has ended, as some toolchains have it (TinyGo)
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
        if max_memory is not None:
            instance._budget = Budget(max_memory)
        with instance._budget:
            instance.imports = self._resolve(imports, wasi, instance)
            self.fill(instance)
        exports = instance.exports
        if "_start" in names and instance.runner is not None:
            _limit_to_one_run(instance, instance.runner, ends=not command_and_reactor)
        if "_initialize" in names:
            _once(exports["_initialize"], "_initialize has run already: it prepares an instance once")
        for name in start:
            if name in names:
                exports[name]()
        return instance

    def fill(self, instance: Instance) -> None:
        """Make what an instance has, once its imports are there, and run its start function."""
        try:
            self._factory(instance)
        except TRANSLATED as error:
            trap = as_trap(error)
            if trap is None:
                raise
            raise trap from None

    def _resolve(self, imports: Any, wasi: WasiConfiguration | None, instance: Instance) -> list[Any]:
        opened: Mapping[str, Any] | None = None
        resolved = []
        for declaration in self.imports:
            module, name, *_ = declaration
            provider = None if imports is None or module not in imports else imports[module]
            if isinstance(provider, Instance):
                provider = provider.exports
            if wasi is not None and not provides(provider, name):
                if opened is None:
                    opened = wasi.open(lambda: _exported_memory(instance), instance)
                provider = opened.get(module)
            resolved.append(resolve(declaration, provider))
        return resolved

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
    permits = [function.raw]

    def first(*arguments: Any) -> Any:
        try:
            raw = permits.pop()  # by one thread only
        except IndexError:
            raise LifecycleError(message) from None
        return raw(*arguments)

    function.raw = first


def _limit_to_one_run(instance: Instance, runner: Callable[[Callable[[], Any]], Any], ends: bool) -> None:
    """Let exported functions refuse to run once ``_start`` has ended: a WASI command runs once, to its end.

    Memories and globals stay readable, and functions that the instance only passes on are none of its business.

    :param runner: runs ``_start``
    :param ends: whether the instance ends with ``_start``; otherwise only ``_start`` itself refuses
    """
    message = "the program has ended: a WASI command runs once, make a new instance to run it again"
    exports = instance.exports
    _once(exports["_start"], "the program was started already: make a new instance to run it again")
    start = exports["_start"]
    run = start.raw

    def start_and_end(*arguments: Any) -> Any:
        try:
            return runner(lambda: run(*arguments))
        finally:
            for name in exports if ends else ():
                export = exports[name]
                if isinstance(export, Function) and not any(export is given for given in instance.imports):
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
