"""Real libraries from package registries: the commands of each example's README are run as they stand."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spec_data import ROOT

EXAMPLES = ROOT / "examples"

_COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PRINTS = re.compile(r"^prints\n\n```\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FETCHES = ("npm pack ", "pip download ", "npm install ")

pytestmark = [pytest.mark.network, pytest.mark.slow]


class Example:
    """A copy of an example's folder in which the commands of its README have been run."""

    def __init__(self, name: str, workspace: Path) -> None:
        shutil.copytree(EXAMPLES, workspace / "examples", ignore=shutil.ignore_patterns("__pycache__"))
        self.folder = workspace / "examples" / name
        self.readme = (self.folder / "README.md").read_text(encoding="utf-8")
        self._programs = workspace / "bin"
        self._programs.mkdir()
        for program, command in {"python": "", "pip": " -m pip", "wasm2py": " -m wasm2py"}.items():
            script = self._programs / program
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}"{command} "$@"\n', encoding="utf-8")
            script.chmod(0o755)
        self.output = ""
        if shutil.which("node") is None and any(line.startswith("node ") for line in self.commands(0)):
            pytest.skip("its commands need node")
        for line in self.commands(0):
            done = self.run(line)
            if done.returncode and line.startswith(_FETCHES):
                pytest.skip(f"could not download: {line}: {done.stderr.strip()[-200:]}")
            assert not done.returncode, f"{line}\n{done.stderr}"
            self.output = done.stdout

    def commands(self, block: int) -> list[str]:
        """The lines of a block of commands in the README."""
        found: str = _COMMANDS.findall(self.readme)[block]
        return found.splitlines()

    def run(self, line: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        """Run a line of shell in the folder."""
        environ = {
            **os.environ,
            "PATH": f"{self._programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONPATH": str(ROOT),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        done = subprocess.run(
            ["sh", "-c", line], cwd=self.folder, env=environ, input=stdin, capture_output=True, check=False
        )
        return subprocess.CompletedProcess(line, done.returncode, done.stdout.decode(), done.stderr.decode())

    def printed_in_readme(self) -> str:
        """What the README says that the last command prints."""
        found = _PRINTS.search(self.readme)
        assert found is not None
        return found.group(1)


def test_dprint_json(tmp_path: Path) -> None:
    example = Example("dprint-json", tmp_path)
    assert example.output == example.printed_in_readme()
    (broken,) = example.commands(1)
    done = example.run(broken)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Line 2, column 1: Expected value after colon")
    document = '// Größe\n{"list":[' + ",".join(f'"entry {n}"' for n in range(30)) + '],\n\n\n"b":null}'
    done = example.run("python format_json.py", document.encode())
    assert done.stdout.startswith('// Größe\n{\n  "list": [\n    "entry 0",\n    "entry 1",\n')
    assert done.stdout.endswith('"entry 29"\n  ],\n  "b": null\n}\n')


def test_es_module_lexer(tmp_path: Path) -> None:
    example = Example("es-module-lexer", tmp_path)
    assert example.output == example.printed_in_readme()
    (example.folder / "own.mjs").write_text(_MODULE, encoding="utf-8")
    (example.folder / "broken.mjs").write_text('import { from "x"\nconst a = `', encoding="utf-8")
    if shutil.which("node") is None:
        pytest.skip("node, to compare with, is not installed")
    for name in ["own.mjs", "broken.mjs", "lex_modules.mjs", *(f"package/dist/lexer{x}.js" for x in ("", ".asm"))]:
        ours, theirs = example.run(f"python lex_modules.py {name}"), example.run(f"node lex_modules.mjs {name}")
        assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)
        assert theirs.returncode == (name == "broken.mjs")


_MODULE = """// Größe 😀
import a, { b as c } from "./x.js" with { type: "json", "k": 'v' };
import * as ns from 'y'; import defer * as d from "z";
export * from "w"; export * as q from "./q"; export { a as default, c as "string name" } from "p";
export const { m, n } = a; export class K {} export async function f() { await import(`./l/${c}.js`, {with: {}}); }
const r = /[/]"'`/g, t = `${`${import.meta.url}`}`;
export let x1 = 1, x2 = import("dyn");
"""


def test_hash_wasm(tmp_path: Path) -> None:
    example = Example("hash-wasm", tmp_path)
    long = bytes(n * n % 251 for n in range(40_000))
    for name, data in {"README.md": None, "empty": b"", "long": long}.items():
        if data is not None:
            (example.folder / name).write_bytes(data)
        data = (example.folder / name).read_bytes()
        wanted = f"{hashlib.md5(data).hexdigest()}  {name}\n{hashlib.sha256(data).hexdigest()}  {name}\n"
        assert example.run(f"python hash_files.py {name}").stdout == wanted


def test_llhttp(tmp_path: Path) -> None:
    example = Example("llhttp", tmp_path)
    assert example.output == example.printed_in_readme()
    parse = "python parse_response.py"
    chunked = (
        b"HTTP/1.0 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"
    )
    assert example.run(parse, chunked).stdout == (
        "HTTP/1.0 404 Not Found\nTransfer-Encoding: chunked\n\nabc0123456789abcdef\n"
    )
    done = example.run(parse, b"HTTP/1.1 2x0 OK\r\n\r\n")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "Invalid status code\n")


def test_meshoptimizer(tmp_path: Path) -> None:
    example = Example("meshoptimizer", tmp_path)
    assert example.output == example.printed_in_readme()
    assert example.run("node encode_mesh.mjs 37 > mesh.json").returncode == 0
    done = example.run("python decode_mesh.py mesh.json")
    assert done.returncode == 0
    assert done.stdout.count(", as in Node\n") == len(done.stdout.splitlines()) == 9
    streams = json.loads((example.folder / "mesh.json").read_text(encoding="utf-8"))
    streams[0]["encoded"] = streams[0]["encoded"][:400]
    (example.folder / "mesh.json").write_text(json.dumps(streams), encoding="utf-8")
    assert example.run("python decode_mesh.py mesh.json").stderr.endswith("ValueError: the stream is damaged\n")


def test_moonbit(tmp_path: Path) -> None:
    example = Example("moonbit", tmp_path)
    assert example.output == example.printed_in_readme()
    install, node = example.commands(1)
    if example.run(install).returncode:
        pytest.skip("could not install a Node with garbage-collected objects")
    documents = {
        '{"': "no JSON",
        "[]": "$: 2",
        json.dumps([{"a b": n, "c": [None, "x y " * n, n / 7]} for n in range(30)]): "$[29].c[2]: 17",
        json.dumps("😀 \\ \n\u2028"): "$: ",
    }
    for document, line in documents.items():
        (example.folder / "document.json").write_text(document, encoding="utf-8")
        ours, theirs = example.run("python run_report.py document.json"), example.run(node)
        assert (ours.returncode, ours.stdout, ours.stderr) == (0, theirs.stdout, "")
        assert line in ours.stdout


def test_quickjs(tmp_path: Path) -> None:
    example = Example("quickjs", tmp_path)
    assert example.output == example.printed_in_readme()
    script = (
        "class A { #x = 6n; get x() { return this.#x ** 30n } }"
        "let m = new Map([['é', /(?<y>\\d{4})/u.exec('in 2024').groups.y]]);"
        "JSON.stringify([new A().x.toString(), ...m, 0.1 + 0.2, [..."
        "(function*() { yield* [1, 2] })()], Math.max(...[1, 5]), `${typeof null}`])"
    )
    done = example.run('python run_js.py "$(cat)"', script.encode())
    assert done.stdout == '["221073919720733357899776",["é","2024"],0.30000000000000004,[1,2],5,"object"]\n'
    done = example.run("python run_js.py 'null.x'")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "TypeError: cannot read property 'x' of null\n"


def test_taglib(tmp_path: Path) -> None:
    example = Example("taglib", tmp_path)
    assert example.output == example.printed_in_readme()
    (node,) = example.commands(1)
    done = example.run(node)
    assert (done.returncode, done.stdout) == (0, example.output), done.stderr
    assert (example.folder / "tagged.wav").read_bytes() == (example.folder / "node.wav").read_bytes()
    assert b"Niemand" in (example.folder / "tagged.wav").read_bytes()
    (example.folder / "silence.wav").write_bytes(b"no audio")
    done = example.run("python tag_wav.py silence.wav tagged.wav Stille Niemand")
    assert (done.returncode, done.stderr) == (1, "silence.wav: TagLib does not know this format\n")


def test_assemblyscript(tmp_path: Path) -> None:
    example = Example("assemblyscript", tmp_path)
    assert example.output == example.printed_in_readme()
    done = example.run("python primes.py 1")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "the limit must be 2 or more\n")


def test_boolector(tmp_path: Path) -> None:
    example = Example("boolector", tmp_path)
    assert example.output == example.printed_in_readme()
    formula = "(declare-const x (_ BitVec 8)) (assert (= (bvmul x x) #x03)) (check-sat)"
    done = example.run("python boolector.py --smt2", formula.encode())
    assert (done.returncode, done.stdout) == (20, "unsat\n")


@pytest.mark.long
def test_ruby(tmp_path: Path) -> None:
    example = Example("ruby", tmp_path)
    assert example.output == example.printed_in_readme()
    code = (
        "Point = Struct.new(:x, :y); p Point.new(1, 2.5), {a: nil}, 'für'.bytes.sum, /(?<y>\\d+)/.match('in 2024')[:y]"
    )
    done = example.run(f'python run_ruby.py "{code}; [].fetch 9"')
    assert done.stdout == '#<struct Point x=1, y=2.5>\n{a: nil}\n599\n"2024"\n'
    assert done.returncode == 1
    assert "index 9 outside of array bounds" in done.stderr


def test_sh_syntax(tmp_path: Path) -> None:
    example = Example("sh-syntax", tmp_path)
    assert example.output == example.printed_in_readme()
    script = "f() {\ncase $1 in\na) echo 'ä' ;;\n*)  exit 1;;\nesac\n}\n"
    done = example.run("python format_shell.py", script.encode())
    assert done.stdout == "f() {\n  case $1 in\n    a) echo 'ä' ;;\n    *) exit 1 ;;\n  esac\n}\n"
    done = example.run("python format_shell.py", b"if true; then\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "script:1:10: `then` must be followed by a statement list\n"


@pytest.mark.long
def test_yosys(tmp_path: Path) -> None:
    example = Example("yosys", tmp_path)
    assert example.output == example.printed_in_readme()
    done = example.run("python yosys --wasi-dir . -q -p 'read_rtlil missing.il'")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ERROR: Can't open input file `missing.il' for reading: No such file or directory" in done.stderr
