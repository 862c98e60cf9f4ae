"""C and C++ sources to Wasm modules by the package ``ziglang``, kept in ``.cache`` under a hash of what made them."""

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
    "-mbulk-memory",
    "-Wl,--no-entry", "-Wl,--export=run", "-Wl,--strip-all",
)  # fmt: skip

#: A WASI command with zig's own C or C++ library.
PROGRAM_FLAGS = ("-target", "wasm32-wasi", "-O2", "-fno-exceptions", "-Wl,--strip-all")

#: A WASI reactor: a library that keeps its state between calls.
LIBRARY_FLAGS = (
    *PROGRAM_FLAGS, "-mexec-model=reactor", "-Wl,--export=malloc", "-Wl,--export=free",
)  # fmt: skip


class BuildError(Exception):
    """The compiler is missing or did not accept a source; the text says which."""


def build(source: Path, flags: tuple[str, ...]) -> Path:
    """Return the Wasm module that ``python -m ziglang cc`` (``c++`` for ``.cpp``) makes of the file ``source``.

    The flags may name more files, which must not change under their names.

    :raises BuildError: ``ziglang`` is not installed, or its error messages
    """
    try:
        version = metadata.version("ziglang")
    except metadata.PackageNotFoundError:
        raise BuildError("building C needs the package ziglang: pip install ziglang") from None
    compiler = "c++" if source.suffix == ".cpp" else "cc"
    key = hashlib.sha256("\0".join((version, compiler, *flags)).encode() + b"\0" + source.read_bytes()).hexdigest()
    output = CACHE / f"{source.stem}-{key[:16]}.wasm"
    if not output.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = output.with_suffix(f".{os.getpid()}")
        command = [sys.executable, "-m", "ziglang", compiler, *flags, "-o", str(unfinished), str(source)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise BuildError(f"{source.name} does not compile:\n{result.stderr.strip()}")
        unfinished.replace(output)
    return output
