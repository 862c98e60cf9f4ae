"""What a module does when its exports are called: the plan of the calls, and wasmtime's outcomes."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import takewhile
from mmap import mmap
from typing import Any

import wasmtime

FUEL = 200_000
"""Instructions that a call may take under wasmtime; one that takes more is not compared."""

_TRAPS = {
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: "out of bounds memory access",
    wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS: "out of bounds table access",
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: "uninitialized element",
    wasmtime.TrapCode.BAD_SIGNATURE: "indirect call type mismatch",
    wasmtime.TrapCode.INTEGER_OVERFLOW: "integer overflow",
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: "integer divide by zero",
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: "invalid conversion to integer",
    wasmtime.TrapCode.UNREACHABLE: "unreachable",
}
"""Our codes for wasmtime's; any other ends the comparison: fuel and stack are properties of the engine."""

_INTEGERS = (0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 100, 127, 128, 255, 256, 32767, 32768, 65532, 65536)
_FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, -2.5, 3.0e9, -3.0e9, 2.0**31, 2.0**32, 2.0**63, 2.0**64, 1e300, float("inf"))
_INSTANTIATION = ""
"""Stands for the name of the export in the outcome of instantiation."""


@dataclass(frozen=True)
class Call:
    """A call of an export with host values."""

    export: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What a call did, in comparable form.

    :ivar result: the values, floats by their bits (NaNs are all the same), or the code of a trap
    :ivar log: calls of imported functions since the last outcome
    :ivar state: exported globals, and size and checksum of exported memories, after the call
    """

    call: Call
    result: object
    log: tuple[object, ...]
    state: tuple[object, ...]


class GiveUp(Exception):
    """The call depends on the engine: it ran out of fuel or stack."""


def comparable(value: Any) -> object:
    """A host value by its bits; NaNs are all the same, references are null or not."""
    if isinstance(value, float):
        return "nan" if value != value else struct.pack("<d", value).hex()
    if isinstance(value, (list, tuple)):
        return tuple(map(comparable, value))
    return value if value is None or isinstance(value, int) else "reference"


def checksum(data: bytes | bytearray | mmap) -> tuple[int, int]:
    """Size and checksum of a memory."""
    return len(data), zlib.crc32(data)


@cache
def engine(*, canonical_nan: bool = True) -> wasmtime.Engine:
    """Wasmtime as the oracle.

    :param canonical_nan: whether NaN results get the canonical bits, or those that the processor gives
    """
    config = wasmtime.Config()
    config.consume_fuel = True
    config.cranelift_opt_level = "none"
    config.cranelift_nan_canonicalization = canonical_nan
    config.wasm_multi_memory = True
    config.wasm_tail_call = True
    config.wasm_relaxed_simd_deterministic = True
    return wasmtime.Engine(config)


class Subject:
    """A module under test.

    :param data: the binary, which wasmtime finds valid
    :param seed: chooses the arguments of the calls
    :raises wasmtime.WasmtimeError: the module is not valid
    """

    def __init__(self, data: bytes, seed: object) -> None:
        self.data = data
        self.module = wasmtime.Module(engine(), data)
        self.imports = imports(self.module)
        self.calls = self._plan(random.Random(str(seed)))

    def _plan(self, rng: random.Random) -> list[Call]:
        """A handful of calls of every exported function."""
        calls = []
        for export in self.module.exports:
            if not isinstance(export.type, wasmtime.FuncType):
                continue
            reset = [Call("hangLimitInitializer", ())] if export.name != "hangLimitInitializer" else []
            known = any(e.name == "hangLimitInitializer" for e in self.module.exports)
            params = [str(p) for p in export.type.params]
            for _ in range(4 if params else 1):
                calls += reset if known else []
                calls.append(Call(export.name or "", tuple(_argument(rng, p) for p in params)))
        return calls

    def expected(self) -> list[Outcome]:
        """The outcomes under wasmtime: instantiation, then the calls, up to the first that cannot be compared.

        The specification leaves the bits of NaN results open; what depends on them differs between two engines.
        """
        outcomes = self._outcomes(canonical_nan=True)
        others = self._outcomes(canonical_nan=False)
        same = (one == two for one, two in zip(outcomes, others, strict=False))
        return [outcome for outcome, _ in zip(outcomes, takewhile(bool, same), strict=False)]

    def _outcomes(self, *, canonical_nan: bool) -> list[Outcome]:
        chosen = engine(canonical_nan=canonical_nan)
        module = wasmtime.Module(chosen, self.data)
        store = wasmtime.Store(chosen)
        store.set_fuel(FUEL)
        log: list[object] = []
        functions = [
            wasmtime.Func(store, type_, stub(log, f"{module_name}.{name}", [str(r) for r in type_.results]))
            for module_name, name, type_ in imports(module)
        ]
        outcomes: list[Outcome] = []
        exports: Any = {}

        def instantiate() -> None:
            nonlocal exports
            exports = wasmtime.Instance(store, module, functions).exports(store)

        def run(call: Call) -> Any:
            return exports[call.export](store, *call.args)

        def state() -> tuple[object, ...]:
            values: list[object] = []
            for export in exports.values() if exports else ():
                if isinstance(export, wasmtime.Global):
                    values.append(comparable(export.value(store)))
                elif isinstance(export, wasmtime.Memory):
                    values.append(checksum(export.read(store, 0, export.data_len(store))))
            return tuple(values)

        try:
            outcomes.append(_outcome(Call(_INSTANTIATION, ()), instantiate, log, state))
            for call in self.calls if exports else ():
                store.set_fuel(FUEL)
                outcomes.append(_outcome(call, partial(run, call), log, state))
        except GiveUp:
            pass
        return outcomes


def imports(module: wasmtime.Module) -> list[tuple[str, str, wasmtime.FuncType]]:
    """Imported functions: module, name and type."""
    found = []
    for entry in module.imports:
        assert isinstance(entry.type, wasmtime.FuncType)
        found.append((entry.module, entry.name or "", entry.type))
    return found


def stub(log: list[object], name: str, results: Sequence[str]) -> Callable[..., Any]:
    """A host function that records its arguments and returns zeros."""
    zeros = [{"f32": 0.0, "f64": 0.0}.get(r, 0 if r in ("i32", "i64") else None) for r in results]

    def function(*args: Any) -> Any:
        log.append((name, comparable(args)))
        if len(zeros) > 1:
            return zeros
        return zeros[0] if zeros else None

    return function


def _outcome(call: Call, run: Callable[[], Any], log: list[object], state: Callable[[], tuple[object, ...]]) -> Outcome:
    result: object
    try:
        result = comparable(run())
    except wasmtime.Trap as trap:
        code = trap.trap_code
        if code not in _TRAPS:
            raise GiveUp from None
        result = _TRAPS[code]
    outcome = Outcome(call, result, tuple(log), state())
    log.clear()
    return outcome


def _argument(rng: random.Random, type_: str) -> Any:
    """An interesting value of a type."""
    if type_ in ("i32", "i64"):
        bits = int(type_[1:])
        choice = rng.random()
        if choice < 0.5:
            return rng.choice(_INTEGERS)
        if choice < 0.7:
            return -rng.choice(_INTEGERS)
        if choice < 0.9:  # around the edges
            value = (rng.choice((1 << bits - 1, 1 << 31, 1 << 32, 1 << bits)) + rng.randint(-4, 4)) % (1 << bits)
        else:
            value = rng.getrandbits(bits)
        return value - (1 << bits) if value >> bits - 1 else value
    if type_ == "f32":
        return struct.unpack("<f", struct.pack("<f", min(rng.choice(_FLOATS), 3e38)))[0]
    if type_ == "f64":
        return rng.choice(_FLOATS)
    return None
