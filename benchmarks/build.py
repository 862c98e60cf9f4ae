"""C sources to Wasm modules by the PyPI package ``ziglang``, kept in ``.cache`` under the hash of what made them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "benchmarks"

#: A module without imports whose only exported function is ``run``.
KERNEL_FLAGS = (
    "-target", "wasm32-freestanding", "-O2", "-std=c11", "-Wall", "-Wextra", "-Werror", "-nostdlib",
    "-Wl,--no-entry", "-Wl,--export=run", "-Wl,--strip-all",
)  # fmt: skip

#: A WASI command with zig's own C library.
PROGRAM_FLAGS = ("-target", "wasm32-wasi", "-O2", "-std=c11")


class BuildError(Exception):
    """The compiler is missing or did not accept a source; the text says which."""


def compile_c(source: str, flags: tuple[str, ...]) -> bytes:
    """Return the Wasm module that ``python -m ziglang cc`` makes of ``source``.

    :raises BuildError: ``ziglang`` is not installed, or its error messages
    """
    try:
        version = metadata.version("ziglang")
    except metadata.PackageNotFoundError:
        raise BuildError("building C needs the package ziglang: pip install ziglang") from None
    key = hashlib.sha256("\0".join((version, *flags, source)).encode()).hexdigest()
    output = CACHE / f"{key}.wasm"
    if not output.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = CACHE / f"{key}.{os.getpid()}.wasm"
        text = CACHE / f"{key}.c"
        text.write_text(source, encoding="utf-8")
        command = [sys.executable, "-m", "ziglang", "cc", *flags, "-o", str(unfinished), str(text)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise BuildError(result.stderr.strip())
        unfinished.replace(output)
    return output.read_bytes()
