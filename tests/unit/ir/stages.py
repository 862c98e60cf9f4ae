"""The road of one function up to a stage, with the invariants checked after each."""

from __future__ import annotations

from collections.abc import Iterator

from wasm2py.decode import decode_body, decode_module
from wasm2py.ir import nodes as n
from wasm2py.ir.assumptions import AssumptionFailed, Assumptions, first_assumptions
from wasm2py.ir.build import build_function
from wasm2py.ir.check import STAGES, check
from wasm2py.ir.ranges import analyse
from wasm2py.ir.structure import structure
from wasm2py.optimise.pipeline import optimise
from wasm2py.options import Options
from wasm2py.recursion import deep_recursion
from wasm2py.validate import validate_function, validate_module
from wasm2py.wasm.module import Module


def functions_after(data: bytes, stage: str, *, level: int = 1, target: str = "auto") -> list[n.Function]:
    """All functions of a module after a stage (see ``STAGES``).

    :raises Wasm2pyError: as ``transpile`` does; ``InternalError`` where an invariant is broken
    """
    module = decode_module(data)
    context = validate_module(module)
    assumptions = first_assumptions(module)
    while True:
        try:
            functions = []
            for index in range(len(module.codes)):
                body = decode_body(module, index)
                validate_function(context, index, body)
                functions.append(build_function(module, index, body))
                with deep_recursion():
                    for number, step in enumerate(_steps(functions[-1], module, assumptions, level, target)):
                        check(functions[-1], step)
                        if STAGES[number] == stage:
                            break
            return functions
        except AssumptionFailed as failed:
            assumptions = assumptions.without(failed.index)


def _steps(function: n.Function, module: Module, assumptions: Assumptions, level: int, target: str) -> Iterator[str]:
    """Run one stage after the other, each when asked for."""
    yield "build"
    analyse(function, module, assumptions, level)
    yield "ranges"
    optimise(function, Options(optimise=level, target=target))
    yield "optimise"
    structure(function)
    yield "structure"
