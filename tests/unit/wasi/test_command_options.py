"""The options of programs: how they are read, and what they do."""

import os
import socket
import subprocess
import sys

import pytest

from runtime_support import Function, Memory, Module, functype
from wasi_shim.command import command_line, options
from wasi_shim.command.program import run as run_module
from wasi_shim.command.settings import OptionError, Settings
from wasi_shim.trace import CATEGORIES

from .test_command import environment, program, run

SHOW_ENVIRONMENT = """
assert environ_sizes_get(0, 4) == 0
write(bytes(memory0.data[0:1]))
"""


def settings_of(*arguments, rest=()):
    settings, left = Settings("--"), list(arguments)
    assert command_line.read(settings, left, "--") is False
    assert tuple(left) == rest
    return settings


def problem(*arguments):
    with pytest.raises(OptionError) as caught:
        command_line.read(Settings("--"), list(arguments), "--")
    message = str(caught.value)
    assert message.isprintable()
    return message


# ------------------------------------------------------------------------------------------------------ reading options


def test_the_programs_arguments_begin_with_the_first_that_is_no_option():
    assert settings_of("--env=A=1", "x", "--env=B=2", rest=("x", "--env=B=2")).env == {"A": "1"}
    assert settings_of("--env", "A=1", "--args", "--env=B=2", rest=("--env=B=2",)).env == {"A": "1"}
    assert settings_of("-", "--argv0=x", rest=("-", "--argv0=x")).argv0 is None


def test_the_last_one_counts():
    assert settings_of("--argv0=a", "--argv0", "b").argv0 == "b"


@pytest.mark.parametrize(
    ("text", "granted"),
    [
        ("{0}", {"{0}": ("{0}", False)}),
        ("{0}:ro", {"{0}": ("{0}", True)}),
        ("{0}::/", {"/": ("{0}", False)}),
        ("{0}::/data:ro", {"/data": ("{0}", True)}),
        ("{0}::a:b::c", {"a:b::c": ("{0}", False)}),
    ],
)
def test_directories(text, granted, tmp_path):
    wanted = {name.format(tmp_path): (host.format(tmp_path), ro) for name, (host, ro) in granted.items()}
    assert settings_of("--dir=" + text.format(tmp_path)).directories == wanted


def test_directories_that_make_no_sense(tmp_path):
    (tmp_path / "file").write_text("")
    assert problem("--dir", f"{tmp_path}/gone") == f"--dir: '{tmp_path}/gone' does not exist"
    assert problem("--dir", f"{tmp_path}/file::/") == f"--dir: '{tmp_path}/file' is not a directory"
    assert problem(f"--dir={tmp_path}::/", f"--dir={tmp_path}::/:ro") == "--dir: two directories are granted as '/'"
    for text in ("", ":ro", "::/", f"{tmp_path}::", f"{tmp_path}:::ro"):
        assert "names no directory" in problem(f"--dir={text}")
    assert "does not exist" in problem("--dir", "a\0b")


def environ_of(settings):
    return settings.wasi("p", [])._environ()


def test_environment(monkeypatch):
    monkeypatch.setenv("HERE", "a=b")
    monkeypatch.delenv("GONE", raising=False)
    settings = settings_of("--env=HERE", "--env=GONE", "--env", "EMPTY=", "--env=X=y=z")
    assert environ_of(settings) == (b"HERE=a=b", b"EMPTY=", b"X=y=z")
    assert environ_of(settings_of("--env=HERE", "--env=HERE=1")) == (b"HERE=1",)
    assert "names no variable" in problem("--env==x")


def test_the_whole_environment_and_what_is_set_above_it(monkeypatch):
    monkeypatch.setattr(os, "environ", {"A": "1", "B": "2", "=C:": "C:\\"})
    assert environ_of(settings_of("--inherit-env", "--env=A=3", "--env=B")) == (b"A=3", b"B=2")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2", 2), ("0.5", 0.5), ("10s", 10), ("250ms", 0.25), ("3m", 180), ("1h", 3600), ("1e-3", 0.001)],
)
def test_durations(text, seconds):
    assert settings_of(f"--timeout={text}").timeout == seconds


@pytest.mark.parametrize("text", ["", "0", "-1", "inf", "nan", "1d", "soon", "1 0", "s"])
def test_no_durations(text):
    assert "is no duration" in problem("--timeout", text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("[::1]:0", ("::1", 0)),
        ("::1:65535", ("::1", 65535)),
        ("name:1", ("name", 1)),
    ],
)
def test_addresses(text, address):
    assert settings_of("--listen", text).addresses == [address]


@pytest.mark.parametrize(
    "text", ["", "8080", ":8080", "host", "host:", "host:65536", "host:1e3", "host:٣", "a\nb:1", "[]:1"]
)
def test_no_addresses(text):
    assert "is no address" in problem("--listen", text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("100", 100),
        ("100B", 100),
        ("64KiB", 1 << 16),
        ("64k", 1 << 16),
        ("16MB", 1 << 24),
        ("16 mib", 1 << 24),
        ("2G", 1 << 31),
        ("1page", 65536),
        ("100pages", 6553600),
    ],
)
def test_sizes(text, size):
    assert settings_of(f"--max-memory={text}").max_memory == size


@pytest.mark.parametrize("text", ["", "-1", "1.5G", "MiB", "1TiBi", "64 kilo", "0x10", "١", "9" * 20])
def test_no_sizes(text):
    assert "is no size" in problem("--max-memory", text)


def test_categories_of_calls():
    assert settings_of("--trace", "x", rest=("x",)).trace == "all"
    assert settings_of("--trace=clock,poll").trace == "clock,poll"
    assert "'x' is no category of calls" in problem("--trace=clock,x")
    (trace,) = [option for option in options.OPTIONS if option.name == "trace"]
    assert trace.help.endswith(f": {', '.join(CATEGORIES)}.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nope"], "there is no option '--nope': --help lists them"),
        (["--en=A=1"], "there is no option '--en': --help lists them"),
        (["--\x1b[31m"], "there is no option '--\\x1b[31m': --help lists them"),
        (["--"], "there is no option '--': --help lists them"),
        (["--env"], "--env needs a value: NAME[=VALUE]"),
        (["--inherit-env=yes"], "--inherit-env takes no value"),
    ],
)
def test_options_that_make_no_sense(arguments, message):
    assert problem(*arguments) == message


def test_what_cannot_be_passed():
    with pytest.raises(OptionError, match="NUL"):
        settings_of("--env=A=a\0b").wasi("p", [])


def test_options_in_a_variable():
    settings = Settings("--wasi-")
    command_line.read_variable(settings, " --env 'A=b c'  --env=P=C:\\x --timeout=1 ", "V")
    assert (settings.env, settings.timeout) == ({"A": "b c", "P": "C:\\x"}, 1)
    for text, message in [
        ("x", "V: 'x' is no option here"),
        ("--timeout=1 x", "V: 'x' is no option here"),
        ("--env='A=b", "V: No closing quotation"),
        ("--timeout=1 --help", "V: '--help' is no option here"),
        ("--foo", "V: there is no option '--foo': --help lists them"),
    ]:
        with pytest.raises(OptionError) as caught:
            command_line.read_variable(settings, text, "V")
        assert str(caught.value) == message


# ---------------------------------------------------------------------------------------------------------- in programs


def test_options_come_before_the_arguments_of_the_program(tmp_path):
    body = """
assert args_get(0, 64) == 0
write(bytes(memory0.data[64:memory0.data.find(b"\\0\\0", 64)]))
"""
    status, out, err = run(tmp_path, body, "--wasi-argv0=me", "--wasi-args", "--wasi-x", "é")
    assert (status, out, err) == (0, "me\0--wasi-x\0é".encode(), "")
    assert run(tmp_path, body, "--wasi-argv0", "me", "a", "--wasi-env=A=1")[1] == b"me\0a\0--wasi-env=A=1"
    assert run(tmp_path, body, "--", "--wasi-argv0=me")[1].endswith(b"demo.py\0--\0--wasi-argv0=me")
    assert run(tmp_path, body, "--wasi-args", WASM2PY_WASI="--argv0=you")[1] == b"you"


def test_variables_are_granted(tmp_path):
    assert run(tmp_path, SHOW_ENVIRONMENT)[1] == b"\0"
    assert run(tmp_path, SHOW_ENVIRONMENT, "--wasi-env=A=1", WASM2PY_WASI="--env=B=2")[1] == b"\2"
    assert run(tmp_path, SHOW_ENVIRONMENT, "--wasi-inherit-env")[1] > b"\2"


def test_wrong_options_are_one_line_and_nothing_runs(tmp_path):
    for arguments, variables in [
        (["--wasi-nope"], {}),
        (["--wasi-timeout=0"], {}),
        (["--wasi-dir=/gone"], {}),
        (["--wasi-invoke=gone"], {}),
        ([], {"WASM2PY_WASI": "oops"}),
    ]:
        status, out, err = run(tmp_path, "write(b'never')", *arguments, **variables)
        assert (status, out, err.count("\n")) == (2, b"", 1)
        assert err.startswith("error: ")


def test_help(tmp_path):
    status, out, err = run(tmp_path, "write(b'never')", "--wasi-timeout=1", "--wasi-help", "--wasi-nope")
    assert (status, err) == (0, "")
    text = out.decode()
    assert text.startswith("Usage: demo.py [--wasi-OPTION]")
    for option in options.OPTIONS:
        assert f"  --wasi-{option.name}" in text
    assert "WASM2PY_WASI" in text
    assert max(map(len, text.splitlines())) <= 110


def test_options_are_for_the_users_command_line_only(tmp_path):
    body = "pass"
    path = program(tmp_path, body)[1]
    with open(path, encoding="utf-8") as file:
        source = file.read().replace("run_command(MODULE)", "run_command(MODULE, ['--wasi-help'])")
    with open(path, "w", encoding="utf-8") as file:
        file.write(source)
    done = subprocess.run([sys.executable, path], capture_output=True, env=environment(), timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_starting_loads_nothing_for_options(tmp_path):
    """Every program waits for what is imported."""
    body = "import sys\nwrite(' '.join(sys.modules).encode())"
    bare = subprocess.run([sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, check=True)
    loaded = {*run(tmp_path, body)[1].decode().split()} - {*bare.stdout.decode().split()}
    assert "wasi_shim.command.program" in loaded
    own = {
        f"wasi_shim.{name}"
        for name in ("command.options", "command.command_line", "command.invoke", "command.report", "trace", "threads")
    }
    slow = {"argparse", "ctypes", "dataclasses", "enum", "inspect", "random", "re", "shlex", "threading", "traceback"}
    assert not (own | slow) & loaded


# ------------------------------------------------------------------------------------------------------------- limits

HOT = """
def f1_hot():
    while True:
        try:
            while True:
                pass
        except Exception:
            pass
write(b"begun")
f1_hot()
"""


def test_a_hot_loop_is_ended(tmp_path):
    status, out, err = run(tmp_path, HOT, "--wasi-timeout=200ms")
    assert (status, out) == (124, b"begun")
    assert err == "error: the program ran longer than 0.2 s\n    in f1_hot\n    in f0_start\n"


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n    try:\n        f1_hot()\n    except BaseException:\n        pass",
        "try:\n    f1_hot()\nfinally:\n    f1_hot()",
    ],
    ids=["except", "finally"],
)
def test_nothing_stops_the_end(body, tmp_path):
    """Not even Python code that catches everything, which generated code is not."""
    whole = "def f1_hot():\n    while True:\n        pass\n" + body
    assert run(tmp_path, whole, "--wasi-timeout=0.2")[0] == 124


def test_waiting_is_ended(tmp_path):
    with subprocess.Popen(
        [*program(tmp_path, "write(b'x')\nfd_read(0, 0, 1, 8)"), "--wasi-timeout=0.2"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.wait(60) == 124
        assert process.stderr.read().startswith(b"error: the program ran longer than 0.2 s\n")


def test_a_report_that_nobody_reads_holds_nothing_up(tmp_path):
    """The program blocks in a write to a pipe that is full, which is standard error, too."""
    reader, writer = os.pipe()
    try:
        body = "while True:\n    write(b'x' * 60000, 2)"
        command = [*program(tmp_path, body), "--wasi-timeout=0.2"]
        done = subprocess.run(command, stderr=writer, env=environment(), timeout=60, check=False)
        assert done.returncode == 124
    finally:
        os.close(reader)
        os.close(writer)


def test_what_ends_in_time_is_not_disturbed(tmp_path):
    assert run(tmp_path, "write(b'x')\nproc_exit(3)", "--wasi-timeout=1e12") == (3, b"x", "")


def test_memory_is_limited(tmp_path):
    body = "write(str([memory0.grow(1), memory0.grow(1)]).encode())"
    assert run(tmp_path, body, "--wasi-max-memory=2pages") == (0, b"[1, -1]", "")
    assert run(tmp_path, body, "--wasi-max-memory=65535") == (
        1,
        b"",
        "error: cannot allocate a memory of 65536 bytes: the limit is 65535 bytes in all\n",
    )


SERVE = """
assert sock_accept(3, 0, 0) == 0
write(b"served", memory0.data[0])
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_program_serves(host, tmp_path):
    with subprocess.Popen(
        [*program(tmp_path, SERVE), f"--wasi-listen={host}:0"], stderr=subprocess.PIPE, env=environment()
    ) as process:
        note = process.stderr.readline().decode()
        if "cannot listen at ::1" in note:
            pytest.skip("this host has no IPv6")
        assert note.startswith("note: listening at ")
        with socket.create_connection((host.strip("[]"), int(note.rpartition(":")[2])), timeout=60) as connection:
            assert connection.makefile("rb").read() == b"served"
        assert process.wait(60) == 0


def test_an_address_that_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        status, out, err = run(tmp_path, "write(b'never')", f"--wasi-listen={address}")
    assert (status, out, err.count("\n")) == (1, b"", 1)
    assert err.startswith(f"error: cannot listen at {address}: ")


def test_an_address_that_is_none(tmp_path):
    status, _, err = run(tmp_path, "write(b'never')", f"--wasi-listen={'x' * 300}.:1")
    assert (status, err.count("\n")) == (1, 1)


RANDOM_AND_TIME = """
assert random_get(0, 8) == clock_time_get(0, 1, 8) == 0
write(bytes(memory0.data[0:16]))
"""


def test_deterministic_runs_are_the_same(tmp_path):
    first, second, other = [
        run(tmp_path, RANDOM_AND_TIME, *options)[1] for options in (DETERMINISTIC, DETERMINISTIC, ())
    ]
    assert len(first) == 16
    assert first == second != other


DETERMINISTIC = ("--wasi-deterministic",)


def test_deterministic_programs_have_files_and_what_is_granted(tmp_path):
    settings = settings_of("--deterministic")
    assert "preopens={'/': {}}" in repr(settings.wasi("p", []))
    settings = settings_of("--deterministic", f"--dir={tmp_path}::/data")
    assert f"preopens={{'/': {{}}, '/data': Directory('{tmp_path}')}}" in repr(settings.wasi("p", []))
    settings = settings_of("--deterministic", f"--dir={tmp_path}::/:ro")
    assert f"preopens={{'/': Directory('{tmp_path}', read_only=True)}}" in repr(settings.wasi("p", []))


def test_calls_are_traced(tmp_path):
    status, out, err = run(tmp_path, "write(b'x')\nenviron_sizes_get(0, 4)", "--wasi-trace=filesystem")
    assert (status, out, err) == (0, b"x", 'fd_write(fd=1, iovs="x") = 0, size=1\n')


# ------------------------------------------------------------------------------------------------------------- invoke


def library(**functions):
    """A module with functions, each with its parameters and results, and an ``_initialize`` that tells on itself."""
    calls = []

    def factory(instance):
        made = {name: Function(functype(*types), raw, name) for name, (*types, raw) in functions.items()}
        made["_initialize"] = Function(functype("", ""), lambda: calls.append("_initialize"), "_initialize")
        instance.exports = {**made, "memory": Memory(1)}

    exports = [(name, "func", functype(*types)) for name, (*types, _) in functions.items()]
    module = Module(
        "lib",
        factory=factory,
        exports=[*exports, ("_initialize", "func", functype("", "")), ("memory", "memory", (1, None))],
    )
    return module, calls


def invoke(name, *arguments, capsys, **functions):
    module, calls = library(**functions)
    settings = Settings("--")
    settings.invoke = name
    status = run_module(module, settings, "lib.wasm", arguments)
    out, err = capsys.readouterr()
    return status, out, err, calls


@pytest.mark.parametrize(
    ("type", "text", "raw"),
    [
        ("i32", "7", 7),
        ("i32", "-1", 0xFFFF_FFFF),
        ("i32", "0x10", 16),
        ("i32", "-0X80000000", 0x8000_0000),
        ("i32", "4294967295", 0xFFFF_FFFF),
        ("i32", "+007", 7),
        ("i64", "-9223372036854775808", 1 << 63),
        ("i64", "0xffffffffffffffff", (1 << 64) - 1),
        ("f64", "-1.5", -1.5),
        ("f64", "1e400", float("inf")),
        ("f64", "-inf", float("-inf")),
        ("f64", "0x1.8p1", 3.0),
        ("f64", "-0", -0.0),
        ("f32", "0.1", 0.10000000149011612),
        ("f32", "3", 3.0),
    ],
)
def test_arguments(type, text, raw, capsys):
    seen = []
    status, out, err, calls = invoke("f", text, capsys=capsys, f=(type, "", seen.append))
    assert (status, out, err, calls) == (0, "", "", ["_initialize"])
    assert (repr(seen), raw) == (repr([raw]), raw)


def test_nan_is_an_argument_and_a_result(capsys):
    assert invoke("f", "nan", capsys=capsys, f=("f32", "f32", lambda x: x))[1] == "nan\n"


@pytest.mark.parametrize(
    ("type", "raw", "text"),
    [
        ("i32", 0xFFFF_FFFF, "-1"),
        ("i64", 1 << 63, "-9223372036854775808"),
        ("f64", 0.1, "0.1"),
        ("f64", 1e300, "1e+300"),
        ("f64", float("inf"), "inf"),
        ("f32", 0.10000000149011612, "0.1"),
        ("f32", 16777216.0, "16777216.0"),
        ("f32", 1.401298464324817e-45, "1e-45"),
        ("f32", 3.4028234663852886e38, "3.4028235e+38"),
        ("f32", float("-inf"), "-inf"),
        ("f32", -0.0, "-0.0"),
    ],
)
def test_results(type, raw, text, capsys):
    assert invoke("f", capsys=capsys, f=("", type, lambda: raw))[:3] == (0, text + "\n", "")


def test_one_result_on_a_line(capsys):
    status, out, _, _ = invoke("f", "1", "2", capsys=capsys, f=("i32 i64", "i64 f32 i32", lambda a, b: (b, 0.5, a)))
    assert (status, out) == (0, "2\n0.5\n1\n")


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("gone", [], "the module exports no function 'gone', but 'add', 'wide', 'ref', '_initialize'"),
        ("memory", [], "the module exports no function 'memory', but"),
        ("\x1b[31m", [], "the module exports no function '\\x1b[31m', but"),
        ("add", ["1"], "'add' has the type (i32, f64) -> (i32): it takes 2 arguments, not 1"),
        ("add", ["1", "2", "3"], "it takes 2 arguments, not 3"),
        ("add", ["4294967296", "2"], "i32 expected: 4294967296 is outside -2147483648 .. 4294967295"),
        ("add", ["1.5", "2"], "i32 expected: '1.5' is no number of this type"),
        ("add", ["", "2"], "i32 expected: '' is no number of this type"),
        ("add", ["0x", "2"], "i32 expected: '0x' is no number of this type"),
        ("add", ["9" * 5000, "2"], "is no number of this type"),
        ("add", ["1", "two"], "f64 expected: 'two' is no number of this type"),
        ("wide", ["1"], "'wide' has the type (v128) -> (): values of type v128 exist in Python only"),
        ("ref", [], "'ref' has the type () -> (externref): values of type externref exist in Python only"),
    ],
)
def test_what_cannot_be_invoked(name, arguments, message, capsys):
    functions = {
        "add": ("i32 f64", "i32", lambda a, b: a),
        "wide": ("v128", "", lambda a: None),
        "ref": ("", "externref", lambda: None),
    }
    status, out, err, calls = invoke(name, *arguments, capsys=capsys, **functions)
    assert (status, out, calls) == (2, "", [])
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1


def test_functions_of_the_lifecycle_can_be_invoked(capsys):
    assert invoke("_initialize", capsys=capsys) == (0, "", "", ["_initialize"])
    assert invoke("_start", capsys=capsys, _start=("", "", lambda: None)) == (0, "", "", ["_initialize"])


def test_a_module_that_is_two_things_needs_a_word(capsys):
    module, calls = library(_start=("", "", lambda: None))
    assert run_module(module, Settings("--"), "lib.wasm", []) == 2
    assert capsys.readouterr().err == (
        "error: module 'lib' exports both _start and _initialize: name the one to run with --invoke\n"
    )
    assert calls == []
