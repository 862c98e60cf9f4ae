"""The child process that transpiles one module, so that its time and its memory are its own.

``python -m benchmarks.programs.worker MODULE LEVEL NAME DIRECTORY`` writes the result as the Python module ``NAME`` to
the directory and prints one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.engines import transpiled, write_parts
from wasm2py.formatting import format_sources
from wasm2py.transpile import DEFAULTS


def peak_memory() -> int:
    """Return the largest resident size of this process so far, in bytes."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:  # not Linux, where getrusage would count what the parent used before exec
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main() -> None:
    """Transpile one module and print what it took."""
    module, level, name, directory = sys.argv[1:]
    wasm = Path(module).read_bytes()
    idle = peak_memory()
    start = time.process_time()
    parts = transpiled(wasm, int(level), "auto", Path(module).name)
    seconds = time.process_time() - start
    peak = peak_memory()
    write_parts(parts, Path(directory), name)
    size = sum(len(source.encode()) for source in parts.values())
    default = sum(len(source.encode()) for source in format_sources(parts, DEFAULTS.format, len(wasm)).values())
    cost = {"seconds": seconds, "idle": idle, "peak": peak, "size": size, "default": default, "files": len(parts)}
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
