"""The road from the bytes of a module to Python source, on one screen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from wasm2py.decode import decode_body, decode_module
from wasm2py.emit.module import Shell, render
from wasm2py.emit.names import ModuleNames
from wasm2py.emit.statements import FunctionWriter
from wasm2py.emit.targets import TARGETS
from wasm2py.formatting import format_source
from wasm2py.ir.build import build_function
from wasm2py.ir.ranges import analyse
from wasm2py.ir.structure import structure
from wasm2py.ir.support import check_module
from wasm2py.options import Options
from wasm2py.validate import validate_function, validate_module
from wasm2py.version import __version__

_NARROWING = (0, 1, 2)
"""Narrowing passes of the range analysis by level of optimisation."""


@dataclass(frozen=True, slots=True)
class Transpiled:
    """The output.

    :ivar parts: source texts by relative file name; a single-file module has one
    """

    parts: dict[str, str]


def transpile(
    data: bytes, options: Options = Options(), progress: Callable[[int, int], None] | None = None
) -> Transpiled:
    """Transpile a module.

    :param data: the binary
    :param progress: called with the number of functions done and their total
    :raises Malformed, Invalid, Unsupported: the module is bad, or needs what is not built
    """
    module = decode_module(data)
    context = validate_module(module)
    check_module(module)
    names = ModuleNames(module, use_names=options.names)
    writer = FunctionWriter(names, TARGETS[options.target])
    total = len(module.codes)
    for index in range(total):
        body = decode_body(module, index)
        validate_function(context, index, body)
        function = build_function(module, index, body)
        analyse(function, module, _NARROWING[options.optimise])
        structure(function)
        writer.function(function, 1)
        if progress is not None:
            progress(index + 1, total)
    shell = Shell(module, names, writer.uses)
    source = render(
        shell,
        "\n".join(writer.out.lines),
        version=__version__,
        source_name=options.source_name,
        sha256=hashlib.sha256(data).hexdigest(),
        options=f"-O{options.optimise} --target {options.target}",
    )
    return Transpiled({"module.py": format_source(source, options.format)})
