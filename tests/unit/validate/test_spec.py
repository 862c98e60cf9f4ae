"""The binary modules of the official suite: invalid ones are refused, all others pass."""

from tests import spec_data
from tests.unit.validate.modules import validate
from wasm2py.errors import Invalid, Malformed, ModuleError, Unsupported

NOT_VALIDATED = ("assert_malformed", "assert_malformed_custom", "assert_invalid_custom")

UNSUPPORTED = {"legacy/": "legacy-exceptions"}
"""Folders of proposals whose modules are refused by name; they have modules without the proposal, too."""

VALID_BY_NOW = {
    ("br_on_cast.json", "type mismatch"): 3,
    ("br_on_cast_fail.json", "type mismatch"): 3,
    ("proposals/threads/imports.json", "multiple tables"): 3,
    ("proposals/threads/imports.json", "multiple memories"): 3,
    ("proposals/threads/memory.json", "multiple memories"): 2,
}
"""How often a file expects an error that a proposal lifted: custom-descriptors, reference types, multi-memory."""


def outcome(binary: bytes) -> ModuleError | None:
    try:
        validate(binary)
    except (Malformed, Invalid, Unsupported) as error:
        return error
    return None


@spec_data.each_file()
def test_modules_of(name: str) -> None:
    feature = next((UNSUPPORTED[folder] for folder in UNSUPPORTED if name.startswith(folder)), None)
    wrong: list[object] = []
    lifted: dict[tuple[str, str], int] = {}
    for command in spec_data.load(name):
        if not spec_data.has_wasm(command) or command["type"] in NOT_VALIDATED:
            continue
        error = outcome(spec_data.wasm_bytes(command))
        if isinstance(error, Unsupported) and error.feature == feature:
            continue
        if command["type"] != "assert_invalid":
            if error is not None:
                wrong.append((command["line"], "should be valid", str(error)))
        elif error is None and (name, command["text"]) in VALID_BY_NOW:
            key = name, command["text"]
            lifted[key] = lifted.get(key, 0) + 1
        elif not isinstance(error, Invalid):
            wrong.append((command["line"], "should be invalid", command["text"], str(error)))
        elif feature is None and command["text"].split(":")[0] not in error.reason:
            wrong.append((command["line"], "has another error", command["text"], error.reason))
    assert wrong == []
    assert lifted == {key: count for key, count in VALID_BY_NOW.items() if key[0] == name}
