"""Which proposals a choice enables."""

from __future__ import annotations

import pytest

from wasm2py.errors import Unsupported, UsageError
from wasm2py.features import BASE, FEATURES, OPEN, Stage, select
from wasm2py.options import Options

SUPPORTED = {name for name, feature in FEATURES.items() if feature.stage is Stage.SUPPORTED}
UNBUILT = sorted(FEATURES.keys() - SUPPORTED)


def of_versions(*versions: str) -> set[str]:
    return {name for name in SUPPORTED if FEATURES[name].version in versions} - {BASE}


def closed(enable: str = "", disable: str = "") -> set[str]:
    return set(select(enable.split(), disable.split()).closed)


def test_all_that_is_supported_is_enabled() -> None:
    assert closed() == set()
    assert not Options().gate()


@pytest.mark.parametrize(
    ("enable", "disable", "missing"),
    [
        ("", "threads", {"threads"}),
        ("", "proposal", of_versions("")),
        ("", "3.0 proposal", of_versions("3.0", "")),
        ("", "1.0", {"mutable-globals"}),
        ("", "all", SUPPORTED - {BASE}),
        ("all", "threads simd", {"threads", "simd", "relaxed-simd"}),
        ("1.0 2.0", "all", of_versions("3.0", "")),
        ("tail-call", "3.0 proposal", of_versions("3.0", "") - {"tail-call"}),
        ("3.0", "multi-memory", {"multi-memory"}),
        ("mvp", "all", SUPPORTED - {BASE}),
    ],
)
def test_the_narrower_choice_wins(enable: str, disable: str, missing: set[str]) -> None:
    assert closed(enable, disable) == missing


def test_what_builds_upon_a_proposal_is_disabled_with_it() -> None:
    assert closed(disable="simd") == {"simd", "relaxed-simd"}
    assert closed(disable="reference-types") >= {"reference-types", "function-references", "gc", "exceptions"}


def test_what_a_proposal_builds_upon_is_enabled_with_it() -> None:
    assert SUPPORTED - closed("gc", "all") == {BASE, "gc", "function-references", "reference-types"}


@pytest.mark.parametrize("name", sorted(FEATURES))
def test_needs_are_rows_above(name: str) -> None:
    names = list(FEATURES)
    assert all(needed in names[: names.index(name)] for needed in FEATURES[name].needs)


@pytest.mark.parametrize(
    ("enable", "disable", "message"),
    [
        ("simd128", "", "unknown feature 'simd128': there are mvp, mutable-globals, "),
        ("", "", "unknown feature '': "),
        ("gc", "gc", "feature gc is both enabled and disabled"),
        ("2.0", "2.0", "feature 2.0 is both enabled and disabled"),
        ("gc", "reference-types", "feature gc needs reference-types, which is disabled"),
        ("2.0", "mvp", "feature mvp cannot be disabled"),
        (UNBUILT[0], "", f"feature {UNBUILT[0]} cannot be enabled: it is not transpiled yet"),
    ],
)
def test_choices_that_make_no_sense(enable: str, disable: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Options(enable=tuple(enable.split(" ")) if enable or not disable else (), disable=tuple(disable.split()))
    assert str(caught.value).startswith(message)


def test_a_gate_names_the_proposal_the_place_and_the_option() -> None:
    OPEN.require("simd", "type v128", 12)
    with pytest.raises(Unsupported) as caught:
        select((), ("simd",)).require("relaxed-simd", "f32x4.relaxed_madd", 300)
    assert caught.value.feature == "relaxed-simd"
    assert str(caught.value) == (
        "unsupported module: f32x4.relaxed_madd "
        "(proposal relaxed-simd, which is disabled: --enable relaxed-simd allows it) (at offset 0x12c)"
    )
