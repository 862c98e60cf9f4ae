"""Each function tells in its docstring what it takes, what it answers, and what it writes where."""

import pytest

from wasi_shim.preview0 import REGISTRY as PREVIEW_0_CALLS
from wasi_shim.preview1 import REGISTRY as PREVIEW_1_CALLS

CALLS = {
    f"{module} {name}": call
    for module, registry in (("1", PREVIEW_1_CALLS), ("0", PREVIEW_0_CALLS))
    for name, call in registry.calls.items()
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_documented(name):
    call = CALLS[name]
    text = call.implementation.__doc__
    parameters = call.implementation.__code__.co_varnames[1 : 1 + len(call.signature)]
    described = [f":param {name}: {type}" for name, type in zip(parameters, call.type.params, strict=True)]
    assert [line for line in described if line not in text] == []
    assert ":returns:" in text
    assert "::\n\n        " in text or not any(type[0] == "*" for type in call.signature), (
        "what it writes, byte by byte"
    )
