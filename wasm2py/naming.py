"""From strings of a module to text in generated code, so that no name can become code.

A module's names are arbitrary Unicode.  A carriage return ends a comment, NFKC makes different identifiers equal,
``__x`` is mangled inside classes, and a ``coding:`` line changes how the file is read.  So an identifier is an ordinal,
which makes it unique, plus what is plain ASCII of the name, which makes it readable; the exact string appears as an
ASCII literal and nowhere else.
"""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata
from typing import Final

NAME_LENGTH: Final = 40
"""Characters of a module's name that an identifier shows at most."""

_NOT_IDENTIFIER = re.compile(r"[^A-Za-z0-9]+")
_CODING = re.compile(r"coding(?=[:=])")

_HELPER_PREFIXES: Final = frozenset({"f32", "f64", "i32", "i64"})
"""``f32_sqrt`` is a helper of the runtime, so function 32 called ``sqrt`` needs another separator."""


def identifier(prefix: str, index: int, name: str | None = None) -> str:
    """A Python identifier for entity ``index`` of the index space that ``prefix`` stands for.

    Different ``(prefix, index)`` give different identifiers whatever the names are, as long as prefixes are letters.

    :param prefix: letters, such as ``f`` for functions
    :param index: position in the index space
    :param name: the name section's name, arbitrary text, or ``None``
    """
    ordinal = f"{prefix}{index}"
    if not name:
        return ordinal
    # The slice bounds the work for names of 100 kB; escapes and punctuation in between may shorten the rest.
    readable = _NOT_IDENTIFIER.sub("_", name[: 2 * NAME_LENGTH]).strip("_")[:NAME_LENGTH].rstrip("_")
    if not readable:
        return ordinal
    separator = "__" if ordinal in _HELPER_PREFIXES else "_"
    return f"{ordinal}{separator}{readable}"


def function_name(index: int, name: str | None = None) -> str:
    """The identifier of a function: ``f12`` or ``f12_add``.

    :param index: function index, imports included
    :param name: its name in the name section, arbitrary text
    """
    return identifier("f", index, name)


def global_name(index: int, name: str | None = None) -> str:
    """The identifier of a global's cell: ``g3`` or ``g3_stack_pointer``.

    :param index: global index, imports included
    :param name: its name in the name section, arbitrary text
    """
    return identifier("g", index, name)


def local_name(index: int, name: str | None = None, web: int = 0) -> str:
    """The identifier of a local: ``v5`` or ``v5_count``; further live ranges of it are ``v5w1``, ``v5w1_count``.

    :param index: local index, parameters included
    :param name: its name in the name section, arbitrary text
    :param web: which independent live range of the local
    """
    return identifier(f"v{index}w" if web else "v", web or index, name)


def literal(text: str) -> str:
    """A Python string literal for any string of a module: printable ASCII on one line, equal to ``text`` when run."""
    return ascii(text)


def comment_safe(text: str, limit: int = 120) -> str:
    """Text for a comment or a docstring: printable ASCII on one line without a double quote.

    It cannot declare the file's encoding (PEP 263) nor end a docstring, and its escapes are whole.

    :param text: arbitrary text
    :param limit: characters after which the text is cut
    """
    shown = ""
    for character in _CODING.sub("coding ", text[:limit]):
        escaped = "'" if character == '"' else ascii(character)[1:-1]
        if len(shown) + len(escaped) > limit:
            break
        shown += escaped
    return shown


def import_problem(module: str) -> str | None:
    """Why ``import module`` would not work or find something else, or ``None``.

    :param module: file name without suffix, or name of a package directory
    """
    if not module.isidentifier():
        return "is not a Python identifier"
    if keyword.iskeyword(module):
        return "is a Python keyword"
    if unicodedata.normalize("NFKC", module) != module:
        return "is not in the normal form that Python looks for"
    if module in sys.stdlib_module_names:
        return "is the name of a standard library module"
    return None
