"""Expressions: they have a value and, at most, trap."""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir.nodes.variables import Range, Variable
from wasm2py.wasm.types import I32, ValType

# Effects of evaluating an expression, or-ed together.
READS_MEMORY = 1
READS_GLOBAL = 2
READS_TABLE = 4
TRAPS = 8
EFFECTS = READS_MEMORY | READS_GLOBAL | READS_TABLE | TRAPS


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

    :ivar bits: 0 for floats, and for vectors, which are numbers of 128 bits
    :ivar idle: an ``&`` with a constant keeps all bits that the other operand can have
    """

    op: str
    bits: int
    a: Expr
    b: Expr
    idle: bool = False


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


@dataclass(slots=True, eq=False)
class Divided(Expr):
    """The address of an access, divided by the width of its item: what is left over, and how often it goes into it."""

    rest: Expr
    quotient: Expr


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
class Rounded(Expr):
    """What the statement before has rounded to f32."""


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

    heap: int | str
    nullable: bool


@dataclass(slots=True, eq=False)
class New(Expr):
    """A new structure with these fields, or the default ones if there are none, or a new array with these elements.

    Where the type has a descriptor, that of the structure is the last argument.
    """

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
LATE = 5  # a mask where it stands, but nothing at the first attempt of two: see Retry


@dataclass(slots=True, eq=False)
class Wrap(Expr):
    """Brings an integer into the form that its consumer demands.

    :ivar span: smallest and largest value of the operand
    :ivar form: ``u`` unsigned, ``s`` signed, ``v`` the form of ``var``, ``e`` same form on both sides of a comparison,
        ``t`` zero exactly if congruent to zero, ``k`` a shift count, ``r`` a result that no caller needs a form of
    """

    bits: int
    form: str
    x: Expr
    mode: int = WRAP_SIGNED
    var: Variable | None = None
    span: tuple[int, int] = (0, 0)
