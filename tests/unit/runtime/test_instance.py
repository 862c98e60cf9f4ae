"""Instances: factories as generated code has them, lifecycle of commands and reactors, the default instance."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from runtime_support import (
    DefaultInstance,
    ExitError,
    Exports,
    Function,
    Global,
    Instance,
    LifecycleError,
    LinkError,
    Memory,
    Module,
    Trap,
    functype,
)
from tests.interpreters import found
from tests.spec_data import ROOT

ACTION = functype("", "")
GETTER = functype("", "i32")


def module_of(functions: dict[str, Any], **options: Any) -> Module:
    """A module that exports raw functions without parameters and a memory."""
    memory = Memory(1)

    def factory(instance: Instance) -> None:
        exports: dict[str, Any] = {name: Function(ACTION, raw, name) for name, raw in functions.items()}
        instance.exports = {**exports, "memory": memory}

    descriptors = [(name, "func", ACTION) for name in functions] + [("memory", "memory", (1, None))]
    return Module("m", factory=factory, exports=descriptors, **options)


class FakeWasi:
    """Follows the protocol of ``wasi_shim.Wasi``; counts how often it was opened."""

    def __init__(self) -> None:
        self.opened: list[Any] = []

    def open(self, memory: Any, instance: Instance) -> dict[str, Any]:
        self.opened.append(memory)
        return {"wasi_snapshot_preview1": {"size": Function.from_host(GETTER, lambda: len(memory()), "size")}}


class RunningWasi(FakeWasi):
    """Runs commands, too."""

    def __init__(self, run: Any = lambda start: start()) -> None:
        super().__init__()
        self._run = run

    def open(self, memory: Any, instance: Instance) -> dict[str, Any]:
        instance.runner = self._run
        return super().open(memory, instance)


WASI_IMPORT = ("wasi_snapshot_preview1", "size", "func", GETTER)


def command_of(functions: dict[str, Any], **options: Any) -> Instance:
    """An instance of such a module that imports something from WASI."""
    return module_of(functions, imports=[WASI_IMPORT]).instantiate(wasi=RunningWasi(), **options)


def counter_factory(instance: Instance) -> None:
    """As the compiler writes it: a memory, its view in a cell, functions that use both."""
    memory0 = Memory(1)
    m0_I = None

    def bind0() -> None:
        nonlocal m0_I
        (m0_I,) = memory0.views("I")

    instance.bind(memory0, bind0)

    def f0_next() -> int:
        value: int = m0_I[0] + 1  # type: ignore[index]  # bound by then
        m0_I[0] = value  # type: ignore[index]  # likewise
        return value

    def f1_grow() -> int:
        return memory0.grow(1)

    instance.exports = {"next": Function(GETTER, f0_next, "next"), "grow": Function(GETTER, f1_grow, "grow")}


COUNTER = Module("counter", factory=counter_factory, exports=[("next", "func", GETTER), ("grow", "func", GETTER)])


def test_instances_are_independent() -> None:
    a, b = COUNTER.instantiate(), COUNTER.instantiate()
    assert [a.exports.next(), a.exports.next(), b.exports.next()] == [1, 2, 1]


def test_functions_outlive_the_instance_object() -> None:
    exports = COUNTER.instantiate().exports
    count, grow = exports.next, exports.grow
    del exports
    gc.collect()
    assert [count(), grow(), count(), grow(), count()] == [1, 1, 2, 2, 3]


def test_exports() -> None:
    exports = Exports({"add": 1, "keys": 2, "": 3, "a b": 4, "__class__": 5, "_x": 6})
    assert (exports.add, exports.keys, exports._x) == (1, 2, 6)
    assert (exports[""], exports["a b"], exports["__class__"]) == (3, 4, 5)
    assert list(exports) == ["add", "keys", "", "a b", "__class__", "_x"]
    assert len(exports) == 6
    assert "add" in exports
    assert "sub" not in exports
    assert "add" in dir(exports)
    assert isinstance(exports, Exports)
    with pytest.raises(AttributeError, match="has no attribute 'sub'"):
        exports.sub  # noqa: B018 - that is what is asked
    with pytest.raises(KeyError):
        exports["sub"]
    with pytest.raises(AttributeError, match="cannot be assigned to"):
        exports.add = 2  # type: ignore[misc]  # likewise
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del exports.add


@pytest.mark.parametrize("python", [sys.executable, *found()])
def test_order_of_exports(python: str) -> None:
    code = "from runtime_support import Exports; Exports({'a': 1, 'b': 2}); print(*Exports({'b': 1, 'a': 2}))"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([python, "-c", code], check=True, env=env, capture_output=True, text=True)
    assert run.stdout == "b a\n"


def test_a_trap_in_the_factory_is_a_trap() -> None:
    namespace: dict[str, Any] = {"__wasm2py__": 1}
    exec("def factory(instance): [][0]", namespace)
    with pytest.raises(Trap, match="^undefined element$"):
        Module("m", factory=namespace["factory"]).instantiate()


def test_effects_before_a_trap_stay() -> None:
    shared = Memory(1)

    def factory(instance: Instance) -> None:
        instance.imports[0].init(0, b"kept", 0, 4)
        instance.imports[0].init(65534, b"lost", 0, 4)

    module = Module("m", factory=factory, imports=[("m", "mem", "memory", (1, None))])
    with pytest.raises(Trap, match="^out of bounds memory access$"):
        module.instantiate({"m": {"mem": shared}})
    assert shared[0:4] == b"kept"
    assert shared[65534:] == b"\0\0"


def test_a_reactor_is_initialised_once_before_anything_else() -> None:
    calls: list[str] = []
    module = module_of({"_initialize": lambda: calls.append("init"), "f": lambda: calls.append("f")})
    instance = module.instantiate()
    assert calls == ["init"]
    instance.exports.f()
    instance.exports.f()
    with pytest.raises(LifecycleError, match="_initialize has run already"):
        instance.exports._initialize()
    assert calls == ["init", "f", "f"]


def test_start_names_are_called_in_order_and_missing_ones_skipped() -> None:
    calls: list[str] = []
    module = module_of({"a": lambda: calls.append("a"), "_initialize": lambda: calls.append("init")})
    module.instantiate(start=("none", "_initialize", "memory", "a"))
    assert calls == ["init", "a"]
    uninitialised = module.instantiate(start=())
    assert calls == ["init", "a"]
    uninitialised.exports._initialize()
    assert calls == ["init", "a", "init"]


@pytest.mark.parametrize("end", [None, ExitError(3), Trap("unreachable")])
def test_a_command_runs_once(end: Exception | None) -> None:
    calls: list[str] = []

    def start() -> None:
        calls.append("start")
        instance.exports.malloc()
        if end is not None:
            raise end

    instance = command_of({"_start": start, "malloc": lambda: calls.append("malloc")})
    instance.exports.malloc()
    assert calls == ["malloc"]
    if end is None:
        instance.exports._start()
    else:
        with pytest.raises(type(end)):
            instance.exports._start()
    assert calls == ["malloc", "start", "malloc"]
    for name in ("_start", "malloc"):
        with pytest.raises(LifecycleError, match="make a new instance"):
            instance.exports[name]()
    assert instance.exports.memory[0] == 0
    assert calls == ["malloc", "start", "malloc"]


def test_a_command_cannot_start_itself() -> None:
    instance = command_of({"_start": lambda: instance.exports._start()})
    with pytest.raises(LifecycleError, match="started already"):
        instance.exports._start()


def test_the_end_of_a_command_leaves_functions_of_others_alone() -> None:
    host = Function.from_host(ACTION, lambda: None, "host")

    def factory(instance: Instance) -> None:
        instance.exports = {"_start": Function(ACTION, lambda: None), "host": instance.imports[0]}

    exports = [("_start", "func", ACTION), ("host", "func", ACTION)]
    module = Module("m", factory=factory, imports=[("m", "host", "func", ACTION), WASI_IMPORT], exports=exports)
    module.instantiate({"m": {"host": host}}, wasi=RunningWasi(), start=("_start",))
    assert host() is None


def test_without_wasi_an_export_called_start_is_like_any_other() -> None:
    calls: list[str] = []
    module = module_of({"_start": lambda: calls.append("start"), "later": lambda: calls.append("later")})
    instance = module.instantiate(wasi=RunningWasi())  # which it does not need
    for name in ("_start", "later", "_start"):
        instance.exports[name]()
    assert calls == ["start", "later", "start"]


def test_a_command_that_is_also_a_reactor_needs_permission() -> None:
    calls: list[str] = []
    functions = {"_start": lambda: calls.append("start"), "_initialize": lambda: calls.append("init")}
    module = module_of(functions)
    with pytest.raises(LifecycleError, match="both _start and _initialize: pass command_and_reactor=True"):
        module.instantiate()
    instance = command_of(functions, command_and_reactor=True)
    assert calls == ["init"]
    instance.exports._start()
    with pytest.raises(LifecycleError, match="started already"):
        instance.exports._start()
    assert calls == ["init", "start"]


def test_exports_of_a_command_that_is_also_a_reactor_can_be_called_after_its_end() -> None:
    def leave() -> None:
        raise ExitError(0)

    instance = command_of({"_start": leave, "later": lambda: None}, command_and_reactor=True)
    with pytest.raises(ExitError):
        instance.exports._start()
    assert instance.exports.later() is None


def test_wasi_provides_what_the_imports_lack() -> None:
    def factory(instance: Instance) -> None:
        instance.exports = {"memory": Memory(2), "size": instance.imports[0]}

    module = Module("m", factory=factory, imports=[WASI_IMPORT, WASI_IMPORT], exports=[("size", "func", GETTER)])
    wasi = FakeWasi()
    instance = module.instantiate(wasi=wasi)
    assert len(wasi.opened) == 1
    assert instance.exports.size() == 2 * 65536
    own = module.instantiate({"wasi_snapshot_preview1": {"size": lambda: 7}}, wasi=wasi)
    assert own.exports.size() == 7
    assert len(wasi.opened) == 1
    assert COUNTER.instantiate(wasi=wasi).exports.next() == 1
    assert len(wasi.opened) == 1
    with pytest.raises(LinkError, match="unknown import: 'env' 'f'"):
        Module("m", factory=factory, imports=[("env", "f", "func", ACTION)]).instantiate(wasi=wasi)


def test_single_imports_can_take_the_place_of_wasi() -> None:
    def factory(instance: Instance) -> None:
        instance.exports = {"memory": Memory(2), "size": instance.imports[0], "own": instance.imports[1]}

    own = ("wasi_snapshot_preview1", "own", "func", GETTER)
    exports = [("size", "func", GETTER), ("own", "func", GETTER)]
    module = Module("m", factory=factory, imports=[WASI_IMPORT, own], exports=exports)
    instance = module.instantiate({"wasi_snapshot_preview1": {"own": lambda: 7}}, wasi=FakeWasi())
    assert [instance.exports.size(), instance.exports.own()] == [2 * 65536, 7]


def test_a_runner_runs_the_command() -> None:
    calls: list[str] = []

    def run(start: Any) -> None:
        start()
        calls.append("clear up")

    def factory(instance: Instance) -> None:
        instance.exports = {"_start": Function(ACTION, lambda: calls.append("start"), "_start")}

    module = Module("m", factory=factory, imports=[WASI_IMPORT], exports=[("_start", "func", ACTION)])
    instance = module.instantiate(wasi=RunningWasi(run))
    assert calls == []
    instance.exports["_start"]()
    assert calls == ["start", "clear up"]
    with pytest.raises(LifecycleError, match="runs once"):
        instance.exports["_start"]()


def test_a_sibling_shares_what_is_imported() -> None:
    def factory(instance: Instance) -> None:
        (memory,) = instance.imports
        own, views = Memory(1), []
        instance.bind(memory, lambda: views.append(len(memory)))
        instance.exports = {"imported": memory, "own": own, "views": Global("externref", views)}

    imports = [("env", "memory", "memory", (1, None))]
    module = Module("m", factory=factory, imports=imports)
    memory = Memory(1)
    first = module.instantiate({"env": {"memory": memory}}, max_memory=2 * 65536)
    second = first.sibling()
    assert second.exports["imported"] is memory
    assert second.exports["own"] is not first.exports["own"]
    with pytest.raises(MemoryError, match="limit"):
        second.sibling()
    second.detach()
    memory.grow(1)
    assert [each.exports["views"].value for each in (first, second)] == [[65536, 0, 131072], [65536]]


def test_wasi_without_an_exported_memory() -> None:
    module = Module("m", factory=lambda instance: None, imports=[WASI_IMPORT])
    instance = module.instantiate(wasi=FakeWasi())
    with pytest.raises(LifecycleError, match="need an exported memory named 'memory'"):
        instance.imports[0]()


def test_the_default_instance_appears_on_first_use() -> None:
    made: list[Instance] = []
    module = Module("counter", factory=lambda i: (made.append(i), counter_factory(i))[1], exports=COUNTER.exports)
    namespace: dict[str, Any] = {"__name__": "mod"}
    default = DefaultInstance(module, namespace)
    with pytest.raises(AttributeError, match=r"^module 'mod' has no attribute '__path__'$"):
        default.attribute("__path__")
    assert default.names() == ["__name__", "grow", "next"]
    assert made == []
    count = default.attribute("next")
    assert [count(), default.attribute("next")(), len(made)] == [1, 2, 1]
    assert default.instance() is made[0]


def test_the_default_instance_makes_functions_plain_attributes_but_hides_nothing() -> None:
    names = ["add", "MODULE", "next", "len", "__name__", "__getattr__"]
    module = module_of({name: lambda: None for name in names})
    namespace: dict[str, Any] = {"__name__": "mod", "MODULE": module}
    default = DefaultInstance(module, namespace)
    for name in [*names, "memory"]:
        assert default.attribute(name) is default.instance().exports[name]
    # "next" and "len" are builtins, which generated code may use.
    assert namespace == {"__name__": "mod", "MODULE": module, "add": default.instance().exports.add}


def test_the_default_instance_is_made_once_by_many_threads() -> None:
    barrier = threading.Barrier(8)
    gate = threading.Event()
    made: list[Instance] = []

    def factory(instance: Instance) -> None:
        made.append(instance)
        gate.wait(0.2)
        counter_factory(instance)

    default = DefaultInstance(Module("m", factory=factory, exports=COUNTER.exports), {})

    def use() -> None:
        barrier.wait()
        default.attribute("next")

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_the_default_instance_uses_the_wasi_that_it_is_given() -> None:
    def factory(instance: Instance) -> None:
        instance.exports = {"memory": Memory(1), "size": instance.imports[0]}

    module = Module("m", factory=factory, imports=[WASI_IMPORT], exports=[("size", "func", GETTER)])
    assert DefaultInstance(module, {}, FakeWasi).attribute("size")() == 65536
    with pytest.raises(LinkError, match="unknown import"):
        DefaultInstance(module, {}).attribute("size")


def test_descriptors_are_there_to_look_at() -> None:
    module = Module("m", factory=lambda instance: None, imports=[WASI_IMPORT], exports=[("size", "func", GETTER)])
    assert module.imports == (WASI_IMPORT,)
    assert module.exports == (("size", "func", GETTER),)
    assert repr(module) == "<Module 'm'>"


def test_max_memory_is_for_the_memories_of_the_instance() -> None:
    module = Module("counter", factory=counter_factory, exports=[("next", "func", GETTER), ("grow", "func", GETTER)])
    limited, free = module.instantiate(max_memory=3 * 65536 - 1), module.instantiate()
    assert [limited.exports.grow() for _ in range(3)] == [1, -1, -1]
    assert [free.exports.grow() for _ in range(3)] == [1, 2, 3]
    with pytest.raises(MemoryError, match="the limit is 65535 bytes"):
        module.instantiate(max_memory=65535)
