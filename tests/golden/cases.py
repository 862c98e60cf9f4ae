"""Golden cases: a module in the text format, and what a stage makes of it, in one file.

::

    What this shows, in a sentence or two.
    options: optimise=0 target=pypy show=module
    === module
    (module …)
    === calls
    f 1 2
    === expected
    …

The folder names the stage: ``ir``, ``ranges``, ``optimise`` and ``structure`` show the IR after it, ``python`` the text
of the functions (with ``show=module``, of the whole module but its header).  The line of options and the calls may be
missing.  Each call is made in the generated code and under wasmtime.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.unit.ir.stages import functions_after
from wasm2py.ir.dump import dump
from wasm2py.options import Options
from wasm2py.transpile import transpile

FOLDER = Path(__file__).parent
STAGES = ("ir", "ranges", "optimise", "structure", "python")
_SHOWN = {"ir": "build", "ranges": "ranges", "optimise": "optimise", "structure": "structure"}


@dataclass(frozen=True)
class Case:
    """One file.

    :ivar calls: exported names with arguments
    """

    path: Path
    stage: str
    about: str
    options: Options
    whole: bool
    module: str
    calls: tuple[tuple[str, ...], ...]
    expected: str


def load(path: Path) -> Case:
    """Read a case."""
    head, *parts = path.read_text(encoding="utf-8").split("\n=== ")
    about, _, settings = head.partition("\noptions: ")
    sections = dict(part.split("\n", 1) if "\n" in part else (part, "") for part in parts)
    unknown = sections.keys() - {"module", "calls", "expected"}
    assert not unknown, f"{path}: unknown sections {unknown}"
    given = dict(setting.split("=") for setting in settings.split())
    whole = given.pop("show", "functions") == "module"
    options = Options(
        optimise=int(given.pop("optimise", "1")),
        target=given.pop("target", "auto"),
        names=given.pop("names", "yes") == "yes",
        format="none",
    )
    assert not given, f"{path}: unknown options {given}"
    calls = tuple(tuple(line.split()) for line in sections.get("calls", "").splitlines())
    expected = sections.get("expected", "")
    return Case(path, path.parent.name, about, options, whole, sections["module"], calls, expected)


def actual(case: Case, data: bytes) -> str:
    """What the stage makes of the module."""
    if case.stage == "python":
        (source,) = transpile(data, case.options).parts.values()
        return _cut(source, case.whole)
    functions = functions_after(data, _SHOWN[case.stage], level=case.options.optimise, target=case.options.target)
    return "\n".join(dump(function, ranges=case.stage != "ir") for function in functions)


def rewrite(case: Case, text: str) -> None:
    """Replace the expected text."""
    before = case.path.read_text(encoding="utf-8").partition("\n=== expected")[0]
    case.path.write_text(f"{before.rstrip()}\n=== expected\n{text}", encoding="utf-8")


def _cut(source: str, whole: bool) -> str:
    """The functions of a generated module, or everything behind its header, which changes with the version."""
    lines = source.splitlines()
    if whole:
        end_of_header = lines.index('"""', 2)
        return "\n".join(lines[end_of_header + 1 :]).strip() + "\n"
    functions: list[str] = []
    inside = False
    for line in lines:
        if line.startswith(" ") and not line.startswith("  "):
            inside = line.startswith(" def f")
        inside = inside and line.startswith(" ")
        if inside:
            functions.append(line[1:])
    return "\n".join(functions) + "\n"
