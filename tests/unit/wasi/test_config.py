import random

import pytest

from runtime_support import Memory
from wasi_shim import INHERIT, Wasi

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


def test_a_source_that_returns_too_little_is_an_error(tmp_path):
    host = Ours(tmp_path, random=lambda count: b"")
    assert host.call("random_get", 8, 3) == 8
    assert not any(host.memory())
    host.close()


def test_clocks_of_the_embedder(tmp_path):
    host = Ours(tmp_path, clock=lambda clock: 0x0102 + clock)
    assert [host.call("clock_time_get", 0, 0, 0), host.call("clock_time_get", 1, 0, 8)] == [0, 0]
    assert host.memory()[:16] == b"\x02\x01\0\0\0\0\0\0\x03\x01\0\0\0\0\0\0"
    assert host.call("clock_res_get", 1, 0) == 0
    assert host.memory()[:8] == b"\x01\0\0\0\0\0\0\0"
    host.close()


def test_errors_of_the_embedders_functions_become_errnos(tmp_path):
    def fail(clock):
        raise KeyError(clock)

    host = Ours(tmp_path, clock=fail)
    assert host.call("clock_time_get", 0, 0, 0) == 29
    host.close()


def test_each_instance_has_its_own_state(tmp_path):
    memory = Memory(1)
    wasi = Wasi(stdin=b"ab")
    memory.data[0:8] = b"\x64\0\0\0\x05\0\0\0"
    for _ in range(2):
        functions = wasi.open(lambda: memory)[MODULE]
        assert functions["fd_read"].raw(0, 0, 1, 64) == 0
        assert memory.data[64] == 2
        assert functions["fd_close"].raw(0) == 0
