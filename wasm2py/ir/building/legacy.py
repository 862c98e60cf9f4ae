"""The legacy exception handling proposal by the instructions of WebAssembly 3.0, so that nothing behind knows it.

::

    try                            block $end
      A                              block $all (result exnref)
    catch $tag                         block $tag                      ;; what the tag carries
      B                                  try_table (catch $tag $tag) (catch_all_ref $all)
    catch_all                              A
      C                                    br $end
      rethrow 0                          end
    end                                end
                                       B
                                       br $end
                                     end
                                     local.set $x
                                     C
                                     local.get $x
                                     throw_ref
                                   end

``delegate`` sends all exceptions to the end of a block in the body of the ``try`` that it names, or of the function,
where they are thrown again; it is nothing at all where no handler lies between::

    try                            block $end
      ...                            try_table (catch_all $all)
        try                            block $again (result exnref)
          A                              ...
        delegate 1                         try_table (catch_all_ref $again) A end
      ...                                ...
    catch_all                            br $end
                                       end
                                       throw_ref
                                     end

Code may mix both kinds of instructions, which the proposal does not forbid, though browsers do.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from wasm2py.wasm.module import Catch, Instruction, Module
from wasm2py.wasm.opcodes import BY_NAME, OPCODES
from wasm2py.wasm.types import FuncType, ValType, ref_type

TRANSLATED = frozenset([op for op in OPCODES.values() if op.feature == "legacy-exceptions"])
"""The instructions that none of what :func:`modernise` returns has."""

_EXN = ref_type("exn", nullable=False)
_OPENING = ("block", "loop", "if", "try", "try_table")
_CATCHING = ("try", "try_table")
_CLAUSES = ("catch", "catch_all")


def modernise(module: Module, body: list[Instruction], local_count: int) -> tuple[list[Instruction], list[ValType]]:
    """A valid body without legacy instructions, and the types of the locals that it needs behind its own.

    Structured instructions of the result may have a ``FuncType`` as block type.

    :param local_count: parameters and locals of the function
    """
    translation = _Translation(module, local_count)
    translation.run(body, _look_ahead(body))
    return translation.out, [_EXN] * translation.references


@dataclass(slots=True, eq=False)
class _Clause:
    """A ``catch`` or ``catch_all``; ``thrown_again`` by a ``rethrow`` in it."""

    tag: int | None
    thrown_again: bool = False


@dataclass(slots=True, eq=False)
class _Block:
    """A structured instruction of the body, or the body itself.

    :ivar name: of the instruction
    :ivar clauses: those of a ``try``
    :ivar delegates: the block to which a ``try`` sends all exceptions, where a handler lies between
    :ivar delegated: whether some ``try`` inside sends its exceptions to this block
    :ivar label: how deep in the result the label is to which branches lead
    :ivar again: the same for the block at whose end exceptions are thrown again
    :ivar begun: how many of its clauses have begun
    :ivar reference: the local that holds the exception of the clause at hand
    """

    name: str
    clauses: list[_Clause] = field(default_factory=list)
    delegates: _Block | None = None
    delegated: bool = False
    label: int = 0
    again: int = 0
    begun: int = 0
    reference: int = 0

    @property
    def handles(self) -> bool:
        """Whether there is something to do with exceptions that come out of its body."""
        return self.name == "try_table" or bool(self.clauses) or self.delegates is not None

    @property
    def plain(self) -> bool:
        """Whether one structured instruction is enough for it."""
        return not self.clauses and self.delegates is None and not self.delegated


def _look_ahead(body: list[Instruction]) -> list[_Block]:
    """The body itself, and all blocks in it in the order in which they begin, with what their ends tell about them."""
    blocks = [_Block("body")]
    opened = blocks.copy()
    catching = [0]
    """Positions in ``opened`` of those that get the exceptions thrown here: control is in none of their clauses."""
    imm: Any  # what the opcode's row says
    for op, _, imm in body:
        name = op.name
        if name in _OPENING:
            if name in _CATCHING:
                catching.append(len(opened))
            blocks.append(_Block(name))
            opened.append(blocks[-1])
        elif name in _CLAUSES:
            opened[-1].clauses.append(_Clause(imm))
            if catching[-1] == len(opened) - 1:
                catching.pop()
        elif name == "rethrow":
            opened[-1 - imm].clauses[-1].thrown_again = True
        elif name == "end" or name == "delegate":
            block = opened.pop()
            if catching[-1] == len(opened):
                catching.pop()
            if name == "delegate":
                number = bisect_right(catching, len(opened) - 1 - imm) - 1
                if number < len(catching) - 1:
                    block.delegates = opened[catching[number]]
                    block.delegates.delegated = True
    return blocks


class _Translation:
    """The state of translating one body.

    :ivar out: the result
    :ivar references: how many locals for exceptions it has: one for each level of clauses within clauses
    """

    def __init__(self, module: Module, local_count: int) -> None:
        self.module = module
        self.local_count = local_count
        self.out: list[Instruction] = []
        self.references = 0
        self.opened: list[_Block] = []
        self.clauses = 0
        """In how many clauses control is."""
        self.depth = 0
        """How many structured instructions of the result are open."""
        self.offset = 0

    def run(self, body: list[Instruction], blocks: list[_Block]) -> None:
        """Translate all instructions."""
        following = iter(blocks)
        function = next(following)
        self.opened = [function]
        if function.delegated:
            function.again = self.enter("block", FuncType((), (_EXN,)))
        imm: Any  # what the opcode's row says
        for instruction in body:
            op, self.offset, imm = instruction
            name, kind = op.name, op.immediate
            if name in _OPENING:
                self.begin(next(following), imm)
            elif name in _CLAUSES:
                self.clause(self.opened[-1])
            elif name == "end" or name == "delegate":
                self.end(self.opened.pop())
            elif name == "rethrow":
                self.emit("local.get", self.opened[-1 - imm].reference)
                self.emit("throw_ref")
            elif kind == "label":
                self.emit(name, self.label(imm))
            elif kind == "labels":
                self.emit(name, tuple([self.label(depth) for depth in imm]))
            elif kind == "cast":
                depth, source, target = imm
                self.emit(name, (self.label(depth), source, target))
            else:
                self.out.append(instruction)

    def emit(self, name: str, imm: object = None) -> None:
        """Append an instruction."""
        self.out.append(Instruction(BY_NAME[name], self.offset, imm))

    def enter(self, name: str, imm: object) -> int:
        """Append a structured instruction; returns how deep its label is."""
        self.emit(name, imm)
        self.depth += 1
        return self.depth

    def leave(self) -> None:
        """Append the ``end`` of one."""
        self.emit("end")
        self.depth -= 1

    def label(self, depth: int) -> int:
        """The label that is ``depth`` levels out in the body, as the result counts."""
        return self.depth - self.opened[-1 - depth].label

    def begin(self, block: _Block, imm: Any) -> None:
        """A structured instruction begins."""
        if block.plain:
            if block.name == "try_table":
                imm = imm[0], self.catches(block, imm)
            block.label = self.enter("block" if block.name == "try" else block.name, imm)
        else:
            type_ = self.module.block_type(imm[0] if block.name == "try_table" else imm)
            block.label = self.enter("block", type_)
            for clause in reversed(block.clauses):
                self.enter("block", FuncType(type_.params, self.carried(clause)))
            if block.handles:
                self.enter("try_table", (FuncType(type_.params, ()), self.catches(block, imm)))
            if block.delegated:
                block.again = self.enter("block", FuncType(type_.params, (_EXN,)))
        self.opened.append(block)

    def carried(self, clause: _Clause) -> tuple[ValType, ...]:
        """What a clause takes from the exception."""
        tag = clause.tag
        values = () if tag is None else self.module.func_type(self.module.tags[tag].type_index).params
        return (*values, _EXN) if clause.thrown_again else values

    def catches(self, block: _Block, imm: Any) -> tuple[Catch, ...]:
        """The clauses of the ``try_table`` that is about to begin."""
        if block.name == "try_table":
            return tuple([Catch(kind, tag, self.label(depth)) for kind, tag, depth in imm[1]])
        if block.delegates is not None:
            return (Catch("catch_all_ref", None, self.depth - block.delegates.again),)
        catches = []
        for depth, clause in enumerate(block.clauses):
            kind = "catch_all" if clause.tag is None else "catch"
            catches.append(Catch(f"{kind}_ref" if clause.thrown_again else kind, clause.tag, depth))
        return tuple(catches)

    def end_body(self, block: _Block) -> None:
        """What comes before the first clause of a block that is not plain ends."""
        self.emit("br", self.depth - block.label)
        if block.delegated:
            self.leave()
            self.emit("throw_ref")
        if block.handles:
            self.leave()

    def clause(self, block: _Block) -> None:
        """A clause begins: the end of the block that its exceptions branch to."""
        if block.begun:
            self.emit("br", self.depth - block.label)
        else:
            self.end_body(block)
            self.clauses += 1
        self.leave()
        clause = block.clauses[block.begun]
        block.begun += 1
        if clause.thrown_again:
            block.reference = self.local_count + self.clauses - 1
            self.references = max(self.references, self.clauses)
            self.emit("local.set", block.reference)

    def end(self, block: _Block) -> None:
        """A structured instruction ends, or the body."""
        if block.name == "body":
            if block.delegated:
                self.emit("return")
                self.leave()
                self.emit("throw_ref")
            self.emit("end")
            return
        if block.begun:
            self.clauses -= 1
        elif not block.plain:
            self.end_body(block)
        self.leave()
