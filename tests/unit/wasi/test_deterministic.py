"""The deterministic preset: a program that tells all that it can see of the world tells the same in each run."""

import io

import wasmtime

from tests.transpiled import code_of
from wasi_shim import FakeClocks, MemoryDirectory, Wasi
from wasm2py.options import Options

CURIOUS = wasmtime.wat2wasm("""(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_res_get" (func $resolution (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $mkdir (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir" (func $readdir (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $stat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fdstat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "zyx")
  (data (i32.const 1024) "sleeper!\\00\\00\\00\\00\\00\\00\\00\\00\\01\\00\\00\\00\\00\\00\\00\\00\\40\\42\\0f")
  (data (i32.const 8000) "\\00\\00\\00\\00\\40\\1f\\00\\00")
  (func $check (param i32) (if (local.get 0) (then unreachable)))
  (func (export "_start")
    (call $check (call $clock (i32.const 0) (i64.const 1) (i32.const 64)))
    (call $check (call $clock (i32.const 1) (i64.const 1) (i32.const 72)))
    (call $check (call $resolution (i32.const 1) (i32.const 80)))
    (call $check (call $random (i32.const 96) (i32.const 100)))
    (call $check (call $environ (i32.const 200) (i32.const 204)))
    (call $check (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1)
      (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 208)))
    (call $check (call $mkdir (i32.const 3) (i32.const 1) (i32.const 1)))
    (call $check (call $open (i32.const 3) (i32.const 0) (i32.const 2) (i32.const 1) (i32.const 1)
      (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 212)))
    (call $check (call $write (i32.load (i32.const 208)) (i32.const 8000) (i32.const 1) (i32.const 216)))
    (call $check (call $poll (i32.const 1024) (i32.const 1104) (i32.const 1) (i32.const 220)))
    (call $check (call $readdir (i32.const 3) (i32.const 2048) (i32.const 512) (i64.const 0) (i32.const 224)))
    (call $check (call $stat (i32.const 3) (i32.const 3000)))
    (call $check (call $stat (i32.load (i32.const 208)) (i32.const 3064)))
    (call $check (call $fdstat (i32.const 0) (i32.const 3128)))
    (call $check (call $clock (i32.const 0) (i64.const 1) (i32.const 3200)))
    (call $check (call $write (i32.const 1) (i32.const 8000) (i32.const 1) (i32.const 228)))))""")


def run(wasi):
    """All that the program has seen."""
    sink = io.BytesIO()
    namespace = {"__name__": "curious"}
    exec(code_of(bytes(CURIOUS), Options(format="none")), namespace)
    namespace["instantiate"](wasi=wasi.replace(stdout=sink), start=("_start",))
    assert len(sink.getvalue()) == 8000
    return sink.getvalue()


def test_every_run_is_the_same():
    wasi = Wasi.deterministic()
    first = run(wasi)
    assert first == run(wasi) == run(Wasi.deterministic())
    assert b"z" in first[2048:2560]
    assert any(first[96:196])


def test_it_is_the_preset_that_makes_them_the_same():
    same = Wasi.deterministic()
    expected = run(same)
    for change in {"clocks": None}, {"clocks": FakeClocks(1)}, {"random": None}, {"random": 1}, {"env": {"A": "1"}}:
        assert run(same.replace(**change)) != expected
    shared = same.replace(preopens={"/": MemoryDirectory({"kept": b""})})
    assert run(shared) != expected


def test_changes_are_those_of_the_constructor():
    assert repr(Wasi.deterministic(args=["p"], random=7)) == (
        "Wasi(args=(b'p',), clocks=FakeClocks(1000000000000000000, 0, step=1000000, resolution=1000000), random=7, "
        "preopens={'/': {}})"
    )
