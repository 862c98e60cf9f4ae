"""Variables, and what is known of their values."""

from __future__ import annotations

from dataclasses import dataclass

from wasm2py.wasm.types import I32, I64, RefType, ValType

Range = tuple[int, int, int]
"""Smallest and largest value of an integer, and how many of its low bits are known to be zero."""


@dataclass(slots=True, eq=False)
class Variable:
    """A web: one live range of a Wasm local (or a temporary), which becomes one Python local or shares one.

    While the tree is built, each assignment makes a new variable; those that meet at a join are united
    (:meth:`find`), and the survivors are the webs.

    :ivar index: number that makes the Python name unique
    :ivar local: the Wasm local, or ``None`` for a temporary
    :ivar signed: whether integer values are kept in signed form
    :ivar votes: uses that want the signed form minus uses that want the unsigned form, weighted by loop depth
    :ivar exact: for f32: some use needs the bits of signalling NaNs
    :ivar noisy: for f32: some assignment may be a signalling NaN
    :ivar precise: for integers: some use needs a form, or is in a loop that the assignment is not in, or versions have
        been united
    :ivar loops: how many loops are around its assignment
    :ivar modular: holds a number that is only congruent to the value, within this range; ``None`` if it is in form
    :ivar home: the variable whose Python local it lives in, if that is not its own
    """

    index: int
    type: ValType
    local: int | None
    parent: Variable | None = None
    signed: bool = False
    votes: int = 0
    exact: bool = False
    noisy: bool = False
    precise: bool = False
    loops: int = 0
    modular: Range | None = None
    home: Variable | None = None

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
        one.precise = True


def is_int(type_: ValType) -> bool:
    """Whether values of the type are integers with modular arithmetic."""
    return type_ is I32 or type_ is I64


def is_ref(type_: ValType) -> bool:
    """Whether values of the type are references."""
    return isinstance(type_, RefType)
