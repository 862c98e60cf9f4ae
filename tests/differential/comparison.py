"""Generated code under the same calls: where does it differ from wasmtime?"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from runtime_support import Global, Memory, Trap
from tests.differential.oracle import Call, Outcome, Subject, checksum, comparable, stub
from wasm2py.errors import Unsupported
from wasm2py.options import OPTIMISE, Options
from wasm2py.transpile import transpile

VARIANTS = (*(Options(optimise=level, format="none") for level in OPTIMISE), Options(target="pypy", format="none"))
"""Every level, and the other target at the default one."""

_SECONDS = 30
"""After which code that wasmtime runs in a moment counts as code that does not end."""

_ALIASES = {"undefined element": "out of bounds table access"}
"""Wasmtime has one code for both."""


@dataclass
class Tally:
    """What a run has seen."""

    modules: int = 0
    calls: int = 0
    traps: Counter[str] = field(default_factory=Counter)
    given_up: int = 0
    unsupported: int = 0


def differences(data: bytes, seed: object, variants: Sequence[Options], tally: Tally) -> Iterator[str]:
    """Descriptions of what is wrong, the first for each variant.

    :raises wasmtime.WasmtimeError: the module is not valid
    """
    subject = Subject(data, seed)
    expected = subject.expected()
    tally.modules += 1
    tally.calls += len(expected)
    tally.given_up += len(expected) <= len(subject.calls)
    tally.traps.update(o.result for o in expected if isinstance(o.result, str) and " " in o.result)
    for options in variants:
        try:
            (source,) = transpile(data, options).parts.values()
        except Unsupported:
            tally.unsupported += 1
            return
        except Exception as error:
            yield f"{name(options)}: transpile: {type(error).__name__}: {error}"
            continue
        try:
            with _time_limit():
                for wanted, got in zip(expected, _run(source, subject, [o.call for o in expected]), strict=False):
                    if wanted != got:
                        yield f"{name(options)}: {_difference(wanted, got)}"
                        break
        except Exception as error:
            yield f"{name(options)}: {type(error).__name__}: {error}"


def name(options: Options) -> str:
    """A variant in a few characters."""
    return f"-O{options.optimise} {options.target}"


def _difference(wanted: Outcome, got: Outcome) -> str:
    parts = [
        f"{what} {mine!r} instead of {theirs!r}"
        for what, mine, theirs in (
            ("result", got.result, wanted.result),
            ("log", got.log, wanted.log),
            ("state", got.state, wanted.state),
        )
        if mine != theirs
    ]
    return f"{wanted.call.export or 'instantiation'}{wanted.call.args}: {'; '.join(parts)}"


def _run(source: str, subject: Subject, calls: Sequence[Call]) -> Iterator[Outcome]:
    """The outcomes of generated code, one by one, as far as they can be compared."""
    namespace: dict[str, Any] = {"__name__": "subject"}
    exec(compile(source, "<subject>", "exec", dont_inherit=True), namespace)
    log: list[object] = []
    imports: dict[str, dict[str, Any]] = {}
    for module, field_name, type_ in subject.imports:
        results = [str(r) for r in type_.results]
        imports.setdefault(module, {})[field_name] = stub(log, f"{module}.{field_name}", results)
    exports: Any = {}

    def instantiate() -> None:
        nonlocal exports
        exports = namespace["instantiate"](imports).exports

    def state() -> tuple[object, ...]:
        values: list[object] = []
        for export in (exports[key] for key in exports):
            if isinstance(export, Global):
                values.append(comparable(export.value))
            elif isinstance(export, Memory):
                values.append(checksum(export.data))
        return tuple(values)

    for call in calls:
        run = (lambda call=call: exports[call.export](*call.args)) if call.export else instantiate
        try:
            result = comparable(run())
        except Trap as trap:
            if trap.code == "call stack exhausted":
                return
            result = _ALIASES.get(trap.code, trap.code)
        yield Outcome(call, result, tuple(log), state())
        log.clear()


@contextmanager
def _time_limit() -> Iterator[None]:
    def expired(_number: int, _frame: object) -> None:
        raise TimeoutError("does not end")

    before = signal.signal(signal.SIGALRM, expired)
    signal.setitimer(signal.ITIMER_REAL, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
