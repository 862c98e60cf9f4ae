"""Runs transpiled programs in any Python from 3.9, by the list on standard input; results go to standard output.

Needs nothing but the standard library, the runtime and the WASI functions, as users do.
"""

import importlib.util
import io
import json
import os
import sys
import threading
import time

from runtime_support import ExitError, Trap
from wasi_shim import Directory, Wasi

SILENT = io.FileIO(os.pipe()[0], closefd=False)
"""An input from which reading waits for ever."""


def threads_left():
    """The threads of programs that have not ended a few seconds after."""
    for _ in range(100):
        left = [thread for thread in threading.enumerate() if thread.name.startswith("wasi")]
        if not left:
            break
        time.sleep(0.05)
    return left


def run(task):
    """Run one program; returns its exit status and what it printed."""
    stdin = SILENT if task.get("silent") else task.get("stdin", "").encode("latin-1")
    streams = {"stdin": stdin, "stdout": io.BytesIO(), "stderr": io.BytesIO()}
    preopens = {name: Directory(path, read_only=read_only) for name, path, read_only in task["preopens"]}
    wasi = Wasi(args=task["args"], env=task["env"], preopens=preopens, **streams)
    spec = importlib.util.spec_from_file_location("program", task["source"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    status = 0
    try:
        module.instantiate(wasi=wasi, start=("_start",))
    except ExitError as end:
        status = end.code
    except Trap as trap:
        status = f"trap: {trap}"
    if left := threads_left():
        status = f"{status}, and left {left}"
    return {
        "status": status,
        **{name: streams[name].getvalue().decode("utf-8", "surrogateescape") for name in ("stdout", "stderr")},
    }


if __name__ == "__main__":
    json.dump([run(task) for task in json.load(sys.stdin)], sys.stdout)
