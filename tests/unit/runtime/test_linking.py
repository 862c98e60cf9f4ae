"""Imports: what may be given for what, and what the errors say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from runtime_support import Function, Global, Instance, LinkError, Memory, Module, Table, functype
from runtime_support.threads import SharedMemory

T = functype("i32", "i32")


def link(kind: str, type: Any, given: Any) -> Any:
    """What a module that imports ``m.x`` gets."""
    module = Module("importer", factory=lambda instance: None, imports=[("m", "x", kind, type)])
    return module.instantiate({"m": {"x": given}}).imports[0]


@pytest.mark.parametrize(
    ("kind", "type", "given"),
    [
        ("func", T, Function(functype("i32", "i32"), lambda x: x)),
        ("memory", (1, None), Memory(1)),
        ("memory", (1, None), Memory(2, 3)),
        ("memory", (1, 3), Memory(2, 3)),
        ("memory", (0, 3), Memory(2, 2)),
        ("memory", (1, None, "i64"), Memory(1, address_type="i64")),
        ("memory", (1, None, "i32", 1), Memory(1, page_size=1)),
        ("memory", (1, 2, "i32", 65536, True), SharedMemory(1, 2)),
        ("table", ("funcref", 1, 2, "i64"), Table("funcref", 1, 2, address_type="i64")),
        ("table", ("funcref", 1, None), Table("funcref", 1)),
        ("table", ("funcref", 1, 20), Table("funcref", 5, 10)),
        ("global", ("i32", False), Global("i32", 1)),
        ("global", ("i32", True), Global("i32", 1, mutable=True)),
        ("global", ("i32", True), Global.cell("i32", True, lambda: 1, lambda x: None)),
    ],
)
def test_matching_objects_are_taken_as_they_are(kind: str, type: Any, given: Any) -> None:
    assert link(kind, type, given) is given


def test_exact_functions() -> None:
    """Of exactly the type: not of a subtype, but made from a callable."""
    parent = functype("i32", "i32", "#exact-parent.0", None, True)
    child = functype("i32", "i32", "#exact-child.0", parent, True)
    given = Function(child, lambda x: x)
    assert link("func", parent, given) is given
    assert link("exact func", child, given) is given
    with pytest.raises(LinkError, match=r"wanted exact func \(i32\) -> \(i32\), given func "):
        link("exact func", parent, given)
    assert link("exact func", parent, lambda x: x - 1)(0) == -1


def test_sizes_count_as_they_are_now() -> None:
    memory, table = Memory(1), Table("funcref", 1)
    memory.grow(1)
    table.grow(None, 1)
    assert link("memory", (2, None), memory) is memory
    assert link("table", ("funcref", 2, None), table) is table


def test_plain_python_objects() -> None:
    function = link("func", T, lambda x: x - 1)
    assert function(0) == -1
    assert function.raw(0) == 2**32 - 1
    assert link("global", ("i64", False), -1).raw == 2**64 - 1
    assert link("global", ("f32", False), 0.1).raw == 0.10000000149011612
    assert link("global", ("externref", False), "host").raw == "host"


@pytest.mark.parametrize(
    ("kind", "type", "given", "words"),
    [
        ("func", T, Function(functype("i64", "i32"), abs), "wanted func (i32) -> (i32), given func (i64) -> (i32)"),
        ("func", T, Memory(1), "wanted func (i32) -> (i32), given memory {min 1}"),
        ("func", T, 5, "wanted func (i32) -> (i32), given int 5"),
        ("memory", (2, None), Memory(1), "wanted memory {min 2}, given memory {min 1}"),
        ("memory", (1, 2), Memory(1), "wanted memory {min 1, max 2}, given memory {min 1}"),
        ("memory", (1, 2), Memory(1, 3), "wanted memory {min 1, max 2}, given memory {min 1, max 3}"),
        ("memory", (1, None), Memory(1, address_type="i64"), "wanted memory {min 1}, given memory {min 1} i64"),
        ("memory", (1, None, "i64"), Memory(1), "wanted memory {min 1} i64, given memory {min 1}"),
        ("memory", (1, 2), Memory(2, 2, page_size=1), "given memory {min 2, max 2} i32, pages of 1 bytes"),
        ("memory", (1, 2), SharedMemory(1, 2), "given memory {min 1, max 2} i32, shared"),
        ("memory", (1, 2, "i32", 65536, True), Memory(1, 2), "{min 1, max 2} i32, shared, given memory {min 1, max 2}"),
        ("memory", (1, 2), bytearray(65536), "wanted memory {min 1, max 2}, given an object of type bytearray"),
        (
            "table",
            ("funcref", 2, None),
            Table("funcref", 1),
            "wanted table funcref {min 2}, given table funcref {min 1}",
        ),
        ("table", ("funcref", 0, 1, "i64"), Table("funcref", 0, 1), "wanted table funcref {min 0, max 1} i64"),
        ("table", ("funcref", 0, 1), Table("funcref", 0), "wanted table funcref {min 0, max 1}"),
        ("table", ("funcref", 0, None), Table("externref", 0), "given table externref {min 0}"),
        ("global", ("i32", False), Global("i32", 1, mutable=True), "wanted global i32, given global mut i32"),
        ("global", ("i32", True), Global("i32", 1), "wanted global mut i32, given global i32"),
        ("global", ("i32", True), 5, "wanted global mut i32, given int 5"),
        ("global", ("i32", False), Global("i64", 1), "wanted global i32, given global i64"),
        ("global", ("i32", False), 1.5, "wanted global i32, given float 1.5"),
        ("global", ("i32", False), 2**32, "wanted global i32, given int 4294967296"),
        ("global", ("externref", False), Memory(0), "wanted global externref, given memory {min 0}"),
    ],
)
def test_incompatible_imports(kind: str, type: Any, given: Any, words: str) -> None:
    with pytest.raises(LinkError, match="^incompatible import type: 'm' 'x': wanted ") as caught:
        link(kind, type, given)
    assert words in str(caught.value)
    assert (caught.value.module, caught.value.field) == ("m", "x")


IMPORTER = Module("importer", factory=lambda instance: None, imports=[("m", "x", "func", T)])
EXPORTER = Module(
    "exporter", factory=lambda i: setattr(i, "exports", {"x": Function(T, abs, "x")}), exports=[("x", "func", T)]
)


@pytest.mark.parametrize("imports", [None, {}, {"n": {}}, {"m": {}}, {"m": {"y": abs}}, {"m": SimpleNamespace(y=1)}])
def test_unknown_imports(imports: Any) -> None:
    with pytest.raises(LinkError, match=r"^unknown import: 'm' 'x': wanted func \(i32\) -> \(i32\)$") as caught:
        IMPORTER.instantiate(imports)
    assert caught.value.given is None


def test_providers() -> None:
    exporter = EXPORTER.instantiate()
    assert isinstance(exporter, Instance)
    for provider in (exporter, exporter.exports, {"x": exporter.exports.x}, SimpleNamespace(x=exporter.exports.x)):
        assert IMPORTER.instantiate({"m": provider}).imports == [exporter.exports.x]


@pytest.mark.parametrize("name", ["__class__", "__init__", "__reduce__", "__loader__", "__builtins__"])
def test_modules_do_not_reach_pythons_machinery(name: str) -> None:
    module = Module("hostile", factory=lambda instance: None, imports=[("m", name, "func", T)])
    for provider in (SimpleNamespace(x=abs), pytest):
        with pytest.raises(LinkError, match="unknown import"):
            module.instantiate({"m": provider})


def test_hostile_names_stay_on_one_line() -> None:
    module = Module("hostile", factory=lambda instance: None, imports=[("a\r\nb", "\x1b[2J\u2028", "func", T)])
    with pytest.raises(LinkError) as caught:
        module.instantiate()
    assert str(caught.value).isprintable()
