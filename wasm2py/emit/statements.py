"""Functions of the IR as Python text: statements, one handler per class of node."""

from __future__ import annotations

from collections.abc import Callable

from wasm2py.emit import operators as o
from wasm2py.emit.expressions import ExpressionWriter, is_sum, make_signed, make_unsigned
from wasm2py.emit.names import ModuleNames, Uses
from wasm2py.emit.targets import Target
from wasm2py.emit.writer import Writer
from wasm2py.ir import nodes as n
from wasm2py.ir.ranges.overflow import scrambled
from wasm2py.wasm.types import I64, RefType


class FunctionWriter:
    """Writes functions, one after the other, with the names and uses of their module."""

    def __init__(self, names: ModuleNames, target: Target) -> None:
        self.names = names
        self.target = target
        self.uses = Uses()
        self.out = Writer()
        self.expressions = ExpressionWriter(names, target, self.uses)
        self.text = self.expressions.text
        self.bound = ""
        """A name that has a value wherever a function is."""
        self.cells: set[str] = set()
        """The variables of the instance's factory that the function assigns."""
        self.leaves_by_call = False

    def function(self, function: n.Function, depth: int) -> None:
        """Write one function at a level of indentation."""
        out = self.out
        variables = self.expressions.variables = self.names.variables(function)
        self.expressions.wild = scrambled(function)
        self.bound = variables[function.params[0]] if function.params else "id"
        out.depth = depth
        name = self.names.functions[function.index]
        out.line(f"def {name}({', '.join([variables[v] for v in function.params])}):")
        out.depth += 1
        start = len(out.lines)
        self.cells.clear()
        self.leaves_by_call = False
        body = function.body
        if body and isinstance(body[-1], n.Return) and not body[-1].values:
            body = body[:-1]
        self.expressions.before = []
        self.block(body)
        if self.cells:
            out.line(f"nonlocal {', '.join(sorted(self.cells))}")
            out.lines.insert(start, out.lines.pop())
        out.depth -= 1
        if self.leaves_by_call:
            self.uses.helpers.add("tail_caller")
            out.line(f"{name} = tail_caller({name})")

    def block(self, body: list[n.Stmt]) -> None:
        """Write the statements of a suite."""
        if not body:
            self.out.line("pass")
        handlers = _HANDLERS
        for statement in body:
            handlers[statement.__class__](self, statement)

    def line(self, text: str) -> None:
        """Write a line of the statement at hand, behind what its expressions want done before."""
        before = self.expressions.before
        if before:
            for prepared in before:
                self.out.line(prepared)
        self.expressions.before = []
        self.expressions.hoisted = 0
        self.out.line(text)

    def suite(self, body: list[n.Stmt]) -> None:
        """Write an indented suite."""
        self.out.depth += 1
        self.block(body)
        self.out.depth -= 1

    # ----------------------------------------------------------------------------------------------------- assignments

    def assign(self, s: n.Assign) -> None:
        name = self.expressions.variables[s.var]
        value = s.value
        line = self.line
        if self.conditional(s):
            return
        if not isinstance(value, n.Wrap) or value.mode == n.NOTHING:
            line(f"{name} = {self.text(_choice(value))}")
            return
        low, high = value.span  # before wrapping
        bits, modulus = value.bits, o.MODULI[value.bits]
        if value.mode == n.WRAP_SIGNED:
            line(f"{name} = {self.text(value.x)}")
            line(make_signed(name, value.span, bits))
        elif value.mode == n.TO_SIGNED:
            line(f"{name} = {self.text(value.x)}")
            line(f"if {name} > {o.LARGEST_SIGNED[bits]}: {name} -= {modulus}")
        elif value.mode == n.TO_UNSIGNED or low < 0 <= high < 1 << bits:
            line(f"{name} = {self.text(value.x)}")
            line(make_unsigned(name, low, bits))
        elif low >= 0 and (turning := self.turning(value)):
            line(f"{name} = {turning}")
        elif low >= 0 and is_sum(value.x) and not self.expressions.overflows(value.x):
            line(f"{name} = {self.text(value.x)}")
            limit = "0x3FFFFFFF" if 30 <= bits < 64 and _is_step(value.x) else o.MASKS[bits]
            line(f"if {name} > {limit}: {name} &= {o.MASKS[bits]}")
        else:
            line(f"{name} = {self.text(value)}")

    def conditional(self, s: n.Assign) -> bool:
        """Write what changes a variable only sometimes as a statement under a condition; or do nothing.

        ``v = v + (1 if c else 0)`` is ``if c: v = v + 1``, and ``v = v if c else w`` is ``if not c: v = w``.
        """
        value = s.value
        x = value.x if isinstance(value, n.Wrap) else value
        made: n.Expr
        if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.b, n.BoolInt) and _reads(x.a, s.var):
            condition = x.b.x
            made = n.Binary("+", x.bits, x.a, n.Const(x.bits, 1))
            if isinstance(value, n.Wrap):
                made = n.Wrap(value.bits, value.form, made, value.mode, value.var, value.span)
        elif not isinstance(x, n.Select) or (isinstance(value, n.Wrap) and value.mode != n.NOTHING):
            return False
        elif _reads(x.a, s.var):
            condition = x.condition.x if isinstance(x.condition, n.Not) else n.Not(x.condition)
            made = x.b
        elif _reads(x.b, s.var):
            condition, made = x.condition, x.a
        else:
            return False
        self.short_suite(f"if {self.text(condition)}:", [n.Assign(s.var, made)])
        return True

    def turning(self, wrap: n.Wrap) -> str:
        """A variable plus a constant so large that sums often wrap around, without making the larger sum; or nothing.

        A sum of one digit more, and then its mask, cost as much again each.  A variable in no form may be larger than
        one turn makes up for; no sum is negative, so that none is too small.
        """
        x, modulus = wrap.x, 1 << wrap.bits
        if not isinstance(x, n.Binary) or x.op != "+" or not isinstance(x.a, n.Get) or not isinstance(x.b, n.Const):
            return ""
        constant = x.b.value
        if not constant >> wrap.bits - 2 or wrap.span[1] >= constant + modulus:
            return ""
        before, turn = self.text(x.a), hex(modulus - constant)
        return f"{before} - {turn} if {before} >= {turn} else {self.text(x)}"

    def assign_many(self, s: n.AssignMany) -> None:
        names = ", ".join([self.expressions.variables[v] for v in s.vars])
        self.line(f"{names} = {', '.join([self.text(x, o.CONDITIONAL) for x in s.values])}")

    def round(self, s: n.Round) -> None:
        if self.target.round_by_view and not self.expressions.shared:  # threads would share the buffer
            self.uses.rounds = True
            self.line(f"R[0] = {self.text(s.value)}")
            if s.var is not None:
                self.line(f"{self.expressions.variables[s.var]} = R[0]")
        else:
            assert s.var is not None
            self.line(
                f"{self.expressions.variables[s.var]} = {self.expressions.helper('f32_demote')}({self.text(s.value)})"
            )

    def global_set(self, s: n.GlobalSet) -> None:
        self.uses.globals.add(s.index)
        name = f"g{s.index}"
        if s.index in self.names.boxed:
            name += ".raw"
        else:
            self.cells.add(name)
        self.line(f"{name} = {self.text(s.value)}")

    def drop_segment(self, s: n.DropSegment) -> None:
        empty = 'b""' if s.segment.kind == "data" else "()"
        name = self.expressions.object_name(s.segment)
        self.cells.add(name)
        self.line(f"{name} = {empty}")

    def eval(self, s: n.Eval) -> None:
        self.line(self.text(s.value))

    def put_object(self, s: n.Put) -> None:
        place = s.place
        target = self.text(place) if isinstance(place, n.Member) else self.expressions.item_place(place)
        self.line(f"{target} = {self.text(s.value)}")

    def store(self, s: n.Store) -> None:
        item = s.item.lower() if s.signed else s.item
        unfit = item == "b" and not self.target.views  # a bytearray has unsigned bytes
        if s.exact:
            value = self.text(s.value)
            self.line(f"if {value} == {value}:")
            self.out.depth += 1
            self.put(s, s.item, value)
            self.out.depth -= 1
            self.line("else:")
            self.out.depth += 1
            self.put(s, "I", f"{self.expressions.helper('f32_to_bits')}({value})")
            self.out.depth -= 1
        elif unfit or (s.mask and not (s.tried and self.expressions.trying)):
            item = s.item
            self.put(s, item, f"{self.text(s.value, o.BIT_AND)} & {o.MASKS[8 * s.width]}")
        else:
            self.put(s, item, self.text(s.value))

    def put(self, s: n.Store, item: str, value: str) -> None:
        """Write ``value`` to memory."""
        if s.item == "V":
            self.put_vector(s, value)
        elif not self.target.views and s.width > 1:
            self.uses.library.add(("struct", "pack_into"))
            memory = self.expressions.view(s.memory)
            self.line(f'pack_into("<{item}", {memory}, {self.expressions.address(s)}, {value})')
        else:
            self.line(f"{self.expressions.place(s, item)} = {value}")

    def put_vector(self, s: n.Store, value: str) -> None:
        """Write a vector: its upper half first, so that nothing is written where it crosses the end of memory."""
        expressions = self.expressions
        low, high = f"{value} & {o.MASKS[64]}", f"{value} >> 64"
        if not self.target.views:
            self.uses.library.add(("struct", "pack_into"))
            memory = expressions.view(s.memory)
            self.line(f'pack_into("<QQ", {memory}, {expressions.address(s)}, {low}, {high})')
        else:
            upper, lower = expressions.halves(s, (8, 0))
            self.line(f"{upper} = {high}")
            self.line(f"{lower} = {low}")

    def retry(self, s: n.Retry) -> None:
        self.expressions.trying = True
        self.short_suite("try:", s.body)
        self.expressions.trying = False
        errors = "IndexError"
        if any(isinstance(each, n.Store) and each.tried for each in s.body):
            errors = f"({errors}, ValueError, TypeError)"  # what CPython and PyPy raise for values that no item takes
        self.short_suite(f"except {errors}:", s.body)

    def short_suite(self, head: str, body: list[n.Stmt]) -> None:
        """Write a suite, on the line of its head if it consists of simple statements and fits there."""
        lines = self.out.lines
        start = len(lines)
        self.line(head)
        self.suite(body)
        simple = [line.lstrip() for line in lines[start + 1 :]]
        if not any(line.startswith("if ") for line in simple) and sum(map(len, simple)) < _SHORT:
            lines[start:] = [f"{lines[start]} {'; '.join(simple)}"]

    # ----------------------------------------------------------------------------------------------------------- calls

    def callee(self, s: n.Call | n.TailCall) -> str:
        """The function that a call names."""
        if isinstance(s.callee, int):
            self.uses.functions.add(s.callee)
            return self.names.functions[s.callee]
        assert s.selector is not None
        if s.callee is None:
            return f"{self.text(s.selector, o.PRIMARY)}.raw"
        table, type_index = s.callee
        type_index = self.names.type_index(type_index)
        self.uses.callables.add((table, type_index))
        selector = self.text(s.selector)
        if self.names.module.tables[table].limits.index64:  # beyond C's integers, the error would not mention a list
            selector = f"min({selector}, {o.LARGEST_SIGNED[64]})"
        return f"c{table}_T{type_index}[{selector}]"

    def call(self, s: n.Call) -> None:
        call = f"{self.callee(s)}({', '.join([self.text(x) for x in s.args])})"
        if not s.results:
            self.line(call)
            return
        self.line(f"{', '.join(self.expressions.variables[v] for v in s.results)} = {call}")
        self.convert(s.results, s.signed)

    def convert(self, variables: list[n.Variable], signed: list[bool]) -> None:
        """Bring variables to which values from elsewhere have been assigned into their form.

        :param signed: for each, whether what it holds is in signed form
        """
        for variable, before in zip(variables, signed, strict=True):
            name = self.expressions.variables[variable]
            bits = 64 if variable.type is I64 else 32
            if variable.signed and not before:
                self.line(f"if {name} > {o.LARGEST_SIGNED[bits]}: {name} -= {o.MODULI[bits]}")
            elif before and not variable.signed:
                self.line(f"if {name} < 0: {name} += {o.MODULI[bits]}")

    def tail_call(self, s: n.TailCall) -> None:
        self.leaves_by_call = True
        args = "".join([self.text(x) + ", " for x in s.args])
        self.line(f"return {self.expressions.helper('TailCall')}({self.callee(s)}, ({args.rstrip()}))")

    # ------------------------------------------------------------------------------------------------------ exceptions

    def try_(self, s: n.Try) -> None:
        self.line("try:")
        self.suite(s.body)
        caught = "Exception" if s.everything else self.expressions.helper("WasmException")
        self.line(f"except {caught} as error:")
        self.out.depth += 1
        if s.everything:
            self.line(f"if {self.expressions.helper('is_trap')}(error): raise")
        if s.handler or not s.everything:
            self.block(s.handler)
        self.out.depth -= 1

    def unpack(self, s: n.Unpack) -> None:
        variables = self.expressions.variables
        if s.vars:
            self.line(f"{''.join(variables[v] + ', ' for v in s.vars).rstrip()} = error.raw")
        if s.reference is not None:
            self.line(f"{variables[s.reference]} = error")
        self.convert(s.vars, [False] * len(s.vars))

    def throw(self, s: n.Throw) -> None:
        args = "".join([self.text(x) + ", " for x in s.args]).rstrip()
        tag = self.expressions.object_name(n.ObjectRef("tag", s.tag))
        self.line(f"raise {self.expressions.helper('WasmException')}({tag}, ({args}))")

    def throw_ref(self, s: n.ThrowRef) -> None:
        value = self.text(s.value)
        if not isinstance(s.value.type, RefType) or s.value.type.nullable:
            value = f"{self.expressions.helper('non_null')}({value})"
        self.line(f"raise {value}")

    def reraise(self, _s: n.Reraise) -> None:
        self.line("raise")

    # --------------------------------------------------------------------------------------------------------- control

    def if_(self, s: n.If) -> None:
        condition = self.text(s.condition)
        keyword = "if"
        while True:
            self.line(f"{keyword} {condition}:")
            self.suite(s.then)
            if len(s.orelse) == 1 and isinstance(inner := s.orelse[0], n.If):
                condition = self.text(inner.condition)
                if not self.expressions.before:
                    s, keyword = inner, "elif"
                    continue
                self.expressions.before = []  # an elif has no room for them
                self.expressions.hoisted = 0
            if s.orelse:
                self.line("else:")
                self.suite(s.orelse)
            return

    def while_(self, s: n.While) -> None:
        condition = None if s.condition is None else self.expressions.in_place(s.condition, 0)
        self.line("while True:" if condition is None else f"while {condition}:")
        self.turns(s.body)

    def for_(self, s: n.For) -> None:
        names = ", ".join([self.expressions.variables[v] for v in s.vars]) or "_"
        iterables = ", ".join([self.text(x) for x in s.iterables])
        self.line(f"for {names} in {iterables}:" if len(s.iterables) == 1 else f"for {names} in zip({iterables}):")
        self.turns(s.body)
        if s.orelse:
            self.out.line("else:")
            self.suite(s.orelse)

    def turns(self, body: list[n.Stmt]) -> None:
        """Write the suite of a loop."""
        if body and isinstance(body[0], (n.Retry, n.Try)):
            # CPython up to 3.10 neither looks for signals nor lets other threads run before it enters a try
            self.out.line(f" {self.bound}")
        self.suite(body)

    def break_(self, _s: n.Break) -> None:
        self.line("break")

    def continue_(self, _s: n.Continue) -> None:
        self.line("continue")

    def return_(self, s: n.Return) -> None:
        if len(s.values) == 1:
            self.line(f"return {self.expressions.alone(s.values[0])}")
        else:
            self.line(f"return {', '.join([self.text(x, o.CONDITIONAL) for x in s.values])}" if s.values else "return")

    def unreachable(self, _s: n.Unreachable) -> None:
        self.line(f'raise {self.expressions.helper("Trap")}("unreachable")')


_SHORT = 160
"""Characters that a suite on one line may have."""


def _reads(x: n.Expr, variable: n.Variable) -> bool:
    """Whether an expression is the value of a variable, or of another one in the same local."""
    while isinstance(x, n.Wrap) and x.mode == n.NOTHING:
        x = x.x
    return isinstance(x, n.Get) and (x.var.home or x.var) is (variable.home or variable)


def _choice(x: n.Expr) -> n.Expr:
    """A variable plus a truth value is one of two numbers, of which one need not be computed."""
    if isinstance(x, n.Wrap):
        x = x.x
    if isinstance(x, n.Binary) and x.op == "+" and isinstance(x.a, n.Get) and isinstance(x.b, n.BoolInt):
        return n.Select(x.b.x, n.Binary("+", x.bits, x.a, n.Const(x.bits, 1)), x.a)
    return x


def _is_step(x: n.Expr) -> bool:
    """Whether a sum is a variable plus a small constant: a counter or pointer, which rarely takes two digits."""
    return (
        isinstance(x, n.Binary) and isinstance(x.a, n.Get) and isinstance(x.b, n.Const) and abs(x.b.value) < _SMALL_STEP
    )


_SMALL_STEP = 1 << 16


_HANDLERS: dict[type, Callable[..., None]] = {
    n.Assign: FunctionWriter.assign,
    n.AssignMany: FunctionWriter.assign_many,
    n.Round: FunctionWriter.round,
    n.GlobalSet: FunctionWriter.global_set,
    n.DropSegment: FunctionWriter.drop_segment,
    n.Eval: FunctionWriter.eval,
    n.Store: FunctionWriter.store,
    n.Put: FunctionWriter.put_object,
    n.Retry: FunctionWriter.retry,
    n.Call: FunctionWriter.call,
    n.TailCall: FunctionWriter.tail_call,
    n.Try: FunctionWriter.try_,
    n.Unpack: FunctionWriter.unpack,
    n.Throw: FunctionWriter.throw,
    n.ThrowRef: FunctionWriter.throw_ref,
    n.Reraise: FunctionWriter.reraise,
    n.If: FunctionWriter.if_,
    n.While: FunctionWriter.while_,
    n.For: FunctionWriter.for_,
    n.Break: FunctionWriter.break_,
    n.Continue: FunctionWriter.continue_,
    n.Return: FunctionWriter.return_,
    n.Unreachable: FunctionWriter.unreachable,
}
