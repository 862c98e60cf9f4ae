import os
import random
import struct

import pytest

from runtime_support import Memory
from wasi_shim import INHERIT, Clocks, FakeClocks, Wasi

from .guest import CREAT, READ, WRITE, Direct, Files, clock_subscription
from .hosts import MODULE, PREVIEW_0, Ours


def test_nothing_is_granted_by_default(tmp_path):
    memory = Memory(1)
    functions = Wasi().open(lambda: memory)[MODULE]
    for name in "args_sizes_get", "environ_sizes_get":
        memory.data[64:72] = b"\xff" * 8
        assert functions[name].raw(64, 68) == 0
        assert memory.data[64:72] == bytes(8)
    memory.data[0:8] = b"\x64\0\0\0\x05\0\0\0"
    memory.data[64:68] = b"\xff" * 4
    assert functions["fd_read"].raw(0, 0, 1, 64) == 0
    assert memory.data[64] == 0
    assert functions["fd_write"].raw(1, 0, 1, 64) == 0
    assert memory.data[64] == 5
    assert functions["fd_prestat_get"].raw(3, 64) == 8


def test_it_offers_both_previews():
    modules = Wasi().open(lambda: Memory(1))
    assert list(modules) == ["wasi_snapshot_preview1", "wasi_unstable"]
    assert [len(modules), len(modules[MODULE]), len(modules[PREVIEW_0])] == [2, 46, 45]
    assert modules.get("wasi_ephemeral_fd") is None


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError, match="replace"):
        Wasi().args = ["a"]


def test_replace_keeps_the_rest():
    before = Wasi(args=["p", b"q"], env={"A": "1"}, stdin=b"x", stderr=INHERIT)
    after = before.replace(args=["r"])
    assert repr(after) == "Wasi(args=(b'r',), env={'A': '1'}, stdin=b'x', stderr=INHERIT)"
    assert repr(before) == "Wasi(args=(b'p', b'q'), env={'A': '1'}, stdin=b'x', stderr=INHERIT)"
    assert repr(after.replace(env=None, stdin=None, stderr=None)) == "Wasi(args=(b'r',))"


def test_replace_refuses_unknown_names():
    with pytest.raises(TypeError, match="arguments"):
        Wasi().replace(arguments=["a"])


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"args": ["a\0b"]}, "NUL"),
        ({"env": {"A": "\0"}}, "NUL"),
        ({"env": {"A=B": "c"}}, "cannot be the name"),
        ({"env": {"": "c"}}, "cannot be the name"),
    ],
)
def test_strings_that_c_cannot_hold(config, message):
    with pytest.raises(ValueError, match=message):
        Wasi(**config)


def test_one_string_is_no_command_line():
    with pytest.raises(TypeError, match="not one string"):
        Wasi(args="program")


def test_undecodable_arguments_survive(tmp_path):
    host = Ours(tmp_path, args=["p", b"\xff".decode("utf-8", "surrogateescape")])
    assert host.call("args_get", 64, 128) == 0
    assert host.memory()[128:132] == b"p\0\xff\0"
    host.close()


def random_bytes(tmp_path, count, **config):
    host = Ours(tmp_path, **config)
    assert host.call("random_get", 8, count) == 0
    host.close()
    memory = host.memory()
    assert memory[:8] + memory[8 + count :] == bytes(len(memory) - count)
    return memory[8 : 8 + count]


def test_system_randomness(tmp_path):
    assert random_bytes(tmp_path, 32) != random_bytes(tmp_path, 32)


def test_seeds_repeat_in_each_instance(tmp_path):
    first = random_bytes(tmp_path, 1000, random=7)
    assert first == random_bytes(tmp_path, 1000, random=7) == random.Random(7).randbytes(1000)
    assert first != random_bytes(tmp_path, 1000, random=8)


def test_a_source_of_random_bytes(tmp_path):
    assert random_bytes(tmp_path, 3, random=lambda count: b"r" * count) == b"rrr"


def test_a_source_that_returns_wide_items_is_an_error():
    functions, memory = opened(Wasi(random=lambda count: memoryview(bytes(4 * count)).cast("I")))
    assert functions["random_get"](8, 3) == 29
    assert len(memory.data) == 65536


def test_a_source_that_returns_too_little_is_an_error(tmp_path):
    host = Ours(tmp_path, random=lambda count: b"")
    assert host.call("random_get", 8, 3) == 29
    assert not any(host.memory())
    host.close()


class Broken(Clocks):
    def now(self, clock):
        raise KeyError(clock)


def times(functions, memory, *clocks):
    """Read clocks; return what they show."""
    for clock in clocks:
        assert functions["clock_time_get"].raw(clock, 0, 64) == 0
        yield struct.unpack_from("<Q", memory.data, 64)[0]


def opened(wasi):
    """The functions of a new instance, and its memory."""
    memory = Memory(1)
    return wasi.open(lambda: memory)[MODULE], memory


def test_fake_clocks_advance_when_they_are_read_and_when_one_waits():
    wasi = Wasi(clocks=FakeClocks(1000, 50, step=3))
    for _ in range(2):
        functions, memory = opened(wasi)
        assert list(times(functions, memory, 0, 1, 0)) == [1000, 53, 1006]
        memory.data[1024:1072] = clock_subscription(1, 1, 10**15)
        assert functions["poll_oneoff"](1024, 2048, 1, 64) == 0
        assert list(times(functions, memory, 1)) == [10**15 + 59]
        assert functions["clock_res_get"](0, 64) == 0
        assert memory.data[64:72] == b"\3" + bytes(7)


def test_the_resolution_of_fake_clocks_may_be_another_and_is_never_zero():
    for clocks, shown in (FakeClocks(step=0), 1), (FakeClocks(resolution=1000), 1000):
        functions, memory = opened(Wasi(clocks=clocks))
        assert functions["clock_res_get"](1, 64) == 0
        assert struct.unpack_from("<Q", memory.data, 64) == (shown,)
    assert repr(FakeClocks(5)) == "FakeClocks(5, 0, step=1000000, resolution=1000000)"


def test_clocks_of_the_embedder():
    class Fixed(Clocks):
        def now(self, clock):
            return 2**64 + 0x0102 + clock

    functions, memory = opened(Wasi(clocks=Fixed()))
    assert list(times(functions, memory, 0, 1)) == [0x0102, 0x0103]
    with pytest.raises(TypeError, match="clocks must be a Clocks"):
        Wasi(clocks=lambda clock: 0)


def test_errors_of_the_embedders_functions_become_errnos(tmp_path):
    host = Ours(tmp_path, clocks=Broken())
    assert host.call("clock_time_get", 0, 0, 0) == 29
    host.close()


def environment(wasi):
    """The variables that a program sees."""
    functions, memory = opened(wasi)
    assert functions["environ_sizes_get"](64, 68) == 0
    count, size = struct.unpack_from("<II", memory.data, 64)
    assert functions["environ_get"](128, 4096) == 0
    found = bytes(memory.data[4096 : 4096 + size]).split(b"\0")[:-1]
    assert len(found) == count
    return found


def test_the_environment_is_inherited_on_request_only(monkeypatch):
    wasi = Wasi(env={"A": "mine"}, inherit_env=True)
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("A", "theirs")
    monkeypatch.setenv("B", "\udcff")
    assert environment(Wasi()) == []
    assert environment(wasi) == [b"A=mine", b"B=\xff"]
    assert environment(Wasi(inherit_env=["B", "MISSING"])) == [b"B=\xff"]
    assert environment(wasi.replace(inherit_env=False)) == [b"A=mine"]
    with pytest.raises(TypeError, match="sequence of names"):
        Wasi(inherit_env="A")


def test_contents_by_path_are_files_of_each_instance():
    wasi = Wasi(preopens={"/": {"d/f": b"contents"}})
    for _ in range(2):
        files = Files(Direct(config=wasi))
        assert files.contents("d/f") == b"contents"
        assert files.contents("new") == 44
        assert files.write(files.open("new", CREAT, READ | WRITE), b"x") == 0
        assert files.contents("new") == b"x"
    for wrong in {"f": "text"}, {1: b""}, "folder", None:
        with pytest.raises(TypeError, match="must be a Directory, a MemoryDirectory or contents"):
            Wasi(preopens={"/": wrong})


def test_each_instance_has_its_own_state(tmp_path):
    memory = Memory(1)
    wasi = Wasi(stdin=b"ab")
    memory.data[0:8] = b"\x64\0\0\0\x05\0\0\0"
    for _ in range(2):
        functions = wasi.open(lambda: memory)[MODULE]
        assert functions["fd_read"].raw(0, 0, 1, 64) == 0
        assert memory.data[64] == 2
        assert functions["fd_close"].raw(0) == 0
