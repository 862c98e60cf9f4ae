"""Who collects garbage while functions are transpiled."""

from __future__ import annotations

import gc
import weakref

import wasmtime

from wasm2py.decode import decode_body, decode_module
from wasm2py.features import select
from wasm2py.garbage import collected_by_hand
from wasm2py.ir import nodes as n
from wasm2py.ir.building.function import build_function

BRANCHES = """(module (func (param i32) (result i32)
  (block $out
    (loop $again
      (br_if $out (i32.eqz (local.get 0)))
      (if (i32.gt_s (local.get 0) (i32.const 7)) (then (local.set 0 (i32.const 3)) (br $out)))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br $again)))
  (local.get 0)))"""


class Cycle:
    """Something that only the collector frees."""

    def __init__(self) -> None:
        self.own = self


def test_collects_when_told() -> None:
    """What has become garbage is freed when asked for, and Python's collector is on again at the end."""
    with collected_by_hand() as collect:
        assert not gc.isenabled()
        garbage = weakref.ref(Cycle())
        assert garbage() is not None
        collect()
        assert garbage() is None
    assert gc.isenabled()


def test_leaves_a_collector_off() -> None:
    """Where the collector is switched off, nothing is collected, and it stays off."""
    gc.disable()
    try:
        with collected_by_hand() as collect:
            garbage = weakref.ref(Cycle())
            collect()
        assert garbage() is not None
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_trees_have_no_cycles() -> None:
    """A tree is freed as soon as nothing needs it: nothing of it is left to collect."""
    gate = select((), ())
    module = decode_module(bytes(wasmtime.wat2wasm(BRANCHES)), gate)
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        build_function(module, 0, decode_body(module, 0, gate))
        gc.collect()
        assert [found for found in gc.garbage if isinstance(found, (n.Stmt, n.Label))] == []
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
