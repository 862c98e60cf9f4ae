"""Stack code to IR: one forward pass over a validated body.

The layers of the builder: :mod:`wasm2py.ir.building.stack` (webs and the symbolic operand stack), on it
:mod:`wasm2py.ir.building.control` (structured instructions and branches), on that one file for each kind of
instruction, and here all of them together, with the table that says which method builds which instruction.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from wasm2py.errors import Unsupported
from wasm2py.ir import nodes as n
from wasm2py.ir.building.atomics import METHODS as ATOMIC_METHODS
from wasm2py.ir.building.atomics import AtomicBuilder
from wasm2py.ir.building.calls import CallBuilder
from wasm2py.ir.building.constants import with_constants
from wasm2py.ir.building.control import Frame
from wasm2py.ir.building.idioms import write_idioms
from wasm2py.ir.building.legacy import TRANSLATED, modernise
from wasm2py.ir.building.liveness import OPENING
from wasm2py.ir.building.numbers import NumberBuilder
from wasm2py.ir.building.objects import ObjectBuilder
from wasm2py.ir.building.stack import MAX_EXPRESSION, Inputs
from wasm2py.ir.building.values import sum_variables
from wasm2py.ir.building.vectors import METHODS as VECTOR_METHODS
from wasm2py.ir.building.widths import bits_of
from wasm2py.ir.conventions import NOTHING_KNOWN, Conventions
from wasm2py.ir.operators import ACCESSES, ROWS, loose, modular
from wasm2py.wasm.module import Instruction, Module
from wasm2py.wasm.opcodes import OPCODES, Opcode
from wasm2py.wasm.types import F32


def build_function(
    module: Module,
    index: int,
    body: list[Instruction],
    conventions: Conventions = NOTHING_KNOWN,
    without: Container[str] = (),
) -> n.Function:
    """Build the IR of function ``module.codes[index]``.

    :param body: its instructions, validated
    :param conventions: in which form values cross to other functions
    :param without: what is left out, of :data:`wasm2py.options.CHOICES`
    :raises Unsupported: an instruction of a proposal that is not built yet
    :raises ModuleError: the function is nested too deeply for the number of its locals
    """
    for op, offset, _ in body if _UNBUILT else ():
        if op in _UNBUILT:
            raise Unsupported(op.feature, f"instruction {op.name}", offset)
    code = module.codes[index]
    local_types = list(module.func_type(module.funcs[module.imported_funcs + index]).params)
    for count, type_ in code.locals:
        local_types += [type_] * count
    if conventions.constants is not None:
        body = with_constants(module, index, body, conventions)
    if not TRANSLATED.isdisjoint({op for op, _, _ in body}):
        body, added = modernise(module, body, len(local_types))
        local_types += added
    return _FunctionBuilder(Inputs(module, index, body, local_types, conventions, without)).build()


_CERTAIN = 1 << 40
"""Votes that decide in any case."""


class _FunctionBuilder(NumberBuilder, CallBuilder, ObjectBuilder, AtomicBuilder):
    """All layers, with variables on top."""

    def build(self) -> n.Function:
        """Build the tree, then settle the webs."""
        local_types = self.local_types
        self.state = [self.variable(type_, local) for local, type_ in enumerate(local_types)]
        params = self.state[: len(self.type.params)]
        for variable in params:
            variable.noisy = variable.type is F32
        body = self.stmts
        own = {op.name for op, _, imm in self.instructions if imm == self.index}
        if "call" in own:
            self.weight *= 8  # as in a loop
        self.open_tail_loop(params, calls_itself="return_call" in own)
        entry = self.liveness.entry
        for local in range(len(params), len(local_types)):
            if entry >> local & 1:
                self.assign(self.state[local], self.zero(local_types[local]))
        label = self.label("func", self.type.results)
        self.frames.append(Frame("func", label, 0, self.type.results, self.stmts, self.stmts, 0))
        self.build_body()
        return self.finish(params, body)

    def build_body(self) -> None:
        """Build every reachable instruction."""
        handlers = _HANDLERS
        stack = self.stack
        dead = 0  # depth of nesting inside dead code
        for position, (op, _, imm) in enumerate(self.instructions):
            if self.reachable:
                self.position = position
                handlers[op](self, op, imm)
                if stack and stack[-1].size > MAX_EXPRESSION:
                    self.spill(len(stack) - 1)
                continue
            name = op.name
            if name in OPENING:
                dead += 1
            elif name == "end" and dead:
                dead -= 1
            elif (name == "end" or name == "else") and not dead:
                self.position = position
                handlers[op](self, op, imm)

    def finish(self, params: list[n.Variable], body: list[n.Stmt]) -> n.Function:
        """Choose each web's form."""
        webs = [v for v in self.variables if v.parent is None]
        self.note_arrivals(params)
        precise = self.settle_results()
        ballots = self.choose_forms(webs)
        if "formless-variables" not in self.without:
            self.loosen(params)
        for load, variable in self.float_loads:
            load.exact = variable.find().exact
        for store, variable in self.float_stores:
            store.exact = variable.find().noisy
        arrivals: list[n.Variable] = []
        entry: list[n.Stmt] = []
        for number, param in enumerate(params):
            web = param.find()
            place: n.Place = ("param", self.index, number)
            signed, shift = self.conventions.is_signed(place), self.conventions.shift(place)
            if shift or (web.signed != signed and n.is_int(web.type)):
                arrival = self.variable(web.type, web.local)
                arrival.signed = signed
                webs.append(arrival)
                value: n.Expr = n.Get(arrival)
                value.type = web.type
                if shift:
                    value = n.Binary("<<", 32, value, self.constant(32, shift))
                mode = n.TO_SIGNED if web.signed else n.TO_UNSIGNED
                entry.append(n.Assign(web, n.Wrap(bits_of(web.type), "v", value, mode, web)))
                web = arrival
            arrivals.append(web)
        body[:0] = entry
        shared = any(memory.limits.shared for memory in self.module.memories)
        function = n.Function(
            self.index,
            arrivals,
            self.type.results,
            body,
            webs,
            self.labels,
            shared,
            ballots,
            self.leanings,
            self.gains,
            precise,
        )
        if self.has_signs and "magnitudes" not in self.without:  # most functions take no signs
            write_idioms(function)
        return function

    def note_arrivals(self, params: list[n.Variable]) -> None:
        """What comes from other functions comes in a form, too; a statement changes it, at half the cost."""
        for number, variable in enumerate(params):
            self.crossings.append((variable, ("param", self.index, number), self.weight))
        for call, weight in self.calls:
            if call.callee is not None:
                for number, variable in enumerate(call.results):
                    place: n.Place = ("result", call.callee, number)
                    if not self.conventions.is_modular(place):
                        self.crossings.append((variable, place, weight))

    def settle_results(self) -> set[n.Place]:
        """The results of calls that some use needs in form; the others are not in any, if they arrive so."""
        precise: set[n.Place] = set()
        for call, _ in self.calls:
            if call.callee is not None:
                for number, variable in enumerate(call.results):
                    place: n.Place = ("result", call.callee, number)
                    web = variable.find()
                    if web.precise:
                        precise.add(place)
                    if self.conventions.is_modular(place):
                        assert not web.precise
                        web.modular = (*modular(bits_of(web.type)), 0)
        return precise

    def loosen(self, params: list[n.Variable]) -> None:
        """Let variables be in no form where none of their uses needs one, and no pointer is made of them.

        What comes from other functions is in the form that it has there.
        """
        made = [v.find() for v, x in self.sums if isinstance(x, n.Binary)]
        given = {v.find() for v in params}.union(v.find() for call, _ in self.calls for v in call.results)
        found = [v for v in made if not v.precise and v not in given]
        if not found:
            return
        sources: dict[n.Variable, list[n.Expr]] = {}
        for variable, value in self.sums:
            sources.setdefault(variable.find(), []).append(value)
        addressed: set[n.Variable] = set()
        pending = self.addresses
        while pending:
            for variable in sum_variables(pending.pop()):
                addressed.add(variable)
                pending += sources.pop(variable, ())
        for variable in found:
            if variable not in addressed:
                variable.modular = (*loose(bits_of(variable.type)), 0)

    def choose_forms(self, webs: list[n.Variable]) -> list[n.Ballot]:
        """Signed or unsigned: webs between which values move vote together.

        Returns the ballots of those whose values cross to other functions, without what follows from the form there.
        """
        led: dict[n.Variable, n.Variable] = {}

        def lead(web: n.Variable) -> n.Variable:
            while web in led:
                above = led[web]
                led[web] = web = led.get(above, above)
            return web

        for one, two in self.relations:
            first, second = lead(one.find()), lead(two.find())
            if first is not second and first.type is second.type:
                led[second] = first
        votes = dict.fromkeys(webs, 0)
        for web in webs:
            if web.votes:
                votes[lead(web)] += 2 * web.votes
        # compilers count from -n up to 0, at an address that lies n behind what is accessed
        counting = {lead(v.find()) for v in self.below_zero} & {lead(v.find()) for v in self.rising}
        for leading in counting:
            votes[leading] = max(votes[leading], _CERTAIN)
        ballots: dict[n.Variable, n.Ballot] = {}
        for variable, place, weight in self.crossings:
            if n.is_int(variable.type):
                leading = lead(variable.find())
                ballots.setdefault(leading, n.Ballot(votes[leading], [])).crossings.append((place, weight))
        for leading, ballot in ballots.items():
            for place, weight in ballot.crossings:
                votes[leading] += weight if self.conventions.is_signed(place) else -weight
        if "signed-variables" not in self.without:
            for web in webs:
                web.signed = votes[lead(web)] > 0 and n.is_int(web.type) and not web.modular
        return list(ballots.values())

    # ------------------------------------------------------------------------------------------------------- variables

    def op_local_get(self, op: Opcode, local: int) -> None:
        self.stack.append(self.local_value(self.state[local]))

    def op_local_set(self, op: Opcode, local: int) -> None:
        self.set_local(local, self.stack.pop())

    def op_local_tee(self, op: Opcode, local: int) -> None:
        self.stack.append(self.local_value(self.set_local(local, self.stack.pop())))

    def set_local(self, local: int, value: n.Expr) -> n.Variable:
        """Assign to a local: a new version."""
        self.spill_readers(local)
        if value.fx & n.TRAPS:
            self.spill_effects(n.TRAPS)
        version = self.variable(self.local_types[local], local)
        self.state[local] = version
        last = self.stmts[-1] if self.stmts else None
        moved = value.var if isinstance(value, n.Get) and value.var.local is None else None
        if moved is not None and isinstance(last, n.Call) and last.results == [moved]:
            last.results = [version]  # the call's result goes straight into the local
            version.noisy = version.type is F32
        elif moved is not None and isinstance(last, n.Round) and last.var is moved:
            last.var = version
        else:
            self.assign(version, value)
        return version

    def op_global_get(self, op: Opcode, index: int) -> None:
        type_ = self.module.globals[index]
        node = n.GlobalGet(index)
        node.type = type_.type
        if type_.mutable:
            node.fx = n.READS_GLOBAL
        self.push(node)

    def op_global_set(self, op: Opcode, index: int) -> None:
        value = self.raw(self.pop(), self.module.globals[index].type)
        self.spill_effects(n.READS_GLOBAL | n.TRAPS)
        self.stmts.append(n.GlobalSet(index, value))

    def op_drop(self, op: Opcode, imm: None) -> None:
        value = self.pop()
        if value.fx & n.TRAPS:
            self.spill_effects(n.TRAPS)
            self.stmts.append(n.Eval(value))

    def op_select(self, op: Opcode, imm: object) -> None:
        condition = self.truth(self.pop())
        if (self.stack[-1].fx | self.stack[-2].fx | condition.fx) & n.TRAPS:  # all operands are evaluated, in order
            self.spill_effects(n.TRAPS)
        b, a = self.pop(), self.pop()
        self.push(self.select(condition, a, b))


_Handler = Callable[[_FunctionBuilder, Opcode, Any], None]

_METHODS = VECTOR_METHODS | ATOMIC_METHODS

_SPECIAL = {
    "select_t": "op_select",
    "data.drop": "op_drop_segment",
    "elem.drop": "op_drop_segment",
}


def _handler(name: str) -> _Handler | None:
    """The method that builds the instruction called ``name``, if there is one."""
    if name in ROWS:
        if name.endswith(".shr_u"):
            return _FunctionBuilder.op_shr_u
        if name.endswith(".shr_s"):
            return _FunctionBuilder.op_shr_s
        return _FunctionBuilder.op_binary if len(ROWS[name].operands) == 2 else _FunctionBuilder.op_unary
    if name in ACCESSES:
        return _FunctionBuilder.op_load if ".load" in name else _FunctionBuilder.op_store
    if name in _METHODS:
        method: _Handler = getattr(_FunctionBuilder, _METHODS[name])
        return method
    if name in ("f32.const", "f64.const"):
        return _FunctionBuilder.op_float_const
    return getattr(_FunctionBuilder, _SPECIAL.get(name, "op_" + name.replace(".", "_")), None)


_HANDLERS: dict[Opcode, _Handler] = {}
_UNBUILT: set[Opcode] = set()
for _op in OPCODES.values():
    if (_method := _handler(_op.name)) is not None:
        _HANDLERS[_op] = _method
    elif _op not in TRANSLATED:
        _UNBUILT.add(_op)
