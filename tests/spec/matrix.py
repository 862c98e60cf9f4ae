"""The suite in other interpreters: the compiler works here, generated code and runtime there."""

from __future__ import annotations

import json
import os
import queue
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Any

from tests import spec_data
from tests.spec.expectations import problems
from tests.spec.script import Outcome, Status
from tests.spec.suite import FileResult, group_of, judge, options_for
from wasm2py.options import Options

Known = dict[str, dict[str, str]]
"""Verdicts on the modules of a file, by their file names."""


def verdicts(name: str, options: Options) -> Known:
    """Transpile the modules of a file, but for those that are text only."""
    chosen = options_for(name, options)
    return {
        command["filename"]: asdict(judge(spec_data.wasm_bytes(command), chosen))
        for command in spec_data.load(name)
        if spec_data.has_wasm(command)
    }


class _Worker:
    """A process of another interpreter that runs one file after the other."""

    def __init__(self, python: str) -> None:
        self._python = python
        environment = {**os.environ, "WASM2PY_SPEC": str(spec_data.spec_dir())}
        self._process = subprocess.Popen(
            [python, "-m", "tests.spec.elsewhere"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=spec_data.ROOT,
            env=environment,
        )

    def run(self, name: str, known: Known) -> FileResult:
        """Run a file.

        :raises RuntimeError: the process ended
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"name": name, "known": known}) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise RuntimeError(f"{self._python} ended with {self._process.wait()} in {name}")
        done: dict[str, Any] = json.loads(answer)
        outcomes = [Outcome(line, type_, Status(status), detail) for line, type_, status, detail in done["outcomes"]]
        return FileResult(name, outcomes, problems(name, group_of(name), outcomes), done["seconds"])

    def close(self) -> None:
        """End the process."""
        with suppress(BrokenPipeError), self._process:  # it closes the pipes and waits
            pass


class Elsewhere:
    """Several processes of one interpreter, for use in a ``with`` statement."""

    def __init__(self, python: str, jobs: int) -> None:
        self._workers = [_Worker(python) for _ in range(jobs)]

    def __enter__(self) -> Elsewhere:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.close()

    def run(self, files: Sequence[tuple[str, Known]]) -> Iterator[FileResult]:
        """Run files; the results are in their order."""
        idle: queue.Queue[_Worker] = queue.Queue()
        for worker in self._workers:
            idle.put(worker)

        def run(task: tuple[str, Known]) -> FileResult:
            worker = idle.get()
            try:
                return worker.run(*task)
            finally:
                idle.put(worker)

        with ThreadPoolExecutor(len(self._workers)) as pool:
            yield from pool.map(run, files)
