"""Lets the runner of the official WASI test suite drive ``wasm2py run``.

In a checkout of https://github.com/WebAssembly/wasi-testsuite, branch ``prod/testsuite-base``::

    ./run-tests --runtime-adapter …/tests/wasi/adapter/wasm2py.py

The environment variable ``WASM2PY`` names the command, with options if need be (``WASM2PY="python -m wasm2py"``).
"""

from __future__ import annotations

import os
import shlex
import subprocess

WASM2PY = shlex.split(os.getenv("WASM2PY", "wasm2py"), posix=os.name != "nt")


def get_name() -> str:
    return "wasm2py"


def get_version() -> str:
    done = subprocess.run([*WASM2PY, "--version"], encoding="utf-8", capture_output=True, check=True)
    return done.stdout.split()[-1]


def get_wasi_versions() -> list[str]:
    return ["wasm32-wasip1"]


def get_wasi_worlds() -> list[str]:
    return ["wasi:cli/command"]


def get_timeout_seconds() -> float:
    """The first run of a program transpiles it, with as many others as the runner starts at once."""
    return 60


def compute_argv(
    test_path: str,
    args_env_root: tuple[list[str], dict[str, str], str | None],
    proposals: list[str],
    wasi_world: str,
    wasi_version: str,
) -> list[str]:
    args, env, root = args_env_root
    options = [f"--env={name}={value}" for name, value in env.items()]
    if root:
        options.append(f"--dir={root}::/")
    return [*WASM2PY, "run", *options, str(test_path), *args]
