"""Decode the streams of a mesh, and compare with what Node decoded: ``python decode_mesh.py mesh.json``."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path

import decoder_wasm

_DECODERS = {
    "ATTRIBUTES": "meshopt_decodeVertexBuffer",
    "TRIANGLES": "meshopt_decodeIndexBuffer",
    "INDICES": "meshopt_decodeIndexSequence",
}
_FILTERS = {
    "OCTAHEDRAL": "meshopt_decodeFilterOct",
    "QUATERNION": "meshopt_decodeFilterQuat",
    "EXPONENTIAL": "meshopt_decodeFilterExp",
    "COLOR": "meshopt_decodeFilterColor",
}
_GROUP = 4
"""Filters work on so many items at once, and may write beyond the last."""


class Decoder:
    """One instance of the module."""

    def __init__(self) -> None:
        self._wasm = decoder_wasm.instantiate().exports
        self._wasm["__wasm_call_ctors"]()

    def decode(self, encoded: bytes, count: int, size: int, mode: str, filter_: str = "NONE") -> bytes:
        """The ``count`` items of ``size`` bytes that a stream holds.

        :param mode: as the glTF extension ``EXT_meshopt_compression`` names it
        :param filter_: likewise
        :raises ValueError: the stream is damaged
        """
        wasm = self._wasm
        room = (count + _GROUP - 1) // _GROUP * _GROUP
        target = wasm.sbrk(room * size)
        source = wasm.sbrk(len(encoded))
        try:
            wasm.memory[source : source + len(encoded)] = encoded
            if wasm[_DECODERS[mode]](target, count, size, source, len(encoded)):
                raise ValueError("the stream is damaged")
            if filter_ in _FILTERS:
                wasm[_FILTERS[filter_]](target, room, size)
            decoded: bytes = wasm.memory[target : target + count * size]
            return decoded
        finally:
            wasm.sbrk(target - wasm.sbrk(0))


def main() -> None:
    """Print a line for each stream."""
    decoder = Decoder()
    for stream in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        encoded = base64.b64decode(stream["encoded"])
        decoded = decoder.decode(encoded, stream["count"], stream["size"], stream["mode"], stream["filter"])
        same = hashlib.sha256(decoded).hexdigest() == stream["sha256"]
        verdict = "as in Node" if same else "not as in Node"
        print(f"{stream['name']}: {len(encoded)} bytes become {len(decoded)}, {verdict}")


if __name__ == "__main__":
    main()
