"""Building structured control: blocks, loops, conditionals and branches.

Branches are collected per label.  A label with a single branch to it, and no control falling into it, needs no label:
what follows is built directly at that branch ("sinking"), which undoes most of the nesting of compiled ``if`` and
``switch`` statements.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.errors import ModuleError
from wasm2py.ir import nodes as n
from wasm2py.ir.bitsets import members
from wasm2py.ir.building.stack import MAX_EXPRESSION, Inputs, StackBuilder
from wasm2py.wasm.limits import MAX_VERSIONS
from wasm2py.wasm.module import BlockType, Catch
from wasm2py.wasm.opcodes import Opcode
from wasm2py.wasm.types import F32, FuncType, ValType


@dataclass(slots=True, eq=False)
class Frame:
    """A structured instruction that is open.

    :ivar height: of the operand stack below its parameters
    :ivar body: the list of statements that it started
    :ivar outside: the list that goes on behind it
    :ivar live: bit set of the locals that are live at the label
    :ivar join: versions of all locals at the label, once something has branched there
    :ivar then: the finished first arm of an ``if``
    :ivar then_value: its result, where the arm has no statements
    :ivar otherwise: versions of the locals at the start of the second arm
    :ivar params: the values that an ``if`` takes
    :ivar catches: the clauses of a ``try_table``, whose labels count from outside of it
    :ivar live_thrown: bit set of the locals that are live at its handler
    :ivar thrown: versions of all locals at the handler, once something in the body may throw
    """

    kind: str
    label: n.Label
    height: int
    results: tuple[ValType, ...]
    body: list[n.Stmt]
    outside: list[n.Stmt]
    live: int
    join: list[n.Variable] | None = None
    condition: n.Expr | None = None
    then: list[n.Stmt] | None = None
    then_value: n.Expr | None = None
    otherwise: list[n.Variable] = field(default_factory=list)
    params: list[n.Expr] = field(default_factory=list)
    carried: list[n.Variable] = field(default_factory=list)
    catches: tuple[Catch, ...] = ()
    live_thrown: int = 0
    thrown: list[n.Variable] | None = None


class ControlBuilder(StackBuilder):
    """Structured instructions and branches."""

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self.frames: list[Frame] = []
        self.tries: list[Frame] = []
        """The open ``try_table`` instructions with clauses."""
        self.sinks = "sinking" not in inputs.without

    def open(self, kind: str, type_: BlockType | FuncType) -> Frame:
        """Start a structured instruction.

        :raises ModuleError: for an absurd nest with an absurd number of locals
        """
        if not isinstance(type_, FuncType):
            type_ = self.module.block_type(type_)
        params, results = type_.params, type_.results
        depth, locals_ = len(self.frames), len(self.state)
        start = self.position
        if depth * locals_ > MAX_VERSIONS:
            offset = self.instructions[start].offset
            raise ModuleError(f"blocks nested too deeply, {depth} levels, for {locals_} locals", offset)
        self.spill_all()
        arguments = self.pop_many(len(params))
        label = self.label(kind, params if kind == "loop" else results)
        frame = Frame(kind, label, len(self.stack), results, [], self.stmts, self.liveness.label[start])
        frame.params = arguments
        if kind == "loop":
            for variable, value in zip(label.results, arguments, strict=True):
                self.assign(variable, value)
            frame.join = self.state.copy()
            frame.live &= self.liveness.assigned[start]  # others are in the same version wherever control comes back
            frame.carried = [self.state[local] for local in members(frame.live)] + label.results
            arguments = [self.get(v) for v in label.results]
            self.loops += 1
            self.weight = min(self.weight * 8, 8**6)
        self.stmts = frame.body
        self.stack += arguments
        self.frames.append(frame)
        return frame

    def op_block(self, op: Opcode, type_: BlockType | FuncType) -> None:
        self.open("block", type_)

    def op_loop(self, op: Opcode, type_: BlockType | FuncType) -> None:
        self.open("loop", type_)

    def op_if(self, op: Opcode, type_: BlockType | FuncType) -> None:
        condition = self.truth(self.pop())
        frame = self.open("if", type_)
        frame.condition = condition
        frame.otherwise = self.state.copy()

    def op_else(self, op: Opcode, imm: None) -> None:
        frame = self.frames[-1]
        self.close_arm(frame, keep=True)
        frame.then = frame.body
        frame.body = self.stmts = []
        self.state = frame.otherwise
        self.reachable = True
        del self.stack[frame.height :]
        self.stack += frame.params

    def close_arm(self, frame: Frame, *, keep: bool) -> None:
        """Control falls out of an arm: bring results and versions to the label."""
        if not self.reachable:
            return
        values = self.pop_many(len(frame.results))
        if keep and len(values) == 1 and not frame.body and self.stmts is frame.body:
            frame.then_value = values[0]  # perhaps both arms are mere values: then a Select will do
        else:
            self.pass_results(frame.label, values)
        self.join(frame)
        self.close_tail(frame)

    def close_tail(self, frame: Frame) -> None:
        """Where the end of the body was sunk elsewhere, control must branch to the label explicitly."""
        if self.stmts is not frame.body:
            self.stmts.append(n.Br(frame.label))
            frame.label.uses += 1
            frame.label.site = None

    def pass_results(self, label: n.Label, values: list[n.Expr]) -> None:
        """Assign the values that a branch carries."""
        if len(values) == 1:
            self.assign(label.results[0], values[0])
        elif values:
            stored = [self.stored(v, x) for v, x in zip(label.results, values, strict=True)]
            self.stmts.append(n.AssignMany(list(label.results), stored))

    def join(self, frame: Frame) -> None:
        """Unite the versions of the live locals with those that have arrived at the label before."""
        frame.join = self.joined(frame.join, frame.live)

    def joined(self, arrived: list[n.Variable] | None, live: int) -> list[n.Variable]:
        """The versions of all locals where control has come together; those of the ``live`` ones are united."""
        state = self.state
        if arrived is None:
            return state.copy()
        if arrived != state:
            for local in members(live):
                if arrived[local] is not state[local]:
                    arrived[local].unite(state[local])
        return arrived

    def op_end(self, op: Opcode, imm: None) -> None:
        frame = self.frames.pop()
        if frame.kind == "func":
            if self.reachable:
                self.leave(self.pop_many(len(frame.results)))
            return
        if frame.kind == "loop":
            self.end_loop(frame)
        elif frame.kind == "if":
            self.end_if(frame)
        elif frame.kind == "try":
            self.end_try(frame)
        else:
            self.end_block(frame)
        frame.label.site = None  # nothing is left that makes a cycle of the tree

    def end_block(self, frame: Frame) -> None:
        """The end of a block: sink, splice or keep its label."""
        label = frame.label
        values: list[n.Expr] | None = None
        if self.reachable and not label.uses:  # nothing branches here: the values stay on the stack
            values = self.pop_many(len(frame.results))
            frame.join = self.state
            self.splice(frame)
        else:
            reachable = self.reachable
            self.close_arm(frame, keep=False)
            site = label.site
            alone = label.uses == 1 and not reachable and label.site_loops == self.loops
            if site is not None and alone and self.sinks:
                site.pop()
                label.uses = 0
                self.stmts = frame.outside if site is frame.body else site
                self.splice(frame)
                self.reachable = True
            else:
                self.reachable = reachable or label.uses > 0
                if label.uses:
                    frame.outside.append(n.Block(label, frame.body))
                else:
                    self.splice(frame)
                self.stmts = frame.outside
        self.after(frame, values)

    def splice(self, frame: Frame) -> None:
        """Move the body into the list outside: it needs no label."""
        body = frame.body
        frame.outside += body
        if self.stmts is body:
            self.stmts = frame.outside
        last = body[-1] if body else None
        if isinstance(last, n.Br) and last.label.site is body:
            last.label.site = frame.outside

    def after(self, frame: Frame, values: list[n.Expr] | None = None) -> None:
        """Go on behind the end of a structured instruction."""
        del self.stack[frame.height :]
        if self.reachable:
            assert frame.join is not None
            self.state = frame.join.copy()
            self.stack += values if values is not None else [self.get(v) for v in frame.label.results]

    def end_loop(self, frame: Frame) -> None:
        """The end of a loop: control that falls out branches to an exit label, so that loops never fall through."""
        self.loops -= 1
        self.weight = max(1, self.weight // 8)
        label = frame.label
        if not label.uses:  # not a loop at all: splice; whatever reached the end goes on there
            self.splice(frame)
            if self.reachable:
                frame.join = self.state
                self.after(frame, self.pop_many(len(frame.results)))
            else:
                del self.stack[frame.height :]
            return
        loop = n.Loop(label, frame.body, frame.carried)
        if not self.reachable:
            del self.stack[frame.height :]
            frame.outside.append(loop)
            self.stmts = frame.outside
            return
        results = self.pop_many(len(frame.results))
        exit_label = self.label("block", frame.results)
        exit_label.uses = 1
        self.pass_results(exit_label, results)
        self.stmts.append(n.Br(exit_label))
        self.stmts = frame.outside
        self.stmts.append(n.Block(exit_label, [loop]))
        del self.stack[frame.height :]
        self.stack += [self.get(v) for v in exit_label.results]

    def end_if(self, frame: Frame) -> None:
        """The end of an ``if``: a statement, or a Select where both arms are mere values."""
        label = frame.label
        assert frame.condition is not None
        if frame.then is None:  # no else: its arm passes the parameters on
            self.close_arm(frame, keep=False)
            frame.then = frame.body
            frame.body = self.stmts = []
            self.state = frame.otherwise
            self.reachable = True
            self.stack += frame.params
        if frame.then_value is not None:
            plain = self.reachable and not label.uses and not frame.body and self.stmts is frame.body
            if plain and self.stack[-1].size + frame.then_value.size < MAX_EXPRESSION:
                self.join(frame)
                select = self.select(frame.condition, frame.then_value, self.pop())
                self.stmts = frame.outside
                self.after(frame, [select])
                return
            tail, self.stmts = self.stmts, frame.then
            self.pass_results(label, [frame.then_value])
            self.stmts = tail
        then_falls = frame.join is not None
        self.close_arm(frame, keep=False)
        self.reachable = self.reachable or then_falls
        statement = n.If(frame.condition, frame.then, frame.body)
        self.stmts = frame.outside
        self.stmts.append(n.Block(label, [statement]) if label.uses else statement)
        self.after(frame)

    def op_try_table(self, op: Opcode, imm: tuple[BlockType | FuncType, tuple[Catch, ...]]) -> None:
        type_, catches = imm
        frame = self.open("try" if catches else "block", type_)
        if catches:
            frame.catches = catches
            frame.live_thrown = self.liveness.handler[self.position]
            self.tries.append(frame)
            self.loops += 1  # as in a loop, code from outside must not be sunk into the body: it would be caught

    def may_throw(self) -> None:
        """From here, an exception may lead to the handler around."""
        if self.tries:
            frame = self.tries[-1]
            frame.thrown = self.joined(frame.thrown, frame.live_thrown)

    def end_try(self, frame: Frame) -> None:
        """The end of a ``try_table``, whose handler does nothing but branch."""
        self.loops -= 1
        self.tries.pop()
        self.close_arm(frame, keep=False)
        self.reachable = self.reachable or frame.label.uses > 0
        self.stmts = frame.outside
        body = frame.body
        if frame.thrown is not None:
            body = [self.handled(frame, frame.thrown)]
        if frame.label.uses:
            self.stmts.append(n.Block(frame.label, body))
        else:
            self.stmts += body
        self.after(frame)

    def handled(self, frame: Frame, thrown: list[n.Variable]) -> n.Try:
        """The body of a ``try_table`` with its handler, to which the locals come in the versions ``thrown``."""
        falling, self.state = self.state, thrown
        everything = any(catch.tag is None for catch in frame.catches)
        handler: list[n.Stmt] = []
        for kind, tag, depth in frame.catches:
            arm = self.catch(depth, with_reference=kind.endswith("_ref"))
            if tag is None:
                handler += arm
                break
            handler.append(n.If(n.Caught(tag, everything), arm, []))
        else:
            handler.append(n.Reraise())
            self.may_throw()
        self.state = falling
        return n.Try(frame.body, handler, everything)

    def catch(self, depth: int, *, with_reference: bool) -> list[n.Stmt]:
        """What a handler does with an exception that it takes: it branches with what the exception carries."""
        target = self.frames[-1 - depth]
        if target.kind == "func":
            taken = [self.variable(type_) for type_ in target.results]
            arm = self.branch(depth, [self.get(v) for v in taken])
        else:
            taken = target.label.results
            arm = []
            self.go(target, arm)
            target.label.site = None  # what comes behind the label is not for the handler
        for variable in taken:
            variable.find().noisy |= variable.type is F32
            variable.find().precise = True
        if taken:
            values, references = (taken[:-1], taken[-1:]) if with_reference else (taken, [])
            arm.insert(0, n.Unpack(values.copy(), *references))
        return arm

    def select(self, condition: n.Expr, a: n.Expr, b: n.Expr) -> n.Expr:
        """A Select node."""
        a, b = self.number(a), self.number(b)
        node = n.Select(condition, a, b)
        node.fx = condition.fx | a.fx | b.fx
        node.reads = condition.reads | a.reads | b.reads
        node.size = condition.size + a.size + b.size + 1
        node.type = a.type
        return node

    def branch(self, depth: int, values: list[n.Expr]) -> list[n.Stmt]:
        """The statements of a branch that is taken."""
        outer = self.stmts
        arm: list[n.Stmt] = []
        self.stmts = arm
        frame = self.frames[-1 - depth]
        if frame.kind == "func":
            self.leave(values, end=False)
        else:
            self.pass_results(frame.label, values)
            self.go(frame, arm)
        self.stmts = outer
        return arm

    def go(self, frame: Frame, arm: list[n.Stmt]) -> None:
        """Append the branch to a label whose results have been assigned."""
        label = frame.label
        arm.append(n.Br(label))
        label.uses += 1
        label.site = arm
        label.site_loops = self.loops
        self.join(frame)

    def branch_arity(self, depth: int) -> int:
        frame = self.frames[-1 - depth]
        return len(frame.results) if frame.kind == "func" else len(frame.label.results)

    def leave(self, values: list[n.Expr], *, end: bool = True) -> None:
        """Return from the function."""
        types = self.type.results
        passed = [self.passed(x, types[i], ("result", self.index, i)) for i, x in enumerate(values)]
        self.stmts.append(n.Return(passed))
        if end:
            self.reachable = False

    def op_br(self, op: Opcode, depth: int) -> None:
        values = self.pop_many(self.branch_arity(depth))
        self.spill_effects(n.TRAPS)
        self.jump(self.branch(depth, values))

    def jump(self, arm: list[n.Stmt]) -> None:
        """Append a branch that is always taken."""
        self.stmts += arm
        last = arm[-1]
        if isinstance(last, n.Br) and last.label.site is arm:
            last.label.site = self.stmts
        self.reachable = False

    def op_br_if(self, op: Opcode, depth: int) -> None:
        condition = self.truth(self.pop())
        self.spill_effects(n.TRAPS)
        self.branch_if(depth, condition)

    def branch_if(self, depth: int, condition: n.Expr) -> None:
        """A branch that is taken if ``condition`` holds; its values stay on the stack otherwise."""
        arity = self.branch_arity(depth)
        values: list[n.Expr] = []
        if arity:
            for position in range(len(self.stack) - arity, len(self.stack)):
                self.stack[position] = self.repeatable(self.stack[position])
            values = self.stack[-arity:]
        frame = self.frames[-1 - depth]
        last = self.stmts[-1] if self.stmts else None
        if not arity and frame.kind != "func" and self.branches_to(last, frame.label):
            assert isinstance(last, n.If)  # two conditions in a row with the same target are one
            either = n.Logic("or", last.condition, condition)
            either.size = last.condition.size + condition.size + 1
            if either.size < MAX_EXPRESSION:
                last.condition = either
                self.join(frame)
                return
        statement = n.If(condition, [], [])  # appended first: results are evaluated in the arm
        statement.then = self.branch(depth, list(values))
        self.stmts.append(statement)

    def is_null(self, value: n.Expr) -> n.Expr:
        """Whether a reference is null."""
        node = n.Compare("is", value, n.Null())
        node.fx, node.reads, node.size = value.fx, value.reads, value.size + 1
        return node

    def op_br_on_null(self, op: Opcode, depth: int) -> None:
        self.spill_effects(n.TRAPS)
        reference = self.repeatable(self.pop())
        self.branch_if(depth, self.is_null(reference))
        self.push(reference)

    def op_br_on_non_null(self, op: Opcode, depth: int) -> None:
        self.spill_effects(n.TRAPS)
        self.push(self.repeatable(self.pop()))
        self.branch_if(depth, self.negated(self.is_null(self.stack[-1])))
        self.pop()

    @staticmethod
    def branches_to(statement: n.Stmt | None, label: n.Label) -> bool:
        """Whether a statement is a mere conditional branch to ``label``."""
        if not isinstance(statement, n.If) or statement.orelse or len(statement.then) != 1:
            return False
        jump = statement.then[0]
        return isinstance(jump, n.Br) and jump.label is label

    def op_br_table(self, op: Opcode, depths: tuple[int, ...]) -> None:
        index = self.wrap(self.pop(), "u", 32)
        values = self.pop_many(self.branch_arity(depths[-1]))
        if len(set(depths)) > 1:
            values = [self.repeatable(x) for x in values]  # they come before the index
        self.spill_effects(n.TRAPS)
        order: dict[int, int] = {}
        for depth in depths:
            order.setdefault(depth, len(order))
        arms = [self.branch(depth, values) for depth in order]
        if len(arms) == 1:
            self.evaluate(index)
            self.jump(arms[0])
        else:
            cases = tuple(order[depth] for depth in depths[:-1])
            self.stmts.append(n.Switch(index, cases, order[depths[-1]], arms))
            self.reachable = False

    def op_return(self, op: Opcode, imm: None) -> None:
        values = self.pop_many(len(self.type.results))
        self.spill_effects(n.TRAPS)
        self.leave(values)

    def op_unreachable(self, op: Opcode, imm: None) -> None:
        self.spill_effects(n.TRAPS)
        self.stmts.append(n.Unreachable())
        self.reachable = False

    def op_nop(self, op: Opcode, imm: None) -> None:
        pass
