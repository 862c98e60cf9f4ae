"""The runtime of objects: which names there are, and that only their users load them."""

from __future__ import annotations

import gc as collector
import subprocess
import sys
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest

from runtime_support import Trap, gc
from wasm2py.ir.building.objects import INSTANCES

ROOT = Path(__file__).resolve().parents[3]
NAMES = """
    ARRAY ARRAY_OR_NULL EQ EQ_OR_NULL I31 I31_OR_NULL STRUCT STRUCT_OR_NULL Array I31Reference Struct
    array_bounds array_copy array_fill array_init_data array_init_elem array_new array_new_data
    array_new_elem arraytype cast_failure descriptor_failure exact_func_test func_test has_descriptor
    has_descriptor_or_null ref_i31 structtype
"""


def test_the_interface_is_exactly_this() -> None:
    """Modules that people generated and keep depend on every name: none may go away."""
    assert set(gc.__all__) == set(NAMES.split())
    assert {f"{name}{null}" for name in INSTANCES.values() for null in ("", "_OR_NULL")} <= set(gc.__all__)
    for name in gc.__all__:
        assert getattr(gc, name) is not None


def test_the_contract_names_everything() -> None:
    text = (ROOT / "docs" / "generated-code.md").read_text(encoding="utf-8")
    for name in gc.__all__:
        assert name.replace("_OR_NULL", "") in text, name


def test_modules_without_objects_do_not_load_them() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import runtime_support; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert "runtime_support.memory" in done.stdout
    assert "runtime_support.gc" not in done.stdout


def test_types_are_one_class_for_each_name() -> None:
    parent = gc.structtype("#test-parent.0", "mut (ref null #test-parent.0), f32")
    child = gc.structtype("#test-child.0", "mut (ref null #test-parent.0), f32, i8", parent)
    assert gc.structtype("#test-child.0", "mut (ref null #test-parent.0), f32, i8", parent) is child
    assert parent.instances == {parent, child}
    assert child.instances_or_null == {child, type(None)}
    assert {parent, child} <= gc.STRUCT & gc.EQ_OR_NULL
    assert not {parent, child} & gc.ARRAY
    made = child()
    assert (made.f0, made.f1, made.f2) == (None, 0.0, 0)
    assert not hasattr(made, "__dict__")


def test_structures_with_descriptors() -> None:
    descriptor = gc.structtype("#test-descriptor.1", "")
    plain = gc.structtype("#test-undescribed.0", "i32")
    described = gc.structtype("#test-descriptor.0", "i32, (ref null #test-descriptor.1)", plain, True)
    one, other = descriptor(), descriptor()
    made = described(3, None, one)
    assert (made.f0, made.f1, made.desc) == (3, None, one)
    assert (described(desc=one).f0, described(desc=one).f1) == (0, None)
    assert not hasattr(plain(), "desc")
    for arguments in ((3, None, None), (3, None), ()):
        with pytest.raises(Trap, match="^null descriptor reference$"):
            described(*arguments)
    assert (gc.has_descriptor(made, one), gc.has_descriptor(made, other)) == (1, 0)
    assert [gc.has_descriptor(value, one) for value in (None, plain(), one, gc.ref_i31(1))] == [0] * 4
    assert [gc.has_descriptor_or_null(value, one) for value in (None, made, plain())] == [1, 1, 0]
    assert gc.has_descriptor(SimpleNamespace(desc=one), one) == 0  # the host's objects are of no such type
    for test in (gc.has_descriptor, gc.has_descriptor_or_null):
        for value in (None, made):
            with pytest.raises(Trap, match="^null descriptor reference$"):
                test(value, None)


def test_cycles_are_collected() -> None:
    node = gc.structtype("#test-node.0", "mut (ref null #test-node.0)")()
    node.f0 = node
    seen = weakref.ref(node)
    del node
    collector.collect()
    assert seen() is None


def test_arrays_are_compact() -> None:
    sizes = {"i8": 1, "mut i16": 2, "i32": 4, "mut i64": 8, "f32": 8, "f64": 8}
    for number, (element, size) in enumerate(sizes.items()):
        array = gc.array_new(gc.arraytype(f"#test-array.{number}", element), 1, 5)
        assert (array.items.itemsize, len(array)) == (size, 5)
    assert gc.array_new(gc.arraytype("#test-array.v", "v128"), 2**100, 2).items == [2**100] * 2
