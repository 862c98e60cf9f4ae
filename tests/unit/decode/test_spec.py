"""The binary modules of the official suite: malformed ones are refused, all others decode."""

from tests import spec_data
from wasm2py.decode import decode_body, decode_module
from wasm2py.errors import Malformed


def decode_all(binary: bytes) -> None:
    module = decode_module(binary)
    for index, code in enumerate(module.codes):
        instructions = decode_body(module, index)
        offsets = [i.offset for i in instructions]
        assert offsets == sorted(set(offsets))
        assert (offsets[0], offsets[-1]) == (code.start, code.end - 1)
        assert instructions[-1].op.name == "end"


@spec_data.each_file()
def test_modules_of(name: str) -> None:
    wrong: list[object] = []
    for command in spec_data.load(name):
        malformed = command["type"] == "assert_malformed"
        if not spec_data.has_wasm(command) or (malformed and command["module_type"] != "binary"):
            continue
        try:
            decode_all(spec_data.wasm_bytes(command))
        except Malformed as error:
            if not malformed:
                wrong.append((command["line"], str(error)))
        else:
            if malformed:
                wrong.append((command["line"], "decodes, but should be malformed", command["text"]))
    assert wrong == []
