"""``wasm2py run``: from the command line to the exit status of the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import wasmtime
from click.testing import CliRunner, Result

from wasi_shim.command.options import OPTIONS
from wasm2py.cli import group
from wasm2py.cli.outcomes import exit_code
from wasm2py.cli.run import run_command

ROOT = Path(__file__).resolve().parent.parent.parent
ADD = ROOT / "examples" / "add.wasm"

ECHO = """(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $sizes (i32.const 0) (i32.const 12)))
    (drop (call $args (i32.const 1024) (i32.const 8192)))
    (i32.store (i32.const 8) (i32.const 8192))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
    (call $exit (i32.load (i32.const 0)))))"""
"""Writes its command line, each argument with a NUL behind it, and exits with the number of arguments."""

TRAP = """(module
  (func $inner (unreachable))
  (func $outer (call $inner))
  (func (export "_start") (call $outer))
  (memory (export "memory") 1))"""

HOT = """(module
  (tag $t)
  (memory (export "memory") 1)
  (func $hot (loop $again
    (block $caught (try_table (catch_all $caught) (loop $inner (br $inner))))
    (br $again)))
  (func (export "_start") (call $hot)))"""
"""A loop that catches everything that wasm can."""

READY = """(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\08\\00\\00\\00\\01\\00\\00\\00!")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
    (loop $again (br $again))))"""
"""Writes an exclamation mark, then loops."""

GROW = """(module
  (memory (export "memory") 2)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"""

LIST = """(module
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $mkdir (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "new")
  (func (export "mkdir") (result i32) (call $mkdir (i32.const 3) (i32.const 8) (i32.const 3)))
  (func (export "preopen") (param i32) (result i32) (call $name (i32.const 3) (i32.const 0) (local.get 0))))"""


def binary(text: str) -> bytes:
    return bytes(wasmtime.wat2wasm(text))


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory, beside a cache that is not the user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("WASM2PY_DEBUG", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command in this process, as the program does."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = exit_code(group, ["run", *arguments])
        return (code, *capfd.readouterr())

    return run


def process(*arguments: str, stdin: bytes = b"", **variables: str) -> tuple[int, bytes, bytes]:
    """Runs the command in a process of its own."""
    command = [sys.executable, "-m", "wasm2py", "run", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **variables}, timeout=120)
    return done.returncode, done.stdout, done.stderr


def write(name: str, text: str) -> str:
    Path(name).write_bytes(binary(text))
    return name


# ------------------------------------------------------------------------------------------------------------- programs


def test_the_arguments_and_the_status_are_the_programs_own(run) -> None:
    write("echo.wasm", ECHO)
    assert run("echo.wasm") == (1, "echo.wasm\0", "")
    assert run("echo.wasm", "a", "--dir=x", "-O9", "--", "") == (6, "echo.wasm\0a\0--dir=x\0-O9\0--\0\0", "")
    assert run("--argv0", "me", "./echo.wasm", "--help") == (2, "me\0--help\0", "")
    assert run("--", "echo.wasm", "é") == (2, "echo.wasm\0é\0", "")


def test_text_and_standard_input() -> None:
    Path("echo.wat").write_text(ECHO)
    assert process("echo.wat", "a") == (2, b"echo.wat\0a\0", b"")
    assert process("-", "a", stdin=binary(ECHO)) == (2, b"-\0a\0", b"")
    assert process("-", "a", stdin=ECHO.encode()) == (2, b"-\0a\0", b"")


@pytest.mark.parametrize("name", ["-x.wasm", "a b;\x1b[31m.wasm", "run", "é'\".wasm", "x:ro", "class.py"])
def test_odd_names_of_modules(name: str, run) -> None:
    write(name, ECHO)
    assert run("--", name) == (1, f"{name}\0", "")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_name_that_is_no_text() -> None:
    name = os.fsdecode(b"\xff.wasm")
    write(name, ECHO)
    assert process(name) == (1, b"\xff.wasm\0", b"")
    write(name, TRAP)
    assert process(name)[0] == 134


@pytest.mark.parametrize("code", [0, 1, 42, 125, 255, 256, 2**32 - 1])
def test_exit_statuses(code: int) -> None:
    exit = f"""(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const {code}))))"""
    assert process(write("exit.wasm", exit)) == (code % 256, b"", b"")


def test_a_trap_is_reported_with_the_names_of_functions(run) -> None:
    write("trap.wasm", TRAP)
    assert run("trap.wasm") == (
        134,
        "",
        "trap: unreachable\n    in f0_inner\n    in f1_outer\n    in f2_start\n",
    )


def test_a_debugger_sees_the_traceback(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WASM2PY_DEBUG", "1")
    write("trap.wasm", TRAP)
    code, _, err = run("trap.wasm")
    assert code == 134
    assert "Traceback (most recent call last)" in err
    assert 'File "wasm2py:trap.wasm/module.py", line' in err
    assert err.endswith("\n    in f2_start\n")


@pytest.mark.parametrize("target", ["auto", "cpython", "pypy"])
@pytest.mark.parametrize("level", ["0", "1", "2"])
def test_compiler_options(level: str, target: str, run) -> None:
    write("echo.wasm", ECHO)
    assert run(f"-O{level}", "--target", target, "--no-names", "-j2", "echo.wasm") == (1, "echo.wasm\0", "")


def test_reactors_and_libraries(run) -> None:
    write("reactor.wasm", '(module (memory (export "memory") 1) (func (export "_initialize")))')
    assert run("reactor.wasm") == (0, "", "")
    code, out, err = run(str(ADD))
    assert (code, out) == (2, "")
    assert err == (
        "error: module 'add' is no program (it exports no function _start): "
        "import it, or name a function with --invoke\n"
    )


def test_invoke(run) -> None:
    assert run("--invoke", "add", str(ADD), "-1", "0x10") == (0, "15\n", "")
    assert run("--invoke=add", str(ADD), "1")[:2] == (2, "")
    assert run("--invoke=gone", str(ADD))[2] == "error: the module exports no function 'gone', but 'add'\n"


def test_missing_imports(run) -> None:
    write("lonely.wasm", '(module (import "env" "f" (func)) (func (export "_start")))')
    code, out, err = run("lonely.wasm")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("error: unknown import: 'env' 'f'")


# --------------------------------------------------------------------------------------------------------------- grants


def test_directories(run) -> None:
    write("list.wasm", LIST)
    Path("granted").mkdir()
    assert run("--invoke=mkdir", "list.wasm")[1] == "8\n"  # EBADF: nothing is granted
    assert run("--dir=granted:ro", "--invoke=mkdir", "list.wasm")[1] == "63\n"  # EPERM
    assert not Path("granted/new").exists()
    assert run("--dir", "granted::/", "--dir=.::/other", "--invoke=mkdir", "list.wasm")[1] == "0\n"
    assert Path("granted/new").is_dir()
    assert run("--dir", "granted::/guest", "--invoke=preopen", "list.wasm", "6")[1] == "0\n"
    assert run("--dir", "granted::/guest", "--invoke=preopen", "list.wasm", "5")[1] == "37\n"  # too short


def test_limits(run) -> None:
    write("grow.wasm", GROW)
    assert run("--max-memory=3pages", "--invoke=grow", "grow.wasm", "1")[1] == "2\n"
    assert run("--max-memory=3pages", "--invoke=grow", "grow.wasm", "2")[1] == "-1\n"
    code, out, err = run("--max-memory=64KiB", "--invoke=grow", "grow.wasm", "0")
    assert (code, out) == (1, "")
    assert err == "error: cannot allocate a memory of 131072 bytes: the limit is 65536 bytes in all\n"


def test_a_hot_loop_that_catches_everything_is_ended() -> None:
    code, out, err = process("--timeout=0.5", write("hot.wasm", HOT))
    assert (code, out) == (124, b"")
    assert err == b"error: the program ran longer than 0.5 s\n    in f0_hot\n    in f1_start\n"


def test_threads_are_ended_as_well() -> None:
    text = """(module
      (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
      (import "env" "memory" (memory 1 1 shared))
      (export "memory" (memory 0))
      (func $hot (loop $again (br $again)))
      (func (export "wasi_thread_start") (param i32 i32) (call $hot))
      (func (export "_start") (drop (call $spawn (i32.const 0))) (call $hot)))"""
    code, out, err = process("--timeout=1", write("threads.wasm", text))
    assert (code, out) == (124, b"")
    first, *lines = err.decode().splitlines()
    assert first == "error: the program ran longer than 1 s"
    assert sorted(lines) == [
        "    in f1_hot",
        "    in f1_hot",
        "    in f2_wasi_thread_start",
        "    in f3_start",
        "  in another thread:",
    ]


def test_transpiling_takes_none_of_the_time(run) -> None:
    """A module of many functions, which takes longer to transpile than to run."""
    functions = "".join(f"(func (param i32) (result i32) (i32.add (local.get 0) (i32.const {i})))" for i in range(3000))
    text = f'(module {functions} (memory (export "memory") 1) (func (export "_start")))'
    assert run("--timeout=0.2", write("large.wasm", text)) == (0, "", "")


def test_trace(run) -> None:
    write("echo.wasm", ECHO)
    assert run("--trace", "echo.wasm", "--trace")[2].splitlines()[-1] == "proc_exit(code=2) ended: exit status 2"
    code, out, err = run("--argv0", "--trace", "--trace=filesystem", "echo.wasm")
    assert (code, out) == (1, "--trace\0")
    assert err == 'fd_write(fd=1, iovs="--trace\\x00") = 0, size=8\n'


# --------------------------------------------------------------------------------------------------------- usage errors


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing argument 'MODULE'"),
        (["gone.wasm"], "gone.wasm: no such file"),
        (["."], ". is a directory"),
        (["--nope", "echo.wasm"], "(wasm2py run --help lists the options)"),
        (["--dir", "gone", "echo.wasm"], "--dir: 'gone' does not exist"),
        (["--dir", "a\x1b[31m", "echo.wasm"], r"--dir: 'a\x1b[31m' does not exist"),
        (["--timeout=soon", "echo.wasm"], "--timeout: 'soon' is no duration"),
        (["--max-memory=much", "echo.wasm"], "--max-memory: 'much' is no size"),
        (["--trace=all,everything", "echo.wasm"], "--trace: 'everything' is no category of calls"),
        (["--env==x", "echo.wasm"], "--env: '=x' names no variable"),
        (["--cache-dir=", "echo.wasm"], "--cache-dir"),
        (["-O3", "echo.wasm"], "'-O'"),
        (["--timeout"], "--timeout"),
    ],
)
def test_usage_errors(arguments: list[str], words: str, run) -> None:
    write("echo.wasm", ECHO)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("wasm2py: error: ")
    assert err.count("\n") == 1
    assert words in err


@pytest.mark.parametrize("content", [b"\0asm", b"garbage", b""])
def test_bad_modules(content: bytes, run) -> None:
    Path("bad.wasm").write_bytes(content)
    code, out, err = run("bad.wasm")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("wasm2py: error: bad.wasm")


def test_help_names_every_option() -> None:
    result: Result = CliRunner().invoke(run_command, ["--help"])
    assert result.exit_code == 0
    for option in OPTIONS:
        assert f"--{option.name}" in result.output
    assert "--cache-dir" in result.output


def test_transpiling_does_not_wait_for_it() -> None:
    code = "import sys; from wasm2py.cli import group; print(group.list_commands(None), 'wasi_shim' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['run'] False\n"


def test_the_default_command_speaks_of_it() -> None:
    assert "wasm2py run --help" in CliRunner().invoke(group, ["--help"]).output


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals and devices there")
class TestStreams:
    """Standard streams that are closed, full, or interrupted: one line at most, and no traceback."""

    def test_ctrl_c(self) -> None:
        command = [sys.executable, "-m", "wasm2py", "run", write("ready.wasm", READY)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.read(1) == b"!"
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 130
            assert process.stderr.read() == b""

    @pytest.mark.parametrize(
        ("redirection", "code", "words"),
        [
            (">&-", 1, "error: standard output is closed\n"),
            ("> /dev/full", 1, "No space left on device\n"),
            ("2>&-", 0, ""),
            ("<&-", 0, ""),
        ],
    )
    def test_streams_that_do_not_work(self, redirection: str, code: int, words: str) -> None:
        if "full" in redirection and not os.path.exists("/dev/full"):
            pytest.skip("there is no /dev/full")
        command = f'"$0" -m wasm2py run --invoke add "$1" 1 2 {redirection}'
        done = subprocess.run(["sh", "-c", command, sys.executable, str(ADD)], capture_output=True, timeout=60)
        assert done.returncode == code
        assert done.stderr.decode().endswith(words)
        assert done.stderr.count(b"\n") == bool(words)

    def test_a_module_from_a_closed_input(self) -> None:
        command = '"$0" -m wasm2py run - <&-'
        done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, timeout=60)
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr == b"wasm2py: error: <stdin> cannot be read: it is closed\n"


# ---------------------------------------------------------------------------------------------------------------- cache


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_programs_are_kept_in_the_users_folder_for_caches(run, surroundings: Path) -> None:
    write("echo.wasm", ECHO)
    assert run("echo.wasm")[0] == 1
    kept = entries(surroundings / "cache" / "wasm2py")
    assert len(kept) == 2
    assert run("echo.wasm", "b") == (2, "echo.wasm\0b\0", "")
    assert entries(surroundings / "cache" / "wasm2py") == kept


def test_no_cache(run, surroundings: Path) -> None:
    write("echo.wasm", ECHO)
    assert run("--no-cache", "echo.wasm") == (1, "echo.wasm\0", "")
    assert entries(surroundings / "cache") == []


def test_a_cache_of_ones_own(run, surroundings: Path) -> None:
    write("echo.wasm", ECHO)
    assert run("--cache-dir", "mine/below", "echo.wasm") == (1, "echo.wasm\0", "")
    assert len(entries(Path("mine"))) == 2
    assert entries(surroundings / "cache") == []


@pytest.mark.skipif(sys.platform == "win32", reason="permissions work otherwise there")
def test_a_cache_that_is_not_used_is_noted(run) -> None:
    write("echo.wasm", ECHO)
    Path("open").mkdir()
    Path("open").chmod(0o777)
    assert run("--cache-dir=open", "echo.wasm") == (
        1,
        "echo.wasm\0",
        "wasm2py: note: open is not used as a cache: other users can write to it\n",
    )
    Path("file").write_text("")
    assert "it is not a directory" in run("--cache-dir=file", "echo.wasm")[2]
    assert entries(Path("open")) == []


def test_a_damaged_cache_makes_no_difference(run, surroundings: Path) -> None:
    write("echo.wasm", ECHO)
    run("echo.wasm")
    for path in (surroundings / "cache" / "wasm2py").iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert run("echo.wasm") == (1, "echo.wasm\0", "")


def test_many_processes_at_once(surroundings: Path) -> None:
    write("echo.wasm", ECHO)
    command = [sys.executable, "-m", "wasm2py", "run", "echo.wasm"]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)]
    for each in started:
        assert each.communicate(timeout=120) == (b"echo.wasm\0", b"")
        assert each.returncode == 1
    assert len(entries(surroundings / "cache" / "wasm2py")) == 2
