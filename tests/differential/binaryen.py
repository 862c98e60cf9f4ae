"""Random modules by binaryen: ``wasm-opt --translate-to-fuzz``."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from pathlib import Path

AVAILABLE = shutil.which("wasm-opt") is not None
"""Whether binaryen is installed."""

_FEATURES = (
    "--mvp-features",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-tail-call",
)

_SHAPES = (
    (),
    ("-O1",),
    ("-O2",),
    ("-O3",),
    ("-Os",),
    ("--flatten", "--simplify-locals-notee-nostructure", "-O2"),
    ("--flatten",),
    ("--flatten", "--rereloop", "-O2"),
    ("--inlining-optimizing", "-O3"),
    ("--vacuum", "--coalesce-locals", "--reorder-locals"),
    ("--code-folding", "--merge-blocks"),
)
"""Passes that give the code different shapes."""


def binaryen_module(seed: object) -> bytes:
    """A random module, the same for the same seed and version of binaryen.

    Mostly ``--denan`` replaces every NaN: the specification leaves the bits of NaN results open, and what depends on
    them is not compared.

    :raises subprocess.CalledProcessError: binaryen failed
    """
    rng = random.Random(str(seed))
    with tempfile.TemporaryDirectory() as folder:
        noise, output = Path(folder) / "noise", Path(folder) / "out.wasm"
        noise.write_bytes(rng.randbytes(rng.choice((200, 1000, 3000, 3000, 8000))))
        bounds = rng.choice(((), (), ("--no-fuzz-oob",)))
        denan = rng.choice(((), ("--denan",), ("--denan",)))
        command = ["wasm-opt", "-ttf", str(noise), *_FEATURES, *bounds, *denan, *rng.choice(_SHAPES), "-o", str(output)]
        subprocess.run(command, check=True, capture_output=True)
        return output.read_bytes()
