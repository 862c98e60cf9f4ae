"""The host's side of Emscripten's embind: C++ classes and functions as Python's, JavaScript values as Python's.

C++ registers what it exports by calling imports, with addresses of names, type ids and functions in the table; objects
of JavaScript are numbers for it.  Arrays are lists, objects are dicts, a ``Uint8Array`` is a :class:`Uint8Array`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PAGE = 65536
METHOD, CAST = 1, 3
"""Kinds of invokers; others call a function or constructor."""

METHODS: dict[str, Callable[..., Any]] = {
    "keys": lambda _object, value: list(value),  # of Object itself
    "isArray": lambda _array, value: isinstance(value, list),
    "push": lambda array, value: array.append(value),
    "set": lambda view, data: view.set(data),
}
"""JavaScript's methods that C++ calls."""

UNDEFINED, NULL, TRUE, FALSE = 2, 4, 6, 8
"""Numbers of values that are never given back; others have even ones from 10 on."""


class BindingError(TypeError):
    """A value that C++ cannot take."""


class View:
    """Bytes of the module's memory."""

    def __init__(self, memory: Any, start: int, length: int) -> None:
        self.memory, self.start, self.length = memory, start, length

    def __bytes__(self) -> bytes:
        return bytes(self.memory[self.start : self.start + self.length])

    def set(self, data: bytes) -> None:
        """Write as many bytes as there are."""
        self.memory[self.start : self.start + len(data)] = bytes(data)


class Uint8Array(bytearray):
    """Bytes of the host."""

    def __init__(self, source: Any = b"") -> None:
        super().__init__(bytes(source) if isinstance(source, View) else source)


def _keep(_wire: Any) -> None:
    """Most values have nothing to free."""


@dataclass
class Type:
    """How values of a C++ type cross the boundary, as embind calls it: over the wire."""

    name: str
    to_python: Callable[[Any], Any]
    to_wire: Callable[[Any], Any]
    free: Callable[[Any], None] = _keep
    in_memory: bool = False


@dataclass
class Class:
    """A C++ class: methods by name and number of arguments."""

    name: str
    methods: dict[tuple[str, int], Callable[..., Any]] = field(default_factory=dict)
    constructors: dict[int, Callable[..., Any]] = field(default_factory=dict)

    def __call__(self, *args: Any) -> Object:
        """A new object."""
        result: Object = self.constructors[len(args)](*args)
        return result


@dataclass
class Object:
    """An object of a C++ class."""

    cls: Class
    address: int

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def method(*args: Any) -> Any:
            return self.cls.methods[name, len(args)](self.address, *args)

        return method


class Embind:
    """One instance of a module.

    :param instantiate: of the generated module
    :param names: the minified names of the imports by their names in Emscripten
    :param exports: the same for exports
    """

    def __init__(self, instantiate: Callable[..., Any], names: dict[str, str], exports: dict[str, str]) -> None:
        self.types: dict[int, Type] = {}
        self.classes: dict[int, Class] = {}
        self.public: dict[str, Any] = {}
        self.values: dict[int, list[Any]] = {
            UNDEFINED: [None, 1],
            NULL: [None, 1],
            TRUE: [True, 1],
            FALSE: [False, 1],
        }
        self.invokers: list[Callable[..., Any]] = []
        self.free_handles: list[int] = []
        imports = {short: _unsigned(getattr(self, name)) for name, short in names.items()}
        found = instantiate({"a": imports}).exports
        self.memory, self.table = found[exports["memory"]], found[exports["table"]]
        self.malloc, self.free = found[exports["malloc"]], found[exports["free"]]
        found[exports["constructors"]]()

    def __getattr__(self, name: str) -> Any:
        try:
            return self.public[name]
        except KeyError:
            raise AttributeError(name) from None

    # ---------------------------------------------------------------------------------------------------------- memory

    def word(self, address: int) -> int:
        """An unsigned number of 32 bits."""
        return int.from_bytes(self.memory[address : address + 4], "little")

    def name(self, address: int) -> str:
        """An ASCII string that ends with a zero."""
        address &= 0xFFFFFFFF
        end = address
        while self.memory[end]:
            end += 1
        return bytes(self.memory[address:end]).decode("ascii")

    def words(self, count: int, address: int) -> list[int]:
        """Several unsigned numbers."""
        return [self.word((address & 0xFFFFFFFF) + 4 * index) for index in range(count)]

    # ----------------------------------------------------------------------------------------------------------- types

    def _register_void(self, id_: int, name: int) -> None:
        self.types[id_] = Type(self.name(name), lambda wire: None, lambda value: None)

    def _register_bool(self, id_: int, name: int, true: int, false: int) -> None:
        self.types[id_] = Type(self.name(name), bool, lambda value: true if value else false)

    def _register_integer(self, id_: int, name: int, size: int, low: int, high: int) -> None:
        mask = (1 << 8 * size) - 1
        self.types[id_] = Type(self.name(name), (lambda wire: wire if low else wire & mask), lambda value: value)

    def _register_bigint(self, id_: int, name: int, size: int, low: int, high: int) -> None:
        self._register_integer(id_, name, size, low, high)

    def _register_float(self, id_: int, name: int, _size: int) -> None:
        self.types[id_] = Type(self.name(name), float, float)

    def _register_emval(self, id_: int) -> None:
        self.types[id_] = Type("emscripten::val", self.take, self.handle)

    def _register_optional(self, id_: int, _type: int) -> None:
        self._register_emval(id_)

    def _register_std_string(self, id_: int, name: int) -> None:
        self.types[id_] = Type(self.name(name), self.string, self.new_string, self.free)

    def _register_std_wstring(self, id_: int, size: int, name: int) -> None:
        """Nothing here takes them."""

    def _register_memory_view(self, id_: int, _kind: int, name: int) -> None:
        def view(wire: int) -> View:
            return View(self.memory, self.word(wire + 4), self.word(wire))

        self.types[id_] = Type(self.name(name), view, lambda value: value, in_memory=True)

    def _register_iterable(self, *_: int) -> None:
        """Python's own loops go over ``size`` and ``get``."""

    def string(self, wire: int) -> str:
        """A string that C++ has made."""
        wire &= 0xFFFFFFFF
        text = bytes(self.memory[wire + 4 : wire + 4 + self.word(wire)]).decode()
        self.free(wire)
        return text

    def new_string(self, value: Any) -> int:
        """A string for C++."""
        if not isinstance(value, (str, bytes, bytearray)):
            raise BindingError("Cannot pass non-string to std::string")
        data = value.encode() if isinstance(value, str) else bytes(value)
        wire: int = self.malloc(4 + len(data) + 1) & 0xFFFFFFFF
        self.memory[wire : wire + 4 + len(data) + 1] = len(data).to_bytes(4, "little") + data + b"\0"
        return wire

    # ---------------------------------------------------------------------------------------------- functions, classes

    def caller(self, argument_types: list[int], invoker: int, *first: int) -> Callable[..., Any]:
        """A Python function that calls a C++ one; ``first`` are what goes before its arguments."""
        raw = self.table[invoker]

        def call(*args: Any) -> Any:
            result_type, *types = [self.types[id_] for id_ in argument_types]
            head, rest = args[: len(args) - len(types)], args[len(args) - len(types) :]
            wires: list[Any] = []
            try:
                for type_, value in zip(types, rest, strict=True):
                    wires.append(type_.to_wire(value))
                return result_type.to_python(raw(*first, *head, *wires))
            finally:
                for type_, wire in zip(types, wires, strict=False):
                    type_.free(wire)

        return call

    def _register_function(
        self, name: int, count: int, types: int, _signature: int, invoker: int, function: int, *_: int
    ) -> None:
        self.public[self.name(name)] = self.caller(self.words(count, types), invoker, function)

    def _register_class(self, *args: int) -> None:
        id_, pointer, const_pointer, *_, name, _, _ = args
        self.classes[id_] = cls = Class(self.name(name))
        self.public[cls.name] = cls
        type_ = Type(cls.name, lambda wire: Object(cls, wire) if wire else None, lambda value: value.address)
        self.types.update(dict.fromkeys((id_, pointer, const_pointer), type_))

    def _register_class_constructor(
        self, cls: int, count: int, types: int, _signature: int, invoker: int, constructor: int
    ) -> None:
        self.classes[cls].constructors[count - 1] = self.caller(self.words(count, types), invoker, constructor)

    def _register_class_function(
        self, cls: int, name: int, count: int, types: int, _signature: int, invoker: int, context: int, *_: int
    ) -> None:
        result, _this, *rest = self.words(count, types)
        self.classes[cls].methods[self.name(name), count - 2] = self.caller([result, *rest], invoker, context)

    def _register_class_property(self, *_: int) -> None:
        """Nothing here has properties."""

    # ---------------------------------------------------------------------------------------------- JavaScript's values

    def handle(self, value: Any) -> int:
        """A number for a value."""
        if value is None:
            return UNDEFINED
        if isinstance(value, bool):
            return TRUE if value else FALSE
        number = self.free_handles.pop() if self.free_handles else 2 * len(self.values) + 2
        self.values[number] = [value, 1]
        return number

    def value(self, handle: int) -> Any:
        """The value of a number."""
        return self.values[handle & 0xFFFFFFFF][0]

    def take(self, handle: int) -> Any:
        """The value of a number that is given back."""
        value = self.value(handle)
        self._emval_decref(handle)
        return value

    def _emval_decref(self, handle: int) -> None:
        if handle > FALSE:
            self.values[handle][1] -= 1
            if not self.values[handle][1]:
                self.values[handle][0] = None
                self.free_handles.append(handle)

    def _emval_incref(self, handle: int) -> None:
        if handle > FALSE:
            self.values[handle][1] += 1

    def _emval_get_global(self, name: int) -> int:
        known = {"Uint8Array": Uint8Array, "Array": list, "Object": dict, "String": str}
        return self.handle(known[self.name(name)])

    def _emval_new_array(self) -> int:
        return self.handle([])

    def _emval_new_object(self) -> int:
        return self.handle({})

    def _emval_new_cstring(self, text: int) -> int:
        return self.handle(self.name(text))

    def _emval_get_property(self, handle: int, key: int) -> int:
        value, name = self.value(handle), self.value(key)
        if name == "length":
            return self.handle(len(value))
        if isinstance(value, dict):
            return self.handle(value.get(name))
        return self.handle(value[int(name)] if isinstance(value, (list, str)) and int(name) < len(value) else None)

    def _emval_set_property(self, handle: int, key: int, value: int) -> None:
        target, name = self.value(handle), self.value(key)
        if isinstance(target, list) and name == len(target):
            target.append(self.value(value))
        else:
            target[name] = self.value(value)

    def _emval_instanceof(self, handle: int, constructor: int) -> int:
        return int(isinstance(self.value(handle), self.value(constructor)))

    def _emval_array_to_memory_view(self, target: int, source: int) -> None:
        self.value(target).set(self.value(source))

    def _emval_create_invoker(self, count: int, types: int, kind: int) -> int:
        result, *rest = [self.types[id_] for id_ in self.words(count, types)]

        def invoke(handle: int, name: int, destructors: int, args: int) -> Any:
            wires = [args + 8 * i if type_.in_memory else self.word(args + 8 * i) for i, type_ in enumerate(rest)]
            values = [type_.to_python(wire) for type_, wire in zip(rest, wires, strict=True)]
            if kind == METHOD:
                value = METHODS[self.name(name)](self.value(handle), *values)
            else:
                value = values[0] if kind == CAST else self.value(handle)(*values)
            wire = result.to_wire(value)
            if result.free is not _keep:
                given_back = self.handle(lambda: result.free(wire))
                self.memory[destructors : destructors + 4] = given_back.to_bytes(4, "little")
            return wire

        self.invokers.append(invoke)
        return len(self.invokers) - 1

    def _emval_invoke(self, invoker: int, handle: int, name: int, destructors: int, args: int) -> float:
        return float(self.invokers[invoker](handle, name, destructors, args) or 0)

    def _emval_run_destructors(self, handle: int) -> None:
        self.take(handle)()

    # ------------------------------------------------------------------------------------------------------ the system

    def _abort_js(self) -> None:
        raise RuntimeError("aborted")

    def _emscripten_resize_heap(self, size: int) -> int:
        missing = -(-(size - len(self.memory)) // PAGE)
        return int(self.memory.grow(missing) >= 0)

    def _random_get(self, start: int, length: int) -> int:
        self.memory[start : start + length] = os.urandom(length)
        return 0


def _unsigned(function: Callable[..., Any]) -> Callable[..., Any]:
    """Imports get signed numbers, but addresses are unsigned."""
    return lambda *args: function(*[arg & 0xFFFFFFFF if isinstance(arg, int) else arg for arg in args])
