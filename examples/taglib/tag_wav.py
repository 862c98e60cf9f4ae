"""Write tags into a WAV file by TagLib and print what it reads back: ``python tag_wav.py IN OUT TITLE ARTIST``."""

from __future__ import annotations

import sys
from pathlib import Path

import taglib
from embind import Embind, Uint8Array

_IMPORTS = """
_abort_js=y _register_bigint=v _register_bool=B _register_class=q _register_class_constructor=p
_register_class_function=b _register_class_property=r _register_emval=z _register_float=u _register_function=t
_register_integer=m _register_iterable=E _register_memory_view=i _register_optional=F _register_std_string=A
_register_std_wstring=s _register_void=C _emval_array_to_memory_view=D _emval_create_invoker=f _emval_decref=a
_emval_get_global=l _emval_get_property=d _emval_incref=h _emval_instanceof=o _emval_invoke=g
_emval_new_array=n _emval_new_cstring=c _emval_new_object=j _emval_run_destructors=e _emval_set_property=k
_emscripten_resize_heap=x _random_get=w
"""
IMPORTS = dict(pair.split("=") for pair in _IMPORTS.split())
"""The names that Emscripten has made short, from ``taglib-wrapper.js``."""

EXPORTS = {"memory": "G", "constructors": "H", "table": "I", "malloc": "J", "free": "L"}


def main(source: str, target: str, title: str, artist: str) -> None:
    """Tag a file."""
    module = Embind(taglib.instantiate, IMPORTS, EXPORTS)
    file = module.createFileHandle()
    if not file.loadFromBuffer(Uint8Array(Path(source).read_bytes())):
        sys.exit(f"{source}: TagLib does not know this format")
    tag = file.getTag()
    tag.setTitle(title)
    tag.setArtist(artist)
    tag.setTrack(7)
    file.setProperties({**file.getProperties(), "COMPOSER": ["Anna", "Ötzi"]})
    try:
        file.setProperties({"GENRE": ["Folk", 5]})
    except TypeError as error:  # raised by the host while C++ runs: on its way the destructors of C++ run
        print(error)
    try:
        module.StringVector().resize(1 << 30, "")
    except Exception as error:  # thrown by C++, which nothing catches
        print(type(error).__name__)
    file.save()
    for name, values in sorted(file.getProperties().items()):
        print(f"{name}: {', '.join(values)}")
    audio = file.getAudioProperties()
    print(f"{audio.codec()}, {audio.sampleRate()} Hz, {audio.lengthInMilliseconds()} ms")
    Path(target).write_bytes(file.getBuffer())


if __name__ == "__main__":
    main(*sys.argv[1:])
