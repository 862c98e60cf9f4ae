"""The README tells what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from wasi_shim.command.options import OPTIONS, Option
from wasm2py.cli.transpile import transpile_command
from wasm2py.features import FEATURES, Stage

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

STATUS = {
    Stage.SUPPORTED: "yes",
    Stage.VALIDATED: "not yet: decoded and validated",
    Stage.DECODED: "not yet: decoded",
}


def support_table() -> str:
    rows = [
        f"| {feature.name} | {feature.version or 'proposal'} | {feature.summary} | {STATUS[feature.stage]} |\n"
        for feature in FEATURES.values()
    ]
    return "| Proposal | In Wasm | What | Transpiled |\n|---|---|---|---|\n" + "".join(rows)


def test_support_table_follows_the_features() -> None:
    table = README.split("<!-- features: begin -->\n")[1].split("<!-- features: end -->")[0]
    assert table == support_table()


def test_every_option_is_described() -> None:
    options = [option for option in transpile_command.params if isinstance(option, click.Option)]
    described = README.split("| Option |")[1].split("\n\n")[0]
    for option in options:
        names = [*option.opts, *option.secondary_opts]
        assert any(f"`{name}" in described for name in names), names


def test_every_option_of_programs_is_described() -> None:
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    rows = text.split("<!-- options: begin -->")[1].split("<!-- options: end -->")[0].splitlines()[3:]
    shown = [f"--{option.name}{_value(option)}" for option in OPTIONS]
    assert [row.split("`")[1] for row in rows] == shown


def _value(option: Option) -> str:
    if option.default is not None:
        return f"[={option.value}]"
    return f" {option.value}" if option.value else ""


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^):#]+)\)", README))))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`((?:wasm2py|runtime_support|wasi_shim)/[\w/.]*)`", README))))
def test_named_files_exist(place: str) -> None:
    assert (ROOT / place).exists()
