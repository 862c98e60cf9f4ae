"""Options that make no sense are refused where they are made."""

from __future__ import annotations

from typing import Any

import pytest

from wasm2py.errors import UsageError
from wasm2py.options import Options


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("optimise", 3, "optimise is 3, must be one of 0, 1, 2"),
        ("target", "jython", "target is 'jython', must be one of auto, cpython, pypy"),
        ("format", "", "format is '', must be one of auto, black, none"),
        ("jobs", 0, "jobs is 0, must be at least 1"),
    ],
)
def test_refused(field: str, value: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Options(**{field: value})
    assert str(caught.value) == message
