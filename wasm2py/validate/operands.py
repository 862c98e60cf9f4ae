"""The operand stack and the control stack of the validation algorithm (spec, section 7.6)."""

from __future__ import annotations

from typing import NoReturn

from wasm2py.errors import Invalid
from wasm2py.validate.context import Context, is_defaultable
from wasm2py.validate.subtyping import BOTTOM, BOTTOM_REFERENCE
from wasm2py.wasm.limits import MAX_NESTING, MAX_OPERANDS
from wasm2py.wasm.module import BlockType
from wasm2py.wasm.opcodes import BY_NAME, Opcode
from wasm2py.wasm.types import RefType, ValType


class Frame:
    """A structured instruction that is open.

    :ivar op: its opcode
    :ivar params: operand types at its start
    :ivar results: operand types at its end
    :ivar label: operand types that a branch to it takes
    :ivar height: of the operand stack below its parameters
    :ivar unreachable: whether the rest of it cannot be reached, so that its operand stack is polymorphic
    :ivar assigned: how many locals were newly initialised when it began
    """

    __slots__ = ("assigned", "height", "label", "op", "params", "results", "unreachable")

    def __init__(
        self,
        op: Opcode,
        params: list[ValType],
        results: list[ValType],
        height: int,
        assigned: int,
    ) -> None:
        self.op = op
        self.params = params
        self.results = results
        self.label = params if op is _LOOP else results
        self.height = height
        self.unreachable = False
        self.assigned = assigned


_LISTED = 8
"""How many types an error message lists."""

_BLOCK, _LOOP = BY_NAME["block"], BY_NAME["loop"]


class Operands:
    """State of the validation of one function body or constant expression.

    :ivar stack: operand types
    :ivar frames: open structured instructions; the first stands for the caller, the second for the body itself
    :ivar height: height of the innermost frame: operands below belong to other frames
    :ivar locals: types of parameters and locals
    :ivar param_count: how many of them are parameters
    :ivar tracked: whether some local has no default value, so that it must be initialised before it is read
    :ivar initialised: locals without a default value that are initialised here
    :ivar assigned: the same in the order of their initialisation
    :ivar offset: byte offset of the instruction at hand, for errors
    :ivar results: result types of the function
    """

    __slots__ = (
        "assigned",
        "context",
        "frames",
        "height",
        "initialised",
        "locals",
        "offset",
        "param_count",
        "results",
        "stack",
        "tracked",
    )

    def __init__(self, context: Context, params: list[ValType], results: list[ValType]) -> None:
        self.context = context
        self.locals = params.copy()
        self.param_count = len(params)
        self.tracked = False
        self.initialised: set[int] = set()
        self.assigned: list[int] = []
        self.stack: list[ValType] = []
        self.frames = [Frame(_BLOCK, [], [], 0, 0), Frame(_BLOCK, [], results, 0, 0)]
        self.height = 0
        self.offset: int | None = None
        self.results = results

    def declare_locals(self, count: int, type_: ValType) -> None:
        """Add ``count`` locals of one type."""
        self.locals += [type_] * count
        if not is_defaultable(type_):
            self.tracked = True

    def fail(self, reason: str) -> NoReturn:
        """Raise :class:`Invalid` at the current instruction."""
        raise Invalid(reason, self.offset)

    def mismatch(self, expected: object, actual: object) -> NoReturn:
        """Raise the error for an operand of the wrong type."""
        self.fail(f"type mismatch: expected {expected}, found {actual}")

    def pop(self) -> ValType:
        """Pop an operand of any type."""
        if len(self.stack) > self.height:
            return self.stack.pop()
        if self.frames[-1].unreachable:
            return BOTTOM
        self.mismatch("a value", "an empty stack")

    def pop_type(self, expected: ValType) -> ValType:
        """Pop an operand that must match ``expected``; returns its actual type."""
        if len(self.stack) > self.height:
            actual = self.stack.pop()
            if actual is not expected and not self.context.matches(actual, expected):
                self.mismatch(expected, actual)
            return actual
        if self.frames[-1].unreachable:
            return BOTTOM
        self.mismatch(expected, "an empty stack")

    def pop_reference(self) -> RefType:
        """Pop an operand of any reference type."""
        actual = self.pop()
        if actual is BOTTOM:
            return BOTTOM_REFERENCE
        if not isinstance(actual, RefType):
            self.mismatch("a reference", actual)
        return actual

    def pop_types(self, types: list[ValType]) -> None:
        """Pop operands of the given types, the last one first; costs no more than what is on the stack."""
        stack = self.stack
        base = len(stack) - len(types)
        if base >= self.height and stack[base:] == types:
            del stack[base:]
            return
        matches = self.context.matches
        height = self.height
        for expected in reversed(types):
            if len(stack) == height:
                if self.frames[-1].unreachable:
                    return
                self.mismatch(expected, "an empty stack")
            actual = stack.pop()
            if actual is not expected and not matches(actual, expected):
                self.mismatch(expected, actual)

    def push_types(self, types: list[ValType]) -> None:
        """Push operands of the given types."""
        self.stack += types
        if len(self.stack) > MAX_OPERANDS:
            self.fail(f"too many operands: the limit is {MAX_OPERANDS}")

    def apply(self, params: list[ValType], results: list[ValType]) -> None:
        """Pop ``params``, push ``results``."""
        self.pop_types(params)
        self.push_types(results)

    def check_all(self, lower: list[ValType], upper: list[ValType]) -> None:
        """Check that result type ``lower`` matches ``upper``."""
        if lower is not upper and not self.context.types.all_match(lower, upper):
            self.mismatch(_listing(upper), _listing(lower))

    def label(self, depth: int) -> list[ValType]:
        """The operand types that a branch to the label ``depth`` levels out takes."""
        if depth >= len(self.frames) - 1:
            self.fail(f"unknown label {depth}")
        return self.frames[-1 - depth].label

    def block_signature(self, type_: BlockType) -> tuple[list[ValType], list[ValType]]:
        """Parameters and results of a block type (spec, section 3.2, "Block Types")."""
        index, result = type_
        if index is not None:
            return self.context.signature(index, self.offset)
        if result is None:
            return [], []
        self.context.check_value(result, self.offset)
        return [], [result]

    def enter(self, op: Opcode, params: list[ValType], results: list[ValType]) -> None:
        """Open a frame whose parameters are popped already, and push them."""
        self.height = len(self.stack)
        if len(self.frames) > MAX_NESTING + 1:
            self.fail(f"blocks nested too deeply: the limit is {MAX_NESTING}")
        self.frames.append(Frame(op, params, results, self.height, len(self.assigned)))
        if params:
            self.push_types(params)

    def leave(self) -> Frame:
        """Close the innermost frame: pop its results, forget the locals that it initialised."""
        frames = self.frames
        if len(frames) == 1:
            self.fail("operators remaining after end of function")
        frame = frames[-1]
        if frame.results:
            self.pop_types(frame.results)
        if len(self.stack) != frame.height:
            self.fail(f"type mismatch: {len(self.stack) - frame.height} values remain at the end of a block")
        frames.pop()
        self.height = frames[-1].height
        if len(self.assigned) > frame.assigned:
            self.initialised.difference_update(self.assigned[frame.assigned :])
            del self.assigned[frame.assigned :]
        return frame

    def set_unreachable(self) -> None:
        """Make the rest of the innermost frame unreachable: its operand stack becomes polymorphic."""
        del self.stack[self.height :]
        self.frames[-1].unreachable = True

    def assign(self, local: int) -> None:
        """Note that a local is initialised from here to the end of the innermost frame."""
        if self.tracked and not self.is_initialised(local):
            self.initialised.add(local)
            self.assigned.append(local)

    def is_initialised(self, local: int) -> bool:
        """Whether a local certainly has a value here."""
        return local < self.param_count or local in self.initialised or is_defaultable(self.locals[local])


def _listing(types: list[ValType]) -> str:
    shown = " ".join(map(str, types[:_LISTED]))
    return f"[{shown} ... {len(types) - _LISTED} more]" if len(types) > _LISTED else f"[{shown}]"
