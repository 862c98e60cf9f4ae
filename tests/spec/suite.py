"""Running files of the suite against what wasm2py generates."""

from __future__ import annotations

import importlib.util
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from runtime_support import Module
from tests import spec_data
from tests.spec import verdicts
from tests.spec.expectations import DISABLED, problems
from tests.spec.script import Compile, Outcome, Script, Status
from tests.spec.verdicts import Verdict
from tests.spec_data import Command
from tests.transpiled import source_path
from wasm2py.errors import Invalid, Malformed, TextError, Unsupported
from wasm2py.features import FEATURES, Stage
from wasm2py.options import Options
from wasm2py.text import to_binary


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


def judge(data: bytes, options: Options) -> Verdict:
    """Transpile a module; a mistake is a verdict too."""
    try:
        return Verdict(source=str(source_path(data, options)))
    except Malformed as error:
        return Verdict(kind=verdicts.MALFORMED, text=str(error))
    except Invalid as error:
        return Verdict(kind=verdicts.INVALID, text=str(error))
    except Unsupported as error:
        if error.disabled:
            return Verdict(kind=verdicts.DISABLED, text=str(error))
        if FEATURES[error.feature].stage is not Stage.SUPPORTED:
            return Verdict(kind=verdicts.UNSUPPORTED, text=str(error))
        return Verdict(kind=verdicts.FAILED, text=f"refused, although {error.feature} is supported: {error}")
    except Exception as error:
        return Verdict(kind=verdicts.FAILED, text=f"{type(error).__name__}: {error}")


def judge_text(command: Command, options: Options) -> Verdict:
    """Convert a module of the text format and transpile it."""
    if importlib.util.find_spec("wasmtime") is None:
        return Verdict(kind=verdicts.UNKNOWN, text="no converter of the text format is installed")
    try:
        data = to_binary(spec_data.text_bytes(command), command["filename"])
    except TextError as error:
        return Verdict(kind=verdicts.TEXT, text=str(error))
    return judge(data, options)


def compiler(options: Options) -> Compile:
    """Transpile the module of a command, or convert its text first where that is all there is, and execute it."""

    def compile_module(command: Command) -> Module:
        if spec_data.has_wasm(command):
            return judge(spec_data.wasm_bytes(command), options).module()
        return judge_text(command, options).module()

    return compile_module


def group_of(name: str) -> str:
    """The group of a file, as in ``index.json``."""
    group: str = spec_data.index()["files"][name]["group"]
    return group


def options_for(name: str, options: Options) -> Options:
    """The options for a file: without the proposals that its authors did not know."""
    return replace(options, disable=DISABLED.get(group_of(name), ()))


def run_file(name: str, options: Options) -> FileResult:
    """Run one file of the suite.

    :param name: as in ``index.json``
    """
    begin = time.perf_counter()
    outcomes = list(Script(compiler(options_for(name, options))).run(spec_data.load(name)))
    return FileResult(name, outcomes, problems(name, group_of(name), outcomes), time.perf_counter() - begin)
