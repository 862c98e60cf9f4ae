"""The IR as text, for people and for golden tests.

::

    func 3 (l0#0:u32) -> i32                 locals are l<local>#<web>, temporaries #<web>, with their form
      l1#4:u32 = 0
      loop L2 [l0#1 l1#4]                    carried variables
        l1#4 = u32:mask{0..2^33-2}(l1#4 + load.i:aligned(l0#1 + 8))
        if (l0#1 < 100){0..2^32-1, 100}      intervals of both sides; after % the known alignment
          br L2

A wrap shows its form and, once ranges are known, how it is carried out, with the interval of its operand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wasm2py.ir import nodes as n

_MODES = {
    n.MASK: "mask",
    n.TO_SIGNED: "to-signed",
    n.TO_UNSIGNED: "to-unsigned",
    n.WRAP_SIGNED: "signed",
    n.LATE: "late",
}


def dump(function: n.Function, *, ranges: bool = True) -> str:
    """The text of a function.

    :param ranges: show what the range analysis has found; before it has run, that is meaningless
    """
    return _Dump(ranges).function(function)


class _Dump:
    """Expressions as text; statements as indented lines."""

    def __init__(self, ranges: bool) -> None:
        self.ranges = ranges
        self.declared: set[n.Variable] = set()

    def function(self, f: n.Function) -> str:
        """A function with all its statements; nesting may be deeper than Python's stack."""
        params = ", ".join(map(self.target, f.params))
        results = f" -> {' '.join(map(str, f.results))}" if f.results else ""
        lines = [f"func {f.index} ({params}){results}"]
        open_suites: list[tuple[int, Iterator[n.Stmt | str]]] = [(1, iter(f.body))]
        while open_suites:
            depth, suite = open_suites[-1]
            item = next(suite, None)
            if item is None:
                open_suites.pop()
            elif isinstance(item, str):
                lines.append("  " * depth + item)
            else:
                head, inner = STATEMENTS[item.__class__](self, item)
                if head:
                    lines.append("  " * depth + head)
                if inner is not None:
                    open_suites.append((depth + 1, iter(inner)))
                    if isinstance(item, n.If) and item.orelse:
                        open_suites.insert(-1, (depth + 1, iter(item.orelse)))
                        open_suites.insert(-1, (depth, iter(["else"])))
                    elif isinstance(item, n.Try):
                        open_suites.insert(-1, (depth + 1, iter(item.handler)))
                        open_suites.insert(-1, (depth, iter(["catch all" if item.everything else "catch"])))
                    elif isinstance(item, n.Switch):
                        open_suites.pop()
                        for number in reversed(range(len(item.arms))):
                            open_suites.append((depth + 2, iter(item.arms[number])))
                            open_suites.append((depth + 1, iter([_arm(item, number)])))
        return "\n".join(lines) + "\n"

    # ------------------------------------------------------------------------------------------------------ statements

    def target(self, variable: n.Variable) -> str:
        """A variable that is assigned; its form follows where it is first seen."""
        variable = variable.find()
        if variable in self.declared:
            return _name(variable)
        self.declared.add(variable)
        form = str(variable.type)
        if self.ranges and n.is_int(variable.type):
            form = ("m" if variable.modular else "s" if variable.signed else "u") + form[1:]
        home = f"@{_name(variable.home)}" if variable.home else ""
        return f"{_name(variable)}:{form}{home}"

    def targets(self, variables: list[n.Variable]) -> str:
        """Several variables that are assigned."""
        return ", ".join(map(self.target, variables))

    def on_assign(self, s: n.Assign) -> _Line:
        return f"{self.target(s.var)} = {self.text(s.value)}", None

    def on_assign_many(self, s: n.AssignMany) -> _Line:
        return f"{self.targets(s.vars)} = {self.arguments(s.values)}", None

    def on_round(self, s: n.Round) -> _Line:
        target = "rounded" if s.var is None else self.target(s.var)
        return f"{target} = round({self.text(s.value)})", None

    def on_global_set(self, s: n.GlobalSet) -> _Line:
        return f"global {s.index} = {self.text(s.value)}", None

    def on_store(self, s: n.Store) -> _Line:
        mask = ("late " if s.tried else "mask ") if self.ranges and s.mask else ""
        return f"store{self.access(s)} = {mask}{self.text(s.value)}", None

    def on_put(self, s: n.Put) -> _Line:
        return f"{self.text(s.place)} = {self.text(s.value)}", None

    def on_call(self, s: n.Call | n.TailCall) -> _Line:
        if s.callee is None:
            callee = "reference"
        elif isinstance(s.callee, int):
            callee = f"func {s.callee}"
        else:
            callee = f"table {s.callee[0]} type {s.callee[1]}"
        if s.selector is not None:
            callee += f" [{self.text(s.selector)}]"
        before = "tail call"
        if isinstance(s, n.Call):
            before = f"{self.targets(s.results)} = call" if s.results else "call"
        return f"{before} {callee} ({self.arguments(s.args)})", None

    def on_drop_segment(self, s: n.DropSegment) -> _Line:
        return f"drop {self.text(s.segment)}", None

    def on_eval(self, s: n.Eval) -> _Line:
        return f"eval {self.text(s.value)}", None

    def on_block(self, s: n.Block) -> _Line:
        return f"block L{s.label.index}", s.body

    def on_loop(self, s: n.Loop) -> _Line:
        carried = dict.fromkeys(_name(v.find()) for v in s.carried)
        head = f"loop L{s.label.index} [{' '.join(carried)}]"
        if s.counting is not None:
            target = "" if s.counting.var is None else f"{_name(s.counting.var)} in "
            head += f" for {target}{self.text(s.counting.steps)}"
        return head, s.body

    def on_if(self, s: n.If) -> _Line:
        return f"if {self.text(s.condition)}", s.then

    def on_switch(self, s: n.Switch) -> _Line:
        return f"switch {self.text(s.index)}", []

    def on_br(self, s: n.Br) -> _Line:
        return f"br L{s.label.index}", None

    def on_return(self, s: n.Return) -> _Line:
        return f"return {self.arguments(s.values)}".rstrip(), None

    def on_unreachable(self, _s: n.Unreachable) -> _Line:
        return "unreachable", None

    def on_try(self, s: n.Try) -> _Line:
        return "try", s.body

    def on_retry(self, s: n.Retry) -> _Line:
        return "retry", s.body

    def on_unpack(self, s: n.Unpack) -> _Line:
        return f"{self.targets([*s.vars, *([s.reference] if s.reference else [])])} = exception", None

    def on_throw(self, s: n.Throw) -> _Line:
        return f"throw tag {s.tag} ({self.arguments(s.args)})", None

    def on_throw_ref(self, s: n.ThrowRef) -> _Line:
        return f"throw {self.text(s.value)}", None

    def on_reraise(self, _s: n.Reraise) -> _Line:
        return "reraise", None

    def on_while(self, s: n.While) -> _Line:
        return ("while" if s.condition is None else f"while {self.text(s.condition)}"), s.body

    def on_for(self, s: n.For) -> _Line:
        return f"for {self.targets(s.vars)} in {self.arguments(s.iterables)}", s.body

    def on_break(self, _s: n.Break) -> _Line:
        return "break", None

    def on_continue(self, _s: n.Continue) -> _Line:
        return "continue", None

    # ----------------------------------------------------------------------------------------------------- expressions

    def text(self, x: n.Expr) -> str:
        """An expression; operators stand in parentheses, whatever their precedence."""
        return EXPRESSIONS[x.__class__](self, x)

    def arguments(self, values: list[n.Expr]) -> str:
        """Several expressions."""
        return ", ".join(map(self.text, values))

    def on_const(self, x: n.Const) -> str:
        return _number(x.value)

    def on_float_const(self, x: n.FloatConst) -> str:
        return f"{x.type}:{x.pattern:#x}"

    def on_items(self, x: n.Items) -> str:
        view = f"items.{x.item.lower() if x.signed else x.item}"
        if x.start is None or x.count is None or x.step is None:
            return view
        return f"{view}[{self.text(x.start)} for {self.text(x.count)} by {self.text(x.step)}]"

    def on_steps(self, x: n.Steps) -> str:
        return f"range({self.arguments([x.start, x.stop, x.step])})"

    def on_null(self, _x: n.Null) -> str:
        return "null"

    def on_func_ref(self, x: n.FuncRef) -> str:
        return f"ref.func {x.func}"

    def on_get(self, x: n.Get) -> str:
        return _name(x.var.find())

    def on_global_get(self, x: n.GlobalGet) -> str:
        return f"global {x.index}"

    def on_vector_const(self, x: n.VectorConst) -> str:
        return f"v128:{x.value:#x}"

    def on_rounded(self, _x: n.Rounded) -> str:
        return "rounded"

    def on_lane(self, x: n.Lane) -> str:
        return f"lane{x.width}.{x.index}({self.text(x.vector)})"

    def on_binary(self, x: n.Binary) -> str:
        return f"({self.text(x.a)} {x.op} {self.text(x.b)})"

    def on_divide(self, x: n.Divide) -> str:
        floor = ":floor" if self.ranges and x.floor else ""
        return f"{x.op}{x.bits}_s{floor}({self.text(x.a)}, {self.text(x.b)})"

    def on_negate(self, x: n.Negate) -> str:
        return f"-{self.text(x.x)}"

    def on_extend(self, x: n.Extend) -> str:
        unneeded = ":nothing" if self.ranges and not x.needed else ""
        return f"extend{x.width}{unneeded}({self.text(x.x)})"

    def on_compare(self, x: n.Compare) -> str:
        text = f"({self.text(x.a)} {x.op} {self.text(x.b)})"
        left, right = x.ranges
        if not self.ranges or left is None or right is None:
            return text
        return f"{text}{{{_interval(left)}, {_interval(right)}}}"

    def on_not(self, x: n.Not) -> str:
        return f"not {self.text(x.x)}"

    def on_logic(self, x: n.Logic) -> str:
        return f"({self.text(x.a)} {x.op} {self.text(x.b)})"

    def on_bool_int(self, x: n.BoolInt) -> str:
        return f"int({self.text(x.x)})"

    def on_select(self, x: n.Select) -> str:
        return f"({self.text(x.condition)} ? {self.text(x.a)} : {self.text(x.b)})"

    def on_pick(self, x: n.Pick) -> str:
        return f"{list(x.values)}[{self.text(x.index)}] or {x.default}"

    def on_load(self, x: n.Load) -> str:
        return f"load{self.access(x)}"

    def access(self, x: n.Load | n.Store) -> str:
        """Item, memory, what is known, and the address."""
        item, known = x.item, ""
        if self.ranges:
            item = item.lower() if x.signed and item in "BHIQ" else item
            known = ":aligned" if x.aligned and x.width > 1 else ""
        if x.exact:
            known += ":exact"
        memory = f"@{x.memory}" if x.memory else ""
        offset = f" + {x.offset}" if x.offset else ""
        return f".{item}{memory}{known}[{self.text(x.address)}{offset}]"

    def on_divided(self, x: n.Divided) -> str:
        return f"({self.text(x.quotient)}, {self.text(x.rest)})"

    def on_apply(self, x: n.Apply) -> str:
        return f"{x.helper}({self.arguments(x.args)})"

    def on_runtime_type(self, x: n.RuntimeType) -> str:
        return f"type {x.index}"

    def on_instances(self, x: n.Instances) -> str:
        return f"instances {x.heap}{' or null' * x.nullable}"

    def on_new(self, x: n.New) -> str:
        return f"new {x.type_index}({self.arguments(x.args)})"

    def on_member(self, x: n.Member) -> str:
        return f"{self.text(x.object)}.{x.name}"

    def on_item(self, x: n.Item) -> str:
        return f"{self.text(x.array)}[{self.text(x.index)}]"

    def on_object_ref(self, x: n.ObjectRef) -> str:
        return f"{x.kind} {x.index}"

    def on_caught(self, x: n.Caught) -> str:
        return f"caught tag {x.tag}"

    def on_method(self, x: n.Method) -> str:
        return f"{self.text(x.target)} {x.name}({self.arguments(x.args)})"

    def on_wrap(self, x: n.Wrap) -> str:
        inner = self.text(x.x)
        form = f"{x.form}{x.bits}"
        if not self.ranges:
            return f"{form}({inner})"
        if x.mode == n.NOTHING:
            return inner
        span = f"{{{_interval((*x.span, 0))}}}" if x.form in "usve" else ""
        return f"{form}:{_MODES[x.mode]}{span}({inner})"


_Line = tuple[str, list[n.Stmt] | None]
"""The text of a statement, and the list inside it."""


def _arm(s: n.Switch, number: int) -> str:
    """The heading of an arm: its cases, in runs."""
    runs: list[str] = []
    start: int | None = None
    for case, arm in enumerate((*s.cases, -1)):
        if arm == number and start is None:
            start = case
        elif arm != number and start is not None:
            runs.append(str(start) if case == start + 1 else f"{start}-{case - 1}")
            start = None
    if s.default == number:
        runs.append("default")
    return f"case {' '.join(runs)}"


def _name(variable: n.Variable) -> str:
    return f"#{variable.index}" if variable.local is None else f"l{variable.local}#{variable.index}"


def _number(value: int) -> str:
    """A number; large ones as a sum of a power of two and a small number where they are one."""
    if -65536 < value < 65536:
        return str(value)
    sign, magnitude = ("-" if value < 0 else ""), abs(value)
    for power in (magnitude.bit_length() - 1, magnitude.bit_length()):
        rest = magnitude - (1 << power)
        if -100 < rest < 100:
            return f"{sign}2^{power}" if not rest else f"{sign}(2^{power}{rest:+})" if sign else f"2^{power}{rest:+}"
    return hex(value)


def _interval(interval: n.Range) -> str:
    low, high, zeros = interval
    if low == high:
        return _number(low)
    return f"{_number(low)}..{_number(high)}" + (f"%{1 << zeros}" if zeros else "")


STATEMENTS: dict[type, Callable[..., _Line]] = {
    n.Assign: _Dump.on_assign,
    n.AssignMany: _Dump.on_assign_many,
    n.Round: _Dump.on_round,
    n.GlobalSet: _Dump.on_global_set,
    n.Store: _Dump.on_store,
    n.Put: _Dump.on_put,
    n.Call: _Dump.on_call,
    n.DropSegment: _Dump.on_drop_segment,
    n.Eval: _Dump.on_eval,
    n.Block: _Dump.on_block,
    n.Loop: _Dump.on_loop,
    n.If: _Dump.on_if,
    n.Switch: _Dump.on_switch,
    n.Br: _Dump.on_br,
    n.Return: _Dump.on_return,
    n.TailCall: _Dump.on_call,
    n.Unreachable: _Dump.on_unreachable,
    n.Try: _Dump.on_try,
    n.Retry: _Dump.on_retry,
    n.Unpack: _Dump.on_unpack,
    n.Throw: _Dump.on_throw,
    n.ThrowRef: _Dump.on_throw_ref,
    n.Reraise: _Dump.on_reraise,
    n.While: _Dump.on_while,
    n.For: _Dump.on_for,
    n.Break: _Dump.on_break,
    n.Continue: _Dump.on_continue,
}
"""Text of statements by class."""

EXPRESSIONS: dict[type, Callable[..., str]] = {
    n.Const: _Dump.on_const,
    n.FloatConst: _Dump.on_float_const,
    n.VectorConst: _Dump.on_vector_const,
    n.Lane: _Dump.on_lane,
    n.Rounded: _Dump.on_rounded,
    n.Items: _Dump.on_items,
    n.Steps: _Dump.on_steps,
    n.Null: _Dump.on_null,
    n.FuncRef: _Dump.on_func_ref,
    n.Get: _Dump.on_get,
    n.GlobalGet: _Dump.on_global_get,
    n.Binary: _Dump.on_binary,
    n.Divide: _Dump.on_divide,
    n.Negate: _Dump.on_negate,
    n.Extend: _Dump.on_extend,
    n.Compare: _Dump.on_compare,
    n.Not: _Dump.on_not,
    n.Logic: _Dump.on_logic,
    n.BoolInt: _Dump.on_bool_int,
    n.Select: _Dump.on_select,
    n.Pick: _Dump.on_pick,
    n.Load: _Dump.on_load,
    n.Divided: _Dump.on_divided,
    n.Apply: _Dump.on_apply,
    n.RuntimeType: _Dump.on_runtime_type,
    n.Instances: _Dump.on_instances,
    n.New: _Dump.on_new,
    n.Member: _Dump.on_member,
    n.Item: _Dump.on_item,
    n.ObjectRef: _Dump.on_object_ref,
    n.Caught: _Dump.on_caught,
    n.Method: _Dump.on_method,
    n.Wrap: _Dump.on_wrap,
}
"""Text of expressions by class."""
