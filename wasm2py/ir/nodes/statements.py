"""Statements: those of Wasm, and those with Python's control."""

from __future__ import annotations

from dataclasses import dataclass, field

from wasm2py.ir.nodes.expressions import Expr, Item, Member, ObjectRef, Steps
from wasm2py.ir.nodes.variables import Variable

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
    """``var = value`` rounded to f32; without a variable, the next statement takes it as :class:`Rounded`."""

    var: Variable | None
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
    :ivar span: smallest and largest value of such an integer
    :ivar tried: but it is tried as it is first, as an item that is ``signed`` or not: see :class:`Retry`
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
    span: tuple[int, int] = (0, 0)
    tried: bool = False
    natural: bool = False


@dataclass(slots=True, eq=False)
class Retry(Stmt):
    """``body``, straight code; if an access fails, once more with late addresses and values wrapped."""

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
    :ivar signed: for each result, whether it arrives in signed form
    """

    results: list[Variable]
    callee: Callee
    selector: Expr | None
    args: list[Expr]
    signed: list[bool]


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

    :ivar carried: the webs that are live at the label and assigned in the body
    :ivar most: how many turns it takes at most from the start of what it counts to the bound, if that is known; a
        counter that starts at the bound may go on until it has wrapped around
    :ivar proven: what it counts starts before the bound and goes there without stepping over it or wrapping around,
        unless the loop is left in another way
    :ivar rare: another version beside it takes its turns where they are many
    :ivar counting: how Python's ``for`` does what it does
    """

    label: Label
    body: list[Stmt]
    carried: list[Variable]
    most: int | None = None
    proven: bool = False
    rare: bool = False
    counting: Counting | None = None


@dataclass(slots=True, eq=False)
class Counting:
    """How a loop is ``for var in steps``; the tree keeps its steps and its test.

    :ivar var: the variable that is counted, or ``None`` where turns are counted only
    :ivar turns: the statements of a turn
    :ivar starts: some of the ``NEAR`` statements before the loop, all plain, that are left out
    :ivar rest: the statements behind the last turn, where the loop is not left in another way
    :ivar idle: the assignments in the loop that the range makes up for
    """

    var: Variable | None
    steps: Steps
    turns: list[Stmt]
    starts: list[Assign]
    rest: list[Stmt]
    idle: list[Assign]


NEAR = 8
"""So close to a loop its counter has to start, that looking for it takes no time."""


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
    """``for vars in zip(iterables):``, or over a single iterable, whose items nothing may take.

    Before there is Python control, no branch leaves the body.

    :ivar orelse: statements behind the last turn, where no ``break`` ends the loop
    """

    vars: list[Variable]
    iterables: list[Expr]
    body: list[Stmt]
    orelse: list[Stmt] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Break(Stmt):
    """``break``."""


@dataclass(slots=True, eq=False)
class Continue(Stmt):
    """``continue``."""
