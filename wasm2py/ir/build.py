"""Stack code to IR: one forward pass over a validated body.

The three layers of the builder: :mod:`wasm2py.ir.stack` (webs and the symbolic operand stack),
:mod:`wasm2py.ir.control` (structured instructions and branches), and here everything else, with the table that says
which method builds which instruction.
"""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.errors import Unsupported
from wasm2py.ir import nodes as n
from wasm2py.ir.atomics import METHODS as ATOMIC_METHODS
from wasm2py.ir.atomics import AtomicBuilder
from wasm2py.ir.control import Frame
from wasm2py.ir.legacy import TRANSLATED, modernise
from wasm2py.ir.liveness import OPENING
from wasm2py.ir.objects import ObjectBuilder
from wasm2py.ir.operators import ACCESSES, ROWS, Row
from wasm2py.ir.stack import MAX_EXPRESSION, bits_of, int_type, may_signal
from wasm2py.ir.vectors import METHODS as VECTOR_METHODS
from wasm2py.wasm.module import Instruction, MemArg, Module
from wasm2py.wasm.opcodes import OPCODES
from wasm2py.wasm.types import F32, F64, I32, I64, FuncType, ref_type

_READS = n.READS_MEMORY | n.READS_GLOBAL | n.READS_TABLE


def build_function(module: Module, index: int, body: list[Instruction]) -> n.Function:
    """Build the IR of function ``module.codes[index]``.

    :param body: its instructions, validated
    :raises Unsupported: an instruction of a proposal that is not built yet
    :raises ModuleError: the function is nested too deeply for the number of its locals
    """
    for op, offset, _ in body:
        if op.code in _UNBUILT:
            raise Unsupported(op.feature, f"instruction {op.name}", offset)
    code = module.codes[index]
    local_types = list(module.func_type(module.funcs[module.imported_funcs + index]).params)
    for count, type_ in code.locals:
        local_types += [type_] * count
    body, added = modernise(module, body, len(local_types))
    return _FunctionBuilder(module, index, body, local_types + added).build()


class _FunctionBuilder(ObjectBuilder, AtomicBuilder):
    """Numbers, variables, memories, tables and calls."""

    def build(self) -> n.Function:
        """Build the tree, then settle the webs."""
        local_types = self.local_types
        self.state = [self.variable(type_, local) for local, type_ in enumerate(local_types)]
        params = self.state[: len(self.type.params)]
        for variable in params:
            variable.noisy = variable.type is F32
        body = self.stmts
        self.open_tail_loop(params)
        entry = self.liveness.entry
        for local in range(len(params), len(local_types)):
            if entry >> local & 1:
                self.assign(self.state[local], self.zero(local_types[local]))
        label = self.label("func", self.type.results)
        self.frames.append(Frame("func", label, 0, self.type.results, self.stmts, self.stmts, []))
        self.build_body()
        return self.finish(params, body)

    def build_body(self) -> None:
        """Build every reachable instruction."""
        handlers = _HANDLERS
        stack = self.stack
        dead = 0  # depth of nesting inside dead code
        for position, instruction in enumerate(self.instructions):
            if self.reachable:
                self.position = position
                handlers[instruction.op.code](self, instruction)
                if stack and stack[-1].size > MAX_EXPRESSION:
                    self.spill(len(stack) - 1)
                continue
            name = instruction.op.name
            if name in OPENING:
                dead += 1
            elif name == "end" and dead:
                dead -= 1
            elif (name == "end" or name == "else") and not dead:
                self.position = position
                handlers[instruction.op.code](self, instruction)

    def open_tail_loop(self, params: list[n.Variable]) -> None:
        """Where a function calls itself in tail position, its body is a loop whose label takes the parameters."""
        self.tail_label = n.Label(self.labels, "loop", params)
        self.labels += 1
        if any(i.op.name == "return_call" and i.imm == self.index for i in self.instructions):
            loop = n.Loop(self.tail_label, [], list(params))
            self.stmts.append(loop)
            self.stmts = loop.body
            self.loops += 1

    def finish(self, params: list[n.Variable], body: list[n.Stmt]) -> n.Function:
        """Choose each web's form."""
        webs = [v for v in self.variables if v.parent is None]
        self.choose_forms(webs)
        for load, variable in self.float_loads:
            load.exact = variable.find().exact
        for store, variable in self.float_stores:
            store.exact = variable.find().noisy
        arrivals: list[n.Variable] = []
        entry: list[n.Stmt] = []
        for param in params:
            web = param.find()
            if web.signed:  # parameters arrive unsigned
                arrival = self.variable(web.type, web.local)
                webs.append(arrival)
                get = n.Get(arrival)
                get.type = web.type
                entry.append(n.Assign(web, n.Wrap(bits_of(web.type), "v", get, n.TO_SIGNED, web)))
                web = arrival
            arrivals.append(web)
        body[:0] = entry
        return n.Function(self.index, arrivals, self.type.results, body, self.code.start, webs, self.labels)

    def choose_forms(self, webs: list[n.Variable]) -> None:
        """Signed or unsigned: webs between which values move vote together."""
        leader: dict[n.Variable, n.Variable] = {web: web for web in webs}

        def lead(web: n.Variable) -> n.Variable:
            while leader[web] is not web:
                leader[web] = web = leader[leader[web]]
            return web

        for one, two in self.relations:
            first, second = lead(one.find()), lead(two.find())
            if first.type is second.type:
                leader[second] = first
        votes = dict.fromkeys(webs, 0)
        for web in webs:
            votes[lead(web)] += web.votes
        # compilers count from -n up to 0, at an address that lies n behind what is accessed
        counting = {lead(v.find()) for v in self.below_zero} & {lead(v.find()) for v in self.rising}
        for web in webs:
            web.signed = (votes[lead(web)] > 0 or lead(web) in counting) and n.is_int(web.type)

    # --------------------------------------------------------------------------------------------------------- numbers

    def op_const(self, instruction: Instruction) -> None:
        kind, value = instruction.op.immediate, instruction.imm
        assert isinstance(value, int)
        if kind == "i32":
            self.push(n.Const(32, value))
        elif kind == "i64":
            node = n.Const(64, value)
            node.type = I64
            self.push(node)
        else:
            float_node = n.FloatConst(value)
            float_node.type = F32 if kind == "f32" else F64
            self.push(float_node)

    def op_numeric(self, instruction: Instruction) -> None:
        """An instruction with a row in the operator table."""
        op = instruction.op
        row = ROWS[op.name]
        assert op.params is not None
        assert op.results is not None
        param, result = op.params[0], op.results[0]
        assert not isinstance(param, str)
        bits = param.bits
        stack = self.stack
        operands = row.operands
        if len(operands) == 2:
            b, a = stack.pop(), stack.pop()
            node = self.binary(row, bits, self.demand(a, operands[0], bits), self.demand(b, operands[1], bits))
            if node is None:
                return
        else:
            node = self.unary(row, bits, self.pop(), result is I64)
        node.type = result  # type: ignore[assignment]  # a number type in these rows
        stack.append(node)

    def binary(self, row: Row, bits: int, a: n.Expr, b: n.Expr) -> n.Expr | None:
        """A node for two operands in the demanded forms; ``None`` where it has been pushed already."""
        kind = row.kind
        node: n.Expr
        if kind == "infix":
            node = n.Binary(row.operation, bits if _is_integer(a) else 0, a, b)
        elif kind == "compare":
            node = n.Compare(row.operation, a, b)
        elif kind == "divide":
            node = n.Divide(row.operation, bits, a, b)
        elif kind == "round":
            self.round(row.operation, a, b)
            return None
        elif kind == "rotate":
            if isinstance(b, n.Const):
                return self.rotate(row, bits, a, b)
            node = n.Apply(row.operation, [a, b], row.interval)
        else:
            node = self.float_helper(row, a, b)
        node.fx = a.fx | b.fx
        if row.traps and not _nonzero(b):
            node.fx |= n.TRAPS
        node.reads = a.reads | b.reads
        node.size = a.size + b.size + 1
        return node

    def float_helper(self, row: Row, a: n.Expr, b: n.Expr) -> n.Expr:
        """A helper of two floats; f64 division by something else than zero is Python's."""
        if row.operation == "f64_div":
            a, b = self.repeatable(a), self.repeatable(b)
            quotient = n.Binary("/", 0, a, b)
            quotient.type = F64
            if isinstance(b, n.FloatConst) and b.pattern << 1 & 2**64 - 1:
                return quotient
            return n.Select(b, quotient, n.Apply(row.operation, [a, b], None))
        return n.Apply(row.operation, [a, b], None, row.noisy)

    def round(self, operation: str, a: n.Expr, b: n.Expr) -> None:
        """An f32 operation: Python computes in f64, then the result is rounded, which is exact (no double rounding)."""
        value = n.Binary(operation, 0, a, b)
        value.fx, value.reads, value.size, value.type = a.fx | b.fx, a.reads | b.reads, a.size + b.size + 1, F32
        if value.fx & n.TRAPS:
            self.spill_effects(n.TRAPS)
        result = self.variable(F32)
        self.stmts.append(n.Round(result, value))
        self.push(self.get(result))

    def rotate(self, row: Row, bits: int, a: n.Expr, b: n.Const) -> n.Expr:
        """A rotation by a constant distance: two shifts."""
        assert isinstance(a, n.Wrap)
        left = b.value % bits if row.operation.endswith("l") else -b.value % bits
        if not left:
            return a
        x = self.repeatable(a.x)
        high = n.Binary("<<", bits, self.own(x), self.constant(bits, left))
        low = n.Binary(">>", bits, self.wrap(x, "u", bits), self.constant(bits, bits - left))
        node = n.Binary("|", bits, high, low)
        high.type = low.type = int_type(bits)
        node.reads, node.size = x.reads, 7
        return node

    def unary(self, row: Row, bits: int, x: n.Expr, wide: bool) -> n.Expr:
        """A node for one operand."""
        kind, form = row.kind, row.operands
        node: n.Expr
        if kind == "eqz":
            return self.negated(self.truth(x, bits))
        if kind == "wrap":
            # i32.wrap_i64: the low bits are what they are
            node = n.Wrap(32, "m", self.number(x), n.NOTHING) if form == "m" else self.wrap(x, form, 32)
            node.fx, node.reads, node.size = x.fx, x.reads, x.size
            return node
        if kind == "extend":
            width = int(row.operation)
            node = n.Extend(width, bits, self.number(x))
        elif kind == "negate":
            node = n.Negate(self.demand(x, form, bits))
        elif row.operation == "f64_promote" and not may_signal(x) and not isinstance(x, n.FloatConst):
            return x
        elif row.operation == "f32_to_bits" and isinstance(x, n.Load):
            x.item, x.flexible = "I", True  # the same bytes read as an integer
            x.exact = False
            return x
        elif row.operation == "f64_promote" and isinstance(x, n.Load):
            return x  # reading an f32 as a Python float makes NaNs quiet
        else:
            node = n.Apply(row.operation, [self.demand(x, form, bits)], row.interval, row.noisy)
        node.fx, node.reads, node.size = x.fx, x.reads, x.size + 1
        if row.traps:
            node.fx |= n.TRAPS
        return node

    # ------------------------------------------------------------------------------------------------------- variables

    def op_local_get(self, instruction: Instruction) -> None:
        local = instruction.imm
        assert isinstance(local, int)
        self.stack.append(self.local_value(self.state[local]))

    def op_local_set(self, instruction: Instruction) -> None:
        self.set_local(instruction.imm, self.stack.pop())  # type: ignore[arg-type]  # an int here

    def op_local_tee(self, instruction: Instruction) -> None:
        self.stack.append(self.local_value(self.set_local(instruction.imm, self.stack.pop())))  # type: ignore[arg-type]  # the index of a local

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

    def op_global_get(self, instruction: Instruction) -> None:
        index = instruction.imm
        assert isinstance(index, int)
        type_ = self.module.globals[index]
        node = n.GlobalGet(index)
        node.type = type_.type
        if type_.mutable:
            node.fx = n.READS_GLOBAL
        self.push(node)

    def op_global_set(self, instruction: Instruction) -> None:
        index = instruction.imm
        assert isinstance(index, int)
        value = self.raw(self.pop(), self.module.globals[index].type)
        self.spill_effects(n.READS_GLOBAL | n.TRAPS)
        self.stmts.append(n.GlobalSet(index, value))

    def op_drop(self, _instruction: Instruction) -> None:
        value = self.pop()
        if value.fx & n.TRAPS:
            self.spill_effects(n.TRAPS)
            self.stmts.append(n.Eval(value))

    def op_select(self, _instruction: Instruction) -> None:
        condition = self.truth(self.pop())
        if (self.stack[-1].fx | self.stack[-2].fx | condition.fx) & n.TRAPS:  # all operands are evaluated, in order
            self.spill_effects(n.TRAPS)
        b, a = self.pop(), self.pop()
        self.push(self.select(condition, a, b))

    # -------------------------------------------------------------------------------------------------------- memories

    def op_load(self, instruction: Instruction) -> None:
        arg = instruction.imm
        assert isinstance(arg, MemArg)
        op = instruction.op
        item, flexible, signed = ACCESSES[op.name]
        address = self.wrap(self.stack.pop(), "u", self.memory_bits(arg.memory))
        node = n.Load(item, op.size, arg.memory, address, arg.offset, flexible, signed)
        node.fx = address.fx | n.READS_MEMORY | n.TRAPS
        node.reads = address.reads
        node.size = address.size + 2
        node.type = op.results[0]  # type: ignore[index, assignment]  # loads have one result of a number type
        node.natural = 1 << arg.align == op.size
        self.stack.append(node)

    def op_store(self, instruction: Instruction) -> None:
        arg = instruction.imm
        assert isinstance(arg, MemArg)
        item, _, _ = ACCESSES[instruction.op.name]
        value, address = self.stack.pop(), self.stack.pop()
        self.spill_effects(n.READS_MEMORY | n.TRAPS)
        if address.fx & value.fx & n.TRAPS:  # Python evaluates the value first
            address = self.simple(address)
        address = self.wrap(address, "u", self.memory_bits(arg.memory))
        store = n.Store(item, instruction.op.size, arg.memory, address, arg.offset, value)
        store.natural = 1 << arg.align == instruction.op.size
        if item == "f":
            self.store_f32(store)
        elif item != "d":
            store.value = self.number(value)
        elif isinstance(value, n.Load):
            pass  # Python moves f64 bits unchanged
        self.stmts.append(store)

    def store_f32(self, store: n.Store) -> None:
        """Storing an f32 must keep the bits of a signalling NaN, which conversions in C would change."""
        value = store.value
        if isinstance(value, n.Load):  # copy the bytes
            value.item, value.flexible, value.exact, store.item = "I", True, False, "I"
        elif isinstance(value, n.Get):
            self.float_stores.append((store, value.var))
            value.var.find().exact = True
        elif may_signal(value):
            self.demand_exact(value)
            store.value, store.exact = self.simple(value), True

    def method(
        self, kind: str, index: int, name: str, args: list[n.Expr], interval: tuple[int, int] | None
    ) -> n.Method:
        """A method call on a memory or table."""
        return n.Method(n.ObjectRef(kind, index), name, args, interval)

    def do(self, kind: str, index: int, name: str, args: list[n.Expr]) -> None:
        """A method call for its effect."""
        self.spill_effects(_READS | n.TRAPS)
        self.stmts.append(n.Eval(self.method(kind, index, name, args, None)))

    def unsigned(self, *widths: int) -> list[n.Expr]:
        """Pop integer operands of these widths, the last pushed last."""
        return [self.wrap(x, "u", bits) for x, bits in zip(self.pop_many(len(widths)), widths, strict=True)]

    def table_bits(self, index: int) -> int:
        """Width of a table's indices."""
        return 64 if self.module.tables[index].limits.index64 else 32

    def op_memory_size(self, instruction: Instruction) -> None:
        index = instruction.imm
        assert isinstance(index, int)
        bits = self.memory_bits(index)
        largest = min(1 << bits - self.module.memories[index].limits.page_size_log2, (1 << bits) - 1)
        node = self.method("memory", index, "size", [], (0, largest))
        node.fx, node.type = n.READS_MEMORY, int_type(bits)
        self.push(node)

    def grow(self, kind: str, index: int, args: list[n.Expr], bits: int) -> None:
        """``memory.grow`` or ``table.grow``: evaluated at once."""
        self.spill_effects(_READS | n.TRAPS)
        result = self.variable(int_type(bits))
        self.assign(result, self.method(kind, index, "grow", args, (-1, (1 << bits) - 1)))
        self.push(self.get(result))

    def op_memory_grow(self, instruction: Instruction) -> None:
        index = instruction.imm
        assert isinstance(index, int)
        bits = self.memory_bits(index)
        self.grow("memory", index, self.unsigned(bits), bits)

    def op_memory_fill(self, instruction: Instruction) -> None:
        index = instruction.imm
        assert isinstance(index, int)
        bits = self.memory_bits(index)
        self.do("memory", index, "fill", self.unsigned(bits, 32, bits))

    def op_memory_copy(self, instruction: Instruction) -> None:
        target, source = _pair(instruction)
        one, two = self.memory_bits(target), self.memory_bits(source)
        to, start, count = self.unsigned(one, two, min(one, two))
        self.do("memory", target, "copy", [to, start, count, n.ObjectRef("memory", source)])

    def op_memory_init(self, instruction: Instruction) -> None:
        segment, index = _pair(instruction)
        to, start, count = self.unsigned(self.memory_bits(index), 32, 32)
        self.do("memory", index, "init", [to, n.ObjectRef("data", segment), start, count])

    def op_drop_segment(self, instruction: Instruction) -> None:
        index = instruction.imm
        assert isinstance(index, int)
        self.stmts.append(n.DropSegment(n.ObjectRef(instruction.op.immediate, index)))

    # ---------------------------------------------------------------------------------------------------------- tables

    def table(self, instruction: Instruction) -> int:
        """The table that an instruction names."""
        index = instruction.imm
        assert isinstance(index, int)
        return index

    def op_table_get(self, instruction: Instruction) -> None:
        index = self.table(instruction)
        node = self.method("table", index, "get", self.unsigned(self.table_bits(index)), None)
        node.type = self.module.tables[index].element
        node.fx = n.READS_TABLE | n.TRAPS | node.args[0].fx
        node.reads = node.args[0].reads
        self.push(node)

    def op_table_set(self, instruction: Instruction) -> None:
        index = self.table(instruction)
        value = self.pop()
        self.do("table", index, "set", [*self.unsigned(self.table_bits(index)), value])

    def op_table_size(self, instruction: Instruction) -> None:
        index = self.table(instruction)
        bits = self.table_bits(index)
        node = self.method("table", index, "size", [], (0, (1 << bits) - 1))
        node.fx, node.type = n.READS_TABLE, int_type(bits)
        self.push(node)

    def op_table_grow(self, instruction: Instruction) -> None:
        index = self.table(instruction)
        bits = self.table_bits(index)
        count = self.unsigned(bits)
        self.grow("table", index, [self.pop(), *count], bits)

    def op_table_fill(self, instruction: Instruction) -> None:
        index = self.table(instruction)
        bits = self.table_bits(index)
        count = self.unsigned(bits)
        value = self.pop()
        self.do("table", index, "fill", [*self.unsigned(bits), value, *count])

    def op_table_copy(self, instruction: Instruction) -> None:
        target, source = _pair(instruction)
        one, two = self.table_bits(target), self.table_bits(source)
        to, start, count = self.unsigned(one, two, min(one, two))
        self.do("table", target, "copy", [to, start, count, n.ObjectRef("table", source)])

    def op_table_init(self, instruction: Instruction) -> None:
        segment, index = _pair(instruction)
        to, start, count = self.unsigned(self.table_bits(index), 32, 32)
        self.do("table", index, "init", [to, n.ObjectRef("element", segment), start, count])

    # ------------------------------------------------------------------------------------------------------ references

    def op_ref_null(self, instruction: Instruction) -> None:
        heap = instruction.imm
        assert isinstance(heap, (int, str))
        node = n.Null()
        node.type = ref_type(heap)
        self.push(node)

    def op_ref_is_null(self, _instruction: Instruction) -> None:
        self.push(self.is_null(self.pop()))

    def op_ref_as_non_null(self, _instruction: Instruction) -> None:
        value = self.pop()
        node = n.Apply("non_null", [value], None)
        node.fx, node.reads, node.size, node.type = value.fx | n.TRAPS, value.reads, value.size + 1, value.type
        self.push(node)

    def op_ref_func(self, instruction: Instruction) -> None:
        func = instruction.imm
        assert isinstance(func, int)
        node = n.FuncRef(func)
        node.type = ref_type(self.module.funcs[func], nullable=False)
        self.push(node)

    # ----------------------------------------------------------------------------------------------------------- calls

    def arguments(self, type_: FuncType) -> list[n.Expr]:
        """Pop the arguments of a call."""
        return [self.raw(x, t) for x, t in zip(self.pop_many(len(type_.params)), type_.params, strict=True)]

    def call(self, callee: n.Callee, type_: FuncType, selector: n.Expr | None, args: list[n.Expr]) -> None:
        """A call; its results become temporaries."""
        self.spill_effects(_READS | n.TRAPS)
        self.may_throw()
        results = [self.variable(t) for t in type_.results]
        for result in results:
            result.noisy = result.type is F32
        self.stmts.append(n.Call(results, callee, selector, args))
        self.stack += [self.get(v) for v in results]

    def op_call(self, instruction: Instruction) -> None:
        func = instruction.imm
        assert isinstance(func, int)
        type_ = self.module.func_type(self.module.funcs[func])
        self.call(func, type_, None, self.arguments(type_))

    def indirect(self, instruction: Instruction) -> tuple[n.Callee, FuncType, n.Expr, list[n.Expr]]:
        """Pop the operands of an indirect call: (table, type), type, selector, arguments."""
        type_index, table = _pair(instruction)
        selector = self.wrap(self.pop(), "u", self.table_bits(table))
        type_ = self.module.func_type(type_index)
        return (table, type_index), type_, selector, self.late_arguments(type_)

    def by_reference(self, instruction: Instruction) -> tuple[n.Callee, FuncType, n.Expr, list[n.Expr]]:
        """Pop the operands of a call through a reference, which is the selector."""
        type_index = instruction.imm
        assert isinstance(type_index, int)
        selector = self.pop()
        type_ = self.module.func_type(type_index)
        return None, type_, selector, self.late_arguments(type_)

    def late_arguments(self, type_: FuncType) -> list[n.Expr]:
        """Pop the arguments of a call whose callee is looked up."""
        args = self.pop_many(len(type_.params))
        if any(x.fx for x in args):  # Python looks the callee up before the arguments
            args = [self.simple(x) if x.fx else x for x in args]
        return [self.raw(x, t) for x, t in zip(args, type_.params, strict=True)]

    def op_call_indirect(self, instruction: Instruction) -> None:
        self.call(*self.indirect(instruction))

    def op_call_ref(self, instruction: Instruction) -> None:
        self.call(*self.by_reference(instruction))

    def op_return_call(self, instruction: Instruction) -> None:
        func = instruction.imm
        assert isinstance(func, int)
        type_ = self.module.func_type(self.module.funcs[func])
        if func == self.index:
            values = self.pop_many(len(type_.params))
            self.spill_effects(n.TRAPS)
            self.pass_results(self.tail_label, values)
            self.stmts.append(n.Br(self.tail_label))
            self.tail_label.uses += 1
        else:
            args = self.arguments(type_)
            self.spill_effects(n.TRAPS)
            self.stmts.append(n.TailCall(func, None, args))
        self.reachable = False

    def op_return_call_indirect(self, instruction: Instruction) -> None:
        self.tail_call(*self.indirect(instruction))

    def op_return_call_ref(self, instruction: Instruction) -> None:
        self.tail_call(*self.by_reference(instruction))

    def tail_call(self, callee: n.Callee, _type: FuncType, selector: n.Expr, args: list[n.Expr]) -> None:
        """Leave the function by an indirect call."""
        self.spill_effects(n.TRAPS)
        self.stmts.append(n.TailCall(callee, selector, args))
        self.reachable = False

    # ------------------------------------------------------------------------------------------------------ exceptions

    def op_throw(self, instruction: Instruction) -> None:
        tag = instruction.imm
        assert isinstance(tag, int)
        args = self.arguments(self.module.func_type(self.module.tags[tag].type_index))
        self.throw(n.Throw(tag, args))

    def op_throw_ref(self, _instruction: Instruction) -> None:
        self.throw(n.ThrowRef(self.pop()))

    def throw(self, statement: n.Stmt) -> None:
        """Leave by an exception."""
        self.spill_effects(n.TRAPS)
        self.may_throw()
        self.stmts.append(statement)
        self.reachable = False


def _pair(instruction: Instruction) -> tuple[int, int]:
    """The immediate of an instruction that names two indices."""
    pair: tuple[int, int] = instruction.imm  # type: ignore[assignment]  # decoded by the opcode's row
    return pair


def _is_integer(node: n.Expr) -> bool:
    return node.type is I32 or node.type is I64


def _nonzero(divisor: n.Expr) -> bool:
    """Whether a divisor is a constant that cannot trap (-1 overflows)."""
    if isinstance(divisor, n.Wrap):
        divisor = divisor.x
    return isinstance(divisor, n.Const) and divisor.value not in (0, -1)


_Handler = Callable[[_FunctionBuilder, Instruction], None]

_METHODS = VECTOR_METHODS | ATOMIC_METHODS

_SPECIAL = {
    "select_t": "op_select",
    "data.drop": "op_drop_segment",
    "elem.drop": "op_drop_segment",
}


def _handler(name: str) -> _Handler | None:
    """The method that builds the instruction called ``name``, if there is one."""
    if name in ROWS:
        return _FunctionBuilder.op_numeric
    if name in ACCESSES:
        return _FunctionBuilder.op_load if ".load" in name else _FunctionBuilder.op_store
    if name in _METHODS:
        method: _Handler = getattr(_FunctionBuilder, _METHODS[name])
        return method
    if name in ("i32.const", "i64.const", "f32.const", "f64.const"):
        return _FunctionBuilder.op_const
    return getattr(_FunctionBuilder, _SPECIAL.get(name, "op_" + name.replace(".", "_")), None)


_HANDLERS: dict[int, _Handler] = {}
_UNBUILT: set[int] = set()
for _op in OPCODES.values():
    if (_method := _handler(_op.name)) is not None:
        _HANDLERS[_op.code] = _method
    elif _op.code not in TRANSLATED:
        _UNBUILT.add(_op.code)
