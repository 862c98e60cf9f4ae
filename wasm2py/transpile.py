"""The road from the bytes of a module to Python source, on one screen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from wasm2py.decode import decode_body, decode_module
from wasm2py.emit.module import Header, Shell, render_shell
from wasm2py.emit.names import ModuleNames, Uses
from wasm2py.emit.package import PackageShell, render_package
from wasm2py.emit.parts import Part, split
from wasm2py.emit.statements import FunctionWriter
from wasm2py.emit.targets import TARGETS
from wasm2py.errors import ModuleError
from wasm2py.formatting import format_sources
from wasm2py.garbage import collected_by_hand
from wasm2py.ir.building.function import build_function
from wasm2py.ir.closed import find_closed
from wasm2py.ir.conventions import NOTHING_KNOWN, Conventions, settle
from wasm2py.ir.ranges.analysis import analyse
from wasm2py.ir.structuring.structure import structure
from wasm2py.ir.survey import Survey, survey_function
from wasm2py.jobs import map_in_order
from wasm2py.optimise.pipeline import PASSED_INDEX, optimise
from wasm2py.options import Options
from wasm2py.recursion import deep_recursion
from wasm2py.validate import validate_function, validate_module
from wasm2py.version import __version__

_NARROWING = (0, 1, 2)
"""Narrowing passes of the range analysis by level of optimisation."""

T = TypeVar("T")

DEFAULTS = Options()
"""What applies where nothing is chosen."""


@dataclass(frozen=True, slots=True)
class Transpiled:
    """The output.

    :ivar parts: source texts by relative file name; a single-file module has one
    """

    parts: dict[str, str]


def transpile(
    data: bytes, options: Options = DEFAULTS, progress: Callable[[int, int], None] | None = None
) -> Transpiled:
    """Transpile a module.

    :param data: the binary
    :param progress: called with the number of functions done and their total
    :raises ModuleError: the module is Malformed, Invalid, Unsupported, or nested too deeply; of several errors in
        functions the first, whatever the number of jobs
    """
    road = _Road(data, options)
    road.conventions = _conventions(road)
    parts = _parts(road, progress)
    header = Header(
        version=__version__,
        source_name=options.source_name,
        sha256=hashlib.sha256(data).hexdigest(),
        options=f"-O{options.optimise} --target {options.target}",
    )
    if options.package:
        sources = render_package(PackageShell(road.module, road.names, parts), header)
    else:
        shell = Shell(road.module, road.names, Uses.union(part.uses for part in parts))
        functions = "\n".join(part.source for part in parts)
        parts.clear()  # the text need not be in memory three times
        sources = {"module.py": render_shell(shell, functions, header)}
    return Transpiled(format_sources(sources, options.format, len(data)))


def _conventions(road: _Road) -> Conventions:
    """Look at all functions, for what each can know of the others; without optimisation each is by itself."""
    module, options = road.module, road.options
    if not road.surveys:
        return NOTHING_KNOWN
    survey = Survey.union(map_in_order(road.survey, split(module), options.jobs))
    closed = find_closed(road.context, survey)
    return settle(module, closed, survey, divide=PASSED_INDEX.wanted(options), without=options.without)


def _parts(road: _Road, progress: Callable[[int, int], None] | None) -> list[Part]:
    """Transpile all functions, in parts."""
    parts = []
    for part in map_in_order(road.functions, split(road.module), road.options.jobs):
        parts.append(part)
        if progress is not None:
            progress(part.bodies.stop, len(road.module.codes))
    return parts


class _Road:
    """The module as a whole, and the way of its functions; other processes make their own from the same data."""

    def __init__(self, data: bytes, options: Options) -> None:
        self.gate = options.gate()
        self.module = decode_module(data, self.gate)
        self.context = validate_module(self.module, self.gate)
        self.names = ModuleNames(self.context, use_names=options.names)
        self.conventions = NOTHING_KNOWN
        self.options = options
        self.surveys = options.optimise > 0
        """Whether all functions are validated and surveyed before the first is transpiled."""

    def __reduce__(self) -> tuple[object, ...]:
        return _Road, (self.module.binary, self.options), {"conventions": self.conventions}

    def survey(self, bodies: range) -> Survey:
        """Validate some functions, and survey them."""
        return Survey.union(self.each(bodies, self.survey_function))

    def functions(self, bodies: range) -> Part:
        """Transpile some functions."""
        writer = FunctionWriter(self.names, TARGETS[self.options.target])
        texts = []
        for _ in self.each(bodies, lambda index: self.function(index, writer)):
            texts.append("\n".join(writer.out.lines))  # lines by themselves take three times the memory
            writer.out.lines.clear()
        return Part(bodies, "\n".join(texts), writer.uses)

    def each(self, bodies: range, work: Callable[[int], T]) -> Iterator[T]:
        """Do something with each function that recurses as deep as the function nests."""
        with deep_recursion(), collected_by_hand() as collect:
            for index in bodies:
                collect()
                try:
                    yield work(index)
                except RecursionError:
                    offset = self.module.codes[index].start
                    raise ModuleError("function has blocks nested too deeply to follow", offset) from None

    def survey_function(self, index: int) -> Survey:
        """Validate one function, and survey it."""
        body = decode_body(self.module, index, self.gate)
        validate_function(self.context, index, body)
        return survey_function(build_function(self.module, index, body, without=self.options.without), body)

    def function(self, index: int, writer: FunctionWriter) -> None:
        """Transpile one function."""
        options = self.options
        body = decode_body(self.module, index, self.gate)
        if not self.surveys:  # which validates
            validate_function(self.context, index, body)
        function = build_function(self.module, index, body, self.conventions, options.without)
        analyse(function, self.module, self.conventions, _NARROWING[options.optimise])
        optimise(function, options)
        structure(function, options.without)
        writer.function(function, depth=2 if self.options.package else 1)
