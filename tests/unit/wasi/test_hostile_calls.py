"""Random calls of all functions with wrong values, on objects of the embedder that do anything: only traps come out."""

import random
import struct

import pytest

from runtime_support import ExitError, LifecycleError, Memory, Trap
from wasi_shim import Clocks, Directory, MemoryDirectory, Wasi
from wasi_shim.host.folder import Folder
from wasi_shim.preview0 import REGISTRY as PREVIEW_0_CALLS
from wasi_shim.preview1 import REGISTRY as PREVIEW_1_CALLS
from wasi_shim.trace import Printer

from .hosts import MODULE, PREVIEW_0

LAST_ERRNO = 76
CALLS = 3_000
ROUND = 50
"""After so many calls there is a new instance: one that goes on for long has closed all its descriptors."""

NUMBERS = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 31, 64, 72, 80, 255, 1024, 2048, 4096, 60000, 65528, 65532, 65535]
I32 = [*NUMBERS, *NUMBERS, 65536, 65537, 2**31 - 1, 2**31, 2**32 - 8, 2**32 - 1]
I64 = [*NUMBERS, 2**32, 2**63 - 1, 2**63, 2**64 - 1]


class Nameless(OSError):
    """An error of the host whose number cannot be asked for."""

    @property
    def errno(self):
        raise KeyError("errno")


ERRORS = [
    *(OSError(2, "missing"), OSError("no number"), OSError([1], "a list"), OSError("two", "texts"), Nameless()),
    *(OSError(10**30, "huge"), BlockingIOError(), TimeoutError(), InterruptedError(), ConnectionResetError()),
    *(ValueError("closed"), TypeError(), KeyError(), IndexError(), AttributeError("raw"), ZeroDivisionError()),
    *(MemoryError(), RecursionError(), OverflowError(), struct.error(), StopIteration(), AssertionError()),
    *(UnicodeDecodeError("utf-8", b"", 0, 0, ""), NotImplementedError(), LifecycleError("x"), Exception()),
]
RESULTS = [
    *(None, 0, -1, 1, 3, 2**70, 0.5, float("nan"), "text", b"", b"bytes", b"x" * 100_000, bytearray(b"abc"), [1, 2]),
    *(memoryview(b"12345678").cast("I"), object(), True, {}, int, (b"x", None), (b"x", [], 0, None)),
]


class Hostile:
    """An object all of whose methods raise anything, or return anything."""

    def __init__(self, seed):
        self._rng = random.Random(seed)
        self._errors = ERRORS

    def anything(self, *arguments, **named):
        if self._rng.random() < 0.5:
            raise self._rng.choice(self._errors)
        return self._rng.choice(RESULTS)

    def later(self):
        """As :meth:`anything`, but not at first."""
        self._calls = getattr(self, "_calls", 0) + 1
        return self._calls if self._calls < 10 else self.anything()

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self.anything


class HostileSocket(Hostile):
    def __init__(self, seed):
        super().__init__(seed)
        self.type = 2 if seed % 2 else 1

    def gettimeout(self):
        return None


class HostileClocks(Clocks):
    def __init__(self, seed):
        self._hostile = Hostile(seed)

    def open(self):
        return self

    def now(self, clock):
        return self._hostile.anything()

    resolution = sleep = now


class HostileFolder(Folder):
    def __init__(self, seed):
        self._hostile = Hostile(seed)

    def _anything(self, *arguments):
        if self._hostile._rng.random() < 0.3:
            return self
        return self._hostile.anything()

    enter = open = read_link = stat = set_times = make_directory = remove_directory = unlink = symlink = link = (
        _anything
    )
    rename = entries = sync = release = _anything


class HostileGrant:
    read_only = False

    def __init__(self, seed):
        self._seed = seed

    def open_folder(self):
        return HostileFolder(self._seed)


def hostile_worlds(tmp_path, seed):
    """Everything by itself hostile, then the real thing."""
    yield Wasi(
        args=["p"],
        stdin=Hostile(seed),
        stdout=Hostile(seed + 1),
        stderr=Hostile(seed + 2),
        clocks=HostileClocks(seed),
        random=Hostile(seed + 3).anything,
        preopens={"/": HostileGrant(seed), "/m": MemoryDirectory({"f": b"x"}, clock=Hostile(seed + 4).later)},
        allow_sockets=[HostileSocket(seed), HostileSocket(seed + 1)],
    )
    yield Wasi.deterministic(preopens={"/": Directory(tmp_path), "/m": {"f": b"x", "d/g": b""}}, stdin=b"x" * 100)


def fill(memory, rng):
    """Words that may be addresses, lengths and text."""
    words = [rng.choice([0, 1, 3, 8, 64, 1024, 60000, 65535, 2**32 - 1, 0x2F2E2E, 0x66]) for _ in range(16384)]
    memory.data[:] = struct.pack("<16384I", *words)


class Nowhere:
    """A stream that drops what the printer makes."""

    def write(self, text):
        assert text.removesuffix("\n").isprintable()
        return len(text)

    def flush(self):
        pass


@pytest.mark.parametrize("traced", [False, True], ids=["plain", "traced"])
@pytest.mark.parametrize("module", [MODULE, PREVIEW_0])
@pytest.mark.parametrize("seed", range(4))
def test_nothing_but_traps_comes_out(tmp_path, seed, module, traced):
    (tmp_path / "f").write_bytes(b"contents")
    calls = (PREVIEW_0_CALLS if module == PREVIEW_0 else PREVIEW_1_CALLS).calls
    rng = random.Random(seed)
    seen = set()
    for wasi in hostile_worlds(tmp_path, seed):
        memory = Memory(1, 1)
        if traced:
            wasi = wasi.replace(trace=Printer(Nowhere()))
        for number in range(CALLS):
            if number % ROUND == 0:
                fill(memory, rng)
                functions = wasi.open(lambda memory=memory: memory)[module]
            name = rng.choice(list(calls))
            arguments = [rng.choice(I64 if type == "i64" else I32) for type in calls[name].type.params]
            if name == "poll_oneoff":
                arguments[2] = rng.choice([0, 1, 2, 100])
            try:
                outcome = functions[name].raw(*arguments)
            except (Trap, ExitError):
                outcome = "end"
            assert outcome == "end" or (type(outcome) is int and 0 <= outcome <= LAST_ERRNO), (name, arguments, outcome)
            assert len(memory.data) == 65536, (name, arguments)
            seen.add((name, outcome if outcome in (0, "end") else "errno"))
    assert len(calls) == (45 if module == PREVIEW_0 else 46)
    assert {name for name, _ in seen} == set(calls)
    assert len(seen) > 1.7 * len(calls), "most calls must have ended in several ways"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_of_a_stream_is_an_errno(error):
    class Stream:
        def read(self, size):
            raise error

        write = flush = read

    memory = Memory(1)
    functions = Wasi(stdin=Stream(), stdout=Stream()).open(lambda: memory)[MODULE]
    memory.data[0:8] = struct.pack("<II", 64, 5)
    for name, fd in ("fd_read", 0), ("fd_write", 1):
        if isinstance(error, (RecursionError, LifecycleError)):
            with pytest.raises(Trap):
                functions[name](fd, 0, 1, 16)
        else:
            assert 0 < functions[name](fd, 0, 1, 16) <= LAST_ERRNO


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_every_result_of_a_stream_is_data_or_an_errno(result):
    class Stream:
        def read(self, size):
            return result

        write = read

    memory = Memory(1)
    functions = Wasi(stdin=Stream(), stdout=Stream()).open(lambda: memory)[MODULE]
    memory.data[0:8] = struct.pack("<II", 64, 5)
    is_data = isinstance(result, (bytes, bytearray)) and len(result) <= 5
    assert (functions["fd_read"](0, 0, 1, 16) == 0) is is_data
    assert struct.unpack_from("<I", memory.data, 16) == (len(result) if is_data else 0,)
    is_count = result is None or (isinstance(result, int) and 0 < result <= 5)
    assert (functions["fd_write"](1, 0, 1, 16) == 0) is is_count
    assert len(memory.data) == 65536
