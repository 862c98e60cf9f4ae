"""Structures, arrays and casts in generated code, where the official suite does not look."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from runtime_support import Exports, Trap
from runtime_support.gc import Array, I31Reference, Struct
from tests.transpiled import code_of
from tests.unit.emit.packages import Load, load
from tests.unit.validate.modules import encode
from wasm2py.options import Options

__all__ = ["load"]  # a fixture

TEXT = """(module
  (type $bytes (array (mut i8)))
  (type $floats (array (mut f32)))
  (type $references (array (mut anyref)))
  (rec
    (type $node (sub (struct (field $next (mut (ref null $node))) (field $value (mut i32)))))
    (type $leaf (sub $node (struct (field (mut (ref null $node))) (field (mut i32)) (field (mut i16))))))
  (global $calls (mut i32) (i32.const 0))
  (func $number (param i32) (result i32) (global.set $calls (i32.const 1)) (local.get 0))
  (func (export "node") (param (ref null $node) i32) (result (ref $node))
    (struct.new $node (local.get 0) (local.get 1)))
  (func (export "leaf") (result (ref $leaf)) (struct.new_default $leaf))
  (func (export "old") (param (ref $node)) (result i32)
    (struct.get $node $value (local.get 0))
    (struct.set $node $value (local.get 0) (i32.const 7)))
  (func (export "half") (param (ref $leaf) i32) (result i32)
    (struct.set $leaf 2 (local.get 0) (local.get 1))
    (struct.get_s $leaf 2 (local.get 0)))
  (func (export "value first") (param (ref null $node)) (result i32)
    (struct.set $node $value (local.get 0) (call $number (i32.const 3)))
    (i32.const 0))
  (func (export "calls") (result i32) (global.get $calls))
  (func (export "divided") (param (ref null $node) i32)
    (struct.set $node $value (struct.get $node $next (local.get 0)) (i32.div_u (i32.const 1) (local.get 1))))
  (func (export "bytes") (param i32 i32) (result (ref $bytes)) (array.new $bytes (local.get 0) (local.get 1)))
  (func (export "byte") (param (ref null $bytes) i32) (result i32) (array.get_s $bytes (local.get 0) (local.get 1)))
  (func (export "index first") (param (ref null $bytes) i32) (result i32)
    (array.get_u $bytes (local.get 0) (i32.div_u (i32.const 1) (local.get 1))))
  (func (export "signalling") (param i32) (result i32) (local $floats (ref null $floats))
    (local.set $floats (array.new_fixed $floats 1 (f32.reinterpret_i32 (local.get 0))))
    (array.set $floats (local.get $floats) (i32.const 0) (array.get $floats (local.get $floats) (i32.const 0)))
    (i32.reinterpret_f32 (array.get $floats (local.get $floats) (i32.const 0))))
  (func (export "references") (param anyref i32) (result (ref $references))
    (array.new $references (local.get 0) (local.get 1)))
  (func (export "reference") (param (ref null $references) i32) (result anyref)
    (array.get $references (local.get 0) (local.get 1)))
  (func (export "put") (param (ref null $references) i32 anyref)
    (array.set $references (local.get 0) (local.get 1) (local.get 2)))
  (func (export "length") (param arrayref) (result i32) (array.len (local.get 0)))
  (func (export "i31") (param i32) (result (ref i31)) (ref.i31 (local.get 0)))
  (func (export "small") (param i31ref) (result i32) (i31.get_s (local.get 0)))
  (func (export "equal") (param eqref eqref) (result i32) (ref.eq (local.get 0) (local.get 1)))
  (func (export "is leaf") (param anyref) (result i32) (ref.test (ref null $leaf) (local.get 0)))
  (func (export "to node") (param anyref) (result (ref $node)) (ref.cast (ref $node) (local.get 0)))
  (func (export "of host") (param externref) (result anyref) (any.convert_extern (local.get 0)))
  (func (export "kind") (param anyref) (result i32)
    (block $i31 (result i31ref)
      (block $struct (result structref)
        (br_on_cast $i31 anyref (ref i31) (local.get 0))
        (br_on_cast $struct anyref (ref struct))
        (return (ref.test (ref null none))))
      (return (i32.add (ref.test (ref $leaf)) (i32.const 10))))
    (return (i32.add (i31.get_u) (i32.const 20)))))"""
LEVELS = [(0, "auto"), (1, "auto"), (2, "pypy")]


def instantiate(text: str, level: int = 1, target: str = "auto", imports: object = None) -> Exports:
    namespace: dict[str, Any] = {"__name__": "objects"}
    exec(code_of(encode(text), Options(optimise=level, target=target, format="none")), namespace)
    exports: Exports = namespace["instantiate"](imports).exports
    return exports


@pytest.fixture(params=LEVELS)
def exports(request: pytest.FixtureRequest) -> Exports:
    return instantiate(TEXT, *request.param)


def test_structures(exports: Exports) -> None:
    last = exports.node(None, 1)
    first: Any = exports.node(last, -1)
    assert Struct in type(first).__mro__
    assert (first.f0, first.f1) == (last, 2**32 - 1)  # raw values
    assert exports.old(first) == -1
    assert first.f1 == 7
    leaf = exports.leaf()
    assert (leaf.f0, leaf.f1, leaf.f2) == (None, 0, 0)
    assert exports.half(leaf, 0x1FFFF) == -1
    assert leaf.f2 == 0xFFFF
    with pytest.raises(AttributeError):
        first.anything = 1


def test_operands_are_evaluated_before_null_is_met(exports: Exports) -> None:
    with pytest.raises(Trap, match="^null structure reference$"):
        exports["value first"](None)
    assert exports.calls() == 1
    with pytest.raises(Trap, match="^null structure reference$"):
        exports.divided(None, 0)  # of two traps the first
    with pytest.raises(Trap, match="^integer divide by zero$"):
        exports.divided(exports.node(None, 0), 0)
    with pytest.raises(Trap, match="^integer divide by zero$"):
        exports["index first"](None, 0)


def test_arrays(exports: Exports) -> None:
    array = exports.bytes(0x1FF, 3)
    assert isinstance(array, Array)
    assert array.items.tobytes() == b"\xff\xff\xff"
    assert exports.byte(array, 2) == -1
    assert len(array) == exports.length(array) == 3
    references = exports.references("x", 2)
    assert exports.reference(references, 1) == "x"
    exports.put(references, 0, array)
    assert exports.reference(references, 0) is array
    for name, operands in (("byte", (array, 3)), ("reference", (references, -1)), ("put", (references, 2, None))):
        with pytest.raises(Trap, match="^out of bounds array access$"):
            exports[name](*operands)
    for name, arguments in (("byte", (None, 0)), ("reference", (None, 0)), ("length", (None,)), ("put", (None, 0, 0))):
        with pytest.raises(Trap, match="^null array reference$"):
            exports[name](*arguments)
    for name in ("bytes", "references"):
        with pytest.raises(Trap, match="^array too large$"):
            exports[name](0, -1)


def test_signalling_nans_survive_in_arrays(exports: Exports) -> None:
    assert exports.signalling(0x7FA00001) == 0x7FA00001


def test_i31(exports: Exports) -> None:
    assert exports.i31(5) == I31Reference(5)
    assert exports.small(exports.i31(0x7FFFFFFF)) == -1
    assert exports.equal(exports.i31(-1), exports.i31(0x7FFFFFFF)) == 1
    assert exports.equal(exports.i31(1), exports.i31(2)) == exports.equal(exports.i31(0), None) == 0
    assert exports.equal(exports.leaf(), exports.leaf()) == 0
    with pytest.raises(Trap, match="^null i31 reference$"):
        exports.small(None)


def test_casts(exports: Exports) -> None:
    node, leaf = exports.node(None, 0), exports.leaf()
    assert [exports["is leaf"](x) for x in (node, leaf, None, "host", 5)] == [0, 1, 1, 0, 0]
    assert exports["to node"](leaf) is leaf
    for value in (None, "host", exports.bytes(0, 0)):
        with pytest.raises(Trap, match="^cast failure$"):
            exports["to node"](value)
    kinds = [exports.kind(x) for x in (node, leaf, exports.i31(3), None, 3, exports.bytes(0, 0))]
    assert kinds == [10, 11, 23, 1, 0, 0]
    host = object()
    assert exports["of host"](host) is host


def chain(depth: int) -> Exports:
    """Types of which each is the supertype of the next, and casts from the last to the first, and the other way."""
    types = ["(type $t0 (sub (struct)))"] + [f"(type $t{n} (sub $t{n - 1} (struct)))" for n in range(1, depth)]
    types += ["(type $f0 (sub (func)))"] + [f"(type $f{n} (sub $f{n - 1} (func)))" for n in range(1, depth)]
    last = depth - 1
    return instantiate(f"""(module {"".join(types)}
      (func $f (export "f") (type $f{last}))
      (elem declare func $f)
      (func (export "first") (result (ref $t0)) (struct.new $t0))
      (func (export "last") (result (ref $t{last})) (struct.new $t{last}))
      (func (export "up") (param anyref) (result (ref $t0)) (ref.cast (ref $t0) (local.get 0)))
      (func (export "down") (param anyref) (result i32) (ref.test (ref $t{last}) (local.get 0)))
      (func (export "function") (param funcref) (result i32) (ref.test (ref $f0) (local.get 0)))
      (func (export "branch") (param anyref) (result i32)
        (block $is (result (ref $t0))
          (br_on_cast $is anyref (ref $t0) (local.get 0))
          (return (ref.is_null)))
        (return (ref.test (ref null $t{last})))))""")


def instructions(call: Callable[[], Any]) -> int:
    """How many of Python's instructions a call takes."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def test_casts_cost_the_same_at_any_depth() -> None:
    def costs(depth: int) -> list[int]:
        exports = chain(depth)
        first, last = exports.first(), exports.last()
        assert exports.up(last) is last
        assert [exports.down(first), exports.down(last), exports.function(exports.f)] == [0, 1, 1]
        assert [exports.branch(first), exports.branch(last)] == [0, 1]
        assert all(isinstance(found, (set, frozenset)) for found in (type(last).instances, exports.f.type.above))
        calls: list[Callable[[], Any]] = [
            lambda: exports.up(last),
            lambda: exports.down(last),
            lambda: exports.down(first),
            lambda: exports.function(exports.f),
            lambda: exports.branch(last),
        ]
        return [instructions(call) for call in calls]

    shallow = costs(2)
    assert min(shallow) > 10
    assert costs(60) == shallow


def test_what_the_host_may_pass(exports: Exports) -> None:
    leaf = exports.leaf()
    assert exports.node(leaf, 0).f0 is leaf
    for name, arguments in (
        ("node", (exports.bytes(0, 0), 0)),
        ("half", (exports.node(None, 0), 0)),
        ("half", (None, 0)),
        ("small", (5,)),
        ("equal", ("host", None)),
    ):
        with pytest.raises(TypeError, match="expected: an object of that type"):
            exports[name](*arguments)


def test_equal_types_of_other_modules_are_the_same(exports: Exports) -> None:
    other = instantiate(TEXT)
    assert other["is leaf"](exports.leaf()) == 1
    alike = instantiate(TEXT.replace("(field (mut i16))", "(field (mut i8))"))
    assert alike["is leaf"](exports.leaf()) == 0


def test_packages(load: Load) -> None:
    exports = load(TEXT).instantiate().exports
    assert exports["is leaf"](exports.leaf()) == 1
    assert exports.kind(exports["to node"](exports.node(None, 5))) == 10


def test_constant_expressions_nest() -> None:
    depth = 1000
    nested = "(struct.new $list " * depth + "(ref.null $list)" + ")" * depth
    exports = instantiate(f"""(module
      (type $list (struct (field (ref null $list))))
      (type $lists (array (ref null $list)))
      (global $list (ref $list) {nested})
      (global (export "lists") (ref $lists)
        (array.new_fixed $lists 2 (global.get $list) (struct.new_default $list))))""")
    first, second = exports.lists.value.items
    count = 0
    while first is not None:
        first, count = first.f0, count + 1
    assert count == depth
    assert second.f0 is None


def test_arithmetic_in_constant_expressions_nests() -> None:
    sum_ = "(i32.add (i32.const 1) " * 1000 + "(i32.const 0)" + ")" * 1000
    assert instantiate(f'(module (global (export "g") i32 {sum_}))').g.value == 1000
