"""The IR: a structured tree of statements over expressions.

Integers are mathematical: ``Binary("+", …)`` is the exact sum, and every reduction to 32 or 64 bits is an explicit
:class:`Wrap`, whose ``mode`` :mod:`wasm2py.ir.ranges` sets (often to "nothing to do").  Control stays structured as in
Wasm: :class:`Block`, :class:`Loop`, :class:`If` and branches to :class:`Label` objects;
:mod:`wasm2py.ir.structure` then turns it into what Python has (the classes under "Python control").

Nodes are mutable, slotted and compared by identity: passes annotate them in place, because rebuilding a tree costs more
than analysing it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.wasm.types import I32, HeapType, NumType, RefType, ValType

# Effects of evaluating an expression, or-ed together.
READS_MEMORY = 1
READS_GLOBAL = 2
READS_TABLE = 4
TRAPS = 8


@dataclass(slots=True, eq=False)
class Variable:
    """A web: one live range of a Wasm local (or a temporary), which becomes one Python local.

    While the tree is built, each assignment makes a new variable; those that meet at a join are united
    (:meth:`find`), and the survivors are the webs.

    :ivar index: number that makes the Python name unique
    :ivar local: the Wasm local, or ``None`` for a temporary
    :ivar signed: whether integer values are kept in signed form
    :ivar votes: uses that want the signed form minus uses that want the unsigned form, weighted by loop depth
    :ivar exact: for f32: some use needs the bits of signalling NaNs
    :ivar noisy: for f32: some assignment may be a signalling NaN
    """

    index: int
    type: ValType
    local: int | None
    parent: Variable | None = None
    signed: bool = False
    votes: int = 0
    exact: bool = False
    noisy: bool = False

    def find(self) -> Variable:
        """The representative of this variable's web."""
        root = self
        while root.parent is not None:
            root = root.parent
        while self is not root:  # compress the path
            self.parent, self = root, self.parent
        return root

    def unite(self, other: Variable) -> None:
        """Make both one web; the smaller index survives, so that names do not depend on the order of unions."""
        one, two = self.find(), other.find()
        if one is two:
            return
        if two.index < one.index:
            one, two = two, one
        two.parent = one
        one.votes += two.votes
        one.exact |= two.exact
        one.noisy |= two.noisy


Range = tuple[int, int, int]
"""Smallest and largest value of an integer, and how many of its low bits are known to be zero."""


# ------------------------------------------------------------------------------------------------------- expressions


@dataclass(slots=True, eq=False)
class Expr:
    """Base of expressions.

    :ivar fx: effects, see above
    :ivar reads: bit set of the Wasm locals that it reads
    :ivar size: number of nodes
    :ivar type: of the value
    """

    fx: int = field(default=0, init=False)
    reads: int = field(default=0, init=False)
    size: int = field(default=1, init=False)
    type: ValType = field(default=I32, init=False)


@dataclass(slots=True, eq=False)
class Const(Expr):
    """An integer; ``value`` is congruent to the Wasm constant, and ranges may choose another representative."""

    bits: int
    value: int


@dataclass(slots=True, eq=False)
class FloatConst(Expr):
    """A float by its bits."""

    pattern: int


@dataclass(slots=True, eq=False)
class VectorConst(Expr):
    """A v128 as a number."""

    value: int


@dataclass(slots=True, eq=False)
class Lane(Expr):
    """One lane of a vector, as an unsigned integer of ``width`` bits."""

    vector: Expr
    width: int
    index: int


@dataclass(slots=True, eq=False)
class Null(Expr):
    """A null reference."""


@dataclass(slots=True, eq=False)
class FuncRef(Expr):
    """``ref.func``: the reference to a function of this module."""

    func: int


@dataclass(slots=True, eq=False)
class Get(Expr):
    """The value of a variable."""

    var: Variable


@dataclass(slots=True, eq=False)
class GlobalGet(Expr):
    """The value of a global."""

    index: int


@dataclass(slots=True, eq=False)
class Binary(Expr):
    """An infix operation: integers ``+ - * & | ^ << >> // %`` (exact), floats ``+ - *``.

    ``bits`` is 0 for floats, and for vectors, which are numbers of 128 bits.
    """

    op: str
    bits: int
    a: Expr
    b: Expr


@dataclass(slots=True, eq=False)
class Divide(Expr):
    """Signed integer division or remainder; ``floor`` means that both operands are known not to be negative."""

    op: str
    bits: int
    a: Expr
    b: Expr
    floor: bool = False


@dataclass(slots=True, eq=False)
class Negate(Expr):
    """A float with the opposite sign."""

    x: Expr


@dataclass(slots=True, eq=False)
class Extend(Expr):
    """Sign extension from the low ``width`` bits; ``needed`` is false where the value is in range already."""

    width: int
    bits: int
    x: Expr
    needed: bool = True


@dataclass(slots=True, eq=False)
class Compare(Expr):
    """A comparison, as a Python truth value; ``ranges`` are those of both sides, as last analysed."""

    op: str
    a: Expr
    b: Expr
    ranges: tuple[Range | None, Range | None] = (None, None)


@dataclass(slots=True, eq=False)
class Not(Expr):
    """The opposite truth value."""

    x: Expr


@dataclass(slots=True, eq=False)
class Logic(Expr):
    """``and`` or ``or`` of two truth values; the second is evaluated only if needed."""

    op: str
    a: Expr
    b: Expr


@dataclass(slots=True, eq=False)
class BoolInt(Expr):
    """A truth value as the integer 0 or 1."""

    x: Expr


@dataclass(slots=True, eq=False)
class Select(Expr):
    """One of two values; only the chosen one is evaluated."""

    condition: Expr
    a: Expr
    b: Expr


@dataclass(slots=True, eq=False)
class Pick(Expr):
    """``values[index]``, or ``default`` for an index past the end."""

    values: tuple[int, ...]
    index: Expr
    default: int


@dataclass(slots=True, eq=False)
class Load(Expr):
    """A memory access of ``size`` bytes at ``address + offset``.

    :ivar item: format of the item as in :mod:`struct`: B H I Q for integers, d f for floats; V for a vector
    :ivar flexible: the access has the full width of its type, so that signedness is free to choose
    :ivar signed: read the item as signed
    :ivar aligned: the address is known to be a multiple of the size, for a vector of 8
    :ivar exact: for f32: signalling NaNs must survive
    :ivar indexed: address and offset count items instead of bytes
    :ivar natural: the module says that the address is aligned; it may be wrong
    :ivar guess: the index of the item if it is right, to be tried first: see :class:`Retry`
    """

    item: str
    width: int
    memory: int
    address: Expr
    offset: int
    flexible: bool
    signed: bool = False
    aligned: bool = False
    exact: bool = False
    indexed: bool = False
    natural: bool = False
    guess: Expr | None = None


@dataclass(slots=True, eq=False)
class Items(Expr):
    """A view of a memory, or the slice of it that starts at an item and takes ``count`` of them, ``step`` apart.

    :ivar item: as in :class:`Load`, which ``signed`` belongs to
    """

    memory: int
    item: str
    signed: bool
    start: Expr | None
    count: Expr | None
    step: Expr | None


@dataclass(slots=True, eq=False)
class Steps(Expr):
    """``range(start, stop, step)``."""

    start: Expr
    stop: Expr
    step: Expr


@dataclass(slots=True, eq=False)
class Apply(Expr):
    """A call of a helper of the runtime.

    :ivar interval: range of an integer result
    :ivar noisy: an f32 result may be a signalling NaN
    """

    helper: str
    args: list[Expr]
    interval: tuple[int, int] | None
    noisy: bool = False


@dataclass(slots=True, eq=False)
class RuntimeType(Expr):
    """The runtime type (spec, section 4.2.1) of a type index."""

    index: int


@dataclass(slots=True, eq=False)
class Instances(Expr):
    """The classes of all values that a reference type other than to functions has.

    :ivar heap: a type index, or eq, i31, struct or array
    :ivar nullable: with the class of null
    """

    heap: HeapType
    nullable: bool


@dataclass(slots=True, eq=False)
class New(Expr):
    """A new structure with these fields, or the default ones if there are none, or a new array with these elements."""

    type_index: int
    args: list[Expr]


@dataclass(slots=True, eq=False)
class Member(Expr):
    """An attribute of a reference; an integer lies in ``interval``."""

    object: Expr
    name: str
    interval: tuple[int, int] | None


@dataclass(slots=True, eq=False)
class Item(Expr):
    """An element of an array; an integer lies in ``interval``.

    :ivar boxed: the elements are held in a list
    """

    array: Expr
    index: Expr
    interval: tuple[int, int] | None
    boxed: bool


@dataclass(slots=True, eq=False)
class ObjectRef(Expr):
    """A memory, table or segment of the instance; ``kind`` is memory, table, data or element."""

    kind: str
    index: int


@dataclass(slots=True, eq=False)
class Caught(Expr):
    """Whether the exception that a handler deals with has a tag; ``foreign`` where it may be one of the host."""

    tag: int
    foreign: bool


@dataclass(slots=True, eq=False)
class Method(Expr):
    """A method call on a memory or table; an integer result lies in ``interval``."""

    target: ObjectRef
    name: str
    args: list[Expr]
    interval: tuple[int, int] | None


# How a Wrap is carried out; ranges decides.
NOTHING = 0
MASK = 1  # & 0xFFFFFFFF
TO_SIGNED = 2  # from unsigned: subtract if the top bit is set
TO_UNSIGNED = 3  # from signed: add if negative
WRAP_SIGNED = 4  # from anything
LATE = 5  # nothing, but a mask when the statement is retried: see Retry


@dataclass(slots=True, eq=False)
class Wrap(Expr):
    """Brings an integer into the form that its consumer demands.

    :ivar span: smallest and largest value of the operand
    :ivar form: ``u`` unsigned, ``s`` signed, ``v`` the form of ``var``, ``e`` same form on both sides of a comparison,
        ``t`` zero exactly if congruent to zero, ``k`` a shift count
    """

    bits: int
    form: str
    x: Expr
    mode: int = WRAP_SIGNED
    var: Variable | None = None
    span: tuple[int, int] = (0, 0)


# -------------------------------------------------------------------------------------------------------- statements

Callee = int | tuple[int, int] | None
"""The index of a function of this module; a table and a type index; or ``None`` for a call through a reference."""


@dataclass(slots=True, eq=False)
class Stmt:
    """Base of statements; ``targets`` caches the labels that it branches to, as a bit set."""

    targets: int = field(default=-1, init=False)


@dataclass(slots=True, eq=False)
class Label:
    """The target of branches.

    :ivar index: unique number in the function
    :ivar kind: block, loop or func
    :ivar uses: number of branches to it
    :ivar results: variables that a branch assigns
    :ivar site: the list that ends with the latest branch to it
    :ivar site_loops: how many loops are open at that branch
    """

    index: int
    kind: str
    results: list[Variable]
    uses: int = 0
    site: list[Stmt] | None = None
    site_loops: int = 0


@dataclass(slots=True, eq=False)
class Assign(Stmt):
    """``var = value``."""

    var: Variable
    value: Expr


@dataclass(slots=True, eq=False)
class AssignMany(Stmt):
    """Several assignments at once: all values are computed first."""

    vars: list[Variable]
    values: list[Expr]


@dataclass(slots=True, eq=False)
class Round(Stmt):
    """``var = value`` rounded to f32."""

    var: Variable
    value: Expr


@dataclass(slots=True, eq=False)
class GlobalSet(Stmt):
    """Assignment to a global."""

    index: int
    value: Expr


@dataclass(slots=True, eq=False)
class Store(Stmt):
    """A memory write; fields as in :class:`Load`.

    :ivar exact: an f32 value may be a signalling NaN
    :ivar mask: an integer has to be cut to the width
    """

    item: str
    width: int
    memory: int
    address: Expr
    offset: int
    value: Expr
    signed: bool = False
    aligned: bool = False
    exact: bool = False
    indexed: bool = False
    mask: bool = False
    natural: bool = False
    guess: Expr | None = None


@dataclass(slots=True, eq=False)
class Retry(Stmt):
    """``body``, straight code; if an access fails, once more with late addresses wrapped and without guesses."""

    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Put(Stmt):
    """Assignment to a field or element."""

    place: Member | Item
    value: Expr


@dataclass(slots=True, eq=False)
class Call(Stmt):
    """A call.

    :ivar selector: the index in the table, or the function reference
    """

    results: list[Variable]
    callee: Callee
    selector: Expr | None
    args: list[Expr]


@dataclass(slots=True, eq=False)
class DropSegment(Stmt):
    """``data.drop`` or ``elem.drop``: the segment becomes empty."""

    segment: ObjectRef


@dataclass(slots=True, eq=False)
class Eval(Stmt):
    """Evaluate for the effects."""

    value: Expr


@dataclass(slots=True, eq=False)
class Block(Stmt):
    """``body``; branches to ``label`` go behind it."""

    label: Label
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Loop(Stmt):
    """``body`` repeated by branches to ``label``; control never falls out of its end.

    ``carried`` are the webs that are live at the label and assigned in the body.
    """

    label: Label
    body: list[Stmt]
    carried: list[Variable]


@dataclass(slots=True, eq=False)
class If(Stmt):
    """Two-way choice on a truth value."""

    condition: Expr
    then: list[Stmt]
    orelse: list[Stmt]


@dataclass(slots=True, eq=False)
class Switch(Stmt):
    """``br_table``: case ``i`` goes to ``arms[cases[i]]``, others to ``arms[default]``; no arm falls through."""

    index: Expr
    cases: tuple[int, ...]
    default: int
    arms: list[list[Stmt]]


@dataclass(slots=True, eq=False)
class Br(Stmt):
    """Jump to a label; the last statement of its list."""

    label: Label


@dataclass(slots=True, eq=False)
class Return(Stmt):
    """Leave the function."""

    values: list[Expr]


@dataclass(slots=True, eq=False)
class TailCall(Stmt):
    """Leave the function by calling another one in its place; fields as in :class:`Call`."""

    callee: Callee
    selector: Expr | None
    args: list[Expr]


@dataclass(slots=True, eq=False)
class Unreachable(Stmt):
    """Trap."""


@dataclass(slots=True, eq=False)
class Try(Stmt):
    """``body``, and ``handler`` for the exceptions that it throws.

    A handler is a sequence of choices by :class:`Caught` without an else, whose arms leave it, and at its end what is
    done with all other exceptions: ``everything`` if it takes them, or :class:`Reraise`.
    """

    body: list[Stmt]
    handler: list[Stmt]
    everything: bool


@dataclass(slots=True, eq=False)
class Unpack(Stmt):
    """What a handler takes from the exception: its values, or a reference to it as well."""

    vars: list[Variable]
    reference: Variable | None = None


@dataclass(slots=True, eq=False)
class Throw(Stmt):
    """Throw a new exception."""

    tag: int
    args: list[Expr]


@dataclass(slots=True, eq=False)
class ThrowRef(Stmt):
    """Throw the exception that a reference denotes."""

    value: Expr


@dataclass(slots=True, eq=False)
class Reraise(Stmt):
    """At the end of a handler: go on with the exception."""


# ---------------------------------------------------------------------------------------------------- Python control


@dataclass(slots=True, eq=False)
class While(Stmt):
    """``while condition:``, or ``while True:`` without one."""

    condition: Expr | None
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class For(Stmt):
    """``for vars in zip(iterables):``, or over a single iterable; no branch leaves the body."""

    vars: list[Variable]
    iterables: list[Expr]
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Break(Stmt):
    """``break``."""


@dataclass(slots=True, eq=False)
class Continue(Stmt):
    """``continue``."""


@dataclass(slots=True, eq=False)
class Function:
    """A function in IR.

    :ivar index: in the module's index space
    :ivar params: raw parameters, unsigned
    :ivar results: result types
    :ivar offset: of the body in the binary
    :ivar next_index: number of the next temporary, 0 before the first
    """

    index: int
    params: list[Variable]
    results: tuple[ValType, ...]
    body: list[Stmt]
    offset: int
    variables: list[Variable]
    labels: int
    next_index: int = 0

    def temporary(self, type_: ValType = I32) -> Variable:
        """A new variable of its own."""
        if not self.next_index:
            self.next_index = max((v.index for v in self.variables), default=-1) + 1
        variable = Variable(self.next_index, type_, None)
        self.variables.append(variable)
        self.next_index += 1
        return variable


def is_int(type_: ValType) -> bool:
    """Whether values of the type are integers with modular arithmetic."""
    return isinstance(type_, NumType) and type_.name in ("i32", "i64")


def is_ref(type_: ValType) -> bool:
    """Whether values of the type are references."""
    return isinstance(type_, RefType)
