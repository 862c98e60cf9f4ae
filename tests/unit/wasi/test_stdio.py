import io
import os
import struct
import sys

import pytest

from runtime_support import LifecycleError, Memory, Trap
from wasi_shim import INHERIT, Clocks, Wasi

from .hosts import MODULE, Ours

EBADF, EIO, EPIPE, ENOSPC, EAGAIN = 8, 29, 64, 51, 6


class Guest:
    """Calls that a C library makes."""

    def __init__(self, pages=1, **config):
        self.memory = Memory(pages)
        self.functions = Wasi(**config).open(lambda: self.memory)[MODULE]

    def write(self, *parts, fd=1):
        """Return the errno and the number of bytes written."""
        data, address = self.memory.data, 1024
        for index, part in enumerate(parts):
            struct.pack_into("<II", data, 8 * index, address, len(part))
            data[address : address + len(part)] = part
            address += len(part)
        errno = self.functions["fd_write"].raw(fd, 0, len(parts), 512)
        return errno, struct.unpack_from("<I", data, 512)[0]

    def read(self, *sizes):
        """Return the errno, or the parts read."""
        data, address, places = self.memory.data, 1024, []
        for index, size in enumerate(sizes):
            struct.pack_into("<II", data, 8 * index, address, size)
            places.append((address, address + size))
            address += size + 1
        errno = self.functions["fd_read"].raw(0, 0, len(sizes), 512)
        rest = struct.unpack_from("<I", data, 512)[0]
        parts = []
        for start, end in places:
            end = min(end, start + rest)
            rest -= end - start
            parts.append(bytes(data[start:end]))
        assert rest == 0
        return errno or parts

    def filetype(self, fd):
        assert self.functions["fd_fdstat_get"].raw(fd, 512) == 0
        return self.memory.data[512]


class Recorder(io.RawIOBase):
    """Records single writes, which take at most ``most`` bytes."""

    def __init__(self, most=1 << 30):
        self.most = most
        self.writes = []

    def writable(self):
        return True

    def write(self, data):
        self.writes.append(bytes(data[: self.most]))
        return len(self.writes[-1])


def test_several_buffers_are_one_write():
    sink = Recorder()
    assert Guest(stdout=sink).write(b"ab", b"", b"cde\0\xff") == (0, 7)
    assert sink.writes == [b"abcde\0\xff"]


def test_sinks_that_take_little_at_a_time():
    sink = Recorder(most=2)
    assert Guest(stdout=sink).write(b"abcde") == (0, 5)
    assert sink.writes == [b"ab", b"cd", b"e"]


def test_overlapping_buffers_write_no_more_than_the_memory_holds():
    guest = Guest(stdout=(sink := io.BytesIO()))
    guest.memory.data[0:8192] = struct.pack("<II", 0, 40000) * 1024
    assert guest.functions["fd_write"].raw(1, 0, 1024, 16384) == 0
    assert struct.unpack_from("<I", guest.memory.data, 16384)[0] == 40000 == len(sink.getvalue())


def test_a_memory_that_is_a_mapping():
    guest = Guest(pages=1025, args=["program"], stdin=b"abc", stdout=(sink := io.BytesIO()))
    assert not isinstance(guest.memory.data, bytearray)
    assert guest.read(2, 5) == [b"ab", b"c"]
    assert guest.write(b"de", b"f") == (0, 3)
    assert sink.getvalue() == b"def"
    assert guest.functions["args_get"].raw(64, 1024) == 0
    assert guest.memory.data[1024:1032] == b"program\0"
    assert guest.functions["random_get"].raw(0, 1025 << 16) == 0


def test_output_goes_where_it_belongs():
    out, err = io.BytesIO(), io.BytesIO()
    guest = Guest(stdout=out, stderr=err)
    guest.write(b"out")
    guest.write(b"err", fd=2)
    assert (out.getvalue(), err.getvalue()) == (b"out", b"err")


def test_buffered_files_have_the_bytes_at_once(tmp_path):
    with (tmp_path / "f").open("wb") as file:
        file.write(b"before ")
        assert Guest(stdout=file).write(b"after") == (0, 5)
        assert (tmp_path / "f").read_bytes() == b"before after"


def test_text_streams_keep_their_order(tmp_path):
    with (tmp_path / "f").open("w") as file:
        file.write("before ")
        Guest(stdout=file).write(b"\xc3\xa9\xff")
        file.write(" after")
    assert (tmp_path / "f").read_bytes() == b"before \xc3\xa9\xff after"


def test_text_streams_without_bytes():
    sink = io.StringIO()
    guest = Guest(stdout=sink)
    assert guest.write(b"a\xc3") == (0, 2)
    assert guest.write(b"\xa9\xff!") == (0, 3)
    assert sink.getvalue() == "aé\ufffd!"


class Failing:
    def __init__(self, error):
        self.error = error

    def write(self, data):
        raise self.error

    read = write


@pytest.mark.parametrize(
    ("error", "errno"),
    [
        (BrokenPipeError(32, "Broken pipe"), EPIPE),
        (OSError(28, "No space left on device"), ENOSPC),
        (BlockingIOError(11, "try again"), EAGAIN),
        (OSError("without a number"), EIO),
        (OSError(99999, "unknown number"), EIO),
        (ValueError("I/O operation on closed file"), EBADF),
        (MemoryError(), 48),
        (ZeroDivisionError(), EIO),
    ],
)
def test_errors_of_streams(error, errno):
    guest = Guest(stdin=Failing(error), stdout=Failing(error))
    assert guest.write(b"a") == (errno, 0)
    assert guest.read(1) == errno


def test_ctrl_c_is_no_errno():
    with pytest.raises(KeyboardInterrupt):
        Guest(stdout=Failing(KeyboardInterrupt())).write(b"a")


def test_a_closed_pipe_leaves_nothing_behind():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as sink:
        assert Guest(stdout=sink).write(b"a") == (EPIPE, 0)


def test_reading_fills_buffer_after_buffer():
    guest = Guest(stdin=b"abcdefg")
    assert guest.read(2, 0, 3) == [b"ab", b"", b"cde"]
    assert guest.read(4, 4) == [b"fg", b""]
    assert guest.read(4) == [b""]


def test_reading_takes_what_is_there():
    reader, writer = os.pipe()
    os.write(writer, b"abc")
    with os.fdopen(reader, "rb") as source:
        assert Guest(stdin=source).read(100) == [b"abc"]
    os.close(writer)


def test_text_input_without_bytes():
    guest = Guest(stdin=io.StringIO("é1\nsecond"))
    assert guest.read(1) == [b"\xc3"]
    assert guest.read(100) == [b"\xa91\n"]
    assert guest.read(100) == [b"second"]
    assert guest.read(100) == [b""]


def test_nonblocking_input_without_data():
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    with os.fdopen(reader, "rb", buffering=0) as source:
        assert Guest(stdin=source).read(1) == EAGAIN
    os.close(writer)


def test_a_stream_that_returns_too_much_is_an_error():
    class Source:
        def read(self, size):
            return b"x" * (size + 1)

    guest = Guest(stdin=Source())
    assert guest.read(4) == EIO
    assert bytes(guest.memory.data[1024:1032]) == bytes(8)


def test_only_terminals_are_character_devices(tmp_path):
    pty = pytest.importorskip("pty")
    primary, secondary = pty.openpty()
    with os.fdopen(secondary, "w") as terminal, (tmp_path / "f").open("w") as file:
        guest = Guest(stdin=b"", stdout=terminal, stderr=file)
        assert [guest.filetype(fd) for fd in (0, 1, 2)] == [0, 2, 0]
    os.close(primary)


def test_inherited_streams_are_those_at_instantiation(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("in"))
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", None)
    guest = Guest(stdin=INHERIT, stdout=INHERIT, stderr=INHERIT)
    assert guest.read(9) == [b"in"]
    assert guest.write(b"out") == (0, 3)
    assert guest.write(b"err", fd=2) == (0, 3)
    assert sys.stdout.getvalue() == "out"


def poll_input(guest, timeout):
    """Wait for standard input and for a timer; return the userdata of the events."""
    struct.pack_into("<QB7xI28x", guest.memory.data, 2048, 1, 1, 0)
    struct.pack_into("<QB7xI4xQQH6x", guest.memory.data, 2096, 2, 0, 1, timeout, 0, 0)
    assert guest.functions["poll_oneoff"].raw(2048, 4096, 2, 512) == 0
    count = struct.unpack_from("<I", guest.memory.data, 512)[0]
    return [guest.memory.data[4096 + 32 * index] for index in range(count)]


def test_the_processs_own_input_is_waited_for(monkeypatch):
    reader, writer = os.pipe()
    with os.fdopen(reader, "r") as source:
        monkeypatch.setattr(sys, "stdin", source)
        guest = Guest(stdin=INHERIT)
        assert poll_input(guest, 1_000_000) == [2]
        os.write(writer, b"abc")
        assert poll_input(guest, 10**18) == [1]
        assert guest.read(1) == [b"a"]
        assert poll_input(guest, 10**18) == [1], "what was not read has to count"
        assert guest.read(10) == [b"bc"]
        assert poll_input(guest, 1_000_000) == [2]
        os.close(writer)
        assert poll_input(guest, 10**18) == [1], "the end of the file can be read"


def test_waits_go_to_the_embedders_clocks(tmp_path):
    waits = []

    class Waiting(Clocks):
        def now(self, clock):
            return 10**9

        def sleep(self, duration):
            waits.append(duration)

    host = Ours(tmp_path, clocks=Waiting())
    for timeout, flags in (5 * 10**9, 0), (3 * 10**9, 1), (1, 1), (2**64 - 1, 0):
        host.write(1024, struct.pack("<QB7xI4xQQH6x", 1, 0, 0, timeout, 0, flags))
        assert host.call("poll_oneoff", 1024, 2048, 1, 64) == 0
    assert waits == [5 * 10**9, 2 * 10**9, 2**64 - 1]
    host.close()


@pytest.mark.parametrize(("tag", "fd"), [(1, 1), (2, 0), (1, 9)])
def test_polling_what_cannot_be_is_an_error_of_that_event(tmp_path, tag, fd):
    host = Ours(tmp_path)
    host.write(1024, struct.pack("<QB7xI28x", 7, tag, fd) + struct.pack("<QB7xI28x", 8, 2, 1))
    assert host.call("poll_oneoff", 1024, 2048, 2, 64) == 0
    events = [struct.unpack_from("<QHB5xQH", host.memory(), 2048 + 32 * index) for index in range(2)]
    assert host.u32(64) == 2
    assert events == [(7, EBADF, tag, 0, 0), (8, 0, 2, 1, 0)]
    host.close()


def test_a_memory_full_of_subscriptions_is_refused():
    memory = Memory(100)
    functions = Wasi().open(lambda: memory)[MODULE]
    assert functions["poll_oneoff"].raw(0, 0, 65537, 0) == 28


def test_a_module_without_memory_cannot_use_wasi():
    def no_memory():
        raise LifecycleError("no memory")

    functions = Wasi().open(no_memory)[MODULE]
    with pytest.raises(Trap, match="no memory"):
        functions["args_get"](0, 0)
    assert functions["sched_yield"]() == 0
