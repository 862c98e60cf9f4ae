"""The road as a whole: the same output and the same errors however the work is shared."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import wasmtime

from wasm2py import recursion
from wasm2py.emit import parts
from wasm2py.errors import Invalid, ModuleError
from wasm2py.options import OPTIMISE, Options
from wasm2py.transpile import transpile

ROOT = Path(__file__).resolve().parents[2]

FUNCTIONS = 12
MODULE = bytes(
    wasmtime.wat2wasm(
        f"""(module
          (memory 1) (table 2 funcref) (elem (i32.const 0) $f1 $f2)
          (global $stack_pointer (mut i32) (i32.const 65536))
          {" ".join(f"(global $g{i} (mut i64) (i64.const {i}))" for i in range(FUNCTIONS))}
          {
            " ".join(
                f'''(func $f{i} (export "f{i}") (param i32) (result i32) (local f64)
                  (global.set $g{i} (i64.extend_i32_u (local.get 0)))
                  (if (i32.eq (global.get $stack_pointer) (i32.const {i}))
                    (then (global.set $stack_pointer (i32.const {max(0, 16 * i - 159)}))))
                  (local.set 1 (f64.sqrt (f64.load (local.get 0))))
                  (if (f64.lt (local.get 1) (f64.const 1)) (then (unreachable)))
                  (i32.rotl (call $f{(i + 5) % FUNCTIONS} (i32.clz (local.get 0)))
                            (call_indirect (param i32) (result i32) (local.get 0) (i32.const {i % 3}))))'''
                for i in range(FUNCTIONS)
            )
        })"""
    )
)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 1)


@pytest.mark.parametrize("package", [False, True])
@pytest.mark.parametrize("platform", ["linux", "elsewhere"])
def test_jobs_make_no_difference(package: bool, platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere, workers get the module pickled."""
    alone = transpile(MODULE, Options(package=package)).parts
    monkeypatch.setattr(sys, "platform", platform)
    shared = transpile(MODULE, Options(package=package, jobs=2)).parts
    assert list(shared.items()) == list(alone.items())
    assert len(alone) == (FUNCTIONS + 2 if package else 1)


def test_hashes_make_no_difference() -> None:
    program = (
        "import sys; from wasm2py.options import Options; from wasm2py.transpile import transpile;"
        "parts = transpile(sys.stdin.buffer.read(), Options(package=len(sys.argv) > 1, format='none')).parts;"
        "sys.stdout.buffer.write(ascii(parts).encode())"
    )
    for package in ([], ["package"]):
        outputs = set()
        for seed in ("1", "2", "3"):
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
            command = [sys.executable, "-c", program, *package]
            done = subprocess.run(command, input=MODULE, env=environment, capture_output=True, check=True)
            outputs.add(hashlib.sha256(done.stdout).hexdigest())
        assert len(outputs) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_counts_functions(jobs: int) -> None:
    calls: list[tuple[int, int]] = []
    transpile(MODULE, Options(jobs=jobs, format="none"), lambda done, total: calls.append((done, total)))
    assert calls == [(done, FUNCTIONS) for done in range(1, FUNCTIONS + 1)]


def with_bodies(*bodies: bytes) -> bytes:
    """A module of functions without parameters and results, with these instructions."""
    code = b"".join(bytes([len(body) + 2, 0]) + body + b"\x0b" for body in bodies)
    return b"".join(
        [
            b"\0asm\1\0\0\0\1\4\1\x60\0\0",
            bytes([3, len(bodies) + 1, len(bodies)]) + bytes(len(bodies)),
            bytes([10, len(code) + 1, len(bodies)]) + code,
        ]
    )


def test_nesting_beyond_all_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    depth = 2_000
    blocks = f"{'(block (br_if 0 (local.get 0)) ' * depth}{')' * depth}"
    module = bytes(wasmtime.wat2wasm(f"(module (func (param i32) {blocks}))"))
    assert transpile(module, Options(format="none")).parts
    monkeypatch.setattr(recursion, "FRAMES", 0)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    try:
        with pytest.raises(ModuleError, match=r"^bad module: function has blocks nested too deeply .*offset 0x1a\)$"):
            transpile(module, Options(format="none"))
    finally:
        sys.setrecursionlimit(limit)


NOP, INVALID, MALFORMED, UNSUPPORTED = b"\1", b"\x1a", b"\xff", b"\xfb\x1c"  # the last one is ref.i31


@pytest.mark.parametrize("level", OPTIMISE)
@pytest.mark.parametrize(
    "bodies",
    [
        [NOP, INVALID, MALFORMED],
        [NOP, MALFORMED, NOP * 90, INVALID],
        [NOP * 90, NOP, UNSUPPORTED, INVALID],
        [INVALID + NOP * 90, MALFORMED],
    ],
)
def test_the_first_error_is_reported(bodies: list[bytes], level: int) -> None:
    """Without optimisation nothing looks at all functions before the first is transpiled."""
    module = with_bodies(*bodies)
    errors = []
    for jobs in (1, 2, 3):
        with pytest.raises(ModuleError) as caught:
            transpile(module, Options(optimise=level, jobs=jobs, disable=("gc",)))
        error = caught.value
        errors.append((type(error), str(error), error.offset, getattr(error, "feature", None)))
    assert errors[0] == errors[1] == errors[2]
    first_bad = next(body for body in bodies if body[:1] not in NOP)
    assert (errors[0][0] is Invalid) == (first_bad[:1] == INVALID)
