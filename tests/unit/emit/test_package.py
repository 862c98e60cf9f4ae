"""Packages: parts that load when called, and behave as if they were one file."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from runtime_support import LifecycleError, Trap
from tests.unit.emit.packages import Load, load, loaded, write
from wasi_shim import Wasi

__all__ = ["load"]  # a fixture

ROOT = Path(__file__).resolve().parents[3]

SHARED = """(module
  (memory (export "memory") 1)
  (global $g (mut i32) (i32.const 5))
  (func $set (export "set") (param i32) (global.set $g (local.get 0)))
  (func $get (export "get") (result i32) (call $add (global.get $g) (i32.const 1)))
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))"""

TABLE = """(module
  (type $t (func (result i32)))
  (table (export "table") 4 funcref)
  (elem (i32.const 0) $one $two $one)
  (func $one (type $t) (i32.const 1))
  (func $two (type $t) (i32.const 2))
  (func (export "call") (param i32) (result i32) (call_indirect (type $t) (local.get 0)))
  (func (export "put") (param i32) (table.set (local.get 0) (ref.func $two)))
  (elem declare func $two))"""


def test_parts_load_when_called(load: Load) -> None:
    package = load(SHARED)
    instance = package.instantiate()
    assert loaded(package) == []
    instance.exports.set(7)
    assert loaded(package) == ["part0"]
    assert instance.exports.get() == 8
    assert loaded(package) == ["part0", "part1", "part2"]


def test_instances_have_their_own_variables(load: Load) -> None:
    package = load(SHARED)
    first, second = package.instantiate().exports, package.instantiate().exports
    first.set(7)
    assert (first.get(), second.get()) == (8, 6)
    second.set(1)
    assert (first.get(), second.get()) == (8, 2)


def test_default_instance(load: Load) -> None:
    package = load(SHARED)
    package.set(40)
    assert package.get() == 41


def test_growth_reaches_every_part(load: Load) -> None:
    exports = load(SHARED).instantiate().exports
    exports.store(4, 77)
    with pytest.raises(Trap, match="out of bounds memory access"):
        exports.load(65536)
    assert exports.grow() == 1
    exports.store(65536, 78)
    assert (exports.load(4), exports.load(65536)) == (77, 78)


def test_indirect_calls_load_parts_and_then_go_straight(load: Load) -> None:
    exports = load(TABLE).instantiate().exports
    assert [exports.call(i) for i in range(3)] == [1, 2, 1]
    exports.put(3)
    assert exports.call(3) == 2
    for index, name in enumerate(["f0_one", "f1_two", "f0_one", "f1_two"]):
        function = exports.table[index]
        assert function.raw.__name__ == name
        assert exports.table.callables(function.type)[index] is function.raw
        assert function() == index % 2 + 1


def test_tail_calls_between_parts_take_no_stack(load: Load) -> None:
    package = load(
        """(module
          (func $even (export "even") (param i32) (result i32)
            (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
            (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
          (func $odd (param i32) (result i32)
            (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
            (return_call $even (i32.sub (local.get 0) (i32.const 1)))))"""
    )
    assert [package.even(n) for n in (100_000, 100_001)] == [1, 0]


def test_start_function_and_segments(load: Load) -> None:
    package = load(
        """(module
          (memory (export "memory") 1)
          (data (i32.const 8) "\\01\\02")
          (func $start (i32.store8 (i32.const 9) (i32.load8_u (i32.const 8))))
          (start $start))"""
    )
    assert bytes(package.instantiate().exports.memory[8:10]) == b"\1\1"


def test_traps_name_the_functions(load: Load) -> None:
    package = load(
        """(module
          (memory 1)
          (func $outer (export "f") (param i32) (result i32) (call $inner (local.get 0)))
          (func $inner (param i32) (result i32)
            (i32.div_u (i32.load (local.get 0)) (i32.load (i32.const 0)))))"""
    )
    for argument, code in ((1 << 16, "out of bounds memory access"), (0, "integer divide by zero")):
        with pytest.raises(Trap) as caught:
            package.f(argument)
        assert caught.value.code == code
        names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
        assert [name for name in names if name.startswith("f")] == ["f0_outer", "f1_inner"]


def test_a_command_still_runs_once(load: Load) -> None:
    package = load(
        """(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
          (func (export "_start")) (func (export "f")))"""
    )
    exports = package.instantiate(wasi=Wasi()).exports
    exports._start()
    for name in ("_start", "f"):
        with pytest.raises(LifecycleError):
            exports[name]()


def test_a_reactor_is_initialised_once(load: Load) -> None:
    exports = load('(module (func (export "_initialize")) (func (export "f")))').instantiate().exports
    exports.f()
    with pytest.raises(LifecycleError):
        exports._initialize()


def test_exports_called_like_parts(load: Load) -> None:
    package = load('(module (func (export "part0") (result i32) (i32.const 3)) (func (export "part1")))')
    package.part0()
    package.part1()
    assert package.part0() == 3
    assert loaded(package) == ["part_0", "part_1"]


def test_no_functions(load: Load) -> None:
    package = load('(module (global (export "g") i32 (i32.const 3)))')
    assert package.instantiate().exports.g.value == 3


@pytest.mark.parametrize("how", ["-m", "directory", "directory.with-dots"])
def test_programs(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = """(module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (func $five (result i32) (i32.const 5))
      (func (export "_start") (call $exit (call $five))))"""
    name = "program" if how == "-m" else how
    write(text, tmp_path / name, monkeypatch)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = ["-m", name] if how == "-m" else [name]
    done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (5, b"", b"")
