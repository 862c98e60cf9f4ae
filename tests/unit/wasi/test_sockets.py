"""Sockets that the embedder hands in."""

import socket
import struct
import subprocess
import sys
import threading
import time

import pytest
from wasmtime import wat2wasm

from runtime_support import Trap
from tests.transpiled import code_of
from wasi_shim import MemoryDirectory, Wasi
from wasm2py.options import Options

from .guest import Direct, fd_subscription

SUCCESS, EAGAIN, EBADF, EINVAL, ENOTCONN, ENOTSOCK, EPIPE, ESPIPE, ETIMEDOUT = 0, 6, 8, 28, 53, 57, 64, 70, 73
PEEK, WAITALL = 1, 2
RD, WR = 1, 2
NONBLOCK = 4


class Guest(Direct):
    """A program that was given sockets; they begin at descriptor 3."""

    def __init__(self, *sockets, **config):
        super().__init__(allow_sockets=sockets, **config)

    def receive(self, *sizes, fd=3, flags=0):
        """Return the parts received and the roflags, or the errno."""
        places = [(1024 + 256 * index, size) for index, size in enumerate(sizes)]
        self.write(128, b"".join(struct.pack("<II", *place) for place in places))
        error = self.call("sock_recv", fd, 128, len(places), flags, 64, 68)
        if error:
            return error
        left, roflags = struct.unpack_from("<IH", self.memory(), 64)
        parts = []
        for start, size in places:
            parts.append(self.memory()[start : start + min(size, left)])
            left -= len(parts[-1])
        return *parts, roflags

    def send(self, *parts, fd=3, flags=0, name="sock_send"):
        """Return the errno and the number of bytes sent."""
        array, address = b"", 1024
        for part in parts:
            array += struct.pack("<II", address, len(part))
            self.write(address, part)
            address += len(part)
        self.write(128, array)
        options = [flags] if name == "sock_send" else []
        return self.call(name, fd, 128, len(parts), *options, 64), self.u32(64)

    def accept(self, fd=3, flags=0):
        """Return the descriptor, or the negative errno."""
        error = self.call("sock_accept", fd, flags, 64)
        return -error if error else self.u32(64)

    def poll(self, *wishes):
        """Wait for descriptors, given with a tag each; return what is ready: the wishes' numbers, with flags."""
        self.write(2048, b"".join(fd_subscription(index, tag, fd) for index, (tag, fd) in enumerate(wishes)))
        timer = struct.pack("<QB7xI4xQQH6x", 99, 0, 1, 20_000_000, 0, 0)
        self.write(2048 + 48 * len(wishes), timer)
        assert self.call("poll_oneoff", 2048, 4096, len(wishes) + 1, 64) == SUCCESS
        events = [struct.unpack_from("<QHB13xH", self.memory(), 4096 + 32 * index) for index in range(self.u32(64))]
        assert not any(error for _, error, _, _ in events)
        return [(userdata, flags) for userdata, _, _, flags in events if userdata != 99]

    def fdstat(self, fd=3):
        """Return filetype and flags."""
        assert self.call("fd_fdstat_get", fd, 512) == SUCCESS
        return struct.unpack_from("<BxH", self.memory(), 512)


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(10)
        yield ours, theirs


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_sending_and_receiving_over_several_buffers(pair):
    ours, theirs = pair
    guest = Guest(theirs)
    ours.sendall(b"abcdefg")
    assert guest.receive(2, 0, 3) == (b"ab", b"", b"cde", 0)
    assert guest.receive(4, 4) == (b"fg", b"", 0)
    assert guest.send(b"he", b"", b"llo") == (SUCCESS, 5)
    assert ours.recv(100) == b"hello"


def test_reading_and_writing_are_the_same(pair):
    ours, theirs = pair
    guest = Guest(theirs)
    assert guest.send(b"written", name="fd_write") == (SUCCESS, 7)
    assert ours.recv(100) == b"written"
    ours.sendall(b"read")
    guest.write(128, struct.pack("<II", 1024, 100))
    assert guest.call("fd_read", 3, 128, 1, 64) == SUCCESS
    assert guest.memory()[1024:1028] == b"read"
    assert guest.call("fd_seek", 3, 0, 0, 64) == ESPIPE
    assert guest.call("fd_pread", 3, 128, 1, 0, 64) == ESPIPE


def test_peeking_leaves_the_data(pair):
    ours, theirs = pair
    guest = Guest(theirs)
    ours.sendall(b"abc")
    assert guest.receive(2, flags=PEEK) == guest.receive(2, flags=PEEK) == (b"ab", 0)
    assert guest.receive(100) == (b"abc", 0)


def test_waiting_for_all(pair):
    ours, theirs = pair
    guest = Guest(theirs)
    ours.sendall(b"abc")
    ours.shutdown(socket.SHUT_WR)
    assert guest.receive(2, 1, flags=WAITALL) == (b"ab", b"c", 0)
    assert guest.receive(5, flags=WAITALL) == (b"", 0), "the end of the connection ends the wait"


def test_waiting_for_all_that_comes_in_pieces(pair):
    ours, theirs = pair
    guest = Guest(theirs)

    def send():
        for piece in b"a", b"bc", b"def":
            time.sleep(0.02)
            ours.sendall(piece)

    sender = threading.Thread(target=send)
    sender.start()
    assert guest.receive(6, flags=WAITALL) == (b"abcdef", 0)
    sender.join()


def test_datagrams_that_are_cut_off_say_so():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        guest = Guest(theirs)
        ours.send(b"abcdef")
        ours.send(b"xyz")
        assert guest.receive(4, flags=PEEK) == (b"abcd", 1)
        assert guest.receive(4) == (b"abcd", 1)
        assert guest.receive(3) == (b"xyz", 0)
        assert guest.fdstat() == (5, 0)
        assert guest.send(b"back") == (SUCCESS, 4)
        assert ours.recv(9) == b"back"


def test_a_server_accepts_what_it_may_use(listener):
    guest = Guest(listener)
    with socket.create_connection(listener.getsockname(), timeout=10) as client:
        fd = guest.accept()
        assert fd == 4
        client.sendall(b"request")
        assert guest.receive(100, fd=fd) == (b"request", 0)
        assert guest.send(b"answer", fd=fd) == (SUCCESS, 6)
        assert client.recv(100) == b"answer"
        assert guest.call("fd_close", fd) == SUCCESS
        assert client.recv(1) == b"", "the program owns what it has accepted"
        assert guest.accept(fd=fd) == -EBADF


def test_waiting_is_up_to_the_program(listener):
    guest = Guest(listener)
    assert guest.fdstat() == (6, 0)
    assert guest.call("fd_fdstat_set_flags", 3, NONBLOCK) == SUCCESS
    assert guest.fdstat() == (6, NONBLOCK)
    assert guest.accept() == -EAGAIN
    with socket.create_connection(listener.getsockname(), timeout=10):
        while not guest.poll((1, 3)):
            continue
        fd = guest.accept(flags=NONBLOCK)
        assert guest.fdstat(fd) == (6, NONBLOCK)
        assert guest.receive(5, fd=fd) == EAGAIN
        assert guest.call("fd_close", fd) == SUCCESS
    assert guest.call("fd_fdstat_set_flags", 3, 0) == SUCCESS
    assert guest.fdstat() == (6, 0)
    assert listener.gettimeout() is None
    for flags in 1, 2, 8, 16:
        assert guest.call("fd_fdstat_set_flags", 3, flags) == EINVAL
        assert guest.accept(flags=flags) == -EINVAL


def test_timeouts_are_up_to_the_embedder(pair):
    _, theirs = pair
    theirs.settimeout(0.01)
    guest = Guest(theirs)
    assert guest.receive(1) == ETIMEDOUT
    assert guest.call("fd_fdstat_set_flags", 3, NONBLOCK) == SUCCESS
    assert guest.receive(1) == EAGAIN
    assert guest.call("fd_fdstat_set_flags", 3, 0) == SUCCESS
    assert theirs.gettimeout() == 0.01


def test_shutting_down(pair):
    ours, theirs = pair
    guest = Guest(theirs)
    assert guest.call("sock_shutdown", 3, 0) == EINVAL
    assert guest.call("sock_shutdown", 3, WR) == SUCCESS
    assert ours.recv(1) == b""
    assert guest.send(b"x")[0] == EPIPE
    ours.sendall(b"still heard")
    assert guest.receive(100) == (b"still heard", 0)
    assert guest.call("sock_shutdown", 3, RD) == SUCCESS
    assert guest.receive(100) == (b"", 0)
    other, peer = socket.socketpair()
    with other, peer:
        assert Guest(peer).call("sock_shutdown", 3, RD | WR) == SUCCESS
        assert other.recv(1) == b""


def test_polls_tell_what_is_ready(pair):
    ours, theirs = pair
    guest = Guest(theirs)
    assert guest.poll((1, 3)) == []
    assert guest.poll((1, 3), (2, 3)) == [(1, 0)]
    ours.sendall(b"x")
    assert guest.poll((1, 3)) == [(0, 0)]
    guest.receive(1)
    ours.close()
    assert guest.poll((1, 3)) == [(0, 1)], "the end counts as ready, with the flag for it"


def test_sockets_with_large_numbers(pair):
    resource = pytest.importorskip("resource")
    fcntl = pytest.importorskip("fcntl")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 3000:
        pytest.skip("this process may not open so many files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 3000), hard))
    ours, theirs = pair
    with socket.socket(fileno=fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD_CLOEXEC, 2000)) as large:
        assert large.fileno() >= 2000
        guest = Guest(large)
        assert guest.poll((1, 3)) == []
        assert guest.poll((1, 3), (2, 3)) == [(1, 0)]
        ours.sendall(b"x")
        assert guest.poll((1, 3), (2, 3)) == [(0, 0), (1, 0)]
        guest.receive(1)
        ours.close()
        assert guest.poll((1, 3)) == [(0, 1)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_full_connection_is_not_ready_for_writing(pair):
    ours, theirs = pair
    guest = Guest(theirs)
    assert guest.call("fd_fdstat_set_flags", 3, NONBLOCK) == SUCCESS
    sent = 0
    while (outcome := guest.send(b"x" * 30000))[0] == SUCCESS:
        sent += outcome[1]
    assert outcome[0] == EAGAIN
    assert guest.poll((2, 3)) == []
    while sent > 0:
        sent -= len(ours.recv(1 << 20))
    assert guest.poll((2, 3)) == [(0, 0)]


def test_what_is_no_socket():
    guest = Direct(preopens={"/": MemoryDirectory({"f": b""})})
    for fd, errno in (0, ENOTSOCK), (1, ENOTSOCK), (3, ENOTSOCK), (9, EBADF):
        assert guest.call("sock_accept", fd, 0, 64) == errno
        assert guest.call("sock_recv", fd, 128, 0, 0, 64, 68) == errno
        assert guest.call("sock_send", fd, 128, 0, 0, 64) == errno
        assert guest.call("sock_shutdown", fd, RD) == errno


def test_sockets_come_after_the_directories(pair):
    guest = Guest(pair[1], preopens={"/": MemoryDirectory(), "/tmp": {}})
    assert [guest.call("fd_prestat_get", fd, 64) for fd in (3, 4, 5)] == [SUCCESS, SUCCESS, EBADF]
    assert [guest.fdstat(fd)[0] for fd in (3, 4, 5)] == [3, 3, 6]


def test_wrong_values_trap(pair):
    guest = Guest(pair[1])
    for call in (
        ("sock_recv", 3, 128, 0, 4, 64, 68),
        ("sock_recv", 3, 128, 0, 0, 64, 69),
        ("sock_recv", 3, 128, 0, 0, 66, 68),
        ("sock_shutdown", 3, 4),
        ("sock_accept", 3, 32, 64),
        ("sock_accept", 3, 0, 65),
    ):
        with pytest.raises(Trap):
            guest.call(*call)
    assert guest.send(b"x", flags=1)[0] == EINVAL
    assert guest.accept() in (-EINVAL, -58), "it does not listen"


def test_a_socket_that_is_not_connected():
    with socket.socket() as lonely:
        guest = Guest(lonely)
        assert guest.receive(1) == ENOTCONN
        assert guest.send(b"x")[0] in (ENOTCONN, EPIPE)
        assert guest.call("sock_shutdown", 3, WR) == ENOTCONN


def test_sockets_of_the_embedder_stay_open(pair):
    ours, theirs = pair
    guest = Guest(theirs)
    assert guest.call("fd_close", 3) == SUCCESS
    assert guest.receive(1) == EBADF
    theirs.sendall(b"still open")
    assert ours.recv(100) == b"still open"


ECHO = wat2wasm("""(module
  (import "wasi_snapshot_preview1" "sock_accept" (func $accept (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\00\\10\\00\\00\\00\\10")
  (func (export "_start")
    (if (call $accept (i32.const 3) (i32.const 0) (i32.const 64)) (then unreachable))
    (if (call $read (i32.load (i32.const 64)) (i32.const 0) (i32.const 1) (i32.const 4)) (then unreachable))
    (if (call $write (i32.load (i32.const 64)) (i32.const 0) (i32.const 1) (i32.const 72)) (then unreachable))))""")


def test_a_program_that_ends_closes_its_connections(listener):
    namespace = {"__name__": "echo"}
    exec(code_of(bytes(ECHO), Options(format="none")), namespace)
    with socket.create_connection(listener.getsockname(), timeout=10) as client:
        client.sendall(b"hello")
        namespace["instantiate"](wasi=Wasi(allow_sockets=[listener]), start=("_start",))
        assert client.recv(100) == b"hello"
        assert client.recv(1) == b""
    assert listener.fileno() >= 0


def test_nothing_else_is_taken_for_a_socket():
    with pytest.raises(TypeError, match=r"allow_sockets\[0\] must be a socket"):
        Wasi(allow_sockets=["127.0.0.1:80"])


def test_programs_without_sockets_do_not_load_them():
    program = """
import sys
from runtime_support import Memory
from wasi_shim import Wasi
functions = Wasi().open(lambda: Memory(1))["wasi_snapshot_preview1"]
assert functions["sock_shutdown"](1, 1) == 57
assert "socket" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
