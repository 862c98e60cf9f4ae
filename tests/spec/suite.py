"""Running files of the suite against what wasm2py generates."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from runtime_support import Module
from tests import spec_data
from tests.spec.expectations import problems
from tests.spec.script import Compile, Outcome, Script, Status
from tests.transpiled import code_of
from wasm2py.options import Options


@dataclass(frozen=True)
class FileResult:
    """The result of one file."""

    name: str
    outcomes: Sequence[Outcome]
    problems: Sequence[str]
    seconds: float

    @property
    def counts(self) -> Counter[Status]:
        """How many commands ended in each status."""
        return Counter(outcome.status for outcome in self.outcomes)


def compiler(options: Options) -> Compile:
    """Transpile a module and execute the generated source."""

    def compile_module(data: bytes) -> Module:
        namespace: dict[str, Any] = {"__name__": "spec_module"}
        exec(code_of(data, options), namespace)
        module = namespace["MODULE"]
        assert isinstance(module, Module)
        return module

    return compile_module


def run_file(name: str, options: Options) -> FileResult:
    """Run one file of the suite.

    :param name: as in ``index.json``
    """
    begin = time.perf_counter()
    outcomes = list(Script(compiler(options)).run(spec_data.load(name)))
    group = spec_data.index()["files"][name]["group"]
    return FileResult(name, outcomes, problems(name, group, outcomes), time.perf_counter() - begin)
