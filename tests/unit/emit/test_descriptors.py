"""Descriptors and exact types in generated code, where the official suite does not look."""

from __future__ import annotations

from typing import Any

import pytest

from runtime_support import Exports, LinkError, Trap
from tests.unit.emit.test_objects import LEVELS, instantiate

TEXT = """(module
  (rec
    (type $shape (sub (descriptor $kind) (struct (field $sides i32) (field $name externref) (field $wide i8))))
    (type $kind (sub (describes $shape) (struct (field $number i32))))
    (type $square (sub $shape (descriptor $square-kind)
      (struct (field i32) (field externref) (field i8) (field $width f64))))
    (type $square-kind (sub $kind (describes $square) (struct (field i32)))))
  (type $up (sub (func (result i32))))
  (type $down (sub $up (func (result i32))))
  (import "host" "function" (func $import (exact (type $down))))
  (elem declare func $import)
  (global $calls (mut i32) (i32.const 0))
  (global $kind (export "kind") (ref (exact $kind)) (struct.new $kind (i32.const 7)))
  (global $square-kind (export "square kind") (ref (exact $square-kind)) (struct.new $square-kind (i32.const 8)))
  (global $made (export "made") (ref $shape)
    (struct.new_desc $shape (i32.const 1) (ref.null extern) (i32.const 0x1FF) (global.get $kind)))
  (global $default (export "default") (ref $shape) (struct.new_default_desc $shape (global.get $kind)))
  (func $count (param i32) (result i32) (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (local.get 0))
  (func (export "calls") (result i32) (global.get $calls))
  (func (export "shape") (param i32 (ref null (exact $kind))) (result (ref (exact $shape)))
    (struct.new_desc $shape (call $count (local.get 0)) (ref.null extern) (i32.div_u (i32.const 6) (local.get 0))
      (local.get 1)))
  (func (export "square") (param (ref null (exact $square-kind))) (result (ref (exact $square)))
    (struct.new_default_desc $square (local.get 0)))
  (func (export "number of") (param (ref null $shape)) (result i32)
    (struct.get $kind $number (ref.get_desc $shape (local.get 0))))
  (func (export "cast") (param anyref (ref null $kind)) (result (ref $shape))
    (ref.cast_desc_eq (ref $shape) (local.get 0) (local.get 1)))
  (func (export "cast or null") (param anyref (ref null $kind)) (result (ref null $shape))
    (ref.cast_desc_eq (ref null $shape) (local.get 0) (local.get 1)))
  (func (export "branch") (param anyref (ref null $kind)) (result i32)
    (block $is (result (ref $shape))
      (drop (br_on_cast_desc_eq $is anyref (ref $shape) (local.get 0) (local.get 1)))
      (return (i32.const -1)))
    (struct.get $shape $sides))
  (func (export "branch on failure") (param anyref (ref null $kind)) (result i32)
    (block $is-not (result anyref)
      (return (struct.get $shape $sides
        (br_on_cast_desc_eq_fail $is-not anyref (ref $shape) (local.get 0) (local.get 1)))))
    (drop)
    (i32.const -1))
  (func (export "order") (param (ref null $shape) (ref null $kind)) (result anyref)
    (ref.cast_desc_eq (ref $shape) (struct.new_desc $shape (i32.const 0) (ref.null extern) (i32.const 0)
      (ref.cast (ref (exact $kind)) (ref.get_desc $shape (local.get 0)))) (ref.as_non_null (local.get 1))))
  (func (export "is exactly a shape") (param anyref) (result i32) (ref.test (ref (exact $shape)) (local.get 0)))
  (func (export "or null") (param anyref) (result i32) (ref.test (ref null (exact $shape)) (local.get 0)))
  (func $lower (export "lower") (type $down) (i32.const 2))
  (func $upper (export "upper") (type $up) (i32.const 1))
  (func (export "is exactly up") (param funcref) (result i32) (ref.test (ref (exact $up)) (local.get 0)))
  (func (export "call exactly up") (param (ref (exact $up))) (result i32) (call_ref $up (local.get 0)))
  (func (export "imported") (result (ref (exact $down))) (ref.func $import)))"""


def five() -> int:
    return 5


@pytest.fixture(params=LEVELS)
def exports(request: pytest.FixtureRequest) -> Exports:
    return instantiate(TEXT, *request.param, imports={"host": {"function": five}})


def test_allocation(exports: Exports) -> None:
    kind = exports.kind.value
    made: Any = exports.shape(2, kind)
    assert (made.f0, made.f1, made.f2, made.desc) == (2, None, 3, kind)
    square: Any = exports.square(exports["square kind"].value)
    assert (square.f0, square.f1, square.f2, square.f3) == (0, None, 0, 0.0)
    assert (exports["number of"](made), exports["number of"](square)) == (7, 8)
    constant, default = exports.made.value, exports.default.value
    assert (constant.f0, constant.f2, constant.desc) == (1, 255, kind)
    assert (default.f0, default.f1, default.f2, default.desc) == (0, None, 0, kind)


def test_traps_come_in_order(exports: Exports) -> None:
    with pytest.raises(Trap, match="^null descriptor reference$"):
        exports.shape(1, None)
    assert exports.calls() == 1
    with pytest.raises(Trap, match="^integer divide by zero$"):
        exports.shape(0, None)
    with pytest.raises(Trap, match="^null reference$"):
        exports["number of"](None)
    with pytest.raises(Trap, match="^null reference$"):
        exports.order(None, None)  # of two traps the first; both are called so
    square = exports.square(exports["square kind"].value)
    with pytest.raises(Trap, match="^cast failure$"):
        exports.order(square, None)
    with pytest.raises(Trap, match="^null reference$"):
        exports.order(exports.shape(1, exports.kind.value), None)


@pytest.mark.parametrize("how", ["cast", "cast or null", "branch", "branch on failure"])
def test_casts(exports: Exports, how: str) -> None:
    cast = exports[how]
    kind, other = exports.kind.value, exports["square kind"].value
    made = exports.shape(3, kind)
    square = exports.square(other)
    branch = how.startswith("branch")
    assert cast(made, kind) == (3 if branch else made)
    assert cast(square, other) == (0 if branch else square)
    for value in (made, None):
        with pytest.raises(Trap, match="^null descriptor reference$"):
            cast(value, None)
    for value, descriptor in ((made, other), (square, kind), (kind, kind), (object(), kind), (None, kind)):
        if branch:
            assert cast(value, descriptor) == -1
        elif value is None and how == "cast or null":
            assert cast(value, descriptor) is None
        else:
            with pytest.raises(Trap, match="^descriptor cast failure$"):
                cast(value, descriptor)


def test_exact_types(exports: Exports) -> None:
    shape = exports.shape(1, exports.kind.value)
    square = exports.square(exports["square kind"].value)
    for value, exactly, or_null in ((shape, 1, 1), (square, 0, 0), (None, 0, 1), (object(), 0, 0)):
        assert (exports["is exactly a shape"](value), exports["or null"](value)) == (exactly, or_null)
    for function, exactly in ((exports.upper, 1), (exports.lower, 0), (None, 0)):
        assert exports["is exactly up"](function) == exactly


def test_exact_types_at_the_boundary(exports: Exports) -> None:
    assert exports["call exactly up"](exports.upper) == 1
    with pytest.raises(TypeError, match="a Function of type"):
        exports["call exactly up"](exports.lower)
    with pytest.raises(TypeError, match="an object of that type"):
        exports.shape(1, exports["square kind"].value)
    assert exports.imported()() == 5
    with pytest.raises(LinkError, match=r"wanted exact func \(\) -> \(i32\)"):
        instantiate(TEXT, imports={"host": {"function": exports.upper}})
