"""Exceptions between Wasm and the host: who catches what."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from runtime_support import (
    ExitError,
    Instance,
    LinkError,
    Module,
    Tag,
    Trap,
    WasmException,
    f32_from_bits,
    f32_to_bits,
    functype,
)
from tests.transpiled import code_of
from tests.unit.emit.packages import Load, load, loaded
from tests.unit.legacy_modules import legacy_module
from tests.unit.validate.modules import encode
from wasm2py.options import Options

__all__ = ["load"]  # a fixture

TEXT = """(module
  (type $values (func (param i32 f64)))
  (type $tick (func))
  (import "host" "work" (func $work (type $tick)))
  (import "host" "fault" (tag $fault (param i32)))
  (tag $own (export "own") (type $values))
  (func (export "throw") (param i32 f64) (throw $own (local.get 0) (local.get 1)))
  (func (export "throw imported") (throw $fault (i32.const -3)))
  (func (export "catch own") (result i32 f64)
    (block $caught (result i32 f64) (try_table (catch $own $caught) (call $work)) (i32.const 0) (f64.const 0)))
  (func (export "catch imported") (result i32)
    (block $caught (result i32) (try_table (catch $fault $caught) (call $work)) (i32.const 0)))
  (func (export "catch all") (result i32)
    (block $caught (try_table (catch_all $caught) (call $work)) (return (i32.const 0)))
    (i32.const 1))
  (func (export "catch both") (result i32)
    (block $caught
      (return (block $fault (result i32)
        (try_table (catch $fault $fault) (catch_all $caught) (call $work)) (i32.const 0))))
    (i32.const 1))
  (func (export "again") (throw_ref
    (block $caught (result exnref) (try_table (catch_all_ref $caught) (call $work)) (return))))
  (func (export "divide") (param i32) (result i32)
    (block $caught (try_table (catch_all $caught) (return (i32.div_u (i32.const 1) (local.get 0)))))
    (i32.const -1))
  (func $recurse (export "recurse") (param i32) (result i32)
    (block $caught (try_table (catch_all $caught) (return (call $recurse (local.get 0)))))
    (i32.const -1))
  (func (export "pass") (param exnref) (result exnref) (local.get 0))
  (func (export "throw reference") (param exnref) (throw_ref (local.get 0)))
)"""

LEGACY = legacy_module(
    {
        "catch own": (3, "", "try i32 call 0 i32.const 0 catch 1 end"),
        "catch all": (3, "", "try i32 call 0 i32.const 0 catch_all i32.const 1 end"),
        "catch both": (3, "", "try i32 call 0 i32.const 0 catch 1 catch_all i32.const -1 end"),
        "again": (0, "", "try none call 0 catch_all rethrow 0 end"),
        "own again": (0, "", "try none call 0 catch 1 drop rethrow 0 end"),
        "twice": (0, "", "try none try none call 0 catch_all rethrow 0 end catch_all rethrow 0 end"),
        "outer": (0, "", "try none call 0 catch_all try none i32.const 9 throw 1 catch 1 drop rethrow 1 end end"),
        "past": (0, "", "try none try none call 0 delegate 1 catch_all end"),
        "to the outer": (3, "", "try i32 try none try none call 0 delegate 1 catch_all end i32.const 0"
         " catch_all i32.const 2 end"),
        "divide": (4, "", "try i32 i32.const 1 local.get 0 i32.div_u catch_all i32.const -1 end"),
        "recurse": (4, "", "try i32 local.get 0 call 11 catch_all i32.const -1 end"),
        "noise": (5, "f32", "try none call 0 catch 3 local.set 1 end local.get 1 throw 3"),
    },
    imported={"work": 0},
)  # fmt: skip
"""The same with legacy instructions, which pass exceptions on in further ways."""

FAULT = Tag(functype("i32", ""), "fault")


def instantiate(work: Any, level: int = 1, data: bytes | None = None) -> Instance:
    namespace: dict[str, Any] = {"__name__": "exceptions"}
    exec(code_of(data or encode(TEXT), Options(optimise=level, format="none")), namespace)
    module = namespace["MODULE"]
    assert isinstance(module, Module)
    return module.instantiate({"host": {"work": work, "fault": FAULT}})


def idle() -> None:
    """Work that is done without an error."""


def raising(error: BaseException, data: bytes | None = None) -> Instance:
    def work() -> None:
        raise error

    return instantiate(work, data=data)


@pytest.mark.parametrize("level", [0, 1])
def test_the_host_catches(level: int) -> None:
    exports = instantiate(idle, level).exports
    with pytest.raises(WasmException, match=r"^own\(-1, 2\.5\)$") as caught:
        exports.throw(-1, 2.5)
    assert caught.value.tag is exports.own
    assert caught.value.values == (-1, 2.5)
    with pytest.raises(WasmException, match=r"^fault\(-3\)$"):
        exports["throw imported"]()


def test_the_host_throws() -> None:
    instance = raising(WasmException.from_host(FAULT, -7))
    assert instance.exports["catch imported"]() == instance.exports["catch both"]() == -7
    with pytest.raises(WasmException, match=r"^fault\(-7\)$"):
        instance.exports["catch own"]()
    with pytest.raises(TypeError, match="fault carries 1 values, 2 given"):
        WasmException.from_host(FAULT, 1, 2)
    with pytest.raises(OverflowError):
        WasmException.from_host(FAULT, 2**32)


def test_each_instance_has_tags_of_its_own() -> None:
    one = instantiate(idle)

    def work() -> None:
        one.exports.throw(5, 0.5)

    two = instantiate(work)
    assert one.exports.own is not two.exports.own
    with pytest.raises(WasmException):
        two.exports["catch own"]()
    assert two.exports["catch all"]() == 1


def test_errors_of_the_host_are_for_catch_all_only() -> None:
    class Oddity(Exception):
        tag = "fault"

    for error in (ValueError("host"), IndexError("host"), AttributeError("host"), Oddity()):
        exports = raising(error).exports
        assert exports["catch all"]() == exports["catch both"]() == 1
        for name in ("catch own", "again"):
            with pytest.raises(type(error)) as caught:
                exports[name]()
            assert caught.value is error


@pytest.mark.parametrize("error", [Trap("unreachable"), ExitError(3), KeyboardInterrupt(), MemoryError()])
def test_nothing_catches_traps_and_the_end_of_the_program(error: BaseException) -> None:
    for name in ("catch all", "catch both", "again"):
        with pytest.raises(type(error)):
            raising(error).exports[name]()


def test_nothing_catches_traps_of_its_own() -> None:
    exports = instantiate(idle).exports
    assert exports.divide(1) == 1
    with pytest.raises(Trap, match="integer divide by zero"):
        exports.divide(0)
    with pytest.raises(Trap, match="call stack exhausted"):
        exports.recurse(0)


def test_references_to_exceptions() -> None:
    exports = instantiate(idle).exports
    error = WasmException.from_host(FAULT, 1)
    assert exports["pass"](error) is error
    assert exports["pass"](None) is None
    with pytest.raises(WasmException) as caught:
        exports["throw reference"](error)
    assert caught.value is error
    with pytest.raises(Trap, match="^null reference$"):
        exports["throw reference"](None)
    with pytest.raises(TypeError, match="an exception or None, not int"):
        exports["pass"](1)


def test_tags_are_linked_by_type() -> None:
    imports = [("m", "t", "tag", functype("i32", ""))]
    importer = Module("importer", factory=lambda instance: None, imports=imports)
    assert importer.instantiate({"m": {"t": FAULT}}).imports == [FAULT]
    for given in (Tag(functype("i64", "")), functype("i32", ""), lambda: None):
        with pytest.raises(LinkError, match="^incompatible import type: 'm' 't': wanted tag"):
            importer.instantiate({"m": {"t": given}})


def test_parts_share_tags(load: Load) -> None:
    package = load("""(module
      (tag $t (param i32))
      (func $throw (throw $t (i32.const 9)))
      (func (export "f") (result i32)
        (block $caught (result i32) (try_table (catch $t $caught) (call $throw)) (i32.const 0))))""")
    assert package.instantiate().exports.f() == 9
    assert len(loaded(package)) == 2


@pytest.mark.parametrize("level", [0, 1])
def test_legacy_clauses_catch_what_the_host_throws(level: int) -> None:
    def work() -> None:
        raise WasmException.from_host(tag, -7)

    exports = instantiate(work, level, LEGACY).exports
    tag = exports.tag1
    assert exports["catch own"]() == exports["catch both"]() == -7
    assert (exports["catch all"](), exports["to the outer"]()) == (1, 2)


@pytest.mark.parametrize("name", ["again", "own again", "twice", "outer", "past"])
def test_rethrow_and_delegate_keep_the_exception(name: str) -> None:
    def work() -> None:
        raise error

    exports = instantiate(work, data=LEGACY).exports
    error = WasmException.from_host(exports.tag1, 5)
    with pytest.raises(WasmException) as caught:
        exports[name]()
    assert caught.value is error
    assert error.__context__ is error.__cause__ is None
    assert traceback.extract_tb(error.__traceback__)[-1].name == "work"  # where it comes from stays to be seen


def test_errors_of_the_host_are_for_legacy_catch_all_only() -> None:
    for error in (ValueError("host"), IndexError("host"), AttributeError("host")):
        exports = raising(error, LEGACY).exports
        assert exports["catch all"]() == 1
        assert exports["catch both"]() == -1
        assert exports["to the outer"]() == 2
        for name in ("catch own", "again", "own again", "twice", "outer", "past"):
            with pytest.raises(type(error)) as caught:
                exports[name]()
            assert caught.value is error


@pytest.mark.parametrize("error", [Trap("unreachable"), ExitError(3), KeyboardInterrupt(), MemoryError()])
def test_no_legacy_clause_catches_traps_and_the_end_of_the_program(error: BaseException) -> None:
    for name in ("catch all", "catch both", "again", "past", "to the outer"):
        with pytest.raises(type(error)):
            raising(error, LEGACY).exports[name]()


def test_no_legacy_clause_catches_traps_of_its_own() -> None:
    exports = instantiate(idle, data=LEGACY).exports
    assert exports.divide(1) == 1
    with pytest.raises(Trap, match="integer divide by zero"):
        exports.divide(0)
    with pytest.raises(Trap, match="call stack exhausted"):
        exports.recurse(0)


@pytest.mark.parametrize("level", [0, 1])
def test_exceptions_carry_the_bits_of_floats(level: int) -> None:
    """A signalling NaN goes in and out unchanged."""
    nan = f32_from_bits(0x7FA00001)

    def work() -> None:
        raise WasmException(exports.tag3, (nan,))

    exports = instantiate(work, level, LEGACY).exports
    with pytest.raises(WasmException) as caught:
        exports.noise(0.0)
    assert f32_to_bits(caught.value.raw[0]) == 0x7FA00001
