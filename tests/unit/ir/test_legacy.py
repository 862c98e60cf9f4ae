"""Legacy exception handling: what it becomes; random nests against Node: where control goes, what locals hold there."""

from __future__ import annotations

import json
import random
import shutil
import subprocess

import pytest

from runtime_support import WasmException
from tests.unit.ir.oracle import Generated
from tests.unit.ir.stages import functions_after
from tests.unit.legacy_modules import legacy_module
from wasm2py.decode import decode_body, decode_module
from wasm2py.ir.building.legacy import TRANSLATED, modernise
from wasm2py.ir.structuring import structure
from wasm2py.options import Options
from wasm2py.wasm.module import Catch
from wasm2py.wasm.types import FuncType

NEXT = """global.get 0 i32.const 1103515245 i32.mul i32.const 12345 i32.add global.set 0
  global.get 0 i32.const 16 i32.shr_u i32.const 7 i32.and"""

STEP = """block none block none block none block none call 0 br_table 0,1,2,3 end
      local.get 0 throw 1 end
      local.get 0 i64.extend_i32_s i32.const -5 throw 2 end
      throw 0 end
  local.get 0 i32.const 17 i32.add"""

N, ACC, B, TURNS = range(4)
"""The locals."""

MODULES = 60
ARGUMENTS = range(40)

JUDGE = """
const fs = require("fs"), all = [];
for (const path of JSON.parse(process.argv[2])) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(path)));
  all.push([...Array(+process.argv[3]).keys()].map((argument) => {
    try { return ["result", exports.f(argument)]; } catch (error) {
      const tag = [0, 1, 2].find((i) => error instanceof WebAssembly.Exception && error.is(exports["tag" + i]));
      return tag === undefined ? ["other", String(error)] : ["exception", "tag" + tag];
    }
  }));
}
console.log(JSON.stringify(all));
"""


class Nest:
    """A random body.  Labels are noted by how deep they are."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.depth = 0
        self.labels: list[int] = []
        """Those that take no operands."""
        self.caught: list[int] = []
        """Those of each ``try`` in one of whose clauses this is."""

    def body(self, depth: int) -> str:
        return " ".join(self.statement(depth) for _ in range(self.random.randint(1, 4)))

    def statement(self, depth: int) -> str:
        simple = [self.add, self.keep, self.use, self.call, self.call, self.branch, self.rethrow]
        nested = [self.block, self.loop, self.choice, self.catch, self.catch, self.catch_value, self.delegate]
        if depth and self.random.random() < 0.6:
            return self.random.choice(nested)(depth - 1)
        return self.random.choice(simple)()

    def add(self) -> str:
        return f"local.get {ACC} i32.const 31 i32.mul i32.const {self.random.randint(1, 99)} i32.add local.set {ACC}"

    def keep(self) -> str:
        return f"local.get {ACC} i32.const {self.random.randint(1, 99)} i32.xor local.set {B}"

    def use(self) -> str:
        return f"local.get {ACC} local.get {B} i32.add local.set {ACC}"

    def call(self) -> str:
        return f"local.get {ACC} call 1 local.set {self.random.choice([ACC, B])}"

    def sometimes(self, action: str) -> str:
        return f"call 0 i32.const 3 i32.and i32.eqz if none {action} end"

    def branch(self) -> str:
        if not self.labels:
            return self.add()
        return self.sometimes(f"br {self.depth + 1 - self.random.choice(self.labels)}")

    def rethrow(self) -> str:
        if not self.caught:
            return self.call()
        return self.sometimes(f"rethrow {self.depth + 1 - self.random.choice(self.caught)}")

    def inside(self, depth: int, *, label: bool = True) -> str:
        self.depth += 1
        if label:
            self.labels.append(self.depth)
        body = self.body(depth)
        if label:
            self.labels.pop()
        self.depth -= 1
        return body

    def clause(self, depth: int, *, label: bool = True) -> str:
        self.caught.append(self.depth + 1)
        body = self.inside(depth, label=label)
        self.caught.pop()
        return body

    def block(self, depth: int) -> str:
        return f"block none {self.inside(depth)} end"

    def loop(self, depth: int) -> str:
        turn = f"local.get {TURNS} i32.const 1 i32.add local.tee {TURNS} i32.const 40 i32.gt_s"
        return f"loop none {turn} if none local.get {ACC} return end {self.inside(depth)} end"

    def choice(self, depth: int) -> str:
        return f"call 0 i32.const 1 i32.and if none {self.inside(depth)} else {self.inside(depth)} end"

    def catch(self, depth: int) -> str:
        text = f"try none {self.inside(depth)}"
        for tag in self.random.sample(range(3), self.random.randint(0, 2)):
            take = ("", f"local.set {B}", f"local.set {B} drop")[tag]
            text += f" catch {tag} {take} {self.clause(depth)}"
        if self.random.random() < 0.5:
            text += f" catch_all {self.clause(depth)}"
        return f"{text} end"

    def catch_value(self, depth: int) -> str:
        body, clause = self.inside(depth, label=False), self.clause(depth, label=False)
        return f"local.get {B} try 4 {body} i32.const 5 i32.add catch 1 {clause} end local.set {ACC}"

    def delegate(self, depth: int) -> str:
        return f"try none {self.inside(depth)} delegate {self.random.randint(0, self.depth)}"


def module(seed: int) -> bytes:
    body = Nest(seed).body(5)
    text = f"local.get {N} global.set 0 {body} local.get {ACC} local.get {B} i32.add"
    return legacy_module({"next": (3, "", NEXT), "step": (4, "", STEP), "f": (4, "i32 i32 i32", text)})


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[list[list[object]]]:
    """What Node finds, by module and argument."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node: no other engine at hand runs legacy exception handling")
    folder = tmp_path_factory.mktemp("legacy")
    paths = [folder / f"{seed}.wasm" for seed in range(MODULES)]
    for seed, path in enumerate(paths):
        path.write_bytes(module(seed))
    script = folder / "judge.js"
    script.write_text(JUDGE, encoding="utf-8")
    arguments = [node, str(script), json.dumps(list(map(str, paths))), str(len(ARGUMENTS))]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    found: list[list[list[object]]] = json.loads(done.stdout)
    assert not any(kind == "other" for outcomes in found for kind, _ in outcomes)
    return found


def outcomes(generated: Generated) -> list[list[object]]:
    return [outcome(generated, argument) for argument in ARGUMENTS]


def outcome(generated: Generated, argument: int) -> list[object]:
    try:
        return list(generated.call("f", argument))
    except WasmException as error:
        return ["exception", error.tag.name]


@pytest.mark.parametrize("seed", range(MODULES))
def test_random_nests(seed: int, expected: list[list[list[object]]], monkeypatch: pytest.MonkeyPatch) -> None:
    data = module(seed)
    functions_after(data, "structure")
    for level in (0, 1):
        assert outcomes(Generated(data, Options(optimise=level, format="none"))) == expected[seed], level
    monkeypatch.setattr(structure, "MAX_LOOPS", 0)  # now it is cut into basic blocks
    assert outcomes(Generated(data, Options(format="none"))) == expected[seed]


def test_the_random_nests_are_worth_it(expected: list[list[list[object]]]) -> None:
    kinds = {str(value) if kind == "exception" else kind for one in expected for kind, value in one}
    assert kinds == {"result", "tag0", "tag1", "tag2"}
    assert sum(len(set(map(str, one))) > 3 for one in expected) > MODULES // 3
    texts = [Nest(seed).body(5) for seed in range(MODULES)]
    for name in ("catch_all", "rethrow", "delegate", "try 4"):
        assert sum(name in text for text in texts) > MODULES // 3, name


def translated(text: str) -> str:
    """What instructions become in a function with one local, without those that their last ``end`` closes."""
    data = decode_module(legacy_module({"f": (0, "i32", text)}))
    body, _ = modernise(data, decode_body(data, 0), 1)
    assert not any(instruction.op in TRANSLATED for instruction in body)
    return " ".join([f"{instruction.op.name}{shown(instruction.imm)}" for instruction in body])


def shown(imm: object) -> str:
    """An immediate; of a block type the results."""
    if isinstance(imm, FuncType):
        return f"[{' '.join(map(str, imm.results))}]"
    if isinstance(imm, Catch):
        return f"({imm.kind} {imm.label})" if imm.tag is None else f"({imm.kind} {imm.tag} {imm.label})"
    if isinstance(imm, tuple) and len(imm) == 2 and isinstance(imm[1], tuple):  # a try_table
        return f"{shown(imm[0])}{''.join(map(shown, imm[1]))}"
    return f" {imm}" if isinstance(imm, int) else ""


@pytest.mark.parametrize(
    ("legacy", "modern"),
    [
        ("call 0", "call 0 end"),
        ("try none call 0 end", "block call 0 end end"),
        (
            "try none call 0 catch 1 drop end",
            "block[] block[i32] try_table[](catch 1 0) call 0 br 2 end end drop end end",
        ),
        (
            "try none call 0 catch_all rethrow 0 end",
            "block[] block[(ref exn)] try_table[](catch_all_ref 0) call 0 br 2 end end"
            " local.set 1 local.get 1 throw_ref end end",
        ),
        (
            "try none br 0 catch 0 br 0 catch_all br 1 end",
            "block[] block[] block[] try_table[](catch 0 0)(catch_all 1) br 3 br 3 end end"
            " br 1 br 1 end br 1 end end",
        ),
        ("try none call 0 delegate 0", "block call 0 end end"),
        ("try none try none call 0 delegate 0 catch_all end",
         "block[] block[] try_table[](catch_all 0) block call 0 end br 2 end end end end"),
        (
            "try none try none call 0 delegate 1 catch_all end",
            "block[(ref exn)] block[] block[] try_table[](catch_all 0)"
            " block[] try_table[](catch_all_ref 4) call 0 br 1 end end br 2 end end end return end throw_ref end",
        ),
        ("try none catch_all try none call 0 delegate 0 end",
         "block[] block[] try_table[](catch_all 0) br 2 end end block call 0 end end end"),
    ],
)  # fmt: skip
def test_what_it_becomes(legacy: str, modern: str) -> None:
    assert translated(legacy) == modern


def test_clauses_share_locals_unless_nested() -> None:
    again = "try none call 0 catch_all {} rethrow 0 end"
    data = decode_module(legacy_module({"f": (0, "i32", again.format("") + " " + again.format(again.format("")))}))
    _, locals_ = modernise(data, decode_body(data, 0), 1)
    assert [str(type_) for type_ in locals_] == ["(ref exn)"] * 2


def test_both_kinds_of_instructions_may_be_mixed() -> None:
    """The inner ``delegate`` goes past a ``try`` to a ``try_table`` whose clause takes it."""
    delegating = "try none try none i32.const 7 throw 1 delegate 1 catch_all i32.const 1 global.set 0 end"
    text = f"block i32 try_table none 1 catch 1 0 {delegating} end i32.const 2 end global.get 0 i32.add"
    generated = Generated(legacy_module({"f": (4, "", text)}), Options(format="none"))
    assert generated.call("f", 0) == ("result", 7)
