"""Deep and endless recursion, in processes of their own: what goes wrong here kills the interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runtime_support import stack

ROOT = Path(__file__).resolve().parents[3]

PRELUDE = """
from runtime_support import Function, Module, Trap, functype
import runtime_support.stack as stack
T = functype("i32", "i32")
generated = {"__wasm2py__": 1}
def run(factory, argument, **imports):
    module = Module("m", factory=factory, imports=[("m", name, "func", T) for name in imports])
    return module.instantiate({"m": imports}).exports.f(argument)
def outcome(*args, **imports):
    try:
        return run(*args, **imports)
    except Trap as trap:
        return trap.code
"""

RECURSION = """
exec('''
def factory(instance):
    def f(n):
        return f(n - 1) + 1 if n else 0
    instance.exports = {"f": Function(T, f, "f")}
''', dict(globals(), __wasm2py__=1), generated)
"""

THROUGH_HOST = """
exec('''
def factory(instance):
    host = instance.imports[0].raw
    def f(n):
        return host(n - 1) + 1 if n else 0
    instance.exports = {"f": Function(T, f, "f")}
    current.append(instance.exports.f)
''', dict(globals(), __wasm2py__=1, current=(current := [])), generated)
def plain(n):
    return current[-1](n)
def sorting(n):
    results = []
    sorted([n], key=lambda n: results.append(current[-1](n)) or 0)
    return results[0]
"""


def run(source: str, *, thread: bool = False) -> str:
    """Run ``source``, in a thread of its own on request; return what it prints."""
    source = PRELUDE + source
    if thread:
        source = (
            "import threading\n"
            f"thread = threading.Thread(target=exec, args=({source!r}, globals()))\n"
            "thread.start()\nthread.join()\n"
        )
    process = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert process.returncode == 0, process.stderr[-2000:]
    return process.stdout


THREADS = pytest.mark.parametrize("thread", [False, True], ids=["main", "thread"])


@pytest.mark.skipif(stack.RECURSION_LIMIT < 10_000, reason="this interpreter takes C stack for every call")
@THREADS
def test_ten_thousand_levels(thread: bool) -> None:
    assert run(f"{RECURSION}\nprint(outcome(generated['factory'], 10_000))", thread=thread) == "10000\n"


@THREADS
def test_half_of_the_limit_is_there_for_wasm(thread: bool) -> None:
    levels = stack.RECURSION_LIMIT // 2
    assert run(f"{RECURSION}\nprint(outcome(generated['factory'], {levels}))", thread=thread) == f"{levels}\n"


@THREADS
def test_endless_recursion_traps_again_and_again(thread: bool) -> None:
    program = f"{RECURSION}\nfor _ in range(3): print(outcome(generated['factory'], -1))"
    assert run(program, thread=thread) == "call stack exhausted\n" * 3


@THREADS
@pytest.mark.parametrize("host", ["plain", "sorting"])
def test_endless_recursion_through_the_host_traps(host: str, thread: bool) -> None:
    program = f"{THROUGH_HOST}\nfor _ in range(3): print(outcome(generated['factory'], -1, host={host}))"
    assert run(program, thread=thread) == "call stack exhausted\n" * 3


@THREADS
def test_nested_host_calls_below_the_limit_return(thread: bool) -> None:
    program = f"{THROUGH_HOST}\nprint(outcome(generated['factory'], 400, host=plain))\nprint(stack._depths)"
    assert run(program, thread=thread) == "400\n{}\n"


def test_the_recursion_limit_is_never_lowered() -> None:
    limit = stack.RECURSION_LIMIT + 1
    program = f"import sys\nsys.setrecursionlimit({limit})\nstack.prepare()\nprint(sys.getrecursionlimit())"
    assert run(program) == f"{limit}\n"
