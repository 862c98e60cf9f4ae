"""Programs of ours do the same as under wasmtime: output, exit status, and what their directories hold afterwards."""

from __future__ import annotations

import pytest

from tests.programs.compilers import compile_c, compile_zig
from wasi_shim.host.files import SANDBOXED

from .cases import CASES, Case
from .sides import SOURCES, Outcome, in_memory, on_disk, under_wasmtime

pytestmark = pytest.mark.skipif(not SANDBOXED, reason="this host does not confine programs to real directories")


def compiled(source):
    return (compile_zig if source.endswith(".zig") else compile_c)(SOURCES / source)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_same_as_wasmtime(case: Case, tmp_path):
    binary = compiled(case.source)
    folders = tmp_path / "theirs", tmp_path / "ours"
    for folder in folders:
        folder.mkdir()
    theirs = under_wasmtime(binary, case, folders[0])
    compare(on_disk(binary, case, folders[1]), theirs)
    if case.in_memory:
        compare(in_memory(binary, case), theirs.without_permissions())


def compare(ours: Outcome, theirs: Outcome) -> None:
    """Compare piece by piece and line by line, for then pytest shows what differs."""
    assert ours.stdout.splitlines() == theirs.stdout.splitlines()
    assert ours.stderr.splitlines() == theirs.stderr.splitlines()
    assert ours.status == theirs.status
    for name, tree in theirs.trees.items():
        assert ours.trees[name] == tree
    assert ours == theirs


def test_every_source_has_a_case():
    assert {case.source for case in CASES} == {path.name for path in SOURCES.iterdir() if path.suffix != ".h"}


def test_case_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)
