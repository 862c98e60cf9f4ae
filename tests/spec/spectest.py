"""The host module ``spectest`` that scripts import."""

from __future__ import annotations

from runtime_support import Function, Global, Memory, Table, functype
from runtime_support.threads import SharedMemory

_PRINTS = {
    "print": "",
    "print_i32": "i32",
    "print_i64": "i64",
    "print_f32": "f32",
    "print_f64": "f64",
    "print_i32_f32": "i32 f32",
    "print_f64_f64": "f64 f64",
}


def _silent(*values: object) -> None:
    """What the script prints does not matter."""


def spectest() -> dict[str, object]:
    """A fresh instance of the module: each script gets its own memory and table."""
    exports: dict[str, object] = {
        name: Function.from_host(functype(params, ""), _silent, name) for name, params in _PRINTS.items()
    }
    exports["global_i32"] = Global("i32", 666)
    exports["global_i64"] = Global("i64", 666)
    exports["global_f32"] = Global("f32", 666.6)
    exports["global_f64"] = Global("f64", 666.6)
    exports["table"] = Table("funcref", 10, 20)
    exports["table64"] = Table("funcref", 10, 20, address_type="i64")
    exports["memory"] = Memory(1, 2)
    exports["shared_memory"] = SharedMemory(1, 2)
    return exports
