"""Building calls, references to functions and exceptions, a layer of the builder."""

from __future__ import annotations

from wasm2py.ir import nodes as n
from wasm2py.ir.building.storage import StorageBuilder
from wasm2py.wasm.opcodes import Opcode
from wasm2py.wasm.types import F32, FuncType, HeapType, ref_type


class CallBuilder(StorageBuilder):
    """Calls, references and exceptions."""

    # ------------------------------------------------------------------------------------------------------ references

    def op_ref_null(self, op: Opcode, heap: HeapType) -> None:
        node = n.Null()
        node.type = ref_type(heap)
        self.push(node)

    def op_ref_is_null(self, op: Opcode, imm: None) -> None:
        self.push(self.is_null(self.pop()))

    def op_ref_as_non_null(self, op: Opcode, imm: None) -> None:
        value = self.pop()
        node = n.Apply("non_null", [value], None)
        node.fx, node.reads, node.size, node.type = value.fx | n.TRAPS, value.reads, value.size + 1, value.type
        self.push(node)

    def op_ref_func(self, op: Opcode, func: int) -> None:
        node = n.FuncRef(func)
        node.type = ref_type(self.module.funcs[func], nullable=False)
        self.push(node)

    # ----------------------------------------------------------------------------------------------------------- calls

    def arguments(self, type_: FuncType, callee: n.Callee) -> list[n.Expr]:
        """Pop the arguments of a call, or of an exception if there is no callee."""
        return self.in_form(self.pop_many(len(type_.params)), type_, callee)

    def in_form(self, args: list[n.Expr], type_: FuncType, callee: n.Callee) -> list[n.Expr]:
        """Arguments as the callee takes them."""
        return [
            self.passed(x, type_.params[i], None if callee is None else ("param", callee, i))
            for i, x in enumerate(args)
        ]

    def call(self, callee: n.Callee, type_: FuncType, selector: n.Expr | None, args: list[n.Expr]) -> None:
        """A call; its results become temporaries."""
        self.spill_effects(n.EFFECTS)
        self.may_throw()
        results = [self.variable(t) for t in type_.results]
        for result in results:
            result.noisy = result.type is F32
        signed = [callee is not None and self.conventions.is_signed(("result", callee, i)) for i in range(len(results))]
        call = n.Call(results, callee, selector, args, signed)
        self.calls.append((call, self.weight))
        self.stmts.append(call)
        self.stack += [self.get(v) for v in results]

    def op_call(self, op: Opcode, func: int) -> None:
        type_ = self.module.func_type(self.module.funcs[func])
        self.call(func, type_, None, self.arguments(type_, func))

    def indirect(self, imm: tuple[int, int]) -> tuple[n.Callee, FuncType, n.Expr, list[n.Expr]]:
        """Pop the operands of an indirect call: (table, type), type, selector, arguments."""
        type_index, table = imm
        selector = self.wrap(self.pop(), "u", self.table_bits[table])
        type_ = self.module.func_type(type_index)
        return (table, type_index), type_, selector, self.late_arguments(type_, (table, type_index))

    def by_reference(self, type_index: int) -> tuple[n.Callee, FuncType, n.Expr, list[n.Expr]]:
        """Pop the operands of a call through a reference, which is the selector."""
        selector = self.pop()
        type_ = self.module.func_type(type_index)
        return None, type_, selector, self.late_arguments(type_, None)

    def late_arguments(self, type_: FuncType, callee: n.Callee) -> list[n.Expr]:
        """Pop the arguments of a call whose callee is looked up."""
        args = self.pop_many(len(type_.params))
        if any(x.fx for x in args):  # Python looks the callee up before the arguments
            args = [self.repeatable(x) if x.fx else x for x in args]
        return self.in_form(args, type_, callee)

    def op_call_indirect(self, op: Opcode, imm: tuple[int, int]) -> None:
        self.call(*self.indirect(imm))

    def op_call_ref(self, op: Opcode, type_index: int) -> None:
        self.call(*self.by_reference(type_index))

    def open_tail_loop(self, params: list[n.Variable], *, calls_itself: bool) -> None:
        """Where a function calls itself in tail position, its body is a loop whose label takes the parameters."""
        self.tail_label = n.Label(self.labels, "loop", params)
        self.labels += 1
        if calls_itself:
            loop = n.Loop(self.tail_label, [], list(params))
            self.stmts.append(loop)
            self.stmts = loop.body
            self.loops += 1

    def op_return_call(self, op: Opcode, func: int) -> None:
        type_ = self.module.func_type(self.module.funcs[func])
        if func == self.index:
            values = self.pop_many(len(type_.params))
            self.spill_effects(n.TRAPS)
            self.pass_results(self.tail_label, values)
            self.stmts.append(n.Br(self.tail_label))
            self.tail_label.uses += 1
        else:
            args = self.arguments(type_, func)
            self.spill_effects(n.TRAPS)
            self.stmts.append(n.TailCall(func, None, args))
        self.reachable = False

    def op_return_call_indirect(self, op: Opcode, imm: tuple[int, int]) -> None:
        self.tail_call(*self.indirect(imm))

    def op_return_call_ref(self, op: Opcode, type_index: int) -> None:
        self.tail_call(*self.by_reference(type_index))

    def tail_call(self, callee: n.Callee, _type: FuncType, selector: n.Expr, args: list[n.Expr]) -> None:
        """Leave the function by an indirect call."""
        self.spill_effects(n.TRAPS)
        self.stmts.append(n.TailCall(callee, selector, args))
        self.reachable = False

    # ------------------------------------------------------------------------------------------------------ exceptions

    def op_throw(self, op: Opcode, tag: int) -> None:
        args = self.arguments(self.module.func_type(self.module.tags[tag].type_index), None)
        self.throw(n.Throw(tag, args))

    def op_throw_ref(self, op: Opcode, imm: None) -> None:
        self.throw(n.ThrowRef(self.pop()))

    def throw(self, statement: n.Stmt) -> None:
        """Leave by an exception."""
        self.spill_effects(n.TRAPS)
        self.may_throw()
        self.stmts.append(statement)
        self.reachable = False
