"""The road of one function up to a stage, with the invariants checked after each."""

from __future__ import annotations

from collections.abc import Iterator

from wasm2py.decode import decode_body, decode_module
from wasm2py.ir import nodes as n
from wasm2py.ir.building.function import build_function
from wasm2py.ir.check import STAGES, check
from wasm2py.ir.closed import find_closed
from wasm2py.ir.conventions import NOTHING_KNOWN, Conventions, settle
from wasm2py.ir.ranges.analysis import analyse
from wasm2py.ir.structuring.structure import structure
from wasm2py.ir.survey import Survey, survey_function
from wasm2py.optimise.pipeline import optimise
from wasm2py.options import Options
from wasm2py.recursion import deep_recursion
from wasm2py.validate import validate_function, validate_module
from wasm2py.wasm.module import Instruction, Module


def functions_after(data: bytes, stage: str, *, level: int = 1, target: str = "auto") -> list[n.Function]:
    """All functions of a module after a stage (see ``STAGES``).

    :raises Wasm2pyError: as ``transpile`` does; ``InternalError`` where an invariant is broken
    """
    module = decode_module(data)
    conventions, bodies = conventions_of(module)
    if not level:
        conventions = NOTHING_KNOWN
    functions = []
    with deep_recursion():
        for index, body in enumerate(bodies):
            functions.append(build_function(module, index, body, conventions))
            for number, step in enumerate(_steps(functions[-1], module, conventions, level, target)):
                check(functions[-1], step)
                if STAGES[number] == stage:
                    break
    return functions


def conventions_of(module: Module) -> tuple[Conventions, list[list[Instruction]]]:
    """What is known of a module as a whole, and its bodies, which are valid."""
    context = validate_module(module)
    bodies = [decode_body(module, index) for index in range(len(module.codes))]
    for index, body in enumerate(bodies):
        validate_function(context, index, body)
    with deep_recursion():
        survey = Survey.union(survey_function(build_function(module, i, body), body) for i, body in enumerate(bodies))
    return settle(module, find_closed(context, survey), survey), bodies


def _steps(function: n.Function, module: Module, conventions: Conventions, level: int, target: str) -> Iterator[str]:
    """Run one stage after the other, each when asked for."""
    yield "build"
    analyse(function, module, conventions, level)
    yield "ranges"
    optimise(function, Options(optimise=level, target=target))
    yield "optimise"
    structure(function)
    yield "structure"
