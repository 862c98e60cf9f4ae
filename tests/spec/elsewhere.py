"""Runs scripts of the suite in any Python from 3.9, with sources that the compiler made before.

Each line of standard input is a task, each line of standard output its result, both JSON.  Needs nothing but the
standard library and the runtime.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from runtime_support import Module
from tests.spec.script import Script
from tests.spec.verdicts import UNKNOWN, Refused, Verdict
from tests.spec_data import Command, load


def run(name: str, known: dict[str, Any]) -> dict[str, Any]:
    """Run one file.

    :param name: as in ``index.json``
    :param known: verdicts as dictionaries, by the file name of the module
    """

    def compile_module(command: Command) -> Module:
        verdict = known.get(command["filename"])
        if verdict is None:
            raise Refused(UNKNOWN, "the text format is not tested here: it does not depend on the interpreter")
        return Verdict(**verdict).module()

    begin = time.perf_counter()
    outcomes = [
        (outcome.line, outcome.type, outcome.status.value, outcome.detail)
        for outcome in Script(compile_module).run(load(name))
    ]
    return {"outcomes": outcomes, "seconds": time.perf_counter() - begin}


if __name__ == "__main__":
    for line in sys.stdin:
        json.dump(run(**json.loads(line)), sys.stdout)
        sys.stdout.write("\n")
        sys.stdout.flush()
