"""Runs one program in any Python from 3.9: ``worker.py MODULE FOLDER TURNS`` prints CPU seconds of the fastest turn.

The program sees the folder as its directory, its file ``in`` as standard input, and ``out`` as standard output.
"""

import importlib
import sys
import time

from runtime_support import ExitError
from wasi_shim import Directory, Wasi


def turn(module, folder):
    """Run the program, and return the CPU time of this process, user and system, in seconds."""
    with open(f"{folder}/in", "rb", buffering=0) as stdin, open(f"{folder}/out", "wb", buffering=0) as stdout:
        wasi = Wasi(stdin=stdin, stdout=stdout, preopens={".": Directory(folder)})
        start = time.process_time()
        try:
            module.instantiate(wasi=wasi, start=("_start",))
        except ExitError as end:
            if end.code:
                sys.exit(f"exit status {end.code}")
        return time.process_time() - start


if __name__ == "__main__":
    name, folder, turns = sys.argv[1:]
    module = importlib.import_module(name)
    print(min(turn(module, folder) for _ in range(int(turns))))
