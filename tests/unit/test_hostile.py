"""Hostile modules down the whole road: only the errors of bad input come out, or source that Python compiles.

Sizes are those at which a pass that is quadratic, or recursive beyond Python's limits, gives itself away.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable
from functools import cache

import pytest
import wasmtime

from tests.unit.decode.binary import custom, entries, module, name, s33, section, sized, u32
from wasm2py.errors import Invalid, Malformed, ModuleError
from wasm2py.options import Options
from wasm2py.transpile import transpile
from wasm2py.wasm.limits import MAX_NESTING

DEEP = 10_000
WIDE = 50_000
OPTIONS = Options(format="none")

PROGRAM = """(module $program
  (type $binary (func (param i32 i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (import "env" "base" (global $base i32))
  (memory (export "memory") 1 2)
  (table $table 4 funcref)
  (global $g (mut i64) (i64.const -123456789))
  (global $f f64 (f64.const 1.5))
  (export "run" (func $run)) (export "g" (global $g)) (export "table" (table $table))
  (start $begin)
  (elem (i32.const 1) func $begin $run)
  (elem $passive func $log)
  (func $begin)
  (func $run (type $binary) (local $i i32) (local f32 f64 i64)
    (block $out (loop $again
      (br_if $out (i32.eqz (local.get 0)))
      (local.set $i (i32.add (local.get $i) (i32.load offset=300 (local.get 1))))
      (i64.store align=2 (i32.const 1024) (i64.const 0x1234567812345678))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_table $out $again $out (local.get $i))))
    (local.set 3 (f32.add (local.get 3) (f32.const 0.1)))
    (global.set $g (i64.extend_i32_s (i32.trunc_sat_f64_s (local.get 4))))
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))
    (memory.copy (i32.const 0) (i32.const 0) (i32.const 1))
    (table.init $passive (i32.const 0) (i32.const 0) (i32.const 1))
    (call $log (memory.grow (i32.const 1)))
    (if (result i32) (local.get 0)
      (then (call_indirect (type $binary) (i32.const 1) (i32.const 2) (i32.const 3)))
      (else (select (i32.const 1) (i32.const 2) (i32.const 3)))))
  (data $d "some data") (data (i32.const 8) "more"))"""


@cache
def program() -> bytes:
    return bytes(wasmtime.wat2wasm(PROGRAM))


def source_of(data: bytes, options: Options = OPTIONS) -> str:
    """The generated source, which Python compiles."""
    (source,) = transpile(data, options).parts.values()
    compile(source, "<hostile>", "exec", dont_inherit=True)
    return source


# ------------------------------------------------------------------------------------------------------ damaged modules


def test_the_program_is_fine() -> None:
    assert "def " in source_of(program())


def test_every_truncation_is_an_error_or_a_module() -> None:
    """What ends behind a section may be a module; everything else is malformed."""
    whole, messages = 0, []
    for end in range(len(program())):
        try:
            source_of(program()[:end])
            whole += 1
        except ModuleError as error:
            messages.append(str(error))
    assert whole < 10
    assert "\n" not in "".join(messages)


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bytes_are_an_error_or_a_module(seed: int) -> None:
    rng = random.Random(seed)
    outcomes, messages = set(), []
    for _ in range(150):
        data = bytearray(program())
        for _ in range(rng.choice((1, 1, 2, 5))):
            position = rng.randrange(8, len(data))
            data[position] = rng.choice((data[position] ^ 1 << rng.randrange(8), rng.randrange(256)))
        try:
            source_of(bytes(data))
            outcomes.add("module")
        except ModuleError as error:
            outcomes.add(type(error).__name__)
            messages.append(str(error))
    assert {"module", "Malformed", "Invalid"} <= outcomes
    assert "\n" not in "".join(messages)


# -------------------------------------------------------------------------------------------------- pathological shapes

GET = b"\x20\0"
SET = b"\x41\x05\x21\0"
BLOCK, LOOP, IF, ELSE, END = b"\x02\x40", b"\x03\x40", b"\x04\x40", b"\x05", b"\x0b"
BODY = sized(b"\0" + GET + END)
FUNC = b"\x60" + entries(b"\x7f") + entries(b"\x7f")


def function(body: bytes, local_groups: bytes = b"\0") -> bytes:
    """A module with one function from i32 to i32, exported as ``f``; ``body`` changes its parameter, the result."""
    return module(
        section(1, entries(FUNC)),
        section(3, entries(b"\0")),
        section(5, entries(b"\0\x01")),
        section(7, entries(name("f") + b"\0\0")),
        section(10, entries(sized(local_groups + body + GET + END))),
    )


TRY, CATCH, CATCH_ALL, RETHROW, DELEGATE = b"\x06\x40", b"\x07\0", b"\x19", b"\x09\0", b"\x18"
TRY_TABLE = b"\x1f\x40\x01\0\0\0"
CALL = GET + b"\x10\0\x1a"
WIDE_CLAUSES = DEEP // 2


def throwing(body: bytes, local_groups: bytes = b"\0") -> bytes:
    """The same with a tag without parameters; ``CALL`` calls the function itself."""
    return module(
        section(1, entries(FUNC, b"\x60\0\0")),
        section(3, entries(b"\0")),
        section(13, entries(b"\0\x01")),
        section(7, entries(name("f") + b"\0\0")),
        section(10, entries(sized(local_groups + body + GET + END))),
    )


def pointers(turn: int) -> bytes:
    """One of 200 locals becomes another one plus four, and a third one is stored through a fourth."""
    target, source, base, value = (u32(1 + turn * factor % 200) for factor in (1, 7, 5, 3))
    step = b"\x20" + source + b"\x41\x04\x6a\x21" + target
    return step + b"\x20" + base + b"\x20" + value + b"\x36\x02\x08"


SHAPES: dict[str, Callable[[], bytes]] = {
    "blocks": lambda: function((BLOCK + GET + b"\x0d\0") * DEEP + END * DEEP),
    "blocks left by a branch each": lambda: function(BLOCK * DEEP + (GET + b"\x0d\0" + END) * DEEP),
    "blocks left at once": lambda: function(BLOCK * DEEP + GET + b"\x0d" + u32(DEEP - 1) + (SET + END) * DEEP),
    "blocks around a br_table": lambda: function(
        BLOCK * DEEP + GET + b"\x0e" + u32(DEEP - 1) + b"".join(map(u32, range(DEEP))) + (SET + END) * DEEP
    ),
    "loops": lambda: function((LOOP + GET + b"\x0d\0") * (DEEP // 4) + END * (DEEP // 4)),
    "loops that go back far": lambda: function(LOOP * DEEP + GET + b"\x0d" + u32(DEEP - 1) + END * DEEP),
    "loops that carry many pointers": lambda: function(
        b"".join(LOOP + pointers(i) + GET + b"\x0d\0" for i in range(DEEP // 10)) + END * (DEEP // 10),
        entries(u32(200) + b"\x7f"),
    ),
    "ifs": lambda: function((GET + IF) * DEEP + SET + END * DEEP),
    "ifs with else": lambda: function((GET + IF) * DEEP + SET + (ELSE + SET + END) * DEEP),
    "ifs in else": lambda: function((GET + IF + SET + ELSE) * DEEP + END * DEEP),
    "ifs with values": lambda: function((GET + b"\x04\x7f") * DEEP + GET + (ELSE + SET + GET + END) * DEEP + b"\x21\0"),
    "locals": lambda: function(b"\x20\x01\x21\0", entries(u32(WIDE) + b"\x7f")),
    "locals in a row": lambda: function(
        b"".join(b"\x20" + u32(i) + b"\x21" + u32(i + 1) for i in range(WIDE)), entries(u32(WIDE) + b"\x7f")
    ),
    "br_table": lambda: function(
        BLOCK * 5 + GET + b"\x0e" + u32(100_000) + b"".join(u32(i * 7 % 5) for i in range(100_001)) + (SET + END) * 5
    ),
    "sum of constants": lambda: function(b"\x41\x01" * 100_000 + b"\x6a" * 99_999 + b"\x21\0"),
    "sum of locals": lambda: function(GET * 100_000 + b"\x6a" * 99_999 + b"\x21\0"),
    "sum from the left": lambda: function(GET + (GET + b"\x6a") * 100_000 + b"\x21\0"),
    "shifts": lambda: function(GET + (b"\x41\x01\x74") * 30_000 + b"\x21\0"),
    "selects": lambda: function(GET * 20_001 + b"\x1b" * 10_000 + b"\x21\0"),
    "loads": lambda: function(GET + b"\x28\x02\0" * 30_000 + b"\x21\0"),
    "calls": lambda: function(GET + b"\x10\0" * 30_000 + b"\x21\0"),
    "try_tables": lambda: throwing(BLOCK + TRY_TABLE * DEEP + CALL + (SET + END) * DEEP + END),
    "try_tables that all throw": lambda: throwing(
        BLOCK + (TRY_TABLE + CALL) * (DEEP // 4) + (SET + END) * (DEEP // 4) + END
    ),
    "try_tables that catch for far away": lambda: throwing(
        BLOCK + b"".join(b"\x1f\x40\x01\0\0" + u32(i) + CALL for i in range(DEEP // 4)) + (SET + END) * (DEEP // 4 + 1)
    ),
    "clauses of a try_table": lambda: throwing(
        BLOCK * WIDE_CLAUSES
        + b"\x1f\x40"
        + entries(*[b"\0\0" + u32(i) for i in range(WIDE_CLAUSES)])
        + CALL
        + END
        + (SET + END) * WIDE_CLAUSES
    ),
    "tries": lambda: throwing(TRY * DEEP + CALL + (CATCH + SET + END) * DEEP),
    "tries in clauses": lambda: throwing((TRY + CALL + CATCH) * (DEEP // 4) + CALL + RETHROW + END * (DEEP // 4)),
    "tries in a row": lambda: throwing((TRY + CALL + CATCH_ALL + SET + RETHROW + END) * WIDE_CLAUSES),
    "clauses": lambda: throwing(TRY + CALL + (CATCH + SET) * WIDE_CLAUSES + END),
    "tries that delegate": lambda: throwing(
        TRY * DEEP + CALL + b"".join(DELEGATE + u32(DEEP - 1 - 2 * i) + CATCH + END for i in range(DEEP // 2))
    ),
}
"""Functions of one shape, made large."""


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_large_functions(shape: str) -> None:
    source_of(SHAPES[shape]())


@pytest.mark.parametrize("count", [3, 30, 300])
def test_deep_nesting_computes_what_shallow_nesting_does(count: int) -> None:
    """``count`` blocks around a ``br_table``; control that falls through a block adds its number."""
    add = b"".join(GET + b"\x41" + s33(i) + b"\x6a\x21\0" + END for i in range(count))
    body = BLOCK * count + GET + b"\x0e" + u32(count - 1) + b"".join(map(u32, range(count))) + add
    namespace: dict[str, object] = {"__name__": "deep"}
    exec(source_of(function(body)), namespace)
    f = namespace["__getattr__"]("f")  # type: ignore[operator]  # a module's function
    for start in (0, 1, count // 2, count - 1, count, 1000):
        assert f(start) == start + sum(range(min(start, count - 1) + 1, count))


TABLES: dict[str, Callable[[], bytes]] = {
    "parameters": lambda: module(
        section(1, entries(b"\x60" + entries(*[b"\x7f"] * 1000) + entries(b"\x7f"))),
        section(3, entries(b"\0")),
        section(10, entries(BODY)),
    ),
    "functions": lambda: module(
        section(1, entries(FUNC)), section(3, entries(*[b"\0"] * 5000)), section(10, entries(*[BODY] * 5000))
    ),
    "exports": lambda: module(
        section(1, entries(FUNC)),
        section(3, entries(b"\0")),
        section(7, entries(*(name(f"e{i}") + b"\0\0" for i in range(20_000)))),
        section(10, entries(BODY)),
    ),
    "globals": lambda: module(section(6, entries(*[b"\x7f\x01\x41\0" + END] * 20_000))),
    "data": lambda: module(
        section(5, entries(b"\0\x40")), section(11, entries(b"\0\x41\0" + END + sized(bytes(range(256)) * 8000)))
    ),
    "data segments": lambda: module(
        section(5, entries(b"\0\x01")), section(11, entries(*[b"\0\x41\0" + END + sized(b"abc")] * 20_000))
    ),
    "elements": lambda: module(
        section(1, entries(FUNC)),
        section(3, entries(b"\0")),
        section(4, entries(b"\x70\0" + u32(50_000))),
        section(9, entries(b"\0\x41\0" + END + entries(*[b"\0"] * 50_000))),
        section(10, entries(BODY)),
    ),
    "memory": lambda: module(section(5, entries(b"\x01" + u32(65_536) + u32(65_536)))),
    "memories": lambda: module(section(5, entries(*[b"\0\0"] * 1000))),
    "custom sections": lambda: module(*[custom("x", b"y")] * 20_000),
}
"""Modules with much of one thing outside functions."""


@pytest.mark.parametrize("what", TABLES)
def test_large_modules(what: str) -> None:
    source_of(TABLES[what]())


@pytest.mark.slow
@pytest.mark.parametrize(
    "opening",
    [BLOCK, BLOCK + GET + b"\x0d\0", LOOP + GET + b"\x0d\0", GET + IF, TRY + CALL + CATCH_ALL],
    ids=["dead", "blocks", "loops", "ifs", "tries"],
)
def test_nesting_works_up_to_the_limit(opening: bytes) -> None:
    def nested(depth: int) -> bytes:
        return throwing(opening * depth + SET + END * depth)

    source_of(nested(MAX_NESTING))
    with pytest.raises(Invalid, match="nested too deeply: the limit is 20000"):
        source_of(nested(MAX_NESTING + 1))


@pytest.mark.parametrize("shape", ["blocks", "ifs", "tries"])
def test_nesting_times_locals_is_limited(shape: str) -> None:
    """Not by the memory of the machine."""
    opening = {"blocks": BLOCK + GET + b"\x0d\0", "ifs": GET + IF, "tries": TRY + CALL}[shape]
    data = throwing(opening * 2000 + SET + END * 2000, entries(u32(WIDE) + b"\x7f"))
    with pytest.raises(ModuleError, match="blocks nested too deeply, 1000 levels, for 50001 locals"):
        source_of(data)


def test_a_body_with_too_many_locals_is_refused_at_once() -> None:
    with pytest.raises(Malformed):
        source_of(function(b"", entries(*[u32(2**32 - 1) + b"\x7f"] * 2)))


# --------------------------------------------------------------------------------------------------------------- names

NAMES = (
    "plain",
    "",
    "class",
    "None",
    "__debug__",
    "__wasm2py__",
    "_instance",
    "instance",
    "memory0",
    "print",
    "a\rb = 1",
    "a\nimport os",
    "a\x00b",
    "a\x1ab",
    "\x0c\x0b\x1c\x85\u2028\u2029",
    "'''",
    '"""',
    "'; raise SystemExit #",
    '\\"',
    "\\",
    "# -*- coding: utf-7 -*-",
    "# coding: latin-1",
    "+AGE-",
    "ﬁ",
    "fi",
    "ｃｌａｓｓ",
    "\u202e\u2066abc",
    "\U0001f600",
    "\U0001f600" * 50 + "\\" * 200,
    "{{ 7 * 7 }}{% raise %}",
    "{0} %s $x",
    "\ufeffx",
    "x" * 100_000,
    "\u0301" * 1000,
)


def named(text: str, other: str = "other") -> bytes:
    """A module in which everything that has a name is called ``text``."""
    functions = entries(*(u32(i) + name(text) for i in range(3)))
    local_names = entries(*(u32(i) + entries(u32(0) + name(text), u32(1) + name(text)) for i in (1, 2)))
    one = entries(b"\0" + name(text))
    names = b"".join(
        bytes([number]) + sized(content)
        for number, content in ((0, name(text)), (1, functions), (2, local_names), (5, one), (6, one), (7, one))
    )
    body = sized(entries(u32(1) + b"\x7f") + b"\x20\0\x21\x01\x20\x01\x10\0\x23\0" + END)
    return module(
        section(1, entries(b"\x60" + entries(b"\x7f") + entries(), FUNC)),
        section(2, entries(name(text) + name(text) + b"\0\0")),
        section(3, entries(b"\x01", b"\x01")),
        section(4, entries(b"\x70\0\x01")),
        section(5, entries(b"\0\x01")),
        section(6, entries(b"\x7f\x01\x41\0" + END)),
        section(7, entries(name(text) + b"\0\x01", name(other) + b"\x03\0")),
        section(10, entries(body, body)),
        custom("name", names),
    )


class _Shape(ast.NodeTransformer):
    """Takes names and strings out of a tree."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field, value in ast.iter_fields(node):
            if isinstance(value, (str, bytes)):
                setattr(node, field, "")
        return super().generic_visit(node)


def shape(source: str) -> str:
    return ast.dump(_Shape().visit(ast.parse(source.encode())))


@pytest.mark.parametrize("text", NAMES, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("names", [True, False])
def test_names_do_not_change_the_code(text: str, names: bool) -> None:
    options = Options(format="none", names=names, source_name=text)
    source = source_of(named(text), options)
    assert shape(source) == shape(source_of(named("plain"), Options(format="none", names=names)))
    assert len(source) < 5 * len(text.encode()) * 10 + 10_000


def test_a_name_that_differs_makes_a_shape_that_is_the_same_and_a_constant_one_that_is_not() -> None:
    """The comparison sees more than names."""
    assert shape("a = 'b'") == shape("c = 'd'")
    assert shape("a = 1") != shape("a = 2")
    assert shape("a = 'b'") != shape("a = b'c'; d = 1")
